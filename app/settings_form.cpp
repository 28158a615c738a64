#include "settings_form.h"

#include "fault_text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QStyle>

namespace yz {

namespace {

constexpr int kNameWidth = 170;
constexpr int kFieldWidth = 400;

void setKind(QLabel& label, const char* kind) {
    if (label.property("kind").toString() == QLatin1String(kind))
        return;
    label.setProperty("kind", kind);
    label.style()->unpolish(&label);
    label.style()->polish(&label);
}

void setInvalid(QWidget& field, bool isInvalid) {
    if (field.property("invalid").toBool() == isInvalid)
        return;
    field.setProperty("invalid", isInvalid);
    field.style()->unpolish(&field);
    field.style()->polish(&field);
}

} // namespace

void setFormText(QWidget* lineEdit, const QString& text) {
    if (auto* edit = static_cast<QLineEdit*>(lineEdit); edit->text().trimmed() != text.trimmed())
        edit->setText(text);
}

void setFormNumber(QWidget* spinBox, int number) {
    const QSignalBlocker quiet(spinBox);
    if (auto* box = static_cast<QSpinBox*>(spinBox); box->value() != number)
        box->setValue(number);
}

void setFormSwitch(QWidget* checkBox, bool isOn) {
    const QSignalBlocker quiet(checkBox);
    static_cast<QCheckBox*>(checkBox)->setChecked(isOn);
}

void setFormChoice(QWidget* comboBox, const QVariant& data) {
    const QSignalBlocker quiet(comboBox);
    auto* box = static_cast<QComboBox*>(comboBox);
    box->setCurrentIndex(box->findData(data));
}

SettingsForm::SettingsForm(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(16, 8, 16, 16);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(8);
    m_grid->setColumnMinimumWidth(0, kNameWidth);
    m_grid->setColumnMinimumWidth(1, kFieldWidth);
    m_grid->setColumnStretch(2, 1);
}

void SettingsForm::addHeading(const QString& text) {
    auto* label = new QLabel(text);
    label->setProperty("kind", "section");
    label->setContentsMargins(0, m_next == 0 ? 0 : 10, 0, 0);
    m_grid->addWidget(label, m_next++, 0, 1, 3);
}

QLineEdit* SettingsForm::addText(const QString& key, const QString& name, const QString& hint) {
    auto* field = new QLineEdit;
    addField(key, name, field, hint);
    return field;
}

QSpinBox* SettingsForm::addNumber(const QString& key, const QString& name, int lowest, int highest, const QString& unit,
                                  const QString& hint) {
    auto* field = new QSpinBox;
    field->setRange(lowest, highest);
    field->setButtonSymbols(QAbstractSpinBox::NoButtons);
    if (!unit.isEmpty())
        field->setSuffix(QString(u' ' + unit));
    field->installEventFilter(this);
    addField(key, name, field, hint);
    field->setMaximumWidth(160);
    return field;
}

QCheckBox* SettingsForm::addSwitch(const QString& key, const QString& text, const QString& hint) {
    auto* field = new QCheckBox(text);
    addField(key, {}, field, hint);
    return field;
}

QComboBox* SettingsForm::addChoice(const QString& key, const QString& name,
                                   const std::vector<std::pair<QString, QVariant>>& choices, const QString& hint) {
    auto* field = new QComboBox;
    for (const auto& [text, value] : choices)
        field->addItem(text, value);
    field->setFocusPolicy(Qt::StrongFocus);
    field->installEventFilter(this);
    addField(key, name, field, hint);
    return field;
}

void SettingsForm::addField(const QString& key, const QString& name, QWidget* field, const QString& hint) {
    Row row{new QLabel(name), field, new QLabel, hint};
    row.name->setBuddy(field);
    row.name->setProperty("kind", "muted");
    row.name->setWordWrap(true);
    row.note->setWordWrap(true);
    row.note->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    field->setObjectName(QString(u"field-" + key));
    if (!name.isEmpty())
        field->setAccessibleName(name);
    field->setMaximumWidth(kFieldWidth);
    m_grid->addWidget(row.name, m_next, 0, Qt::AlignVCenter);
    m_grid->addWidget(field, m_next, 1);
    m_grid->addWidget(row.note, m_next, 2, Qt::AlignVCenter);
    ++m_next;
    show(row, {});
    m_rows.insert(key, row);
    m_order.push_back(key);
}

void SettingsForm::addWide(QWidget* widget) { m_grid->addWidget(widget, m_next++, 0, 1, 3); }

void SettingsForm::addStretch() { m_grid->setRowStretch(m_next++, 1); }

void SettingsForm::setRowVisible(const QString& key, bool isVisible) {
    const Row row = m_rows.value(key);
    for (QWidget* part : {static_cast<QWidget*>(row.name), row.field, static_cast<QWidget*>(row.note)})
        if (part != nullptr)
            part->setVisible(isVisible);
}

void SettingsForm::setHint(const QString& key, const QString& hint, bool isWarning) {
    const auto it = m_rows.find(key);
    if (it == m_rows.end())
        return;
    it->hint = hint;
    it->isWarning = isWarning;
    if (!it->isWrong)
        show(*it, {});
}

void SettingsForm::show(Row& row, const QString& fault) {
    row.isWrong = !fault.isEmpty();
    row.note->setText(row.isWrong ? fault : row.hint);
    setKind(*row.note, row.isWrong ? "error" : row.isWarning ? "warning" : "small");
    setInvalid(*row.field, row.isWrong);
    row.field->setAccessibleDescription(row.note->text());
}

void SettingsForm::showFaults(const SiteFaults& faults, const QString& prefix) {
    for (auto it = m_rows.begin(); it != m_rows.end(); ++it) {
        const SiteFault* fault = faults.of(QString(prefix + it.key()));
        show(*it, fault != nullptr ? faultText(*fault) : QString());
    }
}

QWidget* SettingsForm::field(const QString& key) const { return m_rows.value(key).field; }

QString SettingsForm::note(const QString& key) const {
    const Row row = m_rows.value(key);
    return row.note != nullptr ? row.note->text() : QString();
}

bool SettingsForm::focusFault() {
    for (const QString& key : m_order)
        if (const Row row = m_rows.value(key); row.isWrong && !row.field->isHidden()) {
            row.field->setFocus();
            return true;
        }
    return false;
}

bool SettingsForm::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Wheel) {
        event->ignore(); // the page scrolls
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace yz
