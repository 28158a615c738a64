#include "domain/reading_task.h"

#include <QJsonArray>
#include <array>
#include <utility>

namespace yz {

namespace {

constexpr std::array<std::pair<UpsState, const char*>, 4> kStates{{
    {UpsState::Scheduled, "SCHEDULED"},
    {UpsState::InProgress, "IN PROGRESS"},
    {UpsState::Completed, "COMPLETED"},
    {UpsState::Canceled, "CANCELED"},
}};
constexpr std::array<std::pair<TaskKind, const char*>, 4> kKinds{{
    {TaskKind::Read, "read"},
    {TaskKind::Review, "review"},
    {TaskKind::SecondLook, "second-look"},
    {TaskKind::Consultation, "consultation"},
}};
constexpr std::array<std::pair<Priority, const char*>, 3> kPriorities{{
    {Priority::Routine, "routine"},
    {Priority::Urgent, "urgent"},
    {Priority::Emergency, "emergency"},
}};

QString utcText(const QDateTime& time) { return time.isValid() ? time.toUTC().toString(Qt::ISODateWithMs) : QString(); }
QDateTime utcTime(const QJsonValue& value) {
    const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    return time.isValid() ? time.toUTC() : QDateTime();
}
QString dateText(QDate date) { return date.isValid() ? date.toString(Qt::ISODate) : QString(); }
QDate dateOf(const QJsonValue& value) { return QDate::fromString(value.toString(), Qt::ISODate); }

QJsonObject toJson(const Patient& patient) {
    QJsonObject json{{"id", patient.id.value()},
                     {"issuer", patient.issuerOfId},
                     {"nationalId", patient.nationalId},
                     {"name", patient.name.toDicom()},
                     {"sex", toDicom(patient.sex)},
                     {"birthDate", dateText(patient.birthDate)},
                     {"age", patient.age}};
    if (!patient.textRepair.isEmpty())
        json["textRepair"] = QJsonObject{{"declared", patient.textRepair.declared},
                                         {"used", patient.textRepair.used},
                                         {"unreadable", patient.textRepair.hasUnreadable}};
    return json;
}

Patient patientFromJson(const QJsonObject& json) {
    Patient patient;
    patient.id = PatientId(json["id"].toString());
    patient.issuerOfId = json["issuer"].toString();
    patient.nationalId = json["nationalId"].toString();
    patient.name = PersonName::fromDicom(json["name"].toString());
    patient.sex = sexFromDicom(json["sex"].toString());
    patient.birthDate = dateOf(json["birthDate"]);
    patient.age = json["age"].toString();
    const QJsonObject repair = json["textRepair"].toObject();
    patient.textRepair = {repair["declared"].toString(), repair["used"].toString(), repair["unreadable"].toBool()};
    return patient;
}

} // namespace

QString upsStateName(UpsState state) {
    for (const auto& [value, name] : kStates)
        if (value == state)
            return QString::fromLatin1(name);
    return {};
}

bool upsStateFromName(const QString& text, UpsState& state) {
    for (const auto& [value, name] : kStates)
        if (text == QLatin1String(name)) {
            state = value;
            return true;
        }
    return false;
}

QString priorityName(Priority priority) {
    for (const auto& [value, name] : kPriorities)
        if (value == priority)
            return QString::fromLatin1(name);
    return {};
}

QString taskKindName(TaskKind kind) {
    for (const auto& [value, name] : kKinds)
        if (value == kind)
            return QString::fromLatin1(name);
    return {};
}

bool taskKindFromName(const QString& text, TaskKind& kind) {
    for (const auto& [value, name] : kKinds)
        if (text == QLatin1String(name)) {
            kind = value;
            return true;
        }
    return false;
}

int targetMinutes(Priority priority, const QString& modality, const QString& bodyPart) {
    const bool isCrossSectional = modality == u"CT" || modality == u"MR";
    if (priority == Priority::Emergency) {
        if (!isCrossSectional)
            return 30;
        return bodyPart == u"HEAD" || bodyPart == u"BRAIN" ? 30 : 60;
    }
    const int routine = isCrossSectional ? 240 : 120;
    return priority == Priority::Urgent ? routine / 2 : routine;
}

QJsonObject toJson(const Order& order) {
    QJsonArray priors;
    for (const StudyReference& prior : order.priors)
        priors.append(QJsonObject{{"studyUid", prior.studyUid.value()},
                                  {"accessionNumber", prior.accessionNumber},
                                  {"date", dateText(prior.date)},
                                  {"modality", prior.modality},
                                  {"description", prior.description}});
    return {{"patient", toJson(order.patient)},
            {"accessionNumber", order.accessionNumber},
            {"requestingHospital", order.requestingHospital},
            {"requestingDepartment", order.requestingDepartment},
            {"requestingPhysician", order.requestingPhysician},
            {"item", order.item},
            {"modality", order.modality},
            {"bodyPart", order.bodyPart},
            {"clinicalDiagnosis", order.clinicalDiagnosis},
            {"history", order.history},
            {"imageQualityRemarks", order.imageQualityRemarks},
            {"examTime", utcText(order.examTime)},
            {"studyUid", order.study.value()},
            {"priors", priors}};
}

Order orderFromJson(const QJsonObject& json) {
    Order order;
    order.patient = patientFromJson(json["patient"].toObject());
    order.accessionNumber = json["accessionNumber"].toString();
    order.requestingHospital = json["requestingHospital"].toString();
    order.requestingDepartment = json["requestingDepartment"].toString();
    order.requestingPhysician = json["requestingPhysician"].toString();
    order.item = json["item"].toString();
    order.modality = json["modality"].toString();
    order.bodyPart = json["bodyPart"].toString();
    order.clinicalDiagnosis = json["clinicalDiagnosis"].toString();
    order.history = json["history"].toString();
    order.imageQualityRemarks = json["imageQualityRemarks"].toString();
    order.examTime = utcTime(json["examTime"]);
    order.study = StudyUid(json["studyUid"].toString());
    const QJsonArray priors = json["priors"].toArray();
    for (const QJsonValue& value : priors) {
        const QJsonObject prior = value.toObject();
        order.priors.push_back({StudyUid(prior["studyUid"].toString()), prior["accessionNumber"].toString(),
                                dateOf(prior["date"]), prior["modality"].toString(), prior["description"].toString()});
    }
    return order;
}

QJsonObject toJson(const ReadingTask& task) {
    QJsonArray reports;
    for (const ReportReference& report : task.reports)
        reports.append(QJsonObject{{"studyUid", report.study.value()},
                                   {"seriesUid", report.series.value()},
                                   {"sopClassUid", report.object.sopClass.value()},
                                   {"instanceUid", report.object.instance.value()}});
    return {{"workitemUid", task.uid.value()},       {"kind", taskKindName(task.kind)},
            {"state", upsStateName(task.state)},     {"priority", priorityName(task.priority)},
            {"order", toJson(task.order)},           {"scheduledTime", utcText(task.scheduledTime)},
            {"dueTime", utcText(task.dueTime)},      {"holderName", task.holderName},
            {"holderStation", task.holderStation},   {"reason", task.reason},
            {"imagesComplete", task.imagesComplete}, {"reports", reports},
            {"authorName", task.authorName},         {"isWithdrawn", task.isWithdrawn}};
}

ReadingTask readingTaskFromJson(const QJsonObject& json) {
    ReadingTask task;
    task.uid = WorkitemUid(json["workitemUid"].toString());
    taskKindFromName(json["kind"].toString(), task.kind);
    upsStateFromName(json["state"].toString(), task.state);
    for (const auto& [value, name] : kPriorities)
        if (json["priority"].toString() == QLatin1String(name))
            task.priority = value;
    task.order = orderFromJson(json["order"].toObject());
    task.scheduledTime = utcTime(json["scheduledTime"]);
    task.dueTime = utcTime(json["dueTime"]);
    task.holderName = json["holderName"].toString();
    task.holderStation = json["holderStation"].toString();
    task.reason = json["reason"].toString();
    task.imagesComplete = json["imagesComplete"].toBool(true);
    task.isWithdrawn = json["isWithdrawn"].toBool();
    task.authorName = json["authorName"].toString();
    const QJsonArray reports = json["reports"].toArray();
    for (const QJsonValue& value : reports) {
        const QJsonObject report = value.toObject();
        task.reports.push_back(
            {StudyUid(report["studyUid"].toString()),
             SeriesUid(report["seriesUid"].toString()),
             {SopClassUid(report["sopClassUid"].toString()), InstanceUid(report["instanceUid"].toString())}});
    }
    return task;
}

} // namespace yz
