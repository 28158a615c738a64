#pragma once

#include "core/bandwidth.h"
#include "core/result.h"

#include <QJsonObject>
#include <vector>

namespace yz {

/// How much of the line studies may take, in site.json:
/// {"kbitPerSecond": 0, "windows": [{"from": "08:00", "to": "18:00", "kbitPerSecond": 4000}]}; 0 is no limit, times are
/// local. InvalidArgument with the key that is wrong.
[[nodiscard]] Result<BandwidthPlan> bandwidthFromJson(const QJsonValue& json);
[[nodiscard]] QJsonObject toJson(const BandwidthPlan& plan);

/// Windows that never count because those before them have all of their time.
[[nodiscard]] std::vector<size_t> idleWindows(const BandwidthPlan& plan);

} // namespace yz
