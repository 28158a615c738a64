#pragma once

#include "dicom/data/part10_dcmtk.h"

#include <QByteArray>
#include <QString>
#include <vector>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

namespace yz::test {

/// A small image data set, identified and complete; tests change what they are about.
inline void fillImage(DcmDataset& item, int rows, int columns, const char* modality = "CT",
                      const char* sopClass = UID_CTImageStorage) {
    item.putAndInsertString(DCM_SOPClassUID, sopClass);
    item.putAndInsertString(DCM_SOPInstanceUID, "2.25.31");
    item.putAndInsertString(DCM_StudyInstanceUID, "2.25.11");
    item.putAndInsertString(DCM_SeriesInstanceUID, "2.25.21");
    item.putAndInsertString(DCM_Modality, modality);
    item.putAndInsertString(DCM_PatientName, "Test^One");
    item.putAndInsertString(DCM_PatientID, "T1");
    item.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(rows));
    item.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(columns));
    item.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    item.putAndInsertUint16(DCM_BitsAllocated, 16);
    item.putAndInsertUint16(DCM_BitsStored, 16);
    item.putAndInsertUint16(DCM_HighBit, 15);
    item.putAndInsertUint16(DCM_PixelRepresentation, 0);
    item.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
}

inline void putPixels(DcmDataset& item, const std::vector<Uint16>& words) {
    item.putAndInsertUint16Array(DCM_PixelData, words.data(), static_cast<unsigned long>(words.size()));
}
inline void putBytes(DcmDataset& item, const std::vector<Uint8>& bytes) {
    item.putAndInsertUint8Array(DCM_PixelData, bytes.data(), static_cast<unsigned long>(bytes.size()));
}
inline QByteArray file(DcmDataset& item, E_TransferSyntax syntax = EXS_LittleEndianExplicit) {
    return dicom::toPart10(item, syntax).value_or(QByteArray());
}
/// Encapsulated pixel data as given, without asking a codec.
inline QByteArray encapsulatedFile(DcmDataset& item, const QString& transferSyntax,
                                   const std::vector<QByteArray>& fragments, const QByteArray& offsetTable = {}) {
    const auto word = [](quint32 value) {
        QByteArray bytes;
        for (int i = 0; i < 4; ++i)
            bytes.append(static_cast<char>(value >> (8 * i) & 0xFF));
        return bytes;
    };
    QByteArray bytes = dicom::encodeDataSet(item, EXS_LittleEndianExplicit).value_or(QByteArray());
    bytes += QByteArray("\xE0\x7F\x10\x00OB\x00\x00\xFF\xFF\xFF\xFF", 12);
    const QByteArray itemTag("\xFE\xFF\x00\xE0", 4);
    bytes += itemTag + word(static_cast<quint32>(offsetTable.size())) + offsetTable;
    for (const QByteArray& fragment : fragments)
        bytes += itemTag + word(static_cast<quint32>(fragment.size())) + fragment;
    bytes += QByteArray("\xFE\xFF\xDD\xE0\x00\x00\x00\x00", 8);
    return dicom::part10FromBytes(QStringLiteral(UID_CTImageStorage), QStringLiteral("2.25.31"), transferSyntax, bytes);
}

} // namespace yz::test
