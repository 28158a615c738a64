#include "viewer_ui/viewport_canvas.h"

#include "viewer_ui/fusion_picture.h"
#include "viewer_ui/fusion_text.h"
#include "viewer_ui/measurement_painter.h"
#include "viewer_ui/navigation_overlay.h"
#include "viewer_ui/presentation_painter.h"
#include "viewer_ui/screen_calibration.h"
#include "viewer_ui/viewer_text.h"
#include "viewer_ui/viewport_overlay.h"
#include "viewer_ui/volume_picture.h"

#include <QPainter>
#include <QWidget>
#include <algorithm>

namespace yz {

namespace {
constexpr std::uint32_t background = 0xff000000u;
constexpr double pixelsVisibleFrom = 12.0; // device px per image px from which single pixels are shown as they are
} // namespace

ViewportCanvas::ViewportCanvas(ViewerController& controller, int viewport, QWidget* host)
    : QObject(host), m_controller(controller), m_viewport(viewport), m_host(host) {
    host->setMouseTracking(true);
    host->setFocusPolicy(Qt::StrongFocus);
    host->setAcceptDrops(true);
    connect(&controller, &ViewerController::viewportChanged, this, [this](int changed) {
        if (changed == m_viewport)
            m_host->update();
    });
    const auto redraw = [this] { m_host->update(); };
    connect(&controller, &ViewerController::layoutChanged, this, redraw);
    connect(&controller, &ViewerController::stateChanged, this, redraw);
    connect(&ScreenCalibration::instance(), &ScreenCalibration::changed, this, redraw);
    const auto redrawSeries = [this](const SeriesUid& series) {
        const ViewportState* state = m_controller.viewport(m_viewport);
        if (state && state->stack.series == series)
            m_host->update();
    };
    connect(&controller, &ViewerController::seriesChanged, this, redrawSeries);
    connect(&controller, &ViewerController::seriesProgressed, this, redrawSeries);
}

ViewportCanvas::~ViewportCanvas() = default;

double ViewportCanvas::scale() const { return m_host->devicePixelRatioF(); }

bool ViewportCanvas::update(QSize devicePixels) {
    const ViewportState* state = m_controller.viewport(m_viewport);
    const int width = std::max(1, devicePixels.width()), height = std::max(1, devicePixels.height());
    m_controller.setViewSize(m_viewport, {width, height}, ScreenCalibration::instance().pxPerMm(m_host->screen()));
    m_shown = m_controller.shown(m_viewport);
    ViewTransform transform;
    if (state && m_shown.image)
        transform = adjustedTransform(fittedTransform(m_shown, state->view, width, height), state->view, width, height);
    m_message.clear();
    if (showsVolume() && !state->volume.isMip) {
        m_overlay = {};
        m_transform = transform;
        return updateVolume(width, height);
    }
    if (m_drawnVoxels || m_volumePicture) { // the picture is still the volume's, and VTK has its voxels
        m_volumePicture.reset();
        m_drawnVoxels.reset();
        m_drawnPixels.reset();
        m_drawnImage.reset();
        m_picture.width = 0;
    }
    DisplaySettings display = state ? state->display : DisplaySettings{};
    display.overlaysShown = m_controller.state().overlaysShown;
    m_overlay = m_controller.overlayOn(m_viewport, m_shown);
    const FusionState fusion = state && state->fusion ? *state->fusion : FusionState{};
    const bool sameSize = m_picture.width == width && m_picture.height == height;
    if (sameSize && transform == m_transform && display == m_drawnDisplay && m_shown.drawn() == m_drawnPixels &&
        m_shown.presented == m_drawnImage && m_shown.frame == m_drawnFrame && m_overlay.pixels == m_drawnOverlay &&
        fusion == m_drawnFusion)
        return false;
    m_transform = transform;
    m_drawnDisplay = display;
    m_drawnPixels = m_shown.drawn();
    m_drawnImage = m_shown.presented;
    m_drawnFrame = m_shown.frame;
    m_drawnOverlay = m_overlay.pixels;
    m_drawnFusion = fusion;
    m_picture.width = width; // renderFrame takes the size from the target
    m_picture.height = height;
    if (m_drawnPixels) {
        // Samples of a reduced picture are no pixels to be seen one by one.
        const bool enlarged =
            m_shown.pixels && std::min(std::abs(transform.scaleX), std::abs(transform.scaleY)) >= pixelsVisibleFrom;
        renderFrame(*m_shown.presented, m_shown.frame, *m_drawnPixels, display, transform,
                    enlarged ? Interpolation::Nearest : Interpolation::Linear, background, m_picture);
        drawOverlay(m_overlay, m_shown, transform, m_overlayPicture, m_picture);
    } else {
        m_picture.argb.assign(static_cast<size_t>(width) * height, background);
    }
    return true;
}

void ViewportCanvas::paintOverlay(QPainter& painter) {
    if (!m_controller.viewport(m_viewport))
        return;
    const QSizeF size = m_host->size();
    ViewportOverlay overlay(m_controller, m_viewport, m_host->physicalDpiX());
    if (m_shown.state && m_shown.drawn() && m_controller.state().overlaysShown)
        PresentationPainter(m_shown, m_transform, scale()).draw(painter);
    overlay.setFusion(m_overlay);
    overlay.setMessage(m_message);
    overlay.paint(painter, size, scale(), m_shown, m_transform);
    if (m_shown.image && !showsVolume() && m_controller.state().annotationsShown) {
        const MeasurementPainter drawing(m_transform, scale());
        const QRectF bounds({}, size);
        const auto draw = [&](const Measurement& measurement, bool selected) {
            QStringList also;
            if (measurement.kind == MeasurementKind::Probe && !measurement.points.empty() && m_overlay.image)
                if (const auto value = m_controller.overlayValue(m_viewport, m_shown, measurement.points.front()))
                    also = fusion_text::overlayValue(*value, m_overlay.image->modality);
            drawing.draw(painter, measurement, m_controller.resultOn(measurement, m_shown), selected, bounds, also);
        };
        for (const ReportedMeasurement& reported : m_controller.reportedOn(m_shown))
            drawing.drawReported(painter, reported.measurement, viewer_text::reported(reported), bounds);
        const QString selected = m_controller.measurements().selected();
        for (const Measurement& measurement : m_controller.measurementsOn(m_shown))
            draw(measurement, measurement.id == selected);
        if (m_draft)
            draw(m_draft->shape(), true);
    }
    NavigationOverlay(m_controller, m_viewport).paint(painter, size, scale(), m_shown, m_transform);
    if (m_hover && m_controller.state().tool == ViewerTool::Magnifier)
        m_magnifier.paint(painter, m_shown, m_drawnDisplay, m_transform, *m_hover, scale());
    if (m_shown.pixels && !showsVolume())
        m_controller.markSeen(m_viewport);
}

} // namespace yz
