#include "dicom/codec/decoders.h"
#include "dicom/codec/jpeg_lossless_decoder.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmjpeg/djcparam.h>
#include <dcmtk/dcmjpeg/djdijg12.h>
#include <dcmtk/dcmjpeg/djdijg16.h>
#include <dcmtk/dcmjpeg/djdijg8.h>
#include <dcmtk/dcmjpeg/djutils.h>

#include <array>
#include <limits>
#include <optional>

namespace yz::dicom {

namespace {

/// What the frame header of a JPEG stream says (ISO 10918-1 B.2.2), with the two application markers about colour.
struct JpegHeader {
    int process = 0; ///< 0xC0 + n of SOFn
    int precision = 0;
    int rows = 0;
    int columns = 0;
    int components = 0;
    std::array<uchar, 4> componentIds{};
    bool hasJfif = false;
    std::optional<int> adobeTransform;
};

int word(const uchar* p) { return p[0] << 8 | p[1]; }

std::optional<JpegHeader> scanJpegHeader(std::span<const std::byte> stream) {
    const auto* data = reinterpret_cast<const uchar*>(stream.data());
    const size_t size = stream.size();
    JpegHeader header;
    size_t pos = 2;
    if (size < 4 || data[0] != 0xFF || data[1] != 0xD8)
        return std::nullopt;
    while (pos + 4 <= size) {
        if (data[pos] != 0xFF)
            return std::nullopt;
        const int marker = data[pos + 1];
        if (marker == 0xFF) { // fill byte
            ++pos;
            continue;
        }
        const auto length = static_cast<size_t>(word(data + pos + 2));
        if (length < 2 || pos + 2 + length > size)
            return std::nullopt;
        const uchar* body = data + pos + 4;
        const size_t bodySize = length - 2;
        const bool isFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (isFrame) {
            if (bodySize < 6)
                return std::nullopt;
            header.process = marker;
            header.precision = body[0];
            header.rows = word(body + 1);
            header.columns = word(body + 3);
            header.components = body[5];
            for (size_t i = 0; i < 4 && 6 + 3 * i < bodySize; ++i)
                header.componentIds[i] = body[6 + 3 * i];
            return header;
        }
        if (marker == 0xE0 && bodySize >= 5 && std::equal(body, body + 5, reinterpret_cast<const uchar*>("JFIF")))
            header.hasJfif = true;
        if (marker == 0xEE && bodySize >= 12 && std::equal(body, body + 5, reinterpret_cast<const uchar*>("Adobe")))
            header.adobeTransform = body[11];
        if (marker == 0xDA || marker == 0xD9)
            return std::nullopt;
        pos += 2 + length;
    }
    return std::nullopt;
}

/// The stream's own statement comes first, then the data set's: senders relabel files more often than streams.
ColourModel colourOf(const JpegHeader& header, const FrameLayout& layout) {
    if (header.components != 3)
        return layout.colour;
    if (header.adobeTransform)
        return *header.adobeTransform == 0 ? ColourModel::Rgb : ColourModel::YbrFull;
    if (header.componentIds[0] == 'R' && header.componentIds[1] == 'G' && header.componentIds[2] == 'B')
        return ColourModel::Rgb;
    const bool isLossless = header.process == 0xC3;
    if (header.hasJfif && !isLossless)
        return ColourModel::YbrFull;
    return layout.colour == ColourModel::Rgb ? ColourModel::Rgb : ColourModel::YbrFull;
}

OFCondition runLibrary(std::span<const std::byte> encoded, const JpegHeader& header, const FrameLayout& layout,
                       SampleBytes& target) {
    static const DJCodecParameter parameter(ECC_lossyYCbCr, EDC_never, EUC_never, EPC_default);
    std::unique_ptr<DJDecoder> decoder;
    if (header.precision <= 8)
        decoder = std::make_unique<DJDecompressIJG8Bit>(parameter, OFFalse);
    else if (header.precision <= 12)
        decoder = std::make_unique<DJDecompressIJG12Bit>(parameter, OFFalse);
    else
        decoder = std::make_unique<DJDecompressIJG16Bit>(parameter, OFFalse);
    if (const OFCondition status = decoder->init(); status.bad())
        return status;
    return decoder->decode(reinterpret_cast<Uint8*>(const_cast<std::byte*>(encoded.data())),
                           static_cast<Uint32>(encoded.size()), reinterpret_cast<Uint8*>(target.data()),
                           static_cast<Uint32>(target.size()), layout.isSigned);
}

/// The stream with `filler` bytes of entropy-coded data and an end marker behind it.
SampleBytes ended(std::span<const std::byte> stream, size_t filler) {
    SampleBytes result(stream.begin(), stream.end());
    result.resize(stream.size() + filler, std::byte{0x5A});
    result.resize(result.size() + 1, std::byte{0xFF});
    result.resize(result.size() + 1, std::byte{0xD9});
    return result;
}

Result<CodedSamples> decodeJpeg(std::span<const std::byte> encoded, const FrameLayout& layout, bool needsLossless,
                                bool mayBeOwn) {
    const std::optional<JpegHeader> header = scanJpegHeader(encoded);
    if (!header)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("no JPEG frame header"));
    if (header->rows != layout.rows || header->columns != layout.columns ||
        header->components != layout.samplesPerPixel)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("JPEG stream of %1x%2x%3, data set says %4x%5x%6")
                                                    .arg(header->columns)
                                                    .arg(header->rows)
                                                    .arg(header->components)
                                                    .arg(layout.columns)
                                                    .arg(layout.rows)
                                                    .arg(layout.samplesPerPixel));
    if (header->process > 0xC3)
        return fail(ErrorCode::NotSupported, QStringLiteral("JPEG process SOF%1").arg(header->process - 0xC0));
    if (needsLossless && header->process != 0xC3)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("a lossy stream under a lossless transfer syntax"));
    if (encoded.size() > std::numeric_limits<Uint32>::max())
        return fail(ErrorCode::LimitExceeded, QStringLiteral("JPEG frame larger than 4 GiB"));

    CodedSamples samples;
    samples.bytesPerSample = header->precision <= 8 ? 1 : 2;
    samples.significantBits = header->precision;
    samples.colour = colourOf(*header, layout);
    samples.data.resize(static_cast<size_t>(layout.pixelCount() * layout.samplesPerPixel * samples.bytesPerSample));
    if (mayBeOwn && header->process == 0xC3 &&
        decodeLosslessScan(encoded, {header->columns, header->rows, header->components, header->precision},
                           samples.data))
        return samples;
    OFCondition status = runLibrary(encoded, *header, layout, samples.data);
    if (status == EJ_Suspension) { // it wants more bytes: at least the end marker is missing
        SampleBytes other(samples.data.size());
        status = runLibrary(ended(encoded, 0), *header, layout, samples.data);
        // What follows a whole picture does not change it; a part that is missing would be made up from it.
        if (status.good() &&
            (runLibrary(ended(encoded, 64 * 1024), *header, layout, other).bad() || other != samples.data))
            return fail(ErrorCode::PixelDataBroken, QStringLiteral("the JPEG stream ends early"));
    }
    if (status.bad())
        return fail(ErrorCode::PixelDataBroken, QString::fromLatin1(status.text()));
    return samples;
}

} // namespace

Result<FrameLayout> layoutOfPicture(std::span<const std::byte> jpeg, int mostSide) {
    const std::optional<JpegHeader> header = scanJpegHeader(jpeg);
    if (!header)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("no JPEG frame header"));
    if (header->process > 0xC2 || header->precision != 8 || (header->components != 1 && header->components != 3))
        return fail(ErrorCode::NotSupported, QStringLiteral("a JPEG picture of another kind"));
    if (header->rows < 1 || header->columns < 1)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("a JPEG picture without size"));
    if (header->rows > mostSide || header->columns > mostSide)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("a JPEG picture larger than was asked for"));
    FrameLayout layout;
    layout.columns = header->columns;
    layout.rows = header->rows;
    layout.samplesPerPixel = header->components;
    layout.bitsAllocated = layout.bitsStored = 8;
    layout.highBit = 7;
    layout.colour = header->components == 3 ? ColourModel::YbrFull : ColourModel::Monochrome;
    return layout;
}

Result<CodedSamples> decodeJpegLossy(std::span<const std::byte> encoded, const FrameLayout& layout) {
    return decodeJpeg(encoded, layout, false, true);
}
Result<CodedSamples> decodeJpegLossless(std::span<const std::byte> encoded, const FrameLayout& layout) {
    return decodeJpeg(encoded, layout, true, true);
}
Result<CodedSamples> decodeJpegByLibrary(std::span<const std::byte> encoded, const FrameLayout& layout) {
    return decodeJpeg(encoded, layout, false, false);
}

} // namespace yz::dicom
