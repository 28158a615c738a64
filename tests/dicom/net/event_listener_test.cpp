#include "archive_process.h"
#include "dicom/net/association.h"
#include "dicom/net/event_listener.h"
#include "raw_socket.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/scu.h>

#include <QElapsedTimer>
#include <QtTest>
#include <mutex>

using namespace yz;
using namespace yz::test;

namespace {

/// The platform's reporting side by DCMTK's own classes.
class Reporter {
public:
    explicit Reporter(int port, const char* calling = "PLATFORM", const char* called = "YUANZHEN",
                      T_ASC_SC_ROLE role = ASC_SC_ROLE_SCP)
        : m_role(role) {
        m_scu.setAETitle(calling);
        m_scu.setPeerAETitle(called);
        m_scu.setPeerHostName("127.0.0.1");
        m_scu.setPeerPort(static_cast<Uint16>(port));
        m_scu.setACSETimeout(3);
        m_scu.setDIMSEBlockingMode(DIMSE_NONBLOCKING);
        m_scu.setDIMSETimeout(3);
        OFList<OFString> syntaxes;
        syntaxes.push_back(UID_LittleEndianImplicitTransferSyntax);
        m_scu.addPresentationContext(UID_VerificationSOPClass, syntaxes);
        m_scu.addPresentationContext(UID_UnifiedProcedureStepEventSOPClass, syntaxes, role);
        m_open = m_scu.initNetwork().good() && m_scu.negotiateAssociation().good();
    }
    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] bool echo() { return m_scu.sendECHORequest(0).good(); }
    /// The status answered, -1 when there is none. DcmSCU puts the negotiated class into the command.
    int report(int type, const char* instance, DcmDataset& information) {
        Uint16 status = 0xFFFF;
        const OFCondition sent = m_scu.sendEVENTREPORTRequest(
            m_scu.findPresentationContextID(UID_UnifiedProcedureStepEventSOPClass, "", m_role), instance,
            static_cast<Uint16>(type), &information, status);
        return sent.good() ? status : -1;
    }
    void release() { m_scu.releaseAssociation(); }

private:
    T_ASC_SC_ROLE m_role;
    DcmSCU m_scu;
    bool m_open = false;
};

class Events {
public:
    EventListener::EventHandler handler() {
        return [this](const WorklistEvent& event) {
            const std::lock_guard lock(m_mutex);
            m_events.push_back(event);
        };
    }
    [[nodiscard]] std::vector<WorklistEvent> all() const {
        const std::lock_guard lock(m_mutex);
        return m_events;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<WorklistEvent> m_events;
};

NetworkSettings listenerSettings() { return settingsFor(104, QStringLiteral("PLATFORM")); }

// A-ASSOCIATE-RQ for one context (PS3.8 9.3.2), written out so that hostile messages can follow it.
QByteArray associateRequest() {
    const auto item = [](char type, const QByteArray& body) -> QByteArray {
        QByteArray bytes(1, type);
        bytes.append('\0');
        bytes.append(char(body.size() >> 8)).append(char(body.size() & 0xFF));
        return bytes + body;
    };
    const QByteArray context =
        QByteArray("\x01\x00\x00\x00", 4) + item(0x30, "1.2.840.10008.1.1") + item(0x40, "1.2.840.10008.1.2");
    QByteArray body = QByteArray("\x00\x01\x00\x00", 4) + QByteArray("YUANZHEN").leftJustified(16) +
                      QByteArray("PLATFORM").leftJustified(16) + QByteArray(32, '\0') +
                      item(0x10, "1.2.840.10008.3.1.1.1") + item(0x20, context) +
                      item(0x50, item(0x51, QByteArray("\x00\x02\x00\x00", 4)) + item(0x52, "1.2.3"));
    QByteArray pdu("\x01\x00", 2);
    for (int shift = 24; shift >= 0; shift -= 8)
        pdu.append(char(body.size() >> shift & 0xFF));
    return pdu + body;
}

QByteArray commandPdu(const QByteArray& command) {
    const auto big = [](qsizetype value) {
        QByteArray bytes;
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.append(char(value >> shift & 0xFF));
        return bytes;
    };
    const QByteArray pdv = big(command.size() + 2) + QByteArray("\x01\x03", 2) + command;
    return QByteArray("\x04\x00", 2) + big(pdv.size()) + pdv;
}

} // namespace

class EventListenerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eventsArrive() {
        Events events;
        EventListener listener(listenerSettings(), events.handler());
        QVERIFY(listener.start().has_value());
        QVERIFY(listener.port() > 0);
        Reporter reporter(listener.port());
        QVERIFY(reporter.isOpen());
        QVERIFY(reporter.echo());

        DcmDataset state;
        state.putAndInsertString(DCM_ProcedureStepState, "SCHEDULED");
        QCOMPARE(reporter.report(1, "1.2.3.1", state), 0);
        state.putAndInsertString(DCM_ProcedureStepState, "IN PROGRESS");
        QCOMPARE(reporter.report(1, "1.2.3.1", state), 0);
        DcmDataset gone;
        gone.putAndInsertString(DCM_SpecificCharacterSet, "GB18030");
        gone.putAndInsertString(DCM_ProcedureStepState, "CANCELED");
        gone.putAndInsertString(DCM_ReasonForCancellation, "\xCD\xBC\xCF\xF1\xB2\xBB\xBA\xCF\xB8\xF1"); // 图像不合格
        QCOMPARE(reporter.report(1, "1.2.3.2", gone), 0);
        DcmDataset cancel;
        cancel.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
        cancel.putAndInsertString(DCM_ReasonForCancellation, "\xE9\x87\x8D\xE5\xA4\x8D"); // 重复
        QCOMPARE(reporter.report(2, "1.2.3.3", cancel), 0);
        DcmDataset assigned;
        assigned.putAndInsertString(DCM_ProcedureStepState, "SCHEDULED");
        QCOMPARE(reporter.report(5, "1.2.3.4", assigned), 0);
        QCOMPARE(reporter.report(99, "1.2.3.4", assigned), 0x0113);
        DcmDataset empty;
        empty.putAndInsertString(DCM_ProcedureStepState, "NONSENSE");
        QCOMPARE(reporter.report(1, "1.2.3.5", empty), 0x0115);
        reporter.release();

        const std::vector<WorklistEvent> seen = events.all();
        QCOMPARE(seen.size(), size_t(5));
        QVERIFY(seen[0].kind == WorklistEvent::Kind::NewTask && seen[0].task.value() == QStringLiteral("1.2.3.1"));
        QVERIFY(seen[1].kind == WorklistEvent::Kind::StateChanged && seen[1].state == UpsState::InProgress);
        QVERIFY(seen[2].kind == WorklistEvent::Kind::StateChanged && seen[2].state == UpsState::Canceled);
        QCOMPARE(seen[2].reason, QString::fromUtf8("图像不合格"));
        QVERIFY(seen[3].kind == WorklistEvent::Kind::CancelRequested &&
                seen[3].task.value() == QStringLiteral("1.2.3.3"));
        QCOMPARE(seen[3].reason, QString::fromUtf8("重复"));
        QVERIFY(seen[4].kind == WorklistEvent::Kind::Assigned);
    }

    void defaultRoleIsAccepted() {
        Events events;
        EventListener listener(listenerSettings(), events.handler());
        QVERIFY(listener.start().has_value());
        Reporter reporter(listener.port(), "PLATFORM", "YUANZHEN", ASC_SC_ROLE_DEFAULT);
        QVERIFY(reporter.isOpen());
        DcmDataset state;
        state.putAndInsertString(DCM_ProcedureStepState, "COMPLETED");
        QCOMPARE(reporter.report(1, "1.2.3.1", state), 0);
        reporter.release();
        QCOMPARE(events.all().size(), size_t(1));
    }

    void strangersAreRefused() {
        NetworkSettings settings = listenerSettings();
        settings.eventSenders = QStringList{QStringLiteral("EVENTS")};
        EventListener listener(settings, {});
        QVERIFY(listener.start().has_value());
        QVERIFY(!Reporter(listener.port(), "STRANGER").isOpen());
        QVERIFY(!Reporter(listener.port(), "PLATFORM", "SOMEBODY").isOpen());
        QVERIFY(Reporter(listener.port(), "EVENTS").isOpen());

        NetworkSettings asStranger = settingsFor(listener.port(), QStringLiteral("YUANZHEN"));
        asStranger.callingAeTitle = QStringLiteral("STRANGER");
        QCOMPARE(echo(asStranger, {}).error().code, ErrorCode::CallingAeTitleRefused);
        asStranger.platform.aeTitle = QStringLiteral("SOMEBODY");
        QCOMPARE(echo(asStranger, {}).error().code, ErrorCode::CalledAeTitleRefused);
    }

    void silentPeersDoNotBlockTheOthers() {
        Events events;
        EventListener listener(listenerSettings(), events.handler());
        QVERIFY(listener.start().has_value());
        Reporter idle(listener.port());
        QVERIFY(idle.isOpen());
        Reporter busy(listener.port());
        QVERIFY(busy.isOpen());
        QVERIFY(busy.echo());
        QVERIFY(idle.echo());
        QElapsedTimer timer;
        timer.start();
        listener.stop(); // with both associations open
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(listener.port(), 0);
    }

    void stopsAndStartsAgain() {
        EventListener listener(listenerSettings(), {});
        QVERIFY(listener.start().has_value());
        const int port = listener.port();
        listener.stop();
        QVERIFY(!RawClient(port).isConnected());
        QVERIFY(listener.start().has_value());
        QVERIFY(Reporter(listener.port()).isOpen());
    }

    void takenPortIsTold() {
        const ListeningSocket other;
        NetworkSettings settings = listenerSettings();
        settings.eventPort = other.port();
        EventListener listener(settings, {});
        const Status started = listener.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::EventPortTaken);
    }

    void hostileMessagesEndOnlyTheirAssociation_data() {
        QTest::addColumn<QByteArray>("message");
        // (0008,1140) SQ of defined length in implicit VR, nested 20 000 times: overflows a recursive parser's stack.
        QByteArray nested;
        const int depth = 4000; // the command limit is 64 KiB
        for (int i = 0; i < depth; ++i) {
            const auto rest = quint32((depth - 1 - i) * 16);
            QByteArray head("\x08\x00\x40\x11\x00\x00\x00\x00\xFE\xFF\x00\xE0\x00\x00\x00\x00", 16);
            for (int b = 0; b < 4; ++b) {
                head[4 + b] = char((rest + 8) >> (8 * b) & 0xFF);
                head[12 + b] = char(rest >> (8 * b) & 0xFF);
            }
            nested += head;
        }
        QTest::newRow("nested sequences") << commandPdu(nested);
        QTest::newRow("length beyond the message") << commandPdu(QByteArray("\x00\x00\x02\x00\xF0\xFF\xFF\x7F"
                                                                            "1.2",
                                                                            11));
        QTest::newRow("cut header") << commandPdu(QByteArray("\x00\x00\x02", 3));
        QTest::newRow("no command field") << commandPdu(QByteArray("\x00\x00\x10\x01\x02\x00\x00\x00\x01\x00", 10));
        QTest::newRow("data before a command") << [] {
            QByteArray pdu = commandPdu("xxxx");
            pdu[11] = '\x02';
            return pdu;
        }();
        QTest::newRow("unknown PDU") << QByteArray("\x55\x00\x00\x00\x00\x04zzzz", 10);
        QTest::newRow("PDU longer than agreed") << QByteArray("\x04\x00\x7F\xFF\xFF\xFF", 6) + QByteArray(1000, 'x');
    }
    void hostileMessagesEndOnlyTheirAssociation() {
        QFETCH(QByteArray, message);
        EventListener listener(listenerSettings(), {});
        QVERIFY(listener.start().has_value());
        const RawClient client(listener.port());
        QVERIFY(client.isConnected());
        client.send(associateRequest());
        QVERIFY(client.receive(3000).startsWith('\x02')); // A-ASSOCIATE-AC
        client.send(message);
        const QByteArray answer = client.receive(3000);
        QVERIFY(answer.isEmpty() || answer.startsWith('\x07')); // closed or A-ABORT
        QVERIFY(Reporter(listener.port()).echo());
    }
};

QTEST_GUILESS_MAIN(EventListenerTest)
#include "event_listener_test.moc"
