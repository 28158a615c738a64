#pragma once

#include "core/result.h"
#include "domain/report_target.h"
#include "exchange/report_fields.h"

namespace yz::exchange {

/// The report in the target's form; the same report and target give the same bytes. Errors of the three writers.
[[nodiscard]] Result<QByteArray> writeReportMessage(const SignedReport& report, const ReportTarget& target,
                                                    const QString& messageId);
/// Ending of a file with such a message: "hl7", "json", "xml".
[[nodiscard]] QString messageSuffix(ReportTarget::Form form);

} // namespace yz::exchange
