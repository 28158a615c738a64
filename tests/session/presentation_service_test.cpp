#include "session/presentation_service.h"

#include "dicom/data/dicom_pixel_source.h"
#include "dicom/net/report_client.h"
#include "dicom/net/ups_client.h"
#include "dicom/presentation/presentation_object_encoder.h"
#include "fake_platform.h"
#include "sample_objects.h"
#include "session/delivery_service.h"
#include "session/site.h"
#include "storage/desk_store.h"
#include "support/fake_clock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace yz::test;

/// What a reader makes of the pictures: in the study on this desk at once, on the platform by the outbox, and never in
/// the way of a report.
class PresentationServiceTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    FakeClock m_clock;
    RandomUidSource m_uids;
    std::unique_ptr<FakePlatform> m_platform;
    std::unique_ptr<DeskStore> m_desk;
    std::unique_ptr<DicomReportClient> m_sink;
    std::unique_ptr<DicomWorklistClient> m_worklist;
    std::unique_ptr<DeliveryService> m_delivery;
    std::unique_ptr<PresentationService> m_service;
    DicomPixelSource m_pixels;
    DicomPresentationEncoder m_writer;
    Site m_site;
    User m_user;
    StudyUid m_study;
    ReferencedFrames m_image;

    static PresentationState state() {
        PresentationState state;
        state.description = QStringLiteral("右肺结节");
        state.presentationLutShape = QStringLiteral("IDENTITY");
        DisplayedArea area;
        area.right = area.bottom = 16;
        state.areas = {area};
        return state;
    }
    void connectDesk() {
        m_sink = std::make_unique<DicomReportClient>(m_platform->settings(), nullptr);
        m_worklist = std::make_unique<DicomWorklistClient>(m_platform->settings(), m_clock);
        m_delivery = std::make_unique<DeliveryService>(*m_desk, *m_worklist, *m_sink, m_clock, m_uids,
                                                       QStringLiteral("DESK1"), std::chrono::milliseconds(700));
    }
    /// The object as anybody would receive it, in a file.
    [[nodiscard]] QString received(const InstanceRecord& instance) const {
        QFile file(m_folder->filePath(instance.instance.value()));
        const QByteArray bytes = m_desk->vault().read(m_study, instance.instance).value();
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName() : QString();
    }
    [[nodiscard]] OutboxItem item() const { return m_desk->outbox().all().value().at(0); }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_platform = std::make_unique<FakePlatform>();
        m_desk = DeskStore::open(m_folder->filePath(QStringLiteral("desk")), m_clock).value();
        m_service = std::make_unique<PresentationService>(*m_desk, m_pixels, m_writer, m_clock, m_uids, m_site);
        m_user.id = UserId(QStringLiteral("u1"));
        m_user.displayName = QStringLiteral("张伟");
        m_user.hospital = QStringLiteral("青川县人民医院");
        // One picture of the study is here; the platform has two.
        const SampleObject picture;
        Result<DataSetHeader> header = m_pixels.readHeader(part10(picture));
        QVERIFY(header);
        m_study = header->study.study;
        header->instance.path = m_desk->vault().put(m_study, header->instance.instance, part10(picture)).value();
        QVERIFY(m_desk->studies().add(*header));
        QVERIFY(m_desk->studies().setExpectedCount(m_study, 2));
        m_image = {header->instance.series, {header->instance.sopClass, header->instance.instance}, {}};
    }
    void cleanup() {
        m_delivery.reset();
        m_sink.reset();
        m_worklist.reset();
        m_service.reset();
        m_desk.reset();
        m_platform.reset();
    }

    void aStateIsInTheStudyAndGoesOut() {
        const Result<DataSetHeader> kept = m_service->savePresentation(m_study, state(), {m_image}, m_user);
        QVERIFY2(kept, kept ? "" : qPrintable(kept.error().toString()));
        const Result<PresentationStatePtr> read = m_pixels.presentationState(received(kept->instance));
        QVERIFY(read);
        QCOMPARE((*read)->label, QStringLiteral("READING 1"));
        QCOMPARE((*read)->description, QStringLiteral("右肺结节"));
        QCOMPARE((*read)->creator, QStringLiteral("张伟"));
        QVERIFY((*read)->covers(m_image.object.instance, 0));
        const StudyRecord record = m_desk->studies().study(m_study).value();
        QCOMPARE(record.series.size(), size_t{2});
        // Half of the study is missing as before.
        const auto completeness = m_desk->studies().completeness(m_study).value();
        QVERIFY(!completeness.isComplete());
        QCOMPARE(completeness.have, 2);
        QCOMPARE(item().kind, OutboxItem::Kind::StoreObjects);

        connectDesk();
        const auto outcome = m_delivery->deliverNext({});
        QVERIFY(outcome && *outcome);
        QVERIFY2(!(*outcome)->problem, qPrintable((*outcome)->problem.value_or(Error{}).toString()));
        QCOMPARE(item().state, OutboxItem::State::Delivered);
        QCOMPARE(m_platform->storedCount(kept->instance.instance.value()), 1);
        QVERIFY(!m_delivery->deliverNext({}).value());
        QVERIFY(m_desk->audit().verifyChain());
    }
    void keyImagesNameTheStateTheyWereShownUnder() {
        const Result<DataSetHeader> shown = m_service->savePresentation(m_study, state(), {m_image}, m_user);
        QVERIFY(shown);
        KeyObjectSelection selection;
        selection.items = {{m_image, shown->instance.instance}};
        const Result<DataSetHeader> kept = m_service->saveKeyObjects(m_study, selection, m_user);
        QVERIFY2(kept, kept ? "" : qPrintable(kept.error().toString()));
        const Result<KeyObjectSelectionPtr> read = m_pixels.keyObjects(received(kept->instance));
        QVERIFY(read);
        QVERIFY((*read)->items == selection.items);
        connectDesk();
        for (int i = 0; i < 2; ++i) {
            const auto outcome = m_delivery->deliverNext({});
            QVERIFY(outcome && *outcome && !(*outcome)->problem);
        }
        QCOMPARE(m_platform->storedCount(), 2);
    }
    void aPlatformThatTakesNoneHoldsNothingBack() {
        m_platform->refuseContexts(kGrayscaleStateClass.value());
        QVERIFY(m_service->savePresentation(m_study, state(), {m_image}, m_user));
        OutboxItem next;
        next.kind = OutboxItem::Kind::CancelTask;
        next.study = m_study;
        next.task = WorkitemUid(QStringLiteral("1.2.3"));
        QVERIFY(m_desk->outbox().add(next));
        connectDesk();
        auto outcome = m_delivery->deliverNext({});
        QVERIFY(outcome && *outcome);
        QCOMPARE((*outcome)->state, OutboxItem::State::Parked); // a person should know; it would never be taken
        QCOMPARE((*outcome)->problem->code, ErrorCode::PresentationContextRefused);
        outcome = m_delivery->deliverNext({});
        QVERIFY(outcome && *outcome); // the next of the study goes on
        QCOMPARE((*outcome)->item.kind, OutboxItem::Kind::CancelTask);
    }
    void aFullPlatformIsAskedAgain() {
        QVERIFY(m_service->savePresentation(m_study, state(), {m_image}, m_user));
        m_platform->force(QStringLiteral("C-STORE"), 0xA700);
        connectDesk();
        auto outcome = m_delivery->deliverNext({});
        QVERIFY(outcome && *outcome);
        QCOMPARE((*outcome)->state, OutboxItem::State::Queued);
        m_platform->unforce();
        m_clock.advance(DeliveryService::backoff(0));
        outcome = m_delivery->deliverNext({});
        QVERIFY(outcome && *outcome && !(*outcome)->problem);
        QCOMPARE(m_platform->storedCount(), 1);
    }
    void anUnknownStudyIsRefused() {
        QCOMPARE(
            m_service->savePresentation(StudyUid(QStringLiteral("1.2.99")), state(), {m_image}, m_user).error().code,
            ErrorCode::NotFound);
        QVERIFY(m_desk->outbox().all().value().empty());
    }
};

QTEST_GUILESS_MAIN(PresentationServiceTest)
#include "presentation_service_test.moc"
