#pragma once

#include <QLatin1String>
#include <array>

/// The words a protocol file may use; docs/hanging-protocol.schema.json lists the same.
namespace yz::hanging {

inline constexpr std::array<QLatin1String, 7> kTextAttributes{
    QLatin1String("modality"),     QLatin1String("bodyPart"),   QLatin1String("description"),
    QLatin1String("viewPosition"), QLatin1String("laterality"), QLatin1String("imageType"),
    QLatin1String("plane")};
inline constexpr std::array<QLatin1String, 3> kNumberAttributes{
    QLatin1String("priorCount"), QLatin1String("seriesCount"), QLatin1String("frameCount")};
inline constexpr std::array<QLatin1String, 3> kTextOps{QLatin1String("equals"), QLatin1String("contains"),
                                                       QLatin1String("matches")};
inline constexpr std::array<QLatin1String, 3> kNumberOps{QLatin1String("equals"), QLatin1String("atLeast"),
                                                         QLatin1String("atMost")};
inline constexpr std::array<QLatin1String, 4> kViewportKinds{
    QLatin1String("stack"), QLatin1String("mpr-axial"), QLatin1String("mpr-coronal"), QLatin1String("mpr-sagittal")};
inline constexpr std::array<QLatin1String, 3> kLinks{QLatin1String("position"), QLatin1String("index"),
                                                     QLatin1String("none")};
inline constexpr std::array<QLatin1String, 2> kEmptyTexts{QLatin1String("prior"), QLatin1String("series")};

} // namespace yz::hanging
