#pragma once

#include "imaging/fusion.h"
#include "viewer/viewer_state.h"

namespace yz {

/// A series that may be laid over a viewport's, and what keeps it from that.
struct FusionCandidate {
    StackKey key;
    FusionObstacle obstacle = FusionObstacle::None;
};

/// What lies over a viewport's picture.
struct ShownOverlay {
    FusionObstacle obstacle = FusionObstacle::None; ///< other than None: nothing is laid over, and why
    ImageDescriptionPtr image;                      ///< null: nothing yet
    PixelBufferPtr pixels;
    OverlayCut cut;
    ColourPalette palette;
    double opacity = 0.0;
    DisplaySettings display; ///< window in modality units
    /// From modality values to what the reader is told: SUV by body weight where it can be said, else 1.
    double shownFactor = 1.0;
    bool isSuv = false;
    std::optional<Error> suvRefusal; ///< of a PET without SUV: why
    int filled = 0, slices = 0;      ///< of the overlay's volume
};

/// The overlay's value under a point.
struct OverlayValue {
    double modality = 0.0;
    QString unit; ///< of the modality value, UCUM or as sent; empty: none
    std::optional<double> suv;
    std::optional<Error> suvRefusal;
};

} // namespace yz
