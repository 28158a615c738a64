#include "support/small_study.h"

#include <QDir>
#include <QFile>
#include <cmath>
#include <random>
#include <vector>

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>

namespace yz::test {

void writeSmallStudy(const QString& folder, const QString& studyUid, int slices, const SmallStudyOptions& options) {
    if (!QDir().mkpath(folder))
        qFatal("cannot make %s", qPrintable(folder));
    for (int s = 0; s < slices; ++s) {
        DcmFileFormat file;
        DcmDataset& data = *file.getDataset();
        const auto put = [&](const DcmTagKey& tag, const QString& value) {
            data.putAndInsertString(tag, value.toUtf8().constData());
        };
        const double tilt = options.tiltDeg * M_PI / 180;
        put(DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
        put(DCM_SOPClassUID, QString::fromLatin1(UID_CTImageStorage));
        put(DCM_SOPInstanceUID, QStringLiteral("%1.%2.%3").arg(studyUid).arg(options.series).arg(s + 1));
        put(DCM_StudyInstanceUID, studyUid);
        put(DCM_SeriesInstanceUID, studyUid + QStringLiteral(".%1").arg(options.series));
        put(DCM_FrameOfReferenceUID, studyUid + QStringLiteral(".9"));
        put(DCM_StudyDate, QStringLiteral("20260301"));
        put(DCM_StudyTime, QStringLiteral("101500"));
        put(DCM_AccessionNumber, studyUid.right(12));
        put(DCM_Modality, QStringLiteral("CT"));
        put(DCM_BodyPartExamined, QStringLiteral("CHEST"));
        put(DCM_InstitutionName, QStringLiteral("测试卫生院"));
        put(DCM_StudyDescription, QStringLiteral("胸部CT平扫"));
        put(DCM_SeriesDescription, QStringLiteral("轴位"));
        put(DCM_PatientName, options.patientName);
        put(DCM_PatientID, options.patientId);
        put(DCM_PatientBirthDate, QStringLiteral("19700101"));
        put(DCM_PatientSex, QStringLiteral("M"));
        put(DCM_SeriesNumber, QString::number(options.series));
        put(DCM_InstanceNumber, QString::number(s + 1));
        put(DCM_ImageType, QStringLiteral("ORIGINAL\\PRIMARY\\AXIAL"));
        put(DCM_ImageOrientationPatient,
            QStringLiteral("1\\0\\0\\0\\%1\\%2").arg(std::cos(tilt), 0, 'f', 8).arg(-std::sin(tilt), 0, 'f', 8));
        put(DCM_ImagePositionPatient, QStringLiteral("-16\\-16\\%1").arg(s * options.sliceMm));
        put(DCM_PixelSpacing, QStringLiteral("1\\1"));
        put(DCM_SliceThickness, QString::number(options.sliceMm));
        put(DCM_RescaleIntercept, QStringLiteral("-1024"));
        put(DCM_RescaleSlope, QStringLiteral("1"));
        put(DCM_WindowCenter, QStringLiteral("64"));
        put(DCM_WindowWidth, QStringLiteral("256"));
        put(DCM_PhotometricInterpretation, QStringLiteral("MONOCHROME2"));
        data.putAndInsertUint16(DCM_SamplesPerPixel, 1);
        data.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(options.size));
        data.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(options.size));
        data.putAndInsertUint16(DCM_BitsAllocated, 16);
        data.putAndInsertUint16(DCM_BitsStored, 12);
        data.putAndInsertUint16(DCM_HighBit, 11);
        data.putAndInsertUint16(DCM_PixelRepresentation, 0);
        std::vector<Uint16> pixels;
        std::mt19937 random(static_cast<unsigned>(s));
        for (int r = 0; r < options.size; ++r)
            for (int c = 0; c < options.size; ++c)
                pixels.push_back(static_cast<Uint16>(
                    1024 + c + 2 * r + 3 * s + (options.noise > 0 ? int(random() % unsigned(options.noise)) : 0)));
        data.putAndInsertUint16Array(DCM_PixelData, pixels.data(), static_cast<unsigned long>(pixels.size()));
        const QString path = QStringLiteral("%1/%2.dcm").arg(folder).arg(s + 1, 4, 10, QChar(u'0'));
        if (file.saveFile(QFile::encodeName(path).constData(), EXS_LittleEndianExplicit).bad())
            qFatal("cannot write %s", qPrintable(path));
    }
}

} // namespace yz::test
