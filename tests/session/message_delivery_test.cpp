#include "exchange/fake_server.h"
#include "exchange/sample_source.h"
#include "worklist/scripted_source.h"

#include "core/uid.h"
#include "exchange/report_fields.h"
#include "security/secret_store.h"
#include "session/audit_relay.h"
#include "session/delivery_service.h"
#include "session/message_delivery.h"
#include "session/outbox_export.h"
#include "session/report_target_json.h"
#include "session/site.h"
#include "storage/desk_store.h"
#include "support/fake_clock.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace std::chrono_literals;
using test::FakeServer;
using Form = ReportTarget::Form;
using Kind = OutboxItem::Kind;
using State = OutboxItem::State;
using Reply = FakeServer::Reply;

namespace {

const CancelToken kNever;

/// A platform's archive that keeps what it is given, and is away when told.
class Archive final : public ReportSink {
public:
    bool isAway = false;
    bool refuses = false;
    QSet<QString> kept;

    Result<bool> has(const StudyUid&, const SeriesUid&, const InstanceUid& instance, const CancelToken&) override {
        if (isAway)
            return fail(ErrorCode::PlatformUnreachable);
        return kept.contains(instance.value());
    }
    Status store(const std::vector<ObjectToSend>& objects, const CancelToken&) override {
        if (refuses)
            return fail(ErrorCode::PeerRefusedObject);
        for (const ObjectToSend& object : objects)
            kept.insert(object.object.instance.value());
        return {};
    }
    Result<CommitmentOutcome> commit(const std::vector<SopReference>& objects, const TransactionUid&,
                                     std::chrono::milliseconds, const CancelToken&) override {
        return CommitmentOutcome{objects, {}};
    }
};

QByteArray acknowledged(const QByteArray& frame, const QByteArray& code) {
    const QByteArray id = frame.split('|').value(9);
    return "\x0bMSH|^~\\&|H|H|Y|Y|1||ACK|1|P|2.5.1\rMSA|" + code + '|' + id + "\r\x1c\r";
}

} // namespace

class MessageDeliveryTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_count = 0;
    test::FakeClock m_clock;
    RandomUidSource m_uids;
    std::unique_ptr<DeskStore> m_store;
    test::ScriptedSource m_worklist;
    Archive m_archive;
    std::vector<ReportTarget> m_targets;
    std::unique_ptr<MessageDelivery> m_messages;
    std::unique_ptr<DeliveryService> m_delivery;

    void open(const std::vector<ReportTarget>& targets, bool again = false) {
        m_delivery.reset();
        m_messages.reset();
        m_store.reset();
        m_count += again ? 0 : 1;
        m_targets = targets;
        m_store = DeskStore::open(m_folder.filePath(QString::number(m_count)), m_clock).value();
        m_messages = std::make_unique<MessageDelivery>(*m_store, targets);
        m_delivery = std::make_unique<DeliveryService>(*m_store, m_worklist, m_archive, m_clock, m_uids,
                                                       QStringLiteral("DESK1"), 1000ms, m_messages.get());
    }

    /// Signs nothing but keeps a version as signing does: report, audit entry and rows in one transaction.
    InstanceUid keep(int number, const QDateTime& notBefore = {}) {
        SignedReport report = test::exchangeReport();
        ReportDocument& document = report.document;
        document.report = ReportId(QStringLiteral("2.25.1.%1").arg(number));
        document.srInstance = InstanceUid(QStringLiteral("2.25.2.%1").arg(number));
        document.pdfInstance = InstanceUid(QStringLiteral("2.25.3.%1").arg(number));
        document.order.study = StudyUid(QStringLiteral("2.25.4.%1").arg(number));
        document.order.accessionNumber = QStringLiteral("ACC%1").arg(number);
        report.signatures = {{SignatureRecord::Role::Author, "manifest", "author's"},
                             {SignatureRecord::Role::Reviewer, "manifest", "reviewer's"}};
        report.srFile = "sr";
        report.pdfFile = "pdf object";
        OutboxItem item;
        item.study = document.order.study;
        item.reportInstance = document.srInstance;
        item.notBefore = notBefore;
        std::vector<OutboxItem> rows{item};
        for (const ReportTarget& target : m_targets) {
            item.kind = Kind::SendMessage;
            item.target = target.id;
            rows.push_back(item);
        }
        const AuditEntry entry{QStringLiteral("report.approved"), {}, document.srInstance.value(), true, {}};
        const auto kept = m_store->reports().commit(report, entry, rows);
        if (!kept)
            qWarning() << kept.error().toString();
        return document.srInstance;
    }
    /// Delivers until nothing is due; false when it never ends.
    bool drain(int limit = 100000) {
        for (int i = 0; i < limit; ++i)
            if (!m_delivery->deliverNext(kNever).value())
                return true;
        return false;
    }
    [[nodiscard]] OutboxItem item(const QString& target, size_t index = 0) const {
        const auto items = m_store->outbox().all();
        for (const OutboxItem& one : items.value())
            if (one.target == target && index-- == 0)
                return one;
        return {};
    }
    [[nodiscard]] static ReportTarget hl7(const FakeServer& server, const QString& id = QStringLiteral("his")) {
        ReportTarget target =
            test::exchangeTarget(Form::Hl7Oru, QStringLiteral("mllp://127.0.0.1:%1").arg(server.port()));
        target.id = id;
        target.timeout = 2s;
        return target;
    }
    [[nodiscard]] ReportTarget folderTarget(const QString& id) const {
        ReportTarget target = test::exchangeTarget(
            Form::CdaDocument, QUrl::fromLocalFile(m_folder.filePath(id + QString::number(m_count + 1))).toString());
        target.id = id;
        QDir().mkpath(target.address.toLocalFile());
        return target;
    }

private Q_SLOTS:
    void init() {
        qputenv("TZ", "Asia/Shanghai");
        m_clock = {};
        m_archive = {};
    }
    void cleanup() {
        m_delivery.reset();
        m_messages.reset();
        m_store.reset();
    }

    void eachTargetHasItsReceipt() {
        FakeServer server([](const QByteArray& received, int) -> std::optional<Reply> {
            return received.endsWith("\x1c\r") ? std::optional(Reply{acknowledged(received, "AA"), true})
                                               : std::nullopt;
        });
        const ReportTarget cda = folderTarget(QStringLiteral("repository"));
        open({hl7(server), cda});
        const InstanceUid sr = keep(1);
        QVERIFY(drain());
        QCOMPARE(item(QStringLiteral("his")).state, State::Delivered);
        QCOMPARE(item(QStringLiteral("his")).receipt,
                 QString(QStringLiteral("AA ") + exchange::messageIdFor(sr, QStringLiteral("his"))));
        const OutboxItem document = item(QStringLiteral("repository"));
        QCOMPARE(document.state, State::Delivered);
        const QString name = QString(exchange::messageIdFor(sr, QStringLiteral("repository")) + QStringLiteral(".xml"));
        QCOMPARE(document.receipt, QString(QStringLiteral("written ") + name));
        QFile file(cda.address.toLocalFile() + u'/' + name);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), m_store->outbox().message(document.number).value().value());
    }

    void nothingReachesOthersBeforeThePlatformHasIt() {
        FakeServer server([](const QByteArray& received, int) -> std::optional<Reply> {
            return received.endsWith("\x1c\r") ? std::optional(Reply{acknowledged(received, "AA"), true})
                                               : std::nullopt;
        });
        open({hl7(server)});
        m_archive.isAway = true;
        keep(1);
        drain();
        QCOMPARE(server.connections(), 0);
        m_archive.isAway = false;
        m_archive.refuses = true;
        m_clock.advance(1h);
        drain();
        QCOMPARE(item({}).state, State::Parked);
        m_clock.advance(1h);
        drain();
        QCOMPARE(server.connections(), 0);
        QCOMPARE(item(QStringLiteral("his")).state, State::Queued);
        m_archive.refuses = false;
        QVERIFY(m_store->outbox().requeue(item({}).number));
        drain();
        QCOMPARE(item(QStringLiteral("his")).state, State::Delivered);
    }

    void undoTakesEverythingBack() {
        FakeServer server([](const QByteArray&, int) { return std::optional<Reply>(); });
        open({hl7(server)});
        const InstanceUid sr = keep(1, m_clock.nowUtc().addSecs(600));
        QVERIFY(!m_delivery->deliverNext(kNever).value());
        QVERIFY(m_store->outbox().hold(item(QStringLiteral("his")).number));
        QVERIFY(
            m_store->reports().undoApproval(sr, {QStringLiteral("report.approval-undone"), {}, sr.value(), true, {}}));
        QCOMPARE(item({}).state, State::Withdrawn);
        QCOMPARE(item(QStringLiteral("his")).state, State::Withdrawn);
        m_clock.advance(1h);
        drain();
        QCOMPARE(server.connections(), 0);
    }

    void everyTrySendsTheSameBytes() {
        // The first answer is lost; then the program dies, is updated and set up differently.
        FakeServer server([](const QByteArray& received, int connection) -> std::optional<Reply> {
            if (!received.endsWith("\x1c\r"))
                return std::nullopt;
            return connection == 1 ? Reply{{}, true} : Reply{acknowledged(received, "AA"), true};
        });
        open({hl7(server)});
        keep(1);
        drain();
        QCOMPARE(item(QStringLiteral("his")).state, State::Queued);
        QCOMPARE(item(QStringLiteral("his")).lastError->code, ErrorCode::PeerError);
        ReportTarget changed = hl7(server);
        changed.receivingApplication = QStringLiteral("OTHER");
        open({changed}, true);
        m_clock.advance(1h);
        drain();
        QCOMPARE(item(QStringLiteral("his")).state, State::Delivered);
        QCOMPARE(server.connections(), 2);
        QVERIFY(!server.received().at(0).isEmpty());
        QCOMPARE(server.received().at(0), server.received().at(1));
    }

    void aRefusedMessageWaitsForAPerson() {
        FakeServer server([](const QByteArray& received, int connection) -> std::optional<Reply> {
            return received.endsWith("\x1c\r")
                       ? std::optional(Reply{acknowledged(received, connection == 1 ? "AE" : "AA"), true})
                       : std::nullopt;
        });
        open({hl7(server)});
        keep(1);
        keep(2);
        drain();
        QCOMPARE(item(QStringLiteral("his")).state, State::Parked);
        QCOMPARE(item(QStringLiteral("his")).lastError->detail, QStringLiteral("AE"));
        QCOMPARE(item(QStringLiteral("his"), 1).state, State::Delivered); // another study's
        m_clock.advance(24h);
        drain();
        QCOMPARE(server.connections(), 2);
        QVERIFY(m_store->outbox().requeue(item(QStringLiteral("his")).number));
        drain();
        QCOMPARE(item(QStringLiteral("his")).state, State::Delivered);
    }

    void aDeadTargetCostsOneTryAndHoldsUpNobody() {
        int port = 0;
        {
            const FakeServer gone([](const QByteArray&, int) { return std::optional<Reply>(); });
            port = gone.port();
        }
        ReportTarget dead = test::exchangeTarget(Form::Hl7Oru, QStringLiteral("mllp://127.0.0.1:%1").arg(port));
        const ReportTarget cda = folderTarget(QStringLiteral("repository"));
        open({dead, cda});
        for (int i = 0; i < 20; ++i)
            keep(i);
        QVERIFY(drain());
        int tries = 0, delivered = 0;
        const auto items2 = m_store->outbox().all();
        for (const OutboxItem& one : items2.value()) {
            tries += one.target == u"his" ? one.attempts : 0;
            delivered += one.target != u"his" && one.state == State::Delivered ? 1 : 0;
        }
        QCOMPARE(tries, 1);
        QCOMPARE(delivered, 40);
        // A day of it: the intervals grow.
        for (int minute = 0; minute < 24 * 60; ++minute) {
            m_clock.advance(1min);
            drain();
        }
        tries = 0;
        const auto items3 = m_store->outbox().all();
        for (const OutboxItem& one : items3.value())
            tries += one.target == u"his" ? one.attempts : 0;
        QVERIFY2(tries > 100 && tries < 200, qPrintable(QString::number(tries)));
        // Back again: everything goes at once, each report once.
        FakeServer back([](const QByteArray& received, int) -> std::optional<Reply> {
            return received.endsWith("\x1c\r") ? std::optional(Reply{acknowledged(received, "AA"), true})
                                               : std::nullopt;
        });
        dead.address.setPort(back.port());
        open({dead, cda}, true);
        m_clock.advance(10min);
        QVERIFY(drain());
        QCOMPARE(m_store->outbox().pendingCount().value(), 0);
        QCOMPARE(back.connections(), 20);
    }

    void aMessageItCannotDigestDoesNotStopTheOthers() {
        FakeServer server([](const QByteArray& received, int) -> std::optional<Reply> {
            if (!received.endsWith("\x1c\r"))
                return std::nullopt;
            if (received.contains("ACC0"))
                return Reply{{}, true}; // it falls over this one, always
            return Reply{acknowledged(received, "AA"), true};
        });
        open({hl7(server)});
        for (int i = 0; i < 5; ++i)
            keep(i);
        for (int minute = 0; minute < 30; ++minute) {
            drain();
            m_clock.advance(1min);
        }
        QCOMPARE(item(QStringLiteral("his"), 0).state, State::Queued);
        for (size_t i = 1; i < 5; ++i)
            QCOMPARE(item(QStringLiteral("his"), i).state, State::Delivered);
    }

    void heldItemsWait() {
        const ReportTarget cda = folderTarget(QStringLiteral("repository"));
        open({cda});
        keep(1);
        const qint64 number = item(QStringLiteral("repository")).number;
        QVERIFY(m_store->outbox().hold(number));
        drain();
        m_clock.advance(24h);
        drain();
        QCOMPARE(item(QStringLiteral("repository")).state, State::Held);
        QCOMPARE(m_store->outbox().pendingCount().value(), 1);
        QVERIFY(m_store->outbox().requeue(number));
        drain();
        QCOMPARE(item(QStringLiteral("repository")).state, State::Delivered);
        QVERIFY(!m_store->outbox().hold(number));
    }

    void aTargetThatIsOffOrGoneWaits() {
        ReportTarget cda = folderTarget(QStringLiteral("repository"));
        open({cda});
        keep(1);
        cda.isOn = false;
        open({cda}, true);
        drain();
        QCOMPARE(item(QStringLiteral("repository")).state, State::Queued);
        open({}, true);
        m_clock.advance(1h);
        drain();
        QCOMPARE(item(QStringLiteral("repository")).lastError->code, ErrorCode::NotAllowed);
        cda.isOn = true;
        open({cda}, true);
        m_clock.advance(1h);
        drain();
        QCOMPARE(item(QStringLiteral("repository")).state, State::Delivered);
    }

    void exactlyOnceOverABadReceiver() {
        // A receiver that drops connections at random, before or after it has taken a message, and knows repeats by
        // MSH-10.
        QRandomGenerator random(5);
        QMap<QByteArray, QByteArray> taken;
        int repeats = 0;
        FakeServer server([&](const QByteArray& received, int) -> std::optional<Reply> {
            if (!received.endsWith("\x1c\r"))
                return std::nullopt;
            const quint32 luck = random.bounded(4u);
            if (luck == 0)
                return Reply{{}, true};
            const QByteArray id = received.split('|').value(9);
            if (taken.contains(id)) {
                ++repeats;
                if (taken[id] != received)
                    taken[id] = "differs";
            } else {
                taken.insert(id, received);
            }
            const QByteArray answer = acknowledged(received, "AA");
            return luck == 1 ? Reply{answer.left(25), true} : Reply{answer, true};
        });
        constexpr int kReports = 200;
        open({hl7(server)});
        for (int i = 0; i < kReports; ++i)
            keep(i);
        for (int round = 0; round < 20000 && m_store->outbox().pendingCount().value() > 0; ++round) {
            drain();
            m_clock.advance(10min);
            if (round % 50 == 49)
                open(m_targets, true); // the desk starts anew now and then
        }
        QCOMPARE(m_store->outbox().pendingCount().value(), 0);
        QCOMPARE(taken.size(), kReports);
        QVERIFY(repeats > 10);
        for (const QByteArray& message : taken)
            QVERIFY(message != "differs");
    }

    void whatAnItemCarriesCanBeSaved() {
        const ReportTarget cda = folderTarget(QStringLiteral("repository"));
        open({cda});
        keep(1);
        const QTemporaryDir out;
        const UserId user(QStringLiteral("u9"));
        const Result<QStringList> message =
            exportOutboxItem(*m_store, *m_messages, item(QStringLiteral("repository")), out.path(), user);
        QCOMPARE(message.value(), QStringList{QStringLiteral("outbox-2-repository.xml")});
        QCOMPARE(exportOutboxItem(*m_store, *m_messages, item({}), out.path(), user)->size(), 3);
        QCOMPARE(m_store->audit().latest(1)->front().entry.event, QStringLiteral("outbox.exported"));
        // Saving is no sending: the bytes are kept at the first try only.
        QVERIFY(!m_store->outbox().message(item(QStringLiteral("repository")).number).value());
        QFile file(out.filePath(QStringLiteral("outbox-2-repository.xml")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray saved = file.readAll();
        drain();
        QCOMPARE(m_store->outbox().message(item(QStringLiteral("repository")).number).value().value(), saved);
    }

    void targetsAreKeptInTheSite() {
        Site site;
        ReportTarget target = test::exchangeTarget(Form::Hl7Oru, QStringLiteral("mllps://10.1.2.3:2575"));
        target.characterSet = QStringLiteral("GB 18030-2000");
        target.tls.caFile = QStringLiteral("/etc/ca.pem");
        target.preliminary = true;
        site.reportTargets = {target, test::exchangeTarget(Form::FhirBundle, QStringLiteral("https://r.example/fhir"))};
        site.reportTargets[1].id = QStringLiteral("region");
        site.auditRepository.address = QUrl(QStringLiteral("syslogs://audit.example:6514"));
        const QString path = m_folder.filePath(QStringLiteral("site.json"));
        QVERIFY(site.save(path));
        const Result<Site> loaded = Site::load(path);
        QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().toString()));
        QCOMPARE(*loaded, site);
        // Secrets come from the desk's store and never go into the file.
        SecretStore secrets(m_folder.path());
        QVERIFY(secrets.set(QStringLiteral("target/region/secret"), "Bearer abc"));
        const auto full = withSecrets(loaded->reportTargets, m_folder.path());
        QCOMPARE(full[1].authorization, QByteArray("Bearer abc"));
        QVERIFY(full[0].authorization.isEmpty());
        site.reportTargets = full;
        QVERIFY(site.save(path));
        QFile written(path);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(!written.readAll().contains("abc"));
        for (const char* wrong :
             {"{\"reportTargets\":[{\"id\":\"A b\",\"form\":\"hl7\",\"address\":\"mllp://h:1\"}]}",
              "{\"reportTargets\":[{\"id\":\"a\",\"form\":\"hl7\",\"address\":\"http://h:1\"}]}",
              "{\"reportTargets\":[{\"id\":\"a\",\"form\":\"fax\",\"address\":\"mllp://h:1\"}]}",
              "{\"reportTargets\":[{\"id\":\"a\",\"form\":\"fhir\",\"address\":\"https://u:p@h/\"}]}",
              "{\"reportTargets\":[{\"id\":\"a\",\"form\":\"cda\",\"address\":\"file:///"
              "x\"},{\"id\":\"a\",\"form\":\"cda\",\"address\":\"file:///y\"}]}",
              "{\"reportTargets\":{}}", "{\"auditRepository\":{\"address\":\"udp://h\"}}"}) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(wrong);
            file.close();
            const Result<Site> refused = Site::load(path);
            QVERIFY2(!refused, wrong);
            QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        }
    }

    void auditLogIsRelayedWithoutLossOrFlood() {
        open({});
        constexpr int kRows = 250;
        for (int i = 0; i < kRows; ++i)
            QVERIFY(m_store->audit().append({QStringLiteral("user.login"), UserId(QStringLiteral("u")), {}, true, {}}));
        AuditTarget target;
        target.timeout = 3s;
        const AuditOrigin origin{{}, QStringLiteral("DESK1"), QStringLiteral("YZ"), {}, QStringLiteral("d")};
        {
            const FakeServer gone([](const QByteArray&, int) { return std::optional<Reply>(); });
            target.address = QUrl(QStringLiteral("syslog://127.0.0.1:%1").arg(gone.port()));
        }
        QCOMPARE(AuditRelay(*m_store, target, origin).relayNext(kNever).error().code, ErrorCode::PlatformUnreachable);
        QCOMPARE(AuditRelay(*m_store, target, origin).position(), 0);

        FakeServer server([](const QByteArray& received, int connection) -> std::optional<Reply> {
            return connection == 2 && !received.isEmpty() ? std::optional(Reply{{}, true}) : std::nullopt;
        });
        target.address.setPort(server.port());
        const auto first = AuditRelay(*m_store, target, origin).relayNext(kNever);
        QVERIFY2(first, first ? "" : qPrintable(first.error().toString()));
        QCOMPARE(first->sent, AuditRelay::kBatch);
        QVERIFY(first->isMore);
        QVERIFY(!AuditRelay(*m_store, target, origin).relayNext(kNever)); // swallowed by a broken connection
        QCOMPARE(AuditRelay(*m_store, target, origin).position(), AuditRelay::kBatch);
        open({}, true); // a restart
        AuditRelay relay(*m_store, target, origin);
        QCOMPARE(relay.relayNext(kNever)->sent, AuditRelay::kBatch);
        const auto last = relay.relayNext(kNever);
        QCOMPARE(last->sent, kRows - 2 * AuditRelay::kBatch);
        QVERIFY(!last->isMore);
        QCOMPARE(relay.relayNext(kNever)->sent, 0);
        QCOMPARE(relay.position(), kRows);
        const auto seen = [&] {
            QSet<QByteArray> numbers;
            for (const QByteArray& stream : server.received())
                for (qsizetype at = stream.indexOf("sequenceId=\""); at >= 0;
                     at = stream.indexOf("sequenceId=\"", at + 1))
                    numbers.insert(stream.mid(at + 12, stream.indexOf('"', at + 12) - at - 12));
            return static_cast<int>(numbers.size());
        };
        QTRY_COMPARE_WITH_TIMEOUT(seen(), kRows, 20000);

        QCOMPARE(AuditRelayController::pause(0, {100, true}, 50), std::chrono::milliseconds(2s));
        QCOMPARE(AuditRelayController::pause(1, {}, 50), std::chrono::milliseconds(5s));
        QCOMPARE(AuditRelayController::pause(20, {}, 50), std::chrono::milliseconds(600s));
    }
};

QTEST_GUILESS_MAIN(MessageDeliveryTest)
#include "message_delivery_test.moc"
