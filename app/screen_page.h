#pragma once

#include "screen_arrangement.h"

#include <QDialog>

class QLabel;
class QTableWidget;

namespace yz {

/// Where pictures and report go: a line for each screen. Non-modal; what is ticked happens at once.
class ScreenPage final : public QDialog {
    Q_OBJECT

public:
    explicit ScreenPage(ScreenArrangement& arrangement, QWidget* parent = nullptr);

Q_SIGNALS:
    void chosen(const yz::ScreenChoice& choice);

private:
    void fill();
    void take();

    ScreenArrangement& m_arrangement;
    QTableWidget* m_list;
    QLabel* m_gone;
    bool m_filling = false;
};

} // namespace yz
