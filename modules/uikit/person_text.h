#pragma once

#include "domain/person.h"

#include <QString>

/// Names of persons as this desk's language shows them (PS3.5 6.2.1: alphabetic, ideographic, phonetic group).
/// Direction overrides in a name are left out: they would show it in another order than it is stored.
namespace yz {

/// One group: in Chinese, Japanese and Korean the ideographic one first, else the alphabetic one; then what there is.
/// "王小东", "Wang XiaoDong".
[[nodiscard]] QString formatPersonName(const PersonName& name);
/// A person name that arrived as a DICOM PN or as plain text.
[[nodiscard]] QString formatPersonName(const QString& value);

/// Every group, the first as formatPersonName() shows it: "王小东 (Wang XiaoDong)", "Wang XiaoDong (王小东)".
[[nodiscard]] QString formatAllPersonNames(const PersonName& name);

/// "Character set repaired: ISO_IR 100 → GB18030", and that some of it stays unreadable; empty when nothing was.
[[nodiscard]] QString formatTextRepair(const TextRepair& repair);
/// A name for a list: with a sign behind it where its text was repaired. The tool tip then says formatTextRepair().
[[nodiscard]] QString formatMarkedPersonName(const Patient& patient);
/// All groups and the repair, one below the other; empty when the short form says all of it.
[[nodiscard]] QString personNameToolTip(const Patient& patient);

} // namespace yz
