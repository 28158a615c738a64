#pragma once

#include "worklist/worklist_filter.h"

#include <QAbstractTableModel>
#include <QCollator>

namespace yz {

/// The worklist as a table: filtered and sorted here, changed by differences so that a refresh moves nothing that did
/// not move. Cells give typed values, not text: the words are the view's. GUI thread.
class WorklistModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        PriorityColumn,
        DueColumn,
        HospitalColumn,
        PatientColumn,
        SexAgeColumn,
        ModalityColumn,
        BodyPartColumn,
        ItemColumn,
        KindColumn,
        StateColumn,
        HolderColumn,
        ImagesColumn, ///< those on this workstation
        ExamTimeColumn,
        ColumnCount
    };
    enum Role {
        ValueRole = Qt::UserRole + 1, ///< typed value of the cell: int of the enum, QDateTime or QString
        TaskUidRole,                  ///< QString
        StateRole,                    ///< int(ReadingState)
        PriorityRole,                 ///< int(Priority)
        HoldingRole,                  ///< int(Holding)
        StartRole,                    ///< QDateTime
        DueRole,                      ///< QDateTime
        OpenRole,                     ///< bool
    };

    explicit WorklistModel(QObject* parent = nullptr);

    /// The whole list as of now. Rows that are equal to those before cause no signal.
    void setRows(const std::vector<WorklistRowPtr>& rows);
    void setFilter(const WorklistFilter& filter);
    [[nodiscard]] const WorklistFilter& filter() const { return m_filter; }
    [[nodiscard]] const std::vector<WorklistRowPtr>& allRows() const { return m_all; }

    [[nodiscard]] const WorklistRow* rowAt(int row) const; ///< null outside the table
    [[nodiscard]] int
    rowOf(const WorkitemUid& task) const; ///< -1: not shown; not to be asked inside a change's signals
    [[nodiscard]] const WorklistRow* find(const WorkitemUid& task) const; ///< shown or not; null: not in the list

    /// Sorts by a column, ties in the default order; column -1 is the default: emergencies first, then what is due
    /// first.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    [[nodiscard]] int sortColumn() const { return m_sortColumn; }
    [[nodiscard]] Qt::SortOrder sortOrder() const { return m_sortOrder; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    void arrange();
    [[nodiscard]] std::vector<WorklistRowPtr> matching() const;
    [[nodiscard]] int compare(const WorklistRow& a, const WorklistRow& b) const;
    void show(std::vector<WorklistRowPtr> next);
    void reorder(const std::vector<WorklistRowPtr>& order);

    std::vector<WorklistRowPtr> m_all; ///< in the order of the table
    std::vector<WorklistRowPtr> m_shown;
    QHash<WorkitemUid, int> m_rowOf;
    WorklistFilter m_filter;
    QCollator m_collator;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace yz
