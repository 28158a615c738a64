#pragma once

#include "core/bandwidth.h"
#include "core/result.h"
#include "domain/audit_target.h"
#include "domain/report_target.h"
#include "session/site_node.h"

#include <QString>
#include <chrono>
#include <vector>

namespace yz {

/// What one workstation is told about its site: names, the platform's address, the other servers and what each is for,
/// house rules. Kept as site.json in the workstation's folder (resources/site/site.schema.json says its form); no
/// secrets in it.
struct Site {
    QString diagnosingHospital;
    QString department;
    QString stationName = QStringLiteral("DESK1"); ///< shown to others beside a claim
    QString aeTitle = QStringLiteral("YUANZHEN");
    QString platformAeTitle = QStringLiteral("YZPLATFORM");
    QString platformHost = QStringLiteral("127.0.0.1");
    int platformPort = 11112;
    int eventPort = 11113; ///< where the platform's N-EVENT-REPORTs arrive; 0: chosen by the system
    bool selfReviewAllowed = false;
    std::chrono::seconds undoWindow{600};
    std::chrono::seconds refreshInterval{15};
    std::chrono::milliseconds commitmentTimeout{15000};
    std::vector<SiteNode> nodes;             ///< servers besides the platform
    SiteRoles roles;                         ///< who of them does what
    std::chrono::seconds outboxAlarm{1800};  ///< an item of the outbox that waits longer is pointed out
    std::vector<ReportTarget> reportTargets; ///< systems beside the platform that get the reports
    AuditTarget auditRepository;
    BandwidthPlan bandwidth; ///< what fetching studies may take of the line, by the time of day
    bool isDemo = false;     ///< demo users and demo CA: said on every page and in every report

    bool operator==(const Site&) const = default;

    /// FileNotFound when there is none yet; InvalidArgument with the first key that is wrong.
    [[nodiscard]] static Result<Site> load(const QString& path);
    [[nodiscard]] Status save(const QString& path) const;
};

/// A site file as far as it could be read, and everything that is wrong with it.
struct SiteReading {
    Site site;
    SiteFaults faults;
};
[[nodiscard]] SiteReading readSite(const QByteArray& json);
/// The same rules for a site that was never a file.
[[nodiscard]] SiteFaults faultsOf(const Site& site);

} // namespace yz
