#include "path_field.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace yz {

PathField::PathField(const QString& title, QWidget* parent) : QWidget(parent), m_path(new QLineEdit) {
    auto* choose = new QPushButton(tr("Choose…"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_path, 1);
    layout->addWidget(choose);
    m_path->setObjectName(QStringLiteral("pathText"));
    m_path->setAccessibleName(title);
    setFocusProxy(m_path);
    connect(m_path, &QLineEdit::textEdited, this, [this](const QString& path) { Q_EMIT changed(path.trimmed()); });
    connect(choose, &QPushButton::clicked, this, [this, title] {
        const QString path = QFileDialog::getOpenFileName(this, title, m_path->text());
        if (!path.isEmpty())
            Q_EMIT changed(path);
    });
}

void PathField::show(const QString& path) {
    if (m_path->text().trimmed() != path)
        m_path->setText(path);
}

} // namespace yz
