#include "dicom/codec/frame_layout.h"

namespace yz::dicom {

SampleType FrameLayout::sampleType() const {
    if (kind == SampleKind::Float)
        return SampleType::Float32;
    if (kind == SampleKind::Double)
        return SampleType::Float64;
    if (bitsAllocated <= 8)
        return isSigned ? SampleType::Int8 : SampleType::UInt8;
    if (bitsAllocated <= 16)
        return isSigned ? SampleType::Int16 : SampleType::UInt16;
    return isSigned ? SampleType::Int32 : SampleType::UInt32;
}

FrameLayout FrameLayout::reduced(int reduction) const {
    const auto halved = [reduction](int size) {
        return static_cast<int>((qint64(size) + (1LL << reduction) - 1) >> reduction);
    };
    FrameLayout result = *this;
    result.columns = halved(columns);
    result.rows = halved(rows);
    return result;
}

Status checkLayout(const FrameLayout& layout, qint64 frameByteLimit) {
    if (layout.rows <= 0 || layout.columns <= 0)
        return fail(ErrorCode::AttributeMissing, QStringLiteral("Rows or Columns"));
    if (layout.frameCount <= 0)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("Number of Frames is not positive"));
    if (layout.samplesPerPixel != 1 && layout.samplesPerPixel != 3)
        return fail(ErrorCode::NotSupported, QStringLiteral("%1 samples per pixel").arg(layout.samplesPerPixel));
    if (layout.colour == ColourModel::Other || (layout.samplesPerPixel == 3) != (layout.colour >= ColourModel::Rgb))
        return fail(ErrorCode::NotSupported,
                    QStringLiteral("photometric interpretation of %1 samples per pixel").arg(layout.samplesPerPixel));
    const int bits = layout.bitsAllocated;
    if (layout.kind == SampleKind::Integer) {
        if (bits != 1 && bits != 8 && bits != 16 && bits != 32)
            return fail(ErrorCode::NotSupported, QStringLiteral("%1 bits allocated").arg(bits));
        if (layout.bitsStored < 1 || layout.bitsStored > bits || layout.highBit < layout.bitsStored - 1 ||
            layout.highBit >= bits)
            return fail(ErrorCode::PixelDataBroken, QStringLiteral("bits stored %1 and high bit %2 in %3 bits")
                                                        .arg(layout.bitsStored)
                                                        .arg(layout.highBit)
                                                        .arg(bits));
        if (bits == 1 && layout.samplesPerPixel != 1)
            return fail(ErrorCode::NotSupported, QStringLiteral("colour of one bit"));
    } else if (layout.samplesPerPixel != 1) {
        return fail(ErrorCode::NotSupported, QStringLiteral("colour of floating point"));
    }
    if (layout.decodedBytes() > frameByteLimit)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("a frame larger than the limit"));
    return {};
}

} // namespace yz::dicom
