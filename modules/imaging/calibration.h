#pragma once

#include "domain/image.h"

#include <optional>

namespace yz {

/// mm from row to row and from column to column, both above zero.
struct PixelPitch {
    double rowMm = 1.0, columnMm = 1.0;
};

/// Everything in an image that says how large a pixel is.
struct SpacingAttributes {
    QString modality;
    std::optional<PixelPitch> pixelSpacing;               ///< (0028,0030)
    QString calibrationType;                              ///< (0028,0A02) GEOMETRY, FIDUCIAL or empty
    std::optional<PixelPitch> imagerPixelSpacing;         ///< (0018,1164)
    std::optional<PixelPitch> nominalScannedPixelSpacing; ///< (0018,2010)
    double magnification = 0.0;                           ///< (0018,1114); 0: not given
};

/// The one order in which a spacing is believed (PS3.3 10.7.1.3, C.7.6.1.1.5, C.8.7.5, C.8.6.1.1.4):
///  1. cross-sectional: Pixel Spacing; else Imager Pixel Spacing, else Nominal Scanned Pixel Spacing as they are;
///  2. projection, Pixel Spacing with a calibration type, or one that differs from the detector's: it was calibrated;
///  3. projection otherwise: Imager Pixel Spacing, else Nominal Scanned Pixel Spacing, else an uncalibrated Pixel
///     Spacing that nothing places in the patient - divided by the Estimated Radiographic Magnification Factor when
///     there is one, else at the detector and said to be;
///  4. nothing: pixels. A Pixel Aspect Ratio then still draws and turns angles right.
/// Ultrasound regions come before all of these where a point lies in one (spacingAt in imaging/measure.h).
[[nodiscard]] PixelSpacing calibratedSpacing(const SpacingAttributes& attributes);

/// Modalities whose pictures are shadows: their pixel size depends on where in the patient one measures.
[[nodiscard]] bool isProjectionModality(const QString& modality);

} // namespace yz
