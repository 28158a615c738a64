#include "session/prefetch_plan.h"

#include <QJsonArray>
#include <algorithm>
#include <cmath>
#include <tuple>

namespace yz {

namespace {

constexpr qint64 kMiB = 1LL << 20;

template <typename T> bool allows(const std::vector<T>& list, const T& value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}
bool allows(const QStringList& list, const QString& value) { return list.isEmpty() || list.contains(value); }

bool isWanted(const WorklistRow& row, const PrefetchPolicy& policy) {
    if (!row.isOpen || row.task.isWithdrawn || row.holding == Holding::Other || row.task.order.study.isEmpty())
        return false;
    return allows(policy.priorities, row.task.priority) && allows(policy.kinds, row.task.kind) &&
           allows(policy.modalities, row.task.order.modality) &&
           allows(policy.hospitals, row.task.order.requestingHospital);
}

bool isHeldHere(const WorklistRow& row) { return row.holding == Holding::Mine || row.holding == Holding::Provisional; }

bool priorityFromName(const QString& name, Priority& priority) {
    for (const Priority each : {Priority::Routine, Priority::Urgent, Priority::Emergency})
        if (priorityName(each) == name) {
            priority = each;
            return true;
        }
    return false;
}

/// A whole number within [lowest, highest]; the fallback where the key is absent.
Result<qint64> number(const QJsonObject& json, QLatin1String key, qint64 fallback, qint64 lowest, qint64 highest) {
    if (!json.contains(key))
        return fallback;
    const double value = json.value(key).toDouble(std::nan(""));
    if (!(value >= static_cast<double>(lowest) && value <= static_cast<double>(highest)) || value != std::floor(value))
        return fail(ErrorCode::InvalidArgument, QString(key));
    return static_cast<qint64>(value);
}

Result<QStringList> texts(const QJsonObject& json, QLatin1String key) {
    QStringList list;
    if (!json.contains(key))
        return list;
    if (!json.value(key).isArray())
        return fail(ErrorCode::InvalidArgument, QString(key));
    for (const QJsonValue& value : json.value(key).toArray()) {
        if (!value.isString())
            return fail(ErrorCode::InvalidArgument, QString(key));
        list.append(value.toString());
    }
    return list;
}

} // namespace

QJsonObject toJson(const PrefetchPolicy& policy) {
    QJsonArray priorities;
    for (const Priority priority : policy.priorities)
        priorities.append(priorityName(priority));
    QJsonArray kinds;
    for (const TaskKind kind : policy.kinds)
        kinds.append(taskKindName(kind));
    return {{QStringLiteral("tasks"), policy.tasks},
            {QStringLiteral("priors"), policy.priors},
            {QStringLiteral("priorities"), priorities},
            {QStringLiteral("kinds"), kinds},
            {QStringLiteral("modalities"), QJsonArray::fromStringList(policy.modalities)},
            {QStringLiteral("hospitals"), QJsonArray::fromStringList(policy.hospitals)},
            {QStringLiteral("quotaMiB"), policy.quotaBytes / kMiB},
            {QStringLiteral("reserveMiB"), policy.reserveBytes / kMiB},
            {QStringLiteral("keepHours"), static_cast<qint64>(policy.keep.count())}};
}

Result<PrefetchPolicy> prefetchPolicyFromJson(const QJsonObject& json) {
    PrefetchPolicy policy;
    constexpr qint64 kMostMiB = 1LL << 30; // a PiB
    const auto tasks = number(json, QLatin1String("tasks"), policy.tasks, 0, 10'000);
    const auto quota = number(json, QLatin1String("quotaMiB"), policy.quotaBytes / kMiB, 0, kMostMiB);
    const auto reserve = number(json, QLatin1String("reserveMiB"), policy.reserveBytes / kMiB, 0, kMostMiB);
    const auto keep = number(json, QLatin1String("keepHours"), policy.keep.count(), 1, 24 * 3660);
    for (const auto* value : {&tasks, &quota, &reserve, &keep})
        if (!*value)
            return fail(value->error());
    const auto priorities = texts(json, QLatin1String("priorities"));
    const auto kinds = texts(json, QLatin1String("kinds"));
    const auto modalities = texts(json, QLatin1String("modalities"));
    const auto hospitals = texts(json, QLatin1String("hospitals"));
    for (const auto* value : {&priorities, &kinds, &modalities, &hospitals})
        if (!*value)
            return fail(value->error());
    if (json.contains(QLatin1String("priors")) && !json.value(QLatin1String("priors")).isBool())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("priors"));
    policy.priors = json.value(QLatin1String("priors")).toBool(policy.priors);
    for (const QString& name : *priorities) {
        Priority priority{};
        if (!priorityFromName(name, priority))
            return fail(ErrorCode::InvalidArgument, QStringLiteral("priorities"));
        policy.priorities.push_back(priority);
    }
    for (const QString& name : *kinds) {
        TaskKind kind{};
        if (!taskKindFromName(name, kind))
            return fail(ErrorCode::InvalidArgument, QStringLiteral("kinds"));
        policy.kinds.push_back(kind);
    }
    policy.tasks = static_cast<int>(*tasks);
    policy.modalities = *modalities;
    policy.hospitals = *hospitals;
    policy.quotaBytes = *quota * kMiB;
    policy.reserveBytes = *reserve * kMiB;
    policy.keep = std::chrono::hours(*keep);
    return policy;
}

std::vector<StudyUid> prefetchOrder(const std::vector<WorklistRowPtr>& rows, const PrefetchPolicy& policy) {
    std::vector<WorklistRowPtr> wanted;
    for (const WorklistRowPtr& row : rows)
        if (isWanted(*row, policy))
            wanted.push_back(row);
    const auto place = [](const WorklistRowPtr& row) {
        return std::tuple(isHeldHere(*row) ? 0 : 1, -static_cast<int>(row->task.priority), row->due,
                          row->task.uid.value());
    };
    std::sort(wanted.begin(), wanted.end(),
              [&](const WorklistRowPtr& a, const WorklistRowPtr& b) { return place(a) < place(b); });
    std::vector<StudyUid> order;
    std::set<StudyUid> known;
    const auto add = [&](const StudyUid& study) {
        if (!study.isEmpty() && known.insert(study).second)
            order.push_back(study);
    };
    int ahead = 0;
    for (const WorklistRowPtr& row : wanted) {
        if (!isHeldHere(*row) && ahead++ >= policy.tasks)
            break;
        add(row->task.order.study);
        if (policy.priors)
            for (const StudyReference& prior : row->task.order.priors)
                add(prior.studyUid);
    }
    return order;
}

RoomPlan planRoom(std::vector<KeptStudy> kept, const std::set<StudyUid>& needed, qint64 freeBytes,
                  const PrefetchPolicy& policy, const QDateTime& now) {
    qint64 used = 0;
    for (const KeptStudy& study : kept)
        used += study.bytes;
    std::erase_if(kept, [&](const KeptStudy& study) { return needed.contains(study.study); });
    std::sort(kept.begin(), kept.end(), [](const KeptStudy& a, const KeptStudy& b) {
        return std::tie(a.lastUsed, a.study) < std::tie(b.lastUsed, b.study);
    });
    RoomPlan plan;
    const auto hasRoom = [&] { return used < policy.quotaBytes && freeBytes > policy.reserveBytes; };
    for (const KeptStudy& study : kept) {
        const bool isOld = study.lastUsed.secsTo(now) > std::chrono::seconds(policy.keep).count();
        if (!isOld && hasRoom())
            continue;
        plan.goes.push_back(study.study);
        used -= study.bytes;
        freeBytes += study.bytes;
    }
    plan.isFull = !hasRoom();
    return plan;
}

} // namespace yz
