#pragma once

#include "core/result.h"
#include "domain/report_target.h"

#include <QJsonArray>
#include <QJsonValue>
#include <vector>

namespace yz {

/// The key "reportTargets" of site.json. InvalidArgument with the key that is wrong; undefined: none.
[[nodiscard]] Result<std::vector<ReportTarget>> reportTargetsFromJson(const QJsonValue& json);
[[nodiscard]] QJsonArray toJson(const std::vector<ReportTarget>& targets);

} // namespace yz
