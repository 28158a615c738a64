#pragma once

#include "session/desk_services.h"

#include <QString>

/// A desk in a process of its own that dies by SIGKILL at a chosen moment of the main job. What the moment is, is said
/// by ports wrapped around the real ones: the product knows nothing of it.
namespace yz::test {

enum class Moment {
    None, ///< lives to the end
    BeforeClaimIsAsked,
    AfterClaimIsAnswered,
    DuringRetrieval,
    WhileTyping,
    AfterRendering,   ///< the report is on paper, nothing is signed
    AfterSigning,     ///< the key has signed, nothing is committed
    BeforeSending,    ///< committed to the database, nothing sent
    BetweenObjects,   ///< SR is on the platform, PDF is not
    AfterStoring,     ///< both are there, no commitment asked for
    AfterCommitment,  ///< the platform has committed, the desk has not noted it
    BeforeCompleting, ///< the work item's output is set, the task not completed
    AfterCompleting,  ///< completed on the platform, not noted here
};
inline constexpr int kMoments = 13;
[[nodiscard]] const char* momentName(Moment moment);

/// Takes the reading task of `study` from wherever it stands to "delivered". Returns 0, or prints why not and
/// returns 1.
[[nodiscard]] int runDesk(const QString& home, const QString& study, Moment moment);

} // namespace yz::test
