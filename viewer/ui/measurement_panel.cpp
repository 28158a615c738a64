#include "viewer_ui/measurement_panel.h"

#include "uikit/icon.h"
#include "viewer_ui/histogram_widget.h"
#include "viewer_ui/viewer_text.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace yz {

namespace {

constexpr int refreshMs = 120;
constexpr int idRole = Qt::UserRole, groupRole = Qt::UserRole + 1;

QToolButton* button(QWidget* parent, const char* objectName, const QString& iconName, const QString& tip) {
    auto* made = new QToolButton(parent);
    made->setObjectName(QLatin1String(objectName));
    made->setIcon(icon(iconName));
    made->setToolTip(tip);
    made->setAccessibleName(tip);
    made->setAutoRaise(true);
    made->setFocusPolicy(Qt::NoFocus);
    return made;
}

} // namespace

MeasurementPanel::MeasurementPanel(ViewerController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_tree(new QTreeWidget(this)), m_histogram(new HistogramWidget(this)),
      m_cite(button(this, "panelCite", QStringLiteral("report"), tr("Into the report (Q)"))),
      m_remove(button(this, "panelDelete", QStringLiteral("delete"), tr("Delete (Del)"))) {
    setObjectName(QStringLiteral("measurementPanel"));
    setFixedWidth(300);
    auto* title = new QLabel(tr("Measurements"), this);
    auto* close = button(this, "panelClose", QStringLiteral("close"), tr("Close the list (J)"));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(6, 2, 2, 2);
    head->addWidget(title, 1);
    head->addWidget(m_cite);
    head->addWidget(m_remove);
    head->addWidget(close);
    m_tree->setObjectName(QStringLiteral("measurementTree"));
    m_tree->setAccessibleName(tr("Measurements"));
    m_tree->setHeaderLabels({tr("Name"), tr("Value"), tr("Image")});
    m_tree->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    m_tree->setRootIsDecorated(true);
    m_tree->setIndentation(12);
    m_tree->header()->setStretchLastSection(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_tree, 1);
    column->addWidget(m_histogram);
    m_histogram->hide();

    m_timer.setSingleShot(true);
    m_timer.setInterval(refreshMs);
    connect(&m_timer, &QTimer::timeout, this, &MeasurementPanel::refresh);
    const auto later = [this] {
        if (isVisible())
            m_timer.start();
    };
    connect(&controller.measurements(), &MeasurementList::changed, this, later);
    connect(&controller.measurements(), &MeasurementList::selectionChanged, this, later);
    connect(&controller, &ViewerController::seriesChanged, this, later);
    connect(&controller, &ViewerController::seriesProgressed, this, later); // values that waited for their pixels
    connect(m_tree, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) { onChosen(item); });
    connect(m_tree, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem* item) { onChosen(item); });
    connect(m_tree, &QTreeWidget::itemChanged, this, &MeasurementPanel::onRenamed);
    connect(m_cite, &QToolButton::clicked, this,
            [this] { Q_EMIT citeRequested(m_controller.measurements().selected()); });
    connect(m_remove, &QToolButton::clicked, this, &MeasurementPanel::removeSelected);
    connect(close, &QToolButton::clicked, this, &MeasurementPanel::closeRequested);
}

void MeasurementPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

QString MeasurementPanel::placeText(const Measurement& measurement) const {
    if (!measurement.patientPoints.empty())
        return tr("MPR");
    int stack = 0, index = 0;
    const LoadedSeries* series = m_controller.studies().series(measurement.series);
    if (!series ||
        !m_controller.studies().locate(measurement.series, {measurement.instance, measurement.frame}, stack, index))
        return {};
    return tr("%1 · %2").arg(series->record.seriesNumber).arg(index + 1);
}

void MeasurementPanel::fill(QTreeWidgetItem* item, const Measurement& measurement, bool isVolume) {
    item->setData(0, idRole, measurement.id);
    item->setData(0, groupRole, isVolume ? measurement.group : QString());
    item->setText(0, viewer_text::name(measurement));
    item->setFlags(item->flags() | Qt::ItemIsEditable);
    const MeasurementResult result = m_controller.resultOf(measurement.id);
    Measurement unnamed = measurement;
    unnamed.label.clear();
    if (unnamed.points.empty())
        unnamed.points.resize(unnamed.patientPoints.size()); // of a plane: only the count matters for the text
    const QStringList lines = viewer_text::measurement(unnamed, result);
    if (isVolume) {
        const bool known = !result.also.empty() && result.also.back().unit == QLatin1String("mm3");
        item->setText(1, known ? viewer_text::value(result.also.back()) : tr("unknown"));
    } else {
        item->setText(1, measurement.kind == MeasurementKind::Text ? measurement.label : lines.value(0));
    }
    item->setToolTip(1, lines.join(u'\n'));
    item->setText(2, placeText(measurement));
}

void MeasurementPanel::refresh() {
    if (!isVisible())
        return;
    if (const auto* editor = m_tree->findChild<QLineEdit*>(); editor && editor->isVisible()) {
        m_timer.start(); // a name is being typed
        return;
    }
    m_filling = true;
    QStringList open;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i)
        if (m_tree->topLevelItem(i)->isExpanded())
            open << m_tree->topLevelItem(i)->data(0, groupRole).toString();
    m_tree->clear();
    const QString selected = m_controller.measurements().selected();
    QHash<QString, QTreeWidgetItem*> volumes;
    for (const Measurement& measurement : m_controller.measurements().all()) {
        QTreeWidgetItem* parent = nullptr;
        if (!measurement.group.isEmpty()) {
            QTreeWidgetItem*& volume = volumes[measurement.group];
            if (!volume) {
                volume = new QTreeWidgetItem(m_tree);
                fill(volume, measurement, true);
            }
            parent = volume;
        }
        auto* item = parent ? new QTreeWidgetItem(parent) : new QTreeWidgetItem(m_tree);
        fill(item, measurement, false);
        if (measurement.id == selected)
            m_tree->setCurrentItem(item);
    }
    for (QTreeWidgetItem* volume : std::as_const(volumes))
        volume->setExpanded(open.contains(volume->data(0, groupRole).toString()) ||
                            (m_tree->currentItem() && m_tree->currentItem()->parent() == volume));
    for (int column = 0; column < 2; ++column)
        m_tree->resizeColumnToContents(column);
    m_cite->setEnabled(!selected.isEmpty());
    m_remove->setEnabled(!selected.isEmpty());
    m_filling = false;
    refreshHistogram();
}

void MeasurementPanel::refreshHistogram() {
    RoiHistogram histogram;
    QString unit;
    if (const auto where = m_controller.placed(m_controller.measurements().selected());
        where && where->pixels && where->pixels->reduction == 0 &&
        (isBoxRoi(where->measurement.kind) || isClosedOutline(where->measurement.kind))) {
        histogram = histogramOf(*where->image, where->frame, *where->pixels, where->measurement.kind,
                                where->measurement.points);
        unit = viewer_text::unit(ucumUnit(where->image->frame(where->frame).rescaleUnit));
    }
    m_histogram->setVisible(!histogram.counts.empty());
    m_histogram->setHistogram(histogram, unit);
}

void MeasurementPanel::onChosen(QTreeWidgetItem* item) {
    if (m_filling || !item)
        return;
    (void)m_controller.showMeasurement(item->data(0, idRole).toString());
}

void MeasurementPanel::onRenamed(QTreeWidgetItem* item, int column) {
    if (m_filling || column != 0)
        return;
    const Measurement* measurement = m_controller.measurements().find(item->data(0, idRole).toString());
    if (!measurement || item->text(0) == viewer_text::name(*measurement))
        return;
    const QString id = measurement->id, text = item->text(0);
    if (measurement->kind == MeasurementKind::Text && text.trimmed().isEmpty())
        return;
    m_controller.measurements().rename(id, text);
}

void MeasurementPanel::removeSelected() {
    const QTreeWidgetItem* item = m_tree->currentItem();
    MeasurementList& list = m_controller.measurements();
    const QString group = item ? item->data(0, groupRole).toString() : QString();
    if (group.isEmpty())
        list.remove(list.selected());
    else
        list.removeGroup(group);
}

} // namespace yz
