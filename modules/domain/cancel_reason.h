#pragma once

#include "domain/workflow.h"

#include <QString>

namespace yz {

/// A work item that is given up is CANCELED whatever the reason, so the Reason For Cancellation (0074,1238) says which
/// move it was: "RELEASED: why" (the task comes up again), "RETURNED: why" (a new task for the author), "REJECTED: why"
/// (the study goes back to the sender). Both ends of the worklist use this form.
struct CancelReason {
    ReadingMove move = ReadingMove::Release;
    QString why;

    bool operator==(const CancelReason&) const = default;
};

/// Release and ReleaseReview, Return, RejectStudy; any other move is written as a release.
[[nodiscard]] QString toText(const CancelReason& reason);
/// A text of another form is a rejection with that text: the task must not come up again by itself.
[[nodiscard]] CancelReason cancelReasonFromText(const QString& text);

} // namespace yz
