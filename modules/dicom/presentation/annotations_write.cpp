#include "dicom/presentation/annotations_dcmtk.h"

#include "dicom/data/colour_profile_lcms.h"
#include "dicom/presentation/study_modules_dcmtk.h"
#include "dicom/report/report_modules_dcmtk.h"

#include <algorithm>
#include <cmath>

namespace yz::dicom {

namespace {

const char* nameOf(AnnotationUnits units) { return units == AnnotationUnits::Display ? "DISPLAY" : "PIXEL"; }

/// PIXEL counts from the top left corner of the first pixel (C.10.5.1.1), image points from its centre.
void putPoints(DcmItem& item, const DcmTagKey& tag, const std::vector<ImagePoint>& points, AnnotationUnits units) {
    const double shift = units == AnnotationUnits::Pixel ? 0.5 : 0.0;
    std::vector<Float32> values;
    for (const ImagePoint& point : points) {
        values.push_back(static_cast<Float32>(point.x + shift));
        values.push_back(static_cast<Float32>(point.y + shift));
    }
    item.putAndInsertFloat32Array(DcmTag(tag), values.data(), static_cast<unsigned long>(values.size()));
}

const char* nameOf(GraphicObject::Kind kind) {
    switch (kind) {
    case GraphicObject::Kind::Point:
        return "POINT";
    case GraphicObject::Kind::Interpolated:
        return "INTERPOLATED";
    case GraphicObject::Kind::Circle:
        return "CIRCLE";
    case GraphicObject::Kind::Ellipse:
        return "ELLIPSE";
    case GraphicObject::Kind::Polyline:
        break;
    }
    return "POLYLINE";
}

void putGraphic(DcmItem& item, const GraphicObject& graphic) {
    DcmItem& entry = addItem(item, DCM_GraphicObjectSequence);
    entry.putAndInsertString(DCM_GraphicAnnotationUnits, nameOf(graphic.units));
    entry.putAndInsertUint16(DCM_GraphicDimensions, 2);
    entry.putAndInsertUint16(DCM_NumberOfGraphicPoints, static_cast<Uint16>(graphic.points.size()));
    putPoints(entry, DCM_GraphicData, graphic.points, graphic.units);
    entry.putAndInsertString(DCM_GraphicType, nameOf(graphic.kind));
    const bool isClosed =
        graphic.kind == GraphicObject::Kind::Circle || graphic.kind == GraphicObject::Kind::Ellipse ||
        (graphic.kind != GraphicObject::Kind::Point && graphic.points.size() > 2 &&
         graphic.points.front().x == graphic.points.back().x && graphic.points.front().y == graphic.points.back().y);
    if (isClosed) // type 1C
        entry.putAndInsertString(DCM_GraphicFilled, graphic.isFilled ? "Y" : "N");
}

void putTextObject(DcmItem& item, const TextObject& text) {
    DcmItem& entry = addItem(item, DCM_TextObjectSequence);
    if (text.hasBox)
        entry.putAndInsertString(DCM_BoundingBoxAnnotationUnits, nameOf(text.boxUnits));
    if (text.hasAnchor)
        entry.putAndInsertString(DCM_AnchorPointAnnotationUnits, nameOf(text.anchorUnits));
    putText(entry, DCM_UnformattedTextValue, QString(text.text).replace(u'\n', QStringLiteral("\r\n")).left(1024));
    if (text.hasBox) {
        putPoints(entry, DCM_BoundingBoxTopLeftHandCorner, {text.boxTopLeft}, text.boxUnits);
        putPoints(entry, DCM_BoundingBoxBottomRightHandCorner, {text.boxBottomRight}, text.boxUnits);
        entry.putAndInsertString(DCM_BoundingBoxTextHorizontalJustification,
                                 text.justification == TextObject::Justification::Right    ? "RIGHT"
                                 : text.justification == TextObject::Justification::Centre ? "CENTER"
                                                                                           : "LEFT");
    }
    if (text.hasAnchor) {
        putPoints(entry, DCM_AnchorPoint, {text.anchor}, text.anchorUnits);
        entry.putAndInsertString(DCM_AnchorPointVisibility, text.anchorIsShown ? "Y" : "N");
    }
}

} // namespace

void writeLayers(DcmItem& item, const std::vector<GraphicLayer>& layers) {
    for (const GraphicLayer& layer : layers) {
        DcmItem& entry = addItem(item, DCM_GraphicLayerSequence);
        putText(entry, DCM_GraphicLayer, layer.name);
        entry.putAndInsertString(DCM_GraphicLayerOrder, QByteArray::number(layer.order).constData());
        const auto lab = labOfArgb(layer.colour);
        const std::uint32_t red = layer.colour >> 16 & 0xff, green = layer.colour >> 8 & 0xff,
                            blue = layer.colour & 0xff;
        // On a grey screen: the luma of the colour as a P-value.
        const auto grey = static_cast<Uint16>(std::lround((red * 0.299 + green * 0.587 + blue * 0.114) * 257.0));
        entry.putAndInsertUint16(DCM_GraphicLayerRecommendedDisplayGrayscaleValue, grey);
        if (red != green || green != blue)
            entry.putAndInsertUint16Array(DCM_GraphicLayerRecommendedDisplayCIELabValue, lab.data(), 3);
        if (!layer.description.isEmpty())
            putText(entry, DCM_GraphicLayerDescription, oneLine(layer.description));
    }
}

void writeAnnotations(DcmItem& item, const std::vector<GraphicAnnotation>& annotations,
                      const std::vector<ReferencedFrames>& images) {
    for (const GraphicAnnotation& annotation : annotations) {
        if (annotation.graphics.empty() && annotation.texts.empty())
            continue;
        DcmItem& entry = addItem(item, DCM_GraphicAnnotationSequence);
        for (const ImageReference& reference : annotation.images)
            for (const ReferencedFrames& image : images)
                if (image.object.instance == reference.instance) {
                    putReferencedImage(entry, {image.series, image.object, reference.frames});
                    break;
                }
        putText(entry, DCM_GraphicLayer, annotation.layer);
        for (const TextObject& text : annotation.texts)
            putTextObject(entry, text);
        for (const GraphicObject& graphic : annotation.graphics)
            putGraphic(entry, graphic);
    }
}

} // namespace yz::dicom
