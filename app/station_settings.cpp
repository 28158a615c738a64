#include "station_settings.h"

#include "settings_form.h"
#include "settings_table.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

namespace yz {

namespace {

struct TextKey {
    const char* key;
    QString Site::*member;
};
constexpr TextKey texts[] = {{"diagnosingHospital", &Site::diagnosingHospital},
                             {"department", &Site::department},
                             {"stationName", &Site::stationName},
                             {"aeTitle", &Site::aeTitle}};

} // namespace

StationSettings::StationSettings(SettingsController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_form(new SettingsForm) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->addWidget(makeScrolled(m_form));
    const auto addText = [this](const TextKey& text, const QString& name, const QString& hint) {
        connect(m_form->addText(QLatin1String(text.key), name, hint), &QLineEdit::textEdited, this,
                [this, member = text.member](const QString& value) {
                    m_controller.edit([&](SiteDraft& draft) { draft.site.*member = value.trimmed(); });
                });
    };
    m_form->addHeading(tr("This workstation"));
    addText(texts[0], tr("Diagnosing hospital"), tr("Stands on every report."));
    addText(texts[1], tr("Department"), {});
    addText(texts[2], tr("Name of this workstation"), tr("Shown to others beside a claim."));
    addText(texts[3], tr("AE title"), tr("Servers must know it. Up to 16 characters."));
    addNumber(
        "eventPort", tr("Event port"), 0, 65535, {}, tr("Where events and C-MOVE arrive; 0: chosen by the system."),
        [](const Site& site) { return site.eventPort; }, [](Site& site, int value) { site.eventPort = value; });
    m_form->addHeading(tr("Rules of the house"));
    connect(m_form->addSwitch(QStringLiteral("selfReviewAllowed"), tr("One may review one's own report")),
            &QCheckBox::toggled, this, [this](bool isOn) {
                m_controller.edit([isOn](SiteDraft& draft) { draft.site.selfReviewAllowed = isOn; });
            });
    addNumber(
        "undoWindowSeconds", tr("Time to undo an approval"), 0, 86400, tr("s"), tr("After it a report is published."),
        [](const Site& site) { return static_cast<int>(site.undoWindow.count()); },
        [](Site& site, int value) { site.undoWindow = std::chrono::seconds(value); });
    m_form->addHeading(tr("Times"));
    addNumber(
        "refreshSeconds", tr("Refresh of the list"), 1, 3600, tr("s"), {},
        [](const Site& site) { return static_cast<int>(site.refreshInterval.count()); },
        [](Site& site, int value) { site.refreshInterval = std::chrono::seconds(value); });
    addNumber(
        "commitmentTimeoutMs", tr("Wait for storage commitment"), 100, 600000, tr("ms"), {},
        [](const Site& site) { return static_cast<int>(site.commitmentTimeout.count()); },
        [](Site& site, int value) { site.commitmentTimeout = std::chrono::milliseconds(value); });
    addNumber(
        "outboxAlarmSeconds", tr("Outbox alarm"), 10, 604800, tr("s"),
        tr("What waits longer is pointed out in the status line."),
        [](const Site& site) { return static_cast<int>(site.outboxAlarm.count()); },
        [](Site& site, int value) { site.outboxAlarm = std::chrono::seconds(value); });
    m_form->addStretch();
    connect(&m_controller, &SettingsController::draftChanged, this, &StationSettings::refresh);
    refresh();
}

void StationSettings::addNumber(const char* key, const QString& name, int lowest, int highest, const QString& unit,
                                const QString& hint, std::function<int(const Site&)> get,
                                std::function<void(Site&, int)> set) {
    connect(m_form->addNumber(QLatin1String(key), name, lowest, highest, unit, hint), &QSpinBox::valueChanged, this,
            [this, set = std::move(set)](int value) {
                m_controller.edit([&](SiteDraft& draft) { set(draft.site, value); });
            });
    m_numbers.emplace_back(QLatin1String(key), std::move(get));
}

void StationSettings::refresh() {
    const Site& site = m_controller.draft().site;
    for (const TextKey& text : texts)
        setFormText(m_form->field(QLatin1String(text.key)), site.*text.member);
    for (const auto& [key, get] : m_numbers)
        setFormNumber(m_form->field(key), get(site));
    setFormSwitch(m_form->field(QStringLiteral("selfReviewAllowed")), site.selfReviewAllowed);
    m_form->showFaults(m_controller.faults());
}

bool StationSettings::focusFault() { return m_form->focusFault(); }

} // namespace yz
