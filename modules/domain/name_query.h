#pragma once

#include "domain/person.h"

namespace yz {

/// The PN key for a name as it was typed. A Chinese one without wildcards or delimiters gets stars around and between
/// its characters: peers compare with the whole value ("Wang^XiaoDong=王^小东"), with and without carets.
[[nodiscard]] QString nameKey(const QString& typed);
/// Whether a match belongs to what was typed; the stars of nameKey() let more through.
[[nodiscard]] bool nameFits(const PersonName& name, const QString& typed);

} // namespace yz
