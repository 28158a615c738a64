#include "viewer/viewer_controller.h"

#include "imaging/presentation.h"

#include <algorithm>

// Presentation states and overlays: which are on, and what a viewport shows under them.
namespace yz {

namespace {

/// The middle of a picture of square pixels in the middle of the view, at the scale that fits the size asked for.
ViewTransform middleTransform(const ImageDescription& image, const ShownFrame& shown, int width, int height,
                              const ViewAdjustment& view) {
    const double pixelMm = shown.plane ? shown.plane->pixelMm : 1.0;
    const bool isOnItsSide = view.quarterTurns % 2 != 0;
    const double across = (isOnItsSide ? shown.fitHeightMm : shown.fitWidthMm) / pixelMm;
    const double down = (isOnItsSide ? shown.fitWidthMm : shown.fitHeightMm) / pixelMm;
    ViewTransform transform;
    transform.quarterTurns = (view.quarterTurns % 4 + 4) % 4;
    transform.mirrored = view.mirrored;
    transform.scaleX = transform.scaleY = std::min(std::max(width, 1) / across, std::max(height, 1) / down);
    const ViewPoint middle = transform.toView({(image.columns - 1) / 2.0, (image.rows - 1) / 2.0});
    transform.offsetX = width / 2.0 - middle.x;
    transform.offsetY = height / 2.0 - middle.y;
    return transform;
}

} // namespace

ViewTransform fittedTransform(const ShownFrame& shown, const ViewAdjustment& view, int width, int height) {
    const ImageDescription& image = *shown.image;
    const PixelSpacing spacing = drawnSpacing(image, shown.frame);
    const DisplayedArea* area = shown.state ? shown.state->area(image.instance, shown.frame) : nullptr;
    const PixelSpacing drawn = area ? areaSpacing(*area, spacing) : spacing;
    const bool isTurnedPlane = shown.fitWidthMm > 0.0 && shown.fitHeightMm > 0.0; // keeps the scale of the straight one
    ViewTransform transform = area ? areaTransform(*area, drawn, width, height, view.quarterTurns, view.mirrored)
                              : isTurnedPlane ? middleTransform(image, shown, width, height, view)
                                              : fitTransform(image.columns, image.rows, spacing, width, height,
                                                             view.quarterTurns, view.mirrored);
    if (const double grow = scaleOverFit(shown, view, transform, drawn); grow != 1.0) {
        transform.scaleX *= grow;
        transform.scaleY *= grow;
        transform.offsetX = width * 0.5 + (transform.offsetX - width * 0.5) * grow;
        transform.offsetY = height * 0.5 + (transform.offsetY - height * 0.5) * grow;
    }
    if (view.justify != 0 && !area) {
        const ViewPoint first = transform.toView({-0.5, -0.5});
        const ViewPoint last = transform.toView({image.columns - 0.5, image.rows - 0.5});
        transform.offsetX += view.justify < 0 ? -std::min(first.x, last.x) : width - std::max(first.x, last.x);
    }
    return transform;
}

std::vector<PresentationStatePtr> ViewerController::presentationsOf(int index) {
    const ShownFrame frame = shown(index);
    if (!frame.image || frame.plane)
        return {};
    return m_presentations.statesOf(frame.image->instance, frame.frame);
}

void ViewerController::applyPresentation(const ViewportState& viewport, ShownFrame& frame) {
    frame.presented = frame.image;
    if (!frame.image || frame.plane || viewport.presentation.isEmpty())
        return;
    const PresentationStatePtr state = m_presentations.find(viewport.presentation);
    if (!state || !state->covers(frame.image->instance, frame.frame))
        return;
    frame.state = state;
    frame.presented = m_presentations.presented(frame.image, *state);
}

ViewAdjustment ViewerController::initialView(const ViewportState& viewport) const {
    ViewAdjustment view;
    view.justify = viewport.justify;
    if (const Stack* stack = m_studies.stack(viewport.stack); viewport.content == ViewportState::Content::Stack &&
                                                              !viewport.facing.isEmpty() && stack &&
                                                              !stack->frames.empty()) {
        const auto last = static_cast<int>(stack->frames.size()) - 1;
        const FrameRef& ref = stack->frames[static_cast<size_t>(std::clamp(viewport.index, 0, last))];
        const EdgeLetters sent = edgeLetters(*ref.image, ref.frame, {});
        const HangingTurn turn = turnTowards(QString(sent.right + u'\\' + sent.bottom), viewport.facing);
        view.quarterTurns = turn.quarterTurns;
        view.mirrored = turn.mirrored;
    }
    if (const PresentationStatePtr state = m_presentations.find(viewport.presentation)) {
        const PresentedTurn turn = presentedTurn(*state);
        view.quarterTurns = turn.quarterTurns;
        view.mirrored = turn.mirrored;
    }
    return view;
}

void ViewerController::setPresentation(int index, const InstanceUid& state) {
    ViewportState* own = editable(index);
    if (!own || own->content != ViewportState::Content::Stack || own->presentation == state)
        return;
    touch(index);
    own->presentation = state;
    own->presetId.clear();
    own->display = DisplaySettings{};
    own->displayIsSet = false;
    own->view = initialView(*own);
    viewportMoved(index);
    Q_EMIT stateChanged();
}

void ViewerController::nextPresentation(int index) {
    const ViewportState* own = viewport(index);
    const std::vector<PresentationStatePtr> states = presentationsOf(index);
    if (!own || states.empty())
        return;
    const auto now = std::find_if(states.begin(), states.end(), [&](const PresentationStatePtr& state) {
        return state->instance == own->presentation;
    });
    // None, then one after the other, then none again.
    const auto next = now == states.end() ? states.begin() : std::next(now);
    setPresentation(index, next == states.end() ? InstanceUid() : (*next)->instance);
}

void ViewerController::setOverlaysShown(bool shown) {
    m_state.overlaysShown = shown;
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        Q_EMIT viewportChanged(static_cast<int>(i));
    Q_EMIT stateChanged();
}

} // namespace yz
