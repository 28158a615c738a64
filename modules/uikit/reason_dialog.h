#pragma once

#include <QDialog>
#include <QStringList>

class QPlainTextEdit;
class QPushButton;

namespace yz {

/// Asks for the reason of a step: common reasons to pick from and a field to write in. Use open(), not exec(); deletes
/// itself when closed.
class ReasonDialog final : public QDialog {
    Q_OBJECT
public:
    struct Question {
        QString title;
        QString hint; ///< what the reason is for and who reads it
        QString acceptText;
        QStringList common;
        bool isRequired = true;
        bool isDangerous = false;
    };
    explicit ReasonDialog(const Question& question, QWidget* parent = nullptr);

Q_SIGNALS:
    void reasonGiven(const QString& reason);

private:
    void updateButton();

    bool m_isRequired;
    QPlainTextEdit* m_text;
    QPushButton* m_accept;
};

} // namespace yz
