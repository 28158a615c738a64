#include "dicom/report/report_modules_dcmtk.h"

namespace yz::dicom {

namespace {

constexpr int kChinaOffsetSeconds = 8 * 3600;

QDateTime inChina(const QDateTime& time) { return time.toOffsetFromUtc(kChinaOffsetSeconds); }

} // namespace

QString dicomDate(const QDateTime& time) {
    return time.isValid() ? inChina(time).toString(QStringLiteral("yyyyMMdd")) : QString();
}
QString dicomTime(const QDateTime& time) {
    return time.isValid() ? inChina(time).toString(QStringLiteral("HHmmss")) : QString();
}
QString dicomDateTime(const QDateTime& time) {
    return time.isValid() ? QString(inChina(time).toString(QStringLiteral("yyyyMMddHHmmss")) + QStringLiteral("+0800"))
                          : QString();
}

QDateTime reportTime(const ReportDocument& document) {
    if (document.reviewer && document.reviewer->signedAt.isValid())
        return document.reviewer->signedAt;
    return document.author.signedAt.isValid() ? document.author.signedAt : document.createdAt;
}

const Patient& reportPatient(const ReportDocument& document) {
    return document.imagePatient.id.isEmpty() && document.imagePatient.name.isEmpty() ? document.order.patient
                                                                                      : document.imagePatient;
}

QString oneLine(const QString& text, qsizetype characters) {
    QString line = text.simplified();
    line.replace(u'\\', u'/');
    return line.left(characters).trimmed();
}

Status checkIdentity(const ReportDocument& document) {
    const auto missing = [](const char* what) { return fail(ErrorCode::ReportIncomplete, QString::fromLatin1(what)); };
    if (document.order.study.isEmpty())
        return missing("no Study Instance UID");
    if (document.srSeries.isEmpty() || document.srInstance.isEmpty())
        return missing("no UIDs for the structured report");
    if (document.author.name.isEmpty())
        return missing("no author");
    if (!reportTime(document).isValid())
        return missing("no time");
    if (document.evidence.size() != document.evidenceSeries.size())
        return missing("evidence without series");
    if (flagsOf(document.state).verified && (!document.reviewer || document.reviewer->name.isEmpty()))
        return missing("verified without a reviewer");
    return {};
}

void putCommonModules(DcmItem& item, const ReportDocument& document) {
    const Patient& patient = reportPatient(document);
    const Order& order = document.order;
    const QDateTime time = reportTime(document);
    markUtf8(item);
    putText(item, DCM_TimezoneOffsetFromUTC, QStringLiteral("+0800"));
    putText(item, DCM_InstanceCreationDate, dicomDate(time));
    putText(item, DCM_InstanceCreationTime, dicomTime(time));
    putText(item, DCM_ContentDate, dicomDate(time));
    putText(item, DCM_ContentTime, dicomTime(time));
    item.putAndInsertString(DCM_InstanceNumber, QByteArray::number(std::max(1, document.version)).constData());

    putPersonName(item, DCM_PatientName, patient.name);
    putText(item, DCM_PatientID, oneLine(patient.id.value()));
    if (!patient.issuerOfId.isEmpty())
        putText(item, DCM_IssuerOfPatientID, oneLine(patient.issuerOfId));
    putText(item, DCM_PatientBirthDate,
            patient.birthDate.isValid() ? patient.birthDate.toString(QStringLiteral("yyyyMMdd")) : QString());
    putText(item, DCM_PatientSex, toDicom(patient.sex));
    const QString age = ageOn(patient, order.examTime.isValid() ? inChina(order.examTime).date() : QDate());
    if (!age.isEmpty())
        putText(item, DCM_PatientAge, age);

    putText(item, DCM_StudyInstanceUID, order.study.value());
    putText(item, DCM_StudyDate, dicomDate(order.examTime));
    putText(item, DCM_StudyTime, dicomTime(order.examTime));
    putPersonName(item, DCM_ReferringPhysicianName, personNameFromText(order.requestingPhysician));
    putText(item, DCM_StudyID, QString());
    putText(item, DCM_AccessionNumber, oneLine(order.accessionNumber, 16));
    if (!order.item.isEmpty())
        putText(item, DCM_StudyDescription, oneLine(order.item));

    putText(item, DCM_Manufacturer, QStringLiteral("Yuanzhen"));
    putText(item, DCM_ManufacturerModelName, QStringLiteral("Yuanzhen"));
    putText(item, DCM_SoftwareVersions, QStringLiteral("1"));
    if (!document.diagnosingHospital.isEmpty())
        putText(item, DCM_InstitutionName, oneLine(document.diagnosingHospital));
}

void putSeries(DcmItem& item, const ReportDocument& document, const char* modality, const SeriesUid& series,
               int seriesNumber) {
    const QDateTime time = reportTime(document);
    item.putAndInsertString(DCM_Modality, modality);
    putText(item, DCM_SeriesInstanceUID, series.value());
    item.putAndInsertString(DCM_SeriesNumber, QByteArray::number(seriesNumber).constData());
    putText(item, DCM_SeriesDate, dicomDate(time));
    putText(item, DCM_SeriesTime, dicomTime(time));
    QString description = document.content.title;
    if (document.isDemo)
        description = QStringLiteral("[DEMO] ") + description;
    putText(item, DCM_SeriesDescription, oneLine(description));
}

void putCode(DcmItem& item, const DcmTagKey& tag, const char* value, const char* scheme, const char* meaning) {
    DcmItem* code = nullptr;
    if (item.findOrCreateSequenceItem(DcmTag(tag), code, 0).bad() || !code)
        return;
    code->putAndInsertString(DCM_CodeValue, value);
    code->putAndInsertString(DCM_CodingSchemeDesignator, scheme);
    code->putAndInsertString(DCM_CodeMeaning, meaning);
}

} // namespace yz::dicom
