#include "dicom_tool.h"
#include "dimse_scu.h"
#include "embedded_platform/listener.h"
#include "platform_fixture.h"

#include <dcmtk/dcmdata/dctk.h>

#include <QDirIterator>
#include <QFile>
#include <QtTest>
#include <mutex>

using namespace yz;
using namespace yz::test;

namespace {

QString commitmentClass() { return QStringLiteral(UID_StorageCommitmentPushModelSOPClass); }
QString commitmentInstance() { return QStringLiteral(UID_StorageCommitmentPushModelSOPInstance); }

} // namespace

class CommitmentTest final : public QObject {
    Q_OBJECT

    std::unique_ptr<PlatformFixture> m_platform;
    SampleInstance m_sample;

    [[nodiscard]] QString path(const QString& name) const { return m_platform->folder() + u'/' + name; }
    [[nodiscard]] int store(const QString& file) const {
        DcmFileFormat object;
        object.loadFile(file.toLocal8Bit().constData());
        OFString uid;
        object.getDataset()->findAndGetOFString(DCM_SOPInstanceUID, uid);
        DimseScu scu(m_platform->port(), {QStringLiteral(UID_CTImageStorage)});
        return scu.store(*object.getDataset(), QStringLiteral(UID_CTImageStorage), QString::fromLatin1(uid.c_str()))
            .status;
    }
    void storeThree() {
        for (int i = 1; i <= 3; ++i) {
            m_sample.instanceUid = m_sample.studyUid + u'.' + QString::number(i);
            m_sample.number = i;
            writeInstance(path(QStringLiteral("s%1.dcm").arg(i)), m_sample);
            QCOMPARE(store(path(QStringLiteral("s%1.dcm").arg(i))), 0);
        }
    }

private Q_SLOTS:
    void init() {
        m_platform = std::make_unique<PlatformFixture>();
        m_platform->start();
        m_sample = {};
        m_sample.studyUid = newUid().left(44);
        m_sample.seriesUid = m_sample.studyUid + QStringLiteral(".100");
    }
    void cleanup() { m_platform.reset(); }

    void commitmentOnTheSameAssociation() {
        storeThree();
        const auto ask = [&](const QStringList& instances) {
            DimseScu scu(m_platform->port(), {commitmentClass()});
            DcmDataset information;
            information.putAndInsertString(DCM_TransactionUID, newUid().toLatin1().constData());
            for (const QString& instance : instances) {
                DcmItem* item = nullptr;
                information.findOrCreateSequenceItem(DCM_ReferencedSOPSequence, item, -2);
                item->putAndInsertString(DCM_ReferencedSOPClassUID, UID_CTImageStorage);
                item->putAndInsertString(DCM_ReferencedSOPInstanceUID, instance.toLatin1().constData());
            }
            const int status =
                scu.action(commitmentClass(), commitmentClass(), commitmentInstance(), 1, information).status;
            DimseScu::Event event = status == 0 ? scu.waitForEvent(10) : DimseScu::Event();
            return event;
        };
        const QString one = m_sample.studyUid + QStringLiteral(".1");
        const DimseScu::Event all = ask({one, m_sample.studyUid + ".2"});
        QCOMPARE(all.type, 1);
        const DimseScu::Event missing = ask({one, QStringLiteral("1.2.3.4.5")});
        QCOMPARE(missing.type, 2);
        DcmItem* failed = nullptr;
        QVERIFY(missing.dataSet->findAndGetSequenceItem(DCM_FailedSOPSequence, failed).good());
        Uint16 reason = 0;
        QVERIFY(failed->findAndGetUint16(DCM_FailureReason, reason).good());
        QCOMPARE(reason, Uint16(0x0112));
        // A file that changed on disk is no longer committed; sending the object again heals it.
        QDirIterator files(m_platform->options.dataFolder + QStringLiteral("/files"), {m_sample.studyUid + ".1.dcm"},
                           QDir::Files, QDirIterator::Subdirectories);
        QVERIFY(files.hasNext());
        QFile stored(files.next());
        QVERIFY(stored.open(QIODevice::ReadWrite));
        QVERIFY(stored.seek(stored.size() - 1));
        QCOMPARE(stored.write("\x7f", 1), 1);
        stored.close();
        QCOMPARE(ask({one}).type, 2);
        QCOMPARE(store(path(QStringLiteral("s1.dcm"))), 0);
        QCOMPARE(ask({one}).type, 1);
    }

    void commitmentReachesTheNodeAfterARestart() {
        storeThree();
        std::mutex mutex;
        std::vector<int> types;
        platform::Listener::Settings settings;
        settings.aeTitle = QStringLiteral("TESTSCU");
        platform::Listener listener(
            settings,
            [](T_ASC_Parameters* parameters) {
                const char* syntax[] = {UID_LittleEndianExplicitTransferSyntax};
                const char* classes[] = {UID_StorageCommitmentPushModelSOPClass};
                ASC_acceptContextsWithPreferredTransferSyntaxes(parameters, classes, 1, syntax, 1);
            },
            [&](platform::Association& association) {
                platform::Message request;
                while (association.receive(request, 5) == platform::Association::Event::Message) {
                    if (request.hasDataSet && !association.receiveDataSet(1 << 20))
                        return;
                    {
                        const std::scoped_lock lock(mutex);
                        types.push_back(request.typeId);
                    }
                    if (!association.send(platform::responseTo(request, 0)))
                        return;
                }
                association.acknowledgeRelease();
            });
        const quint16 deadPort = freePort();
        m_platform->options.nodes = {{QStringLiteral("TESTSCU"), QStringLiteral("127.0.0.1"), deadPort}};
        m_platform->start();
        {
            DimseScu scu(m_platform->port(), {commitmentClass()});
            DcmDataset information;
            information.putAndInsertString(DCM_TransactionUID, newUid().toLatin1().constData());
            DcmItem* item = nullptr;
            information.findOrCreateSequenceItem(DCM_ReferencedSOPSequence, item, -2);
            item->putAndInsertString(DCM_ReferencedSOPClassUID, UID_CTImageStorage);
            item->putAndInsertString(DCM_ReferencedSOPInstanceUID, (m_sample.studyUid + ".1").toLatin1().constData());
            QCOMPARE(scu.action(commitmentClass(), commitmentClass(), commitmentInstance(), 1, information).status, 0);
        }
        m_platform->stop();
        const Status listening = listener.start();
        QVERIFY(listening);
        m_platform->options.nodes = {{QStringLiteral("TESTSCU"), QStringLiteral("127.0.0.1"), listener.port()}};
        m_platform->start();
        QVERIFY(QTest::qWaitFor([&] {
            const std::scoped_lock lock(mutex);
            return types == std::vector<int>{1};
        }));
        // Delivered once: nothing is left for the next start.
        m_platform->start();
        QTest::qWait(500);
        const std::scoped_lock lock(mutex);
        QCOMPARE(types.size(), size_t(1));
    }
};

QTEST_GUILESS_MAIN(CommitmentTest)
#include "commitment_test.moc"
