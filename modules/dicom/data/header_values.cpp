#include "dicom/data/header_values.h"

#include "dicom/data/attributes_dcmtk.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace yz::dicom {

namespace {

quint32 number(const DcmTagKey& tag) { return quint32(tag.getGroup()) << 16 | tag.getElement(); }

/// The values as types.
class Reader {
public:
    Reader(HeaderValues& values, TextDecoder& decoder) : m_values(values), m_decoder(decoder) {}

    [[nodiscard]] QString code(const DcmTagKey& tag) { return codeOf(m_values.raw(number(tag))); }
    [[nodiscard]] QString text(const DcmTagKey& tag) { return m_decoder.decode(m_values.raw(number(tag))).trimmed(); }
    [[nodiscard]] PersonName name(const DcmTagKey& tag) {
        const QString names = m_decoder.decode(m_values.raw(number(tag)), TextKind::Name);
        return PersonName::fromDicom(names.contains(u'\\') ? names.section(u'\\', 0, 0) : names);
    }
    [[nodiscard]] int integer(const DcmTagKey& tag, int otherwise) {
        return m_values.integer(number(tag)).value_or(otherwise);
    }
    /// Digits and dots only: UIDs become file names. Leading zeros and the like are tolerated, other characters are
    /// not.
    [[nodiscard]] Result<QString> uid(const DcmTagKey& tag) {
        const QString value = code(tag);
        const bool isUid =
            !value.isEmpty() && value.size() <= 64 &&
            std::all_of(value.begin(), value.end(), [](QChar c) { return (c >= u'0' && c <= u'9') || c == u'.'; });
        if (!isUid)
            return fail(ErrorCode::AttributeMissing, QString::fromLatin1(DcmTag(tag).getTagName()));
        return value;
    }
    [[nodiscard]] QDateTime firstTime(std::initializer_list<std::pair<DcmTagKey, DcmTagKey>> candidates) {
        for (const auto& [date, time] : candidates) {
            const QString day = code(date);
            if (day.isEmpty())
                continue;
            if (const QDateTime found = dateTimeOf(day, code(time), code(DCM_TimezoneOffsetFromUTC)); found.isValid())
                return found;
        }
        return {};
    }

private:
    HeaderValues& m_values;
    TextDecoder& m_decoder;
};

Patient readPatient(Reader& reader) {
    Patient patient;
    patient.id = PatientId(reader.text(DCM_PatientID));
    patient.issuerOfId = reader.text(DCM_IssuerOfPatientID);
    patient.name = reader.name(DCM_PatientName);
    patient.sex = sexFromDicom(reader.code(DCM_PatientSex));
    patient.birthDate = dateOf(reader.code(DCM_PatientBirthDate));
    patient.age = reader.code(DCM_PatientAge);
    return patient;
}

} // namespace

Result<DataSetHeader> headerOf(HeaderValues& values, TextDecoder& decoder, const QString& transferSyntax,
                               bool hasPixels) {
    Reader reader(values, decoder);
    DataSetHeader header;
    const auto study = reader.uid(DCM_StudyInstanceUID);
    const auto series = reader.uid(DCM_SeriesInstanceUID);
    const auto instance = reader.uid(DCM_SOPInstanceUID);
    const auto sopClass = reader.uid(DCM_SOPClassUID);
    for (const auto* value : {&study, &series, &instance, &sopClass})
        if (!*value)
            return fail(value->error());

    InstanceRecord& record = header.instance;
    record.study = StudyUid(*study);
    record.series = SeriesUid(*series);
    record.instance = InstanceUid(*instance);
    record.sopClass = SopClassUid(*sopClass);
    record.transferSyntax = transferSyntax;
    record.instanceNumber = reader.integer(DCM_InstanceNumber, 0);
    const bool isImage = hasPixels && reader.integer(DCM_Rows, 0) > 0 && reader.integer(DCM_Columns, 0) > 0;
    record.frameCount = isImage ? std::max(1, reader.integer(DCM_NumberOfFrames, 1)) : 0;

    SeriesRecord& seriesRecord = header.series;
    seriesRecord.series = record.series;
    seriesRecord.modality = reader.code(DCM_Modality);
    seriesRecord.seriesNumber = reader.integer(DCM_SeriesNumber, 0);
    seriesRecord.description = reader.text(DCM_SeriesDescription);
    seriesRecord.bodyPart = reader.code(DCM_BodyPartExamined);
    seriesRecord.laterality = reader.code(DCM_ImageLaterality);
    if (seriesRecord.laterality.isEmpty())
        seriesRecord.laterality = reader.code(DCM_Laterality);
    seriesRecord.viewPosition = values.viewPosition();
    seriesRecord.time = reader.firstTime({{DCM_SeriesDate, DCM_SeriesTime},
                                          {DCM_AcquisitionDate, DCM_AcquisitionTime},
                                          {DCM_ContentDate, DCM_ContentTime},
                                          {DCM_StudyDate, DCM_StudyTime}});

    StudyRecord& studyRecord = header.study;
    studyRecord.study = record.study;
    studyRecord.patient = readPatient(reader);
    studyRecord.accessionNumber = reader.text(DCM_AccessionNumber);
    studyRecord.time = reader.firstTime({{DCM_StudyDate, DCM_StudyTime}});
    studyRecord.description = reader.text(DCM_StudyDescription);
    studyRecord.institution = reader.text(DCM_InstitutionName);
    header.textWasRepaired = decoder.wasRepaired();
    header.study.patient.textRepair = decoder.repair();
    return header;
}

} // namespace yz::dicom
