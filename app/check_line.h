#pragma once

#include "check_text.h"

class QVBoxLayout;
class QWidget;

namespace yz {

/// A line of an answer: a mark in its tone and the sentence, which can be selected. Plain text: some of it is a
/// stranger's.
[[nodiscard]] QWidget* makeCheckLine(const CheckLine& line);

/// The lines of an answer in place of what stands in `layout`, and their texts; null: nothing.
QStringList showCheckLines(QVBoxLayout& layout, const RoleCheck* check);

} // namespace yz
