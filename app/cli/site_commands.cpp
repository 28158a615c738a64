#include "command.h"

#include "security/secret_store.h"
#include "session/site_check.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace yz::cli {

namespace {

QString sitePath(const QString& home) { return home + QStringLiteral("/site.json"); }

Result<Answer> show(const QString& home) {
    const Result<QByteArray> bytes = readFile(sitePath(home));
    if (!bytes)
        return fail(bytes.error());
    return Answer{QJsonDocument::fromJson(*bytes).object()};
}

Result<Answer> copySite(const QString& from, const QString& to) {
    const Result<Site> site = Site::load(from);
    if (!site)
        return fail(site.error());
    if (Status saved = site->save(to); !saved)
        return fail(saved.error());
    return Answer{QJsonObject{{"written", to}}};
}

Result<Answer> keepSecret(Context& context, const QString& home, const QString& node) {
    const Result<Site> site = Site::load(sitePath(home));
    if (!site)
        return fail(site.error());
    const auto it =
        std::find_if(site->nodes.begin(), site->nodes.end(), [&](const SiteNode& each) { return each.name == node; });
    const auto target = std::find_if(site->reportTargets.begin(), site->reportTargets.end(),
                                     [&](const ReportTarget& each) { return each.id == node; });
    const bool isAudit = node == u"audit" && site->auditRepository.isSet();
    if (it == site->nodes.end() && target == site->reportTargets.end() && !isAudit)
        return fail(ErrorCode::NotFound, QStringLiteral("the site has no such node or target"));
    const bool isNode = it != site->nodes.end();
    const bool isTarget = !isNode && target != site->reportTargets.end();
    const QString secretName = isNode ? it->secretName() : isTarget ? target->secretName() : QString();
    const QString keyName = isNode ? it->keyName() : isTarget ? target->keyName() : AuditTarget::keyName();
    SecretStore secrets(home);
    QJsonArray kept;
    for (const auto& [option, name] : {std::pair{"secret-file", secretName}, {"key-file", keyName}}) {
        if (name.isEmpty())
            continue;
        if (!context.arguments().has(option))
            continue;
        Result<QByteArray> bytes = readFile(context.arguments().option(option));
        if (!bytes)
            return fail(bytes.error());
        if (Status set = secrets.set(name, bytes->trimmed()); !set)
            return fail(set.error());
        kept.append(name);
    }
    if (kept.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("say --secret-file FILE or --key-file FILE"));
    return Answer{QJsonObject{{"kept", kept}}};
}

QJsonObject toJson(const RoleCheck& check) {
    QJsonObject json{{"role", check.role},
                     {"node", check.node},
                     {"by", check.means},
                     {"good", !check.problem},
                     {"ms", static_cast<qint64>(check.took.count())},
                     {"encrypted", check.isEncrypted},
                     {"accepted", QJsonArray::fromStringList(check.accepted)},
                     {"refused", QJsonArray::fromStringList(check.refused)}};
    if (!check.asked.isEmpty()) {
        json["asked"] = check.asked;
        json["answered"] = check.answered;
    }
    if (check.problem) {
        json["error"] = errorName(check.problem->code);
        json["detail"] = check.problem->detail;
    }
    if (check.certificateEnds.isValid()) {
        json["certificate"] = check.certificateName;
        json["certificateEnds"] = check.certificateEnds.toString(Qt::ISODate);
    }
    if (check.characterSet) {
        json["characterSet"] = *check.characterSet;
        json["characterSetUsed"] = check.repair.used;
        json["unreadableText"] = check.repair.hasUnreadable;
    }
    if (!check.said.isEmpty())
        json["said"] = check.said;
    if (!check.offered.isEmpty() || !check.missing.isEmpty()) {
        json["offered"] = QJsonArray::fromStringList(check.offered);
        json["missing"] = QJsonArray::fromStringList(check.missing);
    }
    if (check.clockAhead)
        json["clockAheadSeconds"] = static_cast<qint64>(check.clockAhead->count());
    return json;
}

Result<Answer> check(Context& context, const QString& home) {
    const Result<Site> site = Site::load(sitePath(home));
    if (!site)
        return fail(site.error());
    QJsonArray list;
    bool isGood = true;
    for (const RoleCheck& each : checkSite(*site, home, context.clock(), context.token())) {
        isGood = isGood && !each.problem;
        list.append(toJson(each));
    }
    return Answer{list, isGood ? kDone : kAnswerIsNo};
}

Result<Answer> site(Context& context) {
    const Result<QString> home = context.home();
    if (!home)
        return fail(home.error());
    const QString what = context.arguments().positional(0);
    const QString name = context.arguments().positional(1);
    const bool wantsName = what != u"show" && what != u"check";
    if (wantsName == name.isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("show | check | import FILE | export FILE | secret NODE"));
    if (what == u"show")
        return show(*home);
    if (what == u"check")
        return check(context, *home);
    if (what == u"import")
        return copySite(name, sitePath(*home));
    if (what == u"export")
        return copySite(sitePath(*home), name);
    if (what == u"secret")
        return keepSecret(context, *home, name);
    return fail(ErrorCode::InvalidArgument, what);
}

} // namespace

std::vector<Command> siteCommands() {
    return {{"site",
             "show | check | import FILE | export FILE | secret NODE",
             "the servers of the site: see, try, exchange; secrets are kept apart and never shown",
             {{"secret-file", "FILE", "password or token for the node"},
              {"key-file", "FILE", "private key (PEM) of our certificate for the node"}},
             site,
             1,
             2}};
}

} // namespace yz::cli
