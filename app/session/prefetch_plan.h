#pragma once

#include "core/result.h"
#include "storage/study_store.h"
#include "worklist/worklist_row.h"

#include <QJsonObject>
#include <chrono>
#include <set>
#include <vector>

/// What is fetched before anybody asks for it, so that a shift can be read with no line, and what makes room for it.
/// Pure functions.
namespace yz {

struct PrefetchPolicy {
    int tasks = 20;                   ///< next open tasks of the list; 0: nothing is fetched ahead
    bool priors = true;               ///< with the studies to compare with
    std::vector<Priority> priorities; ///< only these; empty: all
    std::vector<TaskKind> kinds;      ///< only these; empty: all
    QStringList modalities;           ///< only these; empty: all
    QStringList hospitals;            ///< only what these ordered; empty: all
    qint64 quotaBytes = 60LL << 30;   ///< all images kept here together
    qint64 reserveBytes = 5LL << 30;  ///< of the disk, left free for reports
    std::chrono::hours keep{14 * 24}; ///< what nobody needs any more goes after this, counted from its last use

    bool operator==(const PrefetchPolicy&) const = default;
};
[[nodiscard]] QJsonObject toJson(const PrefetchPolicy& policy);
/// Keys that are absent keep their default. InvalidArgument names the key that is wrong.
[[nodiscard]] Result<PrefetchPolicy> prefetchPolicyFromJson(const QJsonObject& json);

/// The studies wanted here, first needed first: what `user` holds, then open tasks nobody holds in the order of the
/// list (emergencies first, then what is due first); each with its priors after it. Each study once.
[[nodiscard]] std::vector<StudyUid> prefetchOrder(const std::vector<WorklistRowPtr>& rows,
                                                  const PrefetchPolicy& policy);

/// A study on this workstation and what it takes.
struct KeptStudy {
    StudyUid study;
    QDateTime lastUsed;
    qint64 bytes = 0;
};

struct RoomPlan {
    std::vector<StudyUid> goes; ///< to be removed, in this order
    bool isFull = false;        ///< even without them there is no room for more
};
/// `needed`: never to go (unread, claimed, unsent, open on the page). What is old goes; beyond quota or reserve the one
/// longest unused goes first.
[[nodiscard]] RoomPlan planRoom(std::vector<KeptStudy> kept, const std::set<StudyUid>& needed, qint64 freeBytes,
                                const PrefetchPolicy& policy, const QDateTime& now);

} // namespace yz
