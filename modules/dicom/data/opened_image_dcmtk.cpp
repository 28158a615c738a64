#include "dicom/data/opened_image_dcmtk.h"

#include "dicom/data/attributes_dcmtk.h"
#include "dicom/data/image_description_dcmtk.h"

#include <algorithm>
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

/// Bits of `plane` in the samples of one frame, set into `bits` from bit `start` on.
template <typename U>
void collectBits(const SampleBytes& samples, const OverlayPlane& plane, int bit, const FrameLayout& layout,
                 qint64 start, QByteArray& bits) {
    const U* values = reinterpret_cast<const U*>(samples.data());
    for (int row = 0; row < std::min(plane.rows, layout.rows); ++row)
        for (int column = 0; column < std::min(plane.columns, layout.columns); ++column)
            if (values[qint64{row} * layout.columns + column] >> bit & 1) {
                const qint64 at = start + qint64{row} * plane.columns + column;
                bits[at / 8] = static_cast<char>(bits[at / 8] | 1 << (at % 8));
            }
}

/// Overlays in bits of the pixel data that hold no pixel value (PS3.5 8.1.1 before 2004). They are fetched with the
/// header, so that the pixels that everything else sees are clean. Planes that cannot be read are dropped.
void readEmbedded(const OpenedImage& image, const std::vector<EmbeddedPlane>& embedded, ImageDescription& description) {
    constexpr qint64 kMaximumBytes = 256LL << 20; // of pixel data to go through
    const FrameLayout& layout = image.layout;
    const int lowest = layout.highBit + 1 - layout.bitsStored;
    const bool isReadable = layout.samplesPerPixel == 1 && layout.kind == SampleKind::Integer &&
                            layout.decodedBytes() * layout.frameCount <= kMaximumBytes;
    const auto drop = [&](int group) {
        std::erase_if(description.overlays, [&](const OverlayPlane& plane) { return plane.group == group; });
    };
    for (const EmbeddedPlane& entry : embedded) {
        const auto plane = std::find_if(description.overlays.begin(), description.overlays.end(),
                                        [&](const OverlayPlane& some) { return some.group == entry.group; });
        const bool isOutside =
            entry.bit >= 0 && entry.bit < layout.bitsAllocated && (entry.bit > layout.highBit || entry.bit < lowest);
        if (!isReadable || !isOutside || plane == description.overlays.end()) {
            drop(entry.group);
            continue;
        }
        // A plane of its own for every frame, whatever the attributes of the group say.
        plane->frameCount = layout.frameCount;
        plane->firstFrame = 1;
        plane->repeats = layout.frameCount == 1;
        const qint64 bitsPerFrame = qint64{plane->rows} * plane->columns;
        if (bitsPerFrame > layout.pixelCount()) {
            drop(entry.group);
            continue;
        }
        QByteArray bits((bitsPerFrame * plane->frameCount + 7) / 8, '\0');
        bool isComplete = true;
        for (int frame = 0; isComplete && frame < layout.frameCount; ++frame) {
            const Result<CodedSamples> samples = image.decodeCoded(frame);
            isComplete = samples && !samples->isShifted && samples->bytesPerSample * 8 == layout.bitsAllocated &&
                         static_cast<qint64>(samples->data.size()) >= layout.pixelCount() * samples->bytesPerSample;
            if (!isComplete)
                break;
            if (samples->bytesPerSample == 1)
                collectBits<quint8>(samples->data, *plane, entry.bit, layout, bitsPerFrame * frame, bits);
            else if (samples->bytesPerSample == 2)
                collectBits<quint16>(samples->data, *plane, entry.bit, layout, bitsPerFrame * frame, bits);
            else
                isComplete = false;
        }
        if (isComplete)
            plane->bits = std::make_shared<const QByteArray>(std::move(bits));
        else
            drop(entry.group);
    }
}

} // namespace

Result<std::shared_ptr<const OpenedImage>> openImage(ByteSourcePtr source) {
    auto parsed = parseHeader(std::move(source));
    if (!parsed)
        return fail(parsed.error());
    const ElementIndex index(*parsed->dataSet);
    auto layout = readFrameLayout(*parsed);
    const TransferSyntax* syntax = findTransferSyntax(parsed->meta.transferSyntax);
    if (!layout && layout.error().code == ErrorCode::PixelDataMissing && syntax && !syntax->codec())
        return fail(ErrorCode::TransferSyntaxNotSupported, describeTransferSyntax(parsed->meta.transferSyntax));
    if (!layout)
        return fail(layout.error());
    correctColour(*layout, *parsed->outline.pixels);
    std::vector<EmbeddedPlane> embedded;
    auto description = buildDescription(*parsed, *layout, &embedded);
    if (!description)
        return fail(description.error());
    auto image = std::make_shared<OpenedImage>();
    image->layout = *layout;
    image->transferSyntax = parsed->meta.transferSyntax;
    image->syntax = syntax;
    image->source = parsed->source;
    if (syntax && syntax->codec())
        image->bytes = std::make_shared<FrameBytes>(*parsed->outline.pixels, *layout, *syntax, parsed->meta.encoding,
                                                    extendedOffsets(*parsed->dataSet, layout->frameCount));
    if (syntax)
        image->plain =
            plainFrames(*layout, *syntax, parsed->meta.encoding, *parsed->outline.pixels, parsed->source->size());
    if (!embedded.empty())
        readEmbedded(*image, embedded, *description);
    image->description = std::make_shared<const ImageDescription>(std::move(*description));
    return std::shared_ptr<const OpenedImage>(std::move(image));
}

Result<CodedSamples> OpenedImage::decodeCoded(int frame, int reduction) const {
    if (!bytes)
        return fail(ErrorCode::TransferSyntaxNotSupported, describeTransferSyntax(transferSyntax));
    if (const Status checked = checkLayout(layout, DataSetLimits().frameBytes); !checked)
        return fail(checked.error());
    try {
        Result<SampleBytes> encoded = this->encoded(frame);
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

Result<SampleBytes> OpenedImage::encoded(int frame) const {
    if (!bytes || !source)
        return fail(ErrorCode::TransferSyntaxNotSupported, describeTransferSyntax(transferSyntax));
    return bytes->read(*source, frame);
}

std::shared_ptr<const OpenedImage> OpenedImage::closed() const {
    auto copy = std::make_shared<OpenedImage>(*this);
    if (source && source->memoryBytes() == 0)
        copy->source.reset();
    return copy;
}

std::shared_ptr<const OpenedImage> OpenedImage::reopened(ByteSourcePtr file) const {
    auto copy = std::make_shared<OpenedImage>(*this);
    if (!copy->source)
        copy->source = std::move(file);
    return copy;
}

qint64 OpenedImage::memoryBytes() const {
    constexpr qint64 kHeader = 4096;
    constexpr qint64 kFrame = 1024;
    constexpr qint64 kFragment = 64;
    qint64 total = kHeader + (source ? source->memoryBytes() : 0);
    total += kFrame * static_cast<qint64>(description->frames.size()) + kFragment * layout.frameCount;
    for (const OverlayPlane& plane : description->overlays)
        total += plane.bits ? plane.bits->size() : 0;
    return total;
}

Result<PixelBufferPtr> OpenedImage::decode(int frame, int reduction) const {
    Result<CodedSamples> samples = decodeCoded(frame, reduction);
    if (!samples)
        return fail(samples.error());
    return finishFrame(std::move(*samples), layout);
}

} // namespace yz::dicom
