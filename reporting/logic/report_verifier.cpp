#include "reporting/report_verifier.h"

#include "reporting/manifest.h"

#include <QJsonArray>
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace yz {

namespace {

using Code = VerificationCode;
using Role = SignatureRecord::Role;

constexpr std::array<std::pair<Code, const char*>, 11> kNames{{
    {Code::FileDamaged, "FileDamaged"},
    {Code::SignatureMissing, "SignatureMissing"},
    {Code::ManifestDamaged, "ManifestDamaged"},
    {Code::SignatureNotValid, "SignatureNotValid"},
    {Code::SignerDiffers, "SignerDiffers"},
    {Code::ReportDigestDiffers, "ReportDigestDiffers"},
    {Code::PdfDigestDiffers, "PdfDigestDiffers"},
    {Code::IdentityDiffers, "IdentityDiffers"},
    {Code::AuthorNotCovered, "AuthorNotCovered"},
    {Code::ChainBroken, "ChainBroken"},
    {Code::FilesDoNotBelongTogether, "FilesDoNotBelongTogether"},
}};

QString roleText(Role role) { return role == Role::Author ? QStringLiteral("author") : QStringLiteral("reviewer"); }

/// One run of the proof; collects instead of stopping, so that everything wrong is said at once.
class Proof {
public:
    Proof(ReportEncoder& encoder, SignatureVerifier& verifier) : m_encoder(encoder), m_verifier(verifier) {}

    VerificationReport run(const QByteArray& srFile, const QByteArray& pdfFile) {
        const Result<OpenedReportFile> sr = m_encoder.open(srFile);
        if (!sr) {
            problem(sr.error().code == ErrorCode::SignatureMissing ? Code::SignatureMissing : Code::FileDamaged,
                    sr.error().toString());
            return m_report;
        }
        m_report.reportDigest = m_verifier.digest(sr->canonical);
        checkSignatures(sr->signatures);
        if (m_manifests.empty() || !m_manifests.back())
            return m_report; // already said
        const Manifest& newest = *m_manifests.back();
        m_report.document = newest.document;
        checkStructuredReport(*sr, newest);
        if (!pdfFile.isEmpty())
            checkPdf(pdfFile, *sr, newest);
        checkChain(sr->signatures, newest);
        m_report.ok = m_report.problems.empty();
        return m_report;
    }

private:
    void problem(Code code, const QString& detail = {}) { m_report.problems.push_back({code, detail}); }

    void checkSignatures(const std::vector<SignatureRecord>& records) {
        if (records.empty())
            problem(Code::SignatureMissing);
        for (const SignatureRecord& record : records) {
            SignatureCheck check;
            check.role = record.role;
            check.verdict = m_verifier.verify(record.manifest, record.cms);
            if (!check.verdict.valid)
                problem(Code::SignatureNotValid,
                        roleText(record.role) + u": " +
                            (check.verdict.problem ? check.verdict.problem->toString() : QString()));
            Result<Manifest> manifest = readManifest(record.manifest);
            if (!manifest) {
                problem(Code::ManifestDamaged, roleText(record.role) + u": " + manifest.error().detail);
                m_manifests.emplace_back();
            } else {
                check.signer = manifest->signer;
                if (manifest->role != record.role)
                    problem(Code::ManifestDamaged, roleText(record.role) + u": signed in another role");
                if (check.verdict.valid &&
                    check.verdict.signer.serial.compare(manifest->signer.certificateSerial, Qt::CaseInsensitive) != 0)
                    problem(Code::SignerDiffers, roleText(record.role));
                m_manifests.emplace_back(std::move(*manifest));
            }
            m_report.signatures.push_back(std::move(check));
        }
    }

    void checkStructuredReport(const OpenedReportFile& sr, const Manifest& newest) {
        if (m_report.reportDigest != newest.digests.structuredReport)
            problem(Code::ReportDigestDiffers);
        const ReportDocument& document = newest.document;
        if (!(sr.object.instance == document.srInstance) || !(sr.series == document.srSeries) ||
            !(sr.study == document.order.study))
            problem(Code::IdentityDiffers, QStringLiteral("structured report"));
    }

    void checkPdf(const QByteArray& pdfFile, const OpenedReportFile& sr, const Manifest& newest) {
        m_report.pdfChecked = true;
        const Result<OpenedReportFile> pdf = m_encoder.open(pdfFile);
        if (!pdf) {
            problem(Code::FileDamaged, QStringLiteral("PDF object: ") + pdf.error().toString());
            return;
        }
        m_report.pdfDigest = m_verifier.digest(pdf->pdf);
        if (m_verifier.digest(pdf->canonical) != newest.digests.pdfObject || m_report.pdfDigest != newest.digests.pdf)
            problem(Code::PdfDigestDiffers);
        const ReportDocument& document = newest.document;
        if (!(pdf->object.instance == document.pdfInstance) || !(pdf->series == document.pdfSeries) ||
            !(pdf->study == document.order.study))
            problem(Code::IdentityDiffers, QStringLiteral("PDF object"));
        if (pdf->signatures != sr.signatures)
            problem(Code::FilesDoNotBelongTogether);
    }

    void checkChain(const std::vector<SignatureRecord>& records, const Manifest& newest) {
        const bool verified = newest.document.reviewer.has_value();
        if (!verified) {
            if (records.size() != 1 || newest.role != Role::Author || newest.document.state != ReadingState::Submitted)
                problem(Code::ChainBroken, QStringLiteral("an author's version has one author's signature"));
            return;
        }
        if (records.size() != 2 || records[0].role != Role::Author || newest.role != Role::Reviewer) {
            problem(Code::SignatureMissing, QStringLiteral("a verified version has the author's and the reviewer's"));
            return;
        }
        if (newest.authorManifestDigest != m_verifier.digest(records[0].manifest) ||
            newest.authorCmsDigest != m_verifier.digest(records[0].cms))
            problem(Code::AuthorNotCovered);
        m_report.selfReviewed = newest.document.author.user == newest.document.reviewer->user;
        if (!m_manifests[0])
            return;
        const Manifest& author = *m_manifests[0];
        const std::vector<ReportReference>& before = newest.document.predecessors;
        const bool pointsBack = std::any_of(before.begin(), before.end(), [&](const ReportReference& reference) {
            return reference.object.instance == author.document.srInstance;
        });
        if (!pointsBack || !(author.document.report == newest.document.report) ||
            !(author.document.author == newest.document.author) || !(author.document.order == newest.document.order) ||
            author.document.version >= newest.document.version)
            problem(Code::ChainBroken, QStringLiteral("the author signed another report"));
        m_report.reviewerChanges = changedSections(author.document.content, newest.document.content);
    }

    ReportEncoder& m_encoder;
    SignatureVerifier& m_verifier;
    VerificationReport m_report;
    std::vector<std::optional<Manifest>> m_manifests;
};

QString isoTime(const QDateTime& time) { return time.isValid() ? time.toUTC().toString(Qt::ISODate) : QString(); }

QJsonArray toJson(const std::vector<SectionChange>& changes) {
    QJsonArray array;
    for (const SectionChange& change : changes) {
        QJsonArray segments;
        for (const DiffSegment& segment : change.segments)
            segments.append(QJsonObject{{"kind", segment.kind == DiffSegment::Kind::Same      ? "same"
                                                 : segment.kind == DiffSegment::Kind::Removed ? "removed"
                                                                                              : "added"},
                                        {"text", segment.text}});
        array.append(QJsonObject{{"section", change.section}, {"segments", segments}});
    }
    return array;
}

} // namespace

QString verificationCodeName(VerificationCode code) {
    for (const auto& [value, name] : kNames)
        if (value == code)
            return QString::fromLatin1(name);
    return {};
}

VerificationReport ReportVerifier::verify(const QByteArray& srFile, const QByteArray& pdfFile) const {
    return Proof(m_encoder, m_verifier).run(srFile, pdfFile);
}

QJsonObject toJson(const VerificationReport& report) {
    QJsonArray signatures;
    for (const SignatureCheck& check : report.signatures)
        signatures.append(
            QJsonObject{{"role", roleText(check.role)},
                        {"valid", check.verdict.valid},
                        {"problem", check.verdict.problem ? check.verdict.problem->toString() : QString()},
                        {"name", check.signer.name},
                        {"title", check.signer.title},
                        {"hospital", check.signer.hospital},
                        {"signedAt", isoTime(check.verdict.signedAt)},
                        {"demo", check.signer.isDemo},
                        {"certificate", QJsonObject{{"subject", check.verdict.signer.subject},
                                                    {"issuer", check.verdict.signer.issuer},
                                                    {"serial", check.verdict.signer.serial},
                                                    {"keyAlgorithm", check.verdict.signer.keyAlgorithm},
                                                    {"notBefore", isoTime(check.verdict.signer.notBefore)},
                                                    {"notAfter", isoTime(check.verdict.signer.notAfter)},
                                                    {"demo", check.verdict.signer.isDemo}}}});
    QJsonArray problems;
    for (const VerificationProblem& problem : report.problems)
        problems.append(QJsonObject{{"code", verificationCodeName(problem.code)}, {"detail", problem.detail}});
    return {{"ok", report.ok},
            {"pdfChecked", report.pdfChecked},
            {"selfReviewed", report.selfReviewed},
            {"report", report.document.report.value()},
            {"version", report.document.version},
            {"state", stateName(report.document.state)},
            {"structuredReportUid", report.document.srInstance.value()},
            {"studyUid", report.document.order.study.value()},
            {"accessionNumber", report.document.order.accessionNumber},
            {"signatures", signatures},
            {"problems", problems},
            {"reviewerChanges", toJson(report.reviewerChanges)},
            {"reportDigest", QString::fromLatin1(report.reportDigest.toHex())},
            {"pdfDigest", QString::fromLatin1(report.pdfDigest.toHex())}};
}

} // namespace yz
