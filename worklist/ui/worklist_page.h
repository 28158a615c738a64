#pragma once

#include "worklist/worklist_controller.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace yz {

class Banner;
class EmptyState;
class FilterBar;
class ProgressLine;
class TaskDetailsWidget;
class WorklistDelegate;
class WorklistTextModel;

/// The list the reader works from. Keys: arrows, Enter claim and open, C claim, V view only, R refresh, "/" or Ctrl+F
/// search, Esc clears the filter.
class WorklistPage final : public QWidget {
    Q_OBJECT
public:
    explicit WorklistPage(WorklistController& controller, QWidget* parent = nullptr);

    void selectTask(const WorkitemUid& task);
    [[nodiscard]] WorkitemUid selectedTask() const { return m_current; }

Q_SIGNALS:
    void openRequested(const yz::ReadingTask& task); ///< claimed by the user: to be read
    void viewRequested(const yz::ReadingTask& task); ///< to be looked at without a claim

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildTable();
    void connectAll();
    void updateFilter();
    void updateState();
    void updateDetails();
    void updateEmptyState();
    void tick();
    void claimCurrent(bool thenOpen);
    void viewCurrent();
    void askRelease();
    void askReject();
    void sayRefused(const ReadingTask& task, const Error& error);
    bool handleTableKey(int key);
    void keepSelection();

    WorklistController& m_controller;
    WorklistTextModel* m_texts;
    WorklistDelegate* m_delegate;
    FilterBar* m_filterBar;
    ProgressLine* m_progress;
    Banner* m_offline;
    Banner* m_notice;
    QLabel* m_summary;
    QToolButton* m_refresh;
    QTableView* m_table;
    EmptyState* m_empty;
    QStackedWidget* m_stack;
    TaskDetailsWidget* m_details;
    QTimer m_tick;
    WorkitemUid m_current;
    WorkitemUid m_openWhenClaimed;
    bool m_saidOffline = false;
};

} // namespace yz
