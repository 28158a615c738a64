#include "security/password_hash.h"

#include <QByteArray>
#include <QSet>
#include <argon2.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace yz {

namespace {

constexpr int saltLength = 16;
constexpr int hashLength = 32;
constexpr int shortestPassword = 8;

/// The same password typed on another system may come in another normal form.
QByteArray bytesOf(const QString& password) { return password.normalized(QString::NormalizationForm_C).toUtf8(); }

void wipe(QByteArray& bytes) { OPENSSL_cleanse(bytes.data(), static_cast<size_t>(bytes.size())); }

} // namespace

Result<QString> hashPassword(const QString& password, const PasswordHashCost& cost) {
    unsigned char salt[saltLength];
    if (RAND_bytes(salt, saltLength) != 1)
        return fail(ErrorCode::Internal, QStringLiteral("no random numbers"));
    QByteArray encoded(static_cast<qsizetype>(argon2_encodedlen(cost.passes, cost.memoryKib, cost.lanes, saltLength,
                                                                hashLength, Argon2_id)),
                       '\0');
    QByteArray secret = bytesOf(password);
    const int code = argon2id_hash_encoded(cost.passes, cost.memoryKib, cost.lanes, secret.constData(),
                                           static_cast<size_t>(secret.size()), salt, saltLength, hashLength,
                                           encoded.data(), static_cast<size_t>(encoded.size()));
    wipe(secret);
    if (code != ARGON2_OK)
        return fail(ErrorCode::Internal, QLatin1String(argon2_error_message(code)));
    return QString::fromLatin1(encoded.constData());
}

Status verifyPassword(const QString& password, const QString& encoded) {
    QByteArray secret = bytesOf(password);
    const int code =
        argon2id_verify(encoded.toLatin1().constData(), secret.constData(), static_cast<size_t>(secret.size()));
    wipe(secret);
    if (code == ARGON2_OK)
        return {};
    if (code == ARGON2_VERIFY_MISMATCH)
        return fail(ErrorCode::PasswordWrong);
    return fail(ErrorCode::InvalidArgument, QLatin1String(argon2_error_message(code)));
}

Status checkPasswordStrength(const QString& password, const QString& loginName) {
    if (password.toUcs4().size() < shortestPassword)
        return fail(ErrorCode::PasswordTooWeak, QStringLiteral("shorter than 8 characters"));
    if (!loginName.isEmpty() && password.compare(loginName, Qt::CaseInsensitive) == 0)
        return fail(ErrorCode::PasswordTooWeak, QStringLiteral("the log-in name"));
    if (QSet<QChar>(password.begin(), password.end()).size() == 1)
        return fail(ErrorCode::PasswordTooWeak, QStringLiteral("one character repeated"));
    return {};
}

} // namespace yz
