#include "reporting/signing_service.h"

#include "domain/cancel_reason.h"

#include "reporting/manifest.h"
#include "reporting/report_verifier.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <algorithm>
#include <utility>

namespace yz {

namespace {

Status requireClean(const ReportContent& content, const ReportContext& context,
                    const std::vector<Acknowledgement>& acknowledgements) {
    const std::vector<CheckFinding> blocking = blockingFindings(checkReport(content, context), acknowledgements);
    if (blocking.empty())
        return {};
    QStringList codes;
    for (const CheckFinding& finding : blocking)
        if (const QString code = checkCodeName(finding.code); !codes.contains(code))
            codes.append(code);
    return fail(ErrorCode::ReportIncomplete, codes.join(QStringLiteral(", ")));
}

Result<ReadingState> move(ReadingState from, ReadingMove move, const User& actor, const SigningPolicy& policy,
                          bool actorIsAuthor = false, const QString& reason = {}) {
    MoveRequest request;
    request.from = from;
    request.move = move;
    request.actor = &actor;
    request.actorIsAuthor = actorIsAuthor;
    request.selfReviewAllowed = policy.selfReviewAllowed;
    request.reason = reason;
    return applyMove(request);
}

bool isSamePerson(const SignerStatement& author, const User& user, const QString& certificateSerial) {
    // User ids are of one desk; the same certificate is the same person at every desk.
    return author.user == user.id || (!certificateSerial.isEmpty() && author.certificateSerial == certificateSerial);
}

QString eventDetail(ReportVersionKind kind) {
    return kind == ReportVersionKind::Correction ? QStringLiteral("correction")
           : kind == ReportVersionKind::Addendum ? QStringLiteral("addendum")
                                                 : QStringLiteral("original");
}

AuditEntry auditOf(const QString& event, const UserId& user, const ReportDocument& document) {
    AuditEntry entry;
    entry.event = event;
    entry.user = user;
    entry.subject = document.srInstance.value();
    entry.details = {{"report", document.report.value()},           {"version", document.version},
                     {"kind", eventDetail(document.kind)},          {"state", stateName(document.state)},
                     {"study", document.order.study.value()},       {"task", document.task.value()},
                     {"patient", document.order.patient.id.value()}};
    return entry;
}

} // namespace

SigningService::SigningService(Ports ports, ReportStore& store, const Clock& clock, UidSource& uids,
                               SigningPolicy policy)
    : m_ports(ports), m_store(store), m_clock(clock), m_uids(uids), m_policy(std::move(policy)) {}

QDateTime SigningService::undoDeadline(const QDateTime& approvedAt) const {
    return approvedAt.addSecs(m_policy.undoWindow.count());
}

void SigningService::giveUids(ReportDocument& document) {
    document.srSeries = SeriesUid(m_uids.next());
    document.srInstance = InstanceUid(m_uids.next());
    document.pdfSeries = SeriesUid(m_uids.next());
    document.pdfInstance = InstanceUid(m_uids.next());
}

Result<QByteArray> SigningService::measurementObject(ReportDocument& document,
                                                     const std::vector<MeasurementGroup>& groups) {
    const auto isEvidence = [&](const MeasuredRegion& region) {
        return region.object.instance.isEmpty() ||
               std::any_of(document.evidence.begin(), document.evidence.end(),
                           [&](const SopReference& object) { return object.instance == region.object.instance; });
    };
    MeasurementReport report;
    for (const MeasurementGroup& group : groups) {
        bool isOurs = std::all_of(group.regions.begin(), group.regions.end(), isEvidence);
        for (const MeasuredNumber& number : group.numbers)
            isOurs = isOurs && std::all_of(number.regions.begin(), number.regions.end(), isEvidence);
        if (isOurs)
            report.groups.push_back(group);
    }
    document.measurementSeries = {};
    document.measurementInstance = {};
    document.measurementDigest.clear();
    if (report.groups.empty())
        return QByteArray();
    report.study = document.order.study;
    report.series = SeriesUid(m_uids.next());
    report.instance = InstanceUid(m_uids.next());
    Result<QByteArray> file = m_ports.encoder.encodeMeasurements(document, report);
    if (!file)
        return file;
    document.measurementSeries = report.series;
    document.measurementInstance = report.instance;
    document.measurementDigest =
        QString::fromLatin1(QCryptographicHash::hash(*file, QCryptographicHash::Sha256).toHex());
    return file;
}

Result<SignerStatement> SigningService::statementOf(const User& user, const QDateTime& at) {
    const Result<CertificateInfo> certificate = m_ports.signer.certificate(user.id);
    if (!certificate)
        return fail(certificate.error());
    return SignerStatement{user.id, user.displayName,     user.title,          user.hospital,
                           at,      certificate->subject, certificate->serial, user.isDemo || certificate->isDemo};
}

Result<int> SigningService::nextVersion(const ReportDocument& after) const {
    int highest = after.version;
    const Result<std::vector<ReportDocument>> versions = m_store.versions(after.report);
    if (!versions && versions.error().code != ErrorCode::NotFound)
        return fail(versions.error());
    if (versions)
        for (const ReportDocument& version : *versions)
            highest = std::max(highest, version.version);
    return highest + 1;
}

Result<ReportReference> SigningService::referenceTo(const SignedReport& report) const {
    // The class comes from the file, so that the reference names what the encoder really wrote.
    const Result<OpenedReportFile> file = m_ports.encoder.open(report.srFile);
    if (!file)
        return fail(file.error());
    return ReportReference{file->study, file->series, file->object};
}

Result<std::optional<SignedReport>> SigningService::unfinishedReport(const SubmitInput& input) const {
    if (input.previous)
        return input.previous;
    const Result<std::optional<ReportDocument>> latest = m_store.latestOfStudy(input.context.order.study);
    if (!latest)
        return fail(latest.error());
    if (!*latest)
        return std::nullopt;
    const ReportDocument& document = **latest;
    if (document.task == input.lock.task)
        return fail(ErrorCode::ReportAlreadySigned, document.srInstance.value());
    const Result<ReadingState> state = stateOf(document, document.state);
    if (!state)
        return fail(state.error());
    // A return is known to the reviewer's desk first; here the author's own unfinished report simply goes on.
    const bool unfinished = *state == ReadingState::Submitted || *state == ReadingState::Returned;
    if (!unfinished || !(document.author.user == input.author.id))
        return std::nullopt;
    const Result<SignedReport> version = m_store.version(document.srInstance);
    if (!version)
        return fail(version.error());
    return *version;
}

Result<ReportDocument> SigningService::provenDocument(const SignedReport& report) const {
    const VerificationReport proof =
        ReportVerifier(m_ports.encoder, m_ports.verifier).verify(report.srFile, report.pdfFile);
    if (proof.ok)
        return proof.document;
    QStringList codes;
    for (const VerificationProblem& problem : proof.problems)
        codes.append(verificationCodeName(problem.code));
    return fail(ErrorCode::SignatureInvalid, codes.join(QStringLiteral(", ")));
}

Result<ReadingState> SigningService::stateOf(const ReportDocument& document, ReadingState unknown) const {
    const Result<std::vector<ReportDocument>> versions = m_store.versions(document.report);
    if (!versions) {
        if (versions.error().code == ErrorCode::NotFound)
            return unknown;
        return fail(versions.error());
    }
    const bool known = std::any_of(versions->begin(), versions->end(), [&](const ReportDocument& version) {
        return version.srInstance == document.srInstance;
    });
    return known ? m_store.state(document.report) : Result<ReadingState>(unknown);
}

std::vector<OutboxItem> SigningService::deliveryRows(const ReportDocument& document, const TaskLock& lock,
                                                     const QDateTime& notBefore) const {
    OutboxItem item;
    item.study = document.order.study;
    item.task = lock.task;
    item.reportInstance = document.srInstance;
    item.notBefore = notBefore;
    item.kind = OutboxItem::Kind::StoreReport;
    std::vector<OutboxItem> rows{item};
    if (!lock.task.isEmpty()) {
        item.transaction = lock.transaction;
        item.details = {{"performer", document.reviewer ? document.reviewer->name : document.author.name}};
        item.kind = OutboxItem::Kind::SetOutput;
        rows.push_back(item);
        item.kind = OutboxItem::Kind::CompleteTask;
        rows.push_back(item);
    }
    item.kind = OutboxItem::Kind::SendMessage;
    item.transaction = {};
    item.details = {};
    for (const SigningPolicy::Receiver& receiver : m_policy.receivers) {
        if (!document.reviewer && !receiver.preliminary)
            continue;
        item.target = receiver.target;
        rows.push_back(item);
    }
    return rows;
}

Result<SignedReport> SigningService::sign(ReportDocument document, const std::optional<SignatureRecord>& authorRecord,
                                          const UserId& user, const QString& pin, const QDateTime& at) {
    const Result<QByteArray> pdf = m_ports.renderer.renderPdf(document);
    if (!pdf)
        return fail(pdf.error());
    const Result<QByteArray> sr = m_ports.encoder.encodeStructuredReport(document);
    if (!sr)
        return fail(sr.error());
    const Result<QByteArray> pdfObject = m_ports.encoder.encodeEncapsulatedPdf(document, *pdf);
    if (!pdfObject)
        return fail(pdfObject.error());

    SignatureVerifier& verifier = m_ports.verifier;
    const ManifestDigests digests{verifier.digest(*sr), verifier.digest(*pdfObject), verifier.digest(*pdf)};
    SignatureRecord record;
    record.role = authorRecord ? SignatureRecord::Role::Reviewer : SignatureRecord::Role::Author;
    record.manifest = authorRecord ? reviewerManifest(document, digests, verifier.digest(authorRecord->manifest),
                                                      verifier.digest(authorRecord->cms))
                                   : authorManifest(document, digests);
    const Result<QByteArray> cms = m_ports.signer.sign(user, pin, record.manifest, at);
    if (!cms)
        return fail(cms.error());
    record.cms = *cms;
    const SignatureVerdict verdict = verifier.verify(record.manifest, record.cms);
    if (!verdict.valid)
        return fail(verdict.problem.value_or(Error{ErrorCode::SignatureInvalid, {}}));

    SignedReport report;
    report.pdf = *pdf;
    if (authorRecord)
        report.signatures.push_back(*authorRecord);
    report.signatures.push_back(std::move(record));
    const Result<QByteArray> srFile = m_ports.encoder.attachSignatures(*sr, report.signatures);
    if (!srFile)
        return fail(srFile.error());
    const Result<QByteArray> pdfFile = m_ports.encoder.attachSignatures(*pdfObject, report.signatures);
    if (!pdfFile)
        return fail(pdfFile.error());
    report.srFile = *srFile;
    report.pdfFile = *pdfFile;
    report.document = std::move(document);
    // What a receiver will do is done here first: nothing is kept that would not be accepted there.
    if (const Result<ReportDocument> proven = provenDocument(report); !proven)
        return fail(proven.error());
    return report;
}

Status SigningService::keepIfNew(const SignedReport& received) {
    if (m_store.version(received.document.srInstance))
        return {};
    return m_store.keepReceived(received);
}

Status SigningService::keep(const SignedReport& report, const QString& event, const UserId& user,
                            const std::vector<Acknowledgement>& acknowledgements, const std::vector<OutboxItem>& rows) {
    AuditEntry entry = auditOf(event, user, report.document);
    const SignerStatement& signer = report.document.reviewer ? *report.document.reviewer : report.document.author;
    entry.details["certificateSerial"] = signer.certificateSerial;
    entry.details["manifestDigest"] =
        QString::fromLatin1(m_ports.verifier.digest(report.signatures.back().manifest).toHex());
    if (m_policy.revocationAsOf) {
        const QDateTime asOf = m_policy.revocationAsOf();
        entry.details["revocationAsOf"] = asOf.isValid() ? asOf.toUTC().toString(Qt::ISODate) : QString();
        if (asOf.isValid())
            entry.details["revocationAgeHours"] = asOf.secsTo(signer.signedAt) / 3600;
    }
    QJsonArray accepted;
    for (const Acknowledgement& acknowledgement : acknowledgements)
        accepted.append(QJsonObject{{"check", acknowledgement.key}, {"reason", acknowledgement.reason}});
    entry.details["acknowledged"] = accepted;
    const Result<std::vector<qint64>> kept = m_store.commit(report, entry, rows);
    if (!kept)
        return fail(kept.error());
    return {};
}

Result<SignedReport> SigningService::submit(const SubmitInput& input) {
    if (input.evidence.size() != input.evidenceSeries.size())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("evidence and its series differ in number"));
    if (input.lock.task.isEmpty() || input.lock.transaction.isEmpty())
        return fail(ErrorCode::TaskNotClaimed);
    const Result<ReadingState> to = move(ReadingState::Reading, ReadingMove::Submit, input.author, m_policy, true);
    if (!to)
        return fail(to.error());
    if (const Status clean = requireClean(input.content, input.context, input.acknowledgements); !clean)
        return fail(clean.error());

    const Result<std::optional<SignedReport>> previous = unfinishedReport(input);
    if (!previous)
        return fail(previous.error());

    const QDateTime at = m_clock.nowUtc();
    const Result<SignerStatement> author = statementOf(input.author, at);
    if (!author)
        return fail(author.error());
    ReportDocument document;
    if (*previous) {
        const ReportDocument& before = (*previous)->document;
        const Result<int> version = nextVersion(before);
        const Result<ReportReference> reference = referenceTo(**previous);
        if (!version || !reference)
            return fail(version ? reference.error() : version.error());
        document.report = before.report;
        document.version = *version;
        document.kind = before.kind;
        document.amendReason = before.amendReason;
        document.predecessors = before.predecessors;
        document.predecessors.insert(document.predecessors.begin(), *reference);
    } else {
        document.report = ReportId(m_uids.next());
    }
    document.state = *to;
    document.task = input.lock.task;
    document.order = input.context.order;
    document.imagePatient = input.context.shownPatient;
    document.content = input.content;
    document.diagnosingHospital =
        m_policy.diagnosingHospital.isEmpty() ? input.author.hospital : m_policy.diagnosingHospital;
    document.createdAt = at;
    document.author = *author;
    document.evidence = input.evidence;
    document.evidenceSeries = input.evidenceSeries;
    document.isDemo = author->isDemo;
    giveUids(document);
    const Result<QByteArray> measurements = measurementObject(document, input.measurements);
    if (!measurements)
        return fail(measurements.error());

    Result<SignedReport> report = sign(std::move(document), std::nullopt, input.author.id, input.pin, at);
    if (!report)
        return report;
    report->measurementFile = *measurements;
    const Status kept = keep(*report, QStringLiteral("report.submitted"), input.author.id, input.acknowledgements,
                             deliveryRows(report->document, input.lock, at));
    return kept ? report : Result<SignedReport>(fail(kept.error()));
}

Result<SignedReport> SigningService::approve(const ApproveInput& input) {
    const Result<ReportDocument> received = provenDocument(input.received);
    if (!received)
        return fail(received.error());
    if (received->reviewer || received->state != ReadingState::Submitted)
        return fail(ErrorCode::TaskStateForbids, QStringLiteral("the version is not an author's"));
    if (!(input.context.order.study == received->order.study) ||
        !(input.context.order.patient.id == received->order.patient.id))
        return fail(ErrorCode::StudyMismatch, QStringLiteral("review of another study than the one shown"));

    const QDateTime at = m_clock.nowUtc();
    const Result<SignerStatement> reviewer = statementOf(input.reviewer, at);
    if (!reviewer)
        return fail(reviewer.error());
    const bool isAuthor = isSamePerson(received->author, input.reviewer, reviewer->certificateSerial);
    Result<ReadingState> from = stateOf(*received, ReadingState::Submitted);
    if (from && *from == ReadingState::Submitted)
        from = move(*from, ReadingMove::TakeForReview, input.reviewer, m_policy, isAuthor);
    if (!from)
        return fail(from.error());
    const Result<ReadingState> to = move(*from, ReadingMove::Approve, input.reviewer, m_policy, isAuthor);
    if (!to)
        return fail(to.error());
    ReportContext context = input.context;
    context.order = received->order;
    if (const Status clean = requireClean(input.content, context, input.acknowledgements); !clean)
        return fail(clean.error());

    const Result<int> version = nextVersion(*received);
    const Result<ReportReference> reference = referenceTo(input.received);
    if (!version || !reference)
        return fail(version ? reference.error() : version.error());
    ReportDocument document = *received;
    document.version = *version;
    document.state = *to;
    document.task = input.lock.task;
    document.content = input.content;
    document.createdAt = at;
    document.reviewer = *reviewer;
    document.predecessors.insert(document.predecessors.begin(), *reference);
    document.isDemo = received->isDemo || reviewer->isDemo;
    giveUids(document);

    Result<SignedReport> report =
        sign(std::move(document), input.received.signatures.back(), input.reviewer.id, input.pin, at);
    if (!report)
        return report;
    if (const Status kept = keepIfNew(input.received); !kept)
        return fail(kept.error());
    const Status kept = keep(*report, QStringLiteral("report.approved"), input.reviewer.id, input.acknowledgements,
                             deliveryRows(report->document, input.lock, undoDeadline(at)));
    return kept ? report : Result<SignedReport>(fail(kept.error()));
}

Status SigningService::returnToAuthor(const ReturnInput& input) {
    const ReportDocument& document = input.received.document;
    const bool isAuthor = isSamePerson(document.author, input.reviewer, {});
    Result<ReadingState> from = stateOf(document, ReadingState::Submitted);
    if (from && *from == ReadingState::Submitted)
        from = move(*from, ReadingMove::TakeForReview, input.reviewer, m_policy, isAuthor);
    if (!from)
        return fail(from.error());
    const Result<ReadingState> to = move(*from, ReadingMove::Return, input.reviewer, m_policy, isAuthor, input.reason);
    if (!to)
        return fail(to.error());
    if (const Status kept = keepIfNew(input.received); !kept)
        return kept;
    AuditEntry entry = auditOf(QStringLiteral("report.returned"), input.reviewer.id, document);
    entry.details["state"] = stateName(*to);
    entry.details["reason"] = input.reason;
    std::vector<OutboxItem> rows;
    if (!input.lock.task.isEmpty()) {
        OutboxItem item;
        item.kind = OutboxItem::Kind::CancelTask;
        item.study = document.order.study;
        item.task = input.lock.task;
        item.transaction = input.lock.transaction;
        item.reportInstance = document.srInstance;
        item.details = {{"reason", toText(CancelReason{ReadingMove::Return, input.reason})},
                        {"performer", input.reviewer.displayName}};
        item.notBefore = m_clock.nowUtc();
        rows.push_back(item);
    }
    return m_store.setState(document.report, *to, entry, rows);
}

Status SigningService::undoApproval(const InstanceUid& srInstance, const User& reviewer) {
    const Result<SignedReport> report = m_store.version(srInstance);
    if (!report)
        return fail(report.error());
    const Result<ReadingState> from = m_store.state(report->document.report);
    if (!from)
        return fail(from.error());
    const Result<ReadingState> to = move(*from, ReadingMove::UndoApproval, reviewer, m_policy);
    if (!to)
        return fail(*from == ReadingState::Published ? Error{ErrorCode::UndoWindowClosed, {}} : to.error());
    AuditEntry entry = auditOf(QStringLiteral("report.approval-undone"), reviewer.id, report->document);
    entry.details["state"] = stateName(*to);
    return m_store.undoApproval(srInstance, entry);
}

Result<SignedReport> SigningService::amend(const AmendInput& input) {
    if (input.kind == ReportVersionKind::Original)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("an amendment is a correction or an addendum"));
    const Result<ReportDocument> published = provenDocument(input.published);
    if (!published)
        return fail(published.error());
    if (!published->reviewer)
        return fail(ErrorCode::TaskStateForbids, QStringLiteral("the version was never verified"));
    const Result<ReadingState> from = stateOf(*published, ReadingState::Published);
    if (!from)
        return fail(from.error());
    const Result<ReadingState> amended = move(*from, ReadingMove::Amend, input.author, m_policy, false, input.reason);
    if (!amended)
        return fail(amended.error());
    ReportContext context = input.context;
    context.order = published->order;
    context.addendumOf.reset();
    if (input.kind == ReportVersionKind::Addendum)
        context.addendumOf = published->content;
    if (const Status clean = requireClean(input.content, context, input.acknowledgements); !clean)
        return fail(clean.error());

    const QDateTime at = m_clock.nowUtc();
    const Result<SignerStatement> author = statementOf(input.author, at);
    if (!author)
        return fail(author.error());
    const Result<int> version = nextVersion(*published);
    const Result<ReportReference> reference = referenceTo(input.published);
    if (!version || !reference)
        return fail(version ? reference.error() : version.error());
    ReportDocument document = *published;
    document.version = *version;
    document.kind = input.kind;
    document.state = ReadingState::Submitted; // an amendment is reviewed like any report
    document.task = input.lock.task;
    document.content = input.content;
    document.createdAt = at;
    document.author = *author;
    document.reviewer.reset();
    document.amendReason = input.reason;
    document.predecessors = {*reference};
    document.isDemo = published->isDemo || author->isDemo;
    giveUids(document);

    Result<SignedReport> report = sign(std::move(document), std::nullopt, input.author.id, input.pin, at);
    if (!report)
        return report;
    if (const Status kept = keepIfNew(input.published); !kept)
        return fail(kept.error());
    const Status kept = keep(*report, QStringLiteral("report.amended"), input.author.id, input.acknowledgements,
                             deliveryRows(report->document, input.lock, at));
    return kept ? report : Result<SignedReport>(fail(kept.error()));
}

} // namespace yz
