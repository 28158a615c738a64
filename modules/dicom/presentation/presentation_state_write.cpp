#include "dicom/presentation/presentation_state_dcmtk.h"

#include "dicom/data/colour_profile_lcms.h"
#include "dicom/presentation/annotations_dcmtk.h"
#include "dicom/presentation/study_modules_dcmtk.h"
#include "dicom/report/report_modules_dcmtk.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace yz::dicom {

namespace {

/// As many digits as a DS takes (PS3.5 6.2: 16 characters).
QString decimal(double value) {
    for (int digits = 15; digits > 4; --digits)
        if (const QString text = QString::number(value, 'g', digits); text.size() <= 16)
            return text;
    return QString::number(value, 'g', 4);
}

/// Modality, VOI and Presentation LUT items (PS3.3 C.11.1.1, C.11.2.1.1, C.11.6.1.1).
void putLut(DcmItem& entry, const Lut& lut) {
    const size_t entries = std::min<size_t>(lut.entries.size(), 65536);
    const auto count = static_cast<Uint16>(entries == 65536 ? 0 : entries);
    const auto bits = static_cast<Uint16>(lut.bitsPerEntry);
    if (lut.firstMapped < 0) {
        const Sint16 descriptor[] = {static_cast<Sint16>(count), static_cast<Sint16>(lut.firstMapped),
                                     static_cast<Sint16>(bits)};
        entry.putAndInsertSint16Array(DcmTag(DCM_LUTDescriptor, EVR_SS), descriptor, 3);
    } else {
        const Uint16 descriptor[] = {count, static_cast<Uint16>(lut.firstMapped), bits};
        entry.putAndInsertUint16Array(DcmTag(DCM_LUTDescriptor, EVR_US), descriptor, 3);
    }
    entry.putAndInsertUint16Array(DcmTag(DCM_LUTData, EVR_OW), lut.entries.data(), static_cast<unsigned long>(entries));
    if (!lut.explanation.isEmpty())
        putText(entry, DCM_LUTExplanation, oneLine(lut.explanation));
}

void putModality(DcmItem& item, const StateModality& modality) {
    const QString unit = modality.unit.isEmpty() ? QStringLiteral("US") : oneLine(modality.unit, 64);
    if (modality.lut) {
        DcmItem& entry = addItem(item, DCM_ModalityLUTSequence);
        putLut(entry, *modality.lut);
        putText(entry, DCM_ModalityLUTType, unit);
        return;
    }
    putText(item, DCM_RescaleIntercept, decimal(modality.intercept));
    putText(item, DCM_RescaleSlope, decimal(modality.slope));
    putText(item, DCM_RescaleType, unit);
}

const ReferencedFrames* find(const std::vector<ReferencedFrames>& images, const InstanceUid& instance) {
    const auto found = std::find_if(images.begin(), images.end(),
                                    [&](const ReferencedFrames& image) { return image.object.instance == instance; });
    return found == images.end() ? nullptr : &*found;
}

void putSome(DcmItem& entry, const ImageReferences& references, const std::vector<ReferencedFrames>& images) {
    for (const ImageReference& reference : references)
        if (const ReferencedFrames* image = find(images, reference.instance))
            putReferencedImage(entry, {image->series, image->object, reference.frames});
}

void putVoi(DcmItem& item, const StateVoi& voi, const std::vector<ReferencedFrames>& images) {
    DcmItem& entry = addItem(item, DCM_SoftcopyVOILUTSequence);
    putSome(entry, voi.images, images);
    if (voi.windows.empty()) {
        for (const Lut& lut : voi.luts)
            putLut(addItem(entry, DCM_VOILUTSequence), lut);
        return;
    }
    QStringList centres, widths, names;
    for (const VoiWindow& window : voi.windows) {
        centres << decimal(window.center);
        widths << decimal(window.width);
        names << oneLine(window.name);
    }
    putText(entry, DCM_WindowCenter, centres.join(u'\\'));
    putText(entry, DCM_WindowWidth, widths.join(u'\\'));
    if (std::any_of(names.begin(), names.end(), [](const QString& name) { return !name.isEmpty(); }))
        putText(entry, DCM_WindowCenterWidthExplanation, names.join(u'\\'));
    if (voi.function != VoiFunction::Linear)
        entry.putAndInsertString(DCM_VOILUTFunction, voi.function == VoiFunction::Sigmoid ? "SIGMOID" : "LINEAR_EXACT");
}

/// Both numbers at once: putting them in one by one replaces the element.
void putCorner(DcmItem& item, const DcmTagKey& tag, int column, int row) {
    const Sint32 values[] = {column, row};
    auto element = std::make_unique<DcmSignedLong>(DcmTag(tag, EVR_SL));
    if (element->putSint32Array(values, 2).good() && item.insert(element.get(), OFTrue).good())
        (void)element.release(); // the item's now
}

void putArea(DcmItem& item, const DisplayedArea& area, const std::vector<ReferencedFrames>& images) {
    DcmItem& entry = addItem(item, DCM_DisplayedAreaSelectionSequence);
    putSome(entry, area.images, images);
    putCorner(entry, DCM_DisplayedAreaTopLeftHandCorner, area.left, area.top);
    putCorner(entry, DCM_DisplayedAreaBottomRightHandCorner, area.right, area.bottom);
    entry.putAndInsertString(DCM_PresentationSizeMode, area.size == DisplayedArea::Size::TrueSize  ? "TRUE SIZE"
                                                       : area.size == DisplayedArea::Size::Magnify ? "MAGNIFY"
                                                                                                   : "SCALE TO FIT");
    if (area.rowMm > 0.0 && area.columnMm > 0.0)
        putText(entry, DCM_PresentationPixelSpacing,
                QString(decimal(area.rowMm) + QStringLiteral("\\") + decimal(area.columnMm)));
    else // type 1C: one of the two; the ratio is of whole numbers
        putText(entry, DCM_PresentationPixelAspectRatio,
                QStringLiteral("%1\\%2")
                    .arg(std::max(1L, std::lround(area.aspectRows * 1000.0)))
                    .arg(std::max(1L, std::lround(area.aspectColumns * 1000.0))));
    if (area.size == DisplayedArea::Size::Magnify)
        entry.putAndInsertFloat32(DCM_PresentationPixelMagnificationRatio, static_cast<Float32>(area.magnification));
}

void putShutter(DcmItem& item, const DisplayShutter& shutter, bool isColour) {
    QStringList shapes;
    const auto put = [&](const DcmTagKey& tag, int value) { putText(item, tag, QString::number(value)); };
    if (shutter.rectangle) {
        shapes << QStringLiteral("RECTANGULAR");
        put(DCM_ShutterLeftVerticalEdge, shutter.rectangle->left);
        put(DCM_ShutterRightVerticalEdge, shutter.rectangle->right);
        put(DCM_ShutterUpperHorizontalEdge, shutter.rectangle->top);
        put(DCM_ShutterLowerHorizontalEdge, shutter.rectangle->bottom);
    }
    if (shutter.circle) {
        shapes << QStringLiteral("CIRCULAR");
        putText(item, DCM_CenterOfCircularShutter,
                QStringLiteral("%1\\%2").arg(shutter.circle->row).arg(shutter.circle->column));
        put(DCM_RadiusOfCircularShutter, shutter.circle->radius);
    }
    if (!shutter.polygon.empty()) {
        shapes << QStringLiteral("POLYGONAL");
        QStringList pairs; // row\column, 1-based
        for (const ImagePoint& corner : shutter.polygon)
            pairs << QString::number(std::lround(corner.y) + 1) << QString::number(std::lround(corner.x) + 1);
        putText(item, DCM_VerticesOfThePolygonalShutter, pairs.join(u'\\'));
    }
    if (shutter.bitmap) {
        shapes << QStringLiteral("BITMAP");
        item.putAndInsertUint16(DCM_ShutterOverlayGroup, static_cast<Uint16>(shutter.bitmap->group));
    }
    putText(item, DCM_ShutterShape, shapes.join(u'\\'));
    if (isColour)
        item.putAndInsertUint16Array(DCM_ShutterPresentationColorCIELabValue, labOfArgb(shutter.colour).data(), 3);
    else
        item.putAndInsertUint16(DCM_ShutterPresentationValue, static_cast<Uint16>((shutter.colour & 0xff) * 257));
}

void putPlane(DcmItem& item, const OverlayPlane& plane) {
    const auto tag = [&](Uint16 element, DcmEVR vr) { return DcmTag(static_cast<Uint16>(plane.group), element, vr); };
    item.putAndInsertUint16(tag(0x0010, EVR_US), static_cast<Uint16>(plane.rows));
    item.putAndInsertUint16(tag(0x0011, EVR_US), static_cast<Uint16>(plane.columns));
    item.putAndInsertString(tag(0x0040, EVR_CS), plane.isRoi ? "R" : "G");
    const Sint16 origin[] = {static_cast<Sint16>(plane.firstRow), static_cast<Sint16>(plane.firstColumn)};
    item.putAndInsertSint16Array(tag(0x0050, EVR_SS), origin, 2);
    item.putAndInsertUint16(tag(0x0100, EVR_US), 1);
    item.putAndInsertUint16(tag(0x0102, EVR_US), 0);
    QByteArray bits = *plane.bits;
    bits.resize((qsizetype{plane.rows} * plane.columns + 15) / 16 * 2);
    item.putAndInsertUint16Array(tag(0x3000, EVR_OW), reinterpret_cast<const Uint16*>(bits.constData()),
                                 static_cast<unsigned long>(bits.size() / 2));
    if (!plane.label.isEmpty())
        putText(item, tag(0x1500, EVR_LO), oneLine(plane.label));
}

} // namespace

Result<std::unique_ptr<DcmDataset>> buildPresentationState(const ObjectOrigin& origin, const PresentationState& state,
                                                           const std::vector<ReferencedFrames>& images) {
    if (const Status checked = checkOrigin(origin); !checked)
        return fail(checked.error());
    if (images.empty() || state.areas.empty())
        return fail(ErrorCode::ReportIncomplete, QStringLiteral("no image or no displayed area"));
    const bool isColour = state.kind == PresentationKind::Colour;
    if ((!isColour && state.kind != PresentationKind::Grayscale) || state.colours)
        return fail(ErrorCode::NotSupported, QStringLiteral("a presentation state of this kind is not made here"));
    auto dataSet = std::make_unique<DcmDataset>();
    DcmItem& item = *dataSet;
    putOrigin(item, origin,
              isColour ? UID_ColorSoftcopyPresentationStateStorage : UID_GrayscaleSoftcopyPresentationStateStorage,
              "PR", QStringLiteral("Presentation states"), 9004);
    putText(item, DCM_PresentationCreationDate, dicomDate(origin.createdAt));
    putText(item, DCM_PresentationCreationTime, dicomTime(origin.createdAt));
    putText(item, DCM_ContentLabel, state.label.left(16));
    putText(item, DCM_ContentDescription, oneLine(state.description));
    putPersonName(item, DCM_ContentCreatorName, personNameFromText(origin.creator));
    putReferencedSeries(item, images);

    for (const DisplayedArea& area : state.areas)
        putArea(item, area, images);
    if (state.shutter && !state.shutter->isEmpty())
        putShutter(item, *state.shutter, isColour);
    for (const OverlayPlane& plane : state.overlays)
        if (plane.bits && plane.frameCount == 1)
            putPlane(item, plane);
    for (const PresentationState::OverlayActivation& activation : state.activations)
        putText(item, DcmTag(static_cast<Uint16>(activation.group), 0x1001, EVR_CS), activation.layer);
    writeAnnotations(item, state.annotations, images);
    writeLayers(item, state.layers);
    item.putAndInsertUint16(DCM_ImageRotation, static_cast<Uint16>(state.rotationDeg));
    item.putAndInsertString(DCM_ImageHorizontalFlip, state.isFlipped ? "Y" : "N");
    if (isColour) {
        const QByteArray profile = sRgbInputProfile();
        item.putAndInsertUint8Array(DCM_ICCProfile, reinterpret_cast<const Uint8*>(profile.constData()),
                                    static_cast<unsigned long>(profile.size()));
        putText(item, DCM_ColorSpace, QStringLiteral("SRGB"));
        return dataSet;
    }
    if (state.modality)
        putModality(item, *state.modality);
    for (const StateVoi& voi : state.vois)
        putVoi(item, voi, images);
    if (state.presentationLut)
        putLut(addItem(item, DCM_PresentationLUTSequence), *state.presentationLut);
    else
        putText(item, DCM_PresentationLUTShape,
                state.presentationLutShape.isEmpty() ? QStringLiteral("IDENTITY") : state.presentationLutShape);
    return dataSet;
}

} // namespace yz::dicom
