#include "dicom/data/file_meta_dcmtk.h"

#include "dicom/codec/transfer_syntax.h"
#include "dicom/data/prepare.h"

#include <dcmtk/dcmdata/dcistrmb.h>

#include <array>
#include <cstring>
#include <utility>

namespace yz::dicom {

namespace {

constexpr qint64 kPreambleBytes = 128;
constexpr qint64 kMetaLimit = 1 << 20;

/// Parses bytes that the walk has checked. Values are copied, `bytes` need not outlive the call.
Result<std::unique_ptr<DcmDataset>> parse(const QByteArray& bytes, E_TransferSyntax syntax) {
    auto dataSet = std::make_unique<DcmDataset>();
    DcmInputBufferStream stream;
    stream.setBuffer(bytes.constData(), bytes.size());
    stream.setEos();
    dataSet->transferInit();
    const OFCondition status = dataSet->read(stream, syntax, EGL_noChange);
    dataSet->transferEnd();
    if (status.bad())
        return fail(ErrorCode::DataSetBroken, QString::fromLatin1(status.text()));
    return dataSet;
}

/// Group 0002 as a walk over its elements finds it.
struct MetaGroup {
    qint64 end = 0;        ///< -1: cut off
    QString syntax;        ///< (0002,0010) where the group is written by the book; empty: to be parsed
    bool isRegular = true; ///< known VRs, even lengths, rising tags
};

/// A UID with at most one NUL behind it; empty when it is anything else.
QString plainUid(const QByteArray& value) {
    const QByteArrayView uid(value.constData(), value.endsWith('\0') ? value.size() - 1 : value.size());
    const bool isPlain = std::all_of(uid.begin(), uid.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    return isPlain ? QString::fromLatin1(uid) : QString();
}

/// Group 0002 is explicit little endian and flat (PS3.10 7.1).
MetaGroup walkMeta(const ByteSource& source, qint64 offset) {
    static constexpr std::array<const char*, 6> kLong{"OB", "OW", "UN", "UT", "SQ", "OF"};
    static constexpr std::array<const char*, 5> kUsual{"OB", "UI", "SH", "AE", "UL"}; // all that PS3.10 7.1 has
    const auto isOneOf = [](const auto& list, const uchar* vr) {
        return std::any_of(list.begin(), list.end(), [vr](const char* l) { return vr[0] == l[0] && vr[1] == l[1]; });
    };
    const qint64 limit = std::min(source.size(), offset + kMetaLimit);
    MetaGroup meta;
    int lastTag = -1;
    qint64 pos = offset;
    std::array<std::byte, 12> head{};
    while (pos + 8 <= limit) {
        const auto got = source.read(pos, head);
        const auto* p = reinterpret_cast<const uchar*>(head.data());
        if (!got || *got < 8 || p[0] != 0x02 || p[1] != 0x00)
            break;
        const bool isLong = isOneOf(kLong, p + 4);
        const qint64 length = isLong ? qint64(p[8]) | qint64(p[9]) << 8 | qint64(p[10]) << 16 | qint64(p[11]) << 24
                                     : qint64(p[6]) | qint64(p[7]) << 8;
        const qint64 next = pos + (isLong ? 12 : 8) + length;
        if (next > limit) {
            meta.end = -1;
            return meta;
        }
        constexpr int kTransferSyntaxUid = 0x0010;
        const int tag = p[2] | p[3] << 8;
        meta.isRegular = meta.isRegular && tag > lastTag && length % 2 == 0 && isOneOf(kUsual, p + 4);
        lastTag = tag;
        if (tag == kTransferSyntaxUid && p[4] == 'U' && p[5] == 'I')
            if (const auto value = readExactly(source, pos + 8, length))
                meta.syntax = plainUid(*value);
        pos = next;
    }
    meta.end = pos;
    return meta;
}

QString parsedSyntax(const QByteArray& meta, bool isSafe) {
    const Result<std::unique_ptr<DcmDataset>> parsed =
        isSafe ? parse(meta, EXS_LittleEndianExplicit) : fail(ErrorCode::DataSetBroken);
    OFString uid;
    if (!parsed || (*parsed)->findAndGetOFString(DCM_TransferSyntaxUID, uid).bad())
        return {};
    return QString::fromLatin1(uid.c_str()).trimmed();
}

QString guessSyntax(const ByteSource& source, qint64 offset) {
    return looksExplicit(source, offset) ? QStringLiteral("1.2.840.10008.1.2.1") : QStringLiteral("1.2.840.10008.1.2");
}

} // namespace

Result<FileMeta> readFileMeta(const ByteSource& source) {
    prepareDicom();
    std::array<std::byte, 132> head{};
    const auto got = source.read(0, head);
    if (!got)
        return fail(got.error());
    const auto* p = reinterpret_cast<const uchar*>(head.data());
    const bool hasPreamble = *got == head.size() && std::memcmp(p + kPreambleBytes, "DICM", 4) == 0;
    const bool startsWithMeta = *got >= 8 && p[0] == 0x02 && p[1] == 0x00;
    const bool startsWithData = *got >= 8 && p[1] == 0x00 && (p[0] == 0x08 || p[0] == 0x04);
    if (!hasPreamble && !startsWithMeta && !startsWithData)
        return fail(ErrorCode::NotDicom, QStringLiteral("neither a DICM mark nor a data set at the start"));
    FileMeta meta;
    const qint64 metaStart = hasPreamble ? kPreambleBytes + 4 : 0;
    meta.dataSetOffset = metaStart;
    if (hasPreamble || startsWithMeta) {
        const MetaGroup group = walkMeta(source, metaStart);
        if (group.end < 0)
            return fail(ErrorCode::DataSetTruncated, QStringLiteral("the file meta header is cut off"));
        meta.dataSetOffset = group.end;
        if (group.isRegular)
            meta.transferSyntax = group.syntax;
        if (meta.transferSyntax.isEmpty()) {
            const auto bytes = readExactly(source, metaStart, group.end - metaStart);
            if (!bytes)
                return fail(bytes.error());
            // The walk above reads lengths as group 0002 has them, DCMTK by the VR's letters, whatever they are.
            const auto outline = outlineDataSet(*memorySource(*bytes), 0, Encoding::ExplicitLittle);
            meta.transferSyntax = parsedSyntax(*bytes, outline.has_value());
        }
    }
    if (meta.transferSyntax.isEmpty())
        meta.transferSyntax = guessSyntax(source, meta.dataSetOffset);
    if (const TransferSyntax* syntax = findTransferSyntax(meta.transferSyntax)) {
        meta.encoding = syntax->encoding;
        meta.isDeflated = syntax->isDeflated;
    }
    return meta;
}

Result<ParsedHeader> parseHeader(ByteSourcePtr source, const DataSetLimits& limits) {
    ByteSourcePtr bytesOf = withHeadInMemory(source);
    auto meta = readFileMeta(*bytesOf);
    if (!meta)
        return fail(meta.error());
    ParsedHeader header;
    header.meta = *meta;
    header.source = std::move(source);
    qint64 offset = meta->dataSetOffset;
    if (meta->isDeflated) {
        Result<QByteArray> inflated = inflateDataSet(*header.source, offset, limits);
        if (!inflated)
            return fail(inflated.error());
        header.source = memorySource(std::move(*inflated));
        bytesOf = header.source;
        offset = 0;
    }
    if (header.source->size() <= offset)
        return fail(ErrorCode::DataSetTruncated, QStringLiteral("no data set"));
    // The VR field tells implicit from explicit better than some meta headers do.
    if (meta->encoding != Encoding::ExplicitBig)
        header.meta.encoding = looksExplicit(*bytesOf, offset) ? Encoding::ExplicitLittle : Encoding::ImplicitLittle;
    auto outline = outlineDataSet(*bytesOf, offset, header.meta.encoding, limits);
    if (!outline)
        return fail(outline.error());
    header.outline = *outline;
    const auto bytes = readExactly(*bytesOf, offset, outline->headerEnd - offset);
    if (!bytes)
        return fail(bytes.error());
    const E_TransferSyntax syntax = header.meta.encoding == Encoding::ExplicitBig      ? EXS_BigEndianExplicit
                                    : header.meta.encoding == Encoding::ImplicitLittle ? EXS_LittleEndianImplicit
                                                                                       : EXS_LittleEndianExplicit;
    auto dataSet = parse(*bytes, syntax);
    if (!dataSet)
        return fail(dataSet.error());
    header.dataSet = std::move(*dataSet);
    return header;
}

} // namespace yz::dicom
