#include "imaging/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace yz {
namespace {

bool isNear(const PixelPitch& a, const PixelPitch& b) {
    return std::abs(a.rowMm - b.rowMm) <= 1e-4 * a.rowMm && std::abs(a.columnMm - b.columnMm) <= 1e-4 * a.columnMm;
}

PixelSpacing spacing(const PixelPitch& pitch, Calibration calibration, double divisor = 1.0) {
    return {pitch.rowMm / divisor, pitch.columnMm / divisor, calibration};
}

} // namespace

bool isProjectionModality(const QString& modality) {
    static constexpr std::array<const char*, 11> kModalities{"CR", "DX", "DR", "MG", "XA",     "RF",
                                                             "IO", "PX", "RG", "XC", "RTIMAGE"};
    return std::any_of(kModalities.begin(), kModalities.end(),
                       [&](const char* name) { return modality == QLatin1String(name); });
}

PixelSpacing calibratedSpacing(const SpacingAttributes& attributes) {
    const std::optional<PixelPitch>& patient = attributes.pixelSpacing;
    std::optional<PixelPitch> detector = attributes.imagerPixelSpacing;
    if (!detector)
        detector = attributes.nominalScannedPixelSpacing;
    if (!isProjectionModality(attributes.modality)) {
        if (patient)
            return spacing(*patient, Calibration::PixelSpacing);
        return detector ? spacing(*detector, Calibration::ImagerSpacing) : PixelSpacing{};
    }
    const bool isCalibrated = !attributes.calibrationType.isEmpty();
    if (patient && (isCalibrated || (detector && !isNear(*patient, *detector))))
        return spacing(*patient, Calibration::CalibratedSpacing);
    if (!detector)
        detector = patient;
    if (!detector)
        return {};
    if (attributes.magnification > 0.0)
        return spacing(*detector, Calibration::Magnification, attributes.magnification);
    return spacing(*detector, Calibration::ImagerSpacing);
}

} // namespace yz
