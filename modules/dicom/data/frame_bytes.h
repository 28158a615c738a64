#pragma once

#include "dicom/codec/frame_layout.h"
#include "dicom/codec/transfer_syntax.h"
#include "dicom/data/limits.h"

#include <mutex>
#include <optional>
#include <vector>

namespace yz::dicom {

/// Finds the bytes of one frame without touching the others. Thread-safe; the fragments are listed on first use.
class FrameBytes {
public:
    FrameBytes(PixelElement pixels, const FrameLayout& layout, const TransferSyntax& syntax, Encoding encoding,
               std::vector<quint64> extendedOffsets);

    /// The encoded bytes (encapsulated), or the native ones in little-endian order, of frame `frame` (0-based).
    /// `source`: what the offsets of the pixel element count in. PixelDataBroken, DataSetTruncated, LimitExceeded.
    [[nodiscard]] Result<SampleBytes> read(const ByteSource& source, int frame) const;

private:
    struct Fragment {
        qint64 offset = 0; ///< of the value in the source
        qint64 length = 0;
        qint64 start = 0; ///< of the item, counted from the first fragment's item, as offset tables do
    };
    struct Span {
        size_t first = 0;
        size_t count = 0;
    };
    [[nodiscard]] Result<SampleBytes> readNative(const ByteSource& source, int frame) const;
    [[nodiscard]] Result<SampleBytes> readFragments(const ByteSource& source, int frame) const;
    [[nodiscard]] Status listFragments(const ByteSource& source) const;
    [[nodiscard]] Status assignFrames(const ByteSource& source, const std::vector<quint32>& basicOffsets) const;
    [[nodiscard]] bool assignByOffsets(const std::vector<quint64>& offsets) const;

    PixelElement m_pixels;
    FrameLayout m_layout;
    const TransferSyntax& m_syntax;
    Encoding m_encoding;
    std::vector<quint64> m_extendedOffsets;

    mutable std::mutex m_mutex; ///< guards what follows while it is built
    mutable std::optional<Status> m_listing;
    mutable std::vector<Fragment> m_fragments;
    mutable std::vector<Span> m_frames;
};

} // namespace yz::dicom
