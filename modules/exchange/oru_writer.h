#pragma once

#include "core/result.h"
#include "exchange/report_fields.h"

namespace yz::exchange {

/// HL7 v2.5.1 ORU^R01 in the target's character set, segments ended by CR, without the MLLP frame. InvalidArgument for
/// a character set that is not known or cannot hold the text, and for a report without a patient id or a status.
[[nodiscard]] Result<QByteArray> writeOru(const MessageSource& source);

/// Escapes of v2.5.1 2.7 for a component: the five delimiters as \F\ \S\ \T\ \R\ \E\, line ends as \.br\, other control
/// characters left out.
[[nodiscard]] QString escapedHl7(const QString& text);
/// Back again; for tests and for what is shown of a message.
[[nodiscard]] QString unescapedHl7(const QString& text);

} // namespace yz::exchange
