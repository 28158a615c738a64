#pragma once

#include "core/result.h"

#include <QString>

namespace yz {

/// One sentence for the person at the desk: what happened, what is safe, what to do next, in the language of the desk.
/// The English detail of the error is for logs and is not in it. Every code has its own sentence.
[[nodiscard]] QString errorSentence(const Error& error);
[[nodiscard]] QString errorSentence(ErrorCode code);

} // namespace yz
