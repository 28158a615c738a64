#pragma once

#include "imaging/roi_statistics.h"

#include <QWidget>

namespace yz {

/// How often which values occur in a ROI, as bars over the range of the values. Empty: hidden by its owner.
class HistogramWidget final : public QWidget {
    Q_OBJECT

public:
    explicit HistogramWidget(QWidget* parent = nullptr);
    void setHistogram(const RoiHistogram& histogram, const QString& unit);
    [[nodiscard]] const RoiHistogram& histogram() const { return m_histogram; }
    [[nodiscard]] QSize sizeHint() const override { return {240, 120}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    RoiHistogram m_histogram;
    QString m_unit;
};

} // namespace yz
