#include "embedded_platform/workitem_data_set.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <QTimeZone>

namespace yz::platform {

namespace {

QString meaningOf(const QString& code) {
    if (code == QLatin1String(workitem_code::kReview))
        return QStringLiteral("Report review");
    if (code == QLatin1String(workitem_code::kSecondLook))
        return QStringLiteral("Second look");
    if (code == QLatin1String(workitem_code::kConsult))
        return QStringLiteral("Consultation");
    return QStringLiteral("Diagnostic reading");
}

QString priorityTerm(Priority priority) {
    switch (priority) {
    case Priority::Emergency:
        return QStringLiteral("HIGH");
    case Priority::Urgent:
        return QStringLiteral("MEDIUM");
    case Priority::Routine:
        break;
    }
    return QStringLiteral("LOW");
}

/// LO and SH hold neither a backslash nor a line break.
QString line(QString text) { return text.replace(u'\\', u'/').replace(u'\n', u' ').replace(u'\r', u' ').trimmed(); }

/// A name in Chinese belongs to the ideographic group.
QString personName(const QString& text) {
    if (text.contains(u'=') || text.contains(u'^'))
        return text;
    for (QChar c : text)
        if (c.script() == QChar::Script_Han)
            return u'=' + text;
    return text;
}

void putWorkitemCode(DcmItem& workitem, const QString& code) {
    workitem.findAndDeleteElement(DCM_ScheduledWorkitemCodeSequence);
    DcmItem& item = addItem(workitem, DCM_ScheduledWorkitemCodeSequence);
    putText(item, DCM_CodeValue, code);
    putText(item, DCM_CodingSchemeDesignator, QString::fromLatin1(workitem_code::kScheme));
    putText(item, DCM_CodeMeaning, meaningOf(code));
}

void putPatient(DcmItem& workitem, const Patient& patient) {
    putText(workitem, DCM_PatientName, patient.name.toDicom());
    putText(workitem, DCM_PatientID, line(patient.id.value()));
    putText(workitem, DCM_IssuerOfPatientID, line(patient.issuerOfId));
    putText(workitem, DCM_PatientBirthDate,
            patient.birthDate.isValid() ? patient.birthDate.toString(u"yyyyMMdd") : QString());
    putText(workitem, DCM_PatientSex, toDicom(patient.sex));
    if (!patient.age.isEmpty())
        putText(workitem, DCM_PatientAge, patient.age);
    if (!patient.nationalId.isEmpty()) {
        DcmItem& other = addItem(workitem, DCM_OtherPatientIDsSequence);
        putText(other, DCM_PatientID, line(patient.nationalId));
        putText(other, DCM_IssuerOfPatientID, QStringLiteral("NATIONAL"));
    }
}

void putRequest(DcmItem& workitem, const Order& order) {
    DcmItem& request = addItem(workitem, DCM_ReferencedRequestSequence);
    putText(request, DCM_StudyInstanceUID, order.study.value());
    putText(request, DCM_AccessionNumber, line(order.accessionNumber));
    putText(request, DCM_RequestedProcedureID, line(order.accessionNumber).left(16));
    putText(request, DCM_RequestedProcedureDescription, line(order.item));
    request.insertEmptyElement(DCM_RequestedProcedureCodeSequence);
    putText(request, DCM_InstitutionName, line(order.requestingHospital));
    putText(request, DCM_RequestingService, line(order.requestingDepartment));
    putText(request, DCM_RequestingPhysician, personName(line(order.requestingPhysician)));
}

void putInputStudy(DcmItem& workitem, const QString& study) {
    DcmItem& input = addItem(workitem, DCM_InputInformationSequence);
    putText(input, DCM_TypeOfInstances, QStringLiteral("DICOM"));
    putText(input, DCM_StudyInstanceUID, study);
}

void putReference(DcmItem& workitem, const ReferencedReport& report) {
    DcmItem& input = addItem(workitem, DCM_InputInformationSequence);
    putText(input, DCM_TypeOfInstances, QStringLiteral("DICOM"));
    putText(input, DCM_StudyInstanceUID, report.studyUid);
    putText(input, DCM_SeriesInstanceUID, report.seriesUid);
    DcmItem& object = addItem(input, DCM_ReferencedSOPSequence);
    putText(object, DCM_ReferencedSOPClassUID, report.sopClass);
    putText(object, DCM_ReferencedSOPInstanceUID, report.sopInstance);
}

void readOutput(DcmItem& holder, std::vector<ReferencedReport>& found) {
    for (int i = 0; i < itemCount(holder, DCM_OutputInformationSequence); ++i) {
        DcmItem& output = *itemOf(holder, DCM_OutputInformationSequence, i);
        for (int k = 0; k < itemCount(output, DCM_ReferencedSOPSequence); ++k) {
            DcmItem& object = *itemOf(output, DCM_ReferencedSOPSequence, k);
            found.push_back({textOf(output, DCM_StudyInstanceUID), textOf(output, DCM_SeriesInstanceUID),
                             textOf(object, DCM_ReferencedSOPClassUID), textOf(object, DCM_ReferencedSOPInstanceUID)});
        }
    }
}

DcmItem& progressItem(DcmItem& workitem) {
    DcmItem* progress = itemOf(workitem, DCM_ProcedureStepProgressInformationSequence);
    return progress != nullptr ? *progress : addItem(workitem, DCM_ProcedureStepProgressInformationSequence);
}

} // namespace

QString workitemCode(TaskKind kind) {
    switch (kind) {
    case TaskKind::Review:
        return QString::fromLatin1(workitem_code::kReview);
    case TaskKind::SecondLook:
        return QString::fromLatin1(workitem_code::kSecondLook);
    case TaskKind::Consultation:
        return QString::fromLatin1(workitem_code::kConsult);
    case TaskKind::Read:
        break;
    }
    return QString::fromLatin1(workitem_code::kRead);
}

QString utcDateTime(const QDateTime& time) {
    return time.toUTC().toString(u"yyyyMMddHHmmss") + QStringLiteral("+0000");
}

DataSetPtr workitemDataSet(const ReadingTask& task) {
    auto workitem = std::make_unique<DcmDataset>();
    DcmDataset& w = *workitem;
    const Order& order = task.order;
    putText(w, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    w.putAndInsertString(DCM_SOPClassUID, UID_UnifiedProcedureStepPushSOPClass);
    putText(w, DCM_SOPInstanceUID, task.uid.value());
    putText(w, DCM_ProcedureStepState, upsStateName(task.state));
    putText(w, DCM_ScheduledProcedureStepPriority, priorityTerm(task.priority));
    putText(w, DCM_ProcedureStepLabel, line(order.item));
    w.putAndInsertString(DCM_WorklistLabel, "READING");
    putWorkitemCode(w, workitemCode(task.kind));
    putText(w, DCM_ScheduledProcedureStepStartDateTime, utcDateTime(task.scheduledTime));
    putText(w, DCM_ScheduledProcedureStepModificationDateTime, utcDateTime(task.scheduledTime));
    if (task.dueTime.isValid())
        putText(w, DCM_ExpectedCompletionDateTime, utcDateTime(task.dueTime));
    putText(w, DCM_InputReadinessState, task.imagesComplete ? QStringLiteral("READY") : QStringLiteral("INCOMPLETE"));
    for (const DcmTagKey& empty :
         {DCM_ScheduledProcessingParametersSequence, DCM_ScheduledStationNameCodeSequence,
          DCM_ScheduledStationClassCodeSequence, DCM_ScheduledStationGeographicLocationCodeSequence,
          DCM_ProcedureStepProgressInformationSequence, DCM_UnifiedProcedureStepPerformedProcedureSequence,
          DCM_AdmissionID, DCM_AdmittingDiagnosesCodeSequence})
        w.insertEmptyElement(empty);
    putPatient(w, order.patient);
    putRequest(w, order);
    putText(w, DCM_StudyInstanceUID, order.study.value());
    putText(w, DCM_Modality, line(order.modality));
    if (!order.bodyPart.isEmpty())
        putText(w, DCM_BodyPartExamined, line(order.bodyPart));
    putText(w, DCM_AdmittingDiagnosesDescription, line(order.clinicalDiagnosis));
    if (!order.history.isEmpty())
        putText(w, DCM_AdditionalPatientHistory, order.history);
    putText(w, DCM_CommentsOnTheScheduledProcedureStep, order.imageQualityRemarks);
    if (order.examTime.isValid()) {
        const QDateTime local = order.examTime.toLocalTime();
        const int offset = local.offsetFromUtc();
        putText(w, DCM_StudyDate, local.toString(u"yyyyMMdd"));
        putText(w, DCM_StudyTime, local.toString(u"HHmmss"));
        putText(w, DCM_TimezoneOffsetFromUTC,
                QStringLiteral("%1%2%3")
                    .arg(offset < 0 ? u'-' : u'+')
                    .arg(qAbs(offset) / 3600, 2, 10, QChar(u'0'))
                    .arg(qAbs(offset) / 60 % 60, 2, 10, QChar(u'0')));
    }
    putInputStudy(w, order.study.value());
    for (const ReportReference& report : task.reports)
        putReference(w, {report.study.value(), report.series.value(), report.object.sopClass.value(),
                         report.object.instance.value()});
    if (!task.authorName.isEmpty())
        putText(w, DCM_NameOfPhysiciansReadingStudy, personName(task.authorName));
    setPriors(w, order.priors);
    if (!task.reason.isEmpty())
        setCancelReason(w, task.reason);
    return workitem;
}

void setState(DcmItem& workitem, UpsState state, const QDateTime& now) {
    putText(workitem, DCM_ProcedureStepState, upsStateName(state));
    putText(workitem, DCM_ScheduledProcedureStepModificationDateTime, utcDateTime(now));
    if (state == UpsState::Canceled)
        if (DcmItem& progress = progressItem(workitem);
            textOf(progress, DCM_ProcedureStepCancellationDateTime).isEmpty())
            putText(progress, DCM_ProcedureStepCancellationDateTime, utcDateTime(now));
}

UpsState stateOf(DcmItem& workitem) {
    UpsState state = UpsState::Scheduled;
    upsStateFromName(textOf(workitem, DCM_ProcedureStepState), state);
    return state;
}

QString kindOf(DcmItem& workitem) {
    DcmItem* code = itemOf(workitem, DCM_ScheduledWorkitemCodeSequence);
    if (code == nullptr)
        return {};
    const QString value = textOf(*code, DCM_CodeValue);
    if (textOf(*code, DCM_CodingSchemeDesignator) == u"DCM") {
        if (value == u"110005")
            return QString::fromLatin1(workitem_code::kRead);
        if (value == u"110007")
            return QString::fromLatin1(workitem_code::kReview);
    }
    return value;
}

std::vector<ReferencedReport> outputOf(DcmItem& workitem) {
    std::vector<ReferencedReport> found;
    for (int i = 0; i < itemCount(workitem, DCM_UnifiedProcedureStepPerformedProcedureSequence); ++i)
        readOutput(*itemOf(workitem, DCM_UnifiedProcedureStepPerformedProcedureSequence, i), found);
    readOutput(workitem, found);
    return found;
}

QString performerName(DcmItem& workitem) {
    DcmItem* performed = itemOf(workitem, DCM_UnifiedProcedureStepPerformedProcedureSequence);
    DcmItem* person = performed != nullptr ? itemOf(*performed, DCM_ActualHumanPerformersSequence) : nullptr;
    if (person == nullptr)
        return {};
    const QString name = textOf(*person, DCM_HumanPerformerName);
    if (!name.isEmpty())
        return name;
    DcmItem* code = itemOf(*person, DCM_HumanPerformerCodeSequence);
    return code != nullptr ? textOf(*code, DCM_CodeMeaning) : QString();
}

QString cancelReason(DcmItem& workitem) {
    DcmItem* progress = itemOf(workitem, DCM_ProcedureStepProgressInformationSequence);
    const QString reason = progress != nullptr ? textOf(*progress, DCM_ReasonForCancellation) : QString();
    return reason.isEmpty() ? textOf(workitem, DCM_ReasonForCancellation) : reason;
}

void setCancelReason(DcmItem& workitem, const QString& reason) {
    putText(progressItem(workitem), DCM_ReasonForCancellation, reason);
}

bool isRelease(DcmItem& workitem) {
    DcmItem* progress = itemOf(workitem, DCM_ProcedureStepProgressInformationSequence);
    DcmItem* code =
        progress != nullptr ? itemOf(*progress, DCM_ProcedureStepDiscontinuationReasonCodeSequence) : nullptr;
    return code != nullptr && textOf(*code, DCM_CodeValue) == QLatin1String(workitem_code::kRelease) &&
           textOf(*code, DCM_CodingSchemeDesignator) == QLatin1String(workitem_code::kScheme);
}

QString studyOf(DcmItem& workitem) {
    DcmItem* request = itemOf(workitem, DCM_ReferencedRequestSequence);
    const QString uid = request != nullptr ? textOf(*request, DCM_StudyInstanceUID) : QString();
    if (!uid.isEmpty())
        return uid;
    DcmItem* input = itemOf(workitem, DCM_InputInformationSequence);
    return input != nullptr ? textOf(*input, DCM_StudyInstanceUID) : textOf(workitem, DCM_StudyInstanceUID);
}

void setRetrieveAeTitle(DcmItem& workitem, const QString& aeTitle) {
    DcmItem* input = itemOf(workitem, DCM_InputInformationSequence);
    if (input == nullptr || aeTitle.isEmpty())
        return;
    input->findAndDeleteElement(DCM_DICOMRetrievalSequence);
    putText(addItem(*input, DCM_DICOMRetrievalSequence), DCM_RetrieveAETitle, aeTitle);
}

QString retrieveAeTitle(DcmItem& workitem) {
    DcmItem* input = itemOf(workitem, DCM_InputInformationSequence);
    DcmItem* retrieval = input != nullptr ? itemOf(*input, DCM_DICOMRetrievalSequence) : nullptr;
    return retrieval != nullptr ? textOf(*retrieval, DCM_RetrieveAETitle) : QString();
}

void setPriors(DcmItem& workitem, const std::vector<StudyReference>& priors) {
    workitem.findAndDeleteElement(DCM_RETIRED_RelevantInformationSequence);
    for (const StudyReference& prior : priors) {
        DcmItem& item = addItem(workitem, DCM_RETIRED_RelevantInformationSequence);
        putText(item, DCM_TypeOfInstances, QStringLiteral("DICOM"));
        putText(item, DCM_StudyInstanceUID, prior.studyUid.value());
        putText(item, DCM_StudyDate, prior.date.isValid() ? prior.date.toString(u"yyyyMMdd") : QString());
        putText(item, DCM_Modality, prior.modality);
        putText(item, DCM_StudyDescription, line(prior.description));
        putText(item, DCM_AccessionNumber, line(prior.accessionNumber));
    }
}

DataSetPtr successorOf(DcmDataset& workitem, const Successor& successor) {
    DataSetPtr next = copyOf(workitem);
    DcmDataset& w = *next;
    putText(w, DCM_SOPInstanceUID, successor.uid.value());
    putText(w, DCM_ProcedureStepState, upsStateName(UpsState::Scheduled));
    putWorkitemCode(w, workitemCode(successor.kind));
    putText(w, DCM_ScheduledProcedureStepStartDateTime, utcDateTime(successor.scheduledTime));
    putText(w, DCM_ScheduledProcedureStepModificationDateTime, utcDateTime(successor.scheduledTime));
    for (const DcmTagKey& performed :
         {DCM_UnifiedProcedureStepPerformedProcedureSequence, DCM_ProcedureStepProgressInformationSequence}) {
        w.findAndDeleteElement(performed);
        w.insertEmptyElement(performed);
    }
    for (const DcmTagKey& gone :
         {DCM_OutputInformationSequence, DCM_ReasonForCancellation, DCM_ScheduledHumanPerformersSequence,
          DCM_NameOfPhysiciansReadingStudy, DCM_InputInformationSequence})
        w.findAndDeleteElement(gone);
    putInputStudy(w, studyOf(workitem));
    setRetrieveAeTitle(w, retrieveAeTitle(workitem));
    for (const ReferencedReport& report : successor.reports)
        putReference(w, report);
    if (!successor.authorName.isEmpty())
        putText(w, DCM_NameOfPhysiciansReadingStudy, successor.authorName);
    if (!successor.scheduledPerformer.isEmpty()) {
        DcmItem& person = addItem(w, DCM_ScheduledHumanPerformersSequence);
        putText(person, DCM_HumanPerformerName, successor.scheduledPerformer);
    }
    if (!successor.reason.isEmpty())
        setCancelReason(w, successor.reason);
    return next;
}

QString missingForCompletion(DcmItem& workitem) {
    DcmItem* performed = itemOf(workitem, DCM_UnifiedProcedureStepPerformedProcedureSequence);
    if (performed == nullptr)
        return QStringLiteral("Performed Procedure Sequence");
    if (itemOf(*performed, DCM_PerformedWorkitemCodeSequence) == nullptr)
        return QStringLiteral("Performed Workitem Code Sequence");
    if (textOf(*performed, DCM_PerformedProcedureStepStartDateTime).isEmpty())
        return QStringLiteral("Performed Procedure Step Start DateTime");
    if (textOf(*performed, DCM_PerformedProcedureStepEndDateTime).isEmpty())
        return QStringLiteral("Performed Procedure Step End DateTime");
    if (!performed->tagExists(DCM_OutputInformationSequence))
        return QStringLiteral("Output Information Sequence");
    return {};
}

} // namespace yz::platform
