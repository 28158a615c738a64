#include "dicom/net/ups_mapping_dcmtk.h"

#include "dicom/net/data_set_dcmtk.h"
#include "domain/ups_codes.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>

namespace yz::ups {

namespace {

QString nameValue(const QString& shown) { return personNameFromText(shown).toDicom(); }
QString shownName(const QString& value) { return PersonName::fromDicom(value.section(u'\\', 0, 0)).display(); }

bool putCode(DcmItem& item, const DcmTagKey& sequence, const QString& value, const QString& meaning) {
    DcmItem* code = addItem(item, sequence);
    return code != nullptr && putLine(*code, DCM_CodeValue, value.left(16)) &&
           putLine(*code, DCM_CodingSchemeDesignator, QLatin1String(kCodingScheme)) &&
           putLine(*code, DCM_CodeMeaning, meaning);
}

// --- patient -----------------------------------------------------------------------------------------------------

bool putPatient(const Patient& patient, DcmItem& out) {
    bool ok = putText(out, DCM_PatientName, patient.name.toDicom()) &&
              putLine(out, DCM_PatientID, patient.id.value()) &&
              putText(out, DCM_PatientBirthDate, patient.birthDate.toString(QStringLiteral("yyyyMMdd"))) &&
              putText(out, DCM_PatientSex, toDicom(patient.sex));
    if (ok && !patient.issuerOfId.isEmpty())
        ok = putLine(out, DCM_IssuerOfPatientID, patient.issuerOfId);
    if (ok && !patient.age.isEmpty())
        ok = putText(out, DCM_PatientAge, patient.age);
    if (ok && !patient.nationalId.isEmpty()) {
        DcmItem* other = addItem(out, DCM_OtherPatientIDsSequence);
        ok = other != nullptr && putLine(*other, DCM_PatientID, patient.nationalId) &&
             putLine(*other, DCM_IssuerOfPatientID, QLatin1String(kNationalIdIssuer)) &&
             putText(*other, DCM_TypeOfPatientID, QStringLiteral("TEXT"));
    }
    return ok;
}

Patient patientOf(DcmItem& in) {
    Patient patient;
    patient.name = PersonName::fromDicom(getText(in, DCM_PatientName));
    patient.id = PatientId(getText(in, DCM_PatientID));
    patient.issuerOfId = getText(in, DCM_IssuerOfPatientID);
    patient.birthDate = dateFromDicom(getText(in, DCM_PatientBirthDate));
    patient.sex = sexFromDicom(getText(in, DCM_PatientSex));
    patient.age = getText(in, DCM_PatientAge);
    patient.textRepair = textRepairOf(in);
    for (DcmItem* other : itemsOf(in, DCM_OtherPatientIDsSequence))
        if (getText(*other, DCM_IssuerOfPatientID) == QLatin1String(kNationalIdIssuer))
            patient.nationalId = getText(*other, DCM_PatientID);
    return patient;
}

// --- references --------------------------------------------------------------------------------------------------

DcmItem* addInformationItem(DcmItem& out, const DcmTagKey& sequence, const StudyUid& study, const SeriesUid& series) {
    DcmItem* item = addItem(out, sequence);
    if (item == nullptr || !putText(*item, DCM_TypeOfInstances, QStringLiteral("DICOM")) ||
        !putText(*item, DCM_StudyInstanceUID, study.value()))
        return nullptr;
    if (!series.isEmpty() && !putText(*item, DCM_SeriesInstanceUID, series.value()))
        return nullptr;
    return item;
}

bool putReferences(DcmItem& out, const DcmTagKey& sequence, const std::vector<ReportReference>& references) {
    std::vector<std::pair<const ReportReference*, DcmItem*>> placed; // one item per series
    for (const ReportReference& reference : references) {
        const auto known = std::find_if(placed.begin(), placed.end(), [&](const auto& entry) {
            return entry.first->series == reference.series && entry.first->study == reference.study;
        });
        DcmItem* item = known != placed.end() ? known->second
                                              : addInformationItem(out, sequence, reference.study, reference.series);
        if (item == nullptr)
            return false;
        if (known == placed.end())
            placed.emplace_back(&reference, item);
        DcmItem* sop = addItem(*item, DCM_ReferencedSOPSequence);
        if (sop == nullptr || !putText(*sop, DCM_ReferencedSOPClassUID, reference.object.sopClass.value()) ||
            !putText(*sop, DCM_ReferencedSOPInstanceUID, reference.object.instance.value()))
            return false;
    }
    return true;
}

void appendReferences(DcmItem& in, const DcmTagKey& sequence, bool reportsOnly, std::vector<ReportReference>& to) {
    for (DcmItem* item : itemsOf(in, sequence))
        for (DcmItem* sop : itemsOf(*item, DCM_ReferencedSOPSequence)) {
            const ReportReference reference{StudyUid(getText(*item, DCM_StudyInstanceUID)),
                                            SeriesUid(getText(*item, DCM_SeriesInstanceUID)),
                                            {SopClassUid(getText(*sop, DCM_ReferencedSOPClassUID)),
                                             InstanceUid(getText(*sop, DCM_ReferencedSOPInstanceUID))}};
            if (reportsOnly && !isReportClass(reference.object.sopClass))
                continue;
            if (std::find(to.begin(), to.end(), reference) == to.end())
                to.push_back(reference);
        }
}

// --- order -------------------------------------------------------------------------------------------------------

bool putExamTime(const QDateTime& time, DcmItem& out) {
    if (!time.isValid())
        return true;
    const int minutes = time.offsetFromUtc() / 60;
    const QString zone = QStringLiteral("%1%2%3")
                             .arg(minutes < 0 ? QStringLiteral("-") : QStringLiteral("+"))
                             .arg(std::abs(minutes) / 60, 2, 10, QChar(u'0'))
                             .arg(std::abs(minutes) % 60, 2, 10, QChar(u'0'));
    return putText(out, DCM_StudyDate, time.date().toString(QStringLiteral("yyyyMMdd"))) &&
           putText(out, DCM_StudyTime, time.time().toString(QStringLiteral("HHmmss.zzz"))) &&
           putText(out, DCM_TimezoneOffsetFromUTC, zone);
}

QDateTime examTimeOf(DcmItem& in) {
    const QDate date = dateFromDicom(getText(in, DCM_StudyDate));
    const QTime time = timeFromDicom(getText(in, DCM_StudyTime));
    if (!date.isValid())
        return {};
    const QTime exact = time.isValid() ? time : QTime(0, 0);
    const QString zone = getText(in, DCM_TimezoneOffsetFromUTC);
    if (zone.size() != 5)
        return QDateTime(date, exact);
    const int seconds = (zone.mid(1, 2).toInt() * 60 + zone.mid(3, 2).toInt()) * 60;
    return QDateTime(date, exact, Qt::OffsetFromUTC, zone.startsWith(u'-') ? -seconds : seconds);
}

bool putRequest(const Order& order, DcmItem& out) {
    DcmItem* request = addItem(out, DCM_ReferencedRequestSequence);
    return request != nullptr && putText(*request, DCM_StudyInstanceUID, order.study.value()) &&
           putLine(*request, DCM_AccessionNumber, order.accessionNumber) &&
           putLine(*request, DCM_RequestedProcedureDescription, order.item) &&
           putLine(*request, DCM_RequestedProcedureID, order.accessionNumber.left(16)) &&
           putLine(*request, DCM_InstitutionName, order.requestingHospital) &&
           putLine(*request, DCM_RequestingService, order.requestingDepartment) &&
           putText(*request, DCM_RequestingPhysician, nameValue(order.requestingPhysician));
}

bool putPriors(const std::vector<StudyReference>& priors, DcmItem& out) {
    for (const StudyReference& prior : priors) {
        DcmItem* item = addItem(out, DCM_RETIRED_RelevantInformationSequence);
        if (item == nullptr || !putText(*item, DCM_StudyInstanceUID, prior.studyUid.value()) ||
            !putText(*item, DCM_StudyDate, prior.date.toString(QStringLiteral("yyyyMMdd"))) ||
            !putLine(*item, DCM_Modality, prior.modality) || !putLine(*item, DCM_StudyDescription, prior.description) ||
            !putLine(*item, DCM_AccessionNumber, prior.accessionNumber))
            return false;
    }
    return true;
}

bool putOrder(const Order& order, DcmItem& out) {
    return putPatient(order.patient, out) && putRequest(order, out) && putPriors(order.priors, out) &&
           putLine(out, DCM_ProcedureStepLabel, order.item) && putLine(out, DCM_Modality, order.modality) &&
           putLine(out, DCM_BodyPartExamined, order.bodyPart) &&
           putLine(out, DCM_AdmittingDiagnosesDescription, order.clinicalDiagnosis) &&
           putText(out, DCM_AdditionalPatientHistory, order.history) &&
           putText(out, DCM_CommentsOnTheScheduledProcedureStep, order.imageQualityRemarks) &&
           putExamTime(order.examTime, out) &&
           (order.study.isEmpty() ||
            addInformationItem(out, DCM_InputInformationSequence, order.study, SeriesUid()) != nullptr);
}

Order orderOf(DcmItem& in) {
    Order order;
    DcmItem* request = firstItem(in, DCM_ReferencedRequestSequence);
    const auto requested = [&](const DcmTagKey& tag) {
        const QString text = request != nullptr ? getText(*request, tag) : QString();
        return text.isEmpty() ? getText(in, tag) : text;
    };
    order.patient = patientOf(in);
    order.study = StudyUid(requested(DCM_StudyInstanceUID));
    for (DcmItem* item : itemsOf(in, DCM_InputInformationSequence))
        if (order.study.isEmpty())
            order.study = StudyUid(getText(*item, DCM_StudyInstanceUID));
    order.accessionNumber = requested(DCM_AccessionNumber);
    order.requestingHospital = requested(DCM_InstitutionName);
    order.requestingDepartment = requested(DCM_RequestingService);
    order.requestingPhysician = shownName(requested(DCM_RequestingPhysician));
    order.item = getText(in, DCM_ProcedureStepLabel);
    if (order.item.isEmpty())
        order.item = requested(DCM_RequestedProcedureDescription);
    order.modality = getText(in, DCM_Modality);
    order.bodyPart = getText(in, DCM_BodyPartExamined);
    order.clinicalDiagnosis = getText(in, DCM_AdmittingDiagnosesDescription).replace(u'\\', QStringLiteral("; "));
    order.history = getText(in, DCM_AdditionalPatientHistory);
    order.imageQualityRemarks = getText(in, DCM_CommentsOnTheScheduledProcedureStep);
    order.examTime = examTimeOf(in);
    for (DcmItem* item : itemsOf(in, DCM_RETIRED_RelevantInformationSequence)) {
        const StudyReference prior{StudyUid(getText(*item, DCM_StudyInstanceUID)), getText(*item, DCM_AccessionNumber),
                                   dateFromDicom(getText(*item, DCM_StudyDate)), getText(*item, DCM_Modality),
                                   getText(*item, DCM_StudyDescription)};
        if (!prior.studyUid.isEmpty())
            order.priors.push_back(prior);
    }
    return order;
}

QString reasonOf(DcmItem& in) {
    if (DcmItem* progress = firstItem(in, DCM_ProcedureStepProgressInformationSequence))
        if (const QString reason = getText(*progress, DCM_ReasonForCancellation); !reason.isEmpty())
            return reason;
    return getText(in, DCM_ReasonForCancellation);
}

TaskKind kindOf(DcmItem& in, const DcmTagKey& sequence) {
    TaskKind kind = TaskKind::Read;
    for (DcmItem* code : itemsOf(in, sequence))
        if (kindFromWorkitemCode(getText(*code, DCM_CodingSchemeDesignator), getText(*code, DCM_CodeValue), kind))
            break;
    return kind;
}

} // namespace

Status toDataset(const ReadingTask& task, DcmItem& out) {
    if (task.uid.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("work item without UID"));
    bool ok = putText(out, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192")) &&
              putText(out, DCM_SOPClassUID, QLatin1String(UID_UnifiedProcedureStepPushSOPClass)) &&
              putText(out, DCM_SOPInstanceUID, task.uid.value()) &&
              putCode(out, DCM_ScheduledWorkitemCodeSequence, workitemCode(task.kind), workitemMeaning(task.kind)) &&
              putText(out, DCM_ProcedureStepState, upsStateName(task.state)) &&
              putText(out, DCM_ScheduledProcedureStepPriority, priorityTerm(task.priority)) &&
              putDateTime(out, DCM_ScheduledProcedureStepStartDateTime, task.scheduledTime) &&
              putDateTime(out, DCM_ExpectedCompletionDateTime, task.dueTime) &&
              putText(out, DCM_InputReadinessState,
                      task.imagesComplete ? QStringLiteral("READY") : QStringLiteral("INCOMPLETE")) &&
              putOrder(task.order, out) && putReferences(out, DCM_InputInformationSequence, task.reports);
    if (ok && !task.authorName.isEmpty())
        ok = putText(out, DCM_NameOfPhysiciansReadingStudy, nameValue(task.authorName));
    if (ok && !task.reason.isEmpty()) {
        DcmItem* progress = addItem(out, DCM_ProcedureStepProgressInformationSequence);
        ok = progress != nullptr && putText(*progress, DCM_ReasonForCancellation, task.reason);
    }
    if (ok && task.isWithdrawn)
        ok = putText(out, DCM_RequestingAE, QStringLiteral("SENDER"));
    if (ok && (!task.holderName.isEmpty() || !task.holderStation.isEmpty())) {
        PerformedProcedure performed;
        performed.performer = {nameValue(task.holderName), task.holderStation};
        performed.kind = task.kind;
        return putPerformedProcedure(performed, out);
    }
    if (!ok)
        return fail(ErrorCode::Internal, QStringLiteral("work item value refused"));
    return {};
}

Result<ReadingTask> fromDataset(DcmItem& in) {
    ReadingTask task;
    task.uid = WorkitemUid(getText(in, DCM_SOPInstanceUID));
    if (task.uid.isEmpty())
        return fail(ErrorCode::AttributeMissing, QStringLiteral("work item without SOP Instance UID"));
    task.kind = kindOf(in, DCM_ScheduledWorkitemCodeSequence);
    upsStateFromName(getText(in, DCM_ProcedureStepState), task.state);
    task.priority = priorityFromTerm(getText(in, DCM_ScheduledProcedureStepPriority));
    task.order = orderOf(in);
    task.scheduledTime = getDateTime(in, DCM_ScheduledProcedureStepStartDateTime);
    task.dueTime = getDateTime(in, DCM_ExpectedCompletionDateTime);
    const QString readiness = getText(in, DCM_InputReadinessState);
    task.imagesComplete = readiness.isEmpty() || readiness == QLatin1String("READY");
    task.reason = reasonOf(in);
    // Only its performer may cancel what is IN PROGRESS (PS3.4 CC.2.1). A platform whose sender took the study back
    // says who asks for the cancellation, as in the Cancel Requested event (CC.2.4-1), and leaves the rest to the
    // performer.
    task.isWithdrawn = task.state == UpsState::InProgress && !getText(in, DCM_RequestingAE).isEmpty();
    task.authorName = shownName(getText(in, DCM_NameOfPhysiciansReadingStudy));

    const PerformedProcedure performed = performedProcedure(in);
    task.holderName = shownName(performed.performer.personName);
    task.holderStation = performed.performer.stationName;
    appendReferences(in, DCM_InputInformationSequence, true, task.reports);
    appendReferences(in, DCM_OutputInformationSequence, true, task.reports);
    if (DcmItem* item = firstItem(in, DCM_UnifiedProcedureStepPerformedProcedureSequence))
        appendReferences(*item, DCM_OutputInformationSequence, true, task.reports);
    return task;
}

Status toQuery(const QString& state, const QString& station, DcmItem& out) {
    bool ok = putText(out, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192")) &&
              putText(out, DCM_ProcedureStepState, state);
    for (const DcmTagKey& tag : {DCM_SOPClassUID,
                                 DCM_SOPInstanceUID,
                                 DCM_ScheduledProcedureStepPriority,
                                 DCM_ProcedureStepLabel,
                                 DCM_WorklistLabel,
                                 DCM_ScheduledProcedureStepStartDateTime,
                                 DCM_ExpectedCompletionDateTime,
                                 DCM_InputReadinessState,
                                 DCM_PatientName,
                                 DCM_PatientID,
                                 DCM_IssuerOfPatientID,
                                 DCM_PatientBirthDate,
                                 DCM_PatientSex,
                                 DCM_PatientAge,
                                 DCM_Modality,
                                 DCM_BodyPartExamined,
                                 DCM_AdmittingDiagnosesDescription,
                                 DCM_AdditionalPatientHistory,
                                 DCM_CommentsOnTheScheduledProcedureStep,
                                 DCM_StudyDate,
                                 DCM_StudyTime,
                                 DCM_TimezoneOffsetFromUTC,
                                 DCM_NameOfPhysiciansReadingStudy,
                                 DCM_ReasonForCancellation,
                                 DCM_RequestingAE})
        ok = ok && out.insertEmptyElement(tag).good();
    // A sequence without items as a return key: all of it (PS3.4 CC.2.8.1.3).
    for (const DcmTagKey& tag :
         {DCM_ScheduledWorkitemCodeSequence, DCM_ScheduledHumanPerformersSequence, DCM_ReferencedRequestSequence,
          DCM_InputInformationSequence, DCM_OutputInformationSequence, DCM_RETIRED_RelevantInformationSequence,
          DCM_OtherPatientIDsSequence, DCM_ProcedureStepProgressInformationSequence,
          DCM_UnifiedProcedureStepPerformedProcedureSequence})
        ok = ok && out.insertEmptyElement(tag).good();
    if (station.isEmpty()) {
        ok = ok && out.insertEmptyElement(DCM_ScheduledStationNameCodeSequence).good();
    } else {
        DcmItem* code = addItem(out, DCM_ScheduledStationNameCodeSequence);
        ok = ok && code != nullptr && putLine(*code, DCM_CodeValue, station.left(16)) &&
             code->insertEmptyElement(DCM_CodingSchemeDesignator).good() &&
             code->insertEmptyElement(DCM_CodeMeaning).good();
    }
    if (!ok)
        return fail(ErrorCode::Internal, QStringLiteral("work item query refused"));
    return {};
}

Status putPerformedProcedure(const PerformedProcedure& performed, DcmItem& out) {
    out.findAndDeleteElement(DCM_UnifiedProcedureStepPerformedProcedureSequence);
    DcmItem* item = addItem(out, DCM_UnifiedProcedureStepPerformedProcedureSequence);
    bool ok = item != nullptr && putDateTime(*item, DCM_PerformedProcedureStepStartDateTime, performed.start) &&
              putDateTime(*item, DCM_PerformedProcedureStepEndDateTime, performed.end) &&
              putCode(*item, DCM_PerformedWorkitemCodeSequence, workitemCode(performed.kind),
                      workitemMeaning(performed.kind));
    if (ok && !performed.performer.stationName.isEmpty())
        ok = putCode(*item, DCM_PerformedStationNameCodeSequence, performed.performer.stationName,
                     performed.performer.stationName);
    if (ok && !performed.performer.personName.isEmpty()) {
        DcmItem* human = addItem(*item, DCM_ActualHumanPerformersSequence);
        ok = human != nullptr && putText(*human, DCM_HumanPerformerName, performed.performer.personName);
    }
    ok = ok && (performed.output.empty() ? item->insertEmptyElement(DCM_OutputInformationSequence).good()
                                         : putReferences(*item, DCM_OutputInformationSequence, performed.output));
    if (!ok)
        return fail(ErrorCode::Internal, QStringLiteral("performed procedure refused"));
    return {};
}

PerformedProcedure performedProcedure(DcmItem& in) {
    PerformedProcedure performed;
    performed.kind = kindOf(in, DCM_ScheduledWorkitemCodeSequence);
    DcmItem* item = firstItem(in, DCM_UnifiedProcedureStepPerformedProcedureSequence);
    if (item == nullptr)
        return performed;
    performed.start = getDateTime(*item, DCM_PerformedProcedureStepStartDateTime);
    performed.end = getDateTime(*item, DCM_PerformedProcedureStepEndDateTime);
    if (DcmItem* human = firstItem(*item, DCM_ActualHumanPerformersSequence))
        performed.performer.personName = getText(*human, DCM_HumanPerformerName);
    if (DcmItem* station = firstItem(*item, DCM_PerformedStationNameCodeSequence)) {
        performed.performer.stationName = getText(*station, DCM_CodeMeaning);
        if (performed.performer.stationName.isEmpty())
            performed.performer.stationName = getText(*station, DCM_CodeValue);
    }
    appendReferences(*item, DCM_OutputInformationSequence, false, performed.output);
    return performed;
}

} // namespace yz::ups
