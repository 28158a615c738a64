#include "session/site.h"

#include "session/report_target_json.h"
#include "storage/file_vault.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace yz {

namespace {

Status takeText(const QJsonObject& json, const char* key, QString& target, bool isAeTitle = false) {
    const QJsonValue value = json[QLatin1String(key)];
    if (value.isUndefined())
        return {};
    if (!value.isString() || (isAeTitle && (value.toString().isEmpty() || value.toString().size() > 16)))
        return fail(ErrorCode::InvalidArgument, QLatin1String(key));
    target = value.toString();
    return {};
}

Status takeNumber(const QJsonObject& json, const char* key, qint64 lowest, qint64 highest, qint64& target) {
    const QJsonValue value = json[QLatin1String(key)];
    if (value.isUndefined())
        return {};
    const qint64 number = value.toInteger(lowest - 1);
    if (number < lowest || number > highest)
        return fail(ErrorCode::InvalidArgument, QLatin1String(key));
    target = number;
    return {};
}

} // namespace

Result<Site> Site::load(const QString& path) {
    QFile file(path);
    if (!file.exists())
        return fail(ErrorCode::FileNotFound, path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::FileUnreadable, path);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &error);
    if (!document.isObject())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("site.json: ") + error.errorString());
    const QJsonObject json = document.object();

    Site site;
    qint64 platformPort = site.platformPort;
    qint64 eventPort = site.eventPort;
    qint64 undoSeconds = site.undoWindow.count();
    qint64 refreshSeconds = site.refreshInterval.count();
    qint64 commitmentMs = site.commitmentTimeout.count();
    qint64 alarmSeconds = site.outboxAlarm.count();
    for (const Status& status :
         {takeText(json, "diagnosingHospital", site.diagnosingHospital), takeText(json, "department", site.department),
          takeText(json, "stationName", site.stationName), takeText(json, "aeTitle", site.aeTitle, true),
          takeText(json, "platformAeTitle", site.platformAeTitle, true),
          takeText(json, "platformHost", site.platformHost), takeNumber(json, "platformPort", 1, 65535, platformPort),
          takeNumber(json, "eventPort", 0, 65535, eventPort),
          takeNumber(json, "undoWindowSeconds", 0, 86400, undoSeconds),
          takeNumber(json, "refreshSeconds", 1, 3600, refreshSeconds),
          takeNumber(json, "commitmentTimeoutMs", 100, 600000, commitmentMs),
          takeNumber(json, "outboxAlarmSeconds", 10, 604800, alarmSeconds)})
        if (!status)
            return fail(status.error());
    site.platformPort = static_cast<int>(platformPort);
    site.eventPort = static_cast<int>(eventPort);
    site.undoWindow = std::chrono::seconds(undoSeconds);
    site.refreshInterval = std::chrono::seconds(refreshSeconds);
    site.commitmentTimeout = std::chrono::milliseconds(commitmentMs);
    Result<std::vector<SiteNode>> nodes = siteNodesFromJson(json["nodes"]);
    if (!nodes)
        return fail(nodes.error());
    site.nodes = std::move(*nodes);
    const Result<SiteRoles> roles = siteRolesFromJson(json["roles"], site.nodes);
    if (!roles)
        return fail(roles.error());
    site.roles = *roles;
    site.outboxAlarm = std::chrono::seconds(alarmSeconds);
    const Result<std::vector<ReportTarget>> targets = reportTargetsFromJson(json[QLatin1String("reportTargets")]);
    if (!targets)
        return fail(targets.error());
    site.reportTargets = *targets;
    const Result<AuditTarget> audit = auditTargetFromJson(json[QLatin1String("auditRepository")]);
    if (!audit)
        return fail(audit.error());
    site.auditRepository = *audit;
    site.selfReviewAllowed = json["selfReviewAllowed"].toBool(false);
    site.isDemo = json["demo"].toBool(false);
    return site;
}

Status Site::save(const QString& path) const {
    QJsonObject json{{"diagnosingHospital", diagnosingHospital},
                     {"department", department},
                     {"stationName", stationName},
                     {"aeTitle", aeTitle},
                     {"platformAeTitle", platformAeTitle},
                     {"platformHost", platformHost},
                     {"platformPort", platformPort},
                     {"eventPort", eventPort},
                     {"undoWindowSeconds", static_cast<qint64>(undoWindow.count())},
                     {"refreshSeconds", static_cast<qint64>(refreshInterval.count())},
                     {"commitmentTimeoutMs", static_cast<qint64>(commitmentTimeout.count())},
                     {"nodes", toJson(nodes)},
                     {"roles", toJson(roles)},
                     {"outboxAlarmSeconds", static_cast<qint64>(outboxAlarm.count())},
                     {"reportTargets", toJson(reportTargets)},
                     {"selfReviewAllowed", selfReviewAllowed},
                     {"demo", isDemo}};
    if (auditRepository.isSet())
        json[QLatin1String("auditRepository")] = toJson(auditRepository);
    return writeFileDurably(path, QJsonDocument(json).toJson());
}

} // namespace yz
