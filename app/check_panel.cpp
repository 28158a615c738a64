#include "check_panel.h"

#include "check_line.h"
#include "check_text.h"
#include "uikit/progress_line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace yz {

CheckPanel::CheckPanel(SettingsController& controller, const QString& hint, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_test(new QPushButton(tr("Test"))), m_stepLabel(new QLabel),
      m_progress(new ProgressLine), m_lines(new QVBoxLayout) {
    m_test->setObjectName(QStringLiteral("checkTest"));
    m_stepLabel->setObjectName(QStringLiteral("checkStep"));
    m_stepLabel->setProperty("kind", "muted");
    auto* about = new QLabel(hint);
    about->setProperty("kind", "small");
    about->setWordWrap(true);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(m_test);
    row->addWidget(about, 1);
    row->addWidget(m_stepLabel);
    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(4);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 4);
    layout->addLayout(row);
    layout->addWidget(m_progress);
    layout->addLayout(m_lines);
    connect(m_test, &QPushButton::clicked, this, [this] {
        if (m_controller.isChecking(m_role)) {
            m_controller.cancelCheck(m_role);
            return;
        }
        m_known[m_role] = {m_settings, {}};
        m_controller.check(m_role);
        refresh();
    });
    connect(&m_controller, &SettingsController::checkStep, this, [this](const QString& role, CheckStep step) {
        if (role == m_role)
            m_step = checkStepText(step);
        refresh();
    });
    connect(&m_controller, &SettingsController::checked, this, [this](const RoleCheck& check) {
        if (const auto known = m_known.find(check.role); known != m_known.end())
            known->check = check;
        refresh();
    });
    connect(&m_controller, &SettingsController::checkCancelled, this, [this](const QString& role) {
        if (const auto known = m_known.find(role); known != m_known.end())
            known->wasCancelled = true;
        refresh();
    });
}

void CheckPanel::show(const QString& role, const QString& settings) {
    if (role != m_role)
        m_step = checkStepText(CheckStep::Connect);
    m_role = role;
    m_settings = settings;
    if (const auto known = m_known.find(role); known != m_known.end() && known->settings != settings) {
        m_known.erase(known);
        m_controller.cancelCheck(role);
    }
    refresh();
}

void CheckPanel::refresh() {
    const bool isRunning = m_controller.isChecking(m_role);
    const Known known = m_known.value(m_role);
    m_test->setVisible(!m_role.isEmpty());
    m_test->setText(isRunning ? tr("Cancel") : tr("Test"));
    m_stepLabel->setText(isRunning ? m_step : known.wasCancelled ? tr("Cancelled.") : QString());
    m_progress->setBusy(isRunning);
    m_shown = showCheckLines(*m_lines, isRunning || !known.check ? nullptr : &*known.check);
}

} // namespace yz
