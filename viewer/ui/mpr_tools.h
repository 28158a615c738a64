#pragma once

#include "viewer/viewer_controller.h"

class QMenu;

/// Keys and menu of the planes cut through a volume.
namespace yz {

/// Shift+Q: the path of a curved MPR, Enter shows it, Backspace takes its last point back, Escape all; Shift+B: the
/// next kind of slab; + and -: its thickness; Shift+M: the patient's own planes again. True when the key is one of them
/// and the active viewport shows a plane.
[[nodiscard]] bool runMprKey(ViewerController& controller, int key, bool isShifted);
/// The slab one notch thicker or thinner; in finer steps while it is thin.
[[nodiscard]] Slab steppedSlab(Slab slab, int direction);
/// The kind of slab a thickness is drawn for where none is chosen yet.
inline constexpr SlabMode firstSlabMode = SlabMode::Mean;
/// Kinds and thicknesses of the slab, straightening; of the viewport that is active when an entry is chosen.
void fillMprMenu(QMenu& menu, ViewerController& controller);

} // namespace yz
