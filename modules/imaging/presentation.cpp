#include "imaging/presentation.h"

#include <algorithm>
#include <cmath>

namespace yz {
namespace {

bool isFrameSpecific(const ImageReferences& images, const InstanceUid& image) {
    return std::any_of(images.begin(), images.end(), [&](const ImageReference& reference) {
        return reference.instance == image && !reference.frames.empty();
    });
}

/// A table for signed pixels whose descriptor was written without a sign.
Lut forSign(Lut lut, bool isSigned) {
    if (isSigned && lut.firstMapped > 32767)
        lut.firstMapped -= 65536;
    return lut;
}

/// What the modality transformation can give, as a window that leaves it as it is.
VoiWindow wholeRange(const ImageDescription& image, const FrameDescription& frame) {
    double low = 0.0, high = 0.0;
    if (frame.modalityLut && !frame.modalityLut->entries.empty()) {
        high = static_cast<double>((1u << std::clamp(frame.modalityLut->bitsPerEntry, 1, 16)) - 1u);
    } else {
        const int bits = std::clamp(image.bitsStored, 1, 32);
        low = image.isSigned ? -std::ldexp(1.0, bits - 1) : 0.0;
        high = low + std::ldexp(1.0, bits) - 1.0;
        low = frame.rescaleSlope * low + frame.rescaleIntercept;
        high = frame.rescaleSlope * high + frame.rescaleIntercept;
        if (low > high)
            std::swap(low, high);
    }
    return {(low + high) / 2.0, high - low, {}};
}

void presentGrey(ImageDescription& image, FrameDescription& frame, int index, const PresentationState& state) {
    frame.modalityLut.reset();
    frame.rescaleSlope = 1.0;
    frame.rescaleIntercept = 0.0;
    frame.rescaleUnit.clear();
    if (state.modality) {
        frame.rescaleSlope = state.modality->slope;
        frame.rescaleIntercept = state.modality->intercept;
        frame.rescaleUnit = state.modality->unit;
        if (state.modality->lut)
            frame.modalityLut = forSign(*state.modality->lut, image.isSigned);
    }
    frame.windows = {wholeRange(image, frame)};
    frame.voiFunction = VoiFunction::LinearExact;
    frame.voiLuts.clear();
    for (const StateVoi& voi : state.vois) {
        if (!voi.images.empty() && !PresentationState::covers(voi.images, image.instance, index))
            continue;
        if (!voi.windows.empty()) {
            frame.windows = voi.windows;
            frame.voiFunction = voi.function;
        } else if (!voi.luts.empty()) {
            frame.windows.clear();
            const bool isSignedInput = (image.isSigned || frame.rescaleIntercept < 0.0) && !frame.modalityLut;
            for (const Lut& lut : voi.luts)
                frame.voiLuts.push_back(forSign(lut, isSignedInput));
        }
        break;
    }
}

std::vector<OverlayPlane> presentedOverlays(const ImageDescription& image, const PresentationState& state) {
    const auto find = [](const std::vector<OverlayPlane>& planes, int group) {
        return std::find_if(planes.begin(), planes.end(),
                            [&](const OverlayPlane& some) { return some.group == group; });
    };
    struct Active {
        int order;
        OverlayPlane plane;
    };
    std::vector<Active> active;
    for (const auto& activation : state.activations) {
        if (state.shutter && state.shutter->bitmap && state.shutter->bitmap->group == activation.group)
            continue;
        auto plane = find(state.overlays, activation.group);
        if (plane == state.overlays.end()) {
            plane = find(image.overlays, activation.group);
            if (plane == image.overlays.end())
                continue;
        }
        const GraphicLayer* layer = state.layer(activation.layer);
        active.push_back({layer ? layer->order : 0, *plane});
        if (layer)
            active.back().plane.colour = layer->colour;
    }
    // Higher layers are drawn over lower ones (PS3.3 C.10.7).
    std::stable_sort(active.begin(), active.end(), [](const Active& a, const Active& b) { return a.order < b.order; });
    std::vector<OverlayPlane> planes;
    for (Active& entry : active)
        planes.push_back(std::move(entry.plane));
    return planes;
}

} // namespace

Result<ImageDescriptionPtr> presentedBy(const ImageDescription& image, const PresentationState& state) {
    if (state.kind == PresentationKind::Blending)
        return fail(ErrorCode::NotSupported, QStringLiteral("blending presentation state"));
    const bool isReferenced = std::any_of(state.images.begin(), state.images.end(),
                                          [&](const ImageReference& some) { return some.instance == image.instance; });
    if (!isReferenced)
        return fail(ErrorCode::NotFound, QStringLiteral("the presentation state is not about the image"));
    auto presented = std::make_shared<ImageDescription>(image);
    if (presented->frames.empty())
        presented->frames.resize(1);
    const bool perFrame = std::any_of(state.vois.begin(), state.vois.end(),
                                      [&](const StateVoi& voi) { return isFrameSpecific(voi.images, image.instance); });
    if (perFrame && presented->frames.size() == 1 && image.frameCount > 1) {
        const FrameDescription common = presented->frames.front();
        presented->frames.resize(static_cast<size_t>(image.frameCount), common);
    }
    const bool isGrey = image.photometric == Photometric::Monochrome1 || image.photometric == Photometric::Monochrome2;
    std::optional<DisplayShutter> shutter = state.shutter;
    if (shutter && shutter->bitmap && !shutter->bitmap->bits)
        for (const OverlayPlane& plane : image.overlays)
            if (plane.group == shutter->bitmap->group)
                shutter->bitmap = plane;
    for (size_t i = 0; i < presented->frames.size(); ++i) {
        FrameDescription& frame = presented->frames[i];
        frame.shutter = shutter;
        if (isGrey && state.kind != PresentationKind::Colour)
            presentGrey(*presented, frame, static_cast<int>(i), state);
    }
    presented->overlays = presentedOverlays(image, state);
    presented->colours = state.kind == PresentationKind::Grayscale && !isGrey ? image.colours : state.colours;
    if (isGrey && state.kind != PresentationKind::Colour) {
        // P-values come out of the state's own table or shape; which end of the stored values is white does not count.
        presented->photometric = Photometric::Monochrome2;
        presented->presentationLut = state.presentationLut;
        presented->presentationLutShape =
            state.presentationLutShape.isEmpty() ? QStringLiteral("IDENTITY") : state.presentationLutShape;
        presented->paletteRed = state.paletteRed;
        presented->paletteGreen = state.paletteGreen;
        presented->paletteBlue = state.paletteBlue;
    }
    return ImageDescriptionPtr(std::move(presented));
}

PresentedTurn presentedTurn(const PresentationState& state) {
    // The state turns, then flips; the viewport mirrors, then turns: the turn goes the other way round.
    const int turns = ((state.rotationDeg / 90) % 4 + 4) % 4;
    return {state.isFlipped ? (4 - turns) % 4 : turns, state.isFlipped};
}

PixelSpacing areaSpacing(const DisplayedArea& area, const PixelSpacing& own) {
    if (area.rowMm > 0.0 && area.columnMm > 0.0)
        return {area.rowMm, area.columnMm, own.calibration};
    if (area.aspectRows > 0.0 && area.aspectColumns > 0.0 && own.calibration == Calibration::None)
        return {area.aspectRows, area.aspectColumns, Calibration::None};
    return own;
}

ViewTransform areaTransform(const DisplayedArea& area, const PixelSpacing& spacing, int viewWidth, int viewHeight,
                            int quarterTurns, bool mirrored) {
    // Corners are those of the picture as it is shown: turned, the first may lie right of or below the second.
    const int left = std::min(area.left, area.right), right = std::max(area.left, area.right);
    const int top = std::min(area.top, area.bottom), bottom = std::max(area.top, area.bottom);
    const int columns = right - left + 1, rows = bottom - top + 1;
    ViewTransform transform = fitTransform(columns, rows, spacing, viewWidth, viewHeight, quarterTurns, mirrored);
    if (area.size == DisplayedArea::Size::Magnify && area.magnification > 0.0) {
        const double grow = area.magnification / std::min(transform.scaleX, transform.scaleY);
        transform.scaleX *= grow;
        transform.scaleY *= grow;
        transform.offsetX = transform.offsetY = 0.0;
        const ViewPoint centre = transform.toView({(columns - 1) / 2.0, (rows - 1) / 2.0});
        transform.offsetX = viewWidth / 2.0 - centre.x;
        transform.offsetY = viewHeight / 2.0 - centre.y;
    }
    // So far the area's first pixel is the origin.
    const ViewPoint origin = transform.toView({0.0, 0.0});
    const ViewPoint moved = transform.toView({left - 1.0, top - 1.0});
    transform.offsetX -= moved.x - origin.x;
    transform.offsetY -= moved.y - origin.y;
    return transform;
}

} // namespace yz
