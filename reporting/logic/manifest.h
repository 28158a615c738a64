#pragma once

#include "core/result.h"
#include "domain/ports.h"

#include <QByteArray>
#include <QJsonObject>
#include <optional>

/// The bytes a doctor signs: one canonical JSON object (compact, keys sorted, UTF-8) that names the signer, holds the
/// whole report in words, and pins by SM3 digest both DICOM objects, the bare PDF and, for a reviewer, the author's
/// signature.
namespace yz {

inline constexpr int kManifestSchema = 1;

/// SM3 digests of what a version consists of, 32 bytes each.
struct ManifestDigests {
    QByteArray structuredReport; ///< canonical SR file
    QByteArray pdfObject;        ///< canonical Encapsulated PDF file
    QByteArray pdf;              ///< the PDF inside it

    bool operator==(const ManifestDigests&) const = default;
};

struct Manifest {
    SignatureRecord::Role role = SignatureRecord::Role::Author;
    SignerStatement signer;
    QJsonObject documentJson; ///< toJson(document, false): pictures as SHA-256
    ReportDocument document;  ///< the same, read; key images carry no pictures
    ManifestDigests digests;
    QByteArray authorManifestDigest, authorCmsDigest; ///< reviewer only: SM3 of the author's record
};

/// The document's author is the signer.
[[nodiscard]] QByteArray authorManifest(const ReportDocument& document, const ManifestDigests& digests);
/// The document's reviewer is the signer; the two digests are SM3 of the author's manifest and CMS.
[[nodiscard]] QByteArray reviewerManifest(const ReportDocument& document, const ManifestDigests& digests,
                                          const QByteArray& authorManifestDigest, const QByteArray& authorCmsDigest);

/// SignedContentChanged when the bytes are not a manifest in its one canonical form, NotSupported for a later schema.
[[nodiscard]] Result<Manifest> readManifest(const QByteArray& bytes);

/// A report file and, when at hand, its PDF object -> the version they hold. The document comes from the newest
/// manifest; key images come without their pictures (they are in the PDF, and at the reviewer's desk drawn anew).
/// Proves only that the files are intact and belong together: whether the signatures hold is ReportVerifier's matter.
[[nodiscard]] Result<SignedReport> openReceivedReport(ReportEncoder& encoder, const QByteArray& srFile,
                                                      const QByteArray& pdfFile = {});

} // namespace yz
