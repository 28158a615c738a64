#pragma once

#include "core/result.h"
#include "domain/audit_target.h"
#include "domain/report_target.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <vector>

namespace yz {

/// The key "reportTargets" of site.json. InvalidArgument with the key that is wrong; undefined: none.
[[nodiscard]] Result<std::vector<ReportTarget>> reportTargetsFromJson(const QJsonValue& json);
[[nodiscard]] QJsonArray toJson(const std::vector<ReportTarget>& targets);

/// The key "auditRepository".
[[nodiscard]] Result<AuditTarget> auditTargetFromJson(const QJsonValue& json);
[[nodiscard]] QJsonObject toJson(const AuditTarget& target);

/// The same with what the desk's secrets hold for them. Secrets that cannot be read are left out, and said in the log.
[[nodiscard]] std::vector<ReportTarget> withSecrets(std::vector<ReportTarget> targets, const QString& home);
[[nodiscard]] AuditTarget withSecrets(AuditTarget target, const QString& home);

} // namespace yz
