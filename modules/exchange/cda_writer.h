#pragma once

#include "core/result.h"
#include "exchange/report_fields.h"

namespace yz::exchange {

/// CDA R2 in UTF-8 by the template of WS/T 500.6 (检查报告, code C0006). InvalidArgument for a report or a target
/// without what its identifiers are made of.
[[nodiscard]] Result<QByteArray> writeCda(const MessageSource& source);

} // namespace yz::exchange
