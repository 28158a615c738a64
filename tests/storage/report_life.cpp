#include "report_life.h"

#include "sample_report.h"
#include "storage/schema.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

namespace yz::test {

namespace {

using State = OutboxItem::State;

const WorkitemUid kTask{QStringLiteral("1.2.3.9")};
const StudyUid kStudy{QStringLiteral("1.2.3")};
const UserId kAuthor{QStringLiteral("u-author")};
const TransactionUid kLock{QStringLiteral("1.2.3.8")};

QByteArray hashOf(const QByteArray& bytes) {
    return QByteArray::number(bytes.size()) + ' ' + QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray text(const QJsonObject& json) { return QJsonDocument(json).toJson(QJsonDocument::Compact); }

QByteArray time(const QDateTime& at) { return at.isValid() ? QByteArray::number(at.toMSecsSinceEpoch()) : "-"; }

/// Content of the n-th picture; no two pages of it are the same.
QByteArray picture(int number) {
    QByteArray bytes;
    for (int i = 0; i < 1500; ++i)
        bytes += "picture " + QByteArray::number(number) + " line " + QByteArray::number(i) + '\n';
    return bytes;
}

DataSetHeader headerOf(int number) {
    DataSetHeader header;
    header.study.study = kStudy;
    header.study.patient.id = PatientId(QStringLiteral("P1"));
    header.study.patient.name = PersonName::fromDicom(QStringLiteral("Wang^XiaoDong=王^小东"));
    header.series.series = SeriesUid(QStringLiteral("1.2.3.4"));
    header.series.modality = QStringLiteral("CT");
    header.instance.study = kStudy;
    header.instance.series = header.series.series;
    header.instance.instance = InstanceUid(QStringLiteral("1.2.3.4.%1").arg(number));
    header.instance.sopClass = SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.2"));
    header.instance.instanceNumber = number;
    header.instance.frameCount = 1;
    return header;
}

Status receive(LifeDesk& desk, int number) {
    DataSetHeader header = headerOf(number);
    const Result<QString> path = desk.store->vault().put(kStudy, header.instance.instance, picture(number));
    if (!path)
        return fail(path.error());
    header.instance.path = *path;
    return desk.store->studies().add(header);
}

Status autosave(LifeDesk& desk, int words) {
    ReportContent content = sampleReport().document.content;
    content.findings = QStringLiteral("右肺上叶见结节，").repeated(words);
    content.impression = QString::number(words); // belongs to these findings and no others
    return desk.store->drafts().save(kTask, kAuthor, content, {{"slice", words}});
}

/// Commits a version with its rows; the window to take it back is ten minutes.
Status commit(LifeDesk& desk, const SignedReport& report) {
    AuditEntry audit = sampleAudit();
    audit.subject = report.document.srInstance.value();
    const auto done =
        desk.store->reports().commit(report, audit, sampleOutbox(report, desk.clock.nowUtc().addSecs(600)));
    return done ? Status() : fail(done.error());
}

SignedReport versionOf(int version) {
    return sampleReport(version, version == 1 ? ReadingState::Submitted : ReadingState::Approved);
}

/// The outbox rows have their numbers in the order they were put in: three a version.
qint64 row(int version, int which) { return 3 * (version - 1) + which; }

const Error kLineDown{ErrorCode::PlatformUnreachable, QStringLiteral("refused")};

AuditEntry about(const QString& event, const InstanceUid& subject) {
    AuditEntry entry = sampleAudit(event);
    entry.subject = subject.value();
    return entry;
}

std::vector<LifeStep> makeLife() {
    using D = LifeDesk;
    const auto instance = [](int version) { return versionOf(version).document.srInstance; };
    return {
        {"first start", [](D& d) { return d.open(); }},
        {"site file", [](D& d) { return writeFileDurably(d.siteFile(), QByteArray(6000, '1')); }},
        {"user",
         [](D& d) {
             User user;
             user.id = kAuthor;
             user.loginName = QStringLiteral("zhangwei");
             user.displayName = QStringLiteral("张伟");
             user.roles = {Role::Reader};
             const Status added = d.store->users().add(user, QStringLiteral("$argon2id$"));
             return added || added.error().code == ErrorCode::AlreadyExists ? Status() : added;
         }},
        {"setting", [](D& d) { return d.store->settings().set(QStringLiteral("layout"), QStringLiteral("2x2")); }},
        {"list",
         [](D& d) {
             ReadingTask task;
             task.uid = kTask;
             task.order.study = kStudy;
             task.order.patient.name = PersonName::fromDicom(QStringLiteral("Wang^XiaoDong=王^小东"));
             return d.store->tasks().replaceAll({task});
         }},
        {"claim asked",
         [](D& d) {
             const auto claim = d.store->claims().begin(kTask, kLock, kAuthor);
             return claim ? Status() : fail(claim.error());
         }},
        {"claim held", [](D& d) { return d.store->claims().markHeld(kTask); }},
        {"expected", [](D& d) { return d.store->studies().setExpectedCount(kStudy, 2); }},
        {"picture 1", [](D& d) { return receive(d, 1); }},
        {"picture 2", [](D& d) { return receive(d, 2); }},
        {"autosave 1", [](D& d) { return autosave(d, 3); }},
        {"autosave 2", [](D& d) { return autosave(d, 700); }},
        {"autosave 3", [](D& d) { return autosave(d, 40); }},
        {"site file again", [](D& d) { return writeFileDurably(d.siteFile(), QByteArray(9000, '2')); }},
        {"author signs", [](D& d) { return commit(d, versionOf(1)); }},
        {"line down",
         [](D& d) { return d.store->outbox().markRetry(row(1, 1), kLineDown, d.clock.nowUtc().addSecs(5)); }},
        {"sent",
         [](D& d) { return d.store->outbox().markSent(row(1, 1), TransactionUid(QStringLiteral("1.2.3.7.1"))); }},
        {"receipt 1", [](D& d) { return d.store->outbox().markDelivered(row(1, 1)); }},
        {"evening",
         [](D& d) {
             d.store.reset();
             return Status();
         }},
        {"morning", [](D& d) { return d.open(); }},
        {"receipt 2", [](D& d) { return d.store->outbox().markDelivered(row(1, 2)); }},
        {"refused",
         [](D& d) {
             return d.store->outbox().park(row(1, 3), {ErrorCode::PeerRefusedObject, QStringLiteral("A900")});
         }},
        {"again", [](D& d) { return d.store->outbox().requeue(row(1, 3)); }},
        {"receipt 3", [](D& d) { return d.store->outbox().markDelivered(row(1, 3)); }},
        {"claim done", [](D& d) { return d.store->claims().markFinished(kTask); }},
        {"reviewer signs", [](D& d) { return commit(d, versionOf(2)); }},
        {"undone",
         [=](D& d) {
             return d.store->reports().undoApproval(instance(2), about(QStringLiteral("undone"), instance(2)));
         }},
        {"claimed again",
         [](D& d) {
             const auto claim = d.store->claims().begin(kTask, TransactionUid(QStringLiteral("1.2.3.88")), kAuthor);
             return claim ? Status() : fail(claim.error());
         }},
        {"reviewer signs again", [](D& d) { return commit(d, versionOf(3)); }},
        {"sent again",
         [](D& d) { return d.store->outbox().markSent(row(3, 1), TransactionUid(QStringLiteral("1.2.3.7.2"))); }},
        {"published",
         [=](D& d) {
             return d.store->reports().markPublished(instance(3),
                                                     about(QStringLiteral("report.published"), instance(3)));
         }},
        {"receipt 4", [](D& d) { return d.store->outbox().markDelivered(row(3, 1)); }},
        {"receipt 5", [](D& d) { return d.store->outbox().markDelivered(row(3, 2)); }},
        {"receipt 6", [](D& d) { return d.store->outbox().markDelivered(row(3, 3)); }},
        {"log-out", [](D& d) { return d.store->audit().append(sampleAudit(QStringLiteral("user.logout"))); }},
    };
}

/// Rows of a count that must be none.
QString mustBeNone(Transaction& transaction, QStringView sql, const char* what) {
    Statement select = transaction.prepare(sql);
    const Result<bool> found = select.step();
    if (!found)
        return found.error().toString();
    if (*found && select.integer(0) != 0)
        return QString::fromLatin1(what);
    return {};
}

QString databaseFault(Database& database) {
    Transaction transaction(database, Transaction::Kind::Read);
    for (const QStringView check : {u"PRAGMA integrity_check", u"PRAGMA foreign_key_check"}) {
        Statement select = transaction.prepare(check);
        const Result<bool> found = select.step();
        if (!found)
            return found.error().toString();
        if (*found && select.text(0) != u"ok")
            return u"integrity: " + select.text(0);
    }
    QString fault = mustBeNone(transaction,
                               u"SELECT count(*) FROM report_version AS v WHERE (SELECT count(*) FROM audit AS a WHERE "
                               "a.subject = v.sr_instance AND a.event = 'report.signed') <> 1",
                               "half: a version without its audit row");
    if (fault.isEmpty())
        fault = mustBeNone(transaction,
                           u"SELECT count(*) FROM audit AS a WHERE a.event = 'report.signed' AND NOT EXISTS (SELECT 1 "
                           "FROM report_version AS v WHERE v.sr_instance = a.subject)",
                           "half: an audit row without its version");
    if (fault.isEmpty())
        fault = mustBeNone(transaction,
                           u"SELECT count(*) FROM report_version AS v WHERE (SELECT count(*) FROM outbox AS o WHERE "
                           "o.report_instance = v.sr_instance) <> 3",
                           "half: a version without its outbox rows");
    if (fault.isEmpty())
        fault = mustBeNone(transaction,
                           u"SELECT count(*) FROM outbox AS o WHERE NOT EXISTS (SELECT 1 FROM report_version AS v "
                           "WHERE v.sr_instance = o.report_instance)",
                           "half: an outbox row without its version");
    if (fault.isEmpty())
        fault = mustBeNone(transaction,
                           u"SELECT count(*) FROM report_version AS v WHERE NOT EXISTS (SELECT 1 FROM report AS r "
                           "WHERE r.id = v.report) OR (SELECT count(*) FROM report_signature AS s WHERE s.sr_instance "
                           "= v.sr_instance) <> 2 OR (SELECT count(*) FROM report_picture AS p WHERE p.sr_instance = "
                           "v.sr_instance) <> 1",
                           "half: a version without its report, signatures or picture");
    return fault;
}

QByteArray fileContent(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("absent");
}

} // namespace

Status LifeDesk::open() {
    store.reset();
    Result<std::unique_ptr<DeskStore>> opened = DeskStore::open(deskFolder(), clock);
    if (!opened)
        return fail(opened.error());
    store = std::move(*opened);
    return {};
}

const std::vector<LifeStep>& reportLife() {
    static const std::vector<LifeStep> life = makeLife();
    return life;
}

Status runStep(LifeDesk& desk, size_t index) {
    desk.clock.setNowUtc(FakeClock().nowUtc().addSecs(static_cast<qint64>(index) * 10));
    return reportLife()[index].run(desk);
}

Result<QByteArray> deskContent(LifeDesk& desk) {
    QByteArray out = "site " + hashOf(fileContent(desk.siteFile())) + '\n';
    if (!desk.store) // between evening and morning
        if (Status opened = desk.open(); !opened)
            return fail(opened.error());
    DeskStore& store = *desk.store;
    const auto users = store.users().all();
    const auto tasks = store.tasks().all();
    const auto claims = store.claims().unfinished();
    const auto studies = store.studies().all();
    const auto expected = store.studies().completeness(kStudy);
    const auto drafts = store.drafts().all();
    const auto reports = store.reports().all();
    const auto outbox = store.outbox().all();
    const auto audit = store.audit().latest(1000000);
    for (const std::optional<Error>& error :
         {users ? std::nullopt : std::optional(users.error()), tasks ? std::nullopt : std::optional(tasks.error()),
          claims ? std::nullopt : std::optional(claims.error()),
          studies ? std::nullopt : std::optional(studies.error()),
          expected ? std::nullopt : std::optional(expected.error()),
          drafts ? std::nullopt : std::optional(drafts.error()),
          reports ? std::nullopt : std::optional(reports.error()),
          outbox ? std::nullopt : std::optional(outbox.error()), audit ? std::nullopt : std::optional(audit.error())})
        if (error)
            return fail(*error);

    out += "layout " + store.settings().value(QStringLiteral("layout")).toString().toUtf8() + '\n';
    for (const User& user : *users)
        out += "user " + user.id.value().toUtf8() + ' ' + user.displayName.toUtf8() + '\n';
    out += "list of " + time(tasks->asOf) + '\n';
    for (const ReadingTask& task : tasks->tasks)
        out += "task " + text(toJson(task)) + '\n';
    for (const ClaimStore::Claim& claim : *claims)
        out += "claim " + claim.task.value().toUtf8() + ' ' + claim.transaction.value().toUtf8() + ' ' +
               QByteArray::number(static_cast<int>(claim.settled)) + ' ' + time(claim.at) + '\n';
    for (const StudyRecord& study : *studies)
        for (const SeriesRecord& series : study.series)
            for (const InstanceRecord& instance : series.instances)
                out += "picture " + instance.instance.value().toUtf8() + '\n';
    out += "expected " + QByteArray::number(expected->expected) + '\n';
    for (const DraftStore::Draft& draft : *drafts)
        out += "draft " + draft.task.value().toUtf8() + ' ' + hashOf(text(toJson(draft.content))) + ' ' +
               text(draft.viewState) + ' ' + time(draft.savedAt) + '\n';
    for (const ReportStore::Summary& summary : *reports) {
        const Result<SignedReport> version = store.reports().version(summary.document.srInstance);
        if (!version)
            return fail(version.error());
        out += "version " + hashOf(text(toJson(version->document))) + ' ' + hashOf(version->srFile) + ' ' +
               hashOf(version->pdfFile) + ' ' + hashOf(version->pdf) + ' ' + stateName(summary.state).toUtf8() +
               (summary.undone ? " undone" : "");
        for (const SignatureRecord& signature : version->signatures)
            out += ' ' + hashOf(signature.manifest + signature.cms);
        out += '\n';
    }
    for (const OutboxItem& item : *outbox)
        out += "outbox " + QByteArray::number(item.number) + ' ' + outboxKindName(item.kind).toUtf8() + ' ' +
               outboxStateName(item.state).toUtf8() + ' ' + item.reportInstance.value().toUtf8() + ' ' +
               item.transaction.value().toUtf8() + ' ' + text(item.details) + ' ' + time(item.createdAt) + ' ' +
               time(item.notBefore) + ' ' + QByteArray::number(item.attempts) + ' ' +
               (item.lastError ? item.lastError->toString().toUtf8() : QByteArray("-")) + ' ' + time(item.deliveredAt) +
               '\n';
    for (const AuditStore::Row& row : *audit)
        out += "audit " + QByteArray::number(row.number) + ' ' + time(row.at) + ' ' + row.entry.event.toUtf8() + ' ' +
               row.entry.user.value().toUtf8() + ' ' + row.entry.subject.toUtf8() + ' ' + text(row.entry.details) +
               '\n';
    return out;
}

QString deskFault(LifeDesk& desk) {
    const auto database = Database::open(desk.deskFolder() + QStringLiteral("/desk.db"), deskMigrations());
    if (!database)
        return u"will not open: " + database.error().toString();
    if (QString fault = databaseFault(**database); !fault.isEmpty())
        return fault;
    if (const Status chain = desk.store->audit().verifyChain(); !chain)
        return u"audit chain: " + chain.error().toString();
    const auto studies = desk.store->studies().all();
    if (!studies)
        return studies.error().toString();
    for (const StudyRecord& study : *studies)
        for (const SeriesRecord& series : study.series)
            for (const InstanceRecord& instance : series.instances) {
                const Result<QByteArray> file = desk.store->vault().read(study.study, instance.instance);
                if (file ? *file != picture(instance.instanceNumber) : file.error().code != ErrorCode::FileNotFound)
                    return QStringLiteral("torn: a picture that is said to be here");
            }
    return {};
}

QString cannotGoOn(LifeDesk& desk) {
    DeskStore& store = *desk.store;
    const auto before = store.claims().find(kTask);
    const auto now = store.claims().begin(kTask, TransactionUid(QStringLiteral("1.2.3.99")), kAuthor);
    if (!before || !now)
        return u"claim: " + (before ? now.error() : before.error()).toString();
    if (*before && (*before)->transaction != now->transaction)
        return QStringLiteral("the claim lost its Transaction UID");
    const SignedReport next = sampleReport(1, ReadingState::Approved, QStringLiteral("report-2"));
    const auto numbers = store.reports().commit(next, about(QStringLiteral("report.signed"), next.document.srInstance),
                                                sampleOutbox(next));
    if (!numbers)
        return u"next report: " + numbers.error().toString();
    if (const Status sent = store.outbox().markSent(numbers->front(), kLock); !sent)
        return u"next report: " + sent.error().toString();
    if (const Status reopened = desk.open(); !reopened)
        return u"next start: " + reopened.error().toString();
    const auto kept = desk.store->reports().version(next.document.srInstance);
    if (!kept || kept->srFile != next.srFile)
        return QStringLiteral("the next report is not kept");
    return deskFault(desk);
}

} // namespace yz::test
