#include "reporting_ui/template_form.h"

#include "uikit/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleValidator>
#include <QFrame>
#include <QGridLayout>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>

namespace yz {

namespace {

/// A wheel over a form must scroll the form, never change an answer.
class QuietComboBox final : public QComboBox {
public:
    using QComboBox::QComboBox;

protected:
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

/// Several boxes for a multiple choice.
class ChoiceBoxes final : public QWidget {
public:
    ChoiceBoxes(const TemplateField& field, QWidget* parent) : QWidget(parent) {
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(2);
        for (const FieldOption& option : field.options) {
            auto* box = new QCheckBox(option.label.isEmpty() ? option.value : option.label, this);
            box->setProperty("answer", option.value);
            layout->addWidget(box);
            m_boxes.push_back(box);
        }
    }
    [[nodiscard]] const std::vector<QCheckBox*>& boxes() const { return m_boxes; }

private:
    std::vector<QCheckBox*> m_boxes;
};

} // namespace

TemplateForm::TemplateForm(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this)) {
    m_layout->setContentsMargins(12, 10, 12, 10);
}

void TemplateForm::setTemplate(const ReportTemplate& reportTemplate) {
    if (m_template && m_template->id == reportTemplate.id)
        return; // a field that is being typed in stays as it is
    const QScopedValueRollback showing(m_isShowing, true);
    m_template = reportTemplate;
    build();
    setAnswers({});
}

void TemplateForm::clearTemplate() {
    m_template.reset();
    build();
}

void TemplateForm::setAnswers(const QJsonObject& answers) {
    const QScopedValueRollback showing(m_isShowing, true);
    if (!m_template)
        return;
    const QJsonObject defaults = defaultAnswers(*m_template);
    for (const TemplateSection& section : m_template->sections)
        for (const TemplateField& field : section.fields)
            showAnswer(field, answers.contains(field.id) ? answers[field.id] : defaults[field.id]);
}

void TemplateForm::setReadOnly(bool isReadOnly) { setEnabled(!isReadOnly); }

void TemplateForm::build() {
    delete m_body;
    m_body = new QWidget(this);
    m_layout->addWidget(m_body);
    m_widgets.clear();
    auto* grid = new QGridLayout(m_body);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    if (!m_template)
        return;
    int row = 0;
    for (const TemplateSection& section : m_template->sections) {
        if (section.fields.empty() || section.target == ReportSection::Other)
            continue;
        if (section.level > 1 && section.fields.size() > 1) {
            auto* heading = new QLabel(section.title, m_body);
            heading->setProperty("kind", "section");
            grid->addWidget(heading, row++, 0, 1, 2);
        }
        for (const TemplateLine& line : section.lines) {
            std::vector<const TemplateField*> fields;
            for (const TemplatePiece& piece : line.pieces)
                if (piece.field >= 0)
                    fields.push_back(&section.fields[static_cast<size_t>(piece.field)]);
            if (!fields.empty())
                addLine(*grid, row, section, fields);
        }
    }
    grid->setRowStretch(row, 1);
}

void TemplateForm::addLine(QGridLayout& grid, int& row, const TemplateSection& section,
                           const std::vector<const TemplateField*>& fields) {
    if (fields.size() == 1) {
        auto* label = new QLabel(fields[0]->label.isEmpty() ? section.title : fields[0]->label, m_body);
        label->setProperty("kind", "muted");
        grid.addWidget(label, row, 0);
        grid.addWidget(fieldWidget(*fields[0]), row++, 1);
        return;
    }
    // The fields of one sentence stand together, two in a row.
    auto* card = new QFrame(m_body);
    card->setProperty("kind", "card");
    auto* inner = new QGridLayout(card);
    inner->setContentsMargins(8, 6, 8, 6);
    inner->setHorizontalSpacing(8);
    inner->setVerticalSpacing(4);
    inner->setColumnStretch(1, 1);
    inner->setColumnStretch(3, 1);
    int place = 0;
    for (const TemplateField* field : fields) {
        auto* label = new QLabel(field->label, card);
        label->setProperty("kind", "muted");
        inner->addWidget(label, place / 2, place % 2 * 2);
        inner->addWidget(fieldWidget(*field), place / 2, place % 2 * 2 + 1);
        ++place;
    }
    grid.addWidget(card, row++, 0, 1, 2);
}

QWidget* TemplateForm::choiceWidget(const TemplateField& field) {
    auto* box = new QuietComboBox(m_body);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(4);
    for (const FieldOption& option : field.options) {
        box->addItem(option.label.isEmpty() ? option.value : option.label, option.value);
        if (option.positivity == Positivity::Positive)
            box->setItemData(box->count() - 1, theme().urgent, Qt::ForegroundRole);
        box->setItemData(box->count() - 1, option.value, Qt::ToolTipRole);
    }
    connect(box, &QComboBox::currentIndexChanged, this, &TemplateForm::edited);
    return box;
}

QWidget* TemplateForm::lineWidget(const TemplateField& field) {
    auto* edit = new QLineEdit(m_body);
    if (field.kind == FieldKind::Number) {
        auto* validator = new QDoubleValidator(edit);
        validator->setNotation(QDoubleValidator::StandardNotation);
        validator->setLocale(QLocale::c());
        bool hasMinimum = false, hasMaximum = false;
        const double minimum = field.minimum.toDouble(&hasMinimum), maximum = field.maximum.toDouble(&hasMaximum);
        if (hasMinimum && hasMaximum)
            validator->setRange(std::min(minimum, 0.0), maximum, 3);
        edit->setValidator(validator);
        edit->setPlaceholderText(field.unit);
    }
    connect(edit, &QLineEdit::textEdited, this, &TemplateForm::edited);
    return edit;
}

QWidget* TemplateForm::fieldWidget(const TemplateField& field) {
    QWidget* widget = nullptr;
    switch (field.kind) {
    case FieldKind::Choice:
        widget = choiceWidget(field);
        break;
    case FieldKind::MultipleChoice: {
        auto* boxes = new ChoiceBoxes(field, m_body);
        for (QCheckBox* box : boxes->boxes())
            connect(box, &QCheckBox::toggled, this, &TemplateForm::edited);
        widget = boxes;
        break;
    }
    case FieldKind::CheckBox: {
        auto* box = new QCheckBox(field.label, m_body);
        connect(box, &QCheckBox::toggled, this, &TemplateForm::edited);
        widget = box;
        break;
    }
    case FieldKind::TextArea: {
        auto* edit = new QPlainTextEdit(m_body);
        edit->setTabChangesFocus(true);
        edit->setFixedHeight(64);
        connect(edit, &QPlainTextEdit::textChanged, this, &TemplateForm::edited);
        widget = edit;
        break;
    }
    default:
        widget = lineWidget(field);
        break;
    }
    widget->setObjectName(u"field_" + field.id);
    widget->setAccessibleName(field.label);
    m_widgets.insert(field.id, widget);
    return widget;
}

void TemplateForm::showAnswer(const TemplateField& field, const QJsonValue& answer) {
    QWidget* widget = m_widgets.value(field.id);
    if (!widget || answerOf(field) == answer)
        return;
    if (auto* combo = qobject_cast<QComboBox*>(widget)) {
        combo->setCurrentIndex(combo->findData(answer.toString()));
    } else if (auto* check = qobject_cast<QCheckBox*>(widget)) {
        check->setChecked(answer.toBool());
    } else if (auto* line = qobject_cast<QLineEdit*>(widget)) {
        line->setText(answer.isDouble() ? QString::number(answer.toDouble(), 'g', 10) : answer.toString());
    } else if (auto* text = qobject_cast<QPlainTextEdit*>(widget)) {
        text->setPlainText(answer.toString());
    } else if (auto* boxes = dynamic_cast<ChoiceBoxes*>(widget)) {
        for (QCheckBox* box : boxes->boxes())
            box->setChecked(answer.toArray().contains(box->property("answer").toString()));
    }
}

QJsonValue TemplateForm::answerOf(const TemplateField& field) const {
    QWidget* widget = m_widgets.value(field.id);
    if (auto* combo = qobject_cast<QComboBox*>(widget))
        return combo->currentData().toString();
    if (auto* check = qobject_cast<QCheckBox*>(widget))
        return check->isChecked();
    if (auto* line = qobject_cast<QLineEdit*>(widget)) {
        bool isNumber = false;
        const double number = QLocale::c().toDouble(line->text(), &isNumber);
        return field.kind == FieldKind::Number && isNumber ? QJsonValue(number) : QJsonValue(line->text());
    }
    if (auto* text = qobject_cast<QPlainTextEdit*>(widget))
        return text->toPlainText();
    if (auto* boxes = dynamic_cast<ChoiceBoxes*>(widget)) {
        QJsonArray values;
        for (const QCheckBox* box : boxes->boxes())
            if (box->isChecked())
                values.append(box->property("answer").toString());
        return values;
    }
    return field.defaultValue;
}

QJsonObject TemplateForm::answers() const {
    QJsonObject out;
    if (!m_template)
        return out;
    for (const TemplateSection& section : m_template->sections)
        for (const TemplateField& field : section.fields)
            out[field.id] = answerOf(field);
    return out;
}

void TemplateForm::edited() {
    if (!m_isShowing)
        Q_EMIT answersEdited(answers());
}

} // namespace yz
