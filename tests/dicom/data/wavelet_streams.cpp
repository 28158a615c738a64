#include "wavelet_streams.h"

#include <openjpeg.h>
#include <openjph/ojph_arch.h>
#include <openjph/ojph_codestream.h>
#include <openjph/ojph_file.h>
#include <openjph/ojph_mem.h>
#include <openjph/ojph_params.h>

namespace yz::test {

namespace {

struct Sink {
    QByteArray bytes;
    qsizetype position = 0;
};

OPJ_SIZE_T writeSink(void* data, OPJ_SIZE_T count, void* user) {
    auto* sink = static_cast<Sink*>(user);
    const auto size = static_cast<qsizetype>(count);
    if (sink->bytes.size() < sink->position + size)
        sink->bytes.resize(sink->position + size);
    std::copy_n(static_cast<const char*>(data), size, sink->bytes.data() + sink->position);
    sink->position += size;
    return count;
}
OPJ_OFF_T skipSink(OPJ_OFF_T count, void* user) {
    static_cast<Sink*>(user)->position += count;
    return count;
}
OPJ_BOOL seekSink(OPJ_OFF_T offset, void* user) {
    static_cast<Sink*>(user)->position = offset;
    return OPJ_TRUE;
}

} // namespace

QByteArray jpeg2000Stream(const Picture& picture, int resolutions, const std::vector<float>& matrix) {
    const auto columns = static_cast<OPJ_UINT32>(picture.columns);
    const auto rows = static_cast<OPJ_UINT32>(picture.rows);
    std::vector<opj_image_cmptparm_t> components(static_cast<size_t>(picture.components));
    for (opj_image_cmptparm_t& component : components) {
        component = {};
        component.dx = component.dy = 1;
        component.w = columns;
        component.h = rows;
        component.prec = static_cast<OPJ_UINT32>(picture.bits);
        component.sgnd = picture.isSigned ? 1 : 0;
    }
    opj_image_t* image = opj_image_create(static_cast<OPJ_UINT32>(picture.components), components.data(),
                                          picture.components == 3 ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_GRAY);
    image->x1 = columns;
    image->y1 = rows;
    for (int c = 0; c < picture.components; ++c)
        for (int i = 0; i < picture.columns * picture.rows; ++i)
            image->comps[c].data[i] = picture.samples[static_cast<size_t>(i * picture.components + c)];
    opj_cparameters_t parameters;
    opj_set_default_encoder_parameters(&parameters);
    parameters.tcp_numlayers = 1;
    parameters.cp_disto_alloc = 1;
    parameters.numresolution = resolutions;
    parameters.tcp_mct = picture.components == 3 ? 1 : 0;
    if (!matrix.empty()) {
        std::vector<float> values = matrix;
        std::vector<OPJ_INT32> shift(static_cast<size_t>(picture.components), 0);
        opj_set_MCT(&parameters, values.data(), shift.data(), static_cast<OPJ_UINT32>(picture.components));
        parameters.irreversible = 1;
    }
    Sink sink;
    opj_codec_t* codec = opj_create_compress(OPJ_CODEC_J2K);
    opj_stream_t* stream = opj_stream_default_create(OPJ_FALSE);
    opj_stream_set_user_data(stream, &sink, nullptr);
    opj_stream_set_write_function(stream, writeSink);
    opj_stream_set_skip_function(stream, skipSink);
    opj_stream_set_seek_function(stream, seekSink);
    const bool done = opj_setup_encoder(codec, &parameters, image) && opj_start_compress(codec, image, stream) &&
                      opj_encode(codec, stream) && opj_end_compress(codec, stream);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
    opj_image_destroy(image);
    return done ? sink.bytes : QByteArray();
}

QByteArray htj2kStream(const Picture& picture, int decompositions) {
    ojph::codestream codestream;
    ojph::param_siz size = codestream.access_siz();
    const auto components = static_cast<ojph::ui32>(picture.components);
    size.set_image_extent(ojph::point(static_cast<ojph::ui32>(picture.columns), static_cast<ojph::ui32>(picture.rows)));
    size.set_num_components(components);
    for (ojph::ui32 c = 0; c < components; ++c)
        size.set_component(c, ojph::point(1, 1), static_cast<ojph::ui32>(picture.bits), picture.isSigned);
    ojph::param_cod coding = codestream.access_cod();
    coding.set_num_decomposition(static_cast<ojph::ui32>(decompositions));
    coding.set_reversible(true);
    coding.set_color_transform(components == 3);
    codestream.set_planar(false);
    ojph::mem_outfile file;
    file.open();
    codestream.write_headers(&file);
    ojph::ui32 next = 0;
    ojph::line_buf* line = codestream.exchange(nullptr, next);
    for (int y = 0; y < picture.rows; ++y)
        for (ojph::ui32 c = 0; c < components; ++c) {
            for (int x = 0; x < picture.columns; ++x)
                line->i32[x] = picture.samples[static_cast<size_t>((y * picture.columns + x) * picture.components) + c];
            line = codestream.exchange(line, next);
        }
    codestream.flush();
    const QByteArray bytes(reinterpret_cast<const char*>(file.get_data()), static_cast<qsizetype>(file.tell()));
    codestream.close();
    return bytes;
}

} // namespace yz::test
