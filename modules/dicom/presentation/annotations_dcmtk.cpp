#include "dicom/presentation/annotations_dcmtk.h"

#include "dicom/data/colour_profile_lcms.h"
#include "dicom/data/shutter_dcmtk.h"

#include <array>

namespace yz::dicom {

namespace {

AnnotationUnits unitsOf(DcmItem& item, const DcmTagKey& tag) {
    return code(item, tag) == u"DISPLAY" ? AnnotationUnits::Display : AnnotationUnits::Pixel;
}

/// PIXEL counts from the top left corner of the first pixel (C.10.5.1.1), image points from its centre.
ImagePoint point(double column, double row, AnnotationUnits units) {
    return units == AnnotationUnits::Pixel ? ImagePoint{column - 0.5, row - 0.5} : ImagePoint{column, row};
}

std::optional<ImagePoint> point(DcmItem& item, const DcmTagKey& tag, AnnotationUnits units) {
    const std::vector<double> pair = numbers(item, tag);
    return pair.size() == 2 ? std::optional<ImagePoint>(point(pair[0], pair[1], units)) : std::nullopt;
}

std::optional<GraphicObject> readGraphic(DcmItem& item) {
    struct Kind {
        const char* name;
        GraphicObject::Kind kind;
        size_t points;
    };
    static constexpr std::array<Kind, 5> kKinds{{{"POINT", GraphicObject::Kind::Point, 1},
                                                 {"POLYLINE", GraphicObject::Kind::Polyline, 2},
                                                 {"INTERPOLATED", GraphicObject::Kind::Interpolated, 2},
                                                 {"CIRCLE", GraphicObject::Kind::Circle, 2},
                                                 {"ELLIPSE", GraphicObject::Kind::Ellipse, 4}}};
    const QString type = code(item, DCM_GraphicType);
    for (const Kind& kind : kKinds) {
        if (type != QLatin1String(kind.name))
            continue;
        GraphicObject graphic;
        graphic.kind = kind.kind;
        graphic.units = unitsOf(item, DCM_GraphicAnnotationUnits);
        graphic.isFilled = code(item, DCM_GraphicFilled) == u"Y";
        const std::vector<double> data = numbers(item, DCM_GraphicData);
        for (size_t i = 0; i + 1 < data.size(); i += 2)
            graphic.points.push_back(point(data[i], data[i + 1], graphic.units));
        if (graphic.points.size() >= kind.points)
            return graphic;
    }
    return std::nullopt;
}

std::optional<TextObject> readText(DcmItem& item, TextDecoder& decoder) {
    TextObject object;
    object.text = text(item, DCM_UnformattedTextValue, decoder);
    object.boxUnits = unitsOf(item, DCM_BoundingBoxAnnotationUnits);
    object.anchorUnits = unitsOf(item, DCM_AnchorPointAnnotationUnits);
    const auto topLeft = point(item, DCM_BoundingBoxTopLeftHandCorner, object.boxUnits);
    const auto bottomRight = point(item, DCM_BoundingBoxBottomRightHandCorner, object.boxUnits);
    object.hasBox = topLeft && bottomRight;
    if (object.hasBox) {
        object.boxTopLeft = *topLeft;
        object.boxBottomRight = *bottomRight;
    }
    const auto anchor = point(item, DCM_AnchorPoint, object.anchorUnits);
    object.hasAnchor = anchor.has_value();
    object.anchor = anchor.value_or(ImagePoint{});
    object.anchorIsShown = code(item, DCM_AnchorPointVisibility) == u"Y";
    const QString justification = code(item, DCM_BoundingBoxTextHorizontalJustification);
    object.justification = justification == u"RIGHT"    ? TextObject::Justification::Right
                           : justification == u"CENTER" ? TextObject::Justification::Centre
                                                        : TextObject::Justification::Left;
    if (object.text.isEmpty() || (!object.hasBox && !object.hasAnchor))
        return std::nullopt;
    return object;
}

} // namespace

ImageReferences readImageReferences(DcmItem& item) {
    ImageReferences references;
    for (DcmItem* entry : items(item, DCM_ReferencedImageSequence)) {
        ImageReference reference;
        reference.instance = InstanceUid(code(*entry, DCM_ReferencedSOPInstanceUID));
        for (const double frame : numbers(*entry, DCM_ReferencedFrameNumber))
            reference.frames.push_back(static_cast<int>(frame) - 1);
        if (!reference.instance.isEmpty())
            references.push_back(std::move(reference));
    }
    return references;
}

std::vector<GraphicLayer> readLayers(DcmItem& item, TextDecoder& decoder) {
    std::vector<GraphicLayer> layers;
    for (DcmItem* entry : items(item, DCM_GraphicLayerSequence)) {
        GraphicLayer layer;
        layer.name = code(*entry, DCM_GraphicLayer);
        layer.order = integer(*entry, DCM_GraphicLayerOrder).value_or(0);
        layer.description = text(*entry, DCM_GraphicLayerDescription, decoder);
        const std::vector<double> lab = numbers(*entry, DCM_GraphicLayerRecommendedDisplayCIELabValue);
        if (lab.size() == 3)
            layer.colour = argbOfLab(static_cast<int>(lab[0]), static_cast<int>(lab[1]), static_cast<int>(lab[2]));
        else if (const auto grey = integer(*entry, DCM_GraphicLayerRecommendedDisplayGrayscaleValue))
            layer.colour = greyOfPValue(*grey);
        layers.push_back(std::move(layer));
    }
    return layers;
}

std::vector<GraphicAnnotation> readAnnotations(DcmItem& item, TextDecoder& decoder) {
    std::vector<GraphicAnnotation> annotations;
    for (DcmItem* entry : items(item, DCM_GraphicAnnotationSequence)) {
        GraphicAnnotation annotation;
        annotation.images = readImageReferences(*entry);
        annotation.layer = code(*entry, DCM_GraphicLayer);
        for (DcmItem* graphic : items(*entry, DCM_GraphicObjectSequence))
            if (auto object = readGraphic(*graphic))
                annotation.graphics.push_back(std::move(*object));
        for (DcmItem* object : items(*entry, DCM_TextObjectSequence))
            if (auto read = readText(*object, decoder))
                annotation.texts.push_back(std::move(*read));
        annotations.push_back(std::move(annotation));
    }
    return annotations;
}

} // namespace yz::dicom
