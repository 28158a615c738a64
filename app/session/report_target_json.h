#pragma once

#include "domain/audit_target.h"
#include "domain/report_target.h"
#include "session/site_fault.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <vector>

namespace yz {

/// The key "reportTargets" of site.json. What cannot be read is a fault; undefined: none.
[[nodiscard]] std::vector<ReportTarget> reportTargetsFromJson(const QJsonValue& json, SiteFaults& faults);
[[nodiscard]] QJsonArray toJson(const std::vector<ReportTarget>& targets);
void findFaults(const std::vector<ReportTarget>& targets, SiteFaults& faults);

/// The key "auditRepository".
[[nodiscard]] AuditTarget auditTargetFromJson(const QJsonValue& json, SiteFaults& faults);
[[nodiscard]] QJsonObject toJson(const AuditTarget& target);
void findFaults(const AuditTarget& target, SiteFaults& faults);

/// The same with what the desk's secrets hold for them. Secrets that cannot be read are left out, and said in the log.
[[nodiscard]] std::vector<ReportTarget> withSecrets(std::vector<ReportTarget> targets, const QString& home);
[[nodiscard]] AuditTarget withSecrets(AuditTarget target, const QString& home);

} // namespace yz
