#include "dicom/codec/decoders.h"

#include <openjph/ojph_arch.h>
#include <openjph/ojph_codestream.h>
#include <openjph/ojph_file.h>
#include <openjph/ojph_mem.h>
#include <openjph/ojph_message.h>
#include <openjph/ojph_params.h>

#include <cstdio>
#include <exception>
#include <mutex>

namespace yz::dicom {

namespace {

/// The library prints before it throws, and in this version only its streams can be changed. They go to a small buffer:
/// messages may quote the stream, and the program's output is not theirs.
void silenceMessages() {
    static std::once_flag once;
    std::call_once(once, [] {
        constexpr size_t kBytes = 4096;
        if (std::FILE* sink = fmemopen(nullptr, kBytes, "w")) { // lives as long as the library
            ojph::set_info_stream(sink);
            ojph::set_warning_stream(sink);
            ojph::set_error_stream(sink);
        }
    });
}

template <typename U> void storeLine(const ojph::line_buf& line, size_t columns, size_t step, std::byte* target) {
    auto* to = reinterpret_cast<U*>(target);
    for (size_t x = 0; x < columns; ++x)
        to[x * step] = static_cast<U>(line.i32[x]);
}

Result<CodedSamples> decodeChecked(std::span<const std::byte> encoded, const FrameLayout& layout, int reduction) {
    ojph::mem_infile file;
    file.open(reinterpret_cast<const ojph::ui8*>(encoded.data()), encoded.size());
    ojph::codestream stream;
    stream.read_headers(&file);
    ojph::param_siz size = stream.access_siz();
    const auto components = static_cast<ojph::ui32>(layout.samplesPerPixel);
    if (size.get_num_components() != components)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("HTJ2K stream of another size than the data set says"));
    const ojph::ui32 depth = size.get_bit_depth(0);
    for (ojph::ui32 c = 0; c < components; ++c) {
        if (size.get_recon_width(c) != static_cast<ojph::ui32>(layout.columns) ||
            size.get_recon_height(c) != static_cast<ojph::ui32>(layout.rows) || size.get_bit_depth(c) != depth)
            return fail(ErrorCode::PixelDataBroken,
                        QStringLiteral("HTJ2K stream of another size than the data set says"));
    }
    const ojph::size tile = size.get_tile_size();
    if (tile.w == 0 || tile.h == 0)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("HTJ2K stream without tiles"));
    const int reduced = std::min(reduction, static_cast<int>(stream.access_cod().get_num_decompositions()));
    if (reduced > 0)
        stream.restrict_input_resolution(static_cast<ojph::ui32>(reduced), static_cast<ojph::ui32>(reduced));
    const FrameLayout shown = layout.reduced(reduced);
    CodedSamples samples;
    samples.reduction = reduced;
    samples.significantBits = static_cast<int>(depth);
    samples.isSignedStream = size.is_signed(0);
    samples.bytesPerSample = depth <= 8 ? 1 : depth <= 16 ? 2 : 4;
    samples.colour = layout.colour == ColourModel::YbrFull || layout.colour == ColourModel::YbrFull422
                         ? ColourModel::YbrFull
                         : ColourModel::Rgb;
    samples.data.resize(static_cast<size_t>(shown.pixelCount() * shown.samplesPerPixel * samples.bytesPerSample));
    stream.set_planar(false);
    stream.create();
    for (ojph::ui32 c = 0; c < components; ++c)
        if (size.get_recon_width(c) != static_cast<ojph::ui32>(shown.columns) ||
            size.get_recon_height(c) != static_cast<ojph::ui32>(shown.rows))
            return fail(ErrorCode::PixelDataBroken, QStringLiteral("HTJ2K components of different size"));
    std::vector<size_t> nextRow(components, 0);
    const auto columns = static_cast<size_t>(shown.columns);
    const auto bytes = static_cast<size_t>(samples.bytesPerSample);
    const size_t lines = static_cast<size_t>(shown.rows) * components;
    for (size_t i = 0; i < lines; ++i) {
        ojph::ui32 component = 0;
        const ojph::line_buf* line = stream.pull(component);
        if (!line || component >= components || nextRow[component] >= static_cast<size_t>(shown.rows))
            return fail(ErrorCode::PixelDataBroken, QStringLiteral("HTJ2K stream ends early"));
        std::byte* target = samples.data.data() + (nextRow[component]++ * columns * components + component) * bytes;
        if (bytes == 1)
            storeLine<std::uint8_t>(*line, columns, components, target);
        else if (bytes == 2)
            storeLine<std::uint16_t>(*line, columns, components, target);
        else
            storeLine<std::uint32_t>(*line, columns, components, target);
    }
    stream.close();
    return samples;
}

Result<CodedSamples> decode(std::span<const std::byte> encoded, const FrameLayout& layout, int reduction) {
    silenceMessages();
    try {
        return decodeChecked(encoded, layout, reduction);
    } catch (const std::exception& error) {
        return fail(ErrorCode::PixelDataBroken, QString::fromLatin1(error.what()));
    } catch (const char* error) { // the library's allocator throws strings
        return fail(ErrorCode::LimitExceeded, QString::fromLatin1(error));
    }
}

} // namespace

Result<CodedSamples> decodeHtj2k(std::span<const std::byte> encoded, const FrameLayout& layout) {
    return decode(encoded, layout, 0);
}

Result<CodedSamples> decodeHtj2kReduced(std::span<const std::byte> encoded, const FrameLayout& layout, int reduction) {
    Result<CodedSamples> samples = decode(encoded, layout, reduction);
    return samples ? std::move(samples) : decode(encoded, layout, 0);
}

} // namespace yz::dicom
