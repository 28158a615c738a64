#pragma once

#include "viewer_ui/shortcut_table.h"

#include <QDialog>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace yz {

/// The keys as they are, to be looked up (F1) and changed. Stands beside the pictures, never over the work: non-modal.
class ShortcutPage final : public QDialog {
    Q_OBJECT

public:
    explicit ShortcutPage(const ShortcutTable& table, QWidget* parent = nullptr);
    [[nodiscard]] const ShortcutTable& table() const { return m_table; }

Q_SIGNALS:
    void tableChanged(const yz::ShortcutTable& table);

private:
    void fill();
    void filter();
    void showSelected();
    void tryKey();
    void assign();
    void change();
    [[nodiscard]] QString selectedAction() const;

    ShortcutTable m_table;
    std::vector<ViewerAction> m_actions = viewerActions();
    QLineEdit* m_search;
    QTableWidget* m_list;
    QKeySequenceEdit* m_key;
    QLabel* m_conflict;
    QPushButton *m_assign, *m_reset, *m_resetAll;
};

} // namespace yz
