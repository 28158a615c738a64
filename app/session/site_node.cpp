#include "session/site_node.h"

#include <QJsonArray>
#include <QUrl>
#include <algorithm>
#include <array>
#include <set>

namespace yz {

namespace {

template <typename Value, size_t Count> using Names = std::array<std::pair<Value, const char*>, Count>;

constexpr Names<WebAuthorization, 3> kAuthorizations{
    {{WebAuthorization::None, "none"}, {WebAuthorization::Basic, "basic"}, {WebAuthorization::Bearer, "bearer"}}};
constexpr Names<ImagesBy, 3> kImagesBy{
    {{ImagesBy::CGet, "c-get"}, {ImagesBy::CMove, "c-move"}, {ImagesBy::WadoRs, "wado-rs"}}};
constexpr Names<ReportsBy, 2> kReportsBy{{{ReportsBy::CStore, "c-store"}, {ReportsBy::StowRs, "stow-rs"}}};

template <typename Value, size_t Count> QString nameOf(const Names<Value, Count>& names, Value value) {
    for (const auto& [each, name] : names)
        if (each == value)
            return QString::fromLatin1(name);
    return {};
}

template <typename Value, size_t Count>
bool valueOf(const Names<Value, Count>& names, const QJsonValue& json, Value& value) {
    if (json.isUndefined())
        return true;
    for (const auto& [each, name] : names)
        if (json.toString() == QLatin1String(name)) {
            value = each;
            return true;
        }
    return false;
}

bool takeText(const QJsonObject& json, const char* key, QString& value) {
    const QJsonValue found = json[QLatin1String(key)];
    if (found.isUndefined())
        return true;
    value = found.toString();
    return found.isString();
}

bool takeNumber(const QJsonObject& json, const char* key, qint64 lowest, qint64 highest, qint64& value) {
    const QJsonValue found = json[QLatin1String(key)];
    if (found.isUndefined())
        return true;
    value = found.toInteger(lowest - 1);
    return value >= lowest && value <= highest;
}

const char* badUrl(const SiteNode& node) {
    if (node.url.isEmpty())
        return nullptr;
    const QUrl url(node.url, QUrl::StrictMode);
    const bool isPlain = url.scheme() == u"http";
    const bool isGood = url.isValid() && !url.host().isEmpty() && url.userInfo().isEmpty() && !url.hasQuery() &&
                        !url.hasFragment() && (url.scheme() == u"https" || (isPlain && node.plainAllowed));
    return isGood ? nullptr : "url";
}

/// The key that is wrong, or null.
const char* takeNode(const QJsonObject& json, SiteNode& node) {
    const std::pair<const char*, QString*> texts[] = {{"name", &node.name},
                                                      {"aeTitle", &node.aeTitle},
                                                      {"host", &node.host},
                                                      {"url", &node.url},
                                                      {"user", &node.user},
                                                      {"authorities", &node.authorities},
                                                      {"certificate", &node.certificate}};
    for (const auto& [key, value] : texts)
        if (!takeText(json, key, *value))
            return key;
    qint64 port = node.port;
    qint64 connections = node.connections;
    if (!takeNumber(json, "port", 1, 65535, port))
        return "port";
    if (!takeNumber(json, "connections", 1, 6, connections))
        return "connections";
    if (!takeNumber(json, "maxObjectBytes", 1024 * 1024, 16LL << 30, node.maxObjectBytes))
        return "maxObjectBytes";
    node.port = static_cast<int>(port);
    node.connections = static_cast<int>(connections);
    node.plainAllowed = json[QLatin1String("plainAllowed")].toBool(false);
    if (!valueOf(kAuthorizations, json[QLatin1String("authorization")], node.authorization))
        return "authorization";
    if (node.name.trimmed().isEmpty() || node.name.contains(u'/'))
        return "name";
    if (node.aeTitle.size() > 16)
        return "aeTitle";
    if (node.authorization == WebAuthorization::Basic && node.user.isEmpty())
        return "user";
    return badUrl(node);
}

} // namespace

Result<std::vector<SiteNode>> siteNodesFromJson(const QJsonValue& json) {
    std::vector<SiteNode> nodes;
    if (json.isUndefined())
        return nodes;
    if (!json.isArray())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("nodes"));
    std::set<QString> names;
    for (const QJsonValue& value : json.toArray()) {
        SiteNode node;
        const char* wrong = takeNode(value.toObject(), node);
        if (wrong == nullptr && !names.insert(node.name).second)
            wrong = "name";
        if (wrong != nullptr)
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("nodes[%1].%2").arg(nodes.size()).arg(QLatin1String(wrong)));
        nodes.push_back(std::move(node));
    }
    return nodes;
}

QJsonArray toJson(const std::vector<SiteNode>& nodes) {
    QJsonArray list;
    for (const SiteNode& node : nodes)
        list.append(QJsonObject{{"name", node.name},
                                {"aeTitle", node.aeTitle},
                                {"host", node.host},
                                {"port", node.port},
                                {"url", node.url},
                                {"plainAllowed", node.plainAllowed},
                                {"authorization", nameOf(kAuthorizations, node.authorization)},
                                {"user", node.user},
                                {"authorities", node.authorities},
                                {"certificate", node.certificate},
                                {"connections", node.connections},
                                {"maxObjectBytes", node.maxObjectBytes}});
    return list;
}

Result<SiteRoles> siteRolesFromJson(const QJsonValue& json, const std::vector<SiteNode>& nodes) {
    SiteRoles roles;
    if (json.isUndefined())
        return roles;
    const auto wrong = [](const char* key) { return fail(ErrorCode::InvalidArgument, QLatin1String(key)); };
    const QJsonObject object = json.toObject();
    const QJsonObject images = object[QLatin1String("images")].toObject();
    const QJsonObject reports = object[QLatin1String("reports")].toObject();
    if (!takeText(images, "node", roles.images) || !valueOf(kImagesBy, images[QLatin1String("by")], roles.imagesBy))
        return wrong("roles.images");
    if (!takeText(reports, "node", roles.reports) ||
        !valueOf(kReportsBy, reports[QLatin1String("by")], roles.reportsBy))
        return wrong("roles.reports");
    // What a role needs of its node: an address on the web, or one for DIMSE.
    const auto fits = [&](const QString& name, bool overWeb) {
        if (name.isEmpty())
            return !overWeb;
        const auto it =
            std::find_if(nodes.begin(), nodes.end(), [&](const SiteNode& node) { return node.name == name; });
        return it != nodes.end() &&
               (overWeb ? !it->url.isEmpty() : !it->host.isEmpty() && !it->aeTitle.trimmed().isEmpty());
    };
    if (!fits(roles.images, roles.imagesBy == ImagesBy::WadoRs))
        return wrong("roles.images");
    if (!fits(roles.reports, roles.reportsBy == ReportsBy::StowRs))
        return wrong("roles.reports");
    return roles;
}

QJsonObject toJson(const SiteRoles& roles) {
    return {{"images", QJsonObject{{"node", roles.images}, {"by", nameOf(kImagesBy, roles.imagesBy)}}},
            {"reports", QJsonObject{{"node", roles.reports}, {"by", nameOf(kReportsBy, roles.reportsBy)}}}};
}

} // namespace yz
