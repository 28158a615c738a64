#include "dicom/worker/received_answer.h"

#include "core/uid.h"
#include "dicom/data/limits.h"
#include "dicom/worker/record_fields.h"
#include "domain/preview.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

namespace yz::dicom {

namespace {

constexpr int kMaxShort = 65535;
constexpr int kMaxSide = kMaxShort; // US, PS3.3 C.7.6.3
constexpr int kMaxFrames = 1'000'000;

tl::unexpected<Error> malformed(const char* what) {
    return fail(ErrorCode::DecoderFailed, QStringLiteral("the decoder's answer: ") + QLatin1String(what));
}

bool fits(const Lut& lut) {
    return lut.bitsPerEntry >= 1 && lut.bitsPerEntry <= 16 && lut.entries.size() <= 65536 &&
           lut.firstMapped >= -65536 && lut.firstMapped <= 65535;
}

bool fits(const OverlayPlane& plane) {
    return plane.columns >= 0 && plane.columns <= kMaxSide && plane.rows >= 0 && plane.rows <= kMaxSide &&
           plane.frameCount >= 1;
}
bool fits(const DisplayShutter& shutter) { return !shutter.bitmap || fits(*shutter.bitmap); }
bool fits(const ColourCube& cube) {
    const auto size = static_cast<size_t>(std::clamp(cube.size, 0, 256));
    return cube.entries.size() == size * size * size;
}
template <typename T> bool fits(const std::optional<T>& value) { return !value || fits(*value); }
template <typename T> bool fits(const std::shared_ptr<const T>& value) { return !value || fits(*value); }
template <typename T> bool fits(const std::vector<T>& values) {
    return std::all_of(values.begin(), values.end(), [](const T& value) { return fits(value); });
}
bool fits(const FrameDescription& frame) {
    return fits(frame.modalityLut) && fits(frame.voiLuts) && fits(frame.shutter);
}

} // namespace

FrameShape shapeOf(const ImageDescription& image) {
    return {image.columns, image.rows, image.samplesPerPixel, bytesPerSample(image.sampleType()), image.frameCount};
}

Status checkHeader(const DataSetHeader& header) {
    for (const QString& uid : {header.study.study.value(), header.series.series.value(),
                               header.instance.instance.value(), header.instance.sopClass.value()})
        if (uid.isEmpty() || uid.size() > 64 ||
            std::any_of(uid.begin(), uid.end(), [](QChar c) { return !(c >= u'0' && c <= u'9') && c != u'.'; }))
            return malformed("a UID"); // they become file names
    if (header.instance.study != header.study.study || header.instance.series != header.series.series)
        return malformed("UIDs that differ");
    if (!header.instance.path.isEmpty() || !header.series.instances.empty() || !header.study.series.empty())
        return malformed("more than a header");
    if (header.instance.frameCount < 0)
        return malformed("the number of frames");
    return {};
}

Status checkHeads(const std::vector<HeadAnswer>& answers, std::span<const FileHead> heads) {
    if (answers.size() != heads.size())
        return malformed("the number of headers");
    for (size_t i = 0; i < answers.size(); ++i) {
        if (answers[i].header)
            if (const Status checked = checkHeader(*answers[i].header); !checked)
                return checked;
        if (answers[i].image)
            if (const Status checked = checkDescribed(*answers[i].image, heads[i].fileBytes); !checked)
                return checked;
    }
    return {};
}

Status checkDescription(const ImageDescription& image) {
    if (image.columns < 1 || image.columns > kMaxSide || image.rows < 1 || image.rows > kMaxSide)
        return malformed("the size of the image");
    if (image.frameCount < 1 || image.frameCount > kMaxFrames)
        return malformed("the number of frames");
    // US as well, and what the file says even where nobody can decode it.
    for (const int value : {image.samplesPerPixel, image.bitsAllocated, image.bitsStored})
        if (value < 0 || value > kMaxShort)
            return malformed("the form of the pixels");
    if (image.frames.size() > 1 && image.frames.size() != static_cast<size_t>(image.frameCount))
        return malformed("the number of frame descriptions");
    const bool isGood = fits(image.paletteRed) && fits(image.paletteGreen) && fits(image.paletteBlue) &&
                        fits(image.presentationLut) && fits(image.overlays) && fits(image.colours) &&
                        std::all_of(image.frames.begin(), image.frames.end(),
                                    [](const FrameDescription& frame) { return fits(frame); });
    if (!isGood)
        return malformed("a table or a plane");
    return {};
}

Status checkDescribed(const DescribedImage& described, qint64 fileBytes) {
    const ImageDescription& image = described.image;
    if (const Status checked = checkDescription(image); !checked || !described.plain)
        return checked;
    const PlainFrames& plain = *described.plain;
    const bool isItsOwn = image.samplesPerPixel == 1 && !image.isFloat && plain.bitsAllocated == image.bitsAllocated &&
                          plain.bitsStored == image.bitsStored && plain.isSigned == image.isSigned &&
                          plain.frameCount == image.frameCount &&
                          plain.frameBytes == qint64{image.columns} * image.rows * bytesPerSample(image.sampleType());
    if (!isItsOwn || !arePossible(plain, fileBytes))
        return malformed("the place of the frames");
    return {};
}

Status checkPresentationState(const PresentationState& state) {
    bool isGood = fits(state.paletteRed) && fits(state.paletteGreen) && fits(state.paletteBlue) &&
                  fits(state.presentationLut) && fits(state.overlays) && fits(state.colours) && fits(state.shutter) &&
                  (!state.modality || fits(state.modality->lut));
    for (const StateVoi& voi : state.vois)
        isGood = isGood && fits(voi.luts);
    if (!isGood)
        return malformed("a table or a plane");
    return {};
}

Status checkMeasurementReport(const MeasurementReport& report) {
    const auto isGood = [](const MeasuredRegion& region) {
        const bool isSomewhere = region.points.empty() != region.patientPoints.empty();
        return isSomewhere && region.frame >= 1 &&
               std::all_of(region.points.begin(), region.points.end(),
                           [](const ImagePoint& p) { return std::isfinite(p.x) && std::isfinite(p.y); }) &&
               std::all_of(region.patientPoints.begin(), region.patientPoints.end(), [](const PatientPoint& p) {
                   return std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.z);
               });
    };
    for (const MeasurementGroup& group : report.groups) {
        if (!std::all_of(group.regions.begin(), group.regions.end(), isGood))
            return malformed("a region");
        for (const MeasuredNumber& number : group.numbers)
            if (!std::isfinite(number.value) || !std::all_of(number.regions.begin(), number.regions.end(), isGood))
                return malformed("a measured number");
    }
    return {};
}

Status checkKeyObjects(const KeyObjectSelection& selection) {
    for (const KeyObjectSelection::Item& item : selection.items)
        if (item.image.object.instance.isEmpty() ||
            std::any_of(item.image.frames.begin(), item.image.frames.end(), [](int frame) { return frame < 0; }))
            return malformed("a key object");
    return {};
}

Result<PixelBufferPtr> takeFrame(const WorkerReply& reply, std::span<const std::byte> payload, const FrameShape& shape,
                                 int reduction) {
    const auto type = static_cast<SampleType>(reply.sampleType);
    if (reply.reduction < 0 || reply.reduction > reduction || reply.reduction > 30)
        return malformed("a frame of another resolution than was asked for");
    const auto reduced = [&](int side) {
        return static_cast<int>((qint64{side} + (qint64{1} << reply.reduction) - 1) >> reply.reduction);
    };
    if (!isKnown(type) || bytesPerSample(type) != shape.bytesPerSample || reply.columns != reduced(shape.columns) ||
        reply.rows != reduced(shape.rows) || reply.samplesPerPixel != shape.samplesPerPixel)
        return malformed("a frame of another form than the image's");
    auto pixels = std::make_shared<PixelBuffer>();
    pixels->columns = reply.columns;
    pixels->rows = reply.rows;
    pixels->samplesPerPixel = reply.samplesPerPixel;
    pixels->type = type;
    pixels->reduction = reply.reduction;
    if (pixels->byteCount() != payload.size() || payload.size() > static_cast<size_t>(DataSetLimits().frameBytes))
        return malformed("a frame of another size than the image's");
    pixels->data.assign(payload.begin(), payload.end());
    return PixelBufferPtr(std::move(pixels));
}

Result<PixelBufferPtr> takePicture(const WorkerReply& reply, std::span<const std::byte> payload) {
    const auto isSide = [](int side) { return side >= 1 && side <= kMostPreviewSide; };
    if (!isSide(reply.columns) || !isSide(reply.rows) || (reply.samplesPerPixel != 1 && reply.samplesPerPixel != 3) ||
        static_cast<SampleType>(reply.sampleType) != SampleType::UInt8)
        return malformed("a picture of another form than was asked for");
    return takeFrame(reply, payload, {reply.columns, reply.rows, reply.samplesPerPixel, 1, 1});
}

} // namespace yz::dicom
