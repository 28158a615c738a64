#include "viewer/viewer_controller.h"

#include <QElapsedTimer>
#include <algorithm>
#include <cmath>

// Planes cut through a volume: making it, the cross-hair that links the planes, what a plane viewport shows.
namespace yz {

namespace {
constexpr qint64 fillSliceMs = 6; // of the GUI thread at a time
} // namespace

Status ViewerController::mprPossible(int index) const {
    const ViewportState* shown = viewport(index);
    const Stack* stack = shown ? m_studies.stack(shown->stack) : nullptr;
    if (!stack || shown->content == ViewportState::Content::Empty)
        return fail(ErrorCode::NotFound, QStringLiteral("no series in this viewport"));
    return canFormVolume(*stack);
}

const VolumeBuilder* ViewerController::volume(const StackKey& key) const {
    const auto found = m_volumes.find(key);
    return found == m_volumes.end() ? nullptr : found->second.get();
}

VolumeBuilder* ViewerController::ensureVolume(const StackKey& key) {
    const auto found = m_volumes.find(key);
    if (found != m_volumes.end())
        return found->second.get();
    const Stack* stack = m_studies.stack(key);
    if (!stack)
        return nullptr;
    Result<std::unique_ptr<VolumeBuilder>> made = VolumeBuilder::make(*stack);
    if (!made)
        return nullptr;
    VolumeBuilder* builder = made->get();
    m_volumes[key] = std::move(*made);
    m_fillTimer.start(0);
    schedulePlan();
    return builder;
}

void ViewerController::fillVolumes() {
    QElapsedTimer clock;
    clock.start();
    bool more = false;
    for (auto& [key, builder] : m_volumes) {
        bool changed = false;
        for (const FrameRef& ref : builder->stack().frames) {
            const FrameKey frame{ref.image->instance, ref.frame};
            if (!builder->needs(frame))
                continue;
            if (m_loader.error(frame)) {
                builder->giveUp(frame);
            } else if (const PixelBufferPtr pixels = m_loader.find(frame)) {
                changed |= builder->take(frame, *pixels);
                if (clock.elapsed() >= fillSliceMs) {
                    more = true;
                    break;
                }
            }
        }
        if (changed)
            for (size_t i = 0; i < m_state.viewports.size(); ++i)
                if (m_state.viewports[i].content == ViewportState::Content::Plane && m_state.viewports[i].stack == key)
                    Q_EMIT viewportChanged(static_cast<int>(i));
    }
    if (more)
        m_fillTimer.start(0);
}

void ViewerController::renewVolumes() {
    const QSet<SeriesUid> grown = std::exchange(m_grownVolumes, {});
    if (grown.isEmpty())
        return;
    for (auto entry = m_volumes.begin(); entry != m_volumes.end();)
        entry = grown.contains(entry->first.series) ? m_volumes.erase(entry) : std::next(entry);
    for (CutPlane& cut : m_cuts)
        cut.revision = -1;
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& viewport = m_state.viewports[i];
        if (viewport.content != ViewportState::Content::Plane || !grown.contains(viewport.stack.series))
            continue;
        if (const VolumeBuilder* builder = ensureVolume(viewport.stack))
            viewport.index =
                indexOfPlane(builder->volume(), viewport.orientation, crosshair(viewport.stack, builder->volume()));
        Q_EMIT viewportChanged(static_cast<int>(i));
    }
}

PatientPoint& ViewerController::crosshair(const StackKey& key, const Volume& volume) {
    const auto found = m_crosshairs.find(key);
    if (found != m_crosshairs.end())
        return found->second;
    const VoxelIndex center{(volume.columns - 1) * 0.5, (volume.rows - 1) * 0.5, (volume.slices - 1) * 0.5};
    return m_crosshairs[key] = volume.toPatient(center);
}

void ViewerController::showPlane(ViewportState& viewport, const StackKey& key, Orientation orientation) {
    viewport.content = ViewportState::Content::Plane;
    viewport.stack = key;
    viewport.orientation = orientation;
    viewport.anchor = {};
    if (const VolumeBuilder* builder = ensureVolume(key))
        viewport.index = indexOfPlane(builder->volume(), orientation, crosshair(key, builder->volume()));
}

ShownFrame ViewerController::shownPlane(int index) {
    ViewportState& viewport = m_state.viewports[static_cast<size_t>(index)];
    CutPlane& cut = m_cuts[static_cast<size_t>(index)];
    VolumeBuilder* builder = ensureVolume(viewport.stack);
    if (!builder) {
        ShownFrame shown;
        const Stack* stack = m_studies.stack(viewport.stack);
        if (!stack)
            return shown;
        const LoadedSeries* series = m_studies.series(viewport.stack.series);
        const Status possible = canFormVolume(*stack);
        if (!possible && series && series->waiting == 0)
            shown.error = possible.error();
        return shown;
    }
    const Volume& volume = builder->volume();
    const int count = planeCount(volume, viewport.orientation);
    const int at = std::clamp(viewport.index, 0, std::max(0, count - 1));
    if (cut.revision == builder->revision() && cut.stack == viewport.stack && cut.index == at &&
        cut.orientation == viewport.orientation)
        return cut.frame;
    ShownFrame& shown = cut.frame;
    shown = {};
    shown.plane = planeOfIndex(volume, viewport.orientation, at);
    shown.index = at;
    shown.count = count;
    shown.image = describePlane(volume, *shown.plane, *builder->stack().frames.front().image);
    shown.pixels = reslice(builder->drawable(), *shown.plane);
    cut.revision = builder->revision();
    cut.stack = viewport.stack;
    cut.orientation = viewport.orientation;
    cut.index = at;
    return shown;
}

std::vector<CrossLine> ViewerController::crossLines(int index) {
    std::vector<CrossLine> lines;
    const ViewportState* own = viewport(index);
    if (!own || own->content != ViewportState::Content::Plane)
        return lines;
    const VolumeBuilder* builder = ensureVolume(own->stack);
    if (!builder)
        return lines;
    const SlicePlane plane = planeOfIndex(builder->volume(), own->orientation, own->index);
    for (const ViewportState& other : m_state.viewports) {
        if (other.content != ViewportState::Content::Plane || !(other.stack == own->stack) ||
            other.orientation == own->orientation)
            continue;
        CrossLine line;
        line.orientation = other.orientation;
        if (intersectionLine(plane, planeOfIndex(builder->volume(), other.orientation, other.index), line.from,
                             line.to))
            lines.push_back(line);
    }
    return lines;
}

void ViewerController::followCrosshair(const StackKey& key) {
    const VolumeBuilder* builder = ensureVolume(key);
    if (!builder)
        return;
    const PatientPoint point = crosshair(key, builder->volume());
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& viewport = m_state.viewports[i];
        if (viewport.content == ViewportState::Content::Plane && viewport.stack == key) {
            viewport.index = indexOfPlane(builder->volume(), viewport.orientation, point);
            Q_EMIT viewportChanged(static_cast<int>(i));
        }
    }
    Q_EMIT draftChanged();
}

void ViewerController::carryCrosshair(const ViewportState& viewport) {
    const VolumeBuilder* builder = ensureVolume(viewport.stack);
    if (!builder)
        return;
    const SlicePlane plane = planeOfIndex(builder->volume(), viewport.orientation, viewport.index);
    PatientPoint& point = crosshair(viewport.stack, builder->volume());
    const PatientVector normal = plane.normal();
    point = point + normal * (plane.origin - point).dot(normal);
    followCrosshair(viewport.stack);
}

void ViewerController::setCrosshair(int index, ImagePoint point) {
    const ShownFrame frame = shown(index);
    const ViewportState* own = viewport(index);
    if (!own || !frame.image)
        return;
    if (frame.plane) {
        m_crosshairs[own->stack] = frame.plane->at(point.x, point.y);
        followCrosshair(own->stack);
        return;
    }
    const FrameDescription& description = frame.image->frame(frame.frame);
    if (!description.plane || frame.image->frameOfReference.isEmpty())
        return;
    const PatientPoint inPatient = description.plane->position +
                                   description.plane->row * (point.x * description.spacing.columnMm) +
                                   description.plane->column * (point.y * description.spacing.rowMm);
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& other = m_state.viewports[i];
        const Stack* stack = m_studies.stack(other.stack);
        if (static_cast<int>(i) == index || !stack || !stack->sortedByGeometry ||
            other.content != ViewportState::Content::Stack ||
            stack->frames.front().image->frameOfReference != frame.image->frameOfReference)
            continue;
        int nearest = other.index;
        double best = std::numeric_limits<double>::max();
        for (size_t f = 0; f < stack->frames.size(); ++f) {
            const auto& plane = stack->frames[f].description().plane;
            const double distance = plane ? std::abs((inPatient - plane->position).dot(plane->normal())) : best;
            if (distance < best) {
                best = distance;
                nearest = static_cast<int>(f);
            }
        }
        place(other, nearest);
        viewportMoved(static_cast<int>(i));
    }
}

void ViewerController::toggleMpr() {
    if (m_state.mpr && m_beforeMpr) {
        ViewerState before = std::move(*m_beforeMpr);
        m_beforeMpr.reset();
        m_state.rows = before.rows;
        m_state.columns = before.columns;
        m_state.active = before.active;
        m_state.mpr = false;
        if (m_state.tool == ViewerTool::Crosshair)
            m_state.tool = before.tool;
        setViewports(std::move(before.viewports));
        for (size_t i = 0; i < m_state.viewports.size(); ++i)
            reanchor(static_cast<int>(i));
    } else if (m_state.mpr) {
        // Restored from a draft: there is nothing to go back to but the stack itself.
        const StackKey key = m_state.viewports.front().stack;
        m_state.rows = m_state.columns = 1;
        m_state.mpr = false;
        m_state.tool = ViewerTool::Window;
        setViewports({ViewportState{}});
        showStack(0, key);
    } else {
        const ViewportState* active = viewport(m_state.active);
        if (!mprPossible(m_state.active))
            return;
        ViewportState source = *active;
        VolumeBuilder* builder = ensureVolume(source.stack);
        if (!builder)
            return;
        // The cross-hair starts on the slice the reader was looking at.
        const ShownFrame frame = shown(m_state.active);
        if (frame.image && !frame.plane && frame.image->frame(frame.frame).plane) {
            const FrameDescription& description = frame.image->frame(frame.frame);
            m_crosshairs[source.stack] =
                description.plane->position +
                description.plane->row * ((frame.image->columns - 1) * 0.5 * description.spacing.columnMm) +
                description.plane->column * ((frame.image->rows - 1) * 0.5 * description.spacing.rowMm);
        }
        source = *viewport(m_state.active); // the window may have been settled by shown()
        m_state.cine = false;
        m_cineTimer.stop();
        m_beforeMpr = m_state;
        m_state.rows = 2;
        m_state.columns = 2;
        m_state.active = 0;
        m_state.mpr = true;
        m_state.tool = ViewerTool::Crosshair;
        std::vector<ViewportState> viewports(3);
        const Orientation orientations[] = {Orientation::Axial, Orientation::Coronal, Orientation::Sagittal};
        for (int i = 0; i < 3; ++i) {
            ViewportState& viewport = viewports[static_cast<size_t>(i)];
            viewport.row = i == 2 ? 1 : 0;
            viewport.column = i == 0 ? 0 : 1;
            viewport.rowSpan = i == 0 ? 2 : 1;
            viewport.display = source.display;
            viewport.displayIsSet = source.displayIsSet;
            viewport.presetId = source.presetId;
            viewport.touched = true;
            showPlane(viewport, source.stack, orientations[i]);
        }
        setViewports(std::move(viewports));
    }
    m_hangingHeld = true;
    schedulePlan();
    Q_EMIT layoutChanged();
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
}

} // namespace yz
