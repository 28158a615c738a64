#pragma once

#include "domain/display.h"

#include <QByteArray>
#include <array>
#include <cstdint>
#include <memory>

namespace yz::dicom {

/// The colours of an ICC input profile (0028,2000) in sRGB, relative colorimetric with black point compensation. Null
/// when the profile is no RGB profile, cannot be read, or differs from sRGB by less than a grey level of 255 and a half
/// everywhere. Thread-safe; equal profiles share one table.
[[nodiscard]] std::shared_ptr<const ColourCube> colourCube(const QByteArray& profile);

/// 0xffRRGGBB in sRGB of a CIELab value as DICOM writes it (PS3.3 C.10.7.1.1: 0-65535 for L 0-100, a and b -128-127).
[[nodiscard]] std::uint32_t argbOfLab(int lightness, int a, int b);
/// The other way round.
[[nodiscard]] std::array<std::uint16_t, 3> labOfArgb(std::uint32_t argb);
/// sRGB as an input profile, for objects whose values are sRGB (PS3.3 C.11.15).
[[nodiscard]] QByteArray sRgbInputProfile();

} // namespace yz::dicom
