/// A file as it may come: limits, parsing, header, description, text, first and last frame.
#include "dicom/data/dicom_pixel_source.h"
#include "dicom/data/text_listing.h"
#include "fuzz_input.h"

using namespace yz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static DicomPixelSource source;
    const QByteArray file = fuzz::bytesOf(data, size);
    const auto header = source.readHeader(file);
    if (header)
        fuzz::require(header->instance.frameCount >= 0, "a file has no negative number of frames");
    (void)dicom::listText(file);
    const auto image = source.describe(file);
    if (!image)
        return 0;
    // Larger pictures cost time and show nothing new.
    constexpr qint64 kLargest = 1 << 18;
    if (qint64{(*image)->rows} * (*image)->columns * (*image)->samplesPerPixel > kLargest)
        return 0;
    for (const int frame : {0, (*image)->frameCount - 1}) {
        const auto pixels = source.decode(file, frame);
        if (pixels)
            fuzz::require(*pixels != nullptr, "a decoded frame is there");
    }
    return 0;
}
