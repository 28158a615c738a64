#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

namespace yz {

/// What a person recognises certificates of a TLS connection by.
struct CertificateFacts {
    QString name;   ///< common name of the first; where it has none, its organization
    QString issuer; ///< of the first
    QDateTime ends; ///< UTC, the earliest of all
    int count = 0;  ///< certificates in the text
};
/// CertificateMissing: no certificate (PEM) in it.
[[nodiscard]] Result<CertificateFacts> certificateFacts(const QByteArray& pem);

/// Whether an unencrypted private key (PEM) is that of the first certificate. KeyUnavailable: it cannot be read;
/// KeyDoesNotMatchCertificate; CertificateMissing.
[[nodiscard]] Status keyFits(const QByteArray& certificatePem, const QByteArray& keyPem);

} // namespace yz
