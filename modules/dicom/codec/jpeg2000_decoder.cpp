#include "dicom/codec/decoders.h"

#include <openjpeg.h>

#include <cstring>
#include <memory>

namespace yz::dicom {

namespace {

struct StreamState {
    std::span<const std::byte> bytes;
    size_t pos = 0;
};

OPJ_SIZE_T readStream(void* buffer, OPJ_SIZE_T count, void* user) {
    auto* state = static_cast<StreamState*>(user);
    const size_t left = state->bytes.size() - state->pos;
    if (left == 0)
        return static_cast<OPJ_SIZE_T>(-1);
    const size_t taken = std::min<size_t>(count, left);
    std::memcpy(buffer, state->bytes.data() + state->pos, taken);
    state->pos += taken;
    return taken;
}

OPJ_OFF_T skipStream(OPJ_OFF_T count, void* user) {
    auto* state = static_cast<StreamState*>(user);
    if (count < 0)
        return -1;
    const auto left = static_cast<OPJ_OFF_T>(state->bytes.size() - state->pos);
    const OPJ_OFF_T taken = std::min(count, left);
    state->pos += static_cast<size_t>(taken);
    return taken;
}

OPJ_BOOL seekStream(OPJ_OFF_T offset, void* user) {
    auto* state = static_cast<StreamState*>(user);
    if (offset < 0 || static_cast<size_t>(offset) > state->bytes.size())
        return OPJ_FALSE;
    state->pos = static_cast<size_t>(offset);
    return OPJ_TRUE;
}

struct StreamDeleter {
    void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct CodecDeleter {
    void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct ImageDeleter {
    void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};

void keepFirstMessage(const char* message, void* user) {
    auto* text = static_cast<QString*>(user);
    if (text->isEmpty())
        *text = QString::fromLatin1(message).trimmed();
}

template <typename U> void gather(const opj_image_t& image, SampleBytes& data) {
    auto* to = reinterpret_cast<U*>(data.data());
    const size_t pixels = static_cast<size_t>(image.comps[0].w) * image.comps[0].h;
    const OPJ_UINT32 count = image.numcomps;
    for (OPJ_UINT32 c = 0; c < count; ++c) {
        const OPJ_INT32* from = image.comps[c].data;
        for (size_t i = 0; i < pixels; ++i)
            to[i * count + c] = static_cast<U>(from[i]);
    }
}

struct InfoDeleter {
    void operator()(opj_codestream_info_v2_t* info) const { opj_destroy_cstr_info(&info); }
};

/// Resolutions that every component can do without. Tiles may have fewer than the main header says; their decoding
/// fails then.
int mostReductions(opj_codec_t* codec) {
    const std::unique_ptr<opj_codestream_info_v2_t, InfoDeleter> info(opj_get_cstr_info(codec));
    if (!info || !info->m_default_tile_info.tccp_info || info->nbcomps == 0)
        return 0;
    OPJ_UINT32 resolutions = OPJ_J2K_MAXRLVLS;
    for (OPJ_UINT32 c = 0; c < info->nbcomps; ++c)
        resolutions = std::min(resolutions, info->m_default_tile_info.tccp_info[c].numresolutions);
    return resolutions > 0 ? static_cast<int>(resolutions) - 1 : 0;
}

/// True when the main header asks for a component transform of part 2 (ISO 15444-2 A.3.1: more than 1 where part 1 has
/// its own transform or none), which OpenJPEG 2.5 writes but does not read.
bool hasPart2Transform(std::span<const std::byte> stream) {
    const auto* p = reinterpret_cast<const uchar*>(stream.data());
    constexpr int kCodingStyle = 0xFF52;
    constexpr int kStartOfTile = 0xFF90;
    for (size_t pos = 2; pos + 9 <= stream.size();) {
        const int marker = p[pos] << 8 | p[pos + 1];
        if (marker == kCodingStyle)
            return p[pos + 8] > 1;
        if (marker < 0xFF00 || marker == kStartOfTile)
            return false;
        pos += 2 + (size_t{p[pos + 2]} << 8 | p[pos + 3]);
    }
    return false;
}

/// What the data set says about a stream of several components that are no colours.
enum class Components { OfOnePixel, MayBeFrames };

Result<CodedSamples> decode(std::span<const std::byte> encoded, const FrameLayout& layout, int reduction,
                            Components components) {
    static constexpr unsigned char kJp2[] = {0, 0, 0, 0x0C, 'j', 'P', ' ', ' '};
    const bool isJp2 = encoded.size() > sizeof kJp2 && std::memcmp(encoded.data(), kJp2, sizeof kJp2) == 0;
    StreamState state{encoded, 0};
    const std::unique_ptr<opj_stream_t, StreamDeleter> stream(opj_stream_create(64 * 1024, OPJ_TRUE));
    const std::unique_ptr<opj_codec_t, CodecDeleter> codec(
        opj_create_decompress(isJp2 ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K));
    if (!stream || !codec)
        return fail(ErrorCode::Internal, QStringLiteral("no memory for a JPEG 2000 decoder"));
    opj_stream_set_user_data(stream.get(), &state, nullptr);
    opj_stream_set_user_data_length(stream.get(), encoded.size());
    opj_stream_set_read_function(stream.get(), readStream);
    opj_stream_set_skip_function(stream.get(), skipStream);
    opj_stream_set_seek_function(stream.get(), seekStream);
    QString message;
    opj_set_error_handler(codec.get(), keepFirstMessage, &message);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    const auto broken = [&] {
        return fail(ErrorCode::PixelDataBroken,
                    message.isEmpty() ? QStringLiteral("damaged JPEG 2000 stream") : message);
    };
    if (!opj_setup_decoder(codec.get(), &parameters))
        return broken();
    // Frames are decoded side by side, one on each core: no threads of the library's own, whatever its environment
    // variable says. One would be as many as two: it works while the caller waits.
    opj_codec_set_threads(codec.get(), 0);
    opj_image_t* rawImage = nullptr;
    const bool hasHeader = opj_read_header(stream.get(), codec.get(), &rawImage) != OPJ_FALSE;
    const std::unique_ptr<opj_image_t, ImageDeleter> image(rawImage);
    if (!hasHeader || !image)
        return broken();
    if (components == Components::MayBeFrames && layout.samplesPerPixel == 1 && image->numcomps > 1)
        return fail(ErrorCode::NotSupported,
                    QStringLiteral("a JPEG 2000 part 2 stream whose %1 components are frames").arg(image->numcomps));
    if (image->numcomps != static_cast<OPJ_UINT32>(layout.samplesPerPixel) ||
        image->x1 - image->x0 != static_cast<OPJ_UINT32>(layout.columns) ||
        image->y1 - image->y0 != static_cast<OPJ_UINT32>(layout.rows))
        return fail(ErrorCode::PixelDataBroken,
                    QStringLiteral("JPEG 2000 stream of another size than the data set says"));
    const int reduced = reduction > 0 ? std::min(reduction, mostReductions(codec.get())) : 0;
    if (reduced > 0 && !opj_set_decoded_resolution_factor(codec.get(), static_cast<OPJ_UINT32>(reduced)))
        return broken();
    if (!opj_decode(codec.get(), stream.get(), image.get()) || !opj_end_decompress(codec.get(), stream.get()))
        return broken();
    const FrameLayout size = layout.reduced(reduced);
    const opj_image_comp_t& first = image->comps[0];
    for (OPJ_UINT32 c = 0; c < image->numcomps; ++c) {
        const opj_image_comp_t& component = image->comps[c];
        if (!component.data || component.w != static_cast<OPJ_UINT32>(size.columns) ||
            component.h != static_cast<OPJ_UINT32>(size.rows) || component.prec != first.prec)
            return fail(ErrorCode::PixelDataBroken, QStringLiteral("JPEG 2000 components of different size"));
    }
    CodedSamples samples;
    samples.reduction = reduced;
    samples.significantBits = static_cast<int>(first.prec);
    samples.isSignedStream = first.sgnd != 0;
    samples.bytesPerSample = first.prec <= 8 ? 1 : first.prec <= 16 ? 2 : 4;
    // The component transform belongs to the codec and is undone by it; what remains is what the data set names.
    samples.colour = layout.colour == ColourModel::YbrFull || layout.colour == ColourModel::YbrFull422
                         ? ColourModel::YbrFull
                         : ColourModel::Rgb;
    samples.data.resize(static_cast<size_t>(size.pixelCount() * size.samplesPerPixel * samples.bytesPerSample));
    if (samples.bytesPerSample == 1)
        gather<std::uint8_t>(*image, samples.data);
    else if (samples.bytesPerSample == 2)
        gather<std::uint16_t>(*image, samples.data);
    else
        gather<std::uint32_t>(*image, samples.data);
    return samples;
}

} // namespace

Result<CodedSamples> decodeJpeg2000(std::span<const std::byte> encoded, const FrameLayout& layout) {
    return decode(encoded, layout, 0, Components::OfOnePixel);
}

Result<CodedSamples> decodeJpeg2000Part2(std::span<const std::byte> encoded, const FrameLayout& layout) {
    if (hasPart2Transform(encoded))
        return fail(ErrorCode::NotSupported, QStringLiteral("a component transform of JPEG 2000 part 2"));
    return decode(encoded, layout, 0, Components::MayBeFrames);
}

Result<CodedSamples> decodeJpeg2000Reduced(std::span<const std::byte> encoded, const FrameLayout& layout,
                                           int reduction) {
    Result<CodedSamples> samples = decode(encoded, layout, reduction, Components::MayBeFrames);
    return samples ? std::move(samples) : decode(encoded, layout, 0, Components::MayBeFrames);
}

} // namespace yz::dicom
