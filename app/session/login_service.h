#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "domain/user.h"

#include <QString>

namespace yz {

class DeskStore;

/// Log-in with local users: five wrong passwords in a row lock the account for fifteen minutes (kept in the database,
/// so a restart does not help). Every try is audited. Blocks for the Argon2id time (about 0.2 s).
class LoginService {
public:
    static constexpr int kFailureLimit = 5;
    static constexpr std::chrono::minutes kLockTime{15};

    LoginService(DeskStore& store, const Clock& clock) : m_store(store), m_clock(clock) {}

    /// PasswordWrong also for an unknown name, so that names cannot be probed; AccountLocked, AccountDisabled.
    [[nodiscard]] Result<User> logIn(const QString& loginName, const QString& password);
    void logOut(const User& user);

private:
    DeskStore& m_store;
    const Clock& m_clock;
};

} // namespace yz
