#include "dicom/report/report_signature_block.h"

#include "dicom/data/attributes_dcmtk.h"
#include "dicom/data/file_meta_dcmtk.h"
#include "dicom/data/part10_dcmtk.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <QCryptographicHash>
#include <QtEndian>

namespace yz::dicom {

namespace {

constexpr quint16 kGroup = 0x0099;
constexpr const char* kCreator = "YUANZHEN SIGNATURE 1.0";
constexpr qsizetype kDigestBytes = 32;
const DcmTagKey kCreatorTag(kGroup, 0x0010);
const DcmTagKey kSignatures(kGroup, 0x1001);
const DcmTagKey kRole(kGroup, 0x1011);
const DcmTagKey kManifest(kGroup, 0x1012);
const DcmTagKey kManifestLength(kGroup, 0x1013);
const DcmTagKey kCms(kGroup, 0x1014);
const DcmTagKey kCmsLength(kGroup, 0x1015);
const DcmTagKey kDigest(kGroup, 0x10FF);

const char* roleText(SignatureRecord::Role role) {
    return role == SignatureRecord::Role::Author ? "AUTHOR" : "REVIEWER";
}

bool putBytes(DcmItem& item, const DcmTagKey& tag, const DcmTagKey& lengthTag, const QByteArray& bytes) {
    QByteArray padded = bytes;
    if (padded.size() % 2 != 0)
        padded.append('\0');
    return item.putAndInsertUint8Array(DcmTag(tag, DcmVR(EVR_OB)), reinterpret_cast<const Uint8*>(padded.constData()),
                                       static_cast<unsigned long>(padded.size()))
               .good() &&
           item.putAndInsertUint32(DcmTag(lengthTag, DcmVR(EVR_UL)), static_cast<Uint32>(bytes.size())).good();
}

std::optional<QByteArray> takeBytes(DcmItem& item, const DcmTagKey& tag, const DcmTagKey& lengthTag) {
    DcmElement* element = nullptr;
    Uint8* bytes = nullptr;
    Uint32 length = 0;
    if (item.findAndGetElement(tag, element).bad() || element->getUint8Array(bytes).bad() ||
        item.findAndGetUint32(lengthTag, length).bad() || length > element->getLength())
        return std::nullopt;
    return QByteArray(reinterpret_cast<const char*>(bytes), static_cast<qsizetype>(length));
}

bool putCreator(DcmItem& item) { return item.putAndInsertString(DcmTag(kCreatorTag, DcmVR(EVR_LO)), kCreator).good(); }

/// The block's bytes with zeros in place of the digest.
Result<QByteArray> encodeBlock(const std::vector<SignatureRecord>& signatures) {
    DcmDataset block;
    auto sequence = std::make_unique<DcmSequenceOfItems>(DcmTag(kSignatures, DcmVR(EVR_SQ)));
    bool isGood = putCreator(block);
    for (const SignatureRecord& signature : signatures) {
        auto item = std::make_unique<DcmItem>();
        isGood = isGood && putCreator(*item) &&
                 item->putAndInsertString(DcmTag(kRole, DcmVR(EVR_CS)), roleText(signature.role)).good() &&
                 putBytes(*item, kManifest, kManifestLength, signature.manifest) &&
                 putBytes(*item, kCms, kCmsLength, signature.cms);
        isGood = isGood && sequence->append(item.get()).good();
        if (isGood)
            (void)item.release(); // the sequence owns it now
    }
    const std::vector<Uint8> zeros(kDigestBytes, 0);
    isGood = isGood && block.insert(sequence.get()).good();
    if (isGood)
        (void)sequence.release();
    isGood = isGood && block.putAndInsertUint8Array(DcmTag(kDigest, DcmVR(EVR_OB)), zeros.data(), zeros.size()).good();
    if (!isGood)
        return fail(ErrorCode::Internal, QStringLiteral("signature block"));
    return encodeDataSet(block, EXS_LittleEndianExplicit);
}

QByteArray digest(const QByteArray& bytes) { return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256); }

/// A file as this program writes it: same bytes after parsing and writing again, nothing at or above the block's group.
bool isCanonical(const QByteArray& file) {
    auto parsed = parseHeader(memorySource(file));
    if (!parsed || parsed->outline.pixels || parsed->outline.headerEnd != file.size())
        return false;
    DcmDataset& dataSet = *parsed->dataSet;
    if (DcmElement* last = dataSet.card() > 0 ? dataSet.getElement(dataSet.card() - 1) : nullptr;
        !last || last->getGTag() >= kGroup)
        return false;
    const auto again = toPart10(dataSet, EXS_LittleEndianExplicit);
    return again && *again == file;
}

/// Where the data set begins; 0: the file does not begin as PS3.10 7.1 says.
qsizetype dataSetAt(const QByteArray& file) {
    constexpr qsizetype kPrefixAt = 128, kMetaAt = 144;
    static const QByteArray groupLength("\x02\x00\x00\x00UL\x04\x00", 8);
    if (file.size() < kMetaAt || file.mid(kPrefixAt, 4) != "DICM" || file.mid(kPrefixAt + 4, 8) != groupLength)
        return 0;
    const auto length = static_cast<qsizetype>(qFromLittleEndian<quint32>(file.constData() + kMetaAt - 4));
    return length <= file.size() - kMetaAt ? kMetaAt + length : 0;
}

/// A UID of the file meta information, (0002,`element`); empty: there is none.
QString metaUid(const QByteArray& meta, char element) {
    const char head[] = {0x02, 0x00, element, 0x00, 'U', 'I'};
    const qsizetype at = meta.indexOf(QByteArray(head, sizeof head)) + qsizetype(sizeof head);
    if (at < qsizetype(sizeof head) || at + 2 > meta.size())
        return {};
    const auto length = static_cast<qsizetype>(qFromLittleEndian<quint16>(meta.constData() + at));
    QByteArray value = meta.mid(at + 2, length);
    if (value.endsWith('\0'))
        value.chop(1);
    return QString::fromLatin1(value);
}

} // namespace

QByteArray withOwnFileMeta(const QByteArray& file) {
    const qsizetype at = dataSetAt(file);
    const QByteArray meta = file.left(at);
    const QString sopClass = metaUid(meta, 0x02), instance = metaUid(meta, 0x03);
    if (meta.contains(kImplementationClassUid) || sopClass.isEmpty() || instance.isEmpty())
        return file;
    return part10FromBytes(sopClass, instance, QLatin1String(UID_LittleEndianExplicitTransferSyntax), file.mid(at));
}

Result<QByteArray> joinSignatureBlock(const QByteArray& canonical, const std::vector<SignatureRecord>& signatures) {
    const auto block = encodeBlock(signatures);
    if (!block)
        return fail(block.error());
    QByteArray file = canonical + block->chopped(kDigestBytes);
    file.append(digest(file));
    return file;
}

Result<QByteArray> withSignatureBlock(const QByteArray& canonical, const std::vector<SignatureRecord>& signatures) {
    if (signatures.empty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("no signatures to attach"));
    if (!isCanonical(canonical))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("not a canonical report file"));
    return joinSignatureBlock(canonical, signatures);
}

Result<SplitReportFile> splitSignatureBlock(const QByteArray& received) {
    const QByteArray file = received.contains(kCreator) ? withOwnFileMeta(received) : received;
    const auto changed = [](const char* what) {
        return fail(ErrorCode::SignedContentChanged, QString::fromLatin1(what));
    };
    // The digest comes first: bytes that were touched are not parsed. The mark stands in the block and in each of its
    // items, so no single change hides them all.
    const bool isMarked = file.contains(kCreator);
    if (isMarked && file.right(kDigestBytes) != digest(file.chopped(std::min(file.size(), kDigestBytes))))
        return changed("the file differs from its digest");
    auto parsed = parseHeader(memorySource(file));
    if (!parsed)
        return fail(parsed.error());
    DcmDataset& dataSet = *parsed->dataSet;
    OFString creator;
    if (!dataSet.tagExists(kSignatures) && !dataSet.tagExists(kCreatorTag) && !dataSet.tagExists(kDigest))
        return isMarked ? Result<SplitReportFile>(changed("the signature block is out of place"))
                        : fail(ErrorCode::SignatureMissing, QStringLiteral("no signature block"));
    if (dataSet.findAndGetOFString(kCreatorTag, creator).bad() || creator != kCreator)
        return changed("the signature block is marked differently");
    SplitReportFile split;
    for (DcmItem* item : items(dataSet, kSignatures)) {
        SignatureRecord record;
        const QString role = code(*item, kRole);
        if (role != QLatin1String(roleText(SignatureRecord::Role::Author)) &&
            role != QLatin1String(roleText(SignatureRecord::Role::Reviewer)))
            return changed("a signature of an unknown role");
        record.role = role == QLatin1String(roleText(SignatureRecord::Role::Author)) ? SignatureRecord::Role::Author
                                                                                     : SignatureRecord::Role::Reviewer;
        const auto manifest = takeBytes(*item, kManifest, kManifestLength);
        const auto cms = takeBytes(*item, kCms, kCmsLength);
        if (!manifest || !cms)
            return changed("a signature without manifest or CMS");
        record.manifest = *manifest;
        record.cms = *cms;
        split.signatures.push_back(std::move(record));
    }
    if (split.signatures.empty())
        return changed("the signature block is empty");
    const auto block = encodeBlock(split.signatures);
    if (!block)
        return fail(block.error());
    if (file.size() <= block->size())
        return changed("the file is shorter than its signature block");
    split.canonical = file.left(file.size() - block->size());
    if (!isCanonical(split.canonical))
        return changed("the signed part is not as it was written");
    const auto again = joinSignatureBlock(split.canonical, split.signatures);
    if (!again || *again != file)
        return changed("the file is not what the signatures were attached to");
    return split;
}

} // namespace yz::dicom
