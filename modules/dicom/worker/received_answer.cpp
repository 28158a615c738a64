#include "dicom/worker/received_answer.h"

#include "core/uid.h"
#include "dicom/data/limits.h"
#include "dicom/worker/record_fields.h"

#include <algorithm>

namespace yz::dicom {

namespace {

constexpr int kMaxSide = 65535; // US, PS3.3 C.7.6.3
constexpr int kMaxFrames = 1'000'000;

tl::unexpected<Error> malformed(const char* what) {
    return fail(ErrorCode::DecoderFailed, QStringLiteral("the decoder's answer: ") + QLatin1String(what));
}

bool fits(const Lut& lut) {
    return lut.bitsPerEntry >= 1 && lut.bitsPerEntry <= 16 && lut.entries.size() <= 65536 &&
           lut.firstMapped >= -65536 && lut.firstMapped <= 65535;
}

bool fits(const FrameDescription& frame) {
    return (!frame.modalityLut || fits(*frame.modalityLut)) &&
           std::all_of(frame.voiLuts.begin(), frame.voiLuts.end(), [](const Lut& lut) { return fits(lut); });
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

Status checkDescription(const ImageDescription& image) {
    if (image.columns < 1 || image.columns > kMaxSide || image.rows < 1 || image.rows > kMaxSide)
        return malformed("the size of the image");
    if (image.frameCount < 1 || image.frameCount > kMaxFrames)
        return malformed("the number of frames");
    if (image.samplesPerPixel < 1 || image.samplesPerPixel > 4)
        return malformed("the number of samples");
    if (image.bitsAllocated < 1 || image.bitsAllocated > 64 || image.bitsStored < 1 ||
        image.bitsStored > image.bitsAllocated)
        return malformed("the number of bits");
    if (image.frames.size() > 1 && image.frames.size() != static_cast<size_t>(image.frameCount))
        return malformed("the number of frame descriptions");
    if (!fits(image.paletteRed) || !fits(image.paletteGreen) || !fits(image.paletteBlue) ||
        !std::all_of(image.frames.begin(), image.frames.end(), [](const FrameDescription& f) { return fits(f); }))
        return malformed("a look-up table");
    return {};
}

Result<PixelBufferPtr> takeFrame(const WorkerReply& reply, std::span<const std::byte> payload,
                                 const FrameShape& shape) {
    const auto type = static_cast<SampleType>(reply.sampleType);
    if (!isKnown(type) || bytesPerSample(type) != shape.bytesPerSample || reply.columns != shape.columns ||
        reply.rows != shape.rows || reply.samplesPerPixel != shape.samplesPerPixel)
        return malformed("a frame of another form than the image's");
    auto pixels = std::make_shared<PixelBuffer>();
    pixels->columns = reply.columns;
    pixels->rows = reply.rows;
    pixels->samplesPerPixel = reply.samplesPerPixel;
    pixels->type = type;
    if (pixels->byteCount() != payload.size() || payload.size() > static_cast<size_t>(DataSetLimits().frameBytes))
        return malformed("a frame of another size than the image's");
    pixels->data.assign(payload.begin(), payload.end());
    return PixelBufferPtr(std::move(pixels));
}

} // namespace yz::dicom
