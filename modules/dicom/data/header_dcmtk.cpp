#include "dicom/data/header_dcmtk.h"

#include "dicom/data/attributes_dcmtk.h"

#include <algorithm>

namespace yz::dicom {

namespace {

/// Digits and dots only: UIDs become file names. Leading zeros and the like are tolerated, other characters are not.
Result<QString> uid(DcmItem& item, const DcmTagKey& tag) {
    const QString value = code(item, tag);
    const bool isUid = !value.isEmpty() && value.size() <= 64 && std::all_of(value.begin(), value.end(), [](QChar c) {
        return (c >= u'0' && c <= u'9') || c == u'.';
    });
    if (!isUid)
        return fail(ErrorCode::AttributeMissing, QString::fromLatin1(DcmTag(tag).getTagName()));
    return value;
}

QDateTime firstTime(DcmItem& item, std::initializer_list<std::pair<DcmTagKey, DcmTagKey>> candidates) {
    for (const auto& [dateTag, timeTag] : candidates)
        if (const QDateTime time = dateTime(item, dateTag, timeTag); time.isValid())
            return time;
    return {};
}

} // namespace

Patient readPatient(DcmItem& item, TextDecoder& decoder) {
    Patient patient;
    patient.id = PatientId(text(item, DCM_PatientID, decoder));
    patient.issuerOfId = text(item, DCM_IssuerOfPatientID, decoder);
    patient.name = personName(item, DCM_PatientName, decoder);
    patient.sex = sexFromDicom(code(item, DCM_PatientSex));
    patient.birthDate = date(item, DCM_PatientBirthDate);
    patient.age = code(item, DCM_PatientAge);
    return patient;
}

Result<DataSetHeader> buildHeader(const ParsedHeader& parsed) {
    DcmDataset& item = *parsed.dataSet;
    TextDecoder decoder = textDecoderFor(item);
    DataSetHeader header;
    const auto study = uid(item, DCM_StudyInstanceUID);
    const auto series = uid(item, DCM_SeriesInstanceUID);
    const auto instance = uid(item, DCM_SOPInstanceUID);
    const auto sopClass = uid(item, DCM_SOPClassUID);
    for (const auto* value : {&study, &series, &instance, &sopClass})
        if (!*value)
            return fail(value->error());

    InstanceRecord& record = header.instance;
    record.study = StudyUid(*study);
    record.series = SeriesUid(*series);
    record.instance = InstanceUid(*instance);
    record.sopClass = SopClassUid(*sopClass);
    record.transferSyntax = parsed.meta.transferSyntax;
    record.instanceNumber = integer(item, DCM_InstanceNumber).value_or(0);
    const bool isImage =
        parsed.outline.pixels && integer(item, DCM_Rows).value_or(0) > 0 && integer(item, DCM_Columns).value_or(0) > 0;
    record.frameCount = isImage ? std::max(1, integer(item, DCM_NumberOfFrames).value_or(1)) : 0;

    SeriesRecord& seriesRecord = header.series;
    seriesRecord.series = record.series;
    seriesRecord.modality = code(item, DCM_Modality);
    seriesRecord.seriesNumber = integer(item, DCM_SeriesNumber).value_or(0);
    seriesRecord.description = text(item, DCM_SeriesDescription, decoder);
    seriesRecord.bodyPart = code(item, DCM_BodyPartExamined);
    seriesRecord.laterality = code(item, DCM_ImageLaterality);
    if (seriesRecord.laterality.isEmpty())
        seriesRecord.laterality = code(item, DCM_Laterality);
    seriesRecord.viewPosition = code(item, DCM_ViewPosition);
    seriesRecord.time = firstTime(item, {{DCM_SeriesDate, DCM_SeriesTime},
                                         {DCM_AcquisitionDate, DCM_AcquisitionTime},
                                         {DCM_ContentDate, DCM_ContentTime},
                                         {DCM_StudyDate, DCM_StudyTime}});

    StudyRecord& studyRecord = header.study;
    studyRecord.study = record.study;
    studyRecord.patient = readPatient(item, decoder);
    studyRecord.accessionNumber = text(item, DCM_AccessionNumber, decoder);
    studyRecord.time = dateTime(item, DCM_StudyDate, DCM_StudyTime);
    studyRecord.description = text(item, DCM_StudyDescription, decoder);
    studyRecord.institution = text(item, DCM_InstitutionName, decoder);
    header.textWasRepaired = decoder.wasRepaired();
    header.study.patient.textRepair = decoder.repair();
    return header;
}

} // namespace yz::dicom
