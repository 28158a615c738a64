#pragma once

#include "dicom/data/text_listing.h"
#include "dicom/worker/described_image.h"
#include "dicom/worker/header_batch.h"
#include "domain/hanging_object.h"
#include "domain/image.h"
#include "domain/measurement_report.h"
#include "domain/ports.h"
#include "domain/presentation_object.h"
#include "domain/presentation_state.h"
#include "domain/study.h"

#include <concepts>
#include <type_traits>

/// The fields of every record that crosses the border to the decoder process, in the order they travel. A list that
/// lacks a field does not compile: the structured binding counts. A new field is one name in its list, a new struct one
/// line; an enumeration gets a list of what is known, which -Wswitch keeps complete.
namespace yz::dicom {

#define YZ_RECORD(Type, ...)                                                                                           \
    template <typename Record, typename Visitor>                                                                       \
    requires std::same_as<std::remove_const_t<Record>, Type>                                                           \
    void visitFields(Record& record, Visitor& visitor) {                                                               \
        auto& [__VA_ARGS__] = record;                                                                                  \
        visitor.fields(__VA_ARGS__);                                                                                   \
    }

// clang-format off
YZ_RECORD(Lut, firstMapped, bitsPerEntry, entries, explanation)
YZ_RECORD(VoiWindow, center, width, name)
YZ_RECORD(PlanePosition, position, row, column)
YZ_RECORD(PixelSpacing, rowMm, columnMm, calibration)
YZ_RECORD(OverlayPlane, group, columns, rows, firstColumn, firstRow, frameCount, firstFrame, repeats, isRoi, label,
          description, roiArea, roiMean, roiSd, bits, colour)
YZ_RECORD(DisplayShutter::Rectangle, left, right, top, bottom)
YZ_RECORD(DisplayShutter::Circle, row, column, radius)
YZ_RECORD(DisplayShutter, rectangle, circle, polygon, bitmap, colour)
YZ_RECORD(ColourCube, size, entries)
YZ_RECORD(PetDescription, units, suvType, decayCorrection, corrections, patientWeightKg, patientHeightM, injectedDoseBq,
          halfLifeS, injectionTime, injectionDayIsAssumed, seriesTime, acquisitionTime, geScanTime, frameReferenceMs,
          frameDurationMs, philipsSuvFactor, philipsActivityFactor)
YZ_RECORD(UltrasoundRegion, minX, minY, maxX, maxY, columnMm, rowMm, format, dataType, unitX, unitY, deltaX, deltaY,
          referenceX, referenceY, referenceValueX, referenceValueY)
YZ_RECORD(FrameDimensions, frameType, complexComponent, segment, echoNumber, echoTimeMs, bValue, diffusionDirection,
          inversionTimeMs, flipAngleDeg, kiloVolt, kernel, temporalOffsetMs, triggerMs, phasePercent, acquisitionNumber,
          acquiredMs, inStackPosition, dimensionIndex)
YZ_RECORD(FrameDescription, plane, spacing, sliceThicknessMm, rescaleSlope, rescaleIntercept, rescaleUnit, modalityLut,
          windows, voiFunction, voiLuts, shutter, temporalIndex, stackId, dimensions)
YZ_RECORD(ImageDescription, study, series, instance, sopClass, frameOfReference, transferSyntax, instanceNumber,
          modality, imageType, laterality, viewPosition, patientOrientation,
          columns, rows, frameCount, samplesPerPixel, bitsAllocated, bitsStored, isSigned, isFloat, decodesReduced,
          photometric, lossy, lossyText, pixelAspectRows, pixelAspectColumns, paddingFirst, paddingLast, frameTimeMs,
          frameTimesMs, gantryTiltDeg, presentationLutShape, paletteRed, paletteGreen, paletteBlue, regions, presentationLut, overlays,
          colours, calibrationType, calibrationText, pet, frames)
YZ_RECORD(PlainFrames, offset, frameBytes, frameCount, bitsAllocated, bitsStored, highBit, isSigned)
YZ_RECORD(DescribedImage, image, plain)

YZ_RECORD(ImageReference, instance, frames)
YZ_RECORD(StateModality, slope, intercept, unit, lut)
YZ_RECORD(StateVoi, images, windows, function, luts)
YZ_RECORD(DisplayedArea, images, left, top, right, bottom, size, magnification, rowMm, columnMm, aspectRows,
          aspectColumns)
YZ_RECORD(GraphicLayer, name, order, colour, description)
YZ_RECORD(GraphicObject, kind, units, points, isFilled)
YZ_RECORD(TextObject, text, hasBox, hasAnchor, anchorIsShown, boxTopLeft, boxBottomRight, anchor, boxUnits, anchorUnits,
          justification)
YZ_RECORD(GraphicAnnotation, images, layer, graphics, texts)
YZ_RECORD(PresentationState::OverlayActivation, group, layer)
YZ_RECORD(PresentationState, kind, study, series, instance, label, description, creator, created, images, modality, vois,
          presentationLut, presentationLutShape, paletteRed, paletteGreen, paletteBlue, colours, shutter, areas,
          rotationDeg, isFlipped, overlays, activations, layers, annotations)

YZ_RECORD(PersonName, alphabetic, ideographic, phonetic)
YZ_RECORD(TextRepair, declared, used, hasUnreadable)
YZ_RECORD(Patient, id, issuerOfId, nationalId, name, sex, birthDate, age, textRepair)
YZ_RECORD(InstanceRecord, study, series, instance, sopClass, transferSyntax, instanceNumber, frameCount, path)
YZ_RECORD(SeriesRecord, series, modality, seriesNumber, description, bodyPart, laterality, viewPosition, time,
          instances)
YZ_RECORD(StudyRecord, study, patient, accessionNumber, time, description, institution, series)
YZ_RECORD(DataSetHeader, instance, series, study, textWasRepaired)
YZ_RECORD(FileKey, device, node, bytes, seconds, nanoseconds)
YZ_RECORD(FileHead, file, fileBytes, bytes)
YZ_RECORD(HeadAnswer, header, image)

YZ_RECORD(TextAttribute, path, keyword, vr, characterSet, values, names, repair, original)
YZ_RECORD(TextListing, characterSet, repair, attributes)

YZ_RECORD(SopReference, sopClass, instance)
YZ_RECORD(CodedText, value, scheme, meaning)
YZ_RECORD(MeasuredRegion, shape, points, object, frame, patientPoints, frameOfReference)
YZ_RECORD(MeasuredNumber, quantity, derivation, value, unit, regions)
YZ_RECORD(MeasurementGroup, trackingId, trackingUid, kind, finding, findingSite, comment, regions, numbers, directions)
YZ_RECORD(MeasurementReport, study, series, instance, groups)
YZ_RECORD(ReferencedFrames, series, object, frames)
YZ_RECORD(KeyObjectSelection::Item, image, presentation)
YZ_RECORD(KeyObjectSelection, study, series, instance, title, description, creator, created, items)
YZ_RECORD(SignatureRecord, role, manifest, cms)
YZ_RECORD(OpenedReportFile, canonical, signatures, object, study, series, pdf)

YZ_RECORD(HangingCode, value, scheme, meaning)
YZ_RECORD(HangingObjectDefinition, modality, laterality, anatomy, otherCodes)
YZ_RECORD(HangingObjectSelector, attribute, vr, values, valueNumber, op, category, isNested, isOptional)
YZ_RECORD(HangingObjectImageSet, number, selectors, category, first, last, units, label)
YZ_RECORD(HangingObjectBox, left, top, right, bottom, layout, tileColumns, tileRows)
YZ_RECORD(HangingObjectDisplaySet, number, label, group, groupName, imageSet, boxes, filters, sortings, blending,
          reformatting, viewDirection, rendering, thicknessMm, orientation, voiType, pseudoColour, inverted, horizontal, vertical)
YZ_RECORD(HangingObject, instance, name, description, level, creator, created, definitions, imageSets, priors, screens,
          displaySets, scrollingGroups, navigationIndicators)
// clang-format on

#undef YZ_RECORD

[[nodiscard]] constexpr bool isKnown(AnnotationUnits value) {
    switch (value) {
    case AnnotationUnits::Pixel:
    case AnnotationUnits::Display:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(Calibration value) {
    switch (value) {
    case Calibration::None:
    case Calibration::PixelSpacing:
    case Calibration::CalibratedSpacing:
    case Calibration::ImagerSpacing:
    case Calibration::Magnification:
    case Calibration::UltrasoundRegion:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(DisplayedArea::Size value) {
    switch (value) {
    case DisplayedArea::Size::ScaleToFit:
    case DisplayedArea::Size::TrueSize:
    case DisplayedArea::Size::Magnify:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(GraphicObject::Kind value) {
    switch (value) {
    case GraphicObject::Kind::Point:
    case GraphicObject::Kind::Polyline:
    case GraphicObject::Kind::Interpolated:
    case GraphicObject::Kind::Circle:
    case GraphicObject::Kind::Ellipse:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(MeasuredRegion::Shape value) {
    switch (value) {
    case MeasuredRegion::Shape::Point:
    case MeasuredRegion::Shape::MultiPoint:
    case MeasuredRegion::Shape::Polyline:
    case MeasuredRegion::Shape::Polygon:
    case MeasuredRegion::Shape::Circle:
    case MeasuredRegion::Shape::Ellipse:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(Photometric value) {
    switch (value) {
    case Photometric::Monochrome1:
    case Photometric::Monochrome2:
    case Photometric::PaletteColor:
    case Photometric::Rgb:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(PresentationKind value) {
    switch (value) {
    case PresentationKind::Grayscale:
    case PresentationKind::Colour:
    case PresentationKind::PseudoColour:
    case PresentationKind::Blending:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(SampleType value) {
    switch (value) {
    case SampleType::UInt8:
    case SampleType::Int8:
    case SampleType::UInt16:
    case SampleType::Int16:
    case SampleType::UInt32:
    case SampleType::Int32:
    case SampleType::Float32:
    case SampleType::Float64:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(Sex value) {
    switch (value) {
    case Sex::Unknown:
    case Sex::Male:
    case Sex::Female:
    case Sex::Other:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(SignatureRecord::Role value) {
    switch (value) {
    case SignatureRecord::Role::Author:
    case SignatureRecord::Role::Reviewer:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(TextObject::Justification value) {
    switch (value) {
    case TextObject::Justification::Left:
    case TextObject::Justification::Centre:
    case TextObject::Justification::Right:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(UltrasoundFormat value) {
    switch (value) {
    case UltrasoundFormat::None:
    case UltrasoundFormat::TwoDimensional:
    case UltrasoundFormat::MMode:
    case UltrasoundFormat::Spectral:
    case UltrasoundFormat::Waveform:
    case UltrasoundFormat::Graphics:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(UltrasoundUnit value) {
    switch (value) {
    case UltrasoundUnit::None:
    case UltrasoundUnit::Percent:
    case UltrasoundUnit::Decibel:
    case UltrasoundUnit::Centimetre:
    case UltrasoundUnit::Second:
    case UltrasoundUnit::Hertz:
    case UltrasoundUnit::DecibelPerSecond:
    case UltrasoundUnit::CentimetrePerSecond:
    case UltrasoundUnit::SquareCentimetre:
    case UltrasoundUnit::SquareCentimetrePerSecond:
    case UltrasoundUnit::CubicCentimetre:
    case UltrasoundUnit::CubicCentimetrePerSecond:
    case UltrasoundUnit::Degree:
        return true;
    }
    return false;
}
[[nodiscard]] constexpr bool isKnown(VoiFunction value) {
    switch (value) {
    case VoiFunction::Linear:
    case VoiFunction::LinearExact:
    case VoiFunction::Sigmoid:
        return true;
    }
    return false;
}

} // namespace yz::dicom
