#include "embedded_platform/samples/sample_dataset.h"

#include <QFile>
#include <QUuid>

#include "core/uid.h"

#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmimage/diregist.h> // colour images for the JPEG encoder
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpeg/djrploss.h>

namespace yz::samples {

namespace {

QByteArray encoded(const QString& value, SampleText text) {
    const QByteArray utf8 = value.toUtf8();
    if (text == SampleText::Utf8)
        return utf8;
    OFString result;
    DcmSpecificCharacterSet converter;
    if (converter.selectCharacterSet("ISO_IR 192", "GB18030").bad() ||
        converter.convertString(OFString(utf8.constData()), result).bad())
        return utf8;
    return QByteArray(result.c_str(), static_cast<qsizetype>(result.size()));
}

QByteArray dateText(const QDateTime& time) {
    return time.toLocalTime().toString(QStringLiteral("yyyyMMdd")).toLatin1();
}
QByteArray timeText(const QDateTime& time) { return time.toLocalTime().toString(QStringLiteral("HHmmss")).toLatin1(); }

} // namespace

QString sampleUid(const QString& name) {
    static const QUuid space(QStringLiteral("{6d1c3a52-7f0e-4b6a-9a54-0f1d3c2b4e61}"));
    return uidFromUuidBytes(QUuid::createUuidV5(space, name).toRfc4122());
}

void putText(DcmItem& item, const DcmTagKey& tag, const QString& value, SampleText text) {
    item.putAndInsertString(tag, encoded(value, text).constData());
}

void putNumbers(DcmItem& item, const DcmTagKey& tag, std::initializer_list<double> values) {
    QByteArray text;
    for (double value : values) {
        if (!text.isEmpty())
            text += '\\';
        text += QByteArray::number(value, 'g', 10);
    }
    item.putAndInsertString(tag, text.constData());
}

std::unique_ptr<DcmFileFormat> newSample(const SampleSeries& series, const char* sopClass, int instanceNumber) {
    auto file = std::make_unique<DcmFileFormat>();
    DcmDataset& data = *file->getDataset();
    const Order& order = series.order;
    const auto put = [&](const DcmTagKey& tag, const QString& value) { putText(data, tag, value, series.text); };

    data.putAndInsertString(DCM_SpecificCharacterSet, series.text == SampleText::Utf8 ? "ISO_IR 192" : "GB18030");
    data.putAndInsertString(DCM_SOPClassUID, sopClass);
    put(DCM_SOPInstanceUID, sampleUid(series.seriesUid + u'/' + QString::number(instanceNumber)));
    data.putAndInsertString(DCM_StudyDate, dateText(order.examTime).constData());
    data.putAndInsertString(DCM_StudyTime, timeText(order.examTime).constData());
    data.putAndInsertString(DCM_SeriesDate, dateText(order.examTime).constData());
    data.putAndInsertString(DCM_SeriesTime, timeText(order.examTime).constData());
    data.putAndInsertString(DCM_AcquisitionDate, dateText(order.examTime).constData());
    data.putAndInsertString(DCM_AcquisitionTime, timeText(order.examTime).constData());
    data.putAndInsertString(DCM_ContentDate, dateText(order.examTime).constData());
    data.putAndInsertString(DCM_ContentTime, timeText(order.examTime).constData());
    put(DCM_AccessionNumber, order.accessionNumber);
    put(DCM_Modality, order.modality);
    put(DCM_Manufacturer, series.manufacturer);
    put(DCM_ManufacturerModelName, series.model);
    put(DCM_InstitutionName, order.requestingHospital);
    put(DCM_InstitutionalDepartmentName, order.requestingDepartment);
    put(DCM_ReferringPhysicianName, personNameFromText(order.requestingPhysician).toDicom());
    put(DCM_StudyDescription, series.studyDescription);
    put(DCM_SeriesDescription, series.seriesDescription);
    put(DCM_ProtocolName, series.protocol);
    put(DCM_PatientName, order.patient.name.toDicom());
    put(DCM_PatientID, order.patient.id.value());
    put(DCM_IssuerOfPatientID, order.patient.issuerOfId);
    data.putAndInsertString(DCM_PatientBirthDate,
                            order.patient.birthDate.toString(QStringLiteral("yyyyMMdd")).toLatin1().constData());
    put(DCM_PatientSex, toDicom(order.patient.sex));
    put(DCM_PatientAge, ageOn(order.patient, order.examTime.date()));
    put(DCM_BodyPartExamined, order.bodyPart);
    put(DCM_StudyInstanceUID, order.study.value());
    put(DCM_SeriesInstanceUID, series.seriesUid);
    put(DCM_StudyID, order.accessionNumber.right(8));
    data.putAndInsertString(DCM_SeriesNumber, QByteArray::number(series.seriesNumber).constData());
    data.putAndInsertString(DCM_InstanceNumber, QByteArray::number(instanceNumber).constData());
    if (!series.frameOfReferenceUid.isEmpty()) {
        put(DCM_FrameOfReferenceUID, series.frameOfReferenceUid);
        data.putAndInsertString(DCM_PositionReferenceIndicator, "");
    }
    return file;
}

Status writeSample(DcmFileFormat& file, const QString& path, E_TransferSyntax syntax) {
    DcmDataset& data = *file.getDataset();
    static const bool registered = [] {
        DJEncoderRegistration::registerCodecs();
        return true;
    }();
    static_cast<void>(registered);
    OFCondition status = EC_Normal;
    if (syntax == EXS_JPEGProcess14SV1) {
        const DJ_RPLossless parameters(1, 0);
        status = data.chooseRepresentation(syntax, &parameters);
    } else if (syntax == EXS_JPEGProcess1) {
        const DJ_RPLossy parameters(92);
        status = data.chooseRepresentation(syntax, &parameters);
    }
    if (status.bad())
        return fail(ErrorCode::Internal, QString::fromLatin1(status.text()));
    status = file.saveFile(QFile::encodeName(path).constData(), syntax);
    if (status.bad())
        return fail(ErrorCode::FileUnwritable, path + u": " + QString::fromLatin1(status.text()));
    return {};
}

} // namespace yz::samples
