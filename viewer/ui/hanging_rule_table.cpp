#include "viewer_ui/hanging_rule_table.h"

#include "imaging/hanging_terms.h"
#include "viewer_ui/hanging_text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace yz {

namespace {

enum Column { Attribute, Op, Value, Weight, Required, ColumnCount };

QComboBox* choice(const QStringList& words, QString (*textOf)(const QString&), const QString& current) {
    auto* box = new QComboBox;
    for (const QString& word : words)
        box->addItem(textOf(word), word);
    if (box->findData(current) < 0)
        box->addItem(textOf(current), current);
    box->setCurrentIndex(box->findData(current));
    return box;
}

template <size_t N> void append(QStringList& list, const std::array<QLatin1String, N>& words) {
    for (const QLatin1String& word : words)
        list << QString(word);
}

} // namespace

HangingRuleTable::HangingRuleTable(bool ofSeries, QWidget* parent)
    : QWidget(parent), m_ofSeries(ofSeries), m_table(new QTableWidget(0, ColumnCount, this)) {
    m_table->setHorizontalHeaderLabels({tr("Attribute"), tr("Comparison"), tr("Value"), tr("Weight"), tr("Must hold")});
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(Value, QHeaderView::Stretch);
    m_table->verticalHeader()->hide();
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    auto* add = new QPushButton(tr("Add rule"), this);
    auto* remove = new QPushButton(tr("Remove rule"), this);
    add->setObjectName(QStringLiteral("addRule"));
    remove->setObjectName(QStringLiteral("removeRule"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(add);
    buttons->addWidget(remove);
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    connect(add, &QPushButton::clicked, this, [this] {
        addRow({QStringLiteral("description"), QStringLiteral("contains"), QStringLiteral("?"), 1.0, false});
        Q_EMIT changed();
    });
    connect(remove, &QPushButton::clicked, this, [this] {
        if (m_table->currentRow() < 0)
            return;
        m_table->removeRow(m_table->currentRow());
        Q_EMIT changed();
    });
    connect(m_table, &QTableWidget::itemChanged, this, [this] {
        if (!m_isFilling)
            Q_EMIT changed();
    });
}

void HangingRuleTable::addRow(const HangingRule& rule) {
    m_isFilling = true;
    QStringList attributes, ops;
    append(attributes, hanging::kTextAttributes);
    attributes << QStringLiteral("bodyPart|description") << QStringLiteral("viewPosition|description");
    if (m_ofSeries) {
        attributes << QString(hanging::kFrameCount);
    } else {
        append(attributes, hanging::kDeskAttributes);
        append(attributes, hanging::kNumberAttributes);
    }
    append(ops, hanging::kTextOps);
    ops << QStringLiteral("atLeast") << QStringLiteral("atMost");
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    auto* attribute = choice(attributes, &hanging_text::attribute, rule.attribute);
    auto* op = choice(ops, &hanging_text::op, rule.op);
    auto* weight = new QDoubleSpinBox;
    weight->setRange(-99.0, 99.0);
    weight->setDecimals(1);
    weight->setValue(rule.weight);
    auto* required = new QCheckBox;
    required->setChecked(rule.required);
    m_table->setCellWidget(row, Attribute, attribute);
    m_table->setCellWidget(row, Op, op);
    m_table->setItem(row, Value, new QTableWidgetItem(rule.value));
    m_table->setCellWidget(row, Weight, weight);
    m_table->setCellWidget(row, Required, required);
    connect(attribute, &QComboBox::currentIndexChanged, this, &HangingRuleTable::changed);
    connect(op, &QComboBox::currentIndexChanged, this, &HangingRuleTable::changed);
    connect(weight, &QDoubleSpinBox::valueChanged, this, &HangingRuleTable::changed);
    connect(required, &QCheckBox::toggled, this, &HangingRuleTable::changed);
    m_isFilling = false;
}

void HangingRuleTable::setRules(const std::vector<HangingRule>& rules) {
    m_table->setRowCount(0);
    for (const HangingRule& rule : rules)
        addRow(rule);
}

std::vector<HangingRule> HangingRuleTable::rules() const {
    std::vector<HangingRule> rules;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto word = [&](Column column) {
            return static_cast<QComboBox*>(m_table->cellWidget(row, column))->currentData().toString();
        };
        rules.push_back({word(Attribute), word(Op), m_table->item(row, Value)->text().trimmed(),
                         static_cast<QDoubleSpinBox*>(m_table->cellWidget(row, Weight))->value(),
                         static_cast<QCheckBox*>(m_table->cellWidget(row, Required))->isChecked()});
    }
    return rules;
}

} // namespace yz
