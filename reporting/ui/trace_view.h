#pragma once

#include "domain/report.h"

#include <QTextBrowser>

namespace yz {

/// The visible trace of a review: for each section that differs, what the author wrote struck through and what the
/// reviewer wrote underlined, told apart by more than their colour.
class TraceView final : public QTextBrowser {
    Q_OBJECT
public:
    explicit TraceView(QWidget* parent = nullptr);
    using QTextBrowser::show;
    void show(const ReportContent& author, const ReportContent& now);
    /// Sections that differ, in the order of the report.
    [[nodiscard]] const QStringList& changedSections() const { return m_changed; }

private:
    QStringList m_changed;
};

} // namespace yz
