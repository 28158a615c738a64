#include "archive_process.h"
#include "dicom/net/association.h"
#include "fake_platform.h"
#include "raw_socket.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <QElapsedTimer>
#include <QtTest>
#include <thread>

using namespace yz;
using namespace yz::test;

namespace {

// A peer of the wire's level: accepts one connection and answers the first bytes with the given ones.
class RawPeer {
public:
    explicit RawPeer(QByteArray answer) : m_answer(std::move(answer)) {
        m_thread = std::thread([this] {
            const int peer = ::accept(m_socket.socket(), nullptr, nullptr);
            char buffer[65536];
            if (peer >= 0 && ::recv(peer, buffer, sizeof buffer, 0) > 0) {
                (void)!::send(peer, m_answer.constData(), size_t(m_answer.size()), MSG_NOSIGNAL);
                ::shutdown(peer, SHUT_WR);
                while (::recv(peer, buffer, sizeof buffer, 0) > 0) {
                }
            }
            ::close(peer);
        });
    }
    ~RawPeer() {
        ::shutdown(m_socket.socket(), SHUT_RDWR);
        m_thread.join();
    }
    [[nodiscard]] int port() const { return m_socket.port(); }

private:
    QByteArray m_answer;
    ListeningSocket m_socket;
    std::thread m_thread;
};

ErrorCode codeOf(const Status& status) { return status ? ErrorCode::Internal : status.error().code; }

} // namespace

class AssociationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void echoSucceeds() {
        const ArchiveProcess archive;
        QVERIFY(archive.isRunning());
        const Status status = echo(archive.settings(), {});
        QVERIFY2(status.has_value(), qPrintable(status ? QString() : status.error().toString()));
    }

    void nobodyListens() {
        QCOMPARE(codeOf(echo(settingsFor(freePort(), QStringLiteral("ARCHIVE")), {})), ErrorCode::PlatformUnreachable);
    }

    void unknownHost() {
        NetworkSettings settings = settingsFor(104, QStringLiteral("ARCHIVE"));
        settings.platform.host = QStringLiteral("no-such-host.invalid");
        QCOMPARE(codeOf(echo(settings, {})), ErrorCode::PlatformUnreachable);
    }

    void archiveRefusesAeTitles() {
        const ArchiveProcess archive;
        NetworkSettings settings = archive.settings();
        settings.platform.aeTitle = QStringLiteral("NOSUCHAE");
        QCOMPARE(codeOf(echo(settings, {})), ErrorCode::CalledAeTitleRefused);
        // The archive says the same to a caller it does not know.
        settings = archive.settings();
        settings.callingAeTitle = QStringLiteral("STRANGER");
        QCOMPARE(codeOf(echo(settings, {})), ErrorCode::CalledAeTitleRefused);
    }

    void rejectReasonsAreTold_data() {
        QTest::addColumn<QByteArray>("pdu");
        QTest::addColumn<ErrorCode>("code");
        // A-ASSOCIATE-RJ, PS3.8 table 9-21: result, source, reason.
        const auto reject = [](char result, char source, char reason) {
            QByteArray pdu("\x03\x00\x00\x00\x00\x04\x00\x00\x00\x00", 10);
            pdu[7] = result;
            pdu[8] = source;
            pdu[9] = reason;
            return pdu;
        };
        QTest::newRow("calling") << reject(1, 1, 3) << ErrorCode::CallingAeTitleRefused;
        QTest::newRow("called") << reject(1, 1, 7) << ErrorCode::CalledAeTitleRefused;
        QTest::newRow("no reason") << reject(1, 1, 1) << ErrorCode::AssociationRefused;
        QTest::newRow("congestion") << reject(2, 3, 1) << ErrorCode::AssociationRefused;
        QTest::newRow("local limit") << reject(2, 3, 2) << ErrorCode::AssociationRefused;
        QTest::newRow("abort") << QByteArray("\x07\x00\x00\x00\x00\x04\x00\x00\x00\x00", 10)
                               << ErrorCode::AssociationAborted;
        QTest::newRow("closed") << QByteArray() << ErrorCode::AssociationAborted;
        QTest::newRow("garbage") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n") << ErrorCode::AssociationAborted;
        QTest::newRow("huge PDU") << QByteArray("\x02\x00\xFF\xFF\xFF\xFF\x00\x00", 8) << ErrorCode::AssociationAborted;
    }
    void rejectReasonsAreTold() {
        QFETCH(QByteArray, pdu);
        QFETCH(ErrorCode, code);
        const RawPeer peer(pdu);
        const Status status = echo(settingsFor(peer.port(), QStringLiteral("X")), {});
        QVERIFY(!status);
        QVERIFY2(status.error().code == code, qPrintable(status.error().toString()));
    }

    void silentPeerTimesOut() {
        const ListeningSocket server;
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(codeOf(echo(settingsFor(server.port(), QStringLiteral("X")), {})), ErrorCode::NetworkTimeout);
        QVERIFY(timer.elapsed() >= 1900 && timer.elapsed() < 6000);
    }

    void waitingIsCancelled() {
        const ListeningSocket server;
        NetworkSettings settings = settingsFor(server.port(), QStringLiteral("X"));
        settings.acseTimeout = std::chrono::seconds(30);
        const CancelToken token;
        std::thread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            token.cancel();
        });
        QElapsedTimer timer;
        timer.start();
        const Status status = echo(settings, token);
        later.join();
        QCOMPARE(codeOf(status), ErrorCode::Cancelled);
        QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
    }

    void noContextIsRefused() {
        const StoreProcess peer; // accepts the association and none of these
        QVERIFY(peer.isRunning());
        QVERIFY(echo(peer.settings(), {}).has_value());
        const auto opened = Association::open(
            peer.settings(), {{QLatin1String(UID_UnifiedProcedureStepPullSOPClass), messageTransferSyntaxes()}}, {});
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::PresentationContextRefused);
    }

    void peerSilentInsideTheAssociation() {
        FakePlatform platform;
        platform.serve({}, FakePlatform::End::Silence);
        NetworkSettings settings = platform.settings();
        settings.dimseTimeout = std::chrono::seconds(1);
        auto opened = Association::open(
            settings, {{QLatin1String(UID_GETStudyRootQueryRetrieveInformationModel), messageTransferSyntaxes()}}, {});
        QVERIFY(opened.has_value());
        DimseMessage request;
        request.command = Dimse::CGetRq;
        request.withPriority = true;
        request.affectedSopClass = QLatin1String(UID_GETStudyRootQueryRetrieveInformationModel);
        DcmDataset identifier;
        identifier.putAndInsertString(DCM_QueryRetrieveLevel, "STUDY");
        QVERIFY(setDataSet((*opened)->contexts().front(), identifier, request).has_value());
        const auto response = (*opened)->exchange(request);
        QVERIFY(!response);
        QVERIFY2(response.error().code == ErrorCode::NetworkTimeout, qPrintable(response.error().toString()));
    }

    void settingsAreChecked() {
        NetworkSettings settings = settingsFor(104, QStringLiteral("X"));
        settings.platform.aeTitle = QStringLiteral("LONGER THAN 16 CHARACTERS");
        QCOMPARE(codeOf(echo(settings, {})), ErrorCode::InvalidArgument);
        settings = settingsFor(0, QStringLiteral("X"));
        QCOMPARE(codeOf(echo(settings, {})), ErrorCode::InvalidArgument);
        settings = settingsFor(104, QString::fromUtf8("平台"));
        QCOMPARE(codeOf(echo(settings, {})), ErrorCode::InvalidArgument);
    }

    void statusCodesHaveTheirErrors() {
        QCOMPARE(statusError(0xA700, QString()).code, ErrorCode::PeerOutOfResources);
        QCOMPARE(statusError(0xA702, QString()).code, ErrorCode::PeerOutOfResources);
        QCOMPARE(statusError(0xA900, QString()).code, ErrorCode::PeerRefusedObject);
        QCOMPARE(statusError(0xC123, QString()).code, ErrorCode::PeerRefusedObject);
        QCOMPARE(statusError(0x0122, QString()).code, ErrorCode::PeerError);
        QVERIFY(statusError(0x0122, QStringLiteral("C-ECHO")).detail.contains(QStringLiteral("0x0122")));
    }
};

QTEST_GUILESS_MAIN(AssociationTest)
#include "association_test.moc"
