#include "dicom_tool.h"
#include "dimse_scu.h"
#include "event_collector.h"
#include "platform_fixture.h"
#include "postgres_server.h"

#include <dcmtk/dcmdata/dctk.h>

#include <QDir>
#include <QFile>
#include <QtTest>
#include <mutex>
#include <thread>

using namespace yz;
using namespace yz::test;

namespace {

QString text(DcmItem& item, const DcmTagKey& tag) {
    OFString value;
    item.findAndGetOFStringArray(tag, value);
    return QString::fromUtf8(value.c_str());
}

DcmItem* item(DcmItem& holder, const DcmTagKey& sequence, int index = 0) {
    DcmItem* found = nullptr;
    return holder.findAndGetSequenceItem(sequence, found, index).good() ? found : nullptr;
}

void put(DcmItem& target, const DcmTagKey& tag, const QString& value) {
    target.putAndInsertString(tag, value.toUtf8().constData());
}

/// What a reader's workstation writes before it completes a reading.
void putPerformed(DcmDataset& modifications, const QString& transactionUid, const QString& name,
                  const QString& studyUid, const QString& report) {
    put(modifications, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    put(modifications, DCM_TransactionUID, transactionUid);
    DcmItem* performed = nullptr;
    modifications.findOrCreateSequenceItem(DCM_UnifiedProcedureStepPerformedProcedureSequence, performed, -2);
    DcmItem* person = nullptr;
    performed->findOrCreateSequenceItem(DCM_ActualHumanPerformersSequence, person, -2);
    put(*person, DCM_HumanPerformerName, name);
    DcmItem* code = nullptr;
    performed->findOrCreateSequenceItem(DCM_PerformedWorkitemCodeSequence, code, -2);
    put(*code, DCM_CodeValue, QStringLiteral("READ"));
    put(*code, DCM_CodingSchemeDesignator, QStringLiteral("99YZ"));
    put(*performed, DCM_PerformedProcedureStepStartDateTime, QStringLiteral("20260302010000+0000"));
    put(*performed, DCM_PerformedProcedureStepEndDateTime, QStringLiteral("20260302020000+0000"));
    if (report.isEmpty()) {
        performed->insertEmptyElement(DCM_OutputInformationSequence);
        return;
    }
    DcmItem* output = nullptr;
    performed->findOrCreateSequenceItem(DCM_OutputInformationSequence, output, -2);
    put(*output, DCM_TypeOfInstances, QStringLiteral("DICOM"));
    put(*output, DCM_StudyInstanceUID, studyUid);
    put(*output, DCM_SeriesInstanceUID, studyUid + QStringLiteral(".900"));
    DcmItem* object = nullptr;
    output->findOrCreateSequenceItem(DCM_ReferencedSOPSequence, object, -2);
    put(*object, DCM_ReferencedSOPClassUID, QStringLiteral(UID_EnhancedSRStorage));
    put(*object, DCM_ReferencedSOPInstanceUID, report);
}

} // namespace

class WorklistTest final : public QObject {
    Q_OBJECT

    std::unique_ptr<PlatformFixture> m_platform;
    QString m_study;
    bool m_isCenter;
    std::unique_ptr<PostgresServer> m_postgres;

    void upload(const QString& study, const QString& date = QStringLiteral("20260301"),
                const QString& folder = QStringLiteral("up")) {
        const QString target = m_platform->folder() + u'/' + folder;
        QDir().mkpath(target);
        SampleInstance sample;
        sample.studyUid = study;
        sample.seriesUid = study + QStringLiteral(".1");
        sample.instanceUid = study + QStringLiteral(".1.1");
        sample.studyDate = date;
        sample.characterSet = "GB18030";
        sample.patientName = "WANG^XIAOMING=" + QByteArray::fromHex("cdf55ed0a1c3f7");
        sample.studyDescription = QByteArray::fromHex("d0d8b2bf43540a").left(6); // 胸部CT
        writeInstance(target + u'/' + study + QStringLiteral(".dcm"), sample);
    }
    [[nodiscard]] static QString shortUid() { return newUid().left(44); }

    struct Held {
        QString uid, transaction;
    };
    /// The only scheduled item of a kind, claimed.
    Held claim(const QString& kind) {
        for (const PlatformFixture::Item& found : m_platform->workitems())
            if (found.state == u"SCHEDULED" && found.kind == kind) {
                DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
                const Held held{found.uid, newUid()};
                return scu.changeState(held.uid, "IN PROGRESS", held.transaction) == 0 ? held : Held();
            }
        return {};
    }
    int finish(const Held& held, const char* state, const QString& report,
               const QString& name = QStringLiteral("=王医生"), const QString& reason = {}) {
        DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
        DcmDataset modifications;
        putPerformed(modifications, held.transaction, name, m_study, report);
        if (!reason.isEmpty()) {
            DcmItem* progress = nullptr;
            modifications.findOrCreateSequenceItem(DCM_ProcedureStepProgressInformationSequence, progress, -2);
            put(*progress, DCM_ReasonForCancellation, reason);
        }
        const int set = scu.set(DimseScu::upsPull(), held.uid, modifications).status;
        return set != 0 ? set : scu.changeState(held.uid, state, held.transaction);
    }
    std::unique_ptr<DcmDataset> get(const QString& uid, const std::vector<DcmTagKey>& tags = {}) {
        DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
        return std::move(scu.get(DimseScu::upsPull(), uid, tags).dataSet);
    }

public:
    explicit WorklistTest(bool isCenter) : m_isCenter(isCenter) {}

private Q_SLOTS:
    void initTestCase() {
        if (!m_isCenter)
            return;
        if (const QString missing = PostgresServer::missing(); !missing.isEmpty())
            QSKIP(qPrintable(missing));
        m_postgres = std::make_unique<PostgresServer>();
        QVERIFY(m_postgres->start());
    }
    void init() {
        m_platform = std::make_unique<PlatformFixture>();
        if (m_isCenter)
            m_platform->options.database = m_postgres->makeDatabase();
        m_study = shortUid();
        m_platform->options.watchFolder = m_platform->folder() + QStringLiteral("/up");
        upload(m_study);
        m_platform->start();
        QVERIFY(m_platform->waitForWorkitems(1));
    }
    void cleanup() { m_platform.reset(); }

    void taskSaysWhatTheDataSetsSay() {
        const PlatformFixture::Item found = m_platform->workitems().at(0);
        QCOMPARE(found.kind, QStringLiteral("READ"));
        QCOMPARE(found.studyUid, m_study);
        const auto task = get(found.uid);
        QVERIFY(task != nullptr);
        QCOMPARE(text(*task, DCM_SpecificCharacterSet), QStringLiteral("ISO_IR 192"));
        QCOMPARE(text(*task, DCM_SOPClassUID), QStringLiteral(UID_UnifiedProcedureStepPushSOPClass));
        QCOMPARE(text(*task, DCM_PatientName), QStringLiteral("WANG^XIAOMING=王^小明"));
        QCOMPARE(text(*task, DCM_PatientID), QStringLiteral("P1"));
        QCOMPARE(text(*task, DCM_ProcedureStepLabel), QStringLiteral("胸部CT"));
        QCOMPARE(text(*task, DCM_Modality), QStringLiteral("CT"));
        QCOMPARE(text(*task, DCM_BodyPartExamined), QStringLiteral("CHEST"));
        QCOMPARE(text(*task, DCM_ScheduledProcedureStepPriority), QStringLiteral("LOW"));
        QCOMPARE(text(*task, DCM_InputReadinessState), QStringLiteral("READY"));
        QVERIFY(text(*task, DCM_ScheduledProcedureStepStartDateTime).endsWith(u"+0000"));
        DcmItem* request = item(*task, DCM_ReferencedRequestSequence);
        QVERIFY(request != nullptr);
        QCOMPARE(text(*request, DCM_AccessionNumber), QStringLiteral("A1"));
        QCOMPARE(text(*request, DCM_InstitutionName), QStringLiteral("Township A"));
        DcmItem* input = item(*task, DCM_InputInformationSequence);
        QCOMPARE(text(*input, DCM_StudyInstanceUID), m_study);
        // Asked for single attributes, it gives those; the lock never leaves.
        const auto some = get(found.uid, {DCM_PatientID, DCM_TransactionUID});
        QVERIFY(some->tagExists(DCM_PatientID));
        QVERIFY(!some->tagExists(DCM_TransactionUID));
        QVERIFY(!some->tagExists(DCM_PatientName));
    }

    void queryMatches() {
        DimseScu scu(m_platform->port(), {DimseScu::upsPull(), QStringLiteral(UID_UnifiedProcedureStepQuerySOPClass)});
        const auto count = [&](const std::function<void(DcmDataset&)>& fill,
                               const QString& context = DimseScu::upsPull()) {
            DcmDataset keys;
            put(keys, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
            fill(keys);
            return scu.find(context, keys).size();
        };
        QCOMPARE(count([](DcmDataset& k) { put(k, DCM_ProcedureStepState, QStringLiteral("SCHEDULED")); }), size_t(1));
        QCOMPARE(count([](DcmDataset& k) { put(k, DCM_ProcedureStepState, QStringLiteral("SCHEDULED")); },
                       QStringLiteral(UID_UnifiedProcedureStepQuerySOPClass)),
                 size_t(1));
        QCOMPARE(count([](DcmDataset& k) { put(k, DCM_ProcedureStepState, QStringLiteral("COMPLETED")); }), size_t(0));
        QCOMPARE(count([](DcmDataset& k) { put(k, DCM_PatientName, QStringLiteral("王*")); }), size_t(1));
        QCOMPARE(count([](DcmDataset& k) { put(k, DCM_PatientName, QStringLiteral("李*")); }), size_t(0));
        QCOMPARE(count([](DcmDataset& k) { put(k, DCM_ScheduledProcedureStepPriority, QStringLiteral("HIGH")); }),
                 size_t(0));
        const auto accession = [](const QString& value) {
            return [value](DcmDataset& k) {
                DcmItem* request = nullptr;
                k.findOrCreateSequenceItem(DCM_ReferencedRequestSequence, request, -2);
                put(*request, DCM_AccessionNumber, value);
            };
        };
        QCOMPARE(count(accession(QStringLiteral("A1"))), size_t(1));
        QCOMPARE(count(accession(QStringLiteral("A2"))), size_t(0));
        const QString now = QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd");
        QCOMPARE(count([&](DcmDataset& k) {
                     put(k, DCM_ScheduledProcedureStepStartDateTime, now + QStringLiteral("000000+0000-"));
                 }),
                 size_t(1));
        QCOMPARE(count([](DcmDataset& k) {
                     put(k, DCM_ScheduledProcedureStepStartDateTime, QStringLiteral("-20200101000000+0000"));
                 }),
                 size_t(0));
    }

    void oneOfEightClaims() {
        const QString uid = m_platform->workitems().at(0).uid;
        std::array<int, 8> status{};
        std::array<QString, 8> transactions;
        std::vector<std::thread> threads;
        for (size_t i = 0; i < status.size(); ++i) {
            transactions[i] = newUid();
            threads.emplace_back([&, i] {
                DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
                status[i] = scu.changeState(uid, "IN PROGRESS", transactions[i]);
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(std::count(status.begin(), status.end(), 0), 1);
        QCOMPARE(std::count(status.begin(), status.end(), 0xC302), 7);
        // The winner repeats its claim (its answer was lost): still its own.
        const auto winner = size_t(std::find(status.begin(), status.end(), 0) - status.begin());
        DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
        QCOMPARE(scu.changeState(uid, "IN PROGRESS", transactions[winner]), 0);
        QCOMPARE(scu.changeState(uid, "IN PROGRESS", newUid()), 0xC302);
    }

    void tableOfStates() {
        DimseScu scu(m_platform->port(), {DimseScu::upsPull(), DimseScu::upsPush()});
        const QString uid = m_platform->workitems().at(0).uid;
        const QString ours = newUid();
        QCOMPARE(scu.changeState(QStringLiteral("1.2.3"), "IN PROGRESS", ours), 0xC307);
        QCOMPARE(scu.changeState(uid, "IN PROGRESS", QString()), 0xC301);
        QCOMPARE(scu.changeState(uid, "SCHEDULED", ours), 0xC303);
        QCOMPARE(scu.changeState(uid, "COMPLETED", ours), 0xC310);
        QCOMPARE(scu.changeState(uid, "CANCELED", ours), 0xC310);
        QCOMPARE(scu.changeState(uid, "SLEEPING", ours), 0x0115);
        QCOMPARE(scu.changeState(uid, "IN PROGRESS", ours), 0);
        QCOMPARE(scu.changeState(uid, "COMPLETED", newUid()), 0xC301);
        QCOMPARE(scu.changeState(uid, "COMPLETED", ours), 0xC304); // nothing performed yet
        DcmDataset withoutLock;
        put(withoutLock, DCM_ProcedureStepLabel, QStringLiteral("X"));
        QCOMPARE(scu.set(DimseScu::upsPull(), uid, withoutLock).status, 0xC301);
        QCOMPARE(finish({uid, ours}, "COMPLETED", QString()), 0);
        QCOMPARE(scu.changeState(uid, "COMPLETED", ours), 0xB306);
        QCOMPARE(scu.changeState(uid, "CANCELED", ours), 0xC300);
        QCOMPARE(scu.changeState(uid, "IN PROGRESS", newUid()), 0xC300);
        DcmDataset late;
        put(late, DCM_TransactionUID, ours);
        QCOMPARE(scu.set(DimseScu::upsPull(), uid, late).status, 0xC300);
        DcmDataset none;
        QCOMPARE(scu.action(DimseScu::upsPull(), DimseScu::upsPush(), uid, 2, none).status, 0xC311);
        QCOMPARE(scu.action(DimseScu::upsPull(), DimseScu::upsPush(), uid, 77, none).status, 0x0123);
    }

    void cancelledTwiceIsAWarning() {
        const Held held = claim(QStringLiteral("READ"));
        QVERIFY(!held.uid.isEmpty());
        QCOMPARE(finish(held, "CANCELED", QString(), QStringLiteral("=王医生"), QStringLiteral("图像不合格")), 0);
        DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
        QCOMPARE(scu.changeState(held.uid, "CANCELED", held.transaction), 0xB304);
        // Refused images make no new reading.
        QTest::qWait(300);
        QCOMPARE(m_platform->workitems().size(), size_t(1));
    }

    /// It is not a peer's choice which attributes are sequences.
    void progressThatIsNoSequence() {
        const QString uid = m_platform->workitems().front().uid;
        const QString transaction = newUid();
        DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
        QCOMPARE(scu.changeState(uid, "IN PROGRESS", transaction), 0);
        DcmDataset changes;
        changes.putAndInsertString(DCM_TransactionUID, transaction.toLatin1().constData());
        changes.putAndInsertString(DcmTag(DCM_ProcedureStepProgressInformationSequence, EVR_LO), "50 %");
        QCOMPARE(scu.set(DimseScu::upsPull(), uid, changes).status, 0);
        QCOMPARE(scu.changeState(uid, "CANCELED", transaction), 0);
        QCOMPARE(scu.get(DimseScu::upsPull(), uid).status, 0);
    }

    void givenBackWaitsAgain() {
        const Held held = claim(QStringLiteral("READ"));
        DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
        QCOMPARE(scu.changeState(held.uid, "CANCELED", held.transaction), 0);
        QVERIFY(m_platform->waitForWorkitems(1));
        for (const PlatformFixture::Item& found : m_platform->workitems())
            if (found.state == u"SCHEDULED") {
                QCOMPARE(found.kind, QStringLiteral("READ"));
                QVERIFY(found.uid != held.uid);
            }
    }

    void createByPeer() {
        DimseScu scu(m_platform->port(), {DimseScu::upsPush(), DimseScu::upsPull()});
        DcmDataset attributes;
        put(attributes, DCM_ProcedureStepState, QStringLiteral("SCHEDULED"));
        put(attributes, DCM_ScheduledProcedureStepPriority, QStringLiteral("HIGH"));
        put(attributes, DCM_ProcedureStepLabel, QStringLiteral("Second look"));
        put(attributes, DCM_ScheduledProcedureStepStartDateTime, QStringLiteral("20260302010000+0000"));
        QCOMPARE(scu.create(DimseScu::upsPush(), {}, attributes).status, 0x0120);
        put(attributes, DCM_InputReadinessState, QStringLiteral("READY"));
        const DimseScu::Answer created = scu.create(DimseScu::upsPush(), {}, attributes);
        QCOMPARE(created.status, 0);
        QVERIFY(isValidUid(created.instance));
        QCOMPARE(scu.create(DimseScu::upsPush(), created.instance, attributes).status, 0x0111);
        put(attributes, DCM_ProcedureStepState, QStringLiteral("IN PROGRESS"));
        QCOMPARE(scu.create(DimseScu::upsPush(), QStringLiteral("1.2.9"), attributes).status, 0xC309);
        QCOMPARE(scu.changeState(created.instance, "IN PROGRESS", newUid()), 0);
    }

    void readingThenReviewThenReturn() {
        const Held reading = claim(QStringLiteral("READ"));
        const QString report = m_study + QStringLiteral(".900.1");
        QCOMPARE(finish(reading, "COMPLETED", report), 0);
        QVERIFY(m_platform->waitForWorkitems(1));
        const Held review = claim(QStringLiteral("REVIEW"));
        QVERIFY(!review.uid.isEmpty());
        const auto task = get(review.uid);
        QCOMPARE(text(*task, DCM_NameOfPhysiciansReadingStudy), QStringLiteral("=王医生"));
        QCOMPARE(text(*task, DCM_PatientName), QStringLiteral("WANG^XIAOMING=王^小明"));
        QCOMPARE(text(*item(*task, DCM_InputInformationSequence), DCM_StudyInstanceUID), m_study);
        DcmItem* input = item(*task, DCM_InputInformationSequence, 1);
        QVERIFY(input != nullptr);
        QCOMPARE(text(*item(*input, DCM_ReferencedSOPSequence), DCM_ReferencedSOPInstanceUID), report);
        QVERIFY(item(*task, DCM_UnifiedProcedureStepPerformedProcedureSequence) == nullptr);
        // The reviewer returns it with a reason.
        QCOMPARE(finish(review, "CANCELED", QString(), QStringLiteral("=李主任"), QStringLiteral("左右不符")), 0);
        QVERIFY(m_platform->waitForWorkitems(1));
        const Held again = claim(QStringLiteral("READ"));
        const auto returned = get(again.uid);
        QCOMPARE(text(*item(*returned, DCM_ProcedureStepProgressInformationSequence), DCM_ReasonForCancellation),
                 QStringLiteral("左右不符"));
        QCOMPARE(text(*item(*returned, DCM_ScheduledHumanPerformersSequence), DCM_HumanPerformerName),
                 QStringLiteral("=王医生"));
        QCOMPARE(text(*item(*item(*returned, DCM_InputInformationSequence, 1), DCM_ReferencedSOPSequence),
                      DCM_ReferencedSOPInstanceUID),
                 report);
        // Read again, reviewed, done: nothing is left to do.
        QCOMPARE(finish(again, "COMPLETED", m_study + QStringLiteral(".900.2")), 0);
        QVERIFY(m_platform->waitForWorkitems(1));
        const Held last = claim(QStringLiteral("REVIEW"));
        QCOMPARE(finish(last, "COMPLETED", m_study + QStringLiteral(".900.3"), QStringLiteral("=李主任")), 0);
        QTest::qWait(300);
        QVERIFY(m_platform->waitForWorkitems(0));
        QCOMPARE(m_platform->workitems().size(), size_t(4));
    }

    void reviewCanBeOff() {
        m_platform->options.review = false;
        m_platform->start();
        const Held reading = claim(QStringLiteral("READ"));
        QCOMPARE(finish(reading, "COMPLETED", m_study + QStringLiteral(".900.1")), 0);
        QTest::qWait(300);
        QCOMPARE(m_platform->workitems().size(), size_t(1));
    }

    void oldClaimMayBeTakenOver() {
        const Held first = claim(QStringLiteral("READ"));
        DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
        const QString second = newUid();
        m_platform->clock.advance(23 * 3600);
        QCOMPARE(scu.changeState(first.uid, "IN PROGRESS", second), 0xC302);
        m_platform->clock.advance(2 * 3600);
        QCOMPARE(scu.changeState(first.uid, "IN PROGRESS", second), 0);
        QCOMPARE(scu.changeState(first.uid, "CANCELED", first.transaction), 0xC301);
        // And survives a restart.
        m_platform->start();
        DimseScu later(m_platform->port(), {DimseScu::upsPull()});
        QCOMPARE(later.changeState(first.uid, "IN PROGRESS", second), 0);
    }

    void clockSetBackMakesNoLongerLease() {
        constexpr int kTenYears = 10 * 365 * 86400;
        m_platform->clock.advance(kTenYears);
        const Held first = claim(QStringLiteral("READ"));
        m_platform->clock.advance(-kTenYears);
        DimseScu scu(m_platform->port(), {DimseScu::upsPull()});
        const QString second = newUid();
        QCOMPARE(scu.changeState(first.uid, "IN PROGRESS", second), 0xC302); // its lease begins anew
        m_platform->clock.advance(23 * 3600);
        QCOMPARE(scu.changeState(first.uid, "IN PROGRESS", second), 0xC302);
        QCOMPARE(scu.changeState(first.uid, "IN PROGRESS", first.transaction), 0); // and it is the holder's
        m_platform->clock.advance(2 * 3600);
        QCOMPARE(scu.changeState(first.uid, "IN PROGRESS", second), 0);
    }

    void eventsReachTheSubscriber() {
        EventCollector watcher;
        const auto subscribe = [&](const QString& receiver, int type) {
            DimseScu scu(m_platform->port(), {DimseScu::upsWatch()});
            DcmDataset information;
            put(information, DCM_ReceivingAE, receiver);
            put(information, DCM_DeletionLock, QStringLiteral("FALSE"));
            return scu
                .action(DimseScu::upsWatch(), DimseScu::upsPush(), QStringLiteral(UID_UPSGlobalSubscriptionSOPInstance),
                        type, information)
                .status;
        };
        QCOMPARE(subscribe(QStringLiteral("NOBODY"), 3), 0xC308);
        m_platform->options.nodes = {{QStringLiteral("WATCHER"), QStringLiteral("127.0.0.1"), watcher.port()}};
        m_platform->start();
        QCOMPARE(subscribe(QStringLiteral("WATCHER"), 3), 0);
        const Held held = claim(QStringLiteral("READ"));
        QVERIFY(watcher.waitFor(1, held.uid, QStringLiteral("IN PROGRESS")));
        DimseScu scu(m_platform->port(), {DimseScu::upsWatch()});
        DcmDataset cancel;
        put(cancel, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
        put(cancel, DCM_ReasonForCancellation, QStringLiteral("重复申请"));
        QCOMPARE(scu.action(DimseScu::upsWatch(), DimseScu::upsPush(), held.uid, 2, cancel).status, 0);
        QVERIFY(watcher.waitFor(2, held.uid));
        QCOMPARE(watcher.events().back().reason, QStringLiteral("重复申请"));
        // A new study is announced; withdrawn it is announced again.
        const QString other = shortUid();
        upload(other);
        QVERIFY(watcher.waitFor(1, {}, QStringLiteral("SCHEDULED")));
        QDir().mkpath(m_platform->options.watchFolder + QStringLiteral("/withdraw"));
        QFile withdrawal(m_platform->options.watchFolder + QStringLiteral("/withdraw/") + other);
        QVERIFY(withdrawal.open(QIODevice::WriteOnly));
        withdrawal.close();
        QVERIFY(watcher.waitFor(1, {}, QStringLiteral("CANCELED")));
        // The subscription survives a restart, which is announced too.
        m_platform->start();
        QVERIFY(watcher.waitFor(4, QStringLiteral(UID_UPSGlobalSubscriptionSOPInstance)));
        QCOMPARE(subscribe(QStringLiteral("WATCHER"), 4), 0);
        // Nothing more is told. (One told just before the restart may come again.)
        DimseScu pull(m_platform->port(), {DimseScu::upsPull()});
        QCOMPARE(pull.changeState(held.uid, "CANCELED", held.transaction), 0);
        QTest::qWait(500);
        const auto events = watcher.events();
        QVERIFY(std::none_of(events.begin(), events.end(), [&](const auto& event) {
            return event.workitem == held.uid && event.state == QStringLiteral("CANCELED");
        }));
    }

    void requestCancelOfAWaitingItem() {
        const QString uid = m_platform->workitems().at(0).uid;
        DimseScu scu(m_platform->port(), {DimseScu::upsWatch()});
        DcmDataset cancel;
        QCOMPARE(scu.action(DimseScu::upsWatch(), DimseScu::upsPush(), uid, 2, cancel).status, 0);
        QVERIFY(m_platform->waitForWorkitems(1, QStringLiteral("CANCELED")));
        QCOMPARE(scu.action(DimseScu::upsWatch(), DimseScu::upsPush(), uid, 2, cancel).status, 0xB304);
    }

    void priorsAreReferenced() {
        const QString prior = shortUid();
        const QString newer = shortUid();
        upload(newer, QStringLiteral("20260401"));
        QVERIFY(m_platform->waitForWorkitems(2));
        upload(prior, QStringLiteral("20250101"));
        QVERIFY(m_platform->waitForWorkitems(3));
        const auto priorsOf = [&](const QString& study) {
            QStringList priors;
            for (const PlatformFixture::Item& found : m_platform->workitems())
                if (found.studyUid == study) {
                    const auto task = get(found.uid);
                    for (int i = 0; item(*task, DcmTagKey(0x0040, 0x4022), i) != nullptr; ++i)
                        priors.append(text(*item(*task, DcmTagKey(0x0040, 0x4022), i), DCM_StudyInstanceUID));
                }
            return priors;
        };
        // The oldest came last; tasks that still wait learn of it.
        QVERIFY(QTest::qWaitFor([&] { return priorsOf(newer) == QStringList({m_study, prior}); }, 60000));
        QCOMPARE(priorsOf(m_study), QStringList({prior}));
        QCOMPARE(priorsOf(prior), QStringList());
    }
};

/// The same on both databases.
int main(int argc, char* argv[]) {
    QCoreApplication application(argc, argv);
    WorklistTest alone(false);
    WorklistTest center(true);
    const int failed = QTest::qExec(&alone, argc, argv);
    return failed + QTest::qExec(&center, argc, argv);
}

#include "worklist_test.moc"
