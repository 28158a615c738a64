#include "dicom/presentation/study_modules_dcmtk.h"

#include "dicom/report/report_modules_dcmtk.h"

namespace yz::dicom {

DcmItem& addItem(DcmItem& item, const DcmTagKey& sequence) {
    DcmItem* added = nullptr;
    if (item.findOrCreateSequenceItem(DcmTag(sequence), added, -2).bad() || !added)
        qFatal("DCMTK made no item"); // only ever for want of memory
    return *added;
}

Status checkOrigin(const ObjectOrigin& origin) {
    const auto missing = [](const char* what) { return fail(ErrorCode::ReportIncomplete, QString::fromLatin1(what)); };
    if (origin.study.study.isEmpty() || origin.study.patient.id.isEmpty())
        return missing("no study or patient");
    if (origin.series.isEmpty() || origin.instance.isEmpty())
        return missing("no UIDs for the object");
    if (!origin.createdAt.isValid())
        return missing("no time");
    return {};
}

void putOrigin(DcmItem& item, const ObjectOrigin& origin, const char* sopClass, const char* modality,
               const QString& seriesDescription, int seriesNumber) {
    const StudyRecord& study = origin.study;
    const Patient& patient = study.patient;
    markUtf8(item);
    putText(item, DCM_TimezoneOffsetFromUTC, QStringLiteral("+0800"));
    item.putAndInsertString(DCM_SOPClassUID, sopClass);
    putText(item, DCM_SOPInstanceUID, origin.instance.value());
    putText(item, DCM_InstanceCreationDate, dicomDate(origin.createdAt));
    putText(item, DCM_InstanceCreationTime, dicomTime(origin.createdAt));
    item.putAndInsertString(DCM_InstanceNumber, QByteArray::number(origin.instanceNumber).constData());

    putPersonName(item, DCM_PatientName, patient.name);
    putText(item, DCM_PatientID, oneLine(patient.id.value()));
    if (!patient.issuerOfId.isEmpty())
        putText(item, DCM_IssuerOfPatientID, oneLine(patient.issuerOfId));
    putText(item, DCM_PatientBirthDate,
            patient.birthDate.isValid() ? patient.birthDate.toString(QStringLiteral("yyyyMMdd")) : QString());
    putText(item, DCM_PatientSex, toDicom(patient.sex));

    putText(item, DCM_StudyInstanceUID, study.study.value());
    putText(item, DCM_StudyDate, dicomDate(study.time));
    putText(item, DCM_StudyTime, dicomTime(study.time));
    putText(item, DCM_ReferringPhysicianName, QString());
    putText(item, DCM_StudyID, QString());
    putText(item, DCM_AccessionNumber, oneLine(study.accessionNumber, 16));
    if (!study.description.isEmpty())
        putText(item, DCM_StudyDescription, oneLine(study.description));

    item.putAndInsertString(DCM_Modality, modality);
    putText(item, DCM_SeriesInstanceUID, origin.series.value());
    item.putAndInsertString(DCM_SeriesNumber, QByteArray::number(seriesNumber).constData());
    putText(item, DCM_SeriesDate, dicomDate(origin.createdAt));
    putText(item, DCM_SeriesTime, dicomTime(origin.createdAt));
    putText(item, DCM_SeriesDescription,
            oneLine((origin.isDemo ? QStringLiteral("[DEMO] ") : QString()) + seriesDescription));

    putText(item, DCM_Manufacturer, QStringLiteral("Yuanzhen"));
    putText(item, DCM_ManufacturerModelName, QStringLiteral("Yuanzhen"));
    putText(item, DCM_SoftwareVersions, QStringLiteral("1"));
    if (!origin.institution.isEmpty())
        putText(item, DCM_InstitutionName, oneLine(origin.institution));
}

void putReferencedImage(DcmItem& item, const ReferencedFrames& image) {
    DcmItem& entry = addItem(item, DCM_ReferencedImageSequence);
    putText(entry, DCM_ReferencedSOPClassUID, image.object.sopClass.value());
    putText(entry, DCM_ReferencedSOPInstanceUID, image.object.instance.value());
    QStringList numbers;
    for (const int frame : image.frames)
        numbers << QString::number(frame + 1);
    if (!numbers.isEmpty())
        putText(entry, DCM_ReferencedFrameNumber, numbers.join(u'\\'));
}

void putReferencedSeries(DcmItem& item, const std::vector<ReferencedFrames>& images) {
    std::vector<SeriesUid> done;
    for (const ReferencedFrames& first : images) {
        if (std::find(done.begin(), done.end(), first.series) != done.end())
            continue;
        done.push_back(first.series);
        DcmItem& entry = addItem(item, DCM_ReferencedSeriesSequence);
        putText(entry, DCM_SeriesInstanceUID, first.series.value());
        for (const ReferencedFrames& image : images)
            if (image.series == first.series)
                putReferencedImage(entry, image);
    }
}

} // namespace yz::dicom
