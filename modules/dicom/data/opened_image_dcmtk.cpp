#include "dicom/data/opened_image_dcmtk.h"

#include "dicom/data/attributes_dcmtk.h"
#include "dicom/data/image_description_dcmtk.h"

#include <new>

namespace yz::dicom {

namespace {

std::vector<quint64> extendedOffsets(DcmItem& item, int frameCount) {
    DcmElement* element = nullptr;
    Uint64* values = nullptr;
    if (item.findAndGetElement(DCM_ExtendedOffsetTable, element).bad() ||
        element->getLength() != static_cast<Uint32>(frameCount) * 8 || element->getUint64Array(values).bad() || !values)
        return {};
    return {values, values + frameCount};
}

/// Writers that decompress keep the label of chroma pairs over pixels of three samples each; the length tells.
void correctColour(FrameLayout& layout, const PixelElement& pixels) {
    const qint64 whole = layout.pixelCount() * 3 * (layout.bitsAllocated / 8) * layout.frameCount;
    if (!layout.hasChromaPairs() || !pixels.length || (*pixels.length != whole && *pixels.length != whole + 1))
        return;
    layout.colour = layout.colour == ColourModel::YbrFull422 ? ColourModel::YbrFull : ColourModel::YbrPartial;
}

} // namespace

Result<std::shared_ptr<const OpenedImage>> openImage(ByteSourcePtr source) {
    auto parsed = parseHeader(std::move(source));
    if (!parsed)
        return fail(parsed.error());
    auto layout = readFrameLayout(*parsed);
    const TransferSyntax* syntax = findTransferSyntax(parsed->meta.transferSyntax);
    if (!layout && layout.error().code == ErrorCode::PixelDataMissing && syntax && !syntax->codec())
        return fail(ErrorCode::TransferSyntaxNotSupported, describeTransferSyntax(parsed->meta.transferSyntax));
    if (!layout)
        return fail(layout.error());
    correctColour(*layout, *parsed->outline.pixels);
    auto description = buildDescription(*parsed, *layout);
    if (!description)
        return fail(description.error());
    auto image = std::make_shared<OpenedImage>();
    image->layout = *layout;
    image->description = std::make_shared<const ImageDescription>(std::move(*description));
    image->transferSyntax = parsed->meta.transferSyntax;
    image->syntax = syntax;
    image->source = parsed->source;
    if (syntax && syntax->codec())
        image->bytes =
            std::make_unique<FrameBytes>(parsed->source, *parsed->outline.pixels, *layout, *syntax,
                                         parsed->meta.encoding, extendedOffsets(*parsed->dataSet, layout->frameCount));
    return std::shared_ptr<const OpenedImage>(std::move(image));
}

Result<CodedSamples> OpenedImage::decodeCoded(int frame, int reduction) const {
    if (!bytes)
        return fail(ErrorCode::TransferSyntaxNotSupported, describeTransferSyntax(transferSyntax));
    if (const Status checked = checkLayout(layout, DataSetLimits().frameBytes); !checked)
        return fail(checked.error());
    try {
        Result<std::vector<std::byte>> encoded = bytes->read(frame);
        if (!encoded)
            return fail(encoded.error());
        const Codec& codec = *syntax->codec();
        if (reduction > 0 && description->decodesReduced) {
            Result<CodedSamples> samples = codec.decodeReduced(*encoded, layout, reduction);
            // Bits above Bits Stored (overlays) would have been mixed into the values by the low-pass.
            if (!samples || samples->significantBits <= layout.bitsStored)
                return samples;
        }
        const bool isPlain = syntax->codecId == CodecId::Native && !syntax->isEncapsulated &&
                             layout.bitsAllocated > 1 && !layout.hasChromaPairs() &&
                             layout.colour != ColourModel::YbrPartial420;
        if (!isPlain)
            return codec.decode(*encoded, layout);
        CodedSamples samples; // the bytes are the samples already: no copy
        samples.data = std::move(*encoded);
        samples.bytesPerSample = layout.bitsAllocated / 8;
        samples.isShifted = false;
        samples.isPlanar = layout.isPlanar;
        samples.colour = layout.colour;
        return samples;
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::LimitExceeded, QStringLiteral("not enough memory for the frame"));
    }
}

Result<PixelBufferPtr> OpenedImage::decode(int frame, int reduction) const {
    Result<CodedSamples> samples = decodeCoded(frame, reduction);
    if (!samples)
        return fail(samples.error());
    return finishFrame(std::move(*samples), layout);
}

} // namespace yz::dicom
