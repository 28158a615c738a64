#include "imaging/fusion.h"

#include "imaging/row_pool.h"

#include <algorithm>
#include <cmath>

namespace yz {
namespace {

constexpr int kLongestSide = 1024; ///< of the overlay's picture
constexpr int kFullFrom = 32;      ///< level from which the overlay has its whole opacity
constexpr int kRowsAtOnce = 32;

} // namespace

FusionObstacle fusionObstacle(const Stack& base, const Stack& overlay) {
    if (base.frames.empty() || overlay.frames.empty())
        return FusionObstacle::BaseHasNoPlace;
    const ImageDescription& under = *base.frames.front().image;
    const ImageDescription& over = *overlay.frames.front().image;
    if (!base.frames.front().description().plane || under.frameOfReference.isEmpty())
        return FusionObstacle::BaseHasNoPlace;
    if (under.frameOfReference != over.frameOfReference)
        return FusionObstacle::OtherReference;
    if (over.photometric != Photometric::Monochrome1 && over.photometric != Photometric::Monochrome2)
        return FusionObstacle::OverlayColour;
    return volumeObstacle(overlay) ? FusionObstacle::OverlayNoVolume : FusionObstacle::None;
}

std::optional<OverlayCut> overlayPlane(const ImageDescription& base, int frame) {
    const FrameDescription& description = base.frame(frame);
    const PixelSpacing& spacing = description.spacing;
    if (!description.plane || spacing.calibration == Calibration::None || spacing.columnMm <= 0.0 ||
        spacing.rowMm <= 0.0 || base.columns <= 0 || base.rows <= 0)
        return std::nullopt;
    const double widthMm = base.columns * spacing.columnMm, heightMm = base.rows * spacing.rowMm;
    OverlayCut overlay;
    SlicePlane& plane = overlay.plane;
    plane.row = description.plane->row;
    plane.column = description.plane->column;
    plane.pixelMm = std::max(std::min(spacing.columnMm, spacing.rowMm), std::max(widthMm, heightMm) / kLongestSide);
    // The first pixel reaches half its size beyond its centre; so must what is laid over it.
    overlay.margin =
        static_cast<int>(std::ceil(std::max(spacing.columnMm, spacing.rowMm) * 0.5 / plane.pixelMm - 1e-9));
    const double before = overlay.margin * plane.pixelMm;
    plane.origin = description.plane->position - plane.row * before - plane.column * before;
    plane.width = static_cast<int>(std::ceil(widthMm / plane.pixelMm - 1e-9)) + 2 * overlay.margin;
    plane.height = static_cast<int>(std::ceil(heightMm / plane.pixelMm - 1e-9)) + 2 * overlay.margin;
    return overlay;
}

ViewTransform overlayTransform(const ViewTransform& base, const PixelSpacing& baseSpacing, const OverlayCut& overlay) {
    ViewTransform transform = base;
    // With an odd number of turns the view's x axis reads the image's rows.
    const bool isTurned = base.quarterTurns % 2 != 0;
    transform.scaleX = base.scaleX * overlay.plane.pixelMm / (isTurned ? baseSpacing.rowMm : baseSpacing.columnMm);
    transform.scaleY = base.scaleY * overlay.plane.pixelMm / (isTurned ? baseSpacing.columnMm : baseSpacing.rowMm);
    const double margin = overlay.margin;
    const ViewPoint shifted = transform.toView({margin, margin}), unshifted = transform.toView({0.0, 0.0});
    transform.offsetX -= shifted.x - unshifted.x;
    transform.offsetY -= shifted.y - unshifted.y;
    return transform;
}

void layOver(ScreenPicture& base, const ScreenPicture& overlay, const ColourPalette& palette, double opacity) {
    if (base.width != overlay.width || base.height != overlay.height || base.argb.size() != overlay.argb.size())
        return;
    struct Entry {
        std::uint32_t keep = 256, red = 0, green = 0, blue = 0; // in 256ths
    };
    std::array<Entry, 256> table;
    for (int level = 1; level < 256; ++level) {
        const double share = std::clamp(opacity, 0.0, 1.0) * std::min(1.0, static_cast<double>(level) / kFullFrom);
        const auto alpha = static_cast<std::uint32_t>(std::lround(share * 256.0));
        const std::uint32_t colour = palette.argb[static_cast<size_t>(level)];
        table[static_cast<size_t>(level)] = {256 - alpha, (colour >> 16 & 0xffu) * alpha, (colour >> 8 & 0xffu) * alpha,
                                             (colour & 0xffu) * alpha};
    }
    const auto blendRows = [&](int band) {
        const size_t width = static_cast<size_t>(base.width);
        const size_t begin = static_cast<size_t>(band) * kRowsAtOnce * width;
        const size_t end = std::min(begin + kRowsAtOnce * width, base.argb.size());
        for (size_t i = begin; i < end; ++i) {
            const Entry& entry = table[overlay.argb[i] & 0xffu];
            const std::uint32_t under = base.argb[i];
            const std::uint32_t red = ((under >> 16 & 0xffu) * entry.keep + entry.red + 128) >> 8;
            const std::uint32_t green = ((under >> 8 & 0xffu) * entry.keep + entry.green + 128) >> 8;
            const std::uint32_t blue = ((under & 0xffu) * entry.keep + entry.blue + 128) >> 8;
            base.argb[i] = 0xff000000u | red << 16 | green << 8 | blue;
        }
    };
    RowPool::shared().run((base.height + kRowsAtOnce - 1) / kRowsAtOnce, blendRows);
}

std::optional<double> storedValueAt(const Volume& volume, const PatientPoint& point) {
    const VoxelIndex at = volume.toVoxel(point);
    if (at.x < -0.5 || at.y < -0.5 || at.z < -0.5 || at.x > volume.columns - 0.5 || at.y > volume.rows - 0.5 ||
        at.z > volume.slices - 0.5)
        return std::nullopt;
    SlicePlane plane;
    plane.origin = point;
    plane.row = volume.row;
    plane.column = volume.column;
    plane.pixelMm = std::min(volume.columnMm, volume.rowMm);
    plane.width = plane.height = 1;
    const PixelBufferPtr sample = reslice(volume, plane);
    return static_cast<double>(sample->as<std::int16_t>()[0]);
}

} // namespace yz
