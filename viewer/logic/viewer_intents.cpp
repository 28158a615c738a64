#include "viewer/viewer_controller.h"

#include "imaging/suv.h"

#include <algorithm>
#include <cmath>

// What the reader does in a viewport: scrolling (with linked viewports), window, view, cine.
namespace yz {

namespace {

constexpr int defaultCineMs = 100;
constexpr double parallel = 0.99; // |cos| between normals of stacks that may scroll together

const PlanePosition* planeAt(const Stack& stack, int index) {
    const auto& plane = stack.frames[static_cast<size_t>(index)].description().plane;
    return plane ? &*plane : nullptr;
}

/// How long a shown frame stays in the cine.
int cineMs(const ShownFrame& shown) {
    if (!shown.image)
        return defaultCineMs;
    const std::vector<double>& each = shown.image->frameTimesMs;
    const double time = static_cast<size_t>(shown.frame) < each.size() ? each[static_cast<size_t>(shown.frame)]
                                                                       : shown.image->frameTimeMs;
    return time > 0.0 ? static_cast<int>(std::lround(std::clamp(time, 10.0, 2000.0))) : defaultCineMs;
}

} // namespace

void ViewerController::setActive(int index) {
    if (!viewport(index) || m_state.active == index)
        return;
    const int before = std::exchange(m_state.active, index);
    if (m_state.cine)
        toggleCine();
    Q_EMIT viewportChanged(before);
    Q_EMIT viewportChanged(index);
    redrawReferenceMarks(index);
    Q_EMIT stateChanged();
}

void ViewerController::setTool(ViewerTool tool) {
    m_state.tool = tool;
    Q_EMIT stateChanged();
}

void ViewerController::setLinked(bool linked) {
    m_state.linked = linked;
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
}

void ViewerController::setAnnotationsShown(bool shown) {
    m_state.annotationsShown = shown;
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        Q_EMIT viewportChanged(static_cast<int>(i));
    Q_EMIT stateChanged();
}

void ViewerController::setReferenceLinesShown(bool shown) {
    m_state.referenceLinesShown = shown;
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        Q_EMIT viewportChanged(static_cast<int>(i));
    Q_EMIT stateChanged();
}

void ViewerController::touch(int index) {
    if (ViewportState* viewport = editable(index))
        viewport->touched = true;
}

void ViewerController::viewportMoved(int index) {
    if (const ViewportState* own = viewport(index); own && own->content == ViewportState::Content::Volume)
        m_volumeStill.start();
    Q_EMIT viewportChanged(index);
    redrawReferenceMarks(index);
    Q_EMIT draftChanged();
    schedulePlan();
}

void ViewerController::scrollBy(int index, int delta) {
    if (const ViewportState* shown = viewport(index))
        scrollTo(index, shown->index + delta);
}

void ViewerController::scrollTo(int index, int target) {
    ViewportState* viewport = editable(index);
    if (!viewport || viewport->content == ViewportState::Content::Empty ||
        viewport->content == ViewportState::Content::Volume || viewport->content == ViewportState::Content::Curved)
        return;
    touch(index);
    if (viewport->content == ViewportState::Content::Plane) {
        const VolumeBuilder* builder = ensureVolume(viewport->stack);
        if (!builder)
            return;
        MprFrame& cross = crosshair(viewport->stack, builder->volume());
        cross = atIndex(builder->volume(), cross, viewport->orientation, target);
        followCrosshair(viewport->stack);
        return;
    }
    const Stack* stack = m_studies.stack(viewport->stack);
    if (!stack || stack->frames.empty())
        return;
    const int before = viewport->index;
    place(*viewport, target);
    if (viewport->index == before)
        return;
    m_directions[static_cast<size_t>(index)] = viewport->index > before ? 1 : -1;
    holdRefinement();
    linkOthers(index);
    viewportMoved(index);
}

void ViewerController::linkOthers(int index) {
    if (!m_state.linked)
        return;
    const ViewportState& own = m_state.viewports[static_cast<size_t>(index)];
    const Stack* stack = m_studies.stack(own.stack);
    if (!stack)
        return;
    const PlanePosition* plane = planeAt(*stack, own.index);
    const FrameOfReferenceUid frameOfReference = stack->frames.front().image->frameOfReference;
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& other = m_state.viewports[i];
        const Stack* otherStack = m_studies.stack(other.stack);
        if (static_cast<int>(i) == index || other.content != ViewportState::Content::Stack || !otherStack ||
            otherStack->frames.size() < 2 || stack->frames.size() < 2)
            continue;
        const PlanePosition* otherPlane =
            planeAt(*otherStack, std::clamp(other.index, 0, int(otherStack->frames.size()) - 1));
        // Scrolling an axial stack must not move a sagittal one.
        if ((plane == nullptr) != (otherPlane == nullptr) ||
            (plane && std::abs(plane->normal().dot(otherPlane->normal())) < parallel))
            continue;
        int target = 0;
        const bool sameSpace = plane && !frameOfReference.isEmpty() &&
                               frameOfReference == otherStack->frames.front().image->frameOfReference;
        if (sameSpace) {
            double best = std::numeric_limits<double>::max();
            for (size_t f = 0; f < otherStack->frames.size(); ++f) {
                const PlanePosition* candidate = planeAt(*otherStack, static_cast<int>(f));
                const double distance =
                    candidate ? std::abs((candidate->position - plane->position).dot(plane->normal())) : best;
                if (distance < best) {
                    best = distance;
                    target = static_cast<int>(f);
                }
            }
        } else if (const auto byHand = linkedByHand(*stack, own.index, *otherStack)) {
            target = *byHand;
        } else {
            const double share = static_cast<double>(own.index) / static_cast<double>(stack->frames.size() - 1);
            target = static_cast<int>(std::lround(share * static_cast<double>(otherStack->frames.size() - 1)));
        }
        if (target == other.index)
            continue;
        m_directions[i] = target > other.index ? 1 : -1;
        place(other, target);
        Q_EMIT viewportChanged(static_cast<int>(i));
    }
}

void ViewerController::setWindow(int index, double center, double width) {
    ViewportState* own = editable(index);
    if (!own || own->content == ViewportState::Content::Empty)
        return;
    touch(index);
    const auto set = [&](ViewportState& viewport) {
        viewport.display.window.center = center;
        viewport.display.window.width = std::max(width, 1e-3);
        viewport.display.window.name.clear();
        viewport.display.voiLut.reset();
        viewport.displayIsSet = true;
        viewport.displayIsReaders = true;
        viewport.presetId.clear();
    };
    set(*own);
    if (isCut(own->content)) {
        // The planes of one volume are one picture: they share the window.
        for (size_t i = 0; i < m_state.viewports.size(); ++i) {
            ViewportState& other = m_state.viewports[i];
            if (isCut(other.content) && other.stack == own->stack) {
                set(other);
                Q_EMIT viewportChanged(static_cast<int>(i));
            }
        }
    }
    followWindow(index);
    Q_EMIT viewportChanged(index);
    Q_EMIT draftChanged();
}

void ViewerController::applyPreset(int index, const QString& presetId) {
    ViewportState* own = editable(index);
    if (!own || own->content == ViewportState::Content::Empty)
        return;
    if (presetId == QLatin1String("default")) {
        for (size_t i = 0; i < m_state.viewports.size(); ++i) {
            ViewportState& viewport = m_state.viewports[i];
            const bool together = isCut(own->content) && isCut(viewport.content) && viewport.stack == own->stack;
            if (static_cast<int>(i) != index && !together)
                continue;
            viewport.presetId.clear();
            viewport.displayIsSet = false;
            viewport.touched = true;
            Q_EMIT viewportChanged(static_cast<int>(i));
        }
        Q_EMIT draftChanged();
        return;
    }
    for (const WindowPreset& preset : windowPresets()) {
        if (preset.id != presetId)
            continue;
        const ShownFrame frame = shown(index);
        const auto window = frame.image ? presetWindow(preset, *frame.image) : preset.window;
        if (!window)
            return;
        setWindow(index, window->center, window->width);
        for (ViewportState& viewport : m_state.viewports)
            if (&viewport == own || (isCut(own->content) && isCut(viewport.content) && viewport.stack == own->stack))
                viewport.presetId = presetId;
    }
}

void ViewerController::zoomBy(int index, double factor, ViewPoint fixed, int viewWidth, int viewHeight) {
    if (ViewportState* viewport = editable(index)) {
        touch(index);
        viewport->view = zoomedAt(viewport->view, factor, fixed, viewWidth, viewHeight);
        followZoom(index);
        viewportMoved(index);
    }
}

void ViewerController::panBy(int index, double fractionX, double fractionY) {
    if (ViewportState* viewport = editable(index)) {
        touch(index);
        viewport->view.panX += fractionX;
        viewport->view.panY += fractionY;
        followZoom(index);
        viewportMoved(index);
    }
}

void ViewerController::rotate(int index, int quarterTurns) {
    if (ViewportState* viewport = editable(index)) {
        touch(index);
        viewport->view.quarterTurns = ((viewport->view.quarterTurns + quarterTurns) % 4 + 4) % 4;
        viewportMoved(index);
    }
}

void ViewerController::mirror(int index) {
    if (ViewportState* viewport = editable(index)) {
        if (viewport->content == ViewportState::Content::Volume && !viewport->volume.isMip)
            return; // a body has no mirror image
        touch(index);
        // The mirror comes before the turn, but the reader means left and right of the screen.
        viewport->view.mirrored = !viewport->view.mirrored;
        viewport->view.quarterTurns = (4 - viewport->view.quarterTurns) % 4;
        viewportMoved(index);
    }
}

void ViewerController::invert(int index) {
    if (ViewportState* viewport = editable(index)) {
        touch(index);
        viewport->display.inverted = !viewport->display.inverted;
        viewportMoved(index);
    }
}

void ViewerController::fit(int index) {
    if (ViewportState* viewport = editable(index)) {
        viewport->view.zoom = 1.0;
        viewport->view.panX = viewport->view.panY = 0.0;
        viewport->view.size = ViewAdjustment::Size::Fit;
        followZoom(index);
        viewportMoved(index);
    }
}

void ViewerController::reset(int index) {
    if (ViewportState* viewport = editable(index)) {
        viewport->view = initialView(*viewport);
        if (viewport->content == ViewportState::Content::Volume)
            viewport->volume = {{}, viewport->volume.isMip, viewport->volume.rendering, 0.0, {0, 1, 0, 1, 0, 1}};
        viewport->display.inverted = false;
        applyPreset(index, QStringLiteral("default"));
        viewportMoved(index);
    }
}

void ViewerController::toggleCine() {
    const ShownFrame frame = shown(m_state.active);
    m_state.cine = !m_state.cine && frame.image && frame.count > 1;
    if (m_state.cine) {
        m_cineTimer.start(cineMs(frame));
    } else {
        m_cineTimer.stop();
    }
    Q_EMIT stateChanged();
}

void ViewerController::cineTick() {
    const ViewportState* active = viewport(m_state.active);
    if (!active)
        return;
    const ShownFrame now = shown(m_state.active);
    // Waits for a frame that is still being decoded; a broken one is passed.
    if (now.count < 2 || (!now.drawn() && !now.error))
        return;
    scrollTo(m_state.active, now.index + 1 < now.count ? now.index + 1 : 0);
    if (const int next = cineMs(shown(m_state.active)); next != m_cineTimer.interval())
        m_cineTimer.setInterval(next);
}

} // namespace yz
