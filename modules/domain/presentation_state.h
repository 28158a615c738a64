#pragma once

#include "domain/image.h"

#include <algorithm>

/// A softcopy presentation state as a value (PS3.3 A.33, PS3.4 Annex N): how someone wants images to be seen.
namespace yz {

/// Which frames something in a presentation state is about.
struct ImageReference {
    InstanceUid instance;
    std::vector<int> frames; ///< 0-based; empty: all of them

    [[nodiscard]] bool covers(const InstanceUid& image, int frame) const {
        return instance == image && (frames.empty() || std::find(frames.begin(), frames.end(), frame) != frames.end());
    }
};
using ImageReferences = std::vector<ImageReference>;

enum class PresentationKind { Grayscale, Colour, PseudoColour, Blending };

struct StateModality {
    double slope = 1.0, intercept = 0.0;
    QString unit;
    std::optional<Lut> lut;
};

/// An item of Softcopy VOI LUT Sequence (PS3.3 C.11.8); no references: every image of the state.
struct StateVoi {
    ImageReferences images;
    std::vector<VoiWindow> windows;
    VoiFunction function = VoiFunction::Linear;
    std::vector<Lut> luts;
};

/// An item of Displayed Area Selection Sequence (PS3.3 C.10.4). Corners are pixels, 1-based, and may lie outside.
struct DisplayedArea {
    enum class Size { ScaleToFit, TrueSize, Magnify };
    ImageReferences images;
    int left = 1, top = 1, right = 1, bottom = 1;
    Size size = Size::ScaleToFit;
    double magnification = 1.0;
    double rowMm = 0.0, columnMm = 0.0;           ///< (0070,0101); 0: not given
    double aspectRows = 1.0, aspectColumns = 1.0; ///< (0070,0102)
};

struct GraphicLayer {
    QString name;
    int order = 0;
    std::uint32_t colour = 0xffffffffu;
    QString description;
};

/// Where coordinates of annotations count from (PS3.3 C.10.5.1.1).
enum class AnnotationUnits {
    Pixel,   ///< image points: centres of pixels at whole numbers, 0-based
    Display, ///< fractions of the displayed area, 0\0 its top left corner
};

struct GraphicObject {
    enum class Kind { Point, Polyline, Interpolated, Circle, Ellipse };
    Kind kind = Kind::Polyline;
    AnnotationUnits units = AnnotationUnits::Pixel;
    std::vector<ImagePoint> points; ///< circle: centre, point on it; ellipse: ends of the long, then the short axis
    bool isFilled = false;
};

struct TextObject {
    enum class Justification { Left, Centre, Right };
    QString text;
    bool hasBox = false, hasAnchor = false, anchorIsShown = false;
    ImagePoint boxTopLeft, boxBottomRight, anchor;
    AnnotationUnits boxUnits = AnnotationUnits::Pixel, anchorUnits = AnnotationUnits::Pixel;
    Justification justification = Justification::Left;
};

/// An item of Graphic Annotation Sequence (PS3.3 C.10.5).
struct GraphicAnnotation {
    ImageReferences images;
    QString layer;
    std::vector<GraphicObject> graphics;
    std::vector<TextObject> texts;
};

struct PresentationState {
    PresentationKind kind = PresentationKind::Grayscale;
    StudyUid study;
    SeriesUid series;
    InstanceUid instance;
    QString label, description, creator;
    QDateTime created;
    ImageReferences images; ///< all that it may be applied to

    std::optional<StateModality> modality; ///< none: stored values are used as they are
    std::vector<StateVoi> vois;
    std::optional<Lut> presentationLut;
    QString presentationLutShape;              ///< IDENTITY or INVERSE; empty: the table above
    Lut paletteRed, paletteGreen, paletteBlue; ///< of a pseudo-colour or blending state
    std::shared_ptr<const ColourCube> colours; ///< none: sRGB
    std::optional<DisplayShutter> shutter; ///< a bitmap's plane may be the image's: then it has its group and no bits
    std::vector<DisplayedArea> areas;
    int rotationDeg = 0;                ///< 0, 90, 180, 270 clockwise, before the flip (PS3.3 C.10.6)
    bool isFlipped = false;             ///< left and right exchanged after the rotation
    std::vector<OverlayPlane> overlays; ///< its own planes; they replace the image's of the same group
    struct OverlayActivation {
        int group = 0x6000;
        QString layer;
    };
    std::vector<OverlayActivation> activations; ///< PS3.3 C.11.7: groups not named here are not shown
    std::vector<GraphicLayer> layers;
    std::vector<GraphicAnnotation> annotations;

    [[nodiscard]] bool covers(const InstanceUid& image, int frame) const { return covers(images, image, frame); }
    [[nodiscard]] static bool covers(const ImageReferences& images, const InstanceUid& image, int frame) {
        return std::any_of(images.begin(), images.end(),
                           [&](const ImageReference& reference) { return reference.covers(image, frame); });
    }
    [[nodiscard]] const GraphicLayer* layer(const QString& name) const {
        const auto found =
            std::find_if(layers.begin(), layers.end(), [&](const GraphicLayer& layer) { return layer.name == name; });
        return found == layers.end() ? nullptr : &*found;
    }
    /// The area for a frame; null: the whole image.
    [[nodiscard]] const DisplayedArea* area(const InstanceUid& image, int frame) const {
        for (const DisplayedArea& area : areas)
            if (area.images.empty() || covers(area.images, image, frame))
                return &area;
        return nullptr;
    }
};
using PresentationStatePtr = std::shared_ptr<const PresentationState>;

} // namespace yz
