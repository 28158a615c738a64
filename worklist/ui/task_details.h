#pragma once

#include "worklist/worklist_row.h"

#include <QDateTime>
#include <QFrame>

class QGridLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace yz {

class StateBadge;

/// The selected task in full, and what can be done with it.
class TaskDetailsWidget final : public QFrame {
    Q_OBJECT
public:
    static constexpr int kWidth = 348; ///< px

    explicit TaskDetailsWidget(QWidget* parent = nullptr);

    /// `refusal`: why the user may not claim it; shown in place of the claim.
    void showTask(const WorklistRow& row, const QDateTime& now, const Status& mayClaim, bool isBusy);
    void clear();

Q_SIGNALS:
    void claimClicked();
    void viewClicked();
    void releaseClicked();
    void rejectClicked();

private:
    class Block;
    [[nodiscard]] static QString refusalText(const WorklistRow& row, const Error& error);
    static void setText(QLabel* label, const QString& text);

    QWidget* m_content;
    QLabel* m_name;
    QLabel* m_person;
    StateBadge* m_priority;
    StateBadge* m_state;
    StateBadge* m_kind;
    QLabel* m_due;
    QLabel* m_returned;
    QGridLayout* m_order;
    std::vector<QLabel*> m_orderValues;
    Block* m_diagnosis;
    Block* m_history;
    Block* m_quality;
    Block* m_priors;
    QLabel* m_refusal;
    QPushButton* m_claim;
    QPushButton* m_view;
    QPushButton* m_release;
    QPushButton* m_reject;
};

} // namespace yz
