#pragma once

#include "core/ids.h"
#include "core/result.h"
#include "security/openssl_handles.h"

#include <QByteArray>
#include <QString>

/// Private keys and certificates of users in files. Private to security.
namespace yz {

/// Paths below a folder of keys and trust; empty when the id cannot be a file name.
[[nodiscard]] QString keyPath(const QString& folder, const UserId& user);
[[nodiscard]] QString certificatePath(const QString& folder, const UserId& user);

/// CertificateMissing.
[[nodiscard]] Result<CertificatePtr> loadCertificate(const QString& folder, const UserId& user);
/// KeyUnavailable (absent, broken or not encrypted), PasswordWrong.
[[nodiscard]] Result<PkeyPtr> loadKey(const QString& folder, const UserId& user, const QString& pin);

/// PKCS#8 with PBES2: AES-256-CBC, PBKDF2 with HMAC-SHA-256.
[[nodiscard]] Result<QByteArray> encryptKey(EVP_PKEY* key, const QString& pin, int iterations);

} // namespace yz
