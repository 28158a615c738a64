#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace yz {

/// Certificates (PEM) that are kept in the site file itself: taken from a file, shown by name and last day.
class CertificateField final : public QWidget {
    Q_OBJECT
public:
    /// `none`: what it means that there is none.
    explicit CertificateField(QString none, QWidget* parent = nullptr);

    void show(const QString& pem);
    void readFile(const QString& path);
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void changed(const QString& pem);

private:
    QString m_none;
    QString m_pem;
    QLabel* m_state;
    QPushButton* m_choose;
    QPushButton* m_remove;
};

} // namespace yz
