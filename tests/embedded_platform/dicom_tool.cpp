#include "dicom_tool.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>

#include <QProcess>
#include <QStandardPaths>
#include <QtTest>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace yz::test {

ToolRun runTool(const QString& program, const QStringList& arguments, const QString& folder) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    if (!folder.isEmpty())
        process.setWorkingDirectory(folder);
    process.start(program, arguments);
    if (!process.waitForFinished(60000))
        process.kill();
    // The tools print the padding byte of an odd UID as it is.
    return {process.exitCode(), QString::fromUtf8(process.readAll()).remove(QChar(0))};
}

bool hasTools() { return !QStandardPaths::findExecutable(QStringLiteral("getscu")).isEmpty(); }

quint16 freePort() {
    const int probe = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    bind(probe, reinterpret_cast<sockaddr*>(&address), length);
    getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length);
    close(probe);
    return ntohs(address.sin_port);
}

void writeInstance(const QString& path, const SampleInstance& instance, const QString& transferSyntax) {
    DcmFileFormat file;
    DcmDataset& data = *file.getDataset();
    const auto put = [&](const DcmTagKey& tag, const QString& value) {
        data.putAndInsertString(tag, value.toLatin1().constData());
    };
    if (!instance.characterSet.isEmpty())
        data.putAndInsertString(DCM_SpecificCharacterSet, instance.characterSet.constData());
    put(DCM_SOPClassUID, instance.sopClass.isEmpty() ? QStringLiteral(UID_CTImageStorage) : instance.sopClass);
    put(DCM_SOPInstanceUID, instance.instanceUid);
    put(DCM_StudyInstanceUID, instance.studyUid);
    put(DCM_SeriesInstanceUID, instance.seriesUid);
    put(DCM_PatientID, instance.patientId);
    data.putAndInsertString(DCM_PatientName, instance.patientName.constData());
    put(DCM_PatientBirthDate, QStringLiteral("19600102"));
    put(DCM_PatientSex, QStringLiteral("M"));
    put(DCM_AccessionNumber, instance.accession);
    put(DCM_StudyDate, instance.studyDate);
    put(DCM_StudyTime, instance.studyTime);
    data.putAndInsertString(DCM_StudyDescription, instance.studyDescription.constData());
    put(DCM_InstitutionName, QStringLiteral("Township A"));
    put(DCM_Modality, instance.modality);
    put(DCM_BodyPartExamined, QStringLiteral("CHEST"));
    put(DCM_InstanceNumber, QString::number(instance.number));
    data.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(instance.rows));
    data.putAndInsertUint16(DCM_Columns, 16);
    data.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    put(DCM_PhotometricInterpretation, QStringLiteral("MONOCHROME2"));
    data.putAndInsertUint16(DCM_BitsAllocated, 16);
    data.putAndInsertUint16(DCM_BitsStored, 16);
    data.putAndInsertUint16(DCM_HighBit, 15);
    data.putAndInsertUint16(DCM_PixelRepresentation, 0);
    const std::vector<Uint16> pixels(static_cast<size_t>(16 * instance.rows), static_cast<Uint16>(instance.fillByte));
    data.putAndInsertUint16Array(DCM_PixelData, pixels.data(), static_cast<unsigned long>(pixels.size()));
    const E_TransferSyntax syntax =
        transferSyntax.isEmpty() ? EXS_LittleEndianExplicit : DcmXfer(transferSyntax.toLatin1().constData()).getXfer();
    QVERIFY2(file.saveFile(path.toLocal8Bit().constData(), syntax).good(), qPrintable(path));
}

} // namespace yz::test
