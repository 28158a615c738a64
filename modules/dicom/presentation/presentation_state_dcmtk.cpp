#include "dicom/presentation/presentation_state_dcmtk.h"

#include "dicom/data/attributes_dcmtk.h"
#include "dicom/data/colour_profile_lcms.h"
#include "dicom/data/frame_groups_dcmtk.h"
#include "dicom/data/luts_dcmtk.h"
#include "dicom/data/overlays_dcmtk.h"
#include "dicom/data/shutter_dcmtk.h"
#include "dicom/presentation/annotations_dcmtk.h"

#include <cmath>

namespace yz::dicom {

namespace {

std::optional<PresentationKind> kindOf(const QString& sopClass) {
    if (sopClass == QLatin1String(UID_GrayscaleSoftcopyPresentationStateStorage))
        return PresentationKind::Grayscale;
    if (sopClass == QLatin1String(UID_ColorSoftcopyPresentationStateStorage))
        return PresentationKind::Colour;
    if (sopClass == QLatin1String(UID_PseudoColorSoftcopyPresentationStateStorage))
        return PresentationKind::PseudoColour;
    if (sopClass == QLatin1String(UID_BlendingSoftcopyPresentationStateStorage))
        return PresentationKind::Blending;
    return std::nullopt;
}

void addSeriesReferences(DcmItem& item, ImageReferences& images) {
    for (DcmItem* series : items(item, DCM_ReferencedSeriesSequence)) {
        const ImageReferences some = readImageReferences(*series);
        images.insert(images.end(), some.begin(), some.end());
    }
}

/// The descriptor's own VR says whether its table starts at a negative value; the state knows no pixels.
bool isSignedLut(DcmItem& item) {
    DcmElement* element = nullptr;
    return item.findAndGetElement(DCM_LUTDescriptor, element).good() && element && element->getVR() == EVR_SS;
}

std::optional<StateModality> readModalityOf(DcmItem& item, TextDecoder& decoder) {
    StateModality modality;
    if (DcmItem* entry = firstItem(item, DCM_ModalityLUTSequence)) {
        modality.lut = readLut(*entry, decoder, isSignedLut(*entry));
        modality.unit = code(*entry, DCM_ModalityLUTType);
        if (modality.lut)
            return modality;
    }
    if (!item.tagExistsWithValue(DCM_RescaleSlope) && !item.tagExistsWithValue(DCM_RescaleIntercept))
        return std::nullopt;
    FrameDescription frame;
    readModality(item, frame);
    modality.slope = frame.rescaleSlope;
    modality.intercept = frame.rescaleIntercept;
    modality.unit = frame.rescaleUnit;
    return modality;
}

std::vector<StateVoi> readVois(DcmItem& item, TextDecoder& decoder) {
    std::vector<StateVoi> vois;
    for (DcmItem* entry : items(item, DCM_SoftcopyVOILUTSequence)) {
        FrameDescription frame;
        DcmItem* table = firstItem(*entry, DCM_VOILUTSequence);
        readVoi(*entry, frame, decoder, table && isSignedLut(*table));
        vois.push_back({readImageReferences(*entry), frame.windows, frame.voiFunction, frame.voiLuts});
    }
    return vois;
}

std::vector<DisplayedArea> readAreas(DcmItem& item) {
    std::vector<DisplayedArea> areas;
    for (DcmItem* entry : items(item, DCM_DisplayedAreaSelectionSequence)) {
        const std::vector<double> topLeft = numbers(*entry, DCM_DisplayedAreaTopLeftHandCorner); // column\row
        const std::vector<double> bottomRight = numbers(*entry, DCM_DisplayedAreaBottomRightHandCorner);
        if (topLeft.size() != 2 || bottomRight.size() != 2)
            continue;
        DisplayedArea area;
        area.images = readImageReferences(*entry);
        area.left = static_cast<int>(topLeft[0]);
        area.top = static_cast<int>(topLeft[1]);
        area.right = static_cast<int>(bottomRight[0]);
        area.bottom = static_cast<int>(bottomRight[1]);
        const QString size = code(*entry, DCM_PresentationSizeMode);
        area.size = size == u"TRUE SIZE" ? DisplayedArea::Size::TrueSize
                    : size == u"MAGNIFY" ? DisplayedArea::Size::Magnify
                                         : DisplayedArea::Size::ScaleToFit;
        area.magnification = number(*entry, DCM_PresentationPixelMagnificationRatio).value_or(1.0);
        if (const auto pitch = numbers(*entry, DCM_PresentationPixelSpacing);
            pitch.size() == 2 && pitch[0] > 0.0 && pitch[1] > 0.0) {
            area.rowMm = pitch[0];
            area.columnMm = pitch[1];
        }
        if (const auto aspect = numbers(*entry, DCM_PresentationPixelAspectRatio);
            aspect.size() == 2 && aspect[0] > 0.0 && aspect[1] > 0.0) {
            area.aspectRows = aspect[0];
            area.aspectColumns = aspect[1];
        }
        areas.push_back(std::move(area));
    }
    return areas;
}

std::vector<PresentationState::OverlayActivation> readActivations(DcmItem& item) {
    std::vector<PresentationState::OverlayActivation> activations;
    for (int group = 0x6000; group <= 0x601E; group += 2) {
        const QString layer = code(item, DcmTagKey(static_cast<quint16>(group), 0x1001));
        if (!layer.isEmpty())
            activations.push_back({group, layer});
    }
    return activations;
}

} // namespace

Result<PresentationState> readPresentationState(const ParsedHeader& parsed) {
    DcmDataset& item = *parsed.dataSet;
    const QString sopClass = code(item, DCM_SOPClassUID);
    const auto kind = kindOf(sopClass);
    if (!kind)
        return fail(ErrorCode::NotSupported, QStringLiteral("no presentation state of a known class: ") + sopClass);
    TextDecoder decoder = textDecoderFor(item);
    PresentationState state;
    state.kind = *kind;
    state.study = StudyUid(code(item, DCM_StudyInstanceUID));
    state.series = SeriesUid(code(item, DCM_SeriesInstanceUID));
    state.instance = InstanceUid(code(item, DCM_SOPInstanceUID));
    state.label = code(item, DCM_ContentLabel);
    state.description = text(item, DCM_ContentDescription, decoder);
    state.creator = personName(item, DCM_ContentCreatorName, decoder).display();
    state.created = dateTime(item, DCM_PresentationCreationDate, DCM_PresentationCreationTime);
    addSeriesReferences(item, state.images);
    for (DcmItem* entry : items(item, DCM_BlendingSequence))
        addSeriesReferences(*entry, state.images);
    if (state.images.empty())
        return fail(ErrorCode::AttributeMissing, QStringLiteral("ReferencedSeriesSequence"));

    state.modality = readModalityOf(item, decoder);
    state.vois = readVois(item, decoder);
    state.presentationLutShape = code(item, DCM_PresentationLUTShape);
    if (DcmItem* entry = firstItem(item, DCM_PresentationLUTSequence))
        state.presentationLut = readLut(*entry, decoder, false);
    if (*kind == PresentationKind::PseudoColour || *kind == PresentationKind::Blending) {
        state.paletteRed = readPalette(item,
                                       {DCM_RedPaletteColorLookupTableDescriptor, DCM_RedPaletteColorLookupTableData,
                                        DCM_SegmentedRedPaletteColorLookupTableData},
                                       false);
        state.paletteGreen =
            readPalette(item,
                        {DCM_GreenPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableData,
                         DCM_SegmentedGreenPaletteColorLookupTableData},
                        false);
        state.paletteBlue = readPalette(item,
                                        {DCM_BluePaletteColorLookupTableDescriptor, DCM_BluePaletteColorLookupTableData,
                                         DCM_SegmentedBluePaletteColorLookupTableData},
                                        false);
        if (state.paletteRed.entries.empty() || state.paletteGreen.entries.empty() || state.paletteBlue.entries.empty())
            return fail(ErrorCode::AttributeMissing, QStringLiteral("palette colour look-up tables"));
    }
    state.colours = colourCube(rawBytes(item, DCM_ICCProfile));
    state.overlays = readOverlays(item, decoder);
    state.activations = readActivations(item);
    state.shutter = readShutter(item);
    if (state.shutter && state.shutter->bitmap)
        for (const OverlayPlane& plane : state.overlays)
            if (plane.group == state.shutter->bitmap->group)
                state.shutter->bitmap = plane;
    state.areas = readAreas(item);
    const int rotation = integer(item, DCM_ImageRotation).value_or(0);
    state.rotationDeg = ((rotation / 90 * 90) % 360 + 360) % 360;
    state.isFlipped = code(item, DCM_ImageHorizontalFlip) == u"Y";
    state.layers = readLayers(item, decoder);
    state.annotations = readAnnotations(item, decoder);
    return state;
}

} // namespace yz::dicom
