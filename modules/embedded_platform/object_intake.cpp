#include "embedded_platform/object_intake.h"

#include "core/log.h"
#include "embedded_platform/attributes.h"
#include "embedded_platform/byte_stream.h"
#include "embedded_platform/data_set.h"
#include "storage/file_vault.h"

#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <span>

namespace yz::platform {

namespace {

constexpr qint64 kMostFileBytes = 2LL * 1024 * 1024 * 1024;
constexpr qint64 kPreamble = 132;

const DcmTagKey kStudyTags[] = {{0x0008, 0x0020}, {0x0008, 0x0030}, {0x0008, 0x0050}, {0x0008, 0x0080},
                                {0x0008, 0x0090}, {0x0008, 0x0201}, {0x0008, 0x1030}, {0x0008, 0x1080},
                                {0x0010, 0x0010}, {0x0010, 0x0020}, {0x0010, 0x0021}, {0x0010, 0x0030},
                                {0x0010, 0x0040}, {0x0010, 0x1010}, {0x0020, 0x000D}, {0x0020, 0x0010},
                                {0x0032, 0x1032}, {0x0032, 0x1033}, {0x0032, 0x1060}};
const DcmTagKey kSeriesTags[] = {{0x0008, 0x0021}, {0x0008, 0x0031}, {0x0008, 0x0060}, {0x0008, 0x0070},
                                 {0x0008, 0x103E}, {0x0008, 0x1010}, {0x0008, 0x1040}, {0x0008, 0x1090},
                                 {0x0018, 0x0015}, {0x0018, 0x1030}, {0x0018, 0x5100}, {0x0020, 0x000E},
                                 {0x0020, 0x0011}, {0x0020, 0x0052}, {0x0020, 0x0060}};
const DcmTagKey kImageTags[] = {
    {0x0008, 0x0008}, {0x0008, 0x0016}, {0x0008, 0x0018}, {0x0008, 0x0022}, {0x0008, 0x0023}, {0x0008, 0x0032},
    {0x0008, 0x0033}, {0x0020, 0x0012}, {0x0020, 0x0013}, {0x0020, 0x0032}, {0x0020, 0x0037}, {0x0028, 0x0002},
    {0x0028, 0x0004}, {0x0028, 0x0008}, {0x0028, 0x0010}, {0x0028, 0x0011}, {0x0028, 0x0100}, {0x0028, 0x0101},
    {0x0040, 0xA491}, {0x0040, 0xA493}, {0x0042, 0x0010}};

/// The indexed attributes only, as UTF-8: decoding a whole data set would cost more than the rest of the intake.
DataSetPtr indexedPart(DcmDataset& whole) {
    auto part = std::make_unique<DcmDataset>();
    whole.findAndInsertCopyOfElement(DCM_SpecificCharacterSet, part.get());
    for (std::span<const DcmTagKey> tags :
         {std::span<const DcmTagKey>(kStudyTags), std::span<const DcmTagKey>(kSeriesTags),
          std::span<const DcmTagKey>(kImageTags)})
        for (const DcmTagKey& tag : tags)
            whole.findAndInsertCopyOfElement(tag, part.get());
    toUtf8(part);
    return part;
}

Result<QByteArray> metaHeader(const QString& sopClass, const QString& sopInstance, const QString& transferSyntax,
                              const QString& sender) {
    DcmMetaInfo meta;
    const Uint8 version[] = {0, 1};
    meta.putAndInsertUint8Array(DCM_FileMetaInformationVersion, version, 2);
    putText(meta, DCM_MediaStorageSOPClassUID, sopClass);
    putText(meta, DCM_MediaStorageSOPInstanceUID, sopInstance);
    putText(meta, DCM_TransferSyntaxUID, transferSyntax);
    meta.putAndInsertString(DCM_ImplementationClassUID, OFFIS_IMPLEMENTATION_CLASS_UID);
    meta.putAndInsertString(DCM_ImplementationVersionName, OFFIS_DTK_IMPLEMENTATION_VERSION_NAME2);
    if (!sender.isEmpty())
        putText(meta, DCM_SourceApplicationEntityTitle, sender);
    meta.computeGroupLengthAndPadding(EGL_withGL, EPD_noChange, META_HEADER_DEFAULT_TRANSFERSYNTAX, EET_ExplicitLength);
    ByteStream stream;
    meta.transferInit();
    const OFCondition written = meta.write(stream, META_HEADER_DEFAULT_TRANSFERSYNTAX, EET_ExplicitLength, nullptr);
    meta.transferEnd();
    if (written.bad())
        return fail(ErrorCode::Internal, QString::fromLatin1(written.text()));
    return stream.takeBytes();
}

QByteArray sha256(QByteArrayView bytes) { return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256); }

Result<QByteArray> readFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? ErrorCode::FileUnreadable : ErrorCode::FileNotFound, file.errorString());
    if (file.size() > kMostFileBytes)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("file of %1 bytes").arg(file.size()));
    QByteArray bytes = file.readAll();
    if (file.error() != QFileDevice::NoError || bytes.size() != file.size())
        return fail(ErrorCode::FileUnreadable, file.errorString());
    return bytes;
}

bool isEncapsulated(const QString& transferSyntax) {
    const E_TransferSyntax syntax = syntaxFromUid(transferSyntax);
    return syntax == EXS_Unknown || DcmXfer(syntax).isEncapsulated() == OFTrue;
}

} // namespace

bool isStructuredReport(const QString& sopClass) { return sopClass.startsWith(u"1.2.840.10008.5.1.4.1.1.88."); }

bool isDerivedObject(const QString& sopClass) {
    return isStructuredReport(sopClass) || sopClass.startsWith(u"1.2.840.10008.5.1.4.1.1.104.") ||
           sopClass.startsWith(u"1.2.840.10008.5.1.4.1.1.11.");
}

ObjectIntake::ObjectIntake(ArchiveStore& archive, QString filesFolder)
    : m_archive(archive), m_filesFolder(std::move(filesFolder)) {}

QString ObjectIntake::pathOf(const ArchivedInstance& instance) const {
    return m_filesFolder + u'/' + instance.studyUid + u'/' + instance.instanceUid + QStringLiteral(".dcm");
}

std::mutex& ObjectIntake::lockOf(const QString& instanceUid) { return m_locks[qHash(instanceUid) % m_locks.size()]; }

Result<ObjectIntake::Part10> ObjectIntake::splitFile(const QByteArray& bytes) {
    if (bytes.size() < kPreamble || !bytes.sliced(kPreamble - 4).startsWith("DICM"))
        return fail(ErrorCode::NotDicom, QStringLiteral("no DICM mark"));
    const Result<qint64> length = metaHeaderLength(QByteArrayView(bytes).sliced(kPreamble));
    if (!length)
        return fail(length.error());
    const qint64 start = kPreamble + *length;
    Part10 part{bytes.first(start), bytes.sliced(start), {}, {}, {}};
    DcmInputBufferStream stream;
    stream.setBuffer(part.meta.constData(), part.meta.size());
    stream.setEos();
    DcmMetaInfo meta;
    meta.transferInit();
    const OFCondition read = meta.read(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength);
    meta.transferEnd();
    if (read.bad())
        return fail(ErrorCode::DataSetBroken, QString::fromLatin1(read.text()));
    part.transferSyntax = textOf(meta, DCM_TransferSyntaxUID);
    part.sopClass = textOf(meta, DCM_MediaStorageSOPClassUID);
    part.sopInstance = textOf(meta, DCM_MediaStorageSOPInstanceUID);
    return part;
}

Result<ArchiveStore::NewInstance> ObjectIntake::describe(const QByteArray& dataSet,
                                                         const QString& transferSyntax) const {
    const E_TransferSyntax syntax = syntaxFromUid(transferSyntax);
    if (syntax == EXS_Unknown)
        return fail(ErrorCode::TransferSyntaxNotSupported, transferSyntax);
    const Result<DataSetPtr> parsed = parseDataSet(dataSet, syntax, ParseExtent::HeaderOnly);
    if (!parsed)
        return fail(parsed.error());
    const DataSetPtr part = indexedPart(**parsed);
    ArchiveStore::NewInstance added;
    ArchivedInstance& instance = added.instance;
    instance.sopClass = textOf(*part, DCM_SOPClassUID);
    instance.instanceUid = textOf(*part, DCM_SOPInstanceUID);
    instance.seriesUid = textOf(*part, DCM_SeriesInstanceUID);
    instance.studyUid = textOf(*part, DCM_StudyInstanceUID);
    for (const QString& uid : {instance.sopClass, instance.instanceUid, instance.seriesUid, instance.studyUid})
        if (!isUsableUid(uid))
            return fail(ErrorCode::AttributeMissing,
                        QStringLiteral("class, instance, series or study UID missing or not usable"));
    instance.transferSyntax = transferSyntax;
    instance.number = textOf(*part, DCM_InstanceNumber).toInt();
    added.modality = textOf(*part, DCM_Modality);
    added.studyAttributes = attributesOf(*part, kStudyTags);
    added.seriesAttributes = attributesOf(*part, kSeriesTags);
    added.instanceAttributes = attributesOf(*part, kImageTags);
    added.isReport = isDerivedObject(instance.sopClass);
    return added;
}

Result<ObjectIntake::Outcome> ObjectIntake::compareWith(const ArchivedInstance& known, const QByteArray& dataSet,
                                                        const QString& transferSyntax) const {
    const auto different = fail(ErrorCode::AlreadyExists, u"another object has the UID " + known.instanceUid);
    const Result<QByteArray> before = readDataSet(known);
    if (!before)
        return fail(before.error());
    if (known.transferSyntax == transferSyntax && *before == dataSet)
        return Outcome::Unchanged;
    // The same object may come in another encoding; what it says decides.
    if (isEncapsulated(known.transferSyntax) || isEncapsulated(transferSyntax))
        return different;
    const Result<DataSetPtr> first = parseDataSet(*before, syntaxFromUid(known.transferSyntax));
    const Result<DataSetPtr> second = parseDataSet(dataSet, syntaxFromUid(transferSyntax));
    if (!first || !second)
        return different;
    const Result<QByteArray> a = encodeDataSet(**first, EXS_LittleEndianImplicit);
    const Result<QByteArray> b = encodeDataSet(**second, EXS_LittleEndianImplicit);
    if (a && b && *a == *b)
        return Outcome::Unchanged;
    return different;
}

Result<ObjectIntake::Outcome> ObjectIntake::take(const Received& received) {
    Result<ArchiveStore::NewInstance> added = describe(received.dataSet, received.transferSyntax);
    if (!added)
        return fail(added.error());
    ArchivedInstance& instance = added->instance;
    if (instance.sopClass != received.sopClass || instance.instanceUid != received.sopInstance)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("data set and request name different objects"));
    const std::scoped_lock lock(lockOf(instance.instanceUid));
    const Result<std::optional<ArchivedInstance>> known = m_archive.instance(instance.instanceUid);
    if (!known)
        return fail(known.error());
    const Result<QByteArray> meta =
        metaHeader(instance.sopClass, instance.instanceUid, received.transferSyntax, received.sender);
    if (!meta)
        return fail(meta.error());
    const QByteArray file = *meta + received.dataSet;
    // The same object from the same sender heals an archive whose file was lost or damaged.
    const bool mustHeal = *known && (*known)->isOurs && (*known)->fileSha256 == sha256(file) && !verifyFile(**known);
    if (*known && !mustHeal)
        return compareWith(**known, received.dataSet, received.transferSyntax);
    instance.path = pathOf(instance);
    instance.size = file.size();
    instance.dataOffset = meta->size();
    instance.fileSha256 = sha256(file);
    if (!QDir().mkpath(QFileInfo(instance.path).path()))
        return fail(ErrorCode::FileUnwritable, QStringLiteral("folder of the study"));
    if (Status written = writeFileDurably(instance.path, file); !written)
        return fail(written.error());
    if (mustHeal) {
        const Status healed = m_archive.setFile(instance);
        return healed ? Result<Outcome>(Outcome::Stored) : fail(healed.error());
    }
    if (Status indexed = m_archive.add(*added); !indexed) {
        QFile::remove(instance.path);
        return fail(indexed.error());
    }
    return Outcome::Stored;
}

Result<ObjectIntake::ReadFile> ObjectIntake::readPart10(const QString& path, const QJsonObject& order) const {
    Result<QByteArray> bytes = readFile(path);
    if (!bytes)
        return fail(bytes.error());
    Result<Part10> part = splitFile(*bytes);
    if (!part)
        return fail(part.error());
    if (part->sopClass == QLatin1String(UID_MediaStorageDirectoryStorage))
        return fail(ErrorCode::NotSupported, QStringLiteral("a DICOMDIR"));
    Result<ArchiveStore::NewInstance> added = describe(part->dataSet, part->transferSyntax);
    if (!added)
        return fail(added.error());
    ArchivedInstance& instance = added->instance;
    // An order that names a study is for that study only.
    if (const QString named = order["studyUid"].toString(); named.isEmpty() || named == instance.studyUid)
        added->order = order;
    instance.path = path;
    instance.size = bytes->size();
    instance.dataOffset = part->meta.size();
    instance.fileSha256 = sha256(*bytes);
    return ReadFile{std::move(*bytes), std::move(*part), std::move(*added)};
}

/// A file whose instance is in the index already: the same object, or an imported one that moved.
Status ObjectIntake::meetKnown(const ArchivedInstance& known, const ReadFile& file, const QString& path) {
    if (!known.isOurs && !QFile::exists(known.path) && known.fileSha256 == file.added.instance.fileSha256) {
        ArchivedInstance moved = file.added.instance;
        moved.path = path;
        moved.isOurs = false;
        return m_archive.setFile(moved);
    }
    return compareWith(known, file.part.dataSet, file.part.transferSyntax).map([](Outcome) {});
}

Result<ObjectIntake::FileOutcome> ObjectIntake::takeFile(const QString& path, const QJsonObject& order) {
    Result<ReadFile> file = readPart10(path, order);
    if (!file)
        return fail(file.error());
    ArchivedInstance& instance = file->added.instance;
    FileOutcome result{Outcome::Stored, instance.studyUid, instance.instanceUid};
    const std::scoped_lock lock(lockOf(instance.instanceUid));
    const Result<std::optional<ArchivedInstance>> known = m_archive.instance(instance.instanceUid);
    if (!known)
        return fail(known.error());
    if (*known) {
        if (Status met = meetKnown(**known, *file, path); !met)
            return fail(met.error());
        result.outcome = Outcome::Unchanged;
        return result;
    }
    instance.isOurs = true;
    instance.path = pathOf(instance);
    const bool mustWrite = QFileInfo(instance.path) != QFileInfo(path);
    if (mustWrite) {
        if (!QDir().mkpath(QFileInfo(instance.path).path()))
            return fail(ErrorCode::FileUnwritable, QStringLiteral("folder of the study"));
        if (Status written = writeFileDurably(instance.path, file->bytes); !written)
            return fail(written.error());
    }
    if (Status indexed = m_archive.add(file->added); !indexed) {
        if (mustWrite)
            QFile::remove(instance.path);
        return fail(indexed.error());
    }
    return result;
}

std::vector<Result<ObjectIntake::FileOutcome>> ObjectIntake::indexFiles(const std::vector<FileToIndex>& files) {
    constexpr size_t kBatch = 64;
    std::vector<Result<FileOutcome>> results;
    std::vector<ArchiveStore::NewInstance> batch;
    std::vector<size_t> waiting; // results of the batch
    QSet<QString> inBatch;
    const auto flush = [&] {
        if (!batch.empty() && !m_archive.addAll(batch))
            for (size_t i = 0; i < batch.size(); ++i) // one of them is refused: find out which
                if (Status added = m_archive.add(batch[i]); !added)
                    results[waiting[i]] = fail(added.error());
        batch.clear();
        waiting.clear();
        inBatch.clear();
    };
    for (const FileToIndex& one : files) {
        Result<ReadFile> file = readPart10(one.path, one.order);
        if (!file) {
            results.emplace_back(fail(file.error()));
            continue;
        }
        ArchivedInstance& instance = file->added.instance;
        if (inBatch.contains(instance.instanceUid))
            flush();
        const Result<std::optional<ArchivedInstance>> known = m_archive.instance(instance.instanceUid);
        if (!known) {
            results.emplace_back(fail(known.error()));
        } else if (*known) {
            const Status met = meetKnown(**known, *file, one.path);
            results.push_back(
                met ? Result<FileOutcome>(FileOutcome{Outcome::Unchanged, instance.studyUid, instance.instanceUid})
                    : fail(met.error()));
        } else {
            instance.isOurs = false;
            results.emplace_back(FileOutcome{Outcome::Stored, instance.studyUid, instance.instanceUid});
            waiting.push_back(results.size() - 1);
            inBatch.insert(instance.instanceUid);
            batch.push_back(std::move(file->added));
            if (batch.size() >= kBatch)
                flush();
        }
    }
    flush();
    return results;
}

Result<int> ObjectIntake::reconcile() {
    int taken = 0;
    QDirIterator files(m_filesFolder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        if (!path.endsWith(u".dcm")) {
            QFile::remove(path); // of a write that was cut off
            continue;
        }
        const Result<bool> known = m_archive.knowsPath(path);
        if (!known)
            return fail(known.error());
        if (*known)
            continue;
        if (const Result<FileOutcome> done = takeFile(path); done) {
            ++taken;
        } else {
            qCWarning(logPlatform).noquote()
                << "file without index:" << QFileInfo(path).fileName() << done.error().toString();
        }
    }
    return taken;
}

Result<QByteArray> ObjectIntake::readDataSet(const ArchivedInstance& instance) {
    Result<QByteArray> bytes = readFile(instance.path);
    if (!bytes)
        return bytes;
    if (bytes->size() != instance.size)
        return fail(ErrorCode::DataSetBroken, u"file changed: " + instance.instanceUid);
    return bytes->sliced(instance.dataOffset);
}

Status ObjectIntake::verifyFile(const ArchivedInstance& instance) {
    const Result<QByteArray> bytes = readFile(instance.path);
    if (!bytes)
        return fail(bytes.error());
    if (sha256(*bytes) != instance.fileSha256)
        return fail(ErrorCode::DataSetBroken, u"file changed: " + instance.instanceUid);
    return {};
}

} // namespace yz::platform
