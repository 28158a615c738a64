#include "worklist_ui/filter_bar.h"

#include "uikit/search_field.h"
#include "uikit/terms.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <array>

namespace yz {

namespace {

constexpr std::array kOfferedStates{ReadingState::Waiting, ReadingState::Reading, ReadingState::Submitted,
                                    ReadingState::Reviewing, ReadingState::Returned};

} // namespace

FilterBar::FilterBar(QWidget* parent)
    : QWidget(parent), m_search(new SearchField(this)), m_modalityLayout(new QHBoxLayout),
      m_states(new QButtonGroup(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 8);
    layout->setSpacing(8);
    auto* upper = new QHBoxLayout;
    upper->setSpacing(6);
    m_search->setObjectName(QStringLiteral("searchField"));
    m_search->setPlaceholderText(tr("Name, pinyin, ID, accession, item, hospital  ( / )"));
    m_search->setFixedWidth(420);
    upper->addWidget(m_search);
    addGap(upper);
    m_emergency = addChip(upper, priorityText(Priority::Emergency), QStringLiteral("chipEmergency"));
    m_urgent = addChip(upper, priorityText(Priority::Urgent), QStringLiteral("chipUrgent"));
    addGap(upper);
    m_modalityLayout->setSpacing(6);
    upper->addLayout(m_modalityLayout);
    m_modalityGap = addGap(upper);
    m_modalityGap->hide();
    m_reviews = addChip(upper, tr("Reviews only"), QStringLiteral("chipReviews"));
    m_onlyMine = addChip(upper, tr("Only mine"), QStringLiteral("chipOnlyMine"));
    upper->addStretch();
    layout->addLayout(upper);

    auto* lower = new QHBoxLayout;
    lower->setSpacing(6);
    const auto addState = [&](int id, const QString& text, const QString& name) {
        QPushButton* chip = addChip(lower, text, name);
        chip->setProperty("label", text);
        m_states->addButton(chip, id);
    };
    addState(kAllOpen, tr("All open"), QStringLiteral("chipAllOpen"));
    for (const ReadingState state : kOfferedStates)
        addState(static_cast<int>(state), stateText(state), u"chip_" + stateName(state));
    addState(kFinished, tr("Finished"), QStringLiteral("chipFinished"));
    m_states->setExclusive(true);
    m_states->button(kAllOpen)->setChecked(true);
    lower->addStretch();
    layout->addLayout(lower);

    connect(m_search, &QLineEdit::textChanged, this, &FilterBar::filterChanged);
}

QPushButton* FilterBar::addChip(QHBoxLayout* layout, const QString& text, const QString& name) {
    auto* chip = new QPushButton(text, this);
    chip->setObjectName(name);
    chip->setProperty("kind", "chip");
    chip->setCheckable(true);
    layout->addWidget(chip);
    connect(chip, &QPushButton::toggled, this, [this](bool isOn) {
        const auto* sender = qobject_cast<QAbstractButton*>(this->sender());
        if (isOn || !m_states->buttons().contains(sender)) // an exclusive change is said once
            Q_EMIT filterChanged();
    });
    return chip;
}

QWidget* FilterBar::addGap(QHBoxLayout* layout) {
    auto* gap = new QWidget(this);
    auto* inner = new QHBoxLayout(gap);
    inner->setContentsMargins(6, 0, 6, 0);
    auto* line = new QFrame(gap);
    line->setFixedSize(1, 18);
    line->setStyleSheet(QStringLiteral("background: palette(mid);"));
    inner->addWidget(line);
    layout->addWidget(gap);
    return gap;
}

void FilterBar::setModalities(const QStringList& modalities) {
    QStringList wanted = modalities;
    for (auto it = m_modalityChips.begin(); it != m_modalityChips.end(); ++it)
        if (it.value()->isChecked() && !wanted.contains(it.key()))
            wanted.append(it.key());
    wanted.sort();
    QStringList present = m_modalityChips.keys();
    present.sort();
    if (wanted != present)
        rebuildModalityChips(wanted);
}

void FilterBar::rebuildModalityChips(const QStringList& modalities) {
    QStringList chosen;
    for (auto it = m_modalityChips.begin(); it != m_modalityChips.end(); ++it) {
        if (it.value()->isChecked())
            chosen.append(it.key());
        it.value()->deleteLater();
        m_modalityLayout->removeWidget(it.value());
    }
    m_modalityChips.clear();
    for (const QString& modality : modalities) {
        QPushButton* chip = addChip(m_modalityLayout, modality, u"chipModality_" + modality);
        const QSignalBlocker quiet(chip);
        chip->setChecked(chosen.contains(modality));
        m_modalityChips.insert(modality, chip);
    }
    m_modalityGap->setVisible(!modalities.isEmpty());
}

WorklistFilter FilterBar::filter() const {
    WorklistFilter filter;
    filter.text = m_search->text();
    for (auto it = m_modalityChips.begin(); it != m_modalityChips.end(); ++it)
        if (it.value()->isChecked())
            filter.modalities.insert(it.key());
    if (m_emergency->isChecked())
        filter.priorities.insert(Priority::Emergency);
    if (m_urgent->isChecked())
        filter.priorities.insert(Priority::Urgent);
    if (m_reviews->isChecked())
        filter.kinds.insert(TaskKind::Review);
    filter.onlyMine = m_onlyMine->isChecked();
    const int state = m_states->checkedId();
    if (state == kFinished)
        filter.scope = WorklistFilter::Scope::Finished;
    else if (state != kAllOpen)
        filter.states.insert(static_cast<ReadingState>(state));
    return filter;
}

void FilterBar::clear() {
    {
        const QSignalBlocker quiet(this);
        m_search->clear();
        for (QPushButton* chip : std::as_const(m_modalityChips))
            chip->setChecked(false);
        for (QPushButton* chip : {m_emergency, m_urgent, m_reviews, m_onlyMine})
            chip->setChecked(false);
        m_states->button(kAllOpen)->setChecked(true);
    }
    Q_EMIT filterChanged();
}

void FilterBar::setCounts(const WorklistCounts& counts) {
    const auto buttons = m_states->buttons();
    for (QAbstractButton* chip : buttons) {
        const int id = m_states->id(chip);
        const int count = id == kAllOpen    ? counts.open
                          : id == kFinished ? counts.finished
                                            : counts.of(static_cast<ReadingState>(id));
        chip->setText(chip->property("label").toString() + u"  " + QString::number(count));
    }
    m_onlyMine->setText(tr("Only mine") + u"  " + QString::number(counts.mine));
}

} // namespace yz
