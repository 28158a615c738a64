#include "dicom/data/plain_frames.h"

#include <algorithm>

namespace yz::dicom {

std::optional<PlainFrames> plainFrames(const FrameLayout& layout, const TransferSyntax& syntax, Encoding encoding,
                                       const PixelElement& pixels, qint64 sourceBytes) {
    if (syntax.codecId != CodecId::Native || syntax.isEncapsulated || syntax.isDeflated ||
        encoding == Encoding::ExplicitBig || !pixels.length || layout.kind != SampleKind::Integer ||
        layout.samplesPerPixel != 1 || layout.bitsAllocated < 8 || !checkLayout(layout, DataSetLimits().frameBytes))
        return std::nullopt;
    const PlainFrames frames{pixels.valueOffset, layout.pixelCount() * (layout.bitsAllocated / 8),
                             layout.frameCount,  layout.bitsAllocated,
                             layout.bitsStored,  layout.highBit,
                             layout.isSigned};
    if (frames.frameBytes * frames.frameCount > *pixels.length || !arePossible(frames, sourceBytes))
        return std::nullopt;
    return frames;
}

bool arePossible(const PlainFrames& frames, qint64 fileBytes) {
    const int bits = frames.bitsAllocated;
    return (bits == 8 || bits == 16 || bits == 32) && frames.bitsStored >= 1 && frames.bitsStored <= bits &&
           frames.highBit >= frames.bitsStored - 1 && frames.highBit < bits && frames.frameCount >= 1 &&
           frames.frameBytes > 0 && frames.frameBytes <= DataSetLimits().frameBytes && frames.offset >= 0 &&
           frames.offset <= fileBytes && frames.frameCount <= (fileBytes - frames.offset) / frames.frameBytes;
}

Status readPlainFrame(const ByteSource& source, const PlainFrames& frames, int frame, std::span<std::byte> target) {
    if (frame < 0 || frame >= frames.frameCount)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("frame %1 of %2").arg(frame).arg(frames.frameCount));
    if (target.size() != static_cast<size_t>(frames.frameBytes))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("%1 bytes for a frame").arg(target.size()));
    constexpr size_t kPiece = 1 << 20; // still in the cache when its bits are put right
    qint64 offset = frames.offset + frames.frameBytes * frame;
    while (!target.empty()) {
        const std::span<std::byte> piece = target.first(std::min(target.size(), kPiece));
        const auto got = source.read(offset, piece);
        if (!got)
            return fail(got.error());
        if (*got != piece.size())
            return fail(ErrorCode::DataSetTruncated, QStringLiteral("the file became shorter"));
        normaliseSamples(piece, frames.bitsAllocated, frames.highBit, frames.bitsStored, frames.isSigned);
        offset += static_cast<qint64>(piece.size());
        target = target.subspan(piece.size());
    }
    return {};
}

} // namespace yz::dicom
