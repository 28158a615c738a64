#include "embedded_platform/query_client.h"

#include "dicom_tool.h"
#include "embedded_platform/listener.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/oflog/oflog.h>

#include <QElapsedTimer>
#include <QtTest>
#include <atomic>

using namespace yz;
using namespace yz::platform;
using namespace yz::test;

namespace {

const QString kModel = QStringLiteral(UID_FINDStudyRootQueryRetrieveInformationModel);

/// What the server does with a C-FIND.
using Answer = std::function<void(Association&, const Message&)>;

/// An archive that does as it is told, on a port of its own.
class OddArchive {
public:
    explicit OddArchive(Answer answer, bool acceptsFind = true)
        : m_answer(std::move(answer)),
          m_listener(
              settings(),
              [acceptsFind](T_ASC_Parameters* parameters) {
                  const char* syntaxes[] = {UID_LittleEndianExplicitTransferSyntax};
                  const char* classes[] = {acceptsFind ? UID_FINDStudyRootQueryRetrieveInformationModel
                                                       : UID_VerificationSOPClass};
                  ASC_acceptContextsWithPreferredTransferSyntaxes(parameters, classes, 1, syntaxes, 1);
              },
              [this](Association& association) { serve(association); }) {
        const Status started = m_listener.start();
        QVERIFY(started);
    }
    ~OddArchive() { m_listener.stop(); }
    [[nodiscard]] PeerAddress address() const {
        return {QStringLiteral("PACS"), QStringLiteral("127.0.0.1"), m_listener.port()};
    }
    std::atomic<int> associations = 0;

private:
    Answer m_answer;
    Listener m_listener;

    static Listener::Settings settings() {
        Listener::Settings settings;
        settings.aeTitle = QStringLiteral("PACS");
        return settings;
    }
    void serve(Association& association) {
        ++associations;
        for (;;) {
            Message request;
            const Association::Event event = association.receive(request, 30);
            if (event == Association::Event::Release)
                association.acknowledgeRelease();
            if (event != Association::Event::Message)
                return;
            if (request.hasDataSet && !association.receiveDataSet(1024 * 1024))
                return;
            m_answer(association, request);
        }
    }
};

void sendRow(Association& association, const Message& request, const QString& uid, quint16 status = 0xFF00) {
    DcmDataset row;
    putText(row, DCM_StudyInstanceUID, uid);
    if (!association.send(responseTo(request, status), row))
        qWarning("not sent");
}

void sendEnd(Association& association, const Message& request, quint16 status = 0) {
    if (!association.send(responseTo(request, status)))
        qWarning("not sent");
}

Result<Matches> ask(QueryClient& client) {
    DcmDataset keys;
    putText(keys, DCM_QueryRetrieveLevel, QStringLiteral("STUDY"));
    keys.insertEmptyElement(DCM_StudyInstanceUID);
    return client.find(keys);
}

QueryClient::Settings settingsFor(const PeerAddress& peer) {
    QueryClient::Settings settings;
    settings.peer = peer;
    settings.aeTitle = QStringLiteral("YZPLATFORM");
    settings.model = kModel;
    settings.timeoutSeconds = 2;
    return settings;
}

bool never() { return false; }

} // namespace

/// Servers that answer C-FIND in ways they should not.
class QueryClientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { OFLog::configure(OFLogger::FATAL_LOG_LEVEL); }

    void rowsAndTheEnd() {
        OddArchive archive([](Association& association, const Message& request) {
            sendRow(association, request, QStringLiteral("1.1"));
            sendRow(association, request, QStringLiteral("1.2"), 0xFF01); // some keys are not supported
            sendEnd(association, request);
        });
        QueryClient client(settingsFor(archive.address()), never);
        for (int i = 0; i < 3; ++i) {
            const Result<Matches> found = ask(client);
            QVERIFY2(found, found ? "" : qPrintable(found.error().toString()));
            QCOMPARE(found->rows.size(), size_t(2));
            QCOMPARE(textOf(*found->rows[1], DCM_StudyInstanceUID), QStringLiteral("1.2"));
            QVERIFY(!found->isCut);
        }
        QCOMPARE(archive.associations.load(), 1);
        client.hangUp();
        QVERIFY(ask(client));
        QCOMPARE(archive.associations.load(), 2);
    }

    void endings_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("isCut");
        QTest::newRow("0xA700 out of resources") << 0xA700 << true;
        QTest::newRow("0xFE00 nobody cancelled") << 0xFE00 << true;
        QTest::newRow("0xA900 identifier") << 0xA900 << false;
        QTest::newRow("0xC001 unable") << 0xC001 << false;
        QTest::newRow("0x0122 class") << 0x0122 << false;
        QTest::newRow("0x1234 nobody knows") << 0x1234 << false;
    }
    void endings() {
        QFETCH(int, status);
        QFETCH(bool, isCut);
        OddArchive archive([status](Association& association, const Message& request) {
            sendRow(association, request, QStringLiteral("1.1"));
            sendEnd(association, request, static_cast<quint16>(status));
        });
        QueryClient client(settingsFor(archive.address()), never);
        const Result<Matches> found = ask(client);
        QCOMPARE(bool(found), isCut);
        if (isCut)
            QVERIFY(found->isCut && found->rows.size() == 1);
        else
            QCOMPARE(found.error().code, ErrorCode::PeerError);
    }

    void moreThanWeTake() {
        OddArchive archive([](Association& association, const Message& request) {
            for (int i = 0; i < 10; ++i)
                sendRow(association, request, QStringLiteral("1.%1").arg(i));
            sendEnd(association, request);
        });
        QueryClient::Settings settings = settingsFor(archive.address());
        settings.mostMatches = 4;
        QueryClient client(settings, never);
        const Result<Matches> found = ask(client);
        QVERIFY(found && found->isCut);
        QCOMPARE(found->rows.size(), size_t(4));
        QVERIFY(ask(client)); // on a new association
    }

    void longerThanWeTake() {
        OddArchive archive([](Association& association, const Message& request) {
            for (int i = 0; i < 10; ++i) {
                DcmDataset row;
                putText(row, DCM_StudyInstanceUID, QStringLiteral("1.%1").arg(i));
                putText(row, DcmTagKey(0x0008, 0x4000), QString(100'000, u'a'));
                if (!association.send(responseTo(request, 0xFF00), row))
                    return;
            }
            sendEnd(association, request);
        });
        QueryClient::Settings settings = settingsFor(archive.address());
        settings.mostBytes = 350'000;
        QueryClient client(settings, never);
        const Result<Matches> found = ask(client);
        QVERIFY(found && found->isCut);
        QCOMPARE(found->rows.size(), size_t(4));
    }

    /// Answers that never end and never say anything.
    void endlessNonsense() {
        std::atomic<bool> isOver = false;
        OddArchive archive([&isOver](Association& association, const Message& request) {
            while (!isOver && association.send(responseTo(request, 0xFF00)))
                ;
        });
        QueryClient::Settings settings = settingsFor(archive.address());
        settings.mostMatches = 100;
        QElapsedTimer time;
        time.start();
        QueryClient client(settings, [&time] { return time.elapsed() > 10'000; });
        const Result<Matches> found = ask(client);
        isOver = true;
        QVERIFY2(found, found ? "" : qPrintable(found.error().toString()));
        QVERIFY(found->isCut);
        QCOMPARE(found->unreadable, 100);
    }

    void aRowThatIsNoDataSet() {
        OddArchive archive([](Association& association, const Message& request) {
            const QByteArray noise("\x08\x00\x20\x00XX\xff\xff\xff\xff", 10);
            if (!association.send(responseTo(request, 0xFF00), &noise))
                return;
            sendEnd(association, request, 0xFF00); // pending without a data set
            sendRow(association, request, QStringLiteral("1.1"));
            sendEnd(association, request);
        });
        QueryClient client(settingsFor(archive.address()), never);
        const Result<Matches> found = ask(client);
        QVERIFY2(found, found ? "" : qPrintable(found.error().toString()));
        QCOMPARE(found->unreadable, 2);
        QCOMPARE(found->rows.size(), size_t(1));
    }

    void theAnswerToAnotherQuestion() {
        OddArchive archive([](Association& association, const Message& request) {
            Message other = responseTo(request, 0);
            other.id = static_cast<quint16>(request.id + 7);
            if (!association.send(other))
                qWarning("not sent");
        });
        QueryClient client(settingsFor(archive.address()), never);
        const Result<Matches> found = ask(client);
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::PeerError);
    }

    void itAbortsInTheMiddle() {
        std::atomic<int> asked = 0;
        OddArchive archive([&asked](Association& association, const Message& request) {
            sendRow(association, request, QStringLiteral("1.1"));
            if (++asked == 1)
                association.abort();
            else
                sendEnd(association, request);
        });
        QueryClient client(settingsFor(archive.address()), never);
        const Result<Matches> first = ask(client);
        QVERIFY(!first); // half a list is none
        QCOMPARE(first.error().code, ErrorCode::AssociationAborted);
        const Result<Matches> second = ask(client);
        QVERIFY(second && second->rows.size() == 1);
    }

    void itSaysNothing() {
        OddArchive archive([](Association&, const Message&) {});
        QueryClient client(settingsFor(archive.address()), never);
        const Result<Matches> found = ask(client);
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::NetworkTimeout);
    }

    void weStop() {
        OddArchive archive([](Association&, const Message&) {});
        QueryClient::Settings settings = settingsFor(archive.address());
        settings.timeoutSeconds = 600;
        QElapsedTimer time;
        time.start();
        QueryClient client(settings, [&time] { return time.elapsed() > 1000; });
        const Result<Matches> found = ask(client);
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::Cancelled);
        QVERIFY(time.elapsed() < 20'000);
    }

    void itTakesNoQuestions() {
        OddArchive archive([](Association&, const Message&) {}, false);
        QueryClient client(settingsFor(archive.address()), never);
        QCOMPARE(ask(client).error().code, ErrorCode::PresentationContextRefused);
    }

    void itDoesNotKnowItself() {
        OddArchive archive([](Association&, const Message&) {});
        PeerAddress peer = archive.address();
        peer.aeTitle = QStringLiteral("OTHER");
        QueryClient client(settingsFor(peer), never);
        QCOMPARE(ask(client).error().code, ErrorCode::CalledAeTitleRefused);
    }

    void nobodyIsThere() {
        QueryClient client(settingsFor({QStringLiteral("PACS"), QStringLiteral("127.0.0.1"), freePort()}), never);
        QCOMPARE(ask(client).error().code, ErrorCode::PlatformUnreachable);
    }
};

QTEST_GUILESS_MAIN(QueryClientTest)
#include "query_client_test.moc"
