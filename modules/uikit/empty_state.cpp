#include "uikit/empty_state.h"

#include "uikit/icon.h"
#include "uikit/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace yz {

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent), m_icon(new QLabel(this)), m_title(new QLabel(this)), m_hint(new QLabel(this)),
      m_action(new QPushButton(this)) {
    m_title->setProperty("kind", "heading");
    m_hint->setProperty("kind", "muted");
    m_hint->setWordWrap(true);
    m_hint->setAlignment(Qt::AlignHCenter);
    m_hint->setFixedWidth(420);
    m_action->setObjectName(QStringLiteral("emptyStateAction"));
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addStretch(2);
    layout->addWidget(m_icon, 0, Qt::AlignHCenter);
    layout->addWidget(m_title, 0, Qt::AlignHCenter);
    layout->addWidget(m_hint, 0, Qt::AlignHCenter);
    layout->addWidget(m_action, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    connect(m_action, &QPushButton::clicked, this, &EmptyState::actionRequested);
}

void EmptyState::setContent(const QString& iconName, const QString& title, const QString& hint, const QString& action) {
    m_icon->setPixmap(iconPixmap(iconName, 48, theme().outline, devicePixelRatioF()));
    m_title->setText(title);
    m_hint->setText(hint);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
}

QString EmptyState::title() const { return m_title->text(); }

} // namespace yz
