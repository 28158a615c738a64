#include "dicom/data/frame_bytes.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace yz::dicom {

namespace {

quint32 little32(const std::byte* bytes) {
    const auto* p = reinterpret_cast<const uchar*>(bytes);
    return quint32(p[3]) << 24 | quint32(p[2]) << 16 | quint32(p[1]) << 8 | p[0];
}

constexpr quint32 kItemLittle = 0xE000FFFE; // the tag's four bytes read as one little-endian number
constexpr quint32 kSequenceEndLittle = 0xE0DDFFFE;

/// Big endian swaps words of the VR's size (PS3.5 7.3): OW 2 bytes, OL and OF 4, OB none.
void swapWords(SampleBytes& bytes, size_t width) {
    for (size_t i = 0; i + width <= bytes.size(); i += width)
        std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                     bytes.begin() + static_cast<std::ptrdiff_t>(i + width));
}

} // namespace

FrameBytes::FrameBytes(PixelElement pixels, const FrameLayout& layout, const TransferSyntax& syntax, Encoding encoding,
                       std::vector<quint64> extendedOffsets)
    : m_pixels(std::move(pixels)), m_layout(layout), m_syntax(syntax), m_encoding(encoding),
      m_extendedOffsets(std::move(extendedOffsets)) {}

Result<SampleBytes> FrameBytes::read(const ByteSource& source, int frame) const {
    if (frame < 0 || frame >= m_layout.frameCount)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("frame %1 of %2").arg(frame).arg(m_layout.frameCount));
    return m_pixels.length ? readNative(source, frame) : readFragments(source, frame);
}

Result<SampleBytes> FrameBytes::readNative(const ByteSource& source, int frame) const {
    if (m_syntax.isEncapsulated)
        return fail(ErrorCode::PixelDataBroken, QStringLiteral("compressed syntax without fragments"));
    const qint64 bits = m_layout.nativeBits();
    const qint64 firstBit = bits * frame;
    qint64 begin = firstBit / 8;
    qint64 end = (firstBit + bits + 7) / 8;
    const size_t swap = m_encoding != Encoding::ExplicitBig ? 1
                        : m_pixels.vr == "OF"               ? 4
                        : m_pixels.vr == "OD"               ? 8
                        : m_pixels.vr == "OW"               ? 2
                                                            : 1;
    const qint64 lead = begin % static_cast<qint64>(swap); // whole words only, an odd frame may start inside one
    const qint64 trail = (static_cast<qint64>(swap) - end % static_cast<qint64>(swap)) % static_cast<qint64>(swap);
    begin -= lead;
    end += trail;
    const qint64 available = std::min(*m_pixels.length, source.size() - m_pixels.valueOffset);
    if (end - trail > available)
        return fail(
            ErrorCode::PixelDataBroken,
            QStringLiteral("frame %1 ends at byte %2, the pixel data has %3").arg(frame).arg(end).arg(available));
    SampleBytes bytes(static_cast<size_t>(end - begin));
    const auto got = source.read(m_pixels.valueOffset + begin, bytes);
    if (!got)
        return fail(got.error());
    if (*got < static_cast<size_t>(end - begin - trail))
        return fail(ErrorCode::DataSetTruncated, QStringLiteral("the file became shorter"));
    if (swap > 1) {
        swapWords(bytes, swap);
        std::copy(bytes.begin() + lead, bytes.end() - trail, bytes.begin());
        bytes.resize(bytes.size() - static_cast<size_t>(lead + trail));
    }
    if (const int shift = static_cast<int>(firstBit % 8); shift != 0) { // a one-bit frame that starts inside a byte
        for (size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = bytes[i] >> shift | (i + 1 < bytes.size() ? bytes[i + 1] << (8 - shift) : std::byte{0});
    }
    return bytes;
}

Status FrameBytes::listFragments(const ByteSource& source) const {
    constexpr size_t kWindow = 64 * 1024;
    SampleBytes window(kWindow);
    qint64 windowStart = 0;
    size_t filled = 0;
    const DataSetLimits limits;
    qint64 pos = m_pixels.valueOffset;
    qint64 firstItem = -1;
    bool isTable = true;
    std::vector<quint32> basicOffsets;
    for (;;) {
        if (pos < windowStart || pos + 8 > windowStart + static_cast<qint64>(filled)) {
            const auto got = source.read(pos, window);
            if (!got)
                return fail(got.error());
            windowStart = pos;
            filled = *got;
            if (filled < 8)
                break; // no delimiter: what came is used, a cut fragment was refused below
        }
        const std::byte* head = window.data() + (pos - windowStart);
        const quint32 tag = little32(head);
        const qint64 length = little32(head + 4);
        if (tag == kSequenceEndLittle)
            break;
        if (tag != kItemLittle)
            return fail(ErrorCode::PixelDataBroken, QStringLiteral("something else than a fragment in the pixel data"));
        const qint64 left = source.size() - pos - 8;
        if (isTable) {
            if (length > left)
                return fail(ErrorCode::PixelDataBroken, QStringLiteral("the offset table is cut off"));
            const auto table = readExactly(source, pos + 8, length);
            if (!table)
                return fail(table.error());
            basicOffsets.resize(static_cast<size_t>(length) / 4);
            for (size_t i = 0; i < basicOffsets.size(); ++i)
                basicOffsets[i] = little32(reinterpret_cast<const std::byte*>(table->constData()) + 4 * i);
            isTable = false;
        } else {
            if (firstItem < 0)
                firstItem = pos;
            m_fragments.push_back({pos + 8, std::min(length, left), pos - firstItem});
            if (static_cast<qint64>(m_fragments.size()) > limits.fragmentCount)
                return fail(ErrorCode::LimitExceeded, QStringLiteral("too many fragments"));
            if (length > left)
                break;
        }
        pos += 8 + length;
    }
    if (m_fragments.empty())
        return fail(ErrorCode::PixelDataMissing, QStringLiteral("no fragments"));
    return assignFrames(source, basicOffsets);
}

bool FrameBytes::assignByOffsets(const std::vector<quint64>& offsets) const {
    if (offsets.size() != static_cast<size_t>(m_layout.frameCount))
        return false;
    std::vector<size_t> firsts;
    size_t fragment = 0;
    for (const quint64 offset : offsets) {
        while (fragment < m_fragments.size() && static_cast<quint64>(m_fragments[fragment].start) < offset)
            ++fragment;
        if (fragment == m_fragments.size() || static_cast<quint64>(m_fragments[fragment].start) != offset)
            return false;
        if (!firsts.empty() && firsts.back() == fragment)
            return false;
        firsts.push_back(fragment);
    }
    if (firsts.front() != 0)
        return false;
    for (size_t i = 0; i < firsts.size(); ++i)
        m_frames.push_back({firsts[i], (i + 1 < firsts.size() ? firsts[i + 1] : m_fragments.size()) - firsts[i]});
    return true;
}

Status FrameBytes::assignFrames(const ByteSource& source, const std::vector<quint32>& basicOffsets) const {
    const auto frames = static_cast<size_t>(m_layout.frameCount);
    if (frames == 1) {
        m_frames = {{0, m_fragments.size()}};
        return {};
    }
    // PS3.3 C.7.6.3.1.8, PS3.5 A.4: a table that does not fit the fragments is not believed.
    if (assignByOffsets(m_extendedOffsets) ||
        assignByOffsets(std::vector<quint64>(basicOffsets.begin(), basicOffsets.end())))
        return {};
    if (m_fragments.size() == frames) {
        for (size_t i = 0; i < frames; ++i)
            m_frames.push_back({i, 1});
        return {};
    }
    // Start of a JPEG or JPEG-LS stream (SOI, then another marker), of a JPEG 2000 codestream (SOC, SIZ) or file, or of
    // an RLE frame (its count of segments, of which the first follows the header).
    std::array<std::byte, 8> head{};
    const auto segments = static_cast<quint32>(m_layout.samplesPerPixel * std::max(1, m_layout.bitsAllocated / 8));
    for (size_t i = 0; i < m_fragments.size(); ++i) {
        const auto got = source.read(m_fragments[i].offset, head);
        const bool hasHead = got && *got == head.size() && m_fragments[i].length >= static_cast<qint64>(head.size());
        const quint32 mark = hasHead ? little32(head.data()) : 0;
        const quint32 second = hasHead ? little32(head.data() + 4) : 0;
        const bool isStart = m_syntax.codecId == CodecId::Rle ? mark == segments && second == 64
                                                              : (mark & 0xFFFFFF) == 0xFFD8FF || mark == 0x51FF4FFF ||
                                                                    (mark == 0x0C000000 && second == 0x2020506A);
        if (isStart)
            m_frames.push_back({i, 1});
        else if (!m_frames.empty())
            ++m_frames.back().count;
        else
            break;
    }
    if (m_frames.size() == frames)
        return {};
    const auto found = m_frames.size();
    m_frames.clear();
    return fail(
        ErrorCode::PixelDataBroken,
        QStringLiteral("%1 fragments hold %2 frames, %3 are declared").arg(m_fragments.size()).arg(found).arg(frames));
}

Result<SampleBytes> FrameBytes::readFragments(const ByteSource& source, int frame) const {
    Span span;
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_listing)
            m_listing = listFragments(source);
        if (!*m_listing)
            return fail(m_listing->error());
        span = m_frames[static_cast<size_t>(frame)];
    }
    qint64 total = 0;
    for (size_t i = span.first; i < span.first + span.count; ++i)
        total += m_fragments[i].length;
    const DataSetLimits limits;
    if (total > limits.elementBytes)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("an encoded frame larger than the limit"));
    SampleBytes bytes(static_cast<size_t>(total));
    size_t done = 0;
    for (size_t i = span.first; i < span.first + span.count; ++i) {
        const auto length = static_cast<size_t>(m_fragments[i].length);
        const auto got = source.read(m_fragments[i].offset, std::span(bytes).subspan(done, length));
        if (!got)
            return fail(got.error());
        if (*got != length)
            return fail(ErrorCode::DataSetTruncated, QStringLiteral("the file became shorter"));
        done += length;
    }
    return bytes;
}

} // namespace yz::dicom
