#include "session/demo_site.h"

#include "security/certificate_authority.h"
#include "security/password_hash.h"
#include "storage/desk_store.h"

namespace yz::demo {

namespace {

User demoUser(const char* id, const QString& name, const QString& title, QSet<Role> roles) {
    User user;
    user.id = UserId(QStringLiteral("demo-") + QLatin1String(id));
    user.loginName = QString::fromLatin1(id);
    user.displayName = name;
    user.title = title;
    user.hospital = QStringLiteral("青川县人民医院");
    user.department = QStringLiteral("医学影像诊断中心");
    user.roles = std::move(roles);
    user.isDemo = true;
    return user;
}

} // namespace

std::vector<User> users() {
    return {demoUser("zhangwei", QStringLiteral("张伟"), QStringLiteral("主治医师"), {Role::Reader}),
            demoUser("wangfang", QStringLiteral("王芳"), QStringLiteral("住院医师"), {Role::Reader}),
            demoUser("lina", QStringLiteral("李娜"), QStringLiteral("副主任医师"), {Role::Reader, Role::Reviewer}),
            demoUser("chenjun", QStringLiteral("陈军"), QStringLiteral("主任医师"), {Role::Reviewer}),
            demoUser("zhaomin", QStringLiteral("赵敏"), QStringLiteral("质控员"), {Role::QaSupervisor}),
            demoUser("admin", QStringLiteral("系统管理员"), QStringLiteral("工程师"), {Role::Administrator})};
}

Status prepare(DeskStore& store, const Clock& clock) {
    std::vector<DemoSigner> signers;
    for (const User& user : users()) {
        if (!store.users().byId(user.id)) {
            const Result<QString> hash = hashPassword(QString::fromLatin1(kPassword));
            if (!hash)
                return fail(hash.error());
            if (Status added = store.users().add(user, *hash); !added)
                return added;
        }
        if (user.has(Role::Reader) || user.has(Role::Reviewer))
            signers.push_back({user.id, user.displayName, QString::fromLatin1(kPassword)});
    }
    return createDemoTrust(store.folder(), signers, clock);
}

} // namespace yz::demo
