#pragma once

#include "domain/reading_task.h"
#include "domain/user.h"
#include "domain/workflow.h"
#include "storage/claim_store.h"
#include "storage/study_store.h"

#include <QDateTime>
#include <QHash>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

namespace yz {

/// Who holds a task, seen from the person at the desk.
enum class Holding {
    Nobody,
    Mine,
    Provisional, ///< claimed by me, the platform has not answered yet
    Other,
};

/// What this workstation knows about a task beyond the platform's word.
struct LocalTask {
    std::optional<ClaimStore::Claim> claim;  ///< unfinished
    std::optional<ReadingState> reportState; ///< of the version signed here for this task
    StudyStore::Completeness images;         ///< of its study on this workstation
};

/// A task as the list shows it. Immutable once made.
struct WorklistRow {
    ReadingTask task;
    ReadingState state = ReadingState::Waiting;
    Holding holding = Holding::Nobody;
    bool isOpen = true;              ///< SCHEDULED or IN PROGRESS on the platform
    QDateTime start;                 ///< exam time, else when the task came up: the age counts from here
    QDateTime due;                   ///< the platform's due time, else start + target
    StudyStore::Completeness images; ///< on this workstation: what can be read with no line
    QString haystack;                ///< lower-case text to search in

    bool operator==(const WorklistRow&) const = default;
};
using WorklistRowPtr = std::shared_ptr<const WorklistRow>;

/// State of the reading from the work item alone (docs: WORKFLOW).
[[nodiscard]] ReadingState readingStateOf(const ReadingTask& task);

/// The move that claims the task: Claim or, for a review, TakeForReview.
[[nodiscard]] ReadingMove claimMoveOf(const ReadingTask& task);

/// Whether the user wrote what this review task is about (by name: the platform gives no more).
[[nodiscard]] bool isAuthor(const ReadingTask& task, const User& user);

/// Whether the user may claim it: RoleForbids, SelfReviewForbidden, TaskStateForbids, TaskClaimedByOther.
[[nodiscard]] Status mayClaim(const WorklistRow& row, const User& user, bool selfReviewAllowed = false);

[[nodiscard]] WorklistRowPtr makeRow(const ReadingTask& task, const LocalTask& local, const UserId& me);

/// Full-width forms made narrow, lower case: how the haystack and what is typed are compared.
[[nodiscard]] QString searchForm(const QString& text);

} // namespace yz
