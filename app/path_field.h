#pragma once

#include <QWidget>

class QLineEdit;

namespace yz {

/// The path of a file on this machine: typed or chosen.
class PathField final : public QWidget {
    Q_OBJECT
public:
    explicit PathField(const QString& title, QWidget* parent = nullptr);
    void show(const QString& path);

Q_SIGNALS:
    void changed(const QString& path);

private:
    QLineEdit* m_path;
};

} // namespace yz
