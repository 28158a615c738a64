#include "worklist_ui/worklist_delegate.h"

#include "uikit/badge.h"
#include "uikit/fonts.h"
#include "uikit/theme.h"

#include <QPainter>

namespace yz {

namespace {

constexpr int kMargin = 8;
/// The last quarter of the time is shown as a warning.
constexpr double kNearlyDue = 0.75;

/// Share of the target time that is used up; 1 and more: over.
double usedShare(const WorklistRow& row, const QDateTime& now) {
    const qint64 target = row.start.secsTo(row.due);
    return target > 0 ? static_cast<double>(row.start.secsTo(now)) / static_cast<double>(target) : 1.0;
}

QColor textColour(const WorklistRow& row, int column) {
    const Theme& t = theme();
    switch (column) {
    case WorklistModel::PatientColumn:
        return t.text;
    case WorklistModel::HolderColumn:
        return row.holding == Holding::Mine || row.holding == Holding::Provisional ? t.accent : t.muted;
    case WorklistModel::KindColumn:
        return row.task.kind == TaskKind::Read ? t.muted : t.text;
    case WorklistModel::ImagesColumn:
        return row.images.isComplete() ? t.ok : t.muted;
    case WorklistModel::BodyPartColumn:
    case WorklistModel::ExamTimeColumn:
        return t.muted;
    default:
        return row.isOpen ? t.text : t.muted;
    }
}

} // namespace

WorklistDelegate::WorklistDelegate(WorklistTextModel& model, QObject* parent)
    : QStyledItemDelegate(parent), m_model(model) {}

QSize WorklistDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    return {QStyledItemDelegate::sizeHint(option, index).width(), kRowHeight};
}

void WorklistDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const WorklistRow* row = m_model.rowAt(index.row());
    if (!row)
        return;
    const Theme& t = theme();
    const QRect cell = option.rect;
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    painter->fillRect(cell, isSelected ? t.selection : index.row() == m_hoveredRow ? t.raised : t.surface);
    painter->fillRect(QRect(cell.left(), cell.bottom(), cell.width(), 1), t.border);
    const QString text = index.data(Qt::DisplayRole).toString();
    QRect inner = cell.adjusted(kMargin, 0, -kMargin, -1);
    const int column = index.column();
    switch (column) {
    case WorklistModel::PriorityColumn:
        if (row->task.priority == Priority::Emergency && row->isOpen)
            painter->fillRect(QRect(cell.left(), cell.top(), 3, cell.height() - 1), t.emergencyFill);
        if (row->task.priority == Priority::Routine || !row->isOpen) {
            painter->setPen(t.muted);
            painter->setFont(uiFont(kSmallPx));
            painter->drawText(inner, Qt::AlignLeft | Qt::AlignVCenter, text);
        } else {
            drawBadge(*painter, inner, text, toneOf(row->task.priority), BadgeStyle::Loud);
        }
        break;
    case WorklistModel::DueColumn:
        paintDue(*painter, inner, *row, text);
        break;
    case WorklistModel::StateColumn:
        if (m_busy.contains(row->task.uid))
            drawBadge(*painter, inner, tr("asking…"), Tone::Info, BadgeStyle::Quiet);
        else
            drawBadge(*painter, inner, text, row->isOpen ? toneOf(row->state) : Tone::Neutral, BadgeStyle::Quiet);
        break;
    default: {
        const bool isBold = column == WorklistModel::PatientColumn;
        const QFont font = uiFont(kTextPx, isBold ? QFont::Bold : QFont::Normal);
        painter->setFont(font);
        painter->setPen(textColour(*row, column));
        painter->drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                          QFontMetrics(font).elidedText(text, Qt::ElideRight, inner.width()));
    }
    }
    painter->restore();
}

void WorklistDelegate::paintDue(QPainter& painter, const QRect& cell, const WorklistRow& row,
                                const QString& text) const {
    const Theme& t = theme();
    if (text.isEmpty()) {
        painter.setPen(t.muted);
        painter.drawText(cell, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("–"));
        return;
    }
    const double used = usedShare(row, m_model.now());
    const QColor colour = used >= 1.0 ? t.emergency : used >= kNearlyDue ? t.urgent : t.text;
    painter.setFont(uiFont(kTextPx));
    painter.setPen(colour);
    painter.drawText(cell.adjusted(0, 0, 0, -3), Qt::AlignLeft | Qt::AlignVCenter, text);
    const QRectF track(cell.left(), cell.bottom() - 5, cell.width(), 2);
    painter.fillRect(track, t.border);
    QRectF bar = track;
    bar.setWidth(track.width() * qBound(0.0, used, 1.0));
    painter.fillRect(bar, used >= 1.0 ? t.emergency : used >= kNearlyDue ? t.urgent : t.accentFill);
}

} // namespace yz
