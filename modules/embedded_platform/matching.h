#pragma once

#include "embedded_platform/data_set.h"

namespace yz::platform {

/// Attribute matching of PS3.4 C.2.2.2 over UTF-8 data sets.

/// One value against one key: universal, single value, wildcard, UID list, range. A person name matches as a whole or
/// by any of its component groups, without case and with or without the caret.
[[nodiscard]] bool valueMatches(DcmEVR vr, const QString& key, const QString& stored);

/// Every key of `keys` (sequences included) against `stored`.
[[nodiscard]] bool dataSetMatches(DcmItem& keys, DcmItem& stored);

/// Copies what `keys` asks for from `stored` into `answer`; an attribute `stored` lacks is answered empty.
void copyRequested(DcmItem& keys, DcmItem& stored, DcmItem& answer);

} // namespace yz::platform
