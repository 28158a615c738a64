#pragma once

#include "imaging/display_chain.h"
#include "viewer/viewer_controller.h"

#include <QPainter>
#include <QSizeF>

namespace yz {

/// Everything written over a picture: whose it is, what it is, what is wrong with it. Nothing is drawn that the data
/// set shown does not say.
class ViewportOverlay {
public:
    /// `dpi`: logical pixels per inch of the real screen, for what is to be taken hold of.
    ViewportOverlay(ViewerController& controller, int viewport, double dpi)
        : m_controller(controller), m_viewport(viewport), m_dpi(dpi) {}

    /// What lies over the picture; why there is no picture.
    void setFusion(const ShownOverlay& overlay) { m_fusion = overlay; }
    void setMessage(const QString& message) { m_message = message; }

    /// `size`: logical pixels; `scale`: device pixels per logical one.
    void paint(QPainter& painter, QSizeF size, double scale, const ShownFrame& shown, const ViewTransform& transform);

    /// Letters at the edges and the scale bar, also burnt into key images.
    static void paintOrientation(QPainter& painter, const QRectF& area, const ShownFrame& shown,
                                 const ViewAdjustment& view);
    static void paintScaleBar(QPainter& painter, const QRectF& area, double scale, const ShownFrame& shown,
                              const ViewTransform& transform);

private:
    void paintIdentity(QPainter& painter, const QRectF& area, const ShownFrame& shown);
    void paintStudy(QPainter& painter, const QRectF& area, const ShownFrame& shown);
    void paintSeries(QPainter& painter, const QRectF& area, const ShownFrame& shown);
    void paintDisplay(QPainter& painter, const QRectF& area, const ShownFrame& shown);
    void paintFrame(QPainter& painter, QSizeF size);
    void paintMessage(QPainter& painter, const QRectF& area, const ShownFrame& shown);
    void paintPreview(QPainter& painter, QSizeF size, const Preview& preview);
    void paintPreviewMark(QPainter& painter, QSizeF size);
    void paintPlate(QPainter& painter, const QRectF& area, const QString& text);
    void paintReduced(QPainter& painter, const QRectF& area, const ShownFrame& shown);
    void paintScrollMark(QPainter& painter, QSizeF size, const ShownFrame& shown);
    void paintReferenceMarks(QPainter& painter, double scale, const ViewTransform& transform);
    void paintCrossLines(QPainter& painter, QSizeF size, double scale, const ViewTransform& transform);
    [[nodiscard]] const ViewportState& state() const { return *m_controller.viewport(m_viewport); }

    ViewerController& m_controller;
    int m_viewport;
    double m_dpi;
    ShownOverlay m_fusion;
    QString m_message;
};

} // namespace yz
