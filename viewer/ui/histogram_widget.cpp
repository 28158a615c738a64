#include "viewer_ui/histogram_widget.h"

#include "uikit/fonts.h"

#include <QPainter>
#include <algorithm>

namespace yz {

HistogramWidget::HistogramWidget(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("roiHistogram"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void HistogramWidget::setHistogram(const RoiHistogram& histogram, const QString& unit) {
    m_histogram = histogram;
    m_unit = unit;
    const int most = histogram.counts.empty() ? 0 : *std::max_element(histogram.counts.begin(), histogram.counts.end());
    setAccessibleName(tr("Histogram"));
    setToolTip(tr("Values of the pixels inside the outline; highest bar: %n pixel(s)", nullptr, most));
    update();
}

void HistogramWidget::paintEvent(QPaintEvent*) {
    if (m_histogram.counts.empty())
        return;
    QPainter painter(this);
    painter.setFont(uiFont(11));
    const int textHeight = painter.fontMetrics().height() + 2;
    const QRectF area = QRectF(rect()).adjusted(4, 4, -4, -textHeight);
    const int most = std::max(1, *std::max_element(m_histogram.counts.begin(), m_histogram.counts.end()));
    const double step = area.width() / static_cast<double>(m_histogram.counts.size());
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Highlight));
    for (size_t i = 0; i < m_histogram.counts.size(); ++i) {
        const double height = area.height() * m_histogram.counts[i] / most;
        painter.drawRect(QRectF(area.left() + static_cast<double>(i) * step, area.bottom() - height,
                                std::max(1.0, step - (step > 3.0 ? 1.0 : 0.0)), height));
    }
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    const double last = m_histogram.first + m_histogram.width * static_cast<double>(m_histogram.counts.size());
    const QRectF texts(area.left(), area.bottom(), area.width(), textHeight);
    painter.drawText(texts, Qt::AlignLeft | Qt::AlignVCenter, QString::number(m_histogram.first, 'g', 5));
    painter.drawText(texts, Qt::AlignRight | Qt::AlignVCenter, QString::number(last, 'g', 5));
    painter.drawText(texts, Qt::AlignCenter, m_unit);
}

} // namespace yz
