#include "storage/report_store.h"

#include "storage/row_values.h"

namespace yz {

namespace {

QString roleText(SignatureRecord::Role role) {
    return role == SignatureRecord::Role::Reviewer ? QStringLiteral("reviewer") : QStringLiteral("author");
}

/// The one or no row of a look-up of texts; empty when there is none.
Result<std::optional<QString>> lookUp(Transaction& transaction, QStringView sql, const QString& key) {
    Statement select = transaction.prepare(sql);
    const Result<bool> row = select.bind(1, key).step();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(select.text(0)) : std::nullopt;
}

Status putState(Transaction& transaction, const ReportId& report, const StudyUid& study, ReadingState state,
                const QDateTime& now) {
    Statement upsert = transaction.prepare(u"INSERT INTO report (id, study, state, changed_at) VALUES (?, ?, ?, ?) ON "
                                           "CONFLICT (id) DO UPDATE SET state = excluded.state, changed_at = "
                                           "excluded.changed_at");
    upsert.bind(1, report.value()).bind(2, study.value()).bind(3, stateName(state));
    bindTime(upsert, 4, now);
    if (const Result<int> done = upsert.run(); !done)
        return fail(done.error());
    return {};
}

Status insertPictures(Transaction& transaction, const ReportDocument& document) {
    Statement insert = transaction.prepare(u"INSERT INTO report_picture (sr_instance, position, png) VALUES (?, ?, ?)");
    for (size_t i = 0; i < document.content.keyImages.size(); ++i) {
        insert.bind(1, document.srInstance.value()).bind(2, static_cast<qint64>(i));
        if (const Result<int> done = insert.bind(3, document.content.keyImages[i].png).run(); !done)
            return fail(done.error());
    }
    return {};
}

Status insertSignatures(Transaction& transaction, const SignedReport& report) {
    Statement insert = transaction.prepare(
        u"INSERT INTO report_signature (sr_instance, position, role, manifest, cms) VALUES (?, ?, ?, ?, ?)");
    for (size_t i = 0; i < report.signatures.size(); ++i) {
        const SignatureRecord& signature = report.signatures[i];
        insert.bind(1, report.document.srInstance.value()).bind(2, static_cast<qint64>(i));
        insert.bind(3, roleText(signature.role)).bind(4, signature.manifest).bind(5, signature.cms);
        if (const Result<int> done = insert.run(); !done)
            return fail(done.error());
    }
    return {};
}

Status insertVersion(Transaction& transaction, const SignedReport& report, bool received, const QDateTime& now) {
    const ReportDocument& document = report.document;
    Statement insert = transaction.prepare(
        u"INSERT INTO report_version (sr_instance, report, version, study, document, sr_file, pdf_file, pdf, received, "
        "written_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, document.srInstance.value()).bind(2, document.report.value()).bind(3, document.version);
    insert.bind(4, document.order.study.value()).bind(5, jsonText(toJson(document, false))).bind(6, report.srFile);
    insert.bind(7, report.pdfFile).bind(8, report.pdf).bind(9, int(received));
    bindTime(insert, 10, now);
    if (const Result<int> done = insert.run(); !done)
        return fail(done.error());
    if (Status done = insertPictures(transaction, document); !done)
        return done;
    if (!report.measurementFile.isEmpty()) {
        Statement measurements =
            transaction.prepare(u"INSERT INTO report_measurements (sr_instance, file) VALUES (?, ?)");
        measurements.bind(1, document.srInstance.value()).bind(2, report.measurementFile);
        if (const Result<int> done = measurements.run(); !done)
            return fail(done.error());
    }
    return insertSignatures(transaction, report);
}

Status readPictures(Transaction& transaction, ReportDocument& document) {
    Statement select = transaction.prepare(u"SELECT png FROM report_picture WHERE sr_instance = ? ORDER BY position");
    select.bind(1, document.srInstance.value());
    for (KeyImage& image : document.content.keyImages) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return fail(ErrorCode::DatabaseCorrupt, u"picture missing of " + document.srInstance.value());
        image.png = select.blob(0);
    }
    return {};
}

Status readSignatures(Transaction& transaction, SignedReport& report) {
    Statement select = transaction.prepare(
        u"SELECT role, manifest, cms FROM report_signature WHERE sr_instance = ? ORDER BY position");
    select.bind(1, report.document.srInstance.value());
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        report.signatures.push_back(
            {select.text(0) == u"reviewer" ? SignatureRecord::Role::Reviewer : SignatureRecord::Role::Author,
             select.blob(1), select.blob(2)});
    }
}

Result<std::optional<SignedReport>> readVersion(Transaction& transaction, const InstanceUid& srInstance) {
    Statement select =
        transaction.prepare(u"SELECT document, sr_file, pdf_file, pdf FROM report_version WHERE sr_instance = ?");
    const Result<bool> row = select.bind(1, srInstance.value()).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::nullopt;
    SignedReport report{
        reportDocumentFromJson(jsonFromText(select.text(0))), select.blob(1), select.blob(2), select.blob(3), {}};
    if (const Status done = readPictures(transaction, report.document); !done)
        return fail(done.error());
    if (const Status done = readSignatures(transaction, report); !done)
        return fail(done.error());
    Statement measurements = transaction.prepare(u"SELECT file FROM report_measurements WHERE sr_instance = ?");
    const Result<bool> has = measurements.bind(1, srInstance.value()).step();
    if (!has)
        return fail(has.error());
    if (*has)
        report.measurementFile = measurements.blob(0);
    return report;
}

Result<std::vector<qint64>> insertOutbox(Transaction& transaction, const std::vector<OutboxItem>& items,
                                         const QDateTime& now) {
    std::vector<qint64> numbers;
    for (const OutboxItem& item : items) {
        const Result<qint64> number = insertOutboxItem(transaction, item, now);
        if (!number)
            return fail(number.error());
        numbers.push_back(*number);
    }
    return numbers;
}

/// Latest version of a report that was not undone; 0: none.
Result<int> latestVersion(Transaction& transaction, const ReportId& report) {
    const auto text =
        lookUp(transaction,
               u"SELECT coalesce(max(version), 0) FROM report_version WHERE report = ? AND sr_instance NOT IN "
               "(SELECT sr_instance FROM report_version_fate WHERE fate = 'undone')",
               report.value());
    if (!text)
        return fail(text.error());
    return text->value_or(QString()).toInt();
}

Result<ReadingState> readState(Transaction& transaction, const ReportId& report) {
    const auto text = lookUp(transaction, u"SELECT state FROM report WHERE id = ?", report.value());
    if (!text)
        return fail(text.error());
    ReadingState state{};
    if (!*text)
        return fail(ErrorCode::NotFound, u"report " + report.value());
    if (!stateFromName(**text, state))
        return fail(ErrorCode::DatabaseCorrupt, u"state of report " + report.value());
    return state;
}

/// What a later step on a signed version starts from.
struct VersionStanding {
    ReportId report;
    StudyUid study;
    int version = 0;
    bool isLatest = false;
    ReadingState state = ReadingState::Waiting;
    QString fate;
};

Result<VersionStanding> standingOf(Transaction& transaction, const InstanceUid& srInstance) {
    Statement select = transaction.prepare(
        u"SELECT v.report, v.study, v.version, coalesce(f.fate, '') FROM report_version AS v "
        "LEFT JOIN report_version_fate AS f ON f.sr_instance = v.sr_instance WHERE v.sr_instance = ?");
    const Result<bool> row = select.bind(1, srInstance.value()).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(ErrorCode::NotFound, u"report version " + srInstance.value());
    VersionStanding standing{ReportId(select.text(0)),
                             StudyUid(select.text(1)),
                             static_cast<int>(select.integer(2)),
                             false,
                             ReadingState::Waiting,
                             select.text(3)};
    const Result<int> latest = latestVersion(transaction, standing.report);
    const Result<ReadingState> state = readState(transaction, standing.report);
    if (!latest)
        return fail(latest.error());
    if (!state)
        return fail(state.error());
    standing.isLatest = *latest == standing.version;
    standing.state = *state;
    return standing;
}

Status putFate(Transaction& transaction, const InstanceUid& srInstance, const QString& fate, const QDateTime& now) {
    Statement insert = transaction.prepare(u"INSERT INTO report_version_fate (sr_instance, fate, at) VALUES (?, ?, ?)");
    insert.bind(1, srInstance.value()).bind(2, fate);
    bindTime(insert, 3, now);
    if (const Result<int> done = insert.run(); !done)
        return fail(done.error());
    return {};
}

/// The rows of a version are all still here, and the first of them (the others wait behind it) is not due: no delivery
/// can be under way.
Status checkNothingLeft(Transaction& transaction, const InstanceUid& srInstance, const QDateTime& now) {
    Statement select = transaction.prepare(
        u"SELECT state, attempts, not_before FROM outbox WHERE report_instance = ? ORDER BY number");
    select.bind(1, srInstance.value());
    for (bool first = true;; first = false) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        if ((select.text(0) != u"queued" && select.text(0) != u"held") || select.integer(1) > 0)
            return fail(ErrorCode::UndoWindowClosed, QStringLiteral("delivery has begun"));
        if (first && (select.isNull(2) || timeAt(select, 2) <= now))
            return fail(ErrorCode::UndoWindowClosed, QStringLiteral("delivery is due"));
    }
}

} // namespace

ReportStore::ReportStore(std::shared_ptr<Database> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

Result<std::vector<qint64>> ReportStore::commit(const SignedReport& report, const AuditEntry& audit,
                                                const std::vector<OutboxItem>& outbox) {
    const ReportDocument& document = report.document;
    if (document.srInstance.isEmpty() || document.report.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("report without its UIDs"));
    if (report.signatures.empty())
        return fail(ErrorCode::SignatureMissing);
    const QDateTime now = m_clock.nowUtc();
    Transaction transaction(*m_database);
    Statement known = transaction.prepare(
        u"SELECT count(*) FROM report_version WHERE sr_instance = ?1 OR (report = ?2 AND version = ?3)");
    const Result<bool> row =
        known.bind(1, document.srInstance.value()).bind(2, document.report.value()).bind(3, document.version).step();
    if (!row)
        return fail(row.error());
    if (known.integer(0) > 0)
        return fail(ErrorCode::ReportAlreadySigned, u"report version " + document.srInstance.value());
    const Result<int> latest = latestVersion(transaction, document.report);
    if (!latest)
        return fail(latest.error());
    if (*latest > document.version)
        return fail(ErrorCode::ReportVersionConflict,
                    QStringLiteral("version %1 after %2").arg(document.version).arg(*latest));

    Status done = putState(transaction, document.report, document.order.study, document.state, now);
    if (done)
        done = insertVersion(transaction, report, false, now);
    if (done)
        done = insertAuditEntry(transaction, audit, now);
    if (!done)
        return fail(done.error());
    Result<std::vector<qint64>> numbers = insertOutbox(transaction, outbox, now);
    if (!numbers)
        return numbers;
    if (done = transaction.commit(); !done)
        return fail(done.error());
    return numbers;
}

Status ReportStore::keepReceived(const SignedReport& report) {
    const ReportDocument& document = report.document;
    if (document.srInstance.isEmpty() || document.report.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("report without its UIDs"));
    const QDateTime now = m_clock.nowUtc();
    Transaction transaction(*m_database);
    const Result<std::optional<SignedReport>> known = readVersion(transaction, document.srInstance);
    if (!known)
        return fail(known.error());
    if (*known) {
        if ((*known)->srFile == report.srFile && (*known)->pdfFile == report.pdfFile)
            return {};
        return fail(ErrorCode::SignedContentChanged, u"report version " + document.srInstance.value());
    }
    const Result<int> latest = latestVersion(transaction, document.report);
    if (!latest)
        return fail(latest.error());
    // An older version that comes late does not take the report back.
    const Result<ReadingState> state = readState(transaction, document.report);
    if (!state && state.error().code != ErrorCode::NotFound)
        return fail(state.error());
    if (!state || document.version > *latest)
        if (Status done = putState(transaction, document.report, document.order.study, document.state, now); !done)
            return done;
    if (Status done = insertVersion(transaction, report, true, now); !done)
        return done.error().code == ErrorCode::AlreadyExists
                   ? fail(ErrorCode::ReportVersionConflict, u"report version " + document.srInstance.value())
                   : fail(done.error());
    return transaction.commit();
}

Result<SignedReport> ReportStore::version(const InstanceUid& srInstance) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Result<std::optional<SignedReport>> report = readVersion(transaction, srInstance);
    if (!report)
        return fail(report.error());
    if (!*report)
        return fail(ErrorCode::NotFound, u"report version " + srInstance.value());
    return std::move(**report);
}

Result<std::vector<ReportDocument>> ReportStore::versions(const ReportId& report) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(u"SELECT document FROM report_version WHERE report = ? ORDER BY version");
    select.bind(1, report.value());
    std::vector<ReportDocument> documents;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return documents;
        documents.push_back(reportDocumentFromJson(jsonFromText(select.text(0))));
        if (const Status done = readPictures(transaction, documents.back()); !done)
            return fail(done.error());
    }
}

Result<std::optional<ReportDocument>> ReportStore::latestOfStudy(const StudyUid& study) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(
        u"SELECT document FROM report_version WHERE study = ? AND sr_instance NOT IN (SELECT sr_instance FROM "
        "report_version_fate WHERE fate = 'undone') ORDER BY version DESC, number DESC LIMIT 1");
    const Result<bool> row = select.bind(1, study.value()).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::nullopt;
    ReportDocument document = reportDocumentFromJson(jsonFromText(select.text(0)));
    if (const Status done = readPictures(transaction, document); !done)
        return fail(done.error());
    return document;
}

Result<Order> ReportStore::orderOf(const InstanceUid& srInstance) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(u"SELECT document FROM report_version WHERE sr_instance = ?");
    const Result<bool> row = select.bind(1, srInstance.value()).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(ErrorCode::NotFound, u"report version " + srInstance.value());
    return reportDocumentFromJson(jsonFromText(select.text(0))).order;
}

Result<ReadingState> ReportStore::state(const ReportId& report) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    return readState(transaction, report);
}

Status ReportStore::undoApproval(const InstanceUid& srInstance, const AuditEntry& audit) {
    const QDateTime now = m_clock.nowUtc();
    Transaction transaction(*m_database);
    const Result<VersionStanding> standing = standingOf(transaction, srInstance);
    if (!standing)
        return fail(standing.error());
    if (standing->fate == u"published")
        return fail(ErrorCode::UndoWindowClosed, QStringLiteral("published"));
    if (!standing->isLatest || standing->state != ReadingState::Approved)
        return fail(ErrorCode::TaskStateForbids, u"report is " + stateName(standing->state));
    if (Status here = checkNothingLeft(transaction, srInstance, now); !here)
        return here;
    Statement withdraw =
        transaction.prepare(u"UPDATE outbox SET state = 'withdrawn' WHERE report_instance = ? AND state IN "
                            "('queued', 'held')");
    if (const Result<int> done = withdraw.bind(1, srInstance.value()).run(); !done)
        return fail(done.error());
    Status done = putFate(transaction, srInstance, QStringLiteral("undone"), now);
    if (done)
        done = putState(transaction, standing->report, standing->study, ReadingState::Reviewing, now);
    if (done)
        done = insertAuditEntry(transaction, audit, now);
    return done ? transaction.commit() : done;
}

Status ReportStore::setAside(const InstanceUid& srInstance, const AuditEntry& audit) {
    const QDateTime now = m_clock.nowUtc();
    Transaction transaction(*m_database);
    const Result<VersionStanding> standing = standingOf(transaction, srInstance);
    if (!standing)
        return fail(standing.error());
    if (!standing->fate.isEmpty())
        return fail(ErrorCode::NotAllowed, standing->fate);
    int delivered = 0;
    {
        Statement left = transaction.prepare(u"SELECT sum(state = 'sent'), sum(state = 'delivered') FROM outbox WHERE "
                                             "report_instance = ?");
        const Result<bool> row = left.bind(1, srInstance.value()).step();
        if (!row)
            return fail(row.error());
        if (left.integer(0) != 0)
            return fail(ErrorCode::NotAllowed, QStringLiteral("it is being sent"));
        delivered = static_cast<int>(left.integer(1));
    }
    {
        Statement withdraw =
            transaction.prepare(u"UPDATE outbox SET state = 'withdrawn' WHERE report_instance = ? AND state IN "
                                "('queued', 'parked', 'held')");
        if (const Result<int> done = withdraw.bind(1, srInstance.value()).run(); !done)
            return fail(done.error());
    }
    Status done;
    if (delivered == 0) {
        done = putFate(transaction, srInstance, QStringLiteral("undone"), now);
        if (done && standing->isLatest)
            done = putState(transaction, standing->report, standing->study,
                            standing->state == ReadingState::Approved ? ReadingState::Reviewing : ReadingState::Reading,
                            now);
    }
    if (done)
        done = insertAuditEntry(transaction, audit, now);
    return done ? transaction.commit() : done;
}

Status ReportStore::markPublished(const InstanceUid& srInstance, const AuditEntry& audit) {
    const QDateTime now = m_clock.nowUtc();
    Transaction transaction(*m_database);
    const Result<VersionStanding> standing = standingOf(transaction, srInstance);
    if (!standing)
        return fail(standing.error());
    if (standing->fate == u"published")
        return {};
    if (!standing->isLatest || standing->state != ReadingState::Approved)
        return fail(ErrorCode::TaskStateForbids, u"report is " + stateName(standing->state));
    Status done = putFate(transaction, srInstance, QStringLiteral("published"), now);
    if (done)
        done = putState(transaction, standing->report, standing->study, ReadingState::Published, now);
    if (done)
        done = insertAuditEntry(transaction, audit, now);
    return done ? transaction.commit() : done;
}

Status ReportStore::setState(const ReportId& report, ReadingState state, const AuditEntry& audit,
                             const std::vector<OutboxItem>& outbox) {
    const QDateTime now = m_clock.nowUtc();
    Transaction transaction(*m_database);
    const auto study = lookUp(transaction, u"SELECT study FROM report WHERE id = ?", report.value());
    if (!study)
        return fail(study.error());
    if (!*study && outbox.empty())
        return fail(ErrorCode::NotFound, u"report " + report.value());
    Status done = putState(transaction, report, *study ? StudyUid(**study) : outbox.front().study, state, now);
    if (done)
        done = insertAuditEntry(transaction, audit, now);
    if (done)
        if (const auto numbers = insertOutbox(transaction, outbox, now); !numbers)
            done = fail(numbers.error());
    return done ? transaction.commit() : done;
}

namespace {

const QString summaryColumns = QStringLiteral(
    "SELECT v.document, r.state, coalesce(f.fate, ''), v.version = (SELECT max(w.version) FROM report_version AS w "
    "WHERE w.report = v.report AND w.sr_instance NOT IN (SELECT sr_instance FROM report_version_fate WHERE fate = "
    "'undone')), EXISTS (SELECT 1 FROM report_version AS w JOIN report_version_fate AS g ON g.sr_instance = "
    "w.sr_instance WHERE w.report = v.report AND w.version > v.version AND g.fate = 'published') "
    "FROM report_version AS v JOIN report AS r ON r.id = v.report LEFT JOIN report_version_fate AS f "
    "ON f.sr_instance = v.sr_instance ");

Result<std::vector<ReportStore::Summary>> summariesOf(Statement& select) {
    std::vector<ReportStore::Summary> summaries;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return summaries;
        ReportStore::Summary summary{
            reportDocumentFromJson(jsonFromText(select.text(0))), {}, select.text(2) == u"undone"};
        summary.state = summary.document.state;
        if (select.integer(3) != 0 && !stateFromName(select.text(1), summary.state))
            return fail(ErrorCode::DatabaseCorrupt, u"state of report " + summary.document.report.value());
        if (select.integer(3) == 0 && select.text(2) == u"published")
            summary.state = select.integer(4) != 0 ? ReadingState::Amended : ReadingState::Published;
        summaries.push_back(std::move(summary));
    }
}

} // namespace

Result<std::vector<ReportStore::Summary>> ReportStore::all() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(QString(summaryColumns + u"ORDER BY v.number"));
    return summariesOf(select);
}

Result<std::vector<ReportStore::Summary>> ReportStore::latest(int count, const QString& text) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    if (text.isEmpty()) {
        Statement select = transaction.prepare(
            QString(summaryColumns + u"WHERE v.number > (SELECT coalesce(max(number), 0) FROM report_version) - ? OR "
                                     u"v.sr_instance IN (SELECT report_instance FROM outbox WHERE state IN ('queued', "
                                     u"'sent', 'parked', 'held')) ORDER BY v.number DESC"));
        select.bind(1, static_cast<qint64>(count));
        return summariesOf(select);
    }
    // A name is kept in DICOM's form, its parts between carets; nobody types those, or the same spaces.
    Statement select = transaction.prepare(QString(
        summaryColumns +
        u"WHERE instr(lower(replace(replace(coalesce(json_extract(v.document, '$.order.patient.name'), ''), '^', '') "
        u"|| char(10) "
        u"|| coalesce(json_extract(v.document, '$.order.patient.id'), '') || char(10) || "
        u"coalesce(json_extract(v.document, '$.order.accessionNumber'), '') || char(10) || "
        u"coalesce(json_extract(v.document, '$.order.item'), ''), ' ', '')), ?) > 0 ORDER BY v.number DESC LIMIT ?"));
    select.bind(1, text.toLower().remove(u' ')).bind(2, static_cast<qint64>(count));
    return summariesOf(select);
}

} // namespace yz
