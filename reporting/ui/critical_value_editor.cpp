#include "reporting_ui/critical_value_editor.h"

#include "uikit/icon.h"

#include <QCheckBox>
#include <QDateTimeEdit>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>
#include <iterator>

namespace yz {

namespace {

/// Times are told to the minute here.
QDateTime toMinute(const QDateTime& time) {
    return time.isValid() ? QDateTime::fromSecsSinceEpoch(time.toSecsSinceEpoch() / 60 * 60, Qt::UTC) : QDateTime();
}
CriticalValue toMinute(CriticalValue value) {
    value.foundAt = toMinute(value.foundAt);
    value.toldAt = toMinute(value.toldAt);
    return value;
}

/// The wheel scrolls the page, never a time.
class QuietTimeEdit final : public QDateTimeEdit {
public:
    explicit QuietTimeEdit(QWidget* parent) : QDateTimeEdit(parent) {
        setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm"));
        setCalendarPopup(true);
        setMinimumWidth(150);
        setSpecialValueText(QStringLiteral("–"));
        setMinimumDateTime(QDateTime(QDate(2000, 1, 1), QTime(0, 0)));
    }
    void showTime(const QDateTime& time) { setDateTime(time.isValid() ? time.toLocalTime() : minimumDateTime()); }
    /// UTC; invalid while it stands at its special value.
    [[nodiscard]] QDateTime time() const {
        return dateTime() <= minimumDateTime() ? QDateTime() : toMinute(dateTime());
    }

protected:
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

} // namespace

class CriticalValueEditor::Record final : public QFrame {
public:
    Record(CriticalValueEditor& editor, const CriticalValue& value)
        : m_item(new QLineEdit(this)), m_toldBy(new QLineEdit(this)), m_toldTo(new QLineEdit(this)),
          m_handling(new QLineEdit(this)), m_foundAt(new QuietTimeEdit(this)), m_toldAt(new QuietTimeEdit(this)),
          m_now(new QPushButton(CriticalValueEditor::tr("Now"), this)),
          m_readBack(new QCheckBox(CriticalValueEditor::tr("Read back by the receiver"), this)),
          m_remove(new QToolButton(this)) {
        setProperty("kind", "card");
        auto* grid = new QGridLayout(this);
        grid->setContentsMargins(10, 8, 10, 8);
        grid->setHorizontalSpacing(8);
        grid->setVerticalSpacing(5);
        grid->setColumnStretch(1, 1);
        int row = 0;
        const auto line = [&](const QString& text, QWidget* field, QWidget* beside = nullptr) {
            auto* label = new QLabel(text, this);
            label->setProperty("kind", "muted");
            label->setBuddy(field);
            grid->addWidget(label, row, 0);
            grid->addWidget(field, row, 1, 1, beside ? 1 : 2);
            if (beside)
                grid->addWidget(beside, row, 2);
            ++row;
        };
        m_remove->setIcon(icon(QStringLiteral("delete")));
        m_remove->setToolTip(CriticalValueEditor::tr("Remove this record"));
        line(CriticalValueEditor::tr("Finding"), m_item, m_remove);
        line(CriticalValueEditor::tr("Found at"), m_foundAt);
        line(CriticalValueEditor::tr("Told by"), m_toldBy);
        line(CriticalValueEditor::tr("Told to"), m_toldTo);
        line(CriticalValueEditor::tr("Told at"), m_toldAt, m_now);
        grid->addWidget(m_readBack, row++, 1, 1, 2);
        line(CriticalValueEditor::tr("Handling"), m_handling);
        m_item->setPlaceholderText(CriticalValueEditor::tr("What was found"));
        m_toldTo->setPlaceholderText(CriticalValueEditor::tr("Name at the requesting hospital"));
        m_handling->setPlaceholderText(CriticalValueEditor::tr("What is being done for the patient"));

        m_item->setText(value.item);
        m_toldBy->setText(value.toldBy);
        m_toldTo->setText(value.toldTo);
        m_handling->setText(value.handling);
        m_foundAt->showTime(value.foundAt);
        m_toldAt->showTime(value.toldAt);
        m_readBack->setChecked(value.readBack);

        const auto edited = [&editor] {
            if (!editor.m_isShowing)
                Q_EMIT editor.edited();
        };
        for (QLineEdit* edit : {m_item, m_toldBy, m_toldTo, m_handling})
            connect(edit, &QLineEdit::textEdited, &editor, edited);
        for (QuietTimeEdit* edit : {m_foundAt, m_toldAt})
            connect(edit, &QDateTimeEdit::dateTimeChanged, &editor, edited);
        connect(m_readBack, &QCheckBox::toggled, &editor, edited);
        connect(m_now, &QPushButton::clicked, this, [this] { m_toldAt->showTime(QDateTime::currentDateTimeUtc()); });
        connect(m_remove, &QToolButton::clicked, &editor, [&editor, this] { editor.remove(this); });
    }

    [[nodiscard]] CriticalValue value() const {
        return {m_item->text().trimmed(),    m_foundAt->time(), m_toldBy->text().trimmed(),
                m_toldTo->text().trimmed(),  m_toldAt->time(),  m_readBack->isChecked(),
                m_handling->text().trimmed()};
    }

    void setNumber(int number) {
        const auto name = [&](QWidget* widget, const char* what) {
            widget->setObjectName(QStringLiteral("critical%1_%2").arg(QLatin1String(what)).arg(number));
        };
        name(m_item, "Item");
        name(m_foundAt, "FoundAt");
        name(m_toldBy, "ToldBy");
        name(m_toldTo, "ToldTo");
        name(m_toldAt, "ToldAt");
        name(m_now, "Now");
        name(m_readBack, "ReadBack");
        name(m_handling, "Handling");
        name(m_remove, "Remove");
    }

    void setReadOnly(bool isReadOnly) {
        for (QLineEdit* edit : {m_item, m_toldBy, m_toldTo, m_handling})
            edit->setReadOnly(isReadOnly);
        for (QuietTimeEdit* edit : {m_foundAt, m_toldAt})
            edit->setReadOnly(isReadOnly);
        m_readBack->setEnabled(!isReadOnly);
        m_now->setVisible(!isReadOnly);
        m_remove->setVisible(!isReadOnly);
    }

private:
    QLineEdit* m_item;
    QLineEdit* m_toldBy;
    QLineEdit* m_toldTo;
    QLineEdit* m_handling;
    QuietTimeEdit* m_foundAt;
    QuietTimeEdit* m_toldAt;
    QPushButton* m_now;
    QCheckBox* m_readBack;
    QToolButton* m_remove;
};

CriticalValueEditor::CriticalValueEditor(QWidget* parent)
    : QWidget(parent), m_hint(new QLabel(this)), m_add(new QPushButton(tr("Record a critical value"), this)),
      m_list(new QVBoxLayout) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(8);
    m_hint->setText(
        tr("A critical finding is told to the requesting hospital at once; the record says who told whom and "
           "when, and that it was read back."));
    m_hint->setWordWrap(true);
    m_hint->setProperty("kind", "muted");
    layout->addWidget(m_hint);
    m_list->setSpacing(8);
    layout->addLayout(m_list);
    m_add->setObjectName(QStringLiteral("addCriticalButton"));
    m_add->setIcon(icon(QStringLiteral("critical")));
    layout->addWidget(m_add, 0, Qt::AlignLeft);
    layout->addStretch(1);
    connect(m_add, &QPushButton::clicked, this, [this] {
        CriticalValue value;
        value.toldBy = m_toldBy;
        value.foundAt = m_now.isValid() ? m_now.addMSecs(m_since.elapsed()) : QDateTime::currentDateTimeUtc();
        add(toMinute(value));
        Q_EMIT edited();
    });
}

void CriticalValueEditor::add(const CriticalValue& value) {
    auto* record = new Record(*this, value);
    record->setReadOnly(m_isReadOnly);
    m_records.push_back(record);
    m_list->addWidget(record);
    renumber();
}

void CriticalValueEditor::remove(Record* record) {
    std::erase(m_records, record);
    m_list->removeWidget(record);
    record->setNumber(-1);
    record->hide();
    record->deleteLater(); // the click comes from inside
    renumber();
    Q_EMIT edited();
}

void CriticalValueEditor::renumber() {
    for (size_t i = 0; i < m_records.size(); ++i)
        m_records[i]->setNumber(static_cast<int>(i));
}

void CriticalValueEditor::setValues(const std::vector<CriticalValue>& shown) {
    std::vector<CriticalValue> wanted;
    std::transform(shown.begin(), shown.end(), std::back_inserter(wanted),
                   [](const CriticalValue& value) { return toMinute(value); });
    if (wanted == values())
        return;
    const QScopedValueRollback showing(m_isShowing, true);
    for (Record* record : m_records)
        delete record;
    m_records.clear();
    for (const CriticalValue& value : wanted)
        add(value);
}

std::vector<CriticalValue> CriticalValueEditor::values() const {
    std::vector<CriticalValue> all;
    for (const Record* record : m_records)
        all.push_back(record->value());
    return all;
}

void CriticalValueEditor::setDefaults(const QString& toldBy, const QDateTime& now) {
    m_toldBy = toldBy;
    m_now = now;
    m_since.start();
}

void CriticalValueEditor::setReadOnly(bool isReadOnly) {
    m_isReadOnly = isReadOnly;
    m_add->setVisible(!isReadOnly);
    for (Record* record : m_records)
        record->setReadOnly(isReadOnly);
}

} // namespace yz
