#include "dicom/data/image_description_dcmtk.h"

#include "dicom/codec/transfer_syntax.h"
#include "dicom/data/attributes_dcmtk.h"
#include "dicom/data/colour_profile_lcms.h"
#include "dicom/data/frame_groups_dcmtk.h"
#include "dicom/data/luts_dcmtk.h"
#include "dicom/data/pet_dcmtk.h"
#include "dicom/data/regions_dcmtk.h"
#include "dicom/data/view_position_dcmtk.h"

#include <algorithm>
#include <cmath>

namespace yz::dicom {

namespace {

constexpr int kMaximumFrames = 1'000'000;

ColourModel colourModel(const QString& text) {
    if (text == u"MONOCHROME1" || text == u"MONOCHROME2")
        return ColourModel::Monochrome;
    if (text == u"PALETTE COLOR")
        return ColourModel::Palette;
    if (text == u"RGB")
        return ColourModel::Rgb;
    if (text == u"YBR_FULL")
        return ColourModel::YbrFull;
    if (text == u"YBR_FULL_422")
        return ColourModel::YbrFull422;
    if (text == u"YBR_ICT")
        return ColourModel::YbrIct;
    if (text == u"YBR_RCT")
        return ColourModel::YbrRct;
    if (text == u"YBR_PARTIAL_422")
        return ColourModel::YbrPartial422;
    if (text == u"YBR_PARTIAL_420")
        return ColourModel::YbrPartial420;
    return ColourModel::Other;
}

Photometric photometric(const FrameLayout& layout, const QString& text) {
    switch (layout.colour) {
    case ColourModel::Monochrome:
        return text == u"MONOCHROME1" ? Photometric::Monochrome1 : Photometric::Monochrome2;
    case ColourModel::Palette:
        return Photometric::PaletteColor;
    default:
        return Photometric::Rgb;
    }
}

/// A 16-bit value of VR US or SS read by the sign of the pixels, whichever VR it came in.
std::optional<double> storedValue(DcmItem& item, const DcmTagKey& tag, const FrameLayout& layout) {
    const auto value = integer(item, tag);
    if (!value)
        return std::nullopt;
    if (layout.bitsAllocated > 16)
        return *value;
    return layout.isSigned ? double(static_cast<qint16>(*value)) : double(static_cast<quint16>(*value));
}

/// How long a frame stays (PS3.3 C.7.6.5): what is recommended for display goes before what was acquired.
double frameTime(DcmItem& item) {
    if (const auto rate = number(item, DCM_RecommendedDisplayFrameRate); rate && *rate > 0.0)
        return 1000.0 / *rate;
    if (const auto time = number(item, DCM_FrameTime); time && *time > 0.0)
        return *time;
    const std::vector<double> vector = numbers(item, DCM_FrameTimeVector); // the first entry is 0 by definition
    if (vector.size() > 1) {
        double sum = 0.0;
        for (size_t i = 1; i < vector.size(); ++i)
            sum += vector[i];
        if (sum > 0.0)
            return sum / static_cast<double>(vector.size() - 1);
    }
    if (const auto rate = number(item, DCM_CineRate); rate && *rate > 0.0)
        return 1000.0 / *rate;
    return 0.0;
}

/// How long each frame stays where the vector says so (PS3.3 C.7.6.5.1.2: entry i is the time from the frame before to
/// frame i) and no rate for display stands above it. Empty: all stay frameTime().
std::vector<double> frameTimes(DcmItem& item, int frames) {
    const std::vector<double> vector = numbers(item, DCM_FrameTimeVector);
    const auto isTime = [](double ms) { return std::isfinite(ms) && ms > 0.0; };
    if (frames < 2 || vector.size() != static_cast<size_t>(frames) ||
        !std::all_of(vector.begin() + 1, vector.end(), isTime) ||
        std::all_of(vector.begin() + 1, vector.end(), [&](double ms) { return ms == vector[1]; }))
        return {};
    for (const DcmTagKey& above : {DCM_RecommendedDisplayFrameRate, DCM_FrameTime})
        if (const auto value = number(item, above); value && *value > 0.0)
            return {};
    std::vector<double> times(vector.begin() + 1, vector.end());
    times.push_back(frameTime(item)); // nothing is said of the last one: the mean
    return times;
}

QString lossyText(DcmItem& item) {
    const QStringList ratios = codes(item, DCM_LossyImageCompressionRatio);
    const QStringList methods = codes(item, DCM_LossyImageCompressionMethod);
    QStringList parts;
    for (qsizetype i = 0; i < std::max(ratios.size(), methods.size()); ++i) {
        const QString ratio = ratios.value(i).isEmpty() ? QString() : ratios.value(i) + QStringLiteral(":1");
        parts.append(QString(ratio + u' ' + methods.value(i)).trimmed());
    }
    return parts.join(QStringLiteral(", "));
}

/// The low-pass of values means something for grey and colour, not for indices and masks.
bool decodesReduced(const FrameLayout& layout, const TransferSyntax* syntax) {
    return syntax && syntax->codec() && syntax->codec()->decodeReduced && layout.colour != ColourModel::Palette &&
           layout.bitsStored > 1;
}

/// Of the image, else of its first optical path (whole slide images).
QByteArray colourProfile(DcmItem& item) {
    const QByteArray profile = rawBytes(item, DCM_ICCProfile);
    if (!profile.isEmpty())
        return profile;
    DcmItem* path = firstItem(item, DCM_OpticalPathSequence);
    return path ? rawBytes(*path, DCM_ICCProfile) : QByteArray();
}

} // namespace

Result<FrameLayout> readFrameLayout(const ParsedHeader& parsed) {
    DcmDataset& item = *parsed.dataSet;
    const auto rows = integer(item, DCM_Rows);
    const auto columns = integer(item, DCM_Columns);
    if (!parsed.outline.pixels)
        return fail(rows && columns ? ErrorCode::PixelDataMissing : ErrorCode::NotAnImage,
                    QStringLiteral("no pixel data"));
    FrameLayout layout;
    layout.rows = rows.value_or(0);
    layout.columns = columns.value_or(0);
    if (layout.rows <= 0 || layout.columns <= 0)
        return fail(ErrorCode::AttributeMissing, QStringLiteral("Rows or Columns"));
    layout.samplesPerPixel = integer(item, DCM_SamplesPerPixel).value_or(1);
    layout.kind = parsed.outline.pixels->element == 0x0008   ? SampleKind::Float
                  : parsed.outline.pixels->element == 0x0009 ? SampleKind::Double
                                                             : SampleKind::Integer;
    const auto allocated = integer(item, DCM_BitsAllocated);
    if (!allocated && layout.kind == SampleKind::Integer)
        return fail(ErrorCode::AttributeMissing, QStringLiteral("BitsAllocated"));
    layout.bitsAllocated = layout.kind == SampleKind::Float ? 32 : layout.kind == SampleKind::Double ? 64 : *allocated;
    layout.bitsStored = integer(item, DCM_BitsStored).value_or(layout.bitsAllocated);
    layout.highBit = integer(item, DCM_HighBit).value_or(layout.bitsStored - 1);
    layout.isSigned = integer(item, DCM_PixelRepresentation).value_or(0) == 1;
    layout.isPlanar = layout.samplesPerPixel > 1 && integer(item, DCM_PlanarConfiguration).value_or(0) == 1;
    const QString colour = code(item, DCM_PhotometricInterpretation);
    if (colour.isEmpty())
        return fail(ErrorCode::AttributeMissing, QStringLiteral("PhotometricInterpretation"));
    layout.colour = colourModel(colour);
    layout.frameCount = integer(item, DCM_NumberOfFrames).value_or(1);
    if (layout.frameCount < 1)
        layout.frameCount = 1; // "0" is written by some senders of single frames
    if (layout.frameCount > kMaximumFrames)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("%1 frames").arg(layout.frameCount));
    return layout;
}

Result<ImageDescription> buildDescription(const ParsedHeader& parsed, const FrameLayout& layout,
                                          std::vector<EmbeddedPlane>* embedded) {
    DcmDataset& item = *parsed.dataSet;
    TextDecoder decoder = textDecoderFor(item);
    ImageDescription image;
    image.study = StudyUid(code(item, DCM_StudyInstanceUID));
    image.series = SeriesUid(code(item, DCM_SeriesInstanceUID));
    image.instance = InstanceUid(code(item, DCM_SOPInstanceUID));
    image.sopClass = SopClassUid(code(item, DCM_SOPClassUID));
    image.frameOfReference = FrameOfReferenceUid(code(item, DCM_FrameOfReferenceUID));
    image.transferSyntax = parsed.meta.transferSyntax;
    image.instanceNumber = integer(item, DCM_InstanceNumber).value_or(0);
    image.modality = code(item, DCM_Modality);
    image.imageType = codes(item, DCM_ImageType);
    image.laterality = code(item, DCM_ImageLaterality);
    if (image.laterality.isEmpty())
        image.laterality = code(item, DCM_Laterality);
    image.viewPosition = viewPosition(item);
    image.patientOrientation = codes(item, DCM_PatientOrientation).join(u'\\');

    image.columns = layout.columns;
    image.rows = layout.rows;
    image.frameCount = layout.frameCount;
    image.samplesPerPixel = layout.samplesPerPixel;
    image.bitsAllocated = layout.bitsAllocated;
    image.bitsStored = layout.bitsStored;
    image.isSigned = layout.isSigned;
    image.isFloat = layout.kind != SampleKind::Integer;
    image.photometric = photometric(layout, code(item, DCM_PhotometricInterpretation));
    const TransferSyntax* syntax = findTransferSyntax(parsed.meta.transferSyntax);
    image.decodesReduced = decodesReduced(layout, syntax);
    image.lossy = code(item, DCM_LossyImageCompression) == u"01" || (syntax && syntax->isLossy);
    image.lossyText = lossyText(item);
    if (const std::vector<double> aspect = numbers(item, DCM_PixelAspectRatio);
        aspect.size() == 2 && aspect[0] > 0.0 && aspect[1] > 0.0) {
        image.pixelAspectRows = aspect[0];
        image.pixelAspectColumns = aspect[1];
    }
    image.paddingFirst = storedValue(item, DCM_PixelPaddingValue, layout);
    image.paddingLast = storedValue(item, DCM_PixelPaddingRangeLimit, layout);
    if (image.paddingFirst && !image.paddingLast)
        image.paddingLast = image.paddingFirst;
    if (image.paddingFirst && *image.paddingLast < *image.paddingFirst)
        std::swap(*image.paddingFirst, *image.paddingLast);
    image.frameTimeMs = frameTime(item);
    image.frameTimesMs = frameTimes(item, image.frameCount);
    image.gantryTiltDeg = number(item, DCM_GantryDetectorTilt).value_or(0.0);
    image.presentationLutShape = code(item, DCM_PresentationLUTShape);
    if (image.photometric == Photometric::PaletteColor) {
        image.paletteRed = readPalette(item,
                                       {DCM_RedPaletteColorLookupTableDescriptor, DCM_RedPaletteColorLookupTableData,
                                        DCM_SegmentedRedPaletteColorLookupTableData},
                                       layout.isSigned);
        image.paletteGreen =
            readPalette(item,
                        {DCM_GreenPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableData,
                         DCM_SegmentedGreenPaletteColorLookupTableData},
                        layout.isSigned);
        image.paletteBlue = readPalette(item,
                                        {DCM_BluePaletteColorLookupTableDescriptor, DCM_BluePaletteColorLookupTableData,
                                         DCM_SegmentedBluePaletteColorLookupTableData},
                                        layout.isSigned);
        if (image.paletteRed.entries.empty() || image.paletteGreen.entries.empty() || image.paletteBlue.entries.empty())
            return fail(ErrorCode::AttributeMissing, QStringLiteral("palette colour look-up tables"));
    }
    image.regions = readRegions(item);
    image.overlays = readOverlays(item, decoder, embedded);
    image.calibrationType = code(item, DCM_PixelSpacingCalibrationType);
    image.calibrationText = text(item, DCM_PixelSpacingCalibrationDescription, decoder);
    if (layout.samplesPerPixel == 3 || image.photometric == Photometric::PaletteColor)
        image.colours = colourCube(colourProfile(item));
    if (image.modality == u"PT")
        image.pet = readPet(item);
    image.frames =
        readFrames(item, {image.modality, image.sopClass.value(), layout.frameCount, layout.isSigned}, decoder);
    return image;
}

} // namespace yz::dicom
