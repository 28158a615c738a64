#pragma once

#include "viewer/viewer_controller.h"

#include <QStringList>

/// What is said of fused series and of volumes: on the plate, beside a probe, in menus.
namespace yz::fusion_text {

/// Of a palette: its name in the reader's language.
[[nodiscard]] QString palette(const ColourPalette& palette);
[[nodiscard]] QString rendering(const VolumePreset& preset);
[[nodiscard]] QString obstacle(FusionObstacle obstacle);
/// Why a PET says no SUV.
[[nodiscard]] QString suvRefusal(const Error& error);
/// "SUV 0.0 – 5.0" of a PET that has SUV; else "C 40  W 400". `window` in modality units.
[[nodiscard]] QString window(const VoiWindow& window, const ImageDescription& image);
/// "+ 3 PET AC" with palette and opacity.
[[nodiscard]] QString overlayTitle(const ViewerController& controller, const FusionState& fusion);
/// The overlay's window, with its series' modality before it.
[[nodiscard]] QString overlayWindow(const ShownOverlay& overlay, const FusionState& fusion);
/// "PT 3.21 SUVbw g/ml", or the modality value with the reason why there is no SUV.
[[nodiscard]] QStringList overlayValue(const OverlayValue& value, const QString& modality);
[[nodiscard]] QString side(VolumeSide side);

} // namespace yz::fusion_text
