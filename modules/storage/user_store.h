#pragma once

#include "core/clock.h"
#include "domain/user.h"
#include "storage/database.h"

#include <QDateTime>
#include <vector>

namespace yz {

/// Local users. Passwords arrive as Argon2id strings made by security; they are only kept here.
class UserStore {
public:
    UserStore(std::shared_ptr<Database> database, const Clock& clock);

    struct Credentials {
        User user;
        QString passwordHash;
        int failedAttempts = 0;
        QDateTime lockedUntil; ///< invalid: not locked
        bool disabled = false;
    };

    [[nodiscard]] Status add(const User& user, const QString& passwordHash); ///< AlreadyExists
    [[nodiscard]] Status update(const User& user);
    [[nodiscard]] Status setPasswordHash(const UserId& user, const QString& passwordHash);
    [[nodiscard]] Status setDisabled(const UserId& user, bool disabled);
    [[nodiscard]] Result<Credentials> byLoginName(const QString& loginName) const; ///< UserUnknown
    [[nodiscard]] Result<User> byId(const UserId& user) const;                     ///< UserUnknown
    [[nodiscard]] Result<std::vector<User>> all() const;
    /// Counts a wrong password; locks the account for `lockFor` at the `limit`-th in a row.
    [[nodiscard]] Status recordFailure(const UserId& user, int limit, std::chrono::seconds lockFor);
    [[nodiscard]] Status recordSuccess(const UserId& user);

private:
    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

} // namespace yz
