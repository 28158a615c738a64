#pragma once

#include "core/result.h"
#include "domain/ports.h"
#include "security/openssl_handles.h"

#include <QByteArray>
#include <QDateTime>
#include <vector>

/// Between OpenSSL's values and ours. Private to security.
namespace yz {

/// An error with the reasons OpenSSL has queued on this thread (which it takes out of the queue).
[[nodiscard]] Error opensslError(ErrorCode code, const char* what);

[[nodiscard]] QDateTime fromAsn1Time(const ASN1_TIME* time);
[[nodiscard]] TimePtr toAsn1Time(const QDateTime& time); ///< seconds; UTCTime to 2049, GeneralizedTime after (RFC 5280)

[[nodiscard]] QByteArray derOf(const X509* certificate);
[[nodiscard]] CertificateInfo infoOf(const X509* certificate);
/// Upper-case hex without leading zeros.
[[nodiscard]] QString serialText(const X509* certificate);

[[nodiscard]] CertificatePtr share(X509* certificate);

/// Contents of a file; empty and false when it cannot be read.
[[nodiscard]] bool readFile(const QString& path, QByteArray& bytes);

/// Everything a BIO in memory holds.
[[nodiscard]] QByteArray bytesOf(BIO* memory);
[[nodiscard]] BioPtr memoryOf(const QByteArray& bytes);

/// Certificates and CRLs of a PEM bundle. All SM2 certificates get the distinguishing identifier.
[[nodiscard]] Result<std::vector<CertificatePtr>> certificatesFromPem(const QByteArray& pem);
[[nodiscard]] Result<std::vector<CrlPtr>> crlsFromPem(const QByteArray& pem);

} // namespace yz
