#include "viewer_ui/shortcut_page.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace yz {

namespace {
constexpr int actionRole = Qt::UserRole;
} // namespace

ShortcutPage::ShortcutPage(const ShortcutTable& table, QWidget* parent)
    : QDialog(parent), m_table(table), m_search(new QLineEdit), m_list(new QTableWidget), m_key(new QKeySequenceEdit),
      m_conflict(new QLabel), m_assign(new QPushButton(tr("Use this key"))), m_reset(new QPushButton(tr("As shipped"))),
      m_resetAll(new QPushButton(tr("All as shipped"))) {
    setObjectName(QStringLiteral("shortcutPage"));
    setWindowTitle(tr("Keys"));
    resize(560, 720);
    m_search->setObjectName(QStringLiteral("shortcutSearch"));
    m_search->setPlaceholderText(tr("Search for an action or a key"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_list->setObjectName(QStringLiteral("shortcutList"));
    m_list->setAccessibleName(tr("Actions and their keys"));
    m_list->setColumnCount(2);
    m_list->setHorizontalHeaderLabels({tr("Action"), tr("Key")});
    m_list->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->verticalHeader()->hide();
    m_list->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_key->setObjectName(QStringLiteral("shortcutKey"));
    m_key->setAccessibleName(tr("New key"));
    m_assign->setObjectName(QStringLiteral("shortcutAssign"));
    m_reset->setObjectName(QStringLiteral("shortcutReset"));
    m_resetAll->setObjectName(QStringLiteral("shortcutResetAll"));
    m_conflict->setObjectName(QStringLiteral("shortcutConflict"));
    m_conflict->setWordWrap(true);
    auto* mouse = new QLabel(tr("Mouse: left button the tool, middle button pan, right button window, wheel scroll, "
                                "Ctrl and wheel zoom. Arrow keys and Page Up/Down scroll, Delete removes, Esc ends."));
    mouse->setWordWrap(true);
    mouse->setProperty("kind", "muted");
    auto* line = new QHBoxLayout;
    line->addWidget(m_key, 1);
    line->addWidget(m_assign);
    line->addWidget(m_reset);
    line->addWidget(m_resetAll);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_search);
    column->addWidget(m_list, 1);
    column->addLayout(line);
    column->addWidget(m_conflict);
    column->addWidget(mouse);
    for (QPushButton* button : {m_assign, m_reset, m_resetAll})
        button->setAutoDefault(false); // Enter is a key that is typed here

    connect(m_search, &QLineEdit::textChanged, this, &ShortcutPage::filter);
    connect(m_list, &QTableWidget::itemSelectionChanged, this, &ShortcutPage::showSelected);
    connect(m_key, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutPage::tryKey);
    connect(m_assign, &QPushButton::clicked, this, &ShortcutPage::assign);
    connect(m_reset, &QPushButton::clicked, this, [this] {
        m_table.reset(selectedAction());
        change();
    });
    connect(m_resetAll, &QPushButton::clicked, this, [this] {
        m_table.resetAll();
        change();
    });
    fill();
    showSelected();
}

QString ShortcutPage::selectedAction() const {
    const QList<QTableWidgetItem*> items = m_list->selectedItems();
    return items.isEmpty() ? QString() : items.front()->data(actionRole).toString();
}

void ShortcutPage::fill() {
    const QString selected = selectedAction();
    m_list->setRowCount(0);
    QString section;
    for (const ViewerAction& action : m_actions) {
        if (action.section != section) {
            section = action.section;
            const int row = m_list->rowCount();
            m_list->insertRow(row);
            auto* heading = new QTableWidgetItem(section);
            heading->setFlags(Qt::ItemIsEnabled);
            QFont bold = font();
            bold.setBold(true);
            heading->setFont(bold);
            m_list->setItem(row, 0, heading);
            m_list->setSpan(row, 0, 1, 2);
        }
        const int row = m_list->rowCount();
        m_list->insertRow(row);
        auto* text = new QTableWidgetItem(action.text);
        auto* key = new QTableWidgetItem(m_table.key(action.id).toString(QKeySequence::NativeText));
        for (QTableWidgetItem* item : {text, key}) {
            item->setData(actionRole, action.id);
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        }
        if (m_table.isChanged(action.id)) {
            QFont changed = font();
            changed.setItalic(true);
            key->setFont(changed);
            key->setToolTip(tr("Shipped: %1").arg(QKeySequence(action.key).toString(QKeySequence::NativeText)));
        }
        m_list->setItem(row, 0, text);
        m_list->setItem(row, 1, key);
        if (action.id == selected)
            m_list->selectRow(row);
    }
    filter();
}

void ShortcutPage::filter() {
    const QString wanted = m_search->text().trimmed();
    int heading = -1;
    bool hasAny = false;
    const auto closeHeading = [&] {
        if (heading >= 0)
            m_list->setRowHidden(heading, !hasAny);
    };
    for (int row = 0; row < m_list->rowCount(); ++row) {
        const QTableWidgetItem* text = m_list->item(row, 0);
        if (text->data(actionRole).toString().isEmpty()) {
            closeHeading();
            heading = row;
            hasAny = false;
            continue;
        }
        const QString key = m_list->item(row, 1)->text();
        const bool isWanted = wanted.isEmpty() || text->text().contains(wanted, Qt::CaseInsensitive) ||
                              key.compare(wanted, Qt::CaseInsensitive) == 0;
        m_list->setRowHidden(row, !isWanted);
        hasAny = hasAny || isWanted;
    }
    closeHeading();
}

void ShortcutPage::showSelected() {
    const QString action = selectedAction();
    m_key->setEnabled(!action.isEmpty());
    m_reset->setEnabled(m_table.isChanged(action));
    const QSignalBlocker quiet(m_key);
    m_key->setKeySequence(m_table.key(action));
    m_conflict->clear();
    m_assign->setEnabled(false);
}

void ShortcutPage::tryKey() {
    // One key, not a sequence of them.
    if (const QKeySequence typed = m_key->keySequence(); typed.count() > 1) {
        const QSignalBlocker quiet(m_key);
        m_key->setKeySequence(QKeySequence(typed[0]));
    }
    const QKeySequence key = m_key->keySequence();
    const QString holder = m_table.actionOf(key);
    m_conflict->clear();
    if (ShortcutTable::isFixed(key)) {
        m_conflict->setText(tr("%1 is kept for the page itself.").arg(key.toString(QKeySequence::NativeText)));
    } else if (!holder.isEmpty() && holder != selectedAction()) {
        for (const ViewerAction& action : m_actions)
            if (action.id == holder)
                m_conflict->setText(tr("%1 does this now: %2. It would have no key any more.")
                                        .arg(key.toString(QKeySequence::NativeText), action.text));
    }
    m_assign->setEnabled(!selectedAction().isEmpty() && !ShortcutTable::isFixed(key) &&
                         key != m_table.key(selectedAction()));
}

void ShortcutPage::assign() {
    m_table.setKey(selectedAction(), m_key->keySequence());
    change();
}

void ShortcutPage::change() {
    fill();
    showSelected();
    Q_EMIT tableChanged(m_table);
}

} // namespace yz
