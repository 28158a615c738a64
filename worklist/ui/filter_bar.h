#pragma once

#include "worklist/worklist_filter.h"

#include <QHash>
#include <QWidget>

class QButtonGroup;
class QHBoxLayout;
class QPushButton;

namespace yz {

class SearchField;

/// Search field and chips above the worklist. Holds what was chosen; the counts beside the chips are given to it.
class FilterBar final : public QWidget {
    Q_OBJECT
public:
    explicit FilterBar(QWidget* parent = nullptr);

    [[nodiscard]] WorklistFilter filter() const;
    [[nodiscard]] SearchField& searchField() { return *m_search; }
    void clear();
    void setCounts(const WorklistCounts& counts);
    /// Modalities to offer; a chosen one stays offered.
    void setModalities(const QStringList& modalities);

Q_SIGNALS:
    void filterChanged();

private:
    QPushButton* addChip(QHBoxLayout* layout, const QString& text, const QString& name);
    QWidget* addGap(QHBoxLayout* layout);
    void rebuildModalityChips(const QStringList& modalities);

    SearchField* m_search;
    QHBoxLayout* m_modalityLayout;
    QWidget* m_modalityGap = nullptr;
    QHash<QString, QPushButton*> m_modalityChips;
    QPushButton* m_emergency;
    QPushButton* m_urgent;
    QPushButton* m_reviews;
    QPushButton* m_onlyMine;
    QButtonGroup* m_states; ///< ids: ReadingState, or one of the two below
    static constexpr int kAllOpen = 100;
    static constexpr int kFinished = 101;
};

} // namespace yz
