#include "role_settings.h"

#include "check_line.h"
#include "check_text.h"
#include "fault_text.h"
#include "settings_form.h"
#include "settings_table.h"
#include "uikit/progress_line.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace yz {

namespace {

const QString kWorklist = QStringLiteral("worklist");
const QString kImages = QStringLiteral("images");
const QString kReports = QStringLiteral("reports");
const QString kAudit = QStringLiteral("audit");

/// Secrets only as far as they are another one than before.
QString markOf(const SecretEdit& secret) {
    return secret.value ? QString::number(qHash(*secret.value)) : QStringLiteral("-");
}

const QString& nodeOf(const SiteRoles& roles, const QString& role) {
    return role == kWorklist ? roles.worklist : role == kImages ? roles.images : roles.reports;
}
int wayOf(const SiteRoles& roles, const QString& role) {
    return role == kWorklist ? static_cast<int>(roles.worklistBy)
           : role == kImages ? static_cast<int>(roles.imagesBy)
                             : static_cast<int>(roles.reportsBy);
}

/// All that a test of the role depends on.
QStringList triedWith(const SiteDraft& draft, const QString& role) {
    const Site& site = draft.site;
    if (role == kAudit)
        return {draft.auditAddress, QString::number(site.auditRepository.plainAllowed), site.auditRepository.tls.caFile,
                site.auditRepository.tls.certificateFile, markOf(draft.auditKey)};
    const QString& name = nodeOf(site.roles, role);
    QStringList with{site.aeTitle, name, QString::number(wayOf(site.roles, role))};
    if (name.isEmpty())
        return with << site.platformAeTitle << site.platformHost << QString::number(site.platformPort);
    for (const NodeEdit& edit : draft.nodes)
        if (edit.node.name == name)
            with << QString::fromUtf8(QJsonDocument(toJson(std::vector<SiteNode>{edit.node})).toJson())
                 << markOf(edit.secret) << markOf(edit.key);
    return with;
}

} // namespace

RoleSettings::RoleSettings(SettingsController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller) {
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(16, 12, 16, 16);
    column->setSpacing(12);
    addCard(*column, kWorklist, tr("Work list"), tr("Who has the tasks and takes the claims."),
            {{tr("UPS over DICOM"), static_cast<int>(WorklistBy::Ups)},
             {tr("UPS over the web (UPS-RS)"), static_cast<int>(WorklistBy::UpsRs)}});
    addCard(*column, kImages, tr("Images"), tr("Who gives the studies to read and to compare with."),
            {{tr("C-GET"), static_cast<int>(ImagesBy::CGet)},
             {tr("C-MOVE"), static_cast<int>(ImagesBy::CMove)},
             {tr("WADO-RS"), static_cast<int>(ImagesBy::WadoRs)}});
    addCard(
        *column, kReports, tr("Reports"), tr("Who takes the signed reports."),
        {{tr("C-STORE"), static_cast<int>(ReportsBy::CStore)}, {tr("STOW-RS"), static_cast<int>(ReportsBy::StowRs)}});
    addCard(*column, kAudit, tr("Audit messages"), tr("The address is entered under Other systems."), {});
    column->addStretch();
    int widest = 0; // so that the servers stand below each other
    for (const Card& card : std::as_const(m_cards))
        widest = std::max(widest, card.by->count() > 0 ? card.by->sizeHint().width() : 0);
    for (const Card& card : std::as_const(m_cards))
        card.by->setMinimumWidth(widest);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(makeScrolled(content));

    connect(&m_controller, &SettingsController::draftChanged, this, &RoleSettings::refresh);
    connect(&m_controller, &SettingsController::checkStep, this,
            [this](const QString& role, CheckStep step) { showRunning(role, true, checkStepText(step)); });
    connect(&m_controller, &SettingsController::checked, this, &RoleSettings::showAnswer);
    connect(&m_controller, &SettingsController::checkCancelled, this,
            [this](const QString& role) { showRunning(role, false, tr("Cancelled.")); });
    refresh();
}

void RoleSettings::addCard(QVBoxLayout& layout, const QString& role, const QString& title, const QString& hint,
                           const std::vector<std::pair<QString, int>>& ways) {
    auto* frame = new QFrame;
    frame->setProperty("kind", "card");
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(16, 12, 16, 12);
    Card card;
    auto* head = new QHBoxLayout;
    auto* name = new QLabel(title);
    name->setProperty("kind", "heading");
    auto* about = new QLabel(hint);
    about->setProperty("kind", "small");
    head->addWidget(name);
    head->addSpacing(12);
    head->addWidget(about, 1);
    column->addLayout(head);

    auto* row = new QHBoxLayout;
    card.by = new QComboBox;
    card.node = new QComboBox;
    card.fault = new QLabel;
    card.step = new QLabel;
    card.test = new QPushButton(tr("Test"));
    card.by->setObjectName(QString(u"roleBy-" + role));
    card.by->setAccessibleName(tr("%1, by").arg(title));
    card.node->setObjectName(QString(u"roleNode-" + role));
    card.node->setAccessibleName(tr("%1, server").arg(title));
    card.test->setObjectName(QString(u"roleTest-" + role));
    card.step->setObjectName(QString(u"roleStep-" + role));
    card.fault->setObjectName(QString(u"roleFault-" + role));
    card.fault->setProperty("kind", "error");
    card.step->setProperty("kind", "muted");
    for (QComboBox* box : {card.by, card.node}) {
        box->setMinimumWidth(box == card.by ? 170 : 260);
        box->setFocusPolicy(Qt::StrongFocus);
    }
    for (const auto& [text, way] : ways)
        card.by->addItem(text, way);
    card.by->setVisible(!ways.empty());
    row->addWidget(card.by);
    row->addWidget(card.node);
    row->addWidget(card.fault, 1);
    row->addWidget(card.step);
    row->addWidget(card.test);
    column->addLayout(row);
    card.progress = new ProgressLine;
    column->addWidget(card.progress);
    card.lines = new QWidget;
    card.linesLayout = new QVBoxLayout(card.lines);
    card.linesLayout->setContentsMargins(0, 0, 0, 0);
    card.linesLayout->setSpacing(4);
    card.lines->hide();
    column->addWidget(card.lines);
    layout.addWidget(frame);

    connect(card.by, &QComboBox::activated, this, [this, role, box = card.by] {
        m_controller.edit([&](SiteDraft& draft) {
            if (role == kWorklist)
                draft.site.roles.worklistBy = static_cast<WorklistBy>(box->currentData().toInt());
            else if (role == kImages)
                draft.site.roles.imagesBy = static_cast<ImagesBy>(box->currentData().toInt());
            else if (role == kReports)
                draft.site.roles.reportsBy = static_cast<ReportsBy>(box->currentData().toInt());
        });
    });
    connect(card.node, &QComboBox::activated, this, [this, role, box = card.node] {
        m_controller.edit([&](SiteDraft& draft) {
            if (role == kWorklist)
                draft.site.roles.worklist = box->currentData().toString();
            else if (role == kImages)
                draft.site.roles.images = box->currentData().toString();
            else if (role == kReports)
                draft.site.roles.reports = box->currentData().toString();
        });
    });
    connect(card.test, &QPushButton::clicked, this, [this, role] {
        if (m_controller.isChecking(role)) {
            m_controller.cancelCheck(role);
            return;
        }
        clearAnswer(m_cards[role]);
        m_controller.check(role);
    });
    m_cards.insert(role, card);
}

void RoleSettings::refresh() {
    const SiteDraft& draft = m_controller.draft();
    const SiteRoles& roles = draft.site.roles;
    const bool hasAudit = !draft.auditAddress.isEmpty();
    for (auto it = m_cards.begin(); it != m_cards.end(); ++it) {
        Card& card = it.value();
        const bool isChoice = it.key() != kAudit;
        const QString node = isChoice ? nodeOf(roles, it.key()) : QString();
        const QSignalBlocker quiet(card.node);
        card.node->clear();
        if (it.key() == kAudit) {
            card.node->addItem(hasAudit ? draft.auditAddress : tr("none"));
        } else {
            card.node->addItem(tr("Platform"), QString());
            if (isChoice)
                for (const NodeEdit& edit : draft.nodes)
                    if (!edit.node.name.isEmpty())
                        card.node->addItem(edit.node.name, edit.node.name);
            if (isChoice && card.node->findData(node) < 0)
                card.node->addItem(tr("%1 (is not there)").arg(node), node);
            card.node->setCurrentIndex(card.node->findData(node));
        }
        card.node->setEnabled(isChoice);
        card.by->setEnabled(isChoice);
        if (isChoice)
            setFormChoice(card.by, wayOf(roles, it.key()));
        const QString prefix = QStringLiteral("roles.%1.").arg(it.key());
        QString fault;
        for (const char* key : {"node", "by"})
            if (const SiteFault* found = m_controller.faults().of(QString(prefix + QLatin1String(key))))
                fault = faultText(*found);
        card.fault->setText(fault);
        card.test->setEnabled(it.key() != kAudit || hasAudit);
        if (QStringList with = triedWith(draft, it.key()); with != card.triedWith) {
            card.triedWith = std::move(with);
            m_controller.cancelCheck(it.key());
            clearAnswer(card);
            card.step->clear();
        }
    }
}

void RoleSettings::showRunning(const QString& role, bool isRunning, const QString& step) {
    if (!m_cards.contains(role)) // a receiver of reports
        return;
    Card& card = m_cards[role];
    card.step->setText(step);
    card.progress->setBusy(isRunning);
    card.test->setText(isRunning ? tr("Cancel") : tr("Test"));
}

void RoleSettings::clearAnswer(Card& card) {
    card.answer = showCheckLines(*card.linesLayout, nullptr);
    card.lines->hide();
}

void RoleSettings::showAnswer(const RoleCheck& check) {
    if (!m_cards.contains(check.role))
        return;
    showRunning(check.role, false, {});
    Card& card = m_cards[check.role];
    card.answer = showCheckLines(*card.linesLayout, &check);
    card.lines->show();
}

QStringList RoleSettings::answer(const QString& role) const { return m_cards.value(role).answer; }

bool RoleSettings::focusFault() {
    for (const Card& card : std::as_const(m_cards))
        if (!card.fault->text().isEmpty()) {
            card.node->setFocus();
            return true;
        }
    return false;
}

} // namespace yz
