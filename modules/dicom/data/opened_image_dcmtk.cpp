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

} // namespace

Result<std::shared_ptr<const OpenedImage>> openImage(ByteSourcePtr source) {
    auto parsed = parseHeader(std::move(source));
    if (!parsed)
        return fail(parsed.error());
    const auto layout = readFrameLayout(*parsed);
    if (!layout)
        return fail(layout.error());
    auto description = buildDescription(*parsed, *layout);
    if (!description)
        return fail(description.error());
    auto image = std::make_shared<OpenedImage>();
    image->layout = *layout;
    image->description = std::make_shared<const ImageDescription>(std::move(*description));
    image->transferSyntax = parsed->meta.transferSyntax;
    image->syntax = findTransferSyntax(image->transferSyntax);
    image->source = parsed->source;
    if (image->syntax && image->syntax->decoder)
        image->bytes =
            std::make_unique<FrameBytes>(parsed->source, *parsed->outline.pixels, *layout, *image->syntax,
                                         parsed->meta.encoding, extendedOffsets(*parsed->dataSet, layout->frameCount));
    return std::shared_ptr<const OpenedImage>(std::move(image));
}

Result<CodedSamples> OpenedImage::decodeCoded(int frame) const {
    if (!bytes)
        return fail(ErrorCode::TransferSyntaxNotSupported, describeTransferSyntax(transferSyntax));
    if (const Status checked = checkLayout(layout, DataSetLimits().frameBytes); !checked)
        return fail(checked.error());
    try {
        Result<std::vector<std::byte>> encoded = bytes->read(frame);
        if (!encoded)
            return fail(encoded.error());
        const bool isPlain = syntax->decoder && !syntax->isEncapsulated && layout.bitsAllocated > 1 &&
                             layout.colour != ColourModel::YbrFull422 && layout.colour != ColourModel::YbrPartial;
        if (!isPlain)
            return syntax->decoder(*encoded, layout);
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

Result<PixelBufferPtr> OpenedImage::decode(int frame) const {
    Result<CodedSamples> samples = decodeCoded(frame);
    if (!samples)
        return fail(samples.error());
    return finishFrame(std::move(*samples), layout);
}

} // namespace yz::dicom
