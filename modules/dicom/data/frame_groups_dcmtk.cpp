#include "dicom/data/frame_groups_dcmtk.h"

#include "dicom/data/frame_dimensions_dcmtk.h"
#include "dicom/data/luts_dcmtk.h"
#include "dicom/data/shutter_dcmtk.h"
#include "imaging/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace yz::dicom {

namespace {

/// "row\column" in mm, both positive.
std::optional<PixelPitch> pitch(DcmItem& item, const DcmTagKey& tag) {
    const std::vector<double> values = numbers(item, tag);
    if (values.size() != 2 || values[0] <= 0.0 || values[1] <= 0.0)
        return std::nullopt;
    return PixelPitch{values[0], values[1]};
}

std::optional<PatientPoint> position(DcmItem& item) {
    const std::vector<double> v = numbers(item, DCM_ImagePositionPatient);
    return v.size() == 3 ? std::optional<PatientPoint>({v[0], v[1], v[2]}) : std::nullopt;
}

struct Orientation {
    PatientVector row;
    PatientVector column;
};

/// Two unit vectors at right angles; anything else is no orientation (a small error of rounding is put right).
std::optional<Orientation> orientation(DcmItem& item) {
    const std::vector<double> v = numbers(item, DCM_ImageOrientationPatient);
    if (v.size() != 6)
        return std::nullopt;
    const PatientVector row{v[0], v[1], v[2]};
    const PatientVector column{v[3], v[4], v[5]};
    if (std::abs(row.length() - 1.0) > 0.05 || std::abs(column.length() - 1.0) > 0.05 ||
        std::abs(row.dot(column)) > 0.05)
        return std::nullopt;
    return Orientation{row.normalized(), column.normalized()};
}

/// The macros of one functional group item, shared or of a frame.
class GroupReader {
public:
    GroupReader(const FrameContext& context, TextDecoder& decoder) : m_context(context), m_decoder(decoder) {}

    void read(DcmItem& group) {
        if (DcmItem* macro = firstItem(group, DCM_PlanePositionSequence))
            if (const auto p = position(*macro))
                m_position = p;
        if (DcmItem* macro = firstItem(group, DCM_PlaneOrientationSequence))
            if (const auto o = orientation(*macro))
                m_orientation = o;
        if (DcmItem* macro = firstItem(group, DCM_PixelMeasuresSequence)) {
            if (const auto p = pitch(*macro, DCM_PixelSpacing))
                m_frame.spacing = {p->rowMm, p->columnMm, Calibration::PixelSpacing};
            if (const auto thickness = number(*macro, DCM_SliceThickness))
                m_frame.sliceThicknessMm = *thickness;
        }
        if (DcmItem* macro = firstItem(group, DCM_PixelValueTransformationSequence))
            readModality(*macro, m_frame);
        if (DcmItem* macro = firstItem(group, DCM_FrameVOILUTSequence))
            readVoi(*macro, m_frame, m_decoder, m_context.isSigned || m_frame.rescaleIntercept < 0.0);
        if (DcmItem* macro = firstItem(group, DCM_FrameDisplayShutterSequence))
            if (auto shutter = readShutter(*macro))
                m_frame.shutter = std::move(shutter);
        if (DcmItem* macro = firstItem(group, DCM_FrameContentSequence)) {
            m_frame.temporalIndex = integer(*macro, DCM_TemporalPositionIndex).value_or(m_frame.temporalIndex);
            m_frame.stackId = text(*macro, DCM_StackID, m_decoder);
        }
        readGroupDimensions(group, m_context.modality, m_frame.dimensions);
    }
    [[nodiscard]] FrameDescription frame() const {
        FrameDescription frame = m_frame;
        if (m_position && m_orientation)
            frame.plane = PlanePosition{*m_position, m_orientation->row, m_orientation->column};
        return frame;
    }
    FrameDescription& base() { return m_frame; }

private:
    const FrameContext& m_context;
    TextDecoder& m_decoder;
    FrameDescription m_frame;
    std::optional<PatientPoint> m_position;
    std::optional<Orientation> m_orientation;
};

FrameDescription readPlain(DcmItem& item, const FrameContext& context, TextDecoder& decoder) {
    FrameDescription frame;
    const auto p = position(item);
    const auto o = orientation(item);
    if (p && o && context.frameCount == 1) // one position says nothing about where the other frames lie
        frame.plane = PlanePosition{*p, o->row, o->column};
    frame.spacing = readPlainSpacing(item, context);
    frame.sliceThicknessMm = number(item, DCM_SliceThickness).value_or(0.0);
    readModality(item, frame);
    if (context.modality == u"CT" && frame.rescaleUnit.isEmpty() && item.tagExistsWithValue(DCM_RescaleIntercept))
        frame.rescaleUnit = QStringLiteral("HU"); // PS3.3 C.8.2.1.1.2
    if (context.modality == u"PT" && frame.rescaleUnit.isEmpty())
        frame.rescaleUnit = code(item, DCM_Units);
    if (context.modality == u"RTDOSE")
        if (const auto scale = number(item, DCM_DoseGridScaling)) {
            frame.rescaleSlope = *scale;
            frame.rescaleUnit = code(item, DCM_DoseUnits);
        }
    if (DcmItem* entry = firstItem(item, DCM_ModalityLUTSequence))
        frame.modalityLut = readLut(*entry, decoder, context.isSigned);
    const bool isSignedModality = context.isSigned || frame.rescaleIntercept < 0.0;
    readVoi(item, frame, decoder, isSignedModality && !frame.modalityLut);
    frame.shutter = readShutter(item);
    frame.temporalIndex = integer(item, DCM_TemporalPositionIdentifier).value_or(0);
    frame.stackId = text(item, DCM_StackID, decoder);
    frame.dimensions = readPlainDimensions(item, context.modality);
    return frame;
}

/// RT Dose: planes at offsets along the normal (PS3.3 C.8.8.3.2).
std::vector<FrameDescription> readDosePlanes(DcmItem& item, const FrameContext& context, const FrameDescription& base) {
    const std::vector<double> offsets = numbers(item, DCM_GridFrameOffsetVector);
    const auto p = position(item);
    const auto o = orientation(item);
    if (!p || !o || offsets.size() != static_cast<size_t>(context.frameCount))
        return {base};
    std::vector<FrameDescription> frames(offsets.size(), base);
    const PatientVector normal = o->row.cross(o->column);
    for (size_t i = 0; i < offsets.size(); ++i) {
        // A first value other than zero means z coordinates instead of offsets; axial planes only.
        const PatientPoint at = offsets[0] == 0.0 ? *p + normal * offsets[i] : PatientPoint{p->x, p->y, offsets[i]};
        frames[i].plane = PlanePosition{at, o->row, o->column};
    }
    return frames;
}

} // namespace

void readModality(DcmItem& item, FrameDescription& frame) {
    const auto slope = number(item, DCM_RescaleSlope);
    const auto intercept = number(item, DCM_RescaleIntercept);
    if (slope && *slope != 0.0)
        frame.rescaleSlope = *slope;
    if (intercept)
        frame.rescaleIntercept = *intercept;
    const QString unit = code(item, DCM_RescaleType);
    if (!unit.isEmpty())
        frame.rescaleUnit = unit;
}

void readVoi(DcmItem& item, FrameDescription& frame, TextDecoder& decoder, bool isSignedInput) {
    const std::vector<double> centers = numbers(item, DCM_WindowCenter);
    const std::vector<double> widths = numbers(item, DCM_WindowWidth);
    const QStringList names = textList(item, DCM_WindowCenterWidthExplanation, decoder);
    std::vector<VoiWindow> windows;
    for (size_t i = 0; i < std::min(centers.size(), widths.size()); ++i)
        if (widths[i] > 0.0)
            windows.push_back({centers[i], widths[i], names.value(static_cast<qsizetype>(i))});
    if (!windows.empty())
        frame.windows = std::move(windows);
    const QString function = code(item, DCM_VOILUTFunction);
    if (function == u"SIGMOID")
        frame.voiFunction = VoiFunction::Sigmoid;
    else if (function == u"LINEAR_EXACT")
        frame.voiFunction = VoiFunction::LinearExact;
    std::vector<Lut> luts;
    for (DcmItem* entry : items(item, DCM_VOILUTSequence))
        if (auto lut = readLut(*entry, decoder, isSignedInput))
            luts.push_back(std::move(*lut));
    if (!luts.empty())
        frame.voiLuts = std::move(luts);
}

PixelSpacing readPlainSpacing(DcmItem& item, const FrameContext& context) {
    SpacingAttributes attributes;
    attributes.modality = context.modality;
    attributes.pixelSpacing = pitch(item, DCM_PixelSpacing);
    attributes.calibrationType = code(item, DCM_PixelSpacingCalibrationType);
    attributes.imagerPixelSpacing = pitch(item, DCM_ImagerPixelSpacing);
    attributes.nominalScannedPixelSpacing = pitch(item, DCM_NominalScannedPixelSpacing);
    attributes.magnification = number(item, DCM_EstimatedRadiographicMagnificationFactor).value_or(0.0);
    return calibratedSpacing(attributes);
}

std::vector<FrameDescription> readFrames(DcmItem& item, const FrameContext& context, TextDecoder& decoder) {
    const FrameDescription plain = readPlain(item, context, decoder);
    DcmItem* shared = firstItem(item, DCM_SharedFunctionalGroupsSequence);
    const std::vector<DcmItem*> perFrame = items(item, DCM_PerFrameFunctionalGroupsSequence);
    if (!shared && perFrame.empty()) {
        if (context.modality == u"RTDOSE" && context.frameCount > 1)
            return readDosePlanes(item, context, plain);
        return {plain};
    }
    GroupReader base(context, decoder);
    base.base() = plain;
    base.base().plane.reset();
    if (shared)
        base.read(*shared);
    if (perFrame.empty())
        return {base.frame()};
    std::vector<FrameDescription> frames;
    frames.reserve(static_cast<size_t>(context.frameCount));
    for (size_t i = 0; i < static_cast<size_t>(context.frameCount); ++i) {
        GroupReader reader = base;
        if (i < perFrame.size())
            reader.read(*perFrame[i]);
        frames.push_back(reader.frame());
    }
    return frames;
}

} // namespace yz::dicom
