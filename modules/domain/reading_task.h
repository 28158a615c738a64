#pragma once

#include "core/ids.h"
#include "domain/person.h"

#include <QDateTime>
#include <QJsonObject>
#include <QString>
#include <vector>

namespace yz {

enum class Priority { Routine, Urgent, Emergency }; ///< 普通, 加急, 急诊/绿色通道; UPS LOW/MEDIUM/HIGH (0074,1200)
enum class TaskKind {
    Read,         ///< 影像诊断
    Review,       ///< 审核: the second of the two chained work items
    SecondLook,   ///< 复核 of a township's own first read
    Consultation, ///< 会诊
};
/// (0074,1000)
enum class UpsState { Scheduled, InProgress, Completed, Canceled };

struct StudyReference {
    StudyUid studyUid;
    QString accessionNumber;
    QDate date;
    QString modality;
    QString description;

    bool operator==(const StudyReference&) const = default;
};

struct SopReference {
    SopClassUid sopClass;
    InstanceUid instance;

    bool operator==(const SopReference&) const = default;
};

/// A report object a work item points to, with the place to fetch it.
struct ReportReference {
    StudyUid study;
    SeriesUid series;
    SopReference object;

    bool operator==(const ReportReference&) const = default;
};

/// What the township ordered and did.
struct Order {
    Patient patient;
    QString accessionNumber;
    QString requestingHospital;   ///< 申请单位
    QString requestingDepartment; ///< 申请科室
    QString requestingPhysician;
    QString item; ///< 检查项目, e.g. 胸部CT平扫
    QString modality;
    QString bodyPart;          ///< DICOM defined term, e.g. CHEST
    QString clinicalDiagnosis; ///< 临床诊断
    QString history;           ///< 病史
    QString imageQualityRemarks;
    QDateTime examTime;
    StudyUid study;
    std::vector<StudyReference> priors;

    bool operator==(const Order&) const = default;
};

/// A unit of work on the platform's worklist (a UPS, PS3.4 CC; content as IHE RRR-WF).
struct ReadingTask {
    WorkitemUid uid;
    TaskKind kind = TaskKind::Read;
    UpsState state = UpsState::Scheduled;
    Priority priority = Priority::Routine;
    Order order;
    QDateTime scheduledTime; ///< when the task came up
    QDateTime dueTime;       ///< target; invalid when the platform gives none
    QString holderName;      ///< actual human performer while IN PROGRESS
    QString holderStation;
    QString reason;                       ///< why it was returned, cancelled or withdrawn
    bool isWithdrawn = false;             ///< the sender took the study back while the task is IN PROGRESS
    bool imagesComplete = true;           ///< input readiness READY
    std::vector<ReportReference> reports; ///< review: what the author submitted; amended: predecessors
    QString authorName;                   ///< review tasks: who wrote it

    bool operator==(const ReadingTask&) const = default;
};

[[nodiscard]] QString upsStateName(UpsState state); ///< the DICOM term
bool upsStateFromName(const QString& name, UpsState& state);
[[nodiscard]] QString priorityName(Priority priority); ///< "routine", "urgent", "emergency"
[[nodiscard]] QString taskKindName(TaskKind kind);     ///< "read", "review", "second-look", "consultation"
bool taskKindFromName(const QString& name, TaskKind& kind);

/// Turn-around target by priority and modality (docs: WORKFLOW); added to the exam time where the platform gives no due
/// time.
[[nodiscard]] int targetMinutes(Priority priority, const QString& modality, const QString& bodyPart);

/// JSON of the local cache and of the CLI; every field is kept both ways.
[[nodiscard]] QJsonObject toJson(const ReadingTask& task);
[[nodiscard]] ReadingTask readingTaskFromJson(const QJsonObject& json);
[[nodiscard]] QJsonObject toJson(const Order& order);
[[nodiscard]] Order orderFromJson(const QJsonObject& json);

} // namespace yz
