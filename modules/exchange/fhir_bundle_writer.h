#pragma once

#include "core/result.h"
#include "exchange/report_fields.h"

namespace yz::exchange {

/// FHIR R4 Bundle of type "transaction" (http.html#transaction) as compact UTF-8 JSON: every entry is a conditional
/// create, so that the same bundle a second time changes nothing. One DiagnosticReport per signed version; a later one
/// points back by extension. InvalidArgument for a report or a target without what the identifiers are made of.
[[nodiscard]] Result<QByteArray> writeFhirBundle(const MessageSource& source);

/// "identifier=system|value", percent-encoded: finds the DiagnosticReport of an SR instance.
[[nodiscard]] QByteArray fhirReportQuery(const InstanceUid& srInstance);

} // namespace yz::exchange
