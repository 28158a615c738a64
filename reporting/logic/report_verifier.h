#pragma once

#include "domain/ports.h"
#include "reporting/content_diff.h"

#include <QJsonObject>
#include <QString>
#include <vector>

namespace yz {

enum class VerificationCode {
    FileDamaged,              ///< not a report file, or a byte differs from its canonical encoding
    SignatureMissing,         ///< no signature, or the reviewer's or author's is not there
    ManifestDamaged,          ///< what was signed is not a manifest in canonical form
    SignatureNotValid,        ///< the CMS does not hold over the manifest, or the certificate is not to be trusted
    SignerDiffers,            ///< the certificate is not the one the manifest names
    ReportDigestDiffers,      ///< SR is not the one that was signed
    PdfDigestDiffers,         ///< PDF object or the PDF in it is not the one that was signed
    IdentityDiffers,          ///< UIDs in the file are not those in the manifest
    AuthorNotCovered,         ///< the reviewer's signature does not cover the author's
    ChainBroken,              ///< the author's manifest is not of the version the reviewer's points back to
    FilesDoNotBelongTogether, ///< SR and PDF carry different signatures
};
[[nodiscard]] QString verificationCodeName(VerificationCode code); ///< stable, "ReportDigestDiffers"

struct VerificationProblem {
    VerificationCode code = VerificationCode::FileDamaged;
    QString detail; ///< English, no patient data

    bool operator==(const VerificationProblem&) const = default;
};

/// One doctor's signature and what came of it.
struct SignatureCheck {
    SignatureRecord::Role role = SignatureRecord::Role::Author;
    SignerStatement signer; ///< as the manifest says
    SignatureVerdict verdict;
};

/// Who signed what when, and what is wrong.
struct VerificationReport {
    bool ok = false;           ///< no problem found in what was given
    bool pdfChecked = false;   ///< a PDF object was given
    bool selfReviewed = false; ///< one person is author and reviewer: allowed at some sites, always said
    ReportDocument document;   ///< of the newest manifest, pictures left out
    std::vector<SignatureCheck> signatures;
    std::vector<VerificationProblem> problems;
    std::vector<SectionChange> reviewerChanges; ///< sections the reviewer changed
    QByteArray reportDigest, pdfDigest;         ///< SM3 as computed now, empty when not computed
};

[[nodiscard]] QJsonObject toJson(const VerificationReport& report);

/// Proves a report from its files alone, offline. Blocks; thread-safe as its ports are.
class ReportVerifier {
public:
    ReportVerifier(ReportEncoder& encoder, SignatureVerifier& verifier) : m_encoder(encoder), m_verifier(verifier) {}

    [[nodiscard]] VerificationReport verify(const QByteArray& srFile, const QByteArray& pdfFile = {}) const;

private:
    ReportEncoder& m_encoder;
    SignatureVerifier& m_verifier;
};

} // namespace yz
