#include "platform/workitem_json.h"

#include "domain/dicom_time.h"
#include "domain/ups_codes.h"
#include "platform/dicom_json.h"

#include <algorithm>
#include <iterator>

namespace yz::workitem_json {

namespace {

// PS3.6, in the order of the table in ups_mapping_dcmtk.h
constexpr char kSopClass[] = "00080016";
constexpr char kSopInstance[] = "00080018";
constexpr char kScheduledWorkitemCode[] = "00404018";
constexpr char kState[] = "00741000";
constexpr char kPriority[] = "00741200";
constexpr char kScheduledStart[] = "00404005";
constexpr char kExpectedCompletion[] = "00404011";
constexpr char kInputReadiness[] = "00404041";
constexpr char kPerformedProcedure[] = "00741216";
constexpr char kActualPerformers[] = "00404035";
constexpr char kPerformerName[] = "00404037";
constexpr char kPerformedStation[] = "00404028";
constexpr char kPerformedWorkitemCode[] = "00404019";
constexpr char kPerformedStart[] = "00404050";
constexpr char kPerformedEnd[] = "00404051";
constexpr char kProgress[] = "00741002";
constexpr char kCancelReason[] = "00741238";
constexpr char kCancelTime[] = "00404052";
constexpr char kReadingPhysicians[] = "00081060";
constexpr char kInput[] = "00404021";
constexpr char kOutput[] = "00404033";
constexpr char kReferencedSop[] = "00081199";
constexpr char kReferencedClass[] = "00081150";
constexpr char kReferencedInstance[] = "00081155";
constexpr char kTypeOfInstances[] = "0040E020";
constexpr char kScheduledStation[] = "00404025";
constexpr char kScheduledPerformers[] = "00404034";
constexpr char kPatientName[] = "00100010";
constexpr char kPatientId[] = "00100020";
constexpr char kIssuerOfPatientId[] = "00100021";
constexpr char kBirthDate[] = "00100030";
constexpr char kSex[] = "00100040";
constexpr char kAge[] = "00101010";
constexpr char kOtherPatientIds[] = "00101002";
constexpr char kRequest[] = "0040A370";
constexpr char kStudy[] = "0020000D";
constexpr char kSeries[] = "0020000E";
constexpr char kAccessionNumber[] = "00080050";
constexpr char kLabel[] = "00741204";
constexpr char kWorklistLabel[] = "00741202";
constexpr char kRequestedDescription[] = "00321060";
constexpr char kInstitution[] = "00080080";
constexpr char kRequestingService[] = "00321033";
constexpr char kRequestingPhysician[] = "00321032";
constexpr char kModality[] = "00080060";
constexpr char kBodyPart[] = "00180015";
constexpr char kDiagnoses[] = "00081080";
constexpr char kHistory[] = "001021B0";
constexpr char kComments[] = "00400400";
constexpr char kStudyDate[] = "00080020";
constexpr char kStudyTime[] = "00080030";
constexpr char kTimezone[] = "00080201";
constexpr char kPriors[] = "00404022";
constexpr char kStudyDescription[] = "00081030";
constexpr char kRequestingAe[] = "00741236";
constexpr char kCodeValue[] = "00080100";
constexpr char kCodingScheme[] = "00080102";
constexpr char kCodeMeaning[] = "00080104";

using json::items;
using json::person;
using json::putItems;
using json::putText;

/// All values in one text, as in a DICOM data set.
QString value(const QJsonObject& in, const char* tag) { return json::texts(in, tag).join(u'\\'); }

QJsonObject firstItem(const QJsonObject& in, const char* tag) {
    const std::vector<QJsonObject> list = items(in, tag);
    return list.empty() ? QJsonObject() : list.front();
}

// --- reading -----------------------------------------------------------------------------------------------------

Patient patientOf(const QJsonObject& in) {
    Patient patient;
    patient.name = person(in, kPatientName);
    patient.id = PatientId(value(in, kPatientId));
    patient.issuerOfId = value(in, kIssuerOfPatientId);
    patient.birthDate = dateFromDicom(value(in, kBirthDate));
    patient.sex = sexFromDicom(value(in, kSex));
    patient.age = value(in, kAge);
    for (const QJsonObject& other : items(in, kOtherPatientIds))
        if (value(other, kIssuerOfPatientId) == QLatin1String(ups::kNationalIdIssuer))
            patient.nationalId = value(other, kPatientId);
    return patient;
}

void appendReferences(const QJsonObject& in, const char* sequence, bool reportsOnly, std::vector<ReportReference>& to) {
    for (const QJsonObject& item : items(in, sequence))
        for (const QJsonObject& sop : items(item, kReferencedSop)) {
            const ReportReference reference{
                StudyUid(value(item, kStudy)),
                SeriesUid(value(item, kSeries)),
                {SopClassUid(value(sop, kReferencedClass)), InstanceUid(value(sop, kReferencedInstance))}};
            if (reportsOnly && !ups::isReportClass(reference.object.sopClass))
                continue;
            if (std::find(to.begin(), to.end(), reference) == to.end())
                to.push_back(reference);
        }
}

QDateTime examTimeOf(const QJsonObject& in) {
    const QDate date = dateFromDicom(value(in, kStudyDate));
    const QTime time = timeFromDicom(value(in, kStudyTime));
    if (!date.isValid())
        return {};
    const QTime exact = time.isValid() ? time : QTime(0, 0);
    const QString zone = value(in, kTimezone);
    if (zone.size() != 5)
        return QDateTime(date, exact);
    const int seconds = (zone.mid(1, 2).toInt() * 60 + zone.mid(3, 2).toInt()) * 60;
    return QDateTime(date, exact, Qt::OffsetFromUTC, zone.startsWith(u'-') ? -seconds : seconds);
}

Order orderOf(const QJsonObject& in) {
    const QJsonObject request = firstItem(in, kRequest);
    const auto requested = [&](const char* tag) {
        const QString text = value(request, tag);
        return text.isEmpty() ? value(in, tag) : text;
    };
    Order order;
    order.patient = patientOf(in);
    order.study = StudyUid(requested(kStudy));
    for (const QJsonObject& item : items(in, kInput))
        if (order.study.isEmpty())
            order.study = StudyUid(value(item, kStudy));
    order.accessionNumber = requested(kAccessionNumber);
    order.requestingHospital = requested(kInstitution);
    order.requestingDepartment = requested(kRequestingService);
    PersonName physician = person(request, kRequestingPhysician);
    if (physician.isEmpty())
        physician = person(in, kRequestingPhysician);
    order.requestingPhysician = physician.display();
    order.item = value(in, kLabel);
    if (order.item.isEmpty())
        order.item = requested(kRequestedDescription);
    order.modality = value(in, kModality);
    order.bodyPart = value(in, kBodyPart);
    order.clinicalDiagnosis = json::texts(in, kDiagnoses).join(QStringLiteral("; "));
    order.history = value(in, kHistory);
    order.imageQualityRemarks = value(in, kComments);
    order.examTime = examTimeOf(in);
    for (const QJsonObject& item : items(in, kPriors)) {
        const StudyReference prior{StudyUid(value(item, kStudy)), value(item, kAccessionNumber),
                                   dateFromDicom(value(item, kStudyDate)), value(item, kModality),
                                   value(item, kStudyDescription)};
        if (!prior.studyUid.isEmpty())
            order.priors.push_back(prior);
    }
    return order;
}

QString reasonOf(const QJsonObject& in) {
    const QString reason = value(firstItem(in, kProgress), kCancelReason);
    return reason.isEmpty() ? value(in, kCancelReason) : reason;
}

TaskKind kindOf(const QJsonObject& in) {
    TaskKind kind = TaskKind::Read;
    for (const QJsonObject& code : items(in, kScheduledWorkitemCode))
        if (ups::kindFromWorkitemCode(value(code, kCodingScheme), value(code, kCodeValue), kind))
            break;
    return kind;
}

// --- writing -----------------------------------------------------------------------------------------------------

/// LO and SH: one line, no backslash.
QString line(QString text) {
    text.replace(u'\\', u'/');
    for (QChar& c : text)
        if (c.category() == QChar::Other_Control)
            c = u' ';
    return text.trimmed();
}

void putCode(QJsonObject& out, const char* sequence, const QString& code, const QString& meaning) {
    QJsonObject item;
    putText(item, kCodeValue, "SH", line(code.left(16)));
    putText(item, kCodingScheme, "SH", QLatin1String(ups::kCodingScheme));
    putText(item, kCodeMeaning, "LO", line(meaning));
    putItems(out, sequence, {item});
}

/// One item per series.
QJsonArray referencesOf(const std::vector<ReportReference>& references) {
    std::vector<std::pair<const ReportReference*, QJsonArray>> series;
    for (const ReportReference& reference : references) {
        auto known = std::find_if(series.begin(), series.end(), [&](const auto& entry) {
            return entry.first->series == reference.series && entry.first->study == reference.study;
        });
        if (known == series.end())
            known = series.insert(series.end(), {&reference, {}});
        QJsonObject sop;
        putText(sop, kReferencedClass, "UI", reference.object.sopClass.value());
        putText(sop, kReferencedInstance, "UI", reference.object.instance.value());
        known->second.append(sop);
    }
    QJsonArray list;
    for (const auto& [first, objects] : series) {
        QJsonObject item;
        putText(item, kTypeOfInstances, "CS", QStringLiteral("DICOM"));
        putText(item, kStudy, "UI", first->study.value());
        putText(item, kSeries, "UI", first->series.value());
        putItems(item, kReferencedSop, objects);
        list.append(item);
    }
    return list;
}

} // namespace

bool state(const QJsonObject& workitem, UpsState& state) { return upsStateFromName(value(workitem, kState), state); }

Result<ReadingTask> task(const QJsonObject& in) {
    ReadingTask task;
    task.uid = WorkitemUid(value(in, kSopInstance));
    if (task.uid.isEmpty())
        return fail(ErrorCode::AttributeMissing, QStringLiteral("work item without SOP Instance UID"));
    task.kind = kindOf(in);
    state(in, task.state);
    task.priority = ups::priorityFromTerm(value(in, kPriority));
    task.order = orderOf(in);
    task.scheduledTime = dateTimeFromDicom(json::text(in, kScheduledStart));
    task.dueTime = dateTimeFromDicom(json::text(in, kExpectedCompletion));
    const QString readiness = value(in, kInputReadiness);
    task.imagesComplete = readiness.isEmpty() || readiness == QLatin1String("READY");
    task.reason = reasonOf(in);
    // Who asks for the cancellation of a step in progress: as over DIMSE (ups_mapping_dcmtk.cpp).
    task.isWithdrawn = task.state == UpsState::InProgress && !value(in, kRequestingAe).isEmpty();
    task.authorName = person(in, kReadingPhysicians).display();
    const QJsonObject performed = firstItem(in, kPerformedProcedure);
    task.holderName = person(firstItem(performed, kActualPerformers), kPerformerName).display();
    task.holderStation = performedProcedure(in).performer.stationName;
    appendReferences(in, kInput, true, task.reports);
    appendReferences(in, kOutput, true, task.reports);
    appendReferences(performed, kOutput, true, task.reports);
    return task;
}

QStringList returnKeys() {
    QStringList tags;
    for (const char* tag : {kSopClass,
                            kSopInstance,
                            kState,
                            kPriority,
                            kLabel,
                            kWorklistLabel,
                            kScheduledStart,
                            kExpectedCompletion,
                            kInputReadiness,
                            kPatientName,
                            kPatientId,
                            kIssuerOfPatientId,
                            kBirthDate,
                            kSex,
                            kAge,
                            kModality,
                            kBodyPart,
                            kDiagnoses,
                            kHistory,
                            kComments,
                            kStudyDate,
                            kStudyTime,
                            kTimezone,
                            kReadingPhysicians,
                            kCancelReason,
                            kRequestingAe,
                            kScheduledStation,
                            kScheduledWorkitemCode,
                            kScheduledPerformers,
                            kRequest,
                            kInput,
                            kOutput,
                            kPriors,
                            kOtherPatientIds,
                            kProgress,
                            kPerformedProcedure})
        tags.append(QLatin1String(tag));
    return tags;
}

void putPerformedProcedure(const ups::PerformedProcedure& performed, QJsonObject& changes) {
    QJsonObject item;
    if (performed.start.isValid())
        putText(item, kPerformedStart, "DT", dateTimeToDicom(performed.start));
    if (performed.end.isValid())
        putText(item, kPerformedEnd, "DT", dateTimeToDicom(performed.end));
    putCode(item, kPerformedWorkitemCode, ups::workitemCode(performed.kind), ups::workitemMeaning(performed.kind));
    if (const QString& station = performed.performer.stationName; !station.isEmpty())
        putCode(item, kPerformedStation, station, station);
    if (!performed.performer.personName.isEmpty()) {
        QJsonObject human;
        json::putPerson(human, kPerformerName, PersonName::fromDicom(performed.performer.personName));
        putItems(item, kActualPerformers, {human});
    }
    putItems(item, kOutput, referencesOf(performed.output));
    putItems(changes, kPerformedProcedure, {item});
}

ups::PerformedProcedure performedProcedure(const QJsonObject& in) {
    ups::PerformedProcedure performed;
    performed.kind = kindOf(in);
    const QJsonObject item = firstItem(in, kPerformedProcedure);
    performed.start = dateTimeFromDicom(json::text(item, kPerformedStart));
    performed.end = dateTimeFromDicom(json::text(item, kPerformedEnd));
    performed.performer.personName = person(firstItem(item, kActualPerformers), kPerformerName).toDicom();
    const QJsonObject station = firstItem(item, kPerformedStation);
    performed.performer.stationName = value(station, kCodeMeaning);
    if (performed.performer.stationName.isEmpty())
        performed.performer.stationName = value(station, kCodeValue);
    appendReferences(item, kOutput, false, performed.output);
    return performed;
}

void putCancellation(const QString& reason, const QDateTime& at, QJsonObject& changes) {
    QJsonObject item;
    putText(item, kCancelReason, "LT", reason);
    putText(item, kCancelTime, "DT", dateTimeToDicom(at));
    putItems(changes, kProgress, {item});
}

} // namespace yz::workitem_json
