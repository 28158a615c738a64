#pragma once

#include "session/site_fault.h"

#include <QString>

namespace yz {

/// What is wrong with a field and what would be right, beside the field.
[[nodiscard]] QString faultText(const SiteFault& fault);
/// Where in a site file it is, in the words of the settings page: "Server 2, DICOMweb address".
[[nodiscard]] QString faultPlace(const QString& key);

} // namespace yz
