#include "session/site.h"

#include "session/report_target_json.h"
#include "session/site_bandwidth.h"
#include "storage/file_vault.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <limits>

namespace yz {

namespace {

struct TextKey {
    const char* key;
    QString Site::*member;
};
constexpr TextKey texts[] = {{"diagnosingHospital", &Site::diagnosingHospital},
                             {"department", &Site::department},
                             {"stationName", &Site::stationName},
                             {"aeTitle", &Site::aeTitle},
                             {"platformAeTitle", &Site::platformAeTitle},
                             {"platformHost", &Site::platformHost}};

/// Numbers of site.json with what they may be.
struct NumberKey {
    const char* key;
    qint64 lowest, highest;
    qint64 (*get)(const Site& site);
    void (*set)(Site& site, qint64 value);
};
constexpr NumberKey numbers[] = {
    {"platformPort", 1, 65535, [](const Site& s) -> qint64 { return s.platformPort; },
     [](Site& s, qint64 value) { s.platformPort = static_cast<int>(value); }},
    {"eventPort", 0, 65535, [](const Site& s) -> qint64 { return s.eventPort; },
     [](Site& s, qint64 value) { s.eventPort = static_cast<int>(value); }},
    {"undoWindowSeconds", 0, 86400, [](const Site& s) -> qint64 { return s.undoWindow.count(); },
     [](Site& s, qint64 value) { s.undoWindow = std::chrono::seconds(value); }},
    {"refreshSeconds", 1, 3600, [](const Site& s) -> qint64 { return s.refreshInterval.count(); },
     [](Site& s, qint64 value) { s.refreshInterval = std::chrono::seconds(value); }},
    {"commitmentTimeoutMs", 100, 600000, [](const Site& s) -> qint64 { return s.commitmentTimeout.count(); },
     [](Site& s, qint64 value) { s.commitmentTimeout = std::chrono::milliseconds(value); }},
    {"outboxAlarmSeconds", 10, 604800, [](const Site& s) -> qint64 { return s.outboxAlarm.count(); },
     [](Site& s, qint64 value) { s.outboxAlarm = std::chrono::seconds(value); }},
};

} // namespace

SiteReading readSite(const QByteArray& bytes) {
    SiteReading reading;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &error);
    if (!document.isObject()) {
        reading.faults.add(QStringLiteral("site.json"), FaultReason::NotJson, error.errorString());
        return reading;
    }
    const QJsonObject json = document.object();
    Site& site = reading.site;
    SiteFaults& faults = reading.faults;
    for (const TextKey& text : texts)
        if (const QJsonValue value = json[QLatin1String(text.key)]; value.isString())
            site.*text.member = value.toString();
        else if (!value.isUndefined())
            faults.add(QLatin1String(text.key), FaultReason::WrongType);
    for (const NumberKey& number : numbers) {
        const QJsonValue value = json[QLatin1String(number.key)];
        if (value.isUndefined())
            continue;
        constexpr qint64 kNone = std::numeric_limits<qint64>::min();
        const qint64 read = value.toInteger(kNone);
        if (read == kNone)
            faults.add(QLatin1String(number.key), FaultReason::WrongType);
        else
            checkRange(read, number.lowest, number.highest, QLatin1String(number.key), faults);
        if (read >= number.lowest && read <= number.highest)
            number.set(site, read);
    }
    site.nodes = siteNodesFromJson(json[QLatin1String("nodes")], faults);
    site.roles = siteRolesFromJson(json[QLatin1String("roles")], faults);
    site.reportTargets = reportTargetsFromJson(json[QLatin1String("reportTargets")], faults);
    site.auditRepository = auditTargetFromJson(json[QLatin1String("auditRepository")], faults);
    if (const Result<BandwidthPlan> plan = bandwidthFromJson(json[QLatin1String("bandwidth")]))
        site.bandwidth = *plan;
    else
        faults.add(plan.error().detail,
                   plan.error().detail.contains(u'[') ? FaultReason::BadWindow : FaultReason::WrongType);
    site.selfReviewAllowed = json[QLatin1String("selfReviewAllowed")].toBool(false);
    site.isDemo = json[QLatin1String("demo")].toBool(false);
    faults.add(faultsOf(site));
    return reading;
}

SiteFaults faultsOf(const Site& site) {
    SiteFaults faults;
    checkAeTitle(site.aeTitle, QStringLiteral("aeTitle"), false, faults);
    checkAeTitle(site.platformAeTitle, QStringLiteral("platformAeTitle"), false, faults);
    for (const NumberKey& number : numbers)
        checkRange(number.get(site), number.lowest, number.highest, QLatin1String(number.key), faults);
    findFaults(site.nodes, faults);
    findFaults(site.roles, site.nodes, faults);
    findFaults(site.reportTargets, faults);
    findFaults(site.auditRepository, faults);
    return faults;
}

Result<Site> Site::load(const QString& path) {
    QFile file(path);
    if (!file.exists())
        return fail(ErrorCode::FileNotFound, path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::FileUnreadable, path);
    SiteReading reading = readSite(file.readAll());
    if (!reading.faults.isEmpty()) {
        const SiteFault& first = reading.faults.list().front();
        return fail(ErrorCode::InvalidArgument,
                    first.detail.isEmpty() ? first.key : QString(first.key + u": " + first.detail));
    }
    return std::move(reading.site);
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
    if (!bandwidth.isEmpty())
        json[QLatin1String("bandwidth")] = toJson(bandwidth);
    return writeFileDurably(path, QJsonDocument(json).toJson());
}

} // namespace yz
