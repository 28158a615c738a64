#include "storage/user_store.h"

#include "storage/row_values.h"

#include <QStringList>
#include <algorithm>

namespace yz {

namespace {

constexpr QStringView columns = u"id, login_name, display_name, title, hospital, department, roles, is_demo, "
                                "password_hash, failed_attempts, locked_until, disabled";

QString rolesText(const QSet<Role>& roles) {
    QStringList names;
    for (const Role role : roles)
        names.append(roleName(role));
    std::sort(names.begin(), names.end());
    return names.join(u' ');
}

QSet<Role> rolesFromText(const QString& text) {
    QSet<Role> roles;
    const QStringList names = text.split(u' ', Qt::SkipEmptyParts);
    for (const QString& name : names)
        if (Role role{}; roleFromName(name, role))
            roles.insert(role);
    return roles;
}

UserStore::Credentials credentialsAt(const Statement& row) {
    UserStore::Credentials credentials;
    credentials.user = {
        UserId(row.text(0)),        row.text(1),        row.text(2), row.text(3), row.text(4), row.text(5),
        rolesFromText(row.text(6)), row.integer(7) != 0};
    credentials.passwordHash = row.text(8);
    credentials.failedAttempts = static_cast<int>(row.integer(9));
    credentials.lockedUntil = timeAt(row, 10);
    credentials.disabled = row.integer(11) != 0;
    return credentials;
}

/// Finishes a change of exactly one user.
Status finish(Transaction& transaction, const Result<int>& changed) {
    if (!changed)
        return fail(changed.error());
    if (*changed == 0)
        return fail(ErrorCode::UserUnknown);
    return transaction.commit();
}

} // namespace

UserStore::UserStore(std::shared_ptr<Database> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

Status UserStore::add(const User& user, const QString& passwordHash) {
    if (user.id.isEmpty() || user.loginName.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("user without id or log-in name"));
    Transaction transaction(*m_database);
    Statement insert = transaction.prepare(
        u"INSERT INTO user (id, login_name, display_name, title, hospital, department, roles, is_demo, password_hash, "
        "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, user.id.value()).bind(2, user.loginName).bind(3, user.displayName).bind(4, user.title);
    insert.bind(5, user.hospital).bind(6, user.department).bind(7, rolesText(user.roles)).bind(8, int(user.isDemo));
    insert.bind(9, passwordHash);
    bindTime(insert, 10, m_clock.nowUtc());
    return finish(transaction, insert.run());
}

Status UserStore::update(const User& user) {
    Transaction transaction(*m_database);
    Statement update =
        transaction.prepare(u"UPDATE user SET login_name = ?, display_name = ?, title = ?, hospital = ?, "
                            "department = ?, roles = ?, is_demo = ? WHERE id = ?");
    update.bind(1, user.loginName).bind(2, user.displayName).bind(3, user.title).bind(4, user.hospital);
    update.bind(5, user.department).bind(6, rolesText(user.roles)).bind(7, int(user.isDemo));
    return finish(transaction, update.bind(8, user.id.value()).run());
}

Status UserStore::setPasswordHash(const UserId& user, const QString& passwordHash) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(
        u"UPDATE user SET password_hash = ?, failed_attempts = 0, locked_until = NULL WHERE id = ?");
    return finish(transaction, update.bind(1, passwordHash).bind(2, user.value()).run());
}

Status UserStore::setDisabled(const UserId& user, bool disabled) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(u"UPDATE user SET disabled = ? WHERE id = ?");
    return finish(transaction, update.bind(1, int(disabled)).bind(2, user.value()).run());
}

Result<UserStore::Credentials> UserStore::byLoginName(const QString& loginName) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(QString(u"SELECT " + columns + u" FROM user WHERE login_name = ?"));
    const Result<bool> row = select.bind(1, loginName).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(ErrorCode::UserUnknown);
    return credentialsAt(select);
}

Result<User> UserStore::byId(const UserId& user) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(QString(u"SELECT " + columns + u" FROM user WHERE id = ?"));
    const Result<bool> row = select.bind(1, user.value()).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(ErrorCode::UserUnknown);
    return credentialsAt(select).user;
}

Result<std::vector<User>> UserStore::all() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(QString(u"SELECT " + columns + u" FROM user ORDER BY login_name"));
    std::vector<User> users;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return users;
        users.push_back(credentialsAt(select).user);
    }
}

Status UserStore::recordFailure(const UserId& user, int limit, std::chrono::seconds lockFor) {
    const QDateTime until = m_clock.nowUtc().addSecs(lockFor.count());
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(
        u"UPDATE user SET failed_attempts = failed_attempts + 1, "
        "locked_until = CASE WHEN failed_attempts + 1 >= ? THEN ? ELSE locked_until END WHERE id = ?");
    update.bind(1, limit);
    bindTime(update, 2, until);
    return finish(transaction, update.bind(3, user.value()).run());
}

Status UserStore::recordSuccess(const UserId& user) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(u"UPDATE user SET failed_attempts = 0, locked_until = NULL WHERE id = ?");
    return finish(transaction, update.bind(1, user.value()).run());
}

} // namespace yz
