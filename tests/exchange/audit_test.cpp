#include "fake_server.h"

#include "exchange/audit_client.h"
#include "exchange/audit_message_writer.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace yz;
using namespace yz::exchange;
using namespace std::chrono_literals;
using test::FakeServer;

namespace {

using Reply = FakeServer::Reply;

AuditOrigin origin() {
    return {QStringLiteral("县人民医院"), QStringLiteral("DESK1"), QStringLiteral("YUANZHEN"),
            QStringLiteral("YZPLATFORM"), QStringLiteral("desk-1.local")};
}

AuditFact fact(const QString& event, bool success = true) {
    AuditFact one;
    one.number = 7;
    one.at = QDateTime(QDate(2026, 3, 2), QTime(1, 2, 3, 45), Qt::UTC);
    one.entry = {event, UserId(QStringLiteral("u1")), QStringLiteral("2.25.200"), success,
                 QJsonObject{{"study", "1.2.3"}, {"patient", "P1"}, {"version", 2}, {"reason", "PasswordWrong"}}};
    one.userName = QStringLiteral("张伟");
    return one;
}

/// name -> attributes of the first element of that name.
QMap<QString, QXmlStreamAttributes> elementsOf(const QByteArray& xml) {
    QMap<QString, QXmlStreamAttributes> elements;
    QXmlStreamReader reader(xml);
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement && !elements.contains(reader.name().toString()))
            elements.insert(reader.name().toString(), reader.attributes());
    return reader.hasError() ? QMap<QString, QXmlStreamAttributes>() : elements;
}

/// The messages in a stream of RFC 5425 frames; empty when the framing is wrong.
std::vector<QByteArray> framesOf(QByteArray stream) {
    std::vector<QByteArray> messages;
    while (!stream.isEmpty()) {
        const qsizetype space = stream.indexOf(' ');
        bool isNumber = false;
        const qsizetype length = stream.left(space).toLongLong(&isNumber);
        if (space < 1 || !isNumber || stream.size() < space + 1 + length)
            return {};
        messages.push_back(stream.mid(space + 1, length));
        stream.remove(0, space + 1 + length);
    }
    return messages;
}

AuditTarget targetOf(const FakeServer& server) {
    AuditTarget target;
    target.address = QUrl(QStringLiteral("syslog://127.0.0.1:%1").arg(server.port()));
    target.timeout = 3s;
    return target;
}

} // namespace

class ExchangeAuditTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eventsHaveTheirCodes() {
        for (const AuditEventRow& row : auditEventRows()) {
            const auto elements = elementsOf(writeAuditMessage(fact(QLatin1String(row.event)), origin()));
            QCOMPARE(elements["EventID"].value("csd-code").toString(), QLatin1String(row.code));
            QCOMPARE(elements["EventID"].value("codeSystemName").toString(), QStringLiteral("DCM"));
            QCOMPARE(elements["EventIdentification"].value("EventActionCode").toString(),
                     QString(QLatin1Char(row.action)));
            QCOMPARE(elements["EventIdentification"].value("EventOutcomeIndicator").toString(), QStringLiteral("0"));
            QCOMPARE(elements["ActiveParticipant"].value("UserName").toString(), QStringLiteral("张伟"));
        }
        const auto own = elementsOf(writeAuditMessage(fact(QStringLiteral("outbox.held"), false), origin()));
        QCOMPARE(own["EventID"].value("codeSystemName").toString(), QStringLiteral("99YZ"));
        QCOMPARE(own["EventIdentification"].value("EventOutcomeIndicator").toString(), QStringLiteral("4"));
        QCOMPARE(own["ParticipantObjectIdentification"].value("ParticipantObjectID").toString(),
                 QStringLiteral("1.2.3"));
    }
    void messagesFitTheSchema() {
        // The schema of PS3.15 A.5.1.1 in RELAX NG compact syntax, judged by jing (Debian).
        const QString schema = qEnvironmentVariable("YZ_AUDIT_RNC");
        if (schema.isEmpty() || QStandardPaths::findExecutable(QStringLiteral("jing")).isEmpty())
            QSKIP("no jing, or YZ_AUDIT_RNC does not name the schema");
        const QTemporaryDir folder;
        QStringList files;
        const auto add = [&](const AuditFact& one) {
            QFile file(folder.filePath(QStringLiteral("%1.xml").arg(files.size())));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(writeAuditMessage(one, origin()));
            files.append(file.fileName());
        };
        for (const AuditEventRow& row : auditEventRows())
            add(fact(QLatin1String(row.event)));
        add(fact(QStringLiteral("something.else"), false));
        AuditFact bare;
        bare.at = QDateTime(QDate(2026, 3, 2), QTime(1, 2, 3), Qt::UTC);
        bare.entry.event = QStringLiteral("user.login");
        add(bare);
        QProcess judge;
        judge.start(QStringLiteral("jing"), QStringList{QStringLiteral("-c"), schema} + files);
        QVERIFY(judge.waitForFinished(60000));
        QVERIFY2(judge.exitCode() == 0, judge.readAllStandardOutput().constData());
    }
    void syslogHeader() {
        const QByteArray message = syslogMessage(fact(QStringLiteral("user.login")), origin(), "<x/>");
        QCOMPARE(message, QByteArray("<85>1 2026-03-02T01:02:03.045Z desk-1.local yuanzhen - DICOM+RFC3881 "
                                     "[meta sequenceId=\"7\"] \xef\xbb\xbf<x/>"));
        AuditOrigin nameless = origin();
        nameless.hostName = QStringLiteral("工作站 ");
        QVERIFY(syslogMessage(fact(QStringLiteral("a")), nameless, "").contains("Z - yuanzhen"));
    }

    void framesAreCounted() {
        const FakeServer server([](const QByteArray&, int) { return std::optional<Reply>(); });
        const std::vector<QByteArray> messages{"<85>1 a", QByteArray(70000, 'x'), "王\n小东"};
        const Status sent = AuditClient(targetOf(server)).send(messages, CancelToken());
        QVERIFY2(sent, sent ? "" : qPrintable(sent.error().toString()));
        QTRY_COMPARE(framesOf(server.received().at(0)).size(), size_t(3));
        QCOMPARE(framesOf(server.received().at(0)), messages);
    }
    void aRepositoryThatClosesIsNoSuccess() {
        const FakeServer server([](const QByteArray& received, int) -> std::optional<Reply> {
            return received.isEmpty() ? std::nullopt : std::optional(Reply{{}, true});
        });
        const Status sent = AuditClient(targetOf(server)).send({"<85>1 a"}, CancelToken());
        QVERIFY(!sent);
        QCOMPARE(sent.error().code, ErrorCode::PeerError);
    }
    void nobodyThere() {
        AuditTarget target;
        {
            const FakeServer server([](const QByteArray&, int) { return std::optional<Reply>(); });
            target = targetOf(server);
        }
        QCOMPARE(AuditClient(target).send({"x"}, CancelToken()).error().code, ErrorCode::PlatformUnreachable);
        target.address = QUrl(QStringLiteral("syslog://192.0.2.1:601"));
        QCOMPARE(AuditClient(target).send({"x"}, CancelToken()).error().code, ErrorCode::NotAllowed);
    }
    void overTls() {
        const QTemporaryDir folder;
        if (!test::makeTestCertificates(folder.path()))
            QSKIP("no openssl program");
        const FakeServer server([](const QByteArray&, int) { return std::optional<Reply>(); },
                                test::serverTls(folder.path(), true));
        AuditTarget target = targetOf(server);
        target.address = QUrl(QStringLiteral("syslogs://localhost:%1").arg(server.port()));
        QFile key(folder.filePath(QStringLiteral("client.key")));
        QVERIFY(key.open(QIODevice::ReadOnly));
        target.tls = {folder.filePath(QStringLiteral("ca.pem")), folder.filePath(QStringLiteral("client.pem")),
                      key.readAll()};
        const Status sent = AuditClient(target).send({"<85>1 a"}, CancelToken());
        QVERIFY2(sent, sent ? "" : qPrintable(sent.error().toString()));
        QTRY_COMPARE(server.received().at(0), QByteArray("7 <85>1 a"));
        target.tls.caFile = folder.filePath(QStringLiteral("other.pem"));
        QCOMPARE(AuditClient(target).send({"x"}, CancelToken()).error().code, ErrorCode::CertificateUntrusted);
    }
};

QTEST_GUILESS_MAIN(ExchangeAuditTest)
#include "audit_test.moc"
