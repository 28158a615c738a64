#include "viewer/presentation_capture.h"

#include "imaging/presentation.h"
#include "viewer/viewer_controller.h"

#include <algorithm>
#include <cmath>

namespace yz {

namespace {

const QString measurementLayer = QStringLiteral("MEASUREMENTS");
const QString overlayLayer = QStringLiteral("OVERLAYS");
constexpr std::uint32_t measurementColour = 0xffffd84du;

bool isGrey(const ImageDescription& image) {
    return image.photometric == Photometric::Monochrome1 || image.photometric == Photometric::Monochrome2;
}

bool isSame(const std::optional<Lut>& a, const std::optional<Lut>& b) {
    return a.has_value() == b.has_value() &&
           (!a || (a->firstMapped == b->firstMapped && a->entries == b->entries && a->bitsPerEntry == b->bitsPerEntry));
}

bool isSame(const std::optional<DisplayShutter>& a, const std::optional<DisplayShutter>& b) {
    if (!a || !b)
        return a.has_value() == b.has_value();
    const auto numbers = [](const DisplayShutter& s) {
        std::vector<double> all{double(s.colour)};
        if (s.rectangle)
            all.insert(all.end(), {1.0, double(s.rectangle->left), double(s.rectangle->right), double(s.rectangle->top),
                                   double(s.rectangle->bottom)});
        if (s.circle)
            all.insert(all.end(), {2.0, double(s.circle->row), double(s.circle->column), double(s.circle->radius)});
        for (const ImagePoint& corner : s.polygon)
            all.insert(all.end(), {corner.x, corner.y});
        return all;
    };
    return !a->bitmap && !b->bitmap && numbers(*a) == numbers(*b);
}

/// Shown by one state in the same way as the frame that is on the screen.
bool isAlike(const ImageDescription& image, int frame, const ShownFrame& shown) {
    if (image.instance == shown.image->instance && frame == shown.frame)
        return true;
    if (image.columns != shown.image->columns || image.rows != shown.image->rows ||
        image.photometric != shown.image->photometric || (shown.state && !shown.state->covers(image.instance, frame)))
        return false;
    const FrameDescription &a = image.frame(frame), &b = shown.image->frame(shown.frame);
    return isSame(a.shutter, b.shutter) &&
           (!isGrey(image) || (a.rescaleSlope == b.rescaleSlope && a.rescaleIntercept == b.rescaleIntercept &&
                               isSame(a.modalityLut, b.modalityLut)));
}

std::vector<ReferencedFrames> imagesAlike(const Stack& stack, const ShownFrame& shown) {
    std::vector<ReferencedFrames> images;
    std::vector<int> totals;
    for (const FrameRef& ref : stack.frames) {
        if (!isAlike(*ref.image, ref.frame, shown))
            continue;
        auto found = std::find_if(images.begin(), images.end(), [&](const ReferencedFrames& image) {
            return image.object.instance == ref.image->instance;
        });
        if (found == images.end()) {
            images.push_back({ref.image->series, {ref.image->sopClass, ref.image->instance}, {}});
            totals.push_back(ref.image->frameCount);
            found = std::prev(images.end());
        }
        found->frames.push_back(ref.frame);
    }
    for (size_t i = 0; i < images.size(); ++i) {
        std::sort(images[i].frames.begin(), images[i].frames.end());
        if (static_cast<int>(images[i].frames.size()) == totals[i])
            images[i].frames.clear(); // all of them
    }
    return images;
}

void captureGrey(PresentationState& state, const ShownFrame& shown, const DisplaySettings& display) {
    const ImageDescription& image = *shown.presented;
    const FrameDescription& frame = image.frame(shown.frame);
    if (frame.modalityLut || frame.rescaleSlope != 1.0 || frame.rescaleIntercept != 0.0 || !frame.rescaleUnit.isEmpty())
        state.modality =
            StateModality{frame.rescaleSlope, frame.rescaleIntercept, frame.rescaleUnit, frame.modalityLut};
    StateVoi voi;
    if (display.voiLut && static_cast<size_t>(*display.voiLut) < frame.voiLuts.size()) {
        voi.luts = {frame.voiLuts[static_cast<size_t>(*display.voiLut)]};
    } else {
        voi.windows = {display.window};
        voi.function = display.function;
    }
    state.vois = {voi};
    // What a photometric interpretation says of the image is the state's to say (PS3.4 N.2.4).
    const QString& shape = image.presentationLutShape;
    const bool isInverse =
        (shape.isEmpty() ? image.photometric == Photometric::Monochrome1
                         : shape.compare(QLatin1String("INVERSE"), Qt::CaseInsensitive) == 0) != display.inverted;
    state.presentationLutShape = isInverse ? QStringLiteral("INVERSE") : QStringLiteral("IDENTITY");
    state.presentationLut = image.presentationLut;
    if (state.presentationLut && isInverse) {
        const auto white = static_cast<int>((1u << std::clamp(state.presentationLut->bitsPerEntry, 1, 16)) - 1u);
        for (std::uint16_t& entry : state.presentationLut->entries)
            entry = static_cast<std::uint16_t>(std::clamp(white - int(entry), 0, white));
    }
}

DisplayedArea captureArea(const ShownFrame& shown, const ViewAdjustment& view, QSize size) {
    DisplayedArea area;
    const ImageDescription& image = *shown.image;
    const PixelSpacing own = drawnSpacing(image, shown.frame);
    const DisplayedArea* before = shown.state ? shown.state->area(image.instance, shown.frame) : nullptr;
    const PixelSpacing spacing = before ? areaSpacing(*before, own) : own;
    if (own.calibration != Calibration::None) {
        area.rowMm = spacing.rowMm;
        area.columnMm = spacing.columnMm;
    } else {
        area.aspectRows = spacing.rowMm;
        area.aspectColumns = spacing.columnMm;
    }
    const ViewTransform transform =
        adjustedTransform(fittedTransform(shown, view, size.width(), size.height()), view, size.width(), size.height());
    const ImagePoint a = transform.toImage({0.0, 0.0}),
                     b = transform.toImage({double(size.width()), double(size.height())});
    int left = 1, right = image.columns, top = 1, bottom = image.rows;
    const bool isWhole = view.zoom == 1.0 && view.panX == 0.0 && view.panY == 0.0;
    if (isWhole && before) {
        left = std::min(before->left, before->right);
        right = std::max(before->left, before->right);
        top = std::min(before->top, before->bottom);
        bottom = std::max(before->top, before->bottom);
    } else if (!isWhole) {
        // Pixel i covers i - 0.5 to i + 0.5; corners are counted from 1.
        left = static_cast<int>(std::lround(std::min(a.x, b.x) + 0.5)) + 1;
        right = std::max(left, static_cast<int>(std::lround(std::max(a.x, b.x) + 0.5)));
        top = static_cast<int>(std::lround(std::min(a.y, b.y) + 0.5)) + 1;
        bottom = std::max(top, static_cast<int>(std::lround(std::max(a.y, b.y) + 0.5)));
    }
    // The corners are those of the picture as it is seen (PS3.3 C.10.4).
    area.left = a.x <= b.x ? left : right;
    area.right = a.x <= b.x ? right : left;
    area.top = a.y <= b.y ? top : bottom;
    area.bottom = a.y <= b.y ? bottom : top;
    if (view.size == ViewAdjustment::Size::TrueSize && own.calibration != Calibration::None && isWhole) {
        area.size = DisplayedArea::Size::TrueSize;
    } else if (view.size == ViewAdjustment::Size::Pixels && isWhole) {
        area.size = DisplayedArea::Size::Magnify;
        area.magnification = 1.0;
    }
    return area;
}

GraphicObject line(std::vector<ImagePoint> points) {
    return {GraphicObject::Kind::Polyline, AnnotationUnits::Pixel, std::move(points), false};
}

void addGraphics(const Measurement& m, GraphicAnnotation& annotation) {
    const std::vector<ImagePoint>& p = m.points;
    std::vector<GraphicObject>& out = annotation.graphics;
    switch (m.kind) {
    case MeasurementKind::Length:
    case MeasurementKind::Angle:
        out.push_back(line(p));
        break;
    case MeasurementKind::CobbAngle:
    case MeasurementKind::CardiothoracicRatio:
    case MeasurementKind::Bidirectional:
        for (size_t i = 0; i + 1 < p.size(); i += 2)
            out.push_back(line({p[i], p[i + 1]}));
        break;
    case MeasurementKind::FreehandRoi:
    case MeasurementKind::VolumeContour: {
        std::vector<ImagePoint> closed = p;
        closed.push_back(p.front());
        out.push_back(line(std::move(closed)));
        break;
    }
    case MeasurementKind::RectangleRoi:
        if (p.size() > 1)
            out.push_back(line({p[0], {p[1].x, p[0].y}, p[1], {p[0].x, p[1].y}, p[0]}));
        break;
    case MeasurementKind::EllipseRoi:
        if (p.size() > 1) {
            const ImagePoint centre{(p[0].x + p[1].x) / 2.0, (p[0].y + p[1].y) / 2.0};
            const std::vector<ImagePoint> across{{p[0].x, centre.y}, {p[1].x, centre.y}},
                down{{centre.x, p[0].y}, {centre.x, p[1].y}};
            const bool isWide = std::abs(p[1].x - p[0].x) >= std::abs(p[1].y - p[0].y); // the longer axis first
            std::vector<ImagePoint> points = isWide ? across : down;
            const std::vector<ImagePoint>& second = isWide ? down : across;
            points.insert(points.end(), second.begin(), second.end());
            out.push_back({GraphicObject::Kind::Ellipse, AnnotationUnits::Pixel, std::move(points), false});
        }
        break;
    case MeasurementKind::Probe:
        out.push_back({GraphicObject::Kind::Point, AnnotationUnits::Pixel, {p.front()}, false});
        break;
    case MeasurementKind::Arrow:
        if (p.size() > 1) {
            out.push_back(line({p[1], p[0]}));
            const double length = std::hypot(p[1].x - p[0].x, p[1].y - p[0].y) * 0.2;
            const double along = std::atan2(p[1].y - p[0].y, p[1].x - p[0].x);
            for (const double turn : {0.42, -0.42})
                out.push_back(
                    line({p[0], {p[0].x + length * std::cos(along + turn), p[0].y + length * std::sin(along + turn)}}));
        }
        break;
    case MeasurementKind::Text:
        break; // the words are the shape
    }
}

void captureMeasurements(PresentationCapture& capture, const Stack& stack, const ViewerController& controller,
                         const std::function<QString(const Measurement&)>& words) {
    PresentationState& state = capture.state;
    bool hasAny = false;
    for (const Measurement& measurement : controller.measurements().all()) {
        if (!measurement.patientPoints.empty() || measurement.points.empty() ||
            !state.covers(measurement.instance, measurement.frame))
            continue;
        GraphicAnnotation annotation;
        annotation.layer = measurementLayer;
        ImageReference reference{measurement.instance, {}};
        const auto ref = std::find_if(stack.frames.begin(), stack.frames.end(), [&](const FrameRef& some) {
            return some.image->instance == measurement.instance;
        });
        if (ref != stack.frames.end() && ref->image->frameCount > 1)
            reference.frames = {measurement.frame};
        annotation.images = {reference};
        addGraphics(measurement, annotation);
        if (const QString said = words(measurement); !said.isEmpty()) {
            TextObject text;
            text.text = said;
            text.hasAnchor = true;
            text.anchor =
                measurement.kind == MeasurementKind::Length ? measurement.points.back() : measurement.points.front();
            annotation.texts = {text};
        }
        state.annotations.push_back(std::move(annotation));
        hasAny = true;
    }
    if (hasAny && !state.layer(measurementLayer))
        state.layers.push_back(
            {measurementLayer, static_cast<int>(state.layers.size()) + 1, measurementColour, QString()});
}

void captureOverlays(PresentationState& state, const ShownFrame& shown) {
    const std::vector<OverlayPlane>& own = shown.image->overlays;
    for (const OverlayPlane& plane : shown.presented->overlays) {
        const bool isImages = std::any_of(own.begin(), own.end(), [&](const OverlayPlane& some) {
            return some.group == plane.group && some.bits == plane.bits;
        });
        if (!isImages)
            state.overlays.push_back(plane);
        QString layer = overlayLayer;
        if (shown.state) // its colours stay
            for (const PresentationState::OverlayActivation& activation : shown.state->activations)
                if (activation.group == plane.group)
                    layer = activation.layer;
        state.activations.push_back({plane.group, layer});
        if (!state.layer(layer))
            state.layers.push_back({layer, static_cast<int>(state.layers.size()) + 1, plane.colour, QString()});
    }
}

} // namespace

Result<PresentationCapture> capturePresentation(ViewerController& controller, int index,
                                                const std::function<QString(const Measurement&)>& words) {
    const ShownFrame shown = controller.shown(index);
    const ViewportState* viewport = controller.viewport(index);
    if (!viewport || !shown.image || !shown.pixels)
        return fail(ErrorCode::NotFound, QStringLiteral("no picture is shown"));
    const Stack* stack = controller.studies().stack(viewport->stack);
    if (shown.plane || !stack)
        return fail(ErrorCode::NotSupported, QStringLiteral("a plane is no image of the study"));
    if (shown.presented->colours)
        return fail(ErrorCode::NotSupported, QStringLiteral("colours by a profile of the image"));
    const QSize size = controller.viewSize(index);
    if (size.isEmpty())
        return fail(ErrorCode::NotFound, QStringLiteral("the viewport has no size"));

    PresentationCapture capture;
    capture.images = imagesAlike(*stack, shown);
    PresentationState& state = capture.state;
    state.kind = isGrey(*shown.image) ? PresentationKind::Grayscale : PresentationKind::Colour;
    for (const ReferencedFrames& image : capture.images)
        state.images.push_back({image.object.instance, image.frames});
    if (shown.state) {
        state.layers = shown.state->layers;
        state.annotations = shown.state->annotations;
    }
    if (isGrey(*shown.image))
        captureGrey(state, shown, viewport->display);
    state.shutter = shown.presented->frame(shown.frame).shutter;
    if (state.shutter && state.shutter->bitmap) {
        const int group = state.shutter->bitmap->group;
        const std::vector<OverlayPlane>& own = shown.image->overlays;
        if (std::none_of(own.begin(), own.end(), [&](const OverlayPlane& plane) { return plane.group == group; }))
            state.overlays.push_back(*state.shutter->bitmap);
    }
    if (controller.state().overlaysShown)
        captureOverlays(state, shown);
    state.areas = {captureArea(shown, viewport->view, size)};
    // The viewport mirrors, then turns; the state turns, then flips (PS3.3 C.10.6).
    const int turns = viewport->view.mirrored ? (4 - viewport->view.quarterTurns) % 4 : viewport->view.quarterTurns;
    state.rotationDeg = turns * 90;
    state.isFlipped = viewport->view.mirrored;
    captureMeasurements(capture, *stack, controller, words);
    return capture;
}

} // namespace yz
