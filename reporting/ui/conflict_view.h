#pragma once

#include "domain/report.h"

#include <QWidget>
#include <optional>

class QLabel;
class QTextBrowser;

namespace yz {

/// Two texts for one examination side by side: what was written here and what another reader signed. What only one of
/// them says is marked in it, by more than its colour.
class ConflictView final : public QWidget {
    Q_OBJECT
public:
    explicit ConflictView(QWidget* parent = nullptr);
    /// The titles say whose text it is and since when. No `theirs`: `theirTitle` says why there is nothing to see.
    void show(const QString& ourTitle, const ReportContent& ours, const QString& theirTitle,
              const std::optional<ReportContent>& theirs);
    void clear();

private:
    QLabel* m_ourTitle;
    QLabel* m_theirTitle;
    QTextBrowser* m_ours;
    QTextBrowser* m_theirs;
};

} // namespace yz
