#include "hostile_files.h"

#include "dicom_factory.h"
#include "support/shared_data.h"

#include <QDirIterator>
#include <QFile>
#include <dcmtk/dcmjpeg/djencode.h>
#include <zlib.h>

namespace yz::test {

QByteArray littleEndian(quint32 value, int bytes) {
    QByteArray out;
    for (int i = 0; i < bytes; ++i)
        out.append(static_cast<char>(value >> (8 * i) & 0xFF));
    return out;
}
QByteArray tagBytes(quint16 group, quint16 element) { return littleEndian(group, 2) + littleEndian(element, 2); }
QByteArray hostilePart10(const QByteArray& dataSet, const char* syntax) {
    return dicom::part10FromBytes(QStringLiteral("1.2.840.10008.5.1.4.1.1.2"), QStringLiteral("2.25.1"),
                                  QString::fromLatin1(syntax), dataSet);
}
QByteArray deflated(const QByteArray& bytes, qint64 more) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
    QByteArray out;
    const auto feed = [&](const QByteArray& part, int flush) {
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.constData()));
        stream.avail_in = static_cast<uInt>(part.size());
        QByteArray room(64 * 1024, Qt::Uninitialized);
        do {
            stream.next_out = reinterpret_cast<Bytef*>(room.data());
            stream.avail_out = static_cast<uInt>(room.size());
            deflate(&stream, flush);
            out.append(room.constData(), room.size() - static_cast<qsizetype>(stream.avail_out));
        } while (stream.avail_out == 0);
    };
    feed(bytes, Z_NO_FLUSH);
    const QByteArray same(1 << 20, 'a');
    for (; more > 0; more -= same.size())
        feed(more < same.size() ? same.left(more) : same, Z_NO_FLUSH);
    feed({}, Z_FINISH);
    deflateEnd(&stream);
    return out;
}

QByteArray nestedSequences(int depth, bool isExplicit, bool isDefined) {
    const QByteArray head = tagBytes(0x0040, 0xA730) + (isExplicit ? QByteArray("SQ\0\0", 4) : QByteArray());
    QByteArray bytes;
    if (!isDefined) {
        for (int i = 0; i < depth; ++i)
            bytes += head + littleEndian(0xFFFFFFFF) + tagBytes(0xFFFE, 0xE000) + littleEndian(0xFFFFFFFF);
        return bytes;
    }
    const qsizetype level = head.size() + 12;
    for (int i = depth; i > 0; --i) {
        const auto inner = static_cast<quint32>(level * (i - 1));
        bytes += head + littleEndian(inner + 8) + tagBytes(0xFFFE, 0xE000) + littleEndian(inner);
    }
    return bytes;
}

QByteArray rleFragment(int runs) {
    QByteArray rle = littleEndian(2) + littleEndian(64) + littleEndian(static_cast<quint32>(64 + 2 * runs));
    rle.append(QByteArray(64 - rle.size(), '\0'));
    for (int i = 0; i < 2 * runs; ++i)
        rle += QByteArray("\x81\x00", 2); // 128 zeros
    return rle;
}

namespace {

QByteArray jpegCoded(E_TransferSyntax syntax) {
    DJEncoderRegistration::registerCodecs();
    DcmDataset item;
    fillImage(item, 8, 8);
    if (syntax == EXS_JPEGProcess1) {
        item.putAndInsertUint16(DCM_BitsAllocated, 8);
        item.putAndInsertUint16(DCM_BitsStored, 8);
        item.putAndInsertUint16(DCM_HighBit, 7);
        std::vector<Uint8> bytes(64);
        for (size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<Uint8>(4 * i);
        putBytes(item, bytes);
    } else {
        std::vector<Uint16> words(64);
        for (size_t i = 0; i < words.size(); ++i)
            words[i] = static_cast<Uint16>(997 * i);
        putPixels(item, words);
    }
    QByteArray file;
    if (item.chooseRepresentation(syntax, nullptr).good())
        file = dicom::toPart10(item, syntax).value_or(QByteArray());
    return file;
}

} // namespace

std::vector<QByteArray> hostileSeeds() {
    std::vector<QByteArray> list;
    const auto plain = [](int frames = 1) {
        auto item = std::make_unique<DcmDataset>();
        fillImage(*item, 4, 4);
        if (frames > 1)
            item->putAndInsertString(DCM_NumberOfFrames, std::to_string(frames).c_str());
        std::vector<Uint16> words(static_cast<size_t>(16 * frames));
        for (size_t i = 0; i < words.size(); ++i)
            words[i] = static_cast<Uint16>(i);
        putPixels(*item, words);
        return item;
    };
    list.push_back(file(*plain()));
    list.push_back(file(*plain(), EXS_LittleEndianImplicit));
    list.push_back(file(*plain(), EXS_BigEndianExplicit));
    list.push_back(file(*plain(), EXS_DeflatedLittleEndianExplicit));
    const auto withTables = plain();
    withTables->putAndInsertString(DCM_SpecificCharacterSet, "GB18030");
    withTables->putAndInsertString(DCM_PatientName, "Wang^X=\xCD\xF5^\xD0\xA1");
    DcmItem* inner = nullptr;
    withTables->findOrCreateSequenceItem(DCM_ModalityLUTSequence, inner, 0);
    const Uint16 descriptor[] = {4, 0, 16};
    const Uint16 data[] = {0, 1, 2, 3};
    inner->putAndInsertUint16Array(DcmTag(DCM_LUTDescriptor, DcmVR(EVR_US)), descriptor, 3);
    inner->putAndInsertUint16Array(DcmTag(DCM_LUTData, DcmVR(EVR_OW)), data, 4);
    list.push_back(file(*withTables));
    const auto groups = plain(2);
    for (int i = 0; i < 2; ++i) {
        groups->findOrCreateSequenceItem(DCM_PerFrameFunctionalGroupsSequence, inner, i);
        DcmItem* plane = nullptr;
        inner->findOrCreateSequenceItem(DCM_PlanePositionSequence, plane, 0);
        plane->putAndInsertString(DCM_ImagePositionPatient, i ? "0\\0\\5" : "0\\0\\0");
    }
    list.push_back(file(*groups));
    DcmDataset coded;
    fillImage(coded, 16, 8);
    list.push_back(encapsulatedFile(coded, QStringLiteral("1.2.840.10008.1.2.5"), {rleFragment(1)}));
    DcmDataset twoFrames;
    fillImage(twoFrames, 16, 8);
    twoFrames.putAndInsertString(DCM_NumberOfFrames, "2");
    list.push_back(
        encapsulatedFile(twoFrames, QStringLiteral("1.2.840.10008.1.2.5"), {rleFragment(1), rleFragment(1)}));
    list.push_back(jpegCoded(EXS_JPEGProcess1));
    list.push_back(jpegCoded(EXS_JPEGProcess14SV1));
    return list;
}

std::vector<ShortFragment> shortFragments() {
    return {
        {"native", {}, {}},
        {"rle", QStringLiteral("1.2.840.10008.1.2.5"), rleFragment(1)},
        {"jpeg", QStringLiteral("1.2.840.10008.1.2.4.50"),
         QByteArray::fromHex("ffd8ffc0000b08ffffffff01011100ffda0008010100003f00000000ffd9")},
        {"jpeg lossless", QStringLiteral("1.2.840.10008.1.2.4.70"),
         QByteArray::fromHex("ffd8ffc3000b10ffffffff01011100ffda0008010100010000000000ffd9")},
        {"jpeg-ls", QStringLiteral("1.2.840.10008.1.2.4.80"),
         QByteArray::fromHex("ffd8fff7000b10ffffffff01011100ffda00080101000000000000ffd9")},
        {"jpeg 2000", QStringLiteral("1.2.840.10008.1.2.4.90"),
         QByteArray::fromHex(
             "ff4fff510029000000000000ffff0000ffff00000000000000000000ffff0000ffff0000000000000000000107"
             "0101")},
        {"htj2k", QStringLiteral("1.2.840.10008.1.2.4.201"),
         QByteArray::fromHex(
             "ff4fff510029400000000000ffff0000ffff00000000000000000000ffff0000ffff0000000000000000000107"
             "0101")},
    };
}

QStringList hostileCorpus() {
    QStringList paths;
    if (sharedData().isEmpty())
        return paths;
    QDirIterator fuzz(sharedData() + QStringLiteral("/pwnlab-fuzz"), QDir::Files, QDirIterator::Subdirectories);
    while (fuzz.hasNext())
        paths << fuzz.next();
    paths.sort();
    QFile manifest(sharedData() + QStringLiteral("/MANIFEST.tsv"));
    if (!manifest.open(QIODevice::ReadOnly))
        return {};
    for (const QByteArray& line : manifest.readAll().split('\n')) {
        const QByteArray lower = line.toLower();
        const QByteArray rc = line.mid(line.lastIndexOf('\t') + 1).trimmed();
        const bool isMalformed = lower.contains("malformed") || lower.contains("hostile") ||
                                 lower.contains("truncat") || lower.contains("corrupt") || lower.contains("invalid") ||
                                 (rc != "0" && !rc.isEmpty());
        const QString path = sharedData() + u'/' + QString::fromUtf8(line.left(line.indexOf('\t')));
        if (isMalformed && QFile::exists(path) && !paths.contains(path))
            paths << path;
    }
    return paths;
}

} // namespace yz::test
