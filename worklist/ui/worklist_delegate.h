#pragma once

#include "worklist_ui/worklist_text_model.h"

#include <QSet>
#include <QStyledItemDelegate>

namespace yz {

/// Paints the rows: badges for priority and state, the age against its target as text and bar, a stripe for
/// emergencies.
class WorklistDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    static constexpr int kRowHeight = 30;

    explicit WorklistDelegate(WorklistTextModel& model, QObject* parent = nullptr);
    void setHoveredRow(int row) { m_hoveredRow = row; }
    void setBusy(const QSet<WorkitemUid>& busy) { m_busy = busy; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintDue(QPainter& painter, const QRect& cell, const WorklistRow& row, const QString& text) const;

    WorklistTextModel& m_model;
    QSet<WorkitemUid> m_busy;
    int m_hoveredRow = -1;
};

} // namespace yz
