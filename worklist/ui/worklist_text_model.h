#pragma once

#include "worklist/worklist_model.h"

#include <QDateTime>
#include <QIdentityProxyModel>

namespace yz {

/// State of a task in words; a finished work item says how it ended.
[[nodiscard]] QString taskStateText(const WorklistRow& row);
/// "张伟 · DESK2", "本人"; empty when nobody holds it.
[[nodiscard]] QString holderText(const WorklistRow& row);
/// Why a task came back or was given up, without the machine's word before it.
[[nodiscard]] QString taskReasonText(const ReadingTask& task);

/// The words of the worklist's cells.
class WorklistTextModel final : public QIdentityProxyModel {
    Q_OBJECT
public:
    explicit WorklistTextModel(WorklistModel& model, QObject* parent = nullptr);

    /// Moves the ages on; only the cells that show an age change.
    void setNow(const QDateTime& now);
    [[nodiscard]] const QDateTime& now() const { return m_now; }
    [[nodiscard]] const WorklistRow* rowAt(int row) const { return m_model.rowAt(row); }

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString textOf(const WorklistRow& row, int column) const;

    WorklistModel& m_model;
    QDateTime m_now;
};

} // namespace yz
