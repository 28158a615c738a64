#include "dicom/data/luts_dcmtk.h"

#include <algorithm>

namespace yz::dicom {

namespace {

constexpr size_t kMaximumEntries = 65536;

struct Descriptor {
    size_t entries = 0;
    int firstMapped = 0;
    int bits = 16;
};

std::optional<Descriptor> readDescriptor(DcmItem& item, const DcmTagKey& tag, bool isSignedInput) {
    // US or SS by the input's sign; written with either, so all three are taken as 16-bit patterns.
    const auto pattern = [&](unsigned long index) -> std::optional<quint16> {
        const auto value = integer(item, tag, index);
        return value ? std::optional<quint16>(static_cast<quint16>(*value)) : std::nullopt;
    };
    const auto entries = pattern(0);
    const auto first = pattern(1);
    const auto bits = pattern(2);
    if (!entries || !first || !bits || *bits < 1 || *bits > 16)
        return std::nullopt;
    Descriptor descriptor;
    descriptor.entries = *entries == 0 ? kMaximumEntries : *entries; // PS3.3 C.11.1.1
    descriptor.firstMapped = isSignedInput ? static_cast<qint16>(*first) : *first;
    descriptor.bits = *bits;
    return descriptor;
}

/// Entries of up to 8 bits may be packed two a word, low byte first.
std::vector<quint16> unpackedEntries(std::vector<quint16> data, const Descriptor& descriptor) {
    if (descriptor.bits <= 8 && data.size() < descriptor.entries && data.size() == (descriptor.entries + 1) / 2) {
        std::vector<quint16> bytes;
        bytes.reserve(data.size() * 2);
        for (const quint16 word : data) {
            bytes.push_back(word & 0xFF);
            bytes.push_back(word >> 8);
        }
        data = std::move(bytes);
    }
    if (data.size() > descriptor.entries)
        data.resize(descriptor.entries);
    return data;
}

/// PS3.3 C.7.9.2: discrete, linear and indirect segments.
class SegmentExpander {
public:
    SegmentExpander(const std::vector<quint16>& segments, size_t limit) : m_in(segments), m_limit(limit) {}

    std::vector<quint16> run() {
        size_t pos = 0;
        while (pos + 1 < m_in.size() && m_out.size() < m_limit)
            if (!segment(pos, true))
                break;
        return std::move(m_out);
    }

private:
    bool segment(size_t& pos, bool mayRefer) {
        if (pos + 2 > m_in.size())
            return false;
        const quint16 opcode = m_in[pos];
        const size_t length = m_in[pos + 1];
        pos += 2;
        switch (opcode) {
        case 0:
            if (length > m_in.size() - pos)
                return false;
            for (size_t i = 0; i < length; ++i)
                append(m_in[pos + i]);
            pos += length;
            return true;
        case 1: {
            if (pos >= m_in.size() || m_out.empty() || length == 0)
                return false;
            const double from = m_out.back();
            const double to = m_in[pos++];
            for (size_t i = 1; i <= length; ++i)
                append(static_cast<quint16>(from + (to - from) * static_cast<double>(i) / static_cast<double>(length) +
                                            0.5));
            return true;
        }
        case 2: {
            if (!mayRefer || pos + 2 > m_in.size())
                return false;
            size_t target = (size_t(m_in[pos + 1]) << 16 | m_in[pos]) / 2; // a byte offset, low word first
            pos += 2;
            for (size_t i = 0; i < length; ++i)
                if (!segment(target, false))
                    return false;
            return true;
        }
        default:
            return false;
        }
    }
    void append(quint16 value) {
        if (m_out.size() < m_limit)
            m_out.push_back(value);
    }

    const std::vector<quint16>& m_in;
    size_t m_limit;
    std::vector<quint16> m_out;
};

} // namespace

std::optional<Lut> readLut(DcmItem& item, TextDecoder& decoder, bool isSignedInput) {
    const auto descriptor = readDescriptor(item, DCM_LUTDescriptor, isSignedInput);
    if (!descriptor)
        return std::nullopt;
    Lut lut;
    lut.firstMapped = descriptor->firstMapped;
    lut.bitsPerEntry = descriptor->bits;
    lut.entries = unpackedEntries(words(item, DCM_LUTData, kMaximumEntries), *descriptor);
    lut.explanation = text(item, DCM_LUTExplanation, decoder);
    if (lut.explanation.isEmpty())
        lut.explanation = text(item, DCM_ModalityLUTType, decoder);
    if (lut.entries.size() != descriptor->entries)
        return std::nullopt;
    return lut;
}

Lut readPalette(DcmItem& item, const PaletteTags& tags, bool isSignedInput) {
    const auto descriptor = readDescriptor(item, tags.descriptor, isSignedInput);
    if (!descriptor)
        return {};
    Lut lut;
    lut.firstMapped = descriptor->firstMapped;
    lut.bitsPerEntry = descriptor->bits;
    const std::vector<quint16> segmented = words(item, tags.segmented, kMaximumEntries * 4);
    lut.entries = segmented.empty() ? unpackedEntries(words(item, tags.data, kMaximumEntries), *descriptor)
                                    : SegmentExpander(segmented, descriptor->entries).run();
    if (lut.entries.size() != descriptor->entries)
        return {};
    // Descriptors that say 16 bits over 8-bit entries: the values decide, or the picture would be black.
    if (lut.bitsPerEntry == 16 && *std::max_element(lut.entries.begin(), lut.entries.end()) < 256)
        lut.bitsPerEntry = 8;
    return lut;
}

} // namespace yz::dicom
