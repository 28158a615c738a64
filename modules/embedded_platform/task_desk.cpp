#include "embedded_platform/task_desk.h"

#include "domain/cancel_reason.h"

#include "core/log.h"
#include "embedded_platform/announcement.h"
#include "embedded_platform/object_intake.h"
#include "embedded_platform/workitem_data_set.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <QCryptographicHash>

namespace yz::platform {

namespace {

/// Who asks for the cancellation of a step in progress: the hospital that sent the study.
constexpr char kWithdrawnBySender[] = "SENDER";

QString value(const QJsonObject& attributes, const char* tag) { return attributes[QLatin1String(tag)].toString(); }

QDate dateValue(const QJsonObject& attributes, const char* tag) {
    return QDate::fromString(value(attributes, tag).left(8), QStringLiteral("yyyyMMdd"));
}

/// "+0800" in seconds; the computer's own offset when there is none.
QDateTime examTime(const QJsonObject& attributes) {
    const QDate date = dateValue(attributes, "00080020");
    if (!date.isValid())
        return {};
    const QString digits = value(attributes, "00080030").left(6).leftJustified(6, u'0');
    const QTime time = QTime::fromString(digits, QStringLiteral("HHmmss"));
    const QString zone = value(attributes, "00080201");
    if (zone.size() != 5)
        return QDateTime(date, time.isValid() ? time : QTime(0, 0), Qt::LocalTime).toUTC();
    const int seconds = zone.mid(1, 2).toInt() * 3600 + zone.mid(3, 2).toInt() * 60;
    return QDateTime(date, time, Qt::OffsetFromUTC, zone.startsWith(u'-') ? -seconds : seconds).toUTC();
}

void fillIn(QString& field, const QString& fromDataSet) {
    if (field.isEmpty())
        field = fromDataSet;
}

bool isImageModality(const QString& modality) {
    return modality != u"SR" && modality != u"PR" && modality != u"KO" && modality != u"DOC";
}

Priority priorityOf(const QJsonObject& order) {
    const QString name = order["priority"].toString();
    for (const Priority priority : {Priority::Urgent, Priority::Emergency})
        if (name == priorityName(priority))
            return priority;
    return Priority::Routine;
}

/// The order as the township sent it, completed from the data sets.
Order orderFor(const ArchivedStudy& study) {
    const QJsonObject& a = study.attributes;
    Order order = study.order.isEmpty() ? Order() : orderFromJson(study.order);
    if (order.patient.name.isEmpty() && order.patient.id.isEmpty()) {
        order.patient.id = PatientId(value(a, "00100020"));
        order.patient.issuerOfId = value(a, "00100021");
        order.patient.name = PersonName::fromDicom(value(a, "00100010"));
        order.patient.sex = sexFromDicom(value(a, "00100040"));
        order.patient.birthDate = dateValue(a, "00100030");
        order.patient.age = value(a, "00101010");
    }
    fillIn(order.accessionNumber, value(a, "00080050"));
    fillIn(order.requestingHospital, value(a, "00080080"));
    fillIn(order.requestingDepartment, value(a, "00321033"));
    fillIn(order.requestingPhysician, PersonName::fromDicom(value(a, "00080090")).display());
    fillIn(order.item, value(a, "00321060"));
    fillIn(order.item, value(a, "00081030"));
    fillIn(order.item, value(study.firstSeries, "0008103E"));
    fillIn(order.modality, imageModality(study));
    fillIn(order.bodyPart, value(study.firstSeries, "00180015"));
    fillIn(order.clinicalDiagnosis, value(a, "00081080"));
    if (!order.examTime.isValid())
        order.examTime = examTime(a);
    order.study = StudyUid(study.studyUid);
    return order;
}

bool isBefore(const ArchivedStudy& a, const ArchivedStudy& b) {
    const QString left = value(a.attributes, "00080020") + value(a.attributes, "00080030");
    const QString right = value(b.attributes, "00080020") + value(b.attributes, "00080030");
    return left < right;
}

WorkitemUid successorUid(const QString& uid) {
    const QByteArray name = "successor of " + uid.toLatin1();
    const QByteArray hash = QCryptographicHash::hash(name, QCryptographicHash::Sha256);
    return WorkitemUid(uidFromUuidBytes(hash.first(16)));
}

StudyReference referenceTo(const ArchivedStudy& study) {
    const Order order = orderFor(study);
    return {StudyUid(study.studyUid), order.accessionNumber, dateValue(study.attributes, "00080020"),
            imageModality(study), order.item};
}

std::vector<StudyReference> priorsAmong(const std::vector<ArchivedStudy>& others, const ArchivedStudy& study) {
    std::vector<StudyReference> priors;
    for (const ArchivedStudy& other : others)
        if (other.studyUid != study.studyUid && isBefore(other, study) && !imageModality(other).isEmpty())
            priors.push_back(referenceTo(other));
    return priors;
}

} // namespace

QString imageModality(const ArchivedStudy& study) {
    for (const QString& modality : study.modalities)
        if (isImageModality(modality))
            return modality;
    return {};
}

TaskDesk::TaskDesk(Settings settings, ArchiveStore& archive, WorkitemStore& workitems, SubscriptionStore& subscriptions,
                   EventSender& sender, const Clock& clock, UidSource& uids)
    : m_settings(settings), m_archive(archive), m_workitems(workitems), m_subscriptions(subscriptions),
      m_sender(sender), m_clock(clock), m_uids(uids) {}

Result<std::vector<StudyReference>> TaskDesk::priorsOf(const ArchivedStudy& study) const {
    const Result<std::vector<ArchivedStudy>> others = m_archive.studiesOf(study.patientId);
    if (!others)
        return fail(others.error());
    return priorsAmong(*others, study);
}

ReadingTask TaskDesk::taskFor(const ArchivedStudy& study, const std::vector<StudyReference>& priors) {
    ReadingTask task;
    task.uid = WorkitemUid(m_uids.next());
    task.kind = TaskKind::Read;
    task.priority = priorityOf(study.order);
    task.order = orderFor(study);
    task.order.priors = priors;
    taskKindFromName(study.order["kind"].toString(), task.kind);
    task.scheduledTime = m_clock.nowUtc();
    task.dueTime =
        task.scheduledTime.addSecs(60LL * targetMinutes(task.priority, task.order.modality, task.order.bodyPart));
    return task;
}

Status TaskDesk::studySettled(const QString& studyUid) {
    const Result<std::optional<ArchivedStudy>> study = m_archive.study(studyUid);
    if (!study)
        return fail(study.error());
    if (!*study)
        return fail(ErrorCode::NotFound, u"no study " + studyUid);
    const ArchivedStudy& arrived = **study;
    const Result<std::vector<Workitem>> existing = m_workitems.ofStudy(studyUid);
    if (!existing)
        return fail(existing.error());
    const bool wantsReading = arrived.order["wantsReading"].toBool(true);
    if (existing->empty() && wantsReading && !arrived.isWithdrawn && !imageModality(arrived).isEmpty()) {
        const Result<std::vector<StudyReference>> priors = priorsOf(arrived);
        if (!priors)
            return fail(priors.error());
        // Another platform of the center may have the same study: one task all the same.
        const Status added = addAndAnnounce(workitemDataSet(taskFor(arrived, *priors)), u"study:" + studyUid);
        if (!added && added.error().code != ErrorCode::AlreadyExists)
            return added;
    }
    if (Status refreshed = refreshPriors(arrived); !refreshed)
        return refreshed;
    return m_archive.markSettled(studyUid);
}

Status TaskDesk::refreshPriors(const ArchivedStudy& arrived) {
    const Result<std::vector<Workitem>> waiting = m_workitems.scheduledOfPatient(arrived.patientId);
    if (!waiting)
        return fail(waiting.error());
    for (const Workitem& item : *waiting) {
        if (item.studyUid == arrived.studyUid)
            continue;
        const Result<std::optional<ArchivedStudy>> study = m_archive.study(item.studyUid);
        if (!study || !*study)
            continue;
        const Result<std::vector<StudyReference>> priors = priorsOf(**study);
        if (!priors)
            return fail(priors.error());
        if (Status changed = setPriorsOf(item, *priors); !changed)
            return changed;
    }
    return {};
}

Status TaskDesk::setPriorsOf(const Workitem& waiting, const std::vector<StudyReference>& priors) {
    const Result<Workitem> changed = m_workitems.modify(waiting.uid, [&](Workitem& workitem) -> Status {
        if (workitem.state == UpsState::Scheduled)
            setPriors(*workitem.dataSet, priors);
        return {};
    });
    return changed ? Status() : Status(fail(changed.error()));
}

Status TaskDesk::studyFound(const ArchivedStudy& study, const std::vector<ArchivedStudy>& others,
                            const QString& archive) {
    const Result<std::vector<Workitem>> existing = m_workitems.ofStudy(study.studyUid);
    if (!existing)
        return fail(existing.error());
    if (existing->empty() && !imageModality(study).isEmpty()) {
        DataSetPtr workitem = workitemDataSet(taskFor(study, priorsAmong(others, study)));
        setRetrieveAeTitle(*workitem, archive);
        // The study may have come to a platform as well, or another one may watch the same archive.
        const Status added = addAndAnnounce(std::move(workitem), u"study:" + study.studyUid);
        if (!added && added.error().code != ErrorCode::AlreadyExists)
            return added;
    }
    const Result<std::vector<Workitem>> waiting = m_workitems.scheduledOfPatient(study.patientId);
    if (!waiting)
        return fail(waiting.error());
    std::vector<ArchivedStudy> all = others;
    all.push_back(study);
    for (const Workitem& item : *waiting) {
        const auto its = std::find_if(others.begin(), others.end(),
                                      [&](const ArchivedStudy& other) { return other.studyUid == item.studyUid; });
        if (its == others.end() || !isBefore(study, *its))
            continue; // nothing is new for it
        if (Status changed = setPriorsOf(item, priorsAmong(all, *its)); !changed)
            return changed;
    }
    return {};
}

Status TaskDesk::addAndAnnounce(DataSetPtr workitem, const QString& origin) {
    Workitem item = newWorkitem(std::move(workitem));
    announceState(item);
    announceAssignment(item);
    return m_workitems.add(item, origin);
}

Status TaskDesk::workFinished(Workitem& item) {
    if (Status made = makeSuccessor(item); !made && made.error().code != ErrorCode::AlreadyExists)
        return made;
    const Result<Workitem> done = m_workitems.modify(item.uid, [](Workitem& workitem) -> Status {
        workitem.needsFollowUp = false;
        return {};
    });
    return done ? Status() : Status(fail(done.error()));
}

Status TaskDesk::resumeFollowUps(std::chrono::milliseconds age) {
    Result<std::vector<Workitem>> items = m_workitems.needingFollowUp(m_clock.nowUtc().addMSecs(-age.count()));
    if (!items)
        return fail(items.error());
    for (Workitem& item : *items)
        if (Status done = workFinished(item); !done)
            return done;
    return {};
}

Status TaskDesk::makeSuccessor(Workitem& item) {
    const bool isReading = item.kind != QLatin1String(workitem_code::kReview);
    const QString reason = cancelReason(*item.dataSet);
    if (item.state != UpsState::Completed && item.state != UpsState::Canceled)
        return {};
    const Result<std::optional<ArchivedStudy>> study = m_archive.study(item.studyUid);
    if (!study)
        return fail(study.error());
    // The study may lie with another platform; what its sender asked stands in the item then.
    if ((*study && (*study)->isWithdrawn) ||
        textOf(*item.dataSet, DCM_RequestingAE) == QLatin1String(kWithdrawnBySender))
        return {};
    if (item.state == UpsState::Completed)
        return isReading && m_settings.review ? makeReview(item) : Status();
    // Given back without a reason (or with the code or word that says so): the same work waits for somebody else.
    const CancelReason why = cancelReasonFromText(reason);
    const bool isGivenBack = reason.isEmpty() || isRelease(*item.dataSet) || why.move == ReadingMove::Release ||
                             why.move == ReadingMove::ReleaseReview;
    if (isReading)
        return isGivenBack ? makeAgain(item, TaskKind::Read, {}, {})
                           : Status(); // with a reason: the images were refused
    if (isGivenBack)
        return makeAgain(item, TaskKind::Review, {}, {});
    return makeAgain(item, TaskKind::Read, why.why, textOf(*item.dataSet, DCM_NameOfPhysiciansReadingStudy));
}

Status TaskDesk::makeReview(Workitem& reading) {
    std::vector<ReferencedReport> reports;
    bool hasStructuredReport = false;
    for (const ReferencedReport& output : outputOf(*reading.dataSet)) {
        hasStructuredReport = hasStructuredReport || isStructuredReport(output.sopClass);
        if (isDerivedObject(output.sopClass))
            reports.push_back(output);
    }
    if (!hasStructuredReport)
        return {};
    Successor next;
    next.uid = successorUid(reading.uid);
    next.kind = TaskKind::Review;
    next.reports = std::move(reports);
    next.authorName = performerName(*reading.dataSet);
    next.scheduledTime = m_clock.nowUtc();
    return addAndAnnounce(successorOf(*reading.dataSet, next));
}

Status TaskDesk::makeAgain(Workitem& ended, TaskKind kind, const QString& reason, const QString& forWhom) {
    Successor next;
    next.uid = successorUid(ended.uid);
    next.kind = kind;
    next.reason = reason;
    next.scheduledPerformer = forWhom;
    next.scheduledTime = m_clock.nowUtc();
    next.authorName = textOf(*ended.dataSet, DCM_NameOfPhysiciansReadingStudy);
    for (int i = 0; i < itemCount(*ended.dataSet, DCM_InputInformationSequence); ++i) {
        DcmItem& input = *itemOf(*ended.dataSet, DCM_InputInformationSequence, i);
        for (int k = 0; k < itemCount(input, DCM_ReferencedSOPSequence); ++k) {
            DcmItem& object = *itemOf(input, DCM_ReferencedSOPSequence, k);
            next.reports.push_back({textOf(input, DCM_StudyInstanceUID), textOf(input, DCM_SeriesInstanceUID),
                                    textOf(object, DCM_ReferencedSOPClassUID),
                                    textOf(object, DCM_ReferencedSOPInstanceUID)});
        }
    }
    return addAndAnnounce(successorOf(*ended.dataSet, next));
}

Status TaskDesk::withdrawStudy(const QString& studyUid, const QString& reason) {
    const Result<std::optional<ArchivedStudy>> study = m_archive.study(studyUid);
    if (!study)
        return fail(study.error());
    if (!*study)
        return fail(ErrorCode::NotFound, u"no study " + studyUid);
    if (Status marked = m_archive.markWithdrawn(studyUid); !marked)
        return marked;
    Result<std::vector<Workitem>> items = m_workitems.ofStudy(studyUid);
    if (!items)
        return fail(items.error());
    for (const Workitem& item : *items) {
        if (item.state == UpsState::Completed || item.state == UpsState::Canceled)
            continue;
        Result<Workitem> changed = m_workitems.modify(item.uid, [&](Workitem& workitem) -> Status {
            if (workitem.state != UpsState::Scheduled) {
                // Only the performer may end it; whoever looks is told.
                setCancelReason(*workitem.dataSet, reason);
                putText(*workitem.dataSet, DCM_RequestingAE, QLatin1String(kWithdrawnBySender));
                announceCancelRequest(workitem, QLatin1String(kWithdrawnBySender), reason);
                return {};
            }
            workitem.state = UpsState::Canceled;
            setCancelReason(*workitem.dataSet, reason);
            setState(*workitem.dataSet, UpsState::Canceled, m_clock.nowUtc());
            announceState(workitem);
            return {};
        });
        if (!changed)
            return fail(changed.error());
    }
    return {};
}

void TaskDesk::announceStateTo(const QString& aeTitle, Workitem& item) {
    if (const Result<QByteArray> bytes = stateReport(item); bytes)
        m_sender.post({aeTitle,
                       QStringLiteral(UID_UnifiedProcedureStepEventSOPClass),
                       QStringLiteral(UID_UnifiedProcedureStepPushSOPClass),
                       item.uid,
                       kStateReport,
                       *bytes,
                       {}});
}

void TaskDesk::announceStart() {
    DcmDataset information;
    putText(information, DCM_SCPStatus, QStringLiteral("RESTARTED"));
    putText(information, DCM_SubscriptionListStatus, QStringLiteral("WARM START"));
    putText(information, DCM_UnifiedProcedureStepListStatus, QStringLiteral("WARM START"));
    const Result<QStringList> subscribers = m_subscriptions.globalSubscribers();
    const Result<QByteArray> bytes = encodeDataSet(information, EXS_LittleEndianExplicit);
    if (!subscribers || !bytes)
        return;
    for (const QString& aeTitle : *subscribers)
        m_sender.post({aeTitle,
                       QStringLiteral(UID_UnifiedProcedureStepEventSOPClass),
                       QStringLiteral(UID_UnifiedProcedureStepPushSOPClass),
                       QStringLiteral(UID_UPSGlobalSubscriptionSOPInstance),
                       kScpStatus,
                       *bytes,
                       {}});
}

} // namespace yz::platform
