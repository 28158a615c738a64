#include "viewer/viewer_controller.h"

#include <algorithm>

// Scales: what a picture measures on the screen, one pixel for one pixel, and breasts drawn alike.
namespace yz {

namespace {

/// Device px a mm under a fitted transform; aspect is kept, so that either axis says it.
double pxPerMmOf(const ViewTransform& transform, const PixelSpacing& spacing) {
    return transform.scaleX / (transform.quarterTurns % 2 == 0 ? spacing.columnMm : spacing.rowMm);
}

} // namespace

double scaleOverFit(const ShownFrame& shown, const ViewAdjustment& view, const ViewTransform& fitted,
                    const PixelSpacing& spacing) {
    const DisplayedArea* area = shown.state ? shown.state->area(shown.image->instance, shown.frame) : nullptr;
    const bool isMeasured = spacing.calibration != Calibration::None;
    const bool isTrue = view.size == ViewAdjustment::Size::TrueSize ||
                        (view.size == ViewAdjustment::Size::Fit && area && area->size == DisplayedArea::Size::TrueSize);
    if (view.size == ViewAdjustment::Size::Pixels)
        return 1.0 / std::min(fitted.scaleX, fitted.scaleY);
    if (isTrue && isMeasured && shown.screenPxPerMm > 0.0)
        return shown.screenPxPerMm / pxPerMmOf(fitted, spacing);
    if (view.size == ViewAdjustment::Size::Fit && !area && isMeasured && shown.commonPxPerMm > 0.0)
        return shown.commonPxPerMm / pxPerMmOf(fitted, spacing);
    return 1.0;
}

bool ViewerController::isTrueSize(const ShownFrame& shown, const ViewAdjustment& view) {
    if (!shown.image || shown.screenPxPerMm <= 0.0 || view.zoom != 1.0 ||
        drawnSpacing(*shown.image, shown.frame).calibration == Calibration::None)
        return false;
    const DisplayedArea* area = shown.state ? shown.state->area(shown.image->instance, shown.frame) : nullptr;
    return view.size == ViewAdjustment::Size::TrueSize ||
           (view.size == ViewAdjustment::Size::Fit && area && area->size == DisplayedArea::Size::TrueSize);
}

QSize ViewerController::viewSize(int index) const {
    return index >= 0 && index < static_cast<int>(m_places.size()) ? m_places[static_cast<size_t>(index)].size
                                                                   : QSize();
}

void ViewerController::setViewSize(int index, QSize devicePixels, double pxPerMm) {
    if (index < 0)
        return;
    if (static_cast<size_t>(index) >= m_places.size())
        m_places.resize(static_cast<size_t>(index) + 1);
    ViewPlace& place = m_places[static_cast<size_t>(index)];
    if (place.size == devicePixels && place.pxPerMm == pxPerMm)
        return;
    place = {devicePixels, pxPerMm};
    // Pictures that share a scale share the smallest viewport.
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        if (static_cast<int>(i) != index && isMammogram(m_state.viewports[i]))
            Q_EMIT viewportChanged(static_cast<int>(i));
}

bool ViewerController::isMammogram(const ViewportState& viewport) const {
    const LoadedSeries* series = m_studies.series(viewport.stack.series);
    return viewport.content == ViewportState::Content::Stack && series &&
           series->record.modality == QLatin1String("MG");
}

double ViewerController::commonPxPerMm(int index) const {
    const ViewportState& own = m_state.viewports[static_cast<size_t>(index)];
    if (!isMammogram(own))
        return 0.0;
    const StudyUid study = m_studies.series(own.stack.series)->study;
    double common = 0.0;
    int sharing = 0;
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        const ViewportState& viewport = m_state.viewports[i];
        const Stack* stack = m_studies.stack(viewport.stack);
        const QSize size = viewSize(static_cast<int>(i));
        if (!isMammogram(viewport) || m_studies.series(viewport.stack.series)->study != study || !stack ||
            stack->frames.empty() || size.isEmpty())
            continue;
        const auto last = static_cast<int>(stack->frames.size()) - 1;
        const FrameRef& ref = stack->frames[static_cast<size_t>(std::clamp(viewport.index, 0, last))];
        const PixelSpacing spacing = drawnSpacing(*ref.image, ref.frame);
        if (spacing.calibration == Calibration::None)
            continue;
        const double fitted = pxPerMmOf(fitTransform(ref.image->columns, ref.image->rows, spacing, size.width(),
                                                     size.height(), viewport.view.quarterTurns, viewport.view.mirrored),
                                        spacing);
        common = sharing == 0 ? fitted : std::min(common, fitted);
        ++sharing;
    }
    return sharing > 1 ? common : 0.0;
}

void ViewerController::setScale(int index, ViewAdjustment::Size size) {
    ViewportState* viewport = editable(index);
    if (!viewport || viewport->content == ViewportState::Content::Empty)
        return;
    touch(index);
    viewport->view.size = size;
    viewport->view.zoom = 1.0;
    viewport->view.panX = viewport->view.panY = 0.0;
    followZoom(index);
    viewportMoved(index);
}

} // namespace yz
