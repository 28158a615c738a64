#pragma once

#include "check_text.h"

class QWidget;

namespace yz {

/// A line of an answer: a mark in its tone and the sentence, which can be selected. Plain text: some of it is a
/// stranger's.
[[nodiscard]] QWidget* makeCheckLine(const CheckLine& line);

} // namespace yz
