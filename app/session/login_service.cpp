#include "session/login_service.h"

#include "core/log.h"
#include "security/password_hash.h"
#include "storage/desk_store.h"

namespace yz {

namespace {

// Verified against when the name is unknown, so that the answer takes as long as for a known one.
const QString& unknownUserHash() {
    static const QString hash = hashPassword(QStringLiteral("no such user")).value_or(QString());
    return hash;
}

} // namespace

Result<User> LoginService::logIn(const QString& loginName, const QString& password) {
    AuditEntry audit;
    audit.event = QStringLiteral("user.login");
    const auto refuse = [&](ErrorCode code) -> Result<User> {
        audit.success = false;
        audit.details = {{"reason", errorName(code)}};
        if (Status written = m_store.audit().append(audit); !written)
            return fail(written.error());
        return fail(code);
    };

    const Result<UserStore::Credentials> credentials = m_store.users().byLoginName(loginName.trimmed());
    if (!credentials) {
        if (credentials.error().code != ErrorCode::UserUnknown)
            return fail(credentials.error());
        static_cast<void>(verifyPassword(password, unknownUserHash()).has_value());
        return refuse(ErrorCode::PasswordWrong);
    }
    const User& user = credentials->user;
    audit.user = user.id;
    if (credentials->disabled)
        return refuse(ErrorCode::AccountDisabled);
    // A lock that ends later than one can was made by a clock that ran ahead; the next wrong password locks again.
    const QDateTime now = m_clock.nowUtc();
    if (credentials->lockedUntil.isValid() && credentials->lockedUntil > now &&
        credentials->lockedUntil <= now.addSecs(std::chrono::seconds(kLockTime).count()))
        return refuse(ErrorCode::AccountLocked);
    if (!verifyPassword(password, credentials->passwordHash)) {
        if (Status counted = m_store.users().recordFailure(user.id, kFailureLimit, kLockTime); !counted)
            return fail(counted.error());
        return refuse(credentials->failedAttempts + 1 >= kFailureLimit ? ErrorCode::AccountLocked
                                                                       : ErrorCode::PasswordWrong);
    }
    if (Status cleared = m_store.users().recordSuccess(user.id); !cleared)
        return fail(cleared.error());
    // Without an audit entry there is no log-in: what cannot be recorded must not happen.
    if (Status written = m_store.audit().append(audit); !written)
        return fail(written.error());
    return user;
}

void LoginService::logOut(const User& user) {
    const Status written = m_store.audit().append({QStringLiteral("user.logout"), user.id, {}, true, {}});
    if (!written)
        qCWarning(logSession) << "log-out was not audited:" << written.error().toString();
}

} // namespace yz
