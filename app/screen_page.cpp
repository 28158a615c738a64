#include "screen_page.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

namespace yz {

namespace {
constexpr int pictureColumn = 1, reportColumn = 2;
}

ScreenPage::ScreenPage(ScreenArrangement& arrangement, QWidget* parent)
    : QDialog(parent), m_arrangement(arrangement), m_list(new QTableWidget), m_gone(new QLabel) {
    setObjectName(QStringLiteral("screenPage"));
    setWindowTitle(tr("Screens"));
    resize(620, 300);
    m_list->setObjectName(QStringLiteral("screenList"));
    m_list->setAccessibleName(tr("Screens"));
    m_list->setColumnCount(3);
    m_list->setHorizontalHeaderLabels({tr("Screen"), tr("Images"), tr("Report")});
    m_list->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->verticalHeader()->hide();
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    m_gone->setWordWrap(true);
    auto* text = new QLabel(tr("What is not ticked stays in the main window. Images may cover several screens that "
                               "stand side by side."));
    text->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->addWidget(text);
    column->addWidget(m_list, 1);
    column->addWidget(m_gone);
    connect(m_list, &QTableWidget::itemChanged, this, &ScreenPage::take);
    // Not while an item of the list is being changed.
    connect(&m_arrangement, &ScreenArrangement::arranged, this, &ScreenPage::fill, Qt::QueuedConnection);
    fill();
}

void ScreenPage::fill() {
    m_filling = true;
    const std::vector<KnownScreen> screens = ScreenArrangement::screens();
    const ScreenChoice& choice = m_arrangement.choice();
    m_list->setRowCount(static_cast<int>(screens.size()));
    for (int row = 0; row < m_list->rowCount(); ++row) {
        const KnownScreen& screen = screens[static_cast<size_t>(row)];
        const QStringList parts = screen.key.split(u'|');
        auto* name = new QTableWidgetItem(
            tr("%1   %2 × %3 at %4, %5")
                .arg(QStringList{parts.value(0), parts.value(1), parts.value(3)}.join(u' ').simplified())
                .arg(screen.geometry.width())
                .arg(screen.geometry.height())
                .arg(screen.geometry.x())
                .arg(screen.geometry.y()));
        name->setData(Qt::UserRole, screen.key);
        name->setFlags(Qt::ItemIsEnabled);
        m_list->setItem(row, 0, name);
        for (const int column : {pictureColumn, reportColumn}) {
            auto* item = new QTableWidgetItem;
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable);
            const bool isOn =
                column == pictureColumn ? choice.pictures.contains(screen.key) : choice.report == screen.key;
            item->setCheckState(isOn ? Qt::Checked : Qt::Unchecked);
            m_list->setItem(row, column, item);
        }
    }
    m_gone->setText(
        planScreens(choice, screens).isPartial
            ? tr("A chosen screen is not there: what stood on it is in the main window until it comes back.")
            : QString());
    m_filling = false;
}

void ScreenPage::take() {
    if (m_filling)
        return;
    ScreenChoice choice;
    const QString before = m_arrangement.choice().report;
    for (int row = 0; row < m_list->rowCount(); ++row) {
        const QString key = m_list->item(row, 0)->data(Qt::UserRole).toString();
        if (m_list->item(row, pictureColumn)->checkState() == Qt::Checked)
            choice.pictures << key;
        // One screen for the report: the one ticked last.
        if (m_list->item(row, reportColumn)->checkState() == Qt::Checked &&
            (choice.report.isEmpty() || choice.report == before))
            choice.report = key;
    }
    Q_EMIT chosen(choice);
}

} // namespace yz
