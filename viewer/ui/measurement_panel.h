#pragma once

#include "viewer/viewer_controller.h"

#include <QTimer>
#include <QWidget>

class QTreeWidget;
class QTreeWidgetItem;
class QToolButton;

namespace yz {

class HistogramWidget;

/// The measurements of the reading as a list: going to one, its name, its value, into the report, deleting. A volume is
/// one entry with its outlines below. Shows the histogram of the selected ROI.
class MeasurementPanel final : public QWidget {
    Q_OBJECT

public:
    explicit MeasurementPanel(ViewerController& controller, QWidget* parent = nullptr);

Q_SIGNALS:
    void citeRequested(const QString& id);
    void closeRequested();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void fill(QTreeWidgetItem* item, const Measurement& measurement, bool isVolume);
    void refreshHistogram();
    void onChosen(QTreeWidgetItem* item);
    void onRenamed(QTreeWidgetItem* item, int column);
    void removeSelected();
    [[nodiscard]] QString placeText(const Measurement& measurement) const;

    ViewerController& m_controller;
    QTreeWidget* m_tree;
    HistogramWidget* m_histogram;
    QToolButton *m_cite, *m_remove;
    QTimer m_timer;
    bool m_filling = false;
};

} // namespace yz
