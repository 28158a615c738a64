#include "dicom/codec/decoders.h"
#include "dicom/codec/jpegls_scan.h"

#include <charls/charls_jpegls_decoder.h>

#include <memory>

namespace yz::dicom {

namespace {

struct DecoderDeleter {
    void operator()(charls_jpegls_decoder* decoder) const { charls_jpegls_decoder_destroy(decoder); }
};

auto broken(charls_jpegls_errc code) {
    return fail(ErrorCode::PixelDataBroken, QStringLiteral("JPEG-LS error %1").arg(static_cast<int>(code)));
}

Result<CodedSamples> decode(std::span<const std::byte> encoded, const FrameLayout& layout, bool mayBeOwn) {
    const std::unique_ptr<charls_jpegls_decoder, DecoderDeleter> decoder(charls_jpegls_decoder_create());
    if (!decoder)
        return fail(ErrorCode::Internal, QStringLiteral("no memory for a JPEG-LS decoder"));
    using Code = charls_jpegls_errc;
    if (const Code code = charls_jpegls_decoder_set_source_buffer(decoder.get(), encoded.data(), encoded.size());
        code != Code::success)
        return broken(code);
    if (const Code code = charls_jpegls_decoder_read_header(decoder.get()); code != Code::success)
        return broken(code);
    charls_frame_info info{};
    if (const Code code = charls_jpegls_decoder_get_frame_info(decoder.get(), &info); code != Code::success)
        return broken(code);
    if (info.width != static_cast<quint32>(layout.columns) || info.height != static_cast<quint32>(layout.rows) ||
        info.component_count != layout.samplesPerPixel)
        return fail(ErrorCode::PixelDataBroken,
                    QStringLiteral("JPEG-LS stream of another size than the data set says"));
    charls_interleave_mode mode{};
    if (const Code code = charls_jpegls_decoder_get_interleave_mode(decoder.get(), &mode); code != Code::success)
        return broken(code);
    CodedSamples samples;
    samples.bytesPerSample = info.bits_per_sample <= 8 ? 1 : 2;
    samples.significantBits = info.bits_per_sample;
    samples.colour = layout.colour;
    samples.isPlanar = layout.samplesPerPixel == 3 && mode == charls_interleave_mode::none;
    samples.data.resize(static_cast<size_t>(layout.pixelCount() * layout.samplesPerPixel * samples.bytesPerSample));
    size_t needed = 0;
    if (const Code code = charls_jpegls_decoder_get_destination_size(decoder.get(), 0, &needed); code != Code::success)
        return broken(code);
    if (needed != samples.data.size())
        return fail(ErrorCode::PixelDataBroken,
                    QStringLiteral("JPEG-LS stream of another size than the data set says"));
    if (mayBeOwn && info.component_count == 1) {
        const JpegLsOutcome outcome =
            decodeJpegLsScan(encoded, {layout.columns, layout.rows, info.bits_per_sample}, samples.data);
        if (outcome == JpegLsOutcome::Decoded)
            return samples;
        if (outcome == JpegLsOutcome::Damaged)
            return fail(ErrorCode::PixelDataBroken, QStringLiteral("a JPEG-LS code that cannot be"));
    }
    if (const Code code =
            charls_jpegls_decoder_decode_to_buffer(decoder.get(), samples.data.data(), samples.data.size(), 0);
        code != Code::success)
        return broken(code);
    return samples;
}

} // namespace

Result<CodedSamples> decodeJpegLs(std::span<const std::byte> encoded, const FrameLayout& layout) {
    return decode(encoded, layout, true);
}
Result<CodedSamples> decodeJpegLsByLibrary(std::span<const std::byte> encoded, const FrameLayout& layout) {
    return decode(encoded, layout, false);
}

} // namespace yz::dicom
