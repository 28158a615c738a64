#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <array>
#include <cstdint>
#include <vector>

namespace yz {

/// Colours for 256 levels, first level first: 0xffRRGGBB.
struct ColourPalette {
    QString id;   ///< "hot-iron": lower-case words joined by "-"
    QString name; ///< as the standard calls it
    QString uid;  ///< of a well-known palette (PS3.6 Annex B); empty: none
    int order = 0;
    std::array<std::uint32_t, 256> argb{};

    bool operator==(const ColourPalette&) const = default;
};

/// Parses a palette file: `red`, `green` and `blue` as corners [level, value] from level 0 to 255, linear between them
/// and rounded "down" or to the "nearest" whole number; or `steps`, colours that share the levels evenly.
/// TemplateBroken with the reason.
[[nodiscard]] Result<ColourPalette> parsePalette(const QByteArray& json);

} // namespace yz
