#include "worklist_ui/login_page.h"

#include "uikit/error_text.h"
#include "uikit/fonts.h"
#include "uikit/icon.h"
#include "uikit/terms.h"
#include "uikit/theme.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace yz {

namespace {

constexpr int kCardWidth = 400;
constexpr int kFieldHeight = 36;

/// Roles in the order of the table, as one line.
QString rolesText(const User& user) {
    QStringList names;
    for (const Role role : {Role::Reader, Role::Reviewer, Role::EcgReader, Role::PathologyReader, Role::QaSupervisor,
                            Role::Administrator})
        if (user.has(role))
            names.append(roleText(role));
    return names.join(QStringLiteral(" / "));
}

} // namespace

LoginPage::LoginPage(const Clock& clock, QWidget* parent)
    : QWidget(parent), m_clock(clock), m_name(new QLineEdit(this)), m_password(new QLineEdit(this)),
      m_capsLock(new QLabel(tr("Caps Lock is on"), this)), m_error(new QLabel(this)),
      m_button(new QPushButton(tr("Log in"), this)), m_demo(new QWidget(this)), m_demoLayout(new QVBoxLayout(m_demo)) {
    setObjectName(QStringLiteral("loginPage"));
    auto* logo = new QLabel(this);
    logo->setPixmap(iconPixmap(QStringLiteral("mpr"), 40, theme().accent, devicePixelRatioF()));
    auto* product = new QLabel(QStringLiteral("远诊"), this); // the product's name in every language
    product->setFont(uiFont(30, QFont::Bold));
    product->setStyleSheet(QStringLiteral("font-size: 30px; font-weight: bold;"));
    auto* latin = new QLabel(QStringLiteral("Yuanzhen"), this);
    latin->setStyleSheet(u"font-size: 15px; color: " + theme().muted.name() + u';');
    auto* purpose = new QLabel(tr("Reading and reporting for regional diagnostic centers"), this);
    purpose->setProperty("kind", "muted");

    auto* head = new QHBoxLayout;
    head->setSpacing(10);
    head->addStretch();
    head->addWidget(logo);
    head->addWidget(product);
    head->addWidget(latin, 0, Qt::AlignBottom);
    head->addStretch();

    m_name->setObjectName(QStringLiteral("loginName"));
    m_name->setPlaceholderText(tr("User name"));
    m_name->setAccessibleName(tr("User name"));
    m_name->addAction(icon(QStringLiteral("user"), theme().muted), QLineEdit::LeadingPosition);
    m_password->setObjectName(QStringLiteral("loginPassword"));
    m_password->setPlaceholderText(tr("Password"));
    m_password->setAccessibleName(tr("Password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->addAction(icon(QStringLiteral("lock"), theme().muted), QLineEdit::LeadingPosition);
    for (QLineEdit* field : {m_name, m_password}) {
        field->setFixedHeight(kFieldHeight);
        field->installEventFilter(this);
    }
    m_button->setObjectName(QStringLiteral("loginButton"));
    m_button->setProperty("kind", "primary");
    m_button->setFixedHeight(kFieldHeight);
    m_capsLock->setProperty("kind", "warning");
    m_capsLock->setObjectName(QStringLiteral("loginCapsLock"));
    m_capsLock->hide();
    m_error->setProperty("kind", "error");
    m_error->setObjectName(QStringLiteral("loginError"));
    m_error->setWordWrap(true);
    m_error->hide();

    auto* card = new QFrame(this);
    card->setProperty("kind", "card");
    card->setFixedWidth(kCardWidth);
    auto* form = new QVBoxLayout(card);
    form->setContentsMargins(28, 28, 28, 24);
    form->setSpacing(12);
    form->addWidget(m_name);
    form->addWidget(m_password);
    form->addWidget(m_capsLock);
    form->addWidget(m_error);
    form->addSpacing(2);
    form->addWidget(m_button);
    m_demoLayout->setContentsMargins(0, 8, 0, 0);
    m_demoLayout->setSpacing(2);
    m_demo->hide();
    form->addWidget(m_demo);

    auto* statement =
        new QLabel(tr("Not a registered medical device. Not to be used for the diagnosis of patients."), this);
    statement->setProperty("kind", "small");
    statement->setObjectName(QStringLiteral("notAMedicalDevice"));

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 20);
    layout->addStretch(2);
    layout->addLayout(head);
    layout->addSpacing(4);
    layout->addWidget(purpose, 0, Qt::AlignHCenter);
    layout->addSpacing(22);
    layout->addWidget(card, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    layout->addWidget(statement, 0, Qt::AlignHCenter);

    connect(m_button, &QPushButton::clicked, this, &LoginPage::submit);
    connect(m_name, &QLineEdit::returnPressed, this, [this] {
        if (m_password->text().isEmpty())
            m_password->setFocus();
        else
            submit();
    });
    connect(m_password, &QLineEdit::returnPressed, this, &LoginPage::submit);
    connect(m_name, &QLineEdit::textChanged, this, [this] {
        if (m_lockedUntil.isValid() && m_name->text().trimmed() != m_lockedName)
            m_lockedUntil = m_clock.nowUtc(); // the lock is that account's, not the desk's
        updateLock();
    });
    connect(m_password, &QLineEdit::textChanged, this, &LoginPage::updateEnabled);
    connect(&m_tick, &QTimer::timeout, this, &LoginPage::updateLock);
    updateEnabled();
}

void LoginPage::setDemoUsers(const std::vector<User>& users, const QString& passwordHint) {
    while (QLayoutItem* item = m_demoLayout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_demo->setVisible(!users.empty());
    if (users.empty())
        return;
    auto* mark = new QLabel(tr("Demo users – invented persons, not for patient care"), m_demo);
    mark->setProperty("kind", "demo");
    mark->setObjectName(QStringLiteral("demoMark"));
    m_demoLayout->addWidget(mark);
    m_demoLayout->addSpacing(4);
    for (const User& user : users) {
        auto* pick = new QPushButton(user.displayName + u"   " + rolesText(user), m_demo);
        pick->setObjectName(u"demoUser_" + user.loginName);
        pick->setProperty("kind", "flat");
        pick->setStyleSheet(QStringLiteral("text-align: left;"));
        pick->setIcon(icon(QStringLiteral("user"), theme().muted));
        pick->setAutoDefault(false);
        connect(pick, &QPushButton::clicked, this, [this, name = user.loginName] {
            m_name->setText(name);
            m_password->setFocus();
            m_password->selectAll();
        });
        m_demoLayout->addWidget(pick);
    }
    if (!passwordHint.isEmpty()) {
        auto* hint = new QLabel(tr("Password of the demo users: %1").arg(passwordHint), m_demo);
        hint->setProperty("kind", "small");
        hint->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_demoLayout->addSpacing(2);
        m_demoLayout->addWidget(hint);
    }
}

void LoginPage::submit() {
    if (!m_button->isEnabled())
        return;
    m_error->hide();
    Q_EMIT loginRequested(m_name->text().trimmed(), m_password->text());
}

void LoginPage::setChecking(bool isChecking) {
    m_isChecking = isChecking;
    m_button->setText(isChecking ? tr("Checking…") : tr("Log in"));
    updateEnabled();
}

void LoginPage::showFailure(const Error& error, const QDateTime& lockedUntil) {
    setChecking(false);
    m_password->clear();
    m_error->setText(errorSentence(error));
    m_error->show();
    m_lockedUntil = lockedUntil;
    m_lockedName = m_name->text().trimmed();
    if (lockedUntil.isValid())
        m_tick.start(1000);
    updateLock();
    if (m_password->isEnabled())
        m_password->setFocus();
}

void LoginPage::reset() {
    m_lockedUntil = {};
    m_tick.stop();
    m_password->clear();
    m_error->hide();
    m_capsLock->hide();
    setChecking(false);
}

void LoginPage::updateLock() {
    const qint64 seconds = m_lockedUntil.isValid() ? m_clock.nowUtc().secsTo(m_lockedUntil) : 0;
    if (seconds > 0) {
        m_error->setText(tr("Too many wrong passwords: the account is locked for %1 more.")
                             .arg(QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QChar(u'0'))));
    } else if (m_lockedUntil.isValid()) {
        m_lockedUntil = {};
        m_tick.stop();
        m_error->hide();
    }
    updateEnabled();
}

void LoginPage::updateEnabled() {
    const bool isLocked = m_lockedUntil.isValid();
    m_name->setEnabled(!m_isChecking);
    m_password->setEnabled(!m_isChecking && !isLocked);
    m_button->setEnabled(!m_isChecking && !isLocked && !m_name->text().trimmed().isEmpty() &&
                         !m_password->text().isEmpty());
}

bool LoginPage::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const QString text = key->text();
        if (key->key() == Qt::Key_CapsLock) {
            m_capsLock->hide(); // the next letter tells
        } else if (text.size() == 1 && text[0].isLetter() && text[0].toUpper() != text[0].toLower()) {
            const bool isShifted = key->modifiers().testFlag(Qt::ShiftModifier);
            m_capsLock->setVisible(text[0].isUpper() != isShifted);
        }
    }
    return QWidget::eventFilter(watched, event);
}

void LoginPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    (m_name->text().isEmpty() ? m_name : m_password)->setFocus();
}

} // namespace yz
