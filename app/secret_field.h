#pragma once

#include "session/site_draft.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace yz {

/// A password, a token or a key: can be entered and removed, is never shown.
class SecretField final : public QWidget {
    Q_OBJECT
public:
    /// Word: typed. Key: from a file.
    enum class Kind { Word, KeyFile };
    explicit SecretField(Kind kind, QWidget* parent = nullptr);

    void show(const SecretEdit& edit);
    /// As if the file had been chosen.
    void readFile(const QString& path);

Q_SIGNALS:
    /// Empty: the kept one is to go. None: as it is kept.
    void changed(const std::optional<QByteArray>& value);

private:
    void choose();

    Kind m_kind;
    SecretEdit m_edit;
    QLineEdit* m_word;
    QLabel* m_state;
    QPushButton* m_choose;
    QPushButton* m_remove;
};

} // namespace yz
