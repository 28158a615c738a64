#pragma once

#include "core/result.h"
#include "dicom/data/byte_source.h"

#include <QByteArray>
#include <QString>
#include <optional>

/// What a received data set may ask for before a parser or a decoder sees it. The parser behind this recurses per
/// nesting level and allocates what an element declares, so both are checked here by a walk over tags and lengths
/// alone.
namespace yz::dicom {

/// The one table of limits, each with its reason. Time and memory of the process that parses come on top of them:
/// worker_pool.h (10 s a header, 20 s a frame), decoder/lockdown.cpp (2 GB of address space).
struct DataSetLimits {
    /// DCMTK recurses: 6,000 levels end its parser by a stack overflow. The deepest real objects (SR trees, enhanced
    /// functional groups) stay below 20.
    int sequenceDepth = 64;
    /// DCMTK takes about 200 bytes for an empty element: 200 MB. An enhanced CT of 2,000 frames has 100,000.
    int elementCount = 1'000'000;
    /// Before pixel data nothing real is larger than an encapsulated document; encoded frames count here, too.
    qint64 elementBytes = 512LL << 20;
    /// Everything before the pixel data: it is read into memory as one piece.
    qint64 headerBytes = 256LL << 20;
    /// One decoded frame: 128 megapixels of 16 bits, four times the largest mammogram; leaves a codec room to work in.
    qint64 frameBytes = 256LL << 20;
    /// One entry of 24 bytes is kept for each; a video of an hour has 200,000.
    qint64 fragmentCount = 1'000'000;
    /// Deflated syntax, output per input byte above the allowance. Deflate reaches 1,032; images reach 2 to 4,
    /// masks 50.
    qint64 inflatedPerByte = 100;
    /// What a small file may grow to whatever its ratio: an empty 2048 x 4096 mask.
    qint64 inflatedAllowance = 16LL << 20;
    /// The inflated data set is held in memory.
    qint64 inflatedBytes = 1LL << 30;
};

/// PS3.5 7.1 and Annex A: how elements are written.
enum class Encoding { ImplicitLittle, ExplicitLittle, ExplicitBig };

/// The top-level pixel element. Offsets count from the start of the source.
struct PixelElement {
    quint16 element = 0x0010; ///< (7FE0,0008) float, (7FE0,0009) double, (7FE0,0010) integer
    QByteArray vr;            ///< "OB", "OW", ...; empty in implicit VR
    qint64 valueOffset = 0;
    std::optional<qint64> length; ///< as declared, may exceed the source; none: encapsulated fragments
};

/// What the walk found out.
struct DataSetOutline {
    Encoding encoding = Encoding::ExplicitLittle;
    qint64 offset = 0;    ///< of the first element
    qint64 headerEnd = 0; ///< offset of the first top-level element at or above (7FE0,0008), or the end
    int elementCount = 0;
    int sequenceDepth = 0;
    /// Written by the book as far as the walk sees: known VRs, even lengths, rising tags, nothing that a reader could
    /// take for a sequence or not. False says nothing about what is wrong.
    bool isRegular = true;
    std::optional<PixelElement> pixels;
};

/// Sees the elements of the top level that are no sequences and lie before the pixel data, while they are walked over.
class ElementSink {
public:
    virtual ~ElementSink() = default;
    /// `vr`: two letters, null in implicit VR. `value`: `length` bytes, valid during the call; null when there are more
    /// than kLongest.
    virtual void take(quint32 tag, const char* vr, const uchar* value, quint32 length) = 0;
    static constexpr quint32 kLongest = 4096;
    /// Every element of the top level, sequences among them, before anything else is known about it.
    virtual void pass(quint32 tag) { (void)tag; }
};

/// Walks the elements from `offset` up to the pixel data without recursion and without reading values. LimitExceeded,
/// DataSetTruncated, DataSetBroken.
[[nodiscard]] Result<DataSetOutline> outlineDataSet(const ByteSource& source, qint64 offset, Encoding encoding,
                                                    const DataSetLimits& limits = {}, ElementSink* sink = nullptr);

/// Raw deflate (PS3.5 A.5) from `offset` to the end, refused when it grows beyond the limits.
[[nodiscard]] Result<QByteArray> inflateDataSet(const ByteSource& source, qint64 offset,
                                                const DataSetLimits& limits = {});

/// True when the element at `offset` starts with a VR of PS3.5 6.2 rather than with an implicit length.
[[nodiscard]] bool looksExplicit(const ByteSource& source, qint64 offset);

/// Check of a data set as it came from the network, before it is parsed.
[[nodiscard]] Status checkDataSet(const QByteArray& dataSet, const QString& transferSyntax,
                                  const DataSetLimits& limits = {});

} // namespace yz::dicom
