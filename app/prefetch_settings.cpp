#include "prefetch_settings.h"

#include "settings_form.h"
#include "settings_table.h"
#include "uikit/terms.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

namespace yz {

namespace {

constexpr qint64 kGiB = 1LL << 30;
constexpr int kMostGiB = 1 << 20; // a PiB

QStringList wordsOf(const QString& text) {
    static const QRegularExpression between(QStringLiteral("[,，、;；]\\s*"));
    QStringList words;
    for (const QString& word : text.split(between))
        if (const QString trimmed = word.trimmed(); !trimmed.isEmpty())
            words.append(trimmed);
    return words;
}

QString shown(const QStringList& words) { return words.join(QStringLiteral(", ")); }

/// What was typed may still lack its next word.
void setWords(QWidget* field, const QStringList& words) {
    if (auto* edit = static_cast<QLineEdit*>(field); wordsOf(edit->text()) != words)
        edit->setText(shown(words));
}

template <typename Value> void toggle(std::vector<Value>& values, Value value, bool isOn) {
    std::erase(values, value);
    if (isOn)
        values.push_back(value);
    std::sort(values.begin(), values.end());
}

} // namespace

PrefetchSettings::PrefetchSettings(SettingsController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_form(new SettingsForm) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->addWidget(makeScrolled(m_form));
    const auto number = [this](const char* key, const QString& name, int lowest, int highest, const QString& unit,
                               const QString& hint, std::function<void(PrefetchPolicy&, int)> set) {
        connect(m_form->addNumber(QLatin1String(key), name, lowest, highest, unit, hint), &QSpinBox::valueChanged, this,
                [this, set = std::move(set)](int value) {
                    editPolicy([&](PrefetchPolicy& policy) { set(policy, value); });
                });
    };
    const auto words = [this](const char* key, const QString& name, const QString& hint,
                              QStringList PrefetchPolicy::*member) {
        connect(m_form->addText(QLatin1String(key), name, hint), &QLineEdit::textEdited, this,
                [this, member](const QString& text) {
                    editPolicy([&](PrefetchPolicy& policy) { policy.*member = wordsOf(text); });
                });
    };
    m_form->addHeading(tr("Fetch ahead"));
    number("tasks", tr("Next cases"), 0, 10000, {}, tr("Of the open list, urgent first; 0: nothing is fetched ahead."),
           [](PrefetchPolicy& policy, int value) { policy.tasks = value; });
    connect(m_form->addSwitch(QStringLiteral("priors"), tr("with the studies to compare with")), &QCheckBox::toggled,
            this, [this](bool isOn) { editPolicy([isOn](PrefetchPolicy& policy) { policy.priors = isOn; }); });
    m_form->addHeading(tr("Only these"));
    auto* priorities = new QWidget;
    auto* priorityRow = new QHBoxLayout(priorities);
    for (const Priority priority : {Priority::Routine, Priority::Urgent, Priority::Emergency}) {
        auto* box = new QCheckBox(priorityText(priority));
        box->setObjectName(QString(u"priority-" + priorityName(priority)));
        m_priorities.emplace_back(priority, box);
        priorityRow->addWidget(box);
        connect(box, &QCheckBox::toggled, this, [this, priority](bool isOn) {
            editPolicy([&](PrefetchPolicy& policy) { toggle(policy.priorities, priority, isOn); });
        });
    }
    auto* kinds = new QWidget;
    auto* kindRow = new QHBoxLayout(kinds);
    for (const TaskKind kind : {TaskKind::Read, TaskKind::Review, TaskKind::SecondLook, TaskKind::Consultation}) {
        auto* box = new QCheckBox(kindText(kind));
        box->setObjectName(QString(u"kind-" + taskKindName(kind)));
        m_kinds.emplace_back(kind, box);
        kindRow->addWidget(box);
        connect(box, &QCheckBox::toggled, this, [this, kind](bool isOn) {
            editPolicy([&](PrefetchPolicy& policy) { toggle(policy.kinds, kind, isOn); });
        });
    }
    for (QHBoxLayout* row : {priorityRow, kindRow}) {
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(14);
        row->addStretch();
    }
    m_form->addField(QStringLiteral("priorities"), tr("Priorities"), priorities, tr("None ticked: all."));
    m_form->addField(QStringLiteral("kinds"), tr("Kinds"), kinds, tr("None ticked: all."));
    words("modalities", tr("Modalities"), tr("CT, MR, DX; empty: all."), &PrefetchPolicy::modalities);
    words("hospitals", tr("Requesting hospitals"), tr("As they stand in the list, with commas between; empty: all."),
          &PrefetchPolicy::hospitals);
    m_form->addHeading(tr("Room"));
    number("quotaMiB", tr("All images together"), 0, kMostGiB, QStringLiteral("GiB"),
           tr("Beyond it what was longest unused goes; never what is unread, claimed or not sent."),
           [](PrefetchPolicy& policy, int value) { policy.quotaBytes = value * kGiB; });
    number("reserveMiB", tr("Left free on the disk"), 0, kMostGiB, QStringLiteral("GiB"),
           tr("So that reports can always be kept."),
           [](PrefetchPolicy& policy, int value) { policy.reserveBytes = value * kGiB; });
    number("keepHours", tr("Kept after the last use"), 1, 24 * 3660, tr("h"), {},
           [](PrefetchPolicy& policy, int value) { policy.keep = std::chrono::hours(value); });
    m_form->addStretch();
    connect(&m_controller, &SettingsController::draftChanged, this, &PrefetchSettings::refresh);
    refresh();
}

void PrefetchSettings::editPolicy(const std::function<void(PrefetchPolicy& policy)>& change) {
    m_controller.edit([&](SiteDraft& draft) { change(draft.prefetch); });
}

void PrefetchSettings::refresh() {
    const PrefetchPolicy& policy = m_controller.draft().prefetch;
    setFormNumber(m_form->field(QStringLiteral("tasks")), policy.tasks);
    setFormSwitch(m_form->field(QStringLiteral("priors")), policy.priors);
    for (const auto& [priority, box] : m_priorities)
        setFormSwitch(box, std::find(policy.priorities.begin(), policy.priorities.end(), priority) !=
                               policy.priorities.end());
    for (const auto& [kind, box] : m_kinds)
        setFormSwitch(box, std::find(policy.kinds.begin(), policy.kinds.end(), kind) != policy.kinds.end());
    setWords(m_form->field(QStringLiteral("modalities")), policy.modalities);
    setWords(m_form->field(QStringLiteral("hospitals")), policy.hospitals);
    setFormNumber(m_form->field(QStringLiteral("quotaMiB")), static_cast<int>(policy.quotaBytes / kGiB));
    setFormNumber(m_form->field(QStringLiteral("reserveMiB")), static_cast<int>(policy.reserveBytes / kGiB));
    setFormNumber(m_form->field(QStringLiteral("keepHours")), static_cast<int>(policy.keep.count()));
    m_form->showFaults(m_controller.faults(), QStringLiteral("prefetch."));
}

bool PrefetchSettings::focusFault() { return m_form->focusFault(); }

} // namespace yz
