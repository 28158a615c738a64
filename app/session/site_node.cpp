#include "session/site_node.h"

#include <QJsonArray>
#include <QUrl>
#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <utility>

namespace yz {

namespace {

template <typename Value, size_t Count> using Names = std::array<std::pair<Value, const char*>, Count>;

constexpr Names<WebAuthorization, 3> kAuthorizations{
    {{WebAuthorization::None, "none"}, {WebAuthorization::Basic, "basic"}, {WebAuthorization::Bearer, "bearer"}}};
constexpr Names<ImagesBy, 3> kImagesBy{
    {{ImagesBy::CGet, "c-get"}, {ImagesBy::CMove, "c-move"}, {ImagesBy::WadoRs, "wado-rs"}}};
constexpr Names<ReportsBy, 2> kReportsBy{{{ReportsBy::CStore, "c-store"}, {ReportsBy::StowRs, "stow-rs"}}};

constexpr Names<WorklistBy, 2> kWorklistBy{{{WorklistBy::Ups, "ups"}, {WorklistBy::UpsRs, "ups-rs"}}};

template <typename Value, size_t Count> QString nameOf(const Names<Value, Count>& names, Value value) {
    for (const auto& [each, name] : names)
        if (each == value)
            return QString::fromLatin1(name);
    return {};
}

/// Reads the keys of one object.
class KeyReader {
public:
    KeyReader(QJsonObject json, QString prefix, SiteFaults& faults)
        : m_json(std::move(json)), m_prefix(std::move(prefix)), m_faults(faults) {}

    void text(const char* key, QString& value) const {
        const QJsonValue found = m_json[QLatin1String(key)];
        if (found.isString())
            value = found.toString();
        else if (!found.isUndefined())
            wrong(key, FaultReason::WrongType);
    }
    template <typename Number> void number(const char* key, Number& value) const {
        const QJsonValue found = m_json[QLatin1String(key)];
        if (found.isUndefined())
            return;
        constexpr qint64 kNone = std::numeric_limits<qint64>::min();
        const qint64 read = found.toInteger(kNone);
        if (read == kNone)
            wrong(key, FaultReason::WrongType);
        else if (!std::in_range<Number>(read))
            wrong(key, FaultReason::OutOfRange);
        else
            value = static_cast<Number>(read);
    }
    template <typename Value, size_t Count>
    void word(const char* key, const Names<Value, Count>& names, Value& value) const {
        const QJsonValue found = m_json[QLatin1String(key)];
        if (found.isUndefined())
            return;
        for (const auto& [each, name] : names)
            if (found.toString() == QLatin1String(name)) {
                value = each;
                return;
            }
        wrong(key, FaultReason::UnknownValue);
    }

private:
    void wrong(const char* key, FaultReason reason) const {
        m_faults.add(QString(m_prefix + QLatin1String(key)), reason);
    }

    QJsonObject m_json;
    QString m_prefix;
    SiteFaults& m_faults;
};

QString nodeKey(size_t index, const char* key) {
    return QStringLiteral("nodes[%1].%2").arg(index).arg(QLatin1String(key));
}

void checkUrl(const SiteNode& node, const QString& key, SiteFaults& faults) {
    if (node.url.isEmpty())
        return;
    const QUrl url(node.url, QUrl::StrictMode);
    const bool isPlain = url.scheme() == u"http";
    if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment() ||
        (url.scheme() != u"https" && !isPlain))
        faults.add(key, FaultReason::BadAddress);
    else if (isPlain && !node.plainAllowed)
        faults.add(key, FaultReason::PlainRefused);
}

} // namespace

std::vector<SiteNode> siteNodesFromJson(const QJsonValue& json, SiteFaults& faults) {
    std::vector<SiteNode> nodes;
    if (json.isUndefined())
        return nodes;
    if (!json.isArray())
        faults.add(QStringLiteral("nodes"), FaultReason::WrongType);
    for (const QJsonValue& value : json.toArray()) {
        SiteNode node;
        if (!value.isObject())
            faults.add(nodeKey(nodes.size(), "name"), FaultReason::WrongType);
        const KeyReader read(value.toObject(), nodeKey(nodes.size(), ""), faults);
        read.text("name", node.name);
        read.text("aeTitle", node.aeTitle);
        read.text("host", node.host);
        read.number("port", node.port);
        read.text("url", node.url);
        node.tls = value.toObject()[QLatin1String("tls")].toBool(false);
        node.plainAllowed = value.toObject()[QLatin1String("plainAllowed")].toBool(false);
        read.word("authorization", kAuthorizations, node.authorization);
        read.text("user", node.user);
        read.text("authorities", node.authorities);
        read.text("certificate", node.certificate);
        read.number("connections", node.connections);
        read.number("maxObjectBytes", node.maxObjectBytes);
        nodes.push_back(std::move(node));
    }
    return nodes;
}

void findFaults(const std::vector<SiteNode>& nodes, SiteFaults& faults) {
    std::set<QString> names;
    for (size_t i = 0; i < nodes.size(); ++i) {
        const SiteNode& node = nodes[i];
        const auto key = [i](const char* name) { return nodeKey(i, name); };
        if (node.name.trimmed().isEmpty())
            faults.add(key("name"), FaultReason::Missing);
        else if (node.name.contains(u'/'))
            faults.add(key("name"), FaultReason::BadName, QStringLiteral("/"));
        else if (!names.insert(node.name).second)
            faults.add(key("name"), FaultReason::Taken);
        checkAeTitle(node.aeTitle, key("aeTitle"), true, faults);
        checkRange(node.port, 1, 65535, key("port"), faults);
        checkUrl(node, key("url"), faults);
        if (node.authorization == WebAuthorization::Basic && node.user.isEmpty())
            faults.add(key("user"), FaultReason::Missing);
        checkRange(node.connections, 1, 6, key("connections"), faults);
        checkRange(node.maxObjectBytes, 1024LL * 1024, 16LL << 30, key("maxObjectBytes"), faults);
    }
}

QJsonArray toJson(const std::vector<SiteNode>& nodes) {
    QJsonArray list;
    for (const SiteNode& node : nodes)
        list.append(QJsonObject{{"name", node.name},
                                {"aeTitle", node.aeTitle},
                                {"host", node.host},
                                {"port", node.port},
                                {"tls", node.tls},
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

SiteRoles siteRolesFromJson(const QJsonValue& json, SiteFaults& faults) {
    SiteRoles roles;
    if (!json.isUndefined() && !json.isObject())
        faults.add(QStringLiteral("roles"), FaultReason::WrongType);
    const KeyReader worklist(json[QLatin1String("worklist")].toObject(), QStringLiteral("roles.worklist."), faults);
    const KeyReader images(json[QLatin1String("images")].toObject(), QStringLiteral("roles.images."), faults);
    const KeyReader reports(json[QLatin1String("reports")].toObject(), QStringLiteral("roles.reports."), faults);
    worklist.text("node", roles.worklist);
    worklist.word("by", kWorklistBy, roles.worklistBy);
    images.text("node", roles.images);
    images.word("by", kImagesBy, roles.imagesBy);
    reports.text("node", roles.reports);
    reports.word("by", kReportsBy, roles.reportsBy);
    return roles;
}

void findFaults(const SiteRoles& roles, const std::vector<SiteNode>& nodes, SiteFaults& faults) {
    // What a role needs of its node: an address on the web, or one for DIMSE.
    const auto check = [&](const QString& name, bool overWeb, const QString& key) {
        const auto it =
            std::find_if(nodes.begin(), nodes.end(), [&](const SiteNode& node) { return node.name == name; });
        if (name.isEmpty() ? overWeb : it != nodes.end() && overWeb && it->url.isEmpty())
            faults.add(key, FaultReason::NodeWithoutWeb);
        else if (!name.isEmpty() && it == nodes.end())
            faults.add(key, FaultReason::NodeUnknown);
        else if (!name.isEmpty() && !overWeb && (it->host.isEmpty() || it->aeTitle.trimmed().isEmpty()))
            faults.add(key, FaultReason::NodeWithoutDimse);
        else if (it != nodes.end() && !overWeb && it->tls && key.startsWith(u"roles.images") &&
                 roles.imagesBy == ImagesBy::CMove)
            faults.add(key, FaultReason::MoveInTheClear);
    };
    check(roles.worklist, roles.worklistBy == WorklistBy::UpsRs, QStringLiteral("roles.worklist.node"));
    check(roles.images, roles.imagesBy == ImagesBy::WadoRs, QStringLiteral("roles.images.node"));
    check(roles.reports, roles.reportsBy == ReportsBy::StowRs, QStringLiteral("roles.reports.node"));
}

QJsonObject toJson(const SiteRoles& roles) {
    return {{"worklist", QJsonObject{{"node", roles.worklist}, {"by", nameOf(kWorklistBy, roles.worklistBy)}}},
            {"images", QJsonObject{{"node", roles.images}, {"by", nameOf(kImagesBy, roles.imagesBy)}}},
            {"reports", QJsonObject{{"node", roles.reports}, {"by", nameOf(kReportsBy, roles.reportsBy)}}}};
}

} // namespace yz
