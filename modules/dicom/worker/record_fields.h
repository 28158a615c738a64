#pragma once

#include "domain/image.h"
#include "domain/ports.h"
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
YZ_RECORD(UltrasoundRegion, minX, minY, maxX, maxY, columnMm, rowMm)
YZ_RECORD(FrameDescription, plane, spacing, sliceThicknessMm, rescaleSlope, rescaleIntercept, rescaleUnit, modalityLut,
          windows, voiFunction, voiLuts, temporalIndex, stackId)
YZ_RECORD(ImageDescription, study, series, instance, sopClass, frameOfReference, transferSyntax, instanceNumber,
          modality, imageType, laterality, viewPosition, patientOrientation,
          columns, rows, frameCount, samplesPerPixel, bitsAllocated, bitsStored, isSigned, isFloat, photometric,
          lossy, lossyText, pixelAspectRows, pixelAspectColumns, paddingFirst, paddingLast, frameTimeMs,
          gantryTiltDeg, presentationLutShape, paletteRed, paletteGreen, paletteBlue, regions, frames)

YZ_RECORD(PersonName, alphabetic, ideographic, phonetic)
YZ_RECORD(TextRepair, declared, used, hasUnreadable)
YZ_RECORD(Patient, id, issuerOfId, nationalId, name, sex, birthDate, age, textRepair)
YZ_RECORD(InstanceRecord, study, series, instance, sopClass, transferSyntax, instanceNumber, frameCount, path)
YZ_RECORD(SeriesRecord, series, modality, seriesNumber, description, bodyPart, laterality, viewPosition, time,
          instances)
YZ_RECORD(StudyRecord, study, patient, accessionNumber, time, description, institution, series)
YZ_RECORD(DataSetHeader, instance, series, study, textWasRepaired)

YZ_RECORD(SopReference, sopClass, instance)
YZ_RECORD(SignatureRecord, role, manifest, cms)
YZ_RECORD(OpenedReportFile, canonical, signatures, object, study, series, pdf)
// clang-format on

#undef YZ_RECORD

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
