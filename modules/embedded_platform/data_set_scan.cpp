#include "embedded_platform/data_set_scan.h"

#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dctag.h>

#include <QtEndian>
#include <vector>

namespace yz::platform {

namespace {

constexpr quint32 kUndefined = 0xFFFFFFFF;
constexpr quint32 kItem = 0xFFFEE000;
constexpr quint32 kItemEnd = 0xFFFEE00D;
constexpr quint32 kSequenceEnd = 0xFFFEE0DD;
constexpr quint32 kPixelData = 0x7FE00010;

struct Encoding {
    bool explicitVr = true;
    bool bigEndian = false;
};

struct Frame {
    enum class Kind { Elements, Sequence, Fragments };
    Kind kind = Kind::Elements;
    qint64 end = -1; ///< -1: ended by a delimiter
    Encoding encoding;
    bool isGuess = false; ///< private implicit element that looks like a sequence: a broken inside is not an error
};

bool isLetter(char c) { return c >= 'A' && c <= 'Z'; }

bool hasLongLength(const char* vr) {
    static constexpr const char* kShort[] = {"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO",
                                             "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"};
    for (const char* name : kShort)
        if (vr[0] == name[0] && vr[1] == name[1])
            return false;
    return true;
}

bool isSequenceByDictionary(quint32 tag) {
    return DcmTag(static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF)).getEVR() == EVR_SQ;
}

class Scanner {
public:
    Scanner(QByteArrayView bytes, Encoding encoding, const ScanLimits& limits, bool onlyMetaGroup)
        : m_bytes(bytes), m_limits(limits), m_onlyMetaGroup(onlyMetaGroup) {
        m_frames.push_back({Frame::Kind::Elements, bytes.size(), encoding, false});
    }

    Result<qint64> run() {
        while (true) {
            closeFinished();
            if (m_frames.size() == 1 && m_position == m_bytes.size())
                return m_position;
            if (m_frames.size() == 1 && m_onlyMetaGroup && atOtherGroup())
                return m_position;
            Status step = stepOnce();
            if (!step && step.error().code != ErrorCode::LimitExceeded && leaveGuess())
                continue;
            if (!step)
                return fail(step.error());
        }
    }

private:
    [[nodiscard]] qint64 left() const { return m_bytes.size() - m_position; }

    [[nodiscard]] quint32 read32(qint64 at, bool bigEndian) const {
        const auto* data = reinterpret_cast<const uchar*>(m_bytes.data()) + at;
        return bigEndian ? qFromBigEndian<quint32>(data) : qFromLittleEndian<quint32>(data);
    }
    [[nodiscard]] quint16 read16(qint64 at, bool bigEndian) const {
        const auto* data = reinterpret_cast<const uchar*>(m_bytes.data()) + at;
        return bigEndian ? qFromBigEndian<quint16>(data) : qFromLittleEndian<quint16>(data);
    }
    [[nodiscard]] quint32 tagAt(qint64 at, bool bigEndian) const {
        return (static_cast<quint32>(read16(at, bigEndian)) << 16) | read16(at + 2, bigEndian);
    }

    [[nodiscard]] bool atOtherGroup() const { return left() < 2 || read16(m_position, false) != 2; }

    void closeFinished() {
        while (m_frames.size() > 1 && m_frames.back().end >= 0 && m_position >= m_frames.back().end)
            m_frames.pop_back();
    }

    bool leaveGuess() {
        for (size_t i = m_frames.size(); i-- > 1;)
            if (m_frames[i].isGuess) {
                m_position = m_frames[i].end;
                m_frames.resize(i);
                return true;
            }
        return false;
    }

    /// How far the innermost element of known length reaches.
    [[nodiscard]] qint64 bound() const {
        for (size_t i = m_frames.size(); i-- > 0;)
            if (m_frames[i].end >= 0)
                return m_frames[i].end;
        return m_bytes.size();
    }

    Status push(Frame::Kind kind, quint32 length, Encoding encoding, bool isGuess = false) {
        if (static_cast<int>(m_frames.size()) > 2 * m_limits.depth)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("nesting deeper than %1").arg(m_limits.depth));
        if (length != kUndefined && m_position + length > bound())
            return fail(ErrorCode::DataSetTruncated, QStringLiteral("sequence reaches past the end"));
        m_frames.push_back({kind, length == kUndefined ? -1 : m_position + length, encoding, isGuess});
        return {};
    }

    Status skip(quint32 length) {
        if (m_position + length > bound())
            return fail(ErrorCode::DataSetTruncated, QStringLiteral("element reaches past the end"));
        if (length > m_limits.elementBytes)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("element of %1 bytes").arg(length));
        m_position += length;
        return {};
    }

    Status stepOnce() {
        if (++m_elements > m_limits.elements)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("more than %1 elements").arg(m_limits.elements));
        if (left() < 8)
            return fail(ErrorCode::DataSetTruncated, QStringLiteral("ends inside an element header"));
        const Frame frame = m_frames.back();
        const quint32 tag = tagAt(m_position, frame.encoding.bigEndian);
        return frame.kind == Frame::Kind::Elements ? stepElement(frame, tag) : stepItem(frame, tag);
    }

    Status stepItem(const Frame& frame, quint32 tag) {
        const quint32 length = read32(m_position + 4, frame.encoding.bigEndian);
        m_position += 8;
        if (tag == kSequenceEnd) {
            if (frame.end < 0)
                m_frames.pop_back();
            return {};
        }
        if (tag != kItem)
            return fail(ErrorCode::DataSetBroken, QStringLiteral("no item in a sequence"));
        if (frame.kind == Frame::Kind::Fragments)
            return length == kUndefined ? fail(ErrorCode::DataSetBroken, QStringLiteral("endless fragment"))
                                        : skip(length);
        return push(Frame::Kind::Elements, length, frame.encoding);
    }

    Status stepElement(const Frame& frame, quint32 tag) {
        if (tag == kItemEnd && m_frames.size() > 1) {
            m_position += 8;
            if (frame.end < 0)
                m_frames.pop_back();
            return {};
        }
        if ((tag >> 16) == 0xFFFE)
            return fail(ErrorCode::DataSetBroken, QStringLiteral("item outside a sequence"));
        return frame.encoding.explicitVr ? stepExplicit(frame, tag) : stepImplicit(frame, tag);
    }

    Status stepExplicit(const Frame& frame, quint32 tag) {
        const char* vr = m_bytes.data() + m_position + 4;
        if (!isLetter(vr[0]) || !isLetter(vr[1]))
            return fail(ErrorCode::DataSetBroken, QStringLiteral("no value representation"));
        quint32 length = 0;
        if (hasLongLength(vr)) {
            if (left() < 12)
                return fail(ErrorCode::DataSetTruncated, QStringLiteral("ends inside an element header"));
            length = read32(m_position + 8, frame.encoding.bigEndian);
            m_position += 12;
        } else {
            length = read16(m_position + 6, frame.encoding.bigEndian);
            m_position += 8;
        }
        if (vr[0] == 'S' && vr[1] == 'Q')
            return push(Frame::Kind::Sequence, length, frame.encoding);
        if (length != kUndefined)
            return skip(length);
        if (tag == kPixelData || (vr[0] == 'O' && (vr[1] == 'B' || vr[1] == 'W')))
            return push(Frame::Kind::Fragments, length, frame.encoding);
        if (vr[0] == 'U' && vr[1] == 'N') // PS3.5 6.2.2: implicit little endian inside
            return push(Frame::Kind::Sequence, length, {false, false});
        return fail(ErrorCode::DataSetBroken, QStringLiteral("endless element that is no sequence"));
    }

    Status stepImplicit(const Frame& frame, quint32 tag) {
        const quint32 length = read32(m_position + 4, false);
        m_position += 8;
        if (length == kUndefined)
            return push(tag == kPixelData ? Frame::Kind::Fragments : Frame::Kind::Sequence, length, frame.encoding);
        if (isSequenceByDictionary(tag))
            return push(Frame::Kind::Sequence, length, frame.encoding);
        const bool isPrivate = ((tag >> 16) & 1U) != 0;
        if (isPrivate && length >= 8 && m_position + length <= bound() && tagAt(m_position, false) == kItem)
            return push(Frame::Kind::Sequence, length, frame.encoding, true);
        return skip(length);
    }

    QByteArrayView m_bytes;
    ScanLimits m_limits;
    bool m_onlyMetaGroup;
    qint64 m_position = 0;
    qint64 m_elements = 0;
    std::vector<Frame> m_frames;
};

} // namespace

Status scanDataSet(QByteArrayView bytes, E_TransferSyntax syntax, const ScanLimits& limits) {
    const DcmXfer xfer(syntax);
    const Encoding encoding{xfer.isExplicitVR() == OFTrue, xfer.getByteOrder() == EBO_BigEndian};
    return Scanner(bytes, encoding, limits, false).run().map([](qint64) {});
}

Result<qint64> metaHeaderLength(QByteArrayView bytes, const ScanLimits& limits) {
    return Scanner(bytes, {true, false}, limits, true).run();
}

Result<QByteArray> inflateDataSet(const QByteArray& bytes, const ScanLimits& limits) {
    constexpr qint64 kRatio = 100;
    constexpr qint64 kChunk = 256 * 1024;
    const qint64 most = qMin(limits.inflatedBytes, qMax(kRatio * bytes.size(), 4 * kChunk));
    DcmInputBufferStream stream;
    stream.setBuffer(bytes.constData(), bytes.size());
    stream.setEos();
    if (stream.installCompressionFilter(ESC_zlib).bad())
        return fail(ErrorCode::DataSetBroken, QStringLiteral("deflated data set cannot be read"));
    QByteArray out;
    QByteArray chunk(kChunk, Qt::Uninitialized);
    while (stream.good() && !stream.eos()) {
        const qint64 count = stream.read(chunk.data(), chunk.size());
        if (count <= 0)
            break;
        if (out.size() + count > most)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("inflates to more than %1 bytes").arg(most));
        out.append(chunk.constData(), count);
    }
    if (!stream.good())
        return fail(ErrorCode::DataSetBroken, QStringLiteral("deflated data set is damaged"));
    return out;
}

} // namespace yz::platform
