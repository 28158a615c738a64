#include "settings_page.h"

#include "bandwidth_settings.h"
#include "fault_text.h"
#include "node_settings.h"
#include "prefetch_settings.h"
#include "role_settings.h"
#include "station_settings.h"
#include "target_settings.h"
#include "uikit/banner.h"
#include "uikit/error_text.h"
#include "uikit/progress_line.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace yz {

namespace {

/// Keys of a section's faults begin with one of these; the first section takes the rest.
const std::vector<QStringList>& prefixes() {
    static const std::vector<QStringList> list{
        {},
        {QStringLiteral("nodes["), QStringLiteral("platform")},
        {QStringLiteral("roles.")},
        {QStringLiteral("reportTargets["), QStringLiteral("auditRepository.")},
        {QStringLiteral("prefetch.")},
        {QStringLiteral("bandwidth")},
    };
    return list;
}

constexpr int kReportHeight = 150;

} // namespace

SettingsPage::SettingsPage(SettingsController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_banner(new Banner), m_sections(new QListWidget),
      m_pages(new QStackedWidget), m_station(new StationSettings(controller)), m_nodes(new NodeSettings(controller)),
      m_roles(new RoleSettings(controller)), m_targets(new TargetSettings(controller)),
      m_prefetch(new PrefetchSettings(controller)), m_bandwidth(new BandwidthSettings(controller)),
      m_progress(new ProgressLine), m_state(new QLabel), m_import(new QPushButton(tr("Import…"))),
      m_export(new QPushButton(tr("Export…"))), m_discard(new QPushButton(tr("Discard changes"))),
      m_save(new QPushButton(tr("Save"))) {
    setObjectName(QStringLiteral("settingsPage"));
    m_sections->setObjectName(QStringLiteral("settingsSections"));
    m_sections->setAccessibleName(tr("Sections"));
    m_sections->setFixedWidth(190);
    for (const QString& name :
         {tr("Workstation"), tr("Servers"), tr("Roles"), tr("Other systems"), tr("Prefetch"), tr("Bandwidth")}) {
        auto* item = new QListWidgetItem(name, m_sections);
        item->setData(Qt::UserRole, name);
        item->setSizeHint(QSize(0, 36));
    }
    for (QWidget* page :
         {static_cast<QWidget*>(m_station), static_cast<QWidget*>(m_nodes), static_cast<QWidget*>(m_roles),
          static_cast<QWidget*>(m_targets), static_cast<QWidget*>(m_prefetch), static_cast<QWidget*>(m_bandwidth)})
        m_pages->addWidget(page);
    buildReport();
    auto* middle = new QHBoxLayout;
    middle->setContentsMargins(0, 0, 0, 0);
    middle->setSpacing(1);
    middle->addWidget(m_sections);
    middle->addWidget(m_pages, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_report);
    layout->addLayout(middle, 1);
    layout->addWidget(m_progress);
    layout->addWidget(buildBar());

    connect(m_sections, &QListWidget::currentRowChanged, m_pages, &QStackedWidget::setCurrentIndex);
    m_sections->setCurrentRow(0);
    setFocusProxy(m_sections);
    connect(&m_controller, &SettingsController::draftChanged, this, &SettingsPage::refresh);
    connect(&m_controller, &SettingsController::busyChanged, this, &SettingsPage::refresh);
    connect(&m_controller, &SettingsController::saved, this, [this](bool needsRestart) {
        hideReport();
        m_savedSaid = SavedSaid::Now;
        m_banner->announce(Tone::Ok, needsRestart ? tr("Saved. It takes effect when the workstation is started again.")
                                                  : tr("Saved. It takes effect within half a minute."));
    });
    connect(&m_controller, &SettingsController::refused, this, [this](const SiteFaults& faults, bool changedElsewhere) {
        if (changedElsewhere) {
            m_banner->announce(Tone::Danger,
                               tr("The settings were changed elsewhere since they were read. Nothing was saved."),
                               tr("Read them again"));
            return;
        }
        m_banner->clear(); // of an earlier file, or of what was saved before
        showReport(faults, tr("Nothing was saved or taken over. To be corrected:"));
        focusFault();
    });
    connect(m_banner, &Banner::actionRequested, &m_controller, &SettingsController::load);
    connect(&m_controller, &SettingsController::imported, this, [this] {
        hideReport();
        m_banner->announce(Tone::Info, tr("The file was read. Look it over and save it; passwords and keys are not in "
                                          "it and may have to be entered."));
    });
    connect(&m_controller, &SettingsController::exported, this, [this](const QString& path) {
        m_banner->announce(Tone::Ok, tr("Exported without passwords and keys: %1").arg(path));
    });
    connect(&m_controller, &SettingsController::failed, this,
            [this](const Error& error) { m_banner->announce(Tone::Danger, errorSentence(error)); });
    refresh();
}

QWidget* SettingsPage::buildBar() {
    auto* bar = new QFrame;
    bar->setProperty("kind", "statusbar");
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(16, 8, 16, 8);
    m_import->setObjectName(QStringLiteral("settingsImport"));
    m_export->setObjectName(QStringLiteral("settingsExport"));
    m_discard->setObjectName(QStringLiteral("settingsDiscard"));
    m_save->setObjectName(QStringLiteral("settingsSave"));
    m_state->setObjectName(QStringLiteral("settingsState"));
    m_save->setProperty("kind", "primary");
    m_save->setToolTip(tr("Save (Ctrl+S)"));
    layout->addWidget(m_import);
    layout->addWidget(m_export);
    layout->addSpacing(16);
    layout->addWidget(m_state, 1);
    layout->addWidget(m_discard);
    layout->addWidget(m_save);
    auto* shortcut = new QShortcut(QKeySequence::Save, this);
    connect(shortcut, &QShortcut::activated, this, &SettingsPage::save);
    connect(m_save, &QPushButton::clicked, this, &SettingsPage::save);
    connect(m_discard, &QPushButton::clicked, this, [this] {
        hideReport();
        m_banner->clear();
        m_controller.discard();
    });
    connect(m_import, &QPushButton::clicked, this, [this] {
        const QString path = QFileDialog::getOpenFileName(this, tr("Site file"), {}, tr("Site file (*.json)"));
        if (!path.isEmpty())
            importFrom(path);
    });
    connect(m_export, &QPushButton::clicked, this, [this] {
        const QString path =
            QFileDialog::getSaveFileName(this, tr("Site file"), QStringLiteral("site.json"), tr("Site file (*.json)"));
        if (!path.isEmpty())
            exportTo(path);
    });
    return bar;
}

void SettingsPage::buildReport() {
    auto* frame = new QFrame;
    frame->setProperty("kind", "panel");
    auto* layout = new QVBoxLayout(frame);
    layout->setContentsMargins(16, 8, 16, 8);
    auto* head = new QHBoxLayout;
    m_reportTitle = new QLabel;
    m_reportTitle->setProperty("kind", "heading");
    auto* close = new QPushButton(tr("Close"));
    close->setProperty("kind", "flat");
    head->addWidget(m_reportTitle, 1);
    head->addWidget(close);
    m_reportList = new QListWidget;
    m_reportList->setObjectName(QStringLiteral("settingsReport"));
    m_reportList->setSelectionMode(QAbstractItemView::NoSelection);
    m_reportList->setFocusPolicy(Qt::NoFocus);
    m_reportList->setWordWrap(true);
    layout->addLayout(head);
    layout->addWidget(m_reportList);
    frame->setMaximumHeight(kReportHeight);
    frame->hide();
    m_report = frame;
    connect(close, &QPushButton::clicked, this, &SettingsPage::hideReport);
}

void SettingsPage::showSection(Section section) { m_sections->setCurrentRow(static_cast<int>(section)); }

void SettingsPage::importFrom(const QString& path) { m_controller.importFrom(path); }

void SettingsPage::exportTo(const QString& path) { m_controller.exportTo(path); }

void SettingsPage::refresh() {
    const SiteFaults& faults = m_controller.faults();
    int others = 0;
    for (int row = 1; row < m_sections->count(); ++row) {
        int count = 0;
        for (const QString& prefix : prefixes()[static_cast<size_t>(row)])
            count += faults.countBelow(prefix);
        others += count;
        const QString name = m_sections->item(row)->data(Qt::UserRole).toString();
        m_sections->item(row)->setText(count == 0 ? name : tr("%1 (%2)").arg(name).arg(count));
    }
    const int all = static_cast<int>(faults.list().size());
    const QString first = m_sections->item(0)->data(Qt::UserRole).toString();
    m_sections->item(0)->setText(all == others ? first : tr("%1 (%2)").arg(first).arg(all - others));

    const bool mayChange = m_controller.mayChange();
    const bool isBusy = m_controller.isBusy();
    const bool isChanged = m_controller.isChanged();
    if (m_savedSaid == SavedSaid::Now && !isChanged) { // what was saved has been read again
        m_savedSaid = SavedSaid::OfThis;
    } else if (m_savedSaid == SavedSaid::OfThis && isChanged) {
        m_savedSaid = SavedSaid::No;
        m_banner->clear();
    }
    m_progress->setBusy(isBusy);
    m_pages->setEnabled(mayChange);
    m_import->setEnabled(mayChange && !isBusy);
    m_export->setEnabled(!isBusy);
    m_discard->setEnabled(isChanged && !isBusy);
    m_save->setEnabled(mayChange && isChanged && !isBusy);
    m_state->setProperty("kind", all > 0 && isChanged ? "error" : "muted");
    m_state->setStyleSheet({}); // the kind is another one
    m_state->setText(isChanged ? (all > 0 ? tr("Not saved; to correct: %1").arg(all) : tr("Not saved."))
                     : m_controller.needsRestart() ? tr("Saved; in use after the next start of the workstation.")
                                                   : QString());
}

void SettingsPage::save() {
    if (!m_save->isEnabled())
        return;
    m_banner->clear();
    if (!m_controller.faults().isEmpty()) {
        showReport(m_controller.faults(), tr("Nothing was saved. To be corrected:"));
        focusFault();
        return;
    }
    m_controller.save();
}

void SettingsPage::showReport(const SiteFaults& faults, const QString& title) {
    m_reportTitle->setText(title);
    m_reportList->clear();
    for (const SiteFault& fault : faults.list())
        m_reportList->addItem(tr("%1: %2").arg(faultPlace(fault.key), faultText(fault)));
    m_report->show();
}

void SettingsPage::hideReport() { m_report->hide(); }

QStringList SettingsPage::report() const {
    QStringList lines;
    for (int row = 0; !m_report->isHidden() && row < m_reportList->count(); ++row)
        lines.append(m_reportList->item(row)->text());
    return lines;
}

bool SettingsPage::focusFault() {
    const SiteFaults& faults = m_controller.faults();
    if (faults.isEmpty())
        return false;
    const QString key = faults.list().front().key;
    int section = 0;
    for (int row = 1; row < m_sections->count(); ++row)
        for (const QString& prefix : prefixes()[static_cast<size_t>(row)])
            if (key.startsWith(prefix))
                section = row;
    m_sections->setCurrentRow(section);
    switch (static_cast<Section>(section)) {
    case Section::Station:
        return m_station->focusFault();
    case Section::Nodes:
        return m_nodes->focusFault();
    case Section::Roles:
        return m_roles->focusFault();
    case Section::Targets:
        return m_targets->focusFault();
    case Section::Prefetch:
        return m_prefetch->focusFault();
    case Section::Bandwidth:
        return m_bandwidth->focusFault();
    }
    return false;
}

} // namespace yz
