#pragma once

#include "embedded_platform/data_set.h"

#include <QJsonObject>
#include <span>

namespace yz::platform {

/// Those of `tags` that have a value, as the index and the tasks keep them: "00100010" -> text without padding.
[[nodiscard]] QJsonObject attributesOf(DcmItem& dataSet, std::span<const DcmTagKey> tags);

} // namespace yz::platform
