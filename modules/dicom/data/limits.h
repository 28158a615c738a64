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

struct DataSetLimits {
    int sequenceDepth = 64;
    int elementCount = 1'000'000;
    qint64 elementBytes = 512LL << 20;
    qint64 headerBytes = 256LL << 20; ///< everything before the pixel data
    qint64 frameBytes = 256LL << 20;  ///< one decoded frame
    qint64 fragmentCount = 1'000'000;
    qint64 inflatedPerByte = 100; ///< deflated syntax: output per input byte, above the allowance
    qint64 inflatedAllowance = 16LL << 20;
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
    std::optional<PixelElement> pixels;
};

/// Walks the elements from `offset` up to the pixel data without recursion and without reading values. LimitExceeded,
/// DataSetTruncated, DataSetBroken.
[[nodiscard]] Result<DataSetOutline> outlineDataSet(const ByteSource& source, qint64 offset, Encoding encoding,
                                                    const DataSetLimits& limits = {});

/// Raw deflate (PS3.5 A.5) from `offset` to the end, refused when it grows beyond the limits.
[[nodiscard]] Result<QByteArray> inflateDataSet(const ByteSource& source, qint64 offset,
                                                const DataSetLimits& limits = {});

/// True when the element at `offset` starts with a VR of PS3.5 6.2 rather than with an implicit length.
[[nodiscard]] bool looksExplicit(const ByteSource& source, qint64 offset);

/// Check of a data set as it came from the network, before it is parsed.
[[nodiscard]] Status checkDataSet(const QByteArray& dataSet, const QString& transferSyntax,
                                  const DataSetLimits& limits = {});

} // namespace yz::dicom
