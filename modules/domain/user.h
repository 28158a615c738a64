#pragma once

#include "core/ids.h"

#include <QSet>
#include <QString>

namespace yz {

/// Roles of the desk (docs: WORKFLOW). A user may hold several, an administrator never reads or signs.
enum class Role { Reader, Reviewer, EcgReader, PathologyReader, QaSupervisor, Administrator };
inline size_t qHash(Role role, size_t seed = 0) { return ::qHash(static_cast<int>(role), seed); }

[[nodiscard]] QString roleName(Role role); ///< "reader", "reviewer", ...: stable, for files and the CLI
bool roleFromName(const QString& name, Role& role);

struct User {
    UserId id;
    QString loginName;
    QString displayName; ///< 张伟
    QString title;       ///< 主治医师
    QString hospital;    ///< the diagnosing hospital
    QString department;
    QSet<Role> roles;
    bool isDemo = false; ///< made by the demo set-up; shown wherever the name is shown

    bool operator==(const User&) const = default;
    [[nodiscard]] bool has(Role role) const { return roles.contains(role); }
};

} // namespace yz
