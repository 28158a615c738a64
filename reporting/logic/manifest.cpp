#include "reporting/manifest.h"

#include <QJsonDocument>

namespace yz {

namespace {

const QString kType = QStringLiteral("yuanzhen-report-manifest");
const QString kDigest = QStringLiteral("SM3");

QString hex(const QByteArray& digest) { return QString::fromLatin1(digest.toHex()); }
QByteArray fromHex(const QJsonValue& value) { return QByteArray::fromHex(value.toString().toLatin1()); }

QJsonObject manifestJson(const QString& role, const QJsonObject& document, const QJsonObject& signer,
                         const ManifestDigests& digests) {
    return {{"type", kType},
            {"schema", kManifestSchema},
            {"role", role},
            {"digestAlgorithm", kDigest},
            {"signer", signer},
            {"document", document},
            {"structuredReport", hex(digests.structuredReport)},
            {"pdfObject", hex(digests.pdfObject)},
            {"pdf", hex(digests.pdf)}};
}

// QJsonObject keeps its keys sorted, and compact output has one form for one value: that is the canonical encoding.
QByteArray canonical(const QJsonObject& json) { return QJsonDocument(json).toJson(QJsonDocument::Compact); }

constexpr int kDigestBytes = 32;

} // namespace

QByteArray authorManifest(const ReportDocument& document, const ManifestDigests& digests) {
    const QJsonObject json = toJson(document, false);
    return canonical(manifestJson(QStringLiteral("author"), json, json["author"].toObject(), digests));
}

QByteArray reviewerManifest(const ReportDocument& document, const ManifestDigests& digests,
                            const QByteArray& authorManifestDigest, const QByteArray& authorCmsDigest) {
    const QJsonObject json = toJson(document, false);
    QJsonObject manifest = manifestJson(QStringLiteral("reviewer"), json, json["reviewer"].toObject(), digests);
    manifest["authorSignature"] = QJsonObject{{"manifest", hex(authorManifestDigest)}, {"cms", hex(authorCmsDigest)}};
    return canonical(manifest);
}

Result<Manifest> readManifest(const QByteArray& bytes) {
    QJsonParseError error;
    const QJsonDocument parsed = QJsonDocument::fromJson(bytes, &error);
    if (error.error != QJsonParseError::NoError || !parsed.isObject())
        return fail(ErrorCode::SignedContentChanged, QStringLiteral("manifest is not JSON"));
    const QJsonObject json = parsed.object();
    if (json["type"].toString() != kType)
        return fail(ErrorCode::SignedContentChanged, QStringLiteral("not a report manifest"));
    if (json["schema"].toInt() > kManifestSchema)
        return fail(ErrorCode::NotSupported, QStringLiteral("manifest schema %1").arg(json["schema"].toInt()));
    if (canonical(json) != bytes)
        return fail(ErrorCode::SignedContentChanged, QStringLiteral("manifest is not in canonical form"));
    const QString role = json["role"].toString();
    const bool isReviewer = role == u"reviewer";
    if ((!isReviewer && role != u"author") || json["digestAlgorithm"].toString() != kDigest)
        return fail(ErrorCode::SignedContentChanged, QStringLiteral("manifest role or digest is unknown"));

    Manifest manifest;
    manifest.role = isReviewer ? SignatureRecord::Role::Reviewer : SignatureRecord::Role::Author;
    manifest.documentJson = json["document"].toObject();
    manifest.document = reportDocumentFromJson(manifest.documentJson);
    manifest.digests = {fromHex(json["structuredReport"]), fromHex(json["pdfObject"]), fromHex(json["pdf"])};
    const QJsonObject author = json["authorSignature"].toObject();
    manifest.authorManifestDigest = fromHex(author["manifest"]);
    manifest.authorCmsDigest = fromHex(author["cms"]);
    if (isReviewer && !manifest.document.reviewer)
        return fail(ErrorCode::SignedContentChanged, QStringLiteral("reviewer's manifest without a reviewer"));
    manifest.signer = isReviewer ? *manifest.document.reviewer : manifest.document.author;
    if (json["signer"] != manifest.documentJson[isReviewer ? u"reviewer" : u"author"])
        return fail(ErrorCode::SignedContentChanged, QStringLiteral("signer is not the one in the document"));
    const bool digestsWhole = manifest.digests.structuredReport.size() == kDigestBytes &&
                              manifest.digests.pdfObject.size() == kDigestBytes &&
                              manifest.digests.pdf.size() == kDigestBytes;
    const bool authorWhole = !isReviewer || (manifest.authorManifestDigest.size() == kDigestBytes &&
                                             manifest.authorCmsDigest.size() == kDigestBytes);
    if (!digestsWhole || !authorWhole)
        return fail(ErrorCode::SignedContentChanged, QStringLiteral("a digest of the manifest is missing"));
    return manifest;
}

Result<SignedReport> openReceivedReport(ReportEncoder& encoder, const QByteArray& srFile, const QByteArray& pdfFile) {
    const Result<OpenedReportFile> sr = encoder.open(srFile);
    if (!sr)
        return fail(sr.error());
    if (sr->signatures.empty())
        return fail(ErrorCode::SignatureMissing, QStringLiteral("report carries no signature"));
    const Result<Manifest> manifest = readManifest(sr->signatures.back().manifest);
    if (!manifest)
        return fail(manifest.error());
    if (!(manifest->document.srInstance == sr->object.instance))
        return fail(ErrorCode::SignedContentChanged, QStringLiteral("manifest is of another report"));

    SignedReport report;
    report.document = manifest->document;
    report.srFile = srFile;
    report.signatures = sr->signatures;
    if (pdfFile.isEmpty())
        return report;
    const Result<OpenedReportFile> pdf = encoder.open(pdfFile);
    if (!pdf)
        return fail(pdf.error());
    if (!(pdf->object.instance == manifest->document.pdfInstance) || pdf->signatures != sr->signatures)
        return fail(ErrorCode::SignedContentChanged, QStringLiteral("PDF object belongs to another report"));
    report.pdfFile = pdfFile;
    report.pdf = pdf->pdf;
    return report;
}

} // namespace yz
