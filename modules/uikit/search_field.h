#pragma once

#include <QLineEdit>

namespace yz {

/// A line to search in: magnifier, clear button, Esc empties it and, empty already, gives the focus back.
class SearchField final : public QLineEdit {
    Q_OBJECT
public:
    explicit SearchField(QWidget* parent = nullptr);

Q_SIGNALS:
    void leaveRequested(); ///< Esc on the empty field, or Down / Enter: on to the list

protected:
    void keyPressEvent(QKeyEvent* event) override;
};

} // namespace yz
