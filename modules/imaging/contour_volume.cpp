#include "imaging/contour_volume.h"

#include <algorithm>

namespace yz {

std::optional<double> contourVolume(std::vector<ContourSlice> contours, double sliceDistanceMm) {
    constexpr double samePlaceMm = 0.01;
    if (contours.empty() || !(sliceDistanceMm > 0.0))
        return std::nullopt;
    std::sort(contours.begin(), contours.end(),
              [](const ContourSlice& a, const ContourSlice& b) { return a.positionMm < b.positionMm; });
    std::vector<ContourSlice> slices;
    for (const ContourSlice& contour : contours) {
        if (!slices.empty() && contour.positionMm - slices.back().positionMm <= samePlaceMm)
            slices.back().areaMm2 += contour.areaMm2;
        else
            slices.push_back(contour);
    }
    double volume = 0.0;
    for (size_t i = 0; i < slices.size(); ++i) {
        const double before = i > 0 ? slices[i].positionMm - slices[i - 1].positionMm : sliceDistanceMm;
        const double after = i + 1 < slices.size() ? slices[i + 1].positionMm - slices[i].positionMm : sliceDistanceMm;
        volume += slices[i].areaMm2 * (before + after) / 2.0;
    }
    return volume;
}

} // namespace yz
