#include "domain/measurement_text.h"
#include "reporting_ui/measurement_links.h"
#include "reporting_ui/report_panel.h"
#include "uikit/banner.h"

#include <QAction>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPlainTextEdit>

// Key images and measurements of the report.
namespace yz {

namespace {
constexpr int kKeyImagePx = 84;
} // namespace

QWidget* ReportPanel::buildKeyImages() {
    auto* box = new QWidget;
    auto* layout = new QHBoxLayout(box);
    layout->setContentsMargins(12, 4, 12, 4);
    layout->setSpacing(8);
    m_keyImages = new QListWidget;
    m_keyImages->setObjectName(QStringLiteral("keyImageList"));
    m_keyImages->setViewMode(QListView::IconMode);
    m_keyImages->setFlow(QListView::LeftToRight);
    m_keyImages->setWrapping(false);
    m_keyImages->setMovement(QListView::Static);
    m_keyImages->setIconSize({kKeyImagePx, kKeyImagePx});
    m_keyImages->setFixedHeight(kKeyImagePx + 34);
    m_keyImages->setToolTip(tr("Key images of the report: double-click shows the image, Delete removes it"));
    m_measurements = new QListWidget;
    m_measurements->setObjectName(QStringLiteral("measurementList"));
    m_measurements->setFixedHeight(kKeyImagePx + 34);
    m_measurements->setToolTip(tr("Measurements of the report: a click shows the image, Delete removes one"));
    connect(m_measurements, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) {
        const int row = m_measurements->row(item);
        if (row >= 0 && row < static_cast<int>(m_content.measurements.size()))
            Q_EMIT measurementActivated(m_content.measurements[static_cast<size_t>(row)].id);
    });
    layout->addWidget(m_keyImages, 3);
    layout->addWidget(m_measurements, 2);
    connect(m_keyImages, &QListWidget::itemDoubleClicked, this, [this](QListWidgetItem* item) {
        const int row = m_keyImages->row(item);
        if (row >= 0 && row < static_cast<int>(m_content.keyImages.size()))
            Q_EMIT keyImageActivated(m_content.keyImages[static_cast<size_t>(row)]);
    });
    const auto removable = [this](QListWidget* list, auto remove) {
        auto* action = new QAction(tr("Remove from the report"), list);
        action->setShortcut(QKeySequence::Delete);
        action->setShortcutContext(Qt::WidgetShortcut);
        list->addAction(action);
        list->setContextMenuPolicy(Qt::ActionsContextMenu);
        connect(action, &QAction::triggered, this, [this, list, remove] {
            const int row = list->currentRow();
            if (row < 0 || !isEditable())
                return;
            remove(static_cast<size_t>(row));
            showKeyImages();
            m_checkTimer.start();
            Q_EMIT contentEdited(m_content);
        });
    };
    removable(m_keyImages,
              [this](size_t row) { m_content.keyImages.erase(m_content.keyImages.begin() + static_cast<long>(row)); });
    removable(m_measurements, [this](size_t row) {
        m_content.measurements.erase(m_content.measurements.begin() + static_cast<long>(row));
    });
    return box;
}

void ReportPanel::showKeyImages() {
    m_keyImages->clear();
    for (const KeyImage& image : m_content.keyImages) {
        QPixmap picture;
        picture.loadFromData(image.png, "PNG");
        auto* item = new QListWidgetItem(image.caption);
        if (!picture.isNull())
            item->setIcon(picture.scaled(kKeyImagePx, kKeyImagePx, Qt::KeepAspectRatio, Qt::SmoothTransformation));
        item->setToolTip(image.caption);
        m_keyImages->addItem(item);
    }
    m_measurements->clear();
    for (const ReportMeasurement& measurement : m_content.measurements)
        m_measurements->addItem(
            tr("%1: %2").arg(measurement.name, measurementText(measurement.value, measurement.unit)));
    for (MeasurementLinks* links : {m_findingsLinks, m_impressionLinks})
        links->setMeasurements(m_content.measurements);
    const bool any = m_keyImages->count() + m_measurements->count() > 0;
    m_keyImages->parentWidget()->setVisible(any);
}

void ReportPanel::addKeyImage(const KeyImage& image) {
    if (!isEditable()) {
        m_banner->announce(Tone::Info, tr("The report is not open for writing, so the image was not added."));
        return;
    }
    m_content.keyImages.push_back(image);
    if (image.caption.isEmpty())
        m_content.keyImages.back().caption = tr("Image %1").arg(m_content.keyImages.size());
    showKeyImages();
    Q_EMIT contentEdited(m_content);
}

void ReportPanel::addMeasurement(const ReportMeasurement& measurement) {
    if (!isEditable()) {
        m_banner->announce(Tone::Info, tr("The report is not open for writing, so the measurement was not added."));
        return;
    }
    m_content.measurements.push_back(measurement);
    showKeyImages();
    m_findingsEdit->insertPlainText(measurementText(measurement.value, measurement.unit));
    takeEdits();
}

} // namespace yz
