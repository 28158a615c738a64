#pragma once

#include "core/result.h"
#include "domain/image.h"
#include "imaging/display_chain.h"

#include <optional>

namespace yz {

/// Factor from modality values (rescaled stored values, (0054,1001) units) to SUV by body weight, in g/ml.
///
/// Follows the facts of the QIBA "vendor-neutral pseudo-code" for SUV (qibawiki, happy path and robust version):
/// attenuation and decay must be corrected; BQML: weight[g] / dose decayed from the injection to the time the series is
/// corrected to; that is the scan's start (DecayCorrection START) or the injection (ADMIN: no decay). The scan's start
/// is Series Time unless it lies after Acquisition Time (a series made later), then GE's private scan time, else
/// Acquisition Time less Frame Reference Time plus the time of average activity within the frame. CNTS: Philips'
/// private factor, or Philips' private activity factor to BQML. GML: already SUV by weight, unless SUV Type names
/// another.
///
/// AttributeMissing with the name of what is missing; NotSupported for units and corrections that give no SUV;
/// DataSetBroken when the injection comes after the scan, or more than 20 half-lives before it.
[[nodiscard]] Result<double> suvFactor(const PetDescription& pet);
/// The same for an image; NotSupported when it is no PET image.
[[nodiscard]] Result<double> suvFactor(const ImageDescription& image);

/// A preset's window in an image's modality units; none for a window in SUV where the image has no SUV.
[[nodiscard]] std::optional<VoiWindow> presetWindow(const WindowPreset& preset, const ImageDescription& image);

} // namespace yz
