#include "worklist_ui/status_bar_widget.h"

#include "uikit/format.h"
#include "uikit/icon.h"
#include "uikit/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace yz {

namespace {

constexpr int kTickMs = 30000;

QPushButton* flatButton(const QString& name, QWidget* parent) {
    auto* button = new QPushButton(parent);
    button->setObjectName(name);
    button->setProperty("kind", "flat");
    button->setStyleSheet(QStringLiteral("padding: 1px 6px; min-height: 18px; font-size: 12px;"));
    button->setIconSize({14, 14});
    button->setFocusPolicy(Qt::NoFocus);
    return button;
}

} // namespace

StatusBarWidget::StatusBarWidget(const Clock& clock, QWidget* parent)
    : QFrame(parent), m_clock(clock), m_platform(flatButton(QStringLiteral("statusPlatform"), this)),
      m_outbox(flatButton(QStringLiteral("statusOutbox"), this)),
      m_conflicts(flatButton(QStringLiteral("statusConflicts"), this)), m_asOfLabel(new QLabel(this)),
      m_ahead(new QLabel(this)), m_activity(new QLabel(this)),
      m_demo(new QLabel(tr("DEMO – not for patient care"), this)),
      m_userButton(flatButton(QStringLiteral("statusUser"), this)) {
    setObjectName(QStringLiteral("statusBar"));
    setProperty("kind", "statusbar");
    setFixedHeight(28);
    m_asOfLabel->setProperty("kind", "small");
    m_asOfLabel->setObjectName(QStringLiteral("statusAsOf"));
    m_ahead->setProperty("kind", "small");
    m_ahead->setObjectName(QStringLiteral("statusAhead"));
    m_activity->setProperty("kind", "small");
    m_activity->setObjectName(QStringLiteral("statusActivity"));
    m_demo->setProperty("kind", "demo");
    m_demo->setObjectName(QStringLiteral("statusDemo"));
    m_demo->setFixedHeight(20);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 0, 8, 0);
    layout->setSpacing(10);
    layout->addWidget(m_platform);
    layout->addWidget(m_outbox);
    layout->addWidget(m_conflicts);
    layout->addWidget(m_asOfLabel);
    layout->addWidget(m_ahead);
    layout->addSpacing(10);
    layout->addWidget(m_activity);
    layout->addStretch();
    layout->addWidget(m_demo);
    layout->addWidget(m_userButton);
    m_demo->hide();
    m_conflicts->hide();
    m_userButton->hide();
    connect(m_platform, &QPushButton::clicked, this, &StatusBarWidget::platformClicked);
    connect(m_outbox, &QPushButton::clicked, this, &StatusBarWidget::outboxClicked);
    connect(m_conflicts, &QPushButton::clicked, this, &StatusBarWidget::conflictsClicked);
    connect(m_userButton, &QPushButton::clicked, this, &StatusBarWidget::userClicked);
    connect(&m_tick, &QTimer::timeout, this, &StatusBarWidget::updateTexts);
    m_tick.start(kTickMs);
    updateTexts();
}

void StatusBarWidget::setOnline(bool isOnline, const QDateTime& offlineSince) {
    m_isOnline = isOnline;
    m_offlineSince = offlineSince;
    updateTexts();
}

void StatusBarWidget::setOutbox(int waiting, int parked) {
    m_waiting = waiting;
    m_parked = parked;
    updateTexts();
}

void StatusBarWidget::setOutboxStuck(int stuck, const QDateTime& since) {
    m_stuck = stuck;
    m_stuckSince = since;
    updateTexts();
}

void StatusBarWidget::setConflicts(int count) {
    m_conflicts->setVisible(count > 0);
    m_conflicts->setIcon(icon(QStringLiteral("report"), theme().urgent));
    m_conflicts->setText(tr("Conflicts %1").arg(count));
    m_conflicts->setToolTip(tr("Your text and another doctor's for the same study: compare them when you have time."));
}

void StatusBarWidget::setListAsOf(const QDateTime& asOf) {
    m_asOf = asOf;
    updateTexts();
}

void StatusBarWidget::setUser(const User& user) {
    m_userButton->setVisible(!user.id.isEmpty());
    m_userButton->setIcon(icon(QStringLiteral("user"), theme().muted));
    QString text = user.title.isEmpty() ? user.displayName : user.displayName + u"  " + user.title;
    if (user.isDemo)
        text += u"  " + tr("(demo user)");
    m_userButton->setText(text);
}

void StatusBarWidget::setDemo(bool isDemo) { m_demo->setVisible(isDemo); }

void StatusBarWidget::setAhead(int here, int wanted, bool isFull) {
    const bool isShort = isFull && here < wanted;
    m_ahead->setText(wanted == 0 ? QString()
                     : isShort   ? tr("Ahead %1 of %2, no room for more").arg(here).arg(wanted)
                                 : tr("Ahead %1 of %2").arg(here).arg(wanted));
    m_ahead->setStyleSheet(isShort ? QStringLiteral("color: %1;").arg(theme().urgent.name()) : QString());
    m_ahead->setToolTip(isShort ? tr("Studies fetched before they are opened. The disk or the quota for images is full "
                                     "of studies that are still needed.")
                                : tr("Studies fetched before they are opened: they can be read without the platform."));
}

void StatusBarWidget::setActivity(const QString& text) { m_activity->setText(text); }

void StatusBarWidget::updateTexts() {
    const Theme& t = theme();
    const QDateTime now = m_clock.nowUtc();
    m_platform->setIcon(m_isOnline ? icon(QStringLiteral("online"), t.ok) : icon(QStringLiteral("offline"), t.urgent));
    m_platform->setText(m_isOnline ? tr("Platform connected")
                        : m_offlineSince.isValid()
                            ? tr("Platform away since %1").arg(formatShortTime(m_offlineSince, now))
                            : tr("Platform not connected"));
    const QColor outboxColour = m_parked > 0 || m_stuck > 0 ? t.emergency : m_waiting > 0 ? t.urgent : t.muted;
    m_outbox->setIcon(icon(QStringLiteral("outbox"), outboxColour));
    m_outbox->setText(m_stuck > 0 ? tr("Outbox %1, waiting too long %2 (since %3)")
                                        .arg(m_waiting)
                                        .arg(m_stuck)
                                        .arg(formatShortTime(m_stuckSince, now))
                      : m_parked > 0  ? tr("Outbox %1, of them refused %2").arg(m_waiting).arg(m_parked)
                      : m_waiting > 0 ? tr("Outbox %1").arg(m_waiting)
                                      : tr("Outbox empty"));
    m_asOfLabel->setText(m_asOf.isValid() ? tr("List as of %1").arg(formatShortTime(m_asOf, now)) : QString());
}

} // namespace yz
