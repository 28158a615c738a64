#pragma once

#include "imaging/display_chain.h"
#include "viewer/measurement_list.h"
#include "viewer/viewer_controller.h"

#include <QPainter>
#include <QPointF>
#include <functional>

namespace yz {

/// Draws measurements and finds them under the mouse. Works in the painter's logical pixels: `scale` is device pixels
/// per logical one, the transform maps to device pixels.
class MeasurementPainter {
public:
    MeasurementPainter(const ViewTransform& transform, double scale) : m_transform(transform), m_scale(scale) {}

    /// `also`: lines under its own.
    void draw(QPainter& painter, const Measurement& measurement, const MeasurementResult& result, bool selected,
              const QRectF& bounds, const QStringList& also = {}) const;
    /// One of a report: dashed, in a colour of its own, with what the report says.
    void drawReported(QPainter& painter, const Measurement& measurement, const QStringList& lines,
                      const QRectF& bounds) const;
    [[nodiscard]] QPointF toLogical(ImagePoint point) const;
    /// Index of the handle within reach of the position; -1: none.
    [[nodiscard]] int handleAt(const Measurement& measurement, QPointF position) const;
    [[nodiscard]] bool isOn(const Measurement& measurement, QPointF position) const;

private:
    void drawLines(QPainter& painter, const QPolygonF& points, const QStringList& lines, const QColor& colour,
                   const QRectF& bounds) const;

    ViewTransform m_transform;
    double m_scale;
};

} // namespace yz
