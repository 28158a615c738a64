#pragma once

#include "core/frame_memory.h"
#include "core/ids.h"
#include "core/points.h"
#include "domain/display.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

/// Pixels and what they mean: values that the codec side (dicom) fills and the display side (imaging) reads.
namespace yz {

enum class SampleType { UInt8, Int8, UInt16, Int16, UInt32, Int32, Float32, Float64 };
[[nodiscard]] constexpr int bytesPerSample(SampleType type) {
    switch (type) {
    case SampleType::UInt8:
    case SampleType::Int8:
        return 1;
    case SampleType::UInt16:
    case SampleType::Int16:
        return 2;
    case SampleType::Float64:
        return 8;
    default:
        return 4;
    }
}

/// Decoded stored values of one frame: rows top to bottom, samples interleaved, native byte order. One sample (grey or
/// palette index) or three (always RGB: colour transforms of the codec and YBR are already undone). Values are sign-
/// extended and bits above BitsStored are gone. Immutable once shared.
///
/// A buffer says its own size. When it was decoded at reduced resolution, that is smaller than the description's:
/// ceil(size / 2^reduction). Its values are the stored values' low-pass, for a first picture only: never measured, and
/// always marked on screen. The wavelets' low-pass sample i lies on sample i * 2^reduction of the full frame (ISO
/// 15444-1 Annex F), so the first pixel's centre stays where it was and the distance between pixels is
/// reducedSpacing(); whoever places or draws the buffer scales by that.
struct PixelBuffer {
    int columns = 0;
    int rows = 0;
    int samplesPerPixel = 1;
    SampleType type = SampleType::UInt16;
    int reduction = 0; ///< how often both sides were halved; 0: the full frame
    SampleBytes data;

    [[nodiscard]] size_t byteCount() const {
        return static_cast<size_t>(columns) * rows * samplesPerPixel * bytesPerSample(type);
    }
    template <typename T> [[nodiscard]] const T* as() const { return reinterpret_cast<const T*>(data.data()); }
};
using PixelBufferPtr = std::shared_ptr<const PixelBuffer>;

enum class Photometric { Monochrome1, Monochrome2, PaletteColor, Rgb };

/// A look-up table of PS3.3 C.11.1/C.11.2: first mapped value, entries; input below maps to the first, above to the
/// last.
struct Lut {
    int firstMapped = 0;
    int bitsPerEntry = 16;
    std::vector<std::uint16_t> entries;
    QString explanation;
};

struct VoiWindow {
    double center = 0.0;
    double width = 1.0;
    QString name; ///< (0028,1055), empty when not given

    bool operator==(const VoiWindow&) const = default;
};
enum class VoiFunction { Linear, LinearExact, Sigmoid }; ///< (0028,1056)

/// Position and orientation of a frame in the patient (PS3.3 C.7.6.2.1.1), mm, LPS. `position` is the centre of the
/// first pixel; `row` points along increasing column index, `column` along increasing row index; both unit length.
struct PlanePosition {
    PatientPoint position;
    PatientVector row;
    PatientVector column;
    [[nodiscard]] PatientVector normal() const { return row.cross(column); }
};

/// Where a pixel spacing comes from; decides whether a length may be called mm, and what is said beside it.
enum class Calibration {
    None,              ///< no spacing: measure in px
    PixelSpacing,      ///< (0028,0030) in the patient (CT, MR, ...)
    CalibratedSpacing, ///< (0028,0030) of a projection image, calibrated by the sender (0028,0A02)
    ImagerSpacing,     ///< (0018,1164) at the detector: not corrected for magnification
    Magnification,     ///< (0018,1164) divided by (0018,1114)
    UltrasoundRegion,  ///< (0018,6011) of the region measured in
};

/// mm per pixel. rowMm: distance between rows (vertical); columnMm: distance between columns (horizontal).
struct PixelSpacing {
    double rowMm = 1.0;
    double columnMm = 1.0;
    Calibration calibration = Calibration::None;
};

/// Spacing of a buffer that was decoded `reduction` times halved.
[[nodiscard]] constexpr PixelSpacing reducedSpacing(PixelSpacing full, int reduction) {
    const auto factor = static_cast<double>(1LL << reduction);
    return {full.rowMm * factor, full.columnMm * factor, full.calibration};
}

/// Region spatial format (0018,6012) and physical units (0018,6024/6026), values of the standard (PS3.3 C.8.5.5.1).
enum class UltrasoundFormat { None = 0, TwoDimensional = 1, MMode = 2, Spectral = 3, Waveform = 4, Graphics = 5 };
enum class UltrasoundUnit {
    None = 0,
    Percent = 1,
    Decibel = 2,
    Centimetre = 3,
    Second = 4,
    Hertz = 5,
    DecibelPerSecond = 6,
    CentimetrePerSecond = 7,
    SquareCentimetre = 8,
    SquareCentimetrePerSecond = 9,
    CubicCentimetre = 10,
    CubicCentimetrePerSecond = 11,
    Degree = 12,
};

/// One item of Sequence of Ultrasound Regions (PS3.3 C.8.5.5).
struct UltrasoundRegion {
    int minX = 0, minY = 0, maxX = 0, maxY = 0; ///< pixels, inclusive
    double columnMm = 0.0, rowMm = 0.0;         ///< mm per pixel where both axes are lengths, else 0
    UltrasoundFormat format = UltrasoundFormat::TwoDimensional;
    int dataType = 0; ///< (0018,6014): 1 tissue, 2 colour flow, 3 PW, 4 CW spectral, ...
    UltrasoundUnit unitX = UltrasoundUnit::None, unitY = UltrasoundUnit::None;
    double deltaX = 0.0, deltaY = 0.0; ///< physical value per pixel to the right and down, with its sign
    /// (0018,6020..602A): pixel of the region, from its first one, that has a known value; the values there.
    std::optional<double> referenceX{}, referenceY{};
    double referenceValueX = 0.0, referenceValueY = 0.0;
};

/// What tells frames at one place in the patient apart (the further dimensions of a 4D series). Only what the data set
/// gives, from the functional groups, the converted attributes of legacy objects, or the plain attributes.
struct FrameDimensions {
    QStringList frameType;                  ///< (0008,9007), else (0008,0008)
    QString complexComponent;               ///< (0008,9208): MAGNITUDE, PHASE, REAL, IMAGINARY, MIXED
    int segment = 0;                        ///< (0062,000B), 1-based when given
    std::optional<int> echoNumber;          ///< (0018,0086)
    std::optional<double> echoTimeMs;       ///< (0018,9082), else (0018,0081)
    std::optional<double> bValue;           ///< (0018,9087), s/mm2
    QString diffusionDirection;             ///< (0018,9075), or the gradient (0018,9089) as "x\\y\\z"
    std::optional<double> inversionTimeMs;  ///< (0018,9079), else (0018,0082)
    std::optional<double> flipAngleDeg;     ///< (0018,1314)
    std::optional<double> kiloVolt;         ///< (0018,0060)
    QString kernel;                         ///< (0018,1210)
    std::optional<double> temporalOffsetMs; ///< (0020,930D), else Frame Reference Time (0054,1300)
    std::optional<double> triggerMs;        ///< delay after the trigger (0020,9153), else (0018,1060)
    std::optional<double> phasePercent;     ///< of the cardiac (0020,9241) or respiratory (0020,9245) cycle
    std::optional<int> acquisitionNumber;   ///< (0020,9156), else (0020,0012)
    std::optional<double> acquiredMs; ///< (0018,9074), else (0008,002A), else date and time; on an arbitrary scale
    int inStackPosition = 0;          ///< (0020,9057), 1-based when given
    std::vector<std::uint32_t> dimensionIndex; ///< (0020,9157) in the order of the dimension organization
};

/// What may differ from frame to frame of one instance (shared or per-frame functional groups, or the plain
/// attributes).
struct FrameDescription {
    std::optional<PlanePosition> plane;
    PixelSpacing spacing;
    double sliceThicknessMm = 0.0; ///< 0: not given
    double rescaleSlope = 1.0;
    double rescaleIntercept = 0.0;
    QString rescaleUnit; ///< "HU", "" when not given
    std::optional<Lut> modalityLut;
    std::vector<VoiWindow> windows;
    VoiFunction voiFunction = VoiFunction::Linear;
    std::vector<Lut> voiLuts;
    std::optional<DisplayShutter> shutter; ///< of the image or of the frame (0018,9472)
    int temporalIndex = 0;                 ///< 1-based when given
    QString stackId;
    FrameDimensions dimensions;
};

/// One instance that holds an image: everything needed to place, show and measure its frames.
struct ImageDescription {
    StudyUid study;
    SeriesUid series;
    InstanceUid instance;
    SopClassUid sopClass;
    FrameOfReferenceUid frameOfReference;
    QString transferSyntax;
    int instanceNumber = 0;
    QString modality;
    QStringList imageType; ///< (0008,0008)
    QString laterality;
    QString viewPosition;
    QString patientOrientation; ///< (0020,0020) "L\\F" for projections

    int columns = 0;
    int rows = 0;
    int frameCount = 1;
    int samplesPerPixel = 1;
    int bitsAllocated = 16;
    int bitsStored = 16;
    bool isSigned = false;
    bool isFloat = false;        ///< float (32 bits) or double (64 bits) pixel data
    bool decodesReduced = false; ///< PixelSource::decodeReduced is cheaper than decode (JPEG 2000, HTJ2K)
    Photometric photometric = Photometric::Monochrome2;
    bool lossy = false;         ///< (0028,2110)
    QString lossyText;          ///< ratio and method as sent, for the mark on the viewport
    double pixelAspectRows = 1; ///< (0028,0034) when there is no spacing
    double pixelAspectColumns = 1;
    std::optional<double> paddingFirst, paddingLast; ///< stored values not to be shown (0028,0120/0121)
    double frameTimeMs = 0.0;                        ///< cine; 0: not given
    std::vector<double> frameTimesMs;                ///< of each frame where they differ; empty: frameTimeMs each
    double gantryTiltDeg = 0.0;
    QString presentationLutShape; ///< IDENTITY or INVERSE when given
    Lut paletteRed, paletteGreen, paletteBlue;
    std::vector<UltrasoundRegion> regions;
    std::optional<Lut> presentationLut;        ///< only ever from a presentation state
    std::vector<OverlayPlane> overlays;        ///< in group order
    std::shared_ptr<const ColourCube> colours; ///< of (0028,2000); none: sRGB, or as good as
    QString calibrationType;                   ///< (0028,0A02) GEOMETRY or FIDUCIAL
    QString calibrationText;                   ///< (0028,0A04)
    std::optional<PetDescription> pet;         ///< of modality PT

    std::vector<FrameDescription> frames; ///< one per frame, or one for all

    [[nodiscard]] const FrameDescription& frame(int index) const {
        static const FrameDescription none;
        if (frames.empty())
            return none;
        return frames[frames.size() == 1 ? 0 : static_cast<size_t>(index)];
    }
    [[nodiscard]] SampleType sampleType() const {
        if (isFloat)
            return bitsAllocated == 64 ? SampleType::Float64 : SampleType::Float32;
        if (bitsAllocated <= 8)
            return isSigned ? SampleType::Int8 : SampleType::UInt8;
        if (bitsAllocated <= 16)
            return isSigned ? SampleType::Int16 : SampleType::UInt16;
        return isSigned ? SampleType::Int32 : SampleType::UInt32;
    }
};
using ImageDescriptionPtr = std::shared_ptr<const ImageDescription>;

} // namespace yz
