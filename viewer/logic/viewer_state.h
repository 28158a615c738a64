#pragma once

#include "core/ids.h"
#include "domain/image.h"
#include "imaging/display_chain.h"
#include "imaging/reslice.h"
#include "imaging/volume_projection.h"

#include <QString>
#include <array>
#include <optional>
#include <vector>

/// The state of the reading page's picture side as one value. The controller holds it, widgets draw it.
namespace yz {

/// One stack of one series (imaging/volume.h splits a series into stacks).
struct StackKey {
    SeriesUid series;
    int stack = 0;
    bool operator==(const StackKey&) const = default;
};

/// One frame of one instance; frame is 0-based.
struct FrameKey {
    InstanceUid instance;
    int frame = 0;
    bool operator==(const FrameKey&) const = default;
};
inline size_t qHash(const FrameKey& key, size_t seed = 0) { return qHashMulti(seed, key.instance.value(), key.frame); }

/// What the left mouse button does.
enum class ViewerTool {
    Window,
    Scroll,
    Zoom,
    Pan,
    Length,
    Angle,
    Rectangle,
    Ellipse,
    Probe,
    Arrow,
    Crosshair,
    CobbAngle,
    CardiothoracicRatio,
    Freehand,
    Bidirectional,
    VolumeContour,
    Text,
    Magnifier,  ///< a lens follows the mouse
    SpacePoint, ///< a point of the patient, found in every viewport
    CurvedPath,
};

/// What the reader changed against the fitted picture. Pan in fractions of the viewport's smaller side, so that it
/// survives a resize; quarter turns clockwise, mirror first.
struct ViewAdjustment {
    double zoom = 1.0;
    double panX = 0.0, panY = 0.0;
    int quarterTurns = 0;
    bool mirrored = false;
    int justify = 0; ///< edge of the viewport the fitted picture lies against: -1 left, 1 right, 0 none
    /// What zoom 1 means: the picture fitted, a device pixel an image pixel, or mm for mm (where both the spacing and
    /// the screen are known; else fitted).
    enum class Size { Fit, Pixels, TrueSize };
    Size size = Size::Fit;
    bool operator==(const ViewAdjustment&) const = default;
};

/// A series laid over the viewport's own.
struct FusionState {
    StackKey overlay;
    QString palette;          ///< ColourPalette::id
    double opacity = 0.5;     ///< 0 to 1
    VoiWindow window;         ///< in SUV by body weight where the overlay has it, else in its modality units
    bool windowIsSet = false; ///< false until the overlay's volume is known

    bool operator==(const FusionState&) const = default;
};

/// How a volume is looked at.
struct VolumeView {
    VolumeFacing facing;
    bool isMip = false;   ///< brightest value along each ray, under the viewport's window; else rendered
    QString rendering;    ///< VolumePreset::id
    double shiftHu = 0.0; ///< of the preset's curve
    /// What is kept of the box, in fractions from the patient's right, front and feet: low and high of x, y, z.
    std::array<double, 6> box{0, 1, 0, 1, 0, 1};

    bool operator==(const VolumeView&) const = default;
};

struct ViewportState {
    enum class Content { Empty, Stack, Plane, Volume, Curved };

    int row = 0, column = 0, rowSpan = 1, columnSpan = 1; ///< place in the grid
    Content content = Content::Empty;
    StackKey stack;
    Orientation orientation = Orientation::Axial; ///< of a plane
    Slab slab;                                    ///< of a plane
    int index = 0;                                ///< frame of the stack, or plane number
    FrameKey anchor;                              ///< the frame at `index`; finds the place again when the stack grows
    DisplaySettings display;
    bool displayIsSet = false;     ///< false until the first pixels or the reader chose one
    InstanceUid displayOf;         ///< presentation state that `display` was taken from; empty: none
    int displayItem = -1;          ///< that state's VOI item for the image; -1: none
    bool displayIsReaders = false; ///< the reader chose the window: other items of the state do not replace it
    InstanceUid presentation;      ///< presentation state to show the images under that it is about; empty: none
    QString presetId;
    ViewAdjustment view;
    bool planeWanted = false; ///< a protocol asked for MPR here; the series may not allow it
    QString emptyText;        ///< code of what is missing: HangingSlot::missing
    QString label;            ///< what a protocol wants here, said where it is missing
    QString facing;           ///< patient directions a protocol wants to the right and to the bottom, "P\\F"
    int justify = 0;          ///< that a protocol wants, as ViewAdjustment
    std::optional<FusionState> fusion;
    VolumeView volume;    ///< of Content::Volume
    bool touched = false; ///< the reader has worked in it: a hanging protocol no longer replaces its content

    bool operator==(const ViewportState&) const = default;
};

/// A point of the patient that the reader pointed at.
struct SpacePoint {
    FrameOfReferenceUid frameOfReference;
    PatientPoint point;
    bool operator==(const SpacePoint&) const = default;
};
/// Cut from a volume.
[[nodiscard]] inline bool isCut(ViewportState::Content content) {
    return content == ViewportState::Content::Plane || content == ViewportState::Content::Curved;
}

struct ViewerState {
    int rows = 1, columns = 1;
    std::vector<ViewportState> viewports;
    int active = 0;
    ViewerTool tool = ViewerTool::Window;
    bool linked = true;
    bool cine = false;
    bool mpr = false;
    bool annotationsShown = true;
    bool referenceLinesShown = true;
    bool overlaysShown = true;                     ///< overlay planes and annotations of presentation states
    bool windowLinked = false, zoomLinked = false; ///< viewports follow the window, zoom and pan of one another
    std::optional<SpacePoint> spacePoint;
    QString protocolId;
    int stage = 0;

    bool operator==(const ViewerState&) const = default;
};

/// The whole transform of a viewport: the fitted one with the reader's changes on top.
[[nodiscard]] ViewTransform adjustedTransform(const ViewTransform& fit, const ViewAdjustment& view, int viewWidth,
                                              int viewHeight);
/// `view` zoomed by `factor` so that the picture point under `fixed` stays there. Zoom is kept within 0.1 and 40.
[[nodiscard]] ViewAdjustment zoomedAt(const ViewAdjustment& view, double factor, ViewPoint fixed, int viewWidth,
                                      int viewHeight);

/// Spacing to draw with: the frame's, else the pixel aspect ratio, else square.
[[nodiscard]] PixelSpacing drawnSpacing(const ImageDescription& image, int frame);

/// Direction letters at the four edges of the picture as it is turned now; empty where unknown.
struct EdgeLetters {
    QString top, right, bottom, left;
    bool operator==(const EdgeLetters&) const = default;
};
[[nodiscard]] EdgeLetters edgeLetters(const ImageDescription& image, int frame, const ViewAdjustment& view);

} // namespace yz
