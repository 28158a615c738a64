#pragma once

#include "domain/reading_task.h"
#include "domain/user.h"
#include "domain/workflow.h"

#include <QString>

/// The words of the workflow in the language of the desk.
namespace yz {

[[nodiscard]] QString stateText(ReadingState state);   ///< 待诊断, 诊断中, ...
[[nodiscard]] QString priorityText(Priority priority); ///< 普通, 加急, 急诊
[[nodiscard]] QString kindText(TaskKind kind);         ///< 影像诊断, 审核, 复核, 会诊
[[nodiscard]] QString roleText(Role role);
/// Body Part Examined (0018,0015) defined terms in words; an unknown one comes back as it is.
[[nodiscard]] QString bodyPartText(const QString& definedTerm);

} // namespace yz
