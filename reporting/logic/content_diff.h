#pragma once

#include "domain/report.h"

#include <QString>
#include <vector>

/// The visible trace of a reviewer's edits.
namespace yz {

struct DiffSegment {
    enum class Kind { Same, Removed, Added };
    Kind kind = Kind::Same;
    QString text;

    bool operator==(const DiffSegment&) const = default;
};

/// Shortest edit script over words (Latin words and numbers whole, every CJK character by itself). Removed comes before
/// added at one place; neighbours of one kind are joined.
[[nodiscard]] std::vector<DiffSegment> diffText(const QString& before, const QString& after);

/// A part of a report that differs. `section` is the key in the content's JSON ("findings", "positivity",
/// "keyImages"...).
struct SectionChange {
    QString section;
    std::vector<DiffSegment> segments; ///< of text sections; empty for the others

    bool operator==(const SectionChange&) const = default;
};

/// In the order of the report. Pictures count only where both sides carry them.
[[nodiscard]] std::vector<SectionChange> changedSections(const ReportContent& before, const ReportContent& after);

} // namespace yz
