#pragma once

#include <QLatin1String>
#include <array>

/// The words a protocol file may use; resources/hanging/hanging.schema.json lists the same.
namespace yz::hanging {

/// Of a series; in `match` of any series of the current study.
inline constexpr std::array<QLatin1String, 8> kTextAttributes{
    QLatin1String("modality"),     QLatin1String("bodyPart"),   QLatin1String("description"),
    QLatin1String("viewPosition"), QLatin1String("laterality"), QLatin1String("imageType"),
    QLatin1String("plane"),        QLatin1String("orientation")};
/// Of the task and the workplace: in `match` only.
inline constexpr std::array<QLatin1String, 2> kDeskAttributes{QLatin1String("task"),
                                                              QLatin1String("screenOrientation")};
inline constexpr std::array<QLatin1String, 4> kNumberAttributes{
    QLatin1String("frameCount"), QLatin1String("priorCount"), QLatin1String("seriesCount"),
    QLatin1String("screenCount")};
/// The one number that a series has.
inline constexpr QLatin1String kFrameCount{"frameCount"};
inline constexpr std::array<QLatin1String, 4> kTextOps{QLatin1String("equals"), QLatin1String("oneOf"),
                                                       QLatin1String("contains"), QLatin1String("matches")};
inline constexpr std::array<QLatin1String, 3> kNumberOps{QLatin1String("equals"), QLatin1String("atLeast"),
                                                         QLatin1String("atMost")};
inline constexpr std::array<QLatin1String, 6> kViewportKinds{
    QLatin1String("stack"),        QLatin1String("mpr-axial"), QLatin1String("mpr-coronal"),
    QLatin1String("mpr-sagittal"), QLatin1String("mip"),       QLatin1String("volume")};
inline constexpr std::array<QLatin1String, 3> kLinks{QLatin1String("position"), QLatin1String("index"),
                                                     QLatin1String("none")};
inline constexpr std::array<QLatin1String, 3> kJustifications{QLatin1String(""), QLatin1String("left"),
                                                              QLatin1String("right")};
inline constexpr std::array<QLatin1String, 4> kSlabs{QLatin1String(""), QLatin1String("mip"), QLatin1String("minip"),
                                                     QLatin1String("mean")};
inline constexpr int kThickestMm = 200;
inline constexpr int kLargestGrid = 8;
inline constexpr int kMostPriors = 8;

} // namespace yz::hanging
