#include "sample_objects.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dctk.h>

#include <QFile>
#include <QTemporaryDir>

namespace yz::test {

namespace {

QByteArray saved(DcmFileFormat& file, E_TransferSyntax syntax) {
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("object.dcm"));
    if (file.saveFile(path.toLocal8Bit().constData(), syntax).bad())
        qFatal("sample object could not be written");
    QFile written(path);
    if (!written.open(QIODevice::ReadOnly))
        qFatal("sample object could not be read");
    return written.readAll();
}

DcmFileFormat loaded(const QByteArray& bytes) {
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("object.dcm"));
    QFile out(path);
    DcmFileFormat file;
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size() || !out.flush() ||
        file.loadFile(path.toLocal8Bit().constData()).bad())
        qFatal("object could not be read back");
    file.loadAllDataIntoMemory();
    return file;
}

} // namespace

QByteArray part10(const SampleObject& object) {
    DcmFileFormat file;
    DcmDataset& set = *file.getDataset();
    set.putAndInsertString(DCM_SpecificCharacterSet, object.characterSet.constData());
    set.putAndInsertString(DCM_SOPClassUID, object.sopClass.toLatin1().constData());
    set.putAndInsertString(DCM_SOPInstanceUID, object.instance.toLatin1().constData());
    set.putAndInsertString(DCM_StudyInstanceUID, object.study.toLatin1().constData());
    set.putAndInsertString(DCM_SeriesInstanceUID, object.series.toLatin1().constData());
    set.putAndInsertString(DCM_PatientName, object.patientName.constData());
    set.putAndInsertString(DCM_PatientID, "P0001");
    set.putAndInsertString(DCM_PatientBirthDate, "19650401");
    set.putAndInsertString(DCM_PatientSex, "M");
    set.putAndInsertString(DCM_StudyDate, "20260302");
    set.putAndInsertString(DCM_StudyTime, "083000");
    set.putAndInsertString(DCM_AccessionNumber, "A77");
    set.putAndInsertString(DCM_StudyID, "1");
    set.putAndInsertString(DCM_StudyDescription, object.description.constData());
    set.putAndInsertString(DCM_Modality, "CT");
    set.putAndInsertString(DCM_SeriesNumber, "1");
    set.putAndInsertString(DCM_InstanceNumber, QByteArray::number(object.number).constData());
    set.putAndInsertUint16(DCM_Rows, 64);
    set.putAndInsertUint16(DCM_Columns, 64);
    set.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    set.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
    set.putAndInsertUint16(DCM_BitsAllocated, 16);
    set.putAndInsertUint16(DCM_BitsStored, 16);
    set.putAndInsertUint16(DCM_HighBit, 15);
    set.putAndInsertUint16(DCM_PixelRepresentation, 0);
    if (!object.jpeg2000) {
        std::vector<Uint16> pixels(64 * 64);
        for (size_t i = 0; i < pixels.size(); ++i)
            pixels[i] = static_cast<Uint16>(i * 7 + static_cast<size_t>(object.number));
        set.putAndInsertUint16Array(DCM_PixelData, pixels.data(), static_cast<unsigned long>(pixels.size()));
        return saved(file, EXS_LittleEndianExplicit);
    }
    auto pixels = std::make_unique<DcmPixelData>(DCM_PixelData);
    auto sequence = std::make_unique<DcmPixelSequence>(DcmTag(DCM_PixelData, EVR_OB));
    auto table = std::make_unique<DcmPixelItem>(DcmTag(DCM_Item, EVR_pixelItem));
    sequence->insert(table.release());
    auto fragment = std::make_unique<DcmPixelItem>(DcmTag(DCM_Item, EVR_pixelItem));
    QByteArray stream(2000, '\0');
    for (qsizetype i = 0; i < stream.size(); ++i)
        stream[i] = static_cast<char>(i * 13);
    fragment->putUint8Array(reinterpret_cast<const Uint8*>(stream.constData()), static_cast<Uint32>(stream.size()));
    sequence->insert(fragment.release());
    pixels->putOriginalRepresentation(EXS_JPEG2000LosslessOnly, nullptr, sequence.release());
    set.insert(pixels.release(), OFTrue);
    return saved(file, EXS_JPEG2000LosslessOnly);
}

ObjectToSend toSend(const SampleObject& object) {
    return {{SopClassUid(object.sopClass), InstanceUid(object.instance)},
            StudyUid(object.study),
            SeriesUid(object.series),
            part10(object)};
}

QByteArray dataSetBytes(const QByteArray& part10File) {
    DcmFileFormat file = loaded(part10File);
    const Uint32 meta = file.getMetaInfo()->calcElementLength(EXS_LittleEndianExplicit, EET_ExplicitLength);
    return part10File.mid(128 + 4 + qsizetype(meta));
}

QByteArray valueIn(const QByteArray& part10File, quint16 group, quint16 element) {
    DcmFileFormat file = loaded(part10File);
    OFString value;
    file.getDataset()->findAndGetOFStringArray(DcmTagKey(group, element), value);
    return QByteArray(value.c_str());
}

QString transferSyntaxOf(const QByteArray& part10File) {
    DcmFileFormat file = loaded(part10File);
    return QString::fromLatin1(DcmXfer(file.getDataset()->getOriginalXfer()).getXferID());
}

} // namespace yz::test
