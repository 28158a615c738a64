#include "display_options.h"

#include <QJsonArray>
#include <QJsonObject>
#include <array>
#include <cmath>
#include <cstdlib>

namespace yz::cli {

namespace {

Result<std::optional<VoiWindow>> windowOf(const Arguments& arguments) {
    if (!arguments.has("window"))
        return std::nullopt;
    const Result<std::vector<double>> numbers = arguments.numbers("window", 2);
    if (!numbers)
        return fail(numbers.error());
    if (!((*numbers)[1] > 0))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--window: the width must be above 0"));
    return VoiWindow{(*numbers)[0], (*numbers)[1], {}};
}

QString nameOf(PresentationKind kind) {
    static constexpr std::array<const char*, 4> kNames{"grayscale", "colour", "pseudo-colour", "blending"};
    return QString::fromLatin1(kNames[static_cast<size_t>(kind)]);
}

QString nameOf(GraphicObject::Kind kind) {
    static constexpr std::array<const char*, 5> kNames{"point", "polyline", "interpolated", "circle", "ellipse"};
    return QString::fromLatin1(kNames[static_cast<size_t>(kind)]);
}

QJsonArray toJson(ImagePoint point) { return {point.x, point.y}; }

constexpr int kMaximumSide = 16384;

} // namespace

std::vector<Option> displayOptionList() {
    return {{"window", "CENTER,WIDTH", "in modality units; else the image's own"},
            {"state", "FILE", "a softcopy presentation state to apply"},
            {"no-overlays", nullptr, "leave overlay planes out"},
            {"no-shutter", nullptr, "show what a display shutter hides"}};
}

Result<DisplayOptions> displayOptions(const Arguments& arguments, PixelSource& source) {
    DisplayOptions options;
    const Result<std::optional<VoiWindow>> window = windowOf(arguments);
    if (!window)
        return fail(window.error());
    options.window = *window;
    options.overlays = !arguments.has("no-overlays");
    options.shutter = !arguments.has("no-shutter");
    if (arguments.has("state")) {
        const Result<PresentationStatePtr> state = source.presentationState(arguments.option("state"));
        if (!state)
            return fail(state.error());
        options.state = *state;
    }
    return options;
}

Result<ScreenPicture> drawFrame(const ImageDescription& image, int frame, const PixelBuffer& pixels,
                                const DisplayOptions& options, bool asStored) {
    ImageDescriptionPtr presented;
    if (options.state) {
        if (!options.state->covers(image.instance, frame))
            return fail(ErrorCode::NotFound, QStringLiteral("the presentation state is not about the frame"));
        Result<ImageDescriptionPtr> made = presentedBy(image, *options.state);
        if (!made)
            return fail(made.error());
        presented = *made;
    }
    const ImageDescription& shown = presented ? *presented : image;
    DisplaySettings settings = defaultSettings(shown, frame, pixels);
    if (options.window) {
        settings.window = *options.window;
        settings.voiLut.reset();
    }
    settings.overlaysShown = options.overlays;
    settings.shutterShown = options.shutter;
    const DisplayedArea* area = options.state ? options.state->area(image.instance, frame) : nullptr;
    const PresentedTurn turn = options.state ? presentedTurn(*options.state) : PresentedTurn{};
    if (asStored || (!area && turn.quarterTurns == 0 && !turn.mirrored))
        return renderNative(shown, frame, pixels, settings);
    DisplayedArea whole;
    whole.right = pixels.columns;
    whole.bottom = pixels.rows;
    DisplayedArea used = area ? *area : whole;
    // One picture pixel a pixel of the area, more where it is magnified.
    double columns = std::abs(used.right - used.left) + 1.0, rows = std::abs(used.bottom - used.top) + 1.0;
    if (used.size == DisplayedArea::Size::Magnify && used.magnification > 0.0) {
        columns *= used.magnification;
        rows *= used.magnification;
    }
    used.size = DisplayedArea::Size::ScaleToFit;
    if (turn.quarterTurns % 2 != 0)
        std::swap(columns, rows);
    if (!(columns >= 1.0 && rows >= 1.0 && columns <= kMaximumSide && rows <= kMaximumSide))
        return fail(ErrorCode::LimitExceeded, QStringLiteral("displayed area of %1 x %2").arg(columns).arg(rows));
    ScreenPicture picture;
    picture.width = static_cast<int>(std::lround(columns));
    picture.height = static_cast<int>(std::lround(rows));
    renderFrame(shown, frame, pixels, settings,
                areaTransform(used, {}, picture.width, picture.height, turn.quarterTurns, turn.mirrored),
                Interpolation::Linear, 0xff000000u, picture);
    return picture;
}

QJsonObject toJson(const PresentationState& state, const InstanceUid& image, int frame) {
    QJsonArray annotations;
    for (const GraphicAnnotation& annotation : state.annotations) {
        if (!annotation.images.empty() && !PresentationState::covers(annotation.images, image, frame))
            continue;
        for (const GraphicObject& graphic : annotation.graphics) {
            QJsonArray points;
            for (const ImagePoint& point : graphic.points)
                points.append(toJson(point));
            annotations.append(QJsonObject{{"layer", annotation.layer},
                                           {"kind", nameOf(graphic.kind)},
                                           {"units", graphic.units == AnnotationUnits::Pixel ? "pixel" : "display"},
                                           {"points", points}});
        }
        for (const TextObject& text : annotation.texts) {
            QJsonObject json{{"layer", annotation.layer}, {"kind", "text"}, {"text", text.text}};
            if (text.hasBox)
                json["box"] = QJsonArray{toJson(text.boxTopLeft), toJson(text.boxBottomRight)};
            if (text.hasAnchor)
                json["anchor"] = toJson(text.anchor);
            annotations.append(json);
        }
    }
    return {{"instanceUid", state.instance.value()},
            {"kind", nameOf(state.kind)},
            {"label", state.label},
            {"description", state.description},
            {"rotationDeg", state.rotationDeg},
            {"flipped", state.isFlipped},
            {"annotations", annotations}};
}

} // namespace yz::cli
