#include "viewer/viewer_controller.h"

#include <QElapsedTimer>
#include <algorithm>
#include <cmath>
#include <functional>

// Planes cut through a volume: making it, the cross-hair that links the planes, what a plane viewport shows.
namespace yz {

namespace {
constexpr qint64 fillSliceMs = 6; // of the GUI thread at a time

/// But for what rounding does: a cross-hair moved within a plane leaves its picture.
bool isSamePlane(const SlicePlane& a, const SlicePlane& b) {
    constexpr double near = 1e-7;
    return a.width == b.width && a.height == b.height && a.pixelMm == b.pixelMm &&
           (a.origin - b.origin).length() < near && (a.row - b.row).length() < near &&
           (a.column - b.column).length() < near;
}
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
    if (loadsWhole(*stack))
        loadWhole(key, *builder);
    else
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
        std::vector<std::pair<PixelBufferPtr, FrameKey>> waiting;
        for (const FrameRef& ref : builder->stack().frames) {
            const FrameKey frame{ref.image->instance, ref.frame};
            if (!builder->needs(frame))
                continue;
            if (m_loader.error(frame))
                builder->giveUp(frame);
            else if (PixelBufferPtr pixels = m_loader.find(frame))
                waiting.emplace_back(std::move(pixels), frame);
        }
        // As they lie in memory: it goes back to the system an arena at a time (core/frame_memory.h).
        std::sort(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
            return std::less<>()(a.first->data.data(), b.first->data.data());
        });
        for (auto& [pixels, frame] : waiting) { // at least one: a slow machine must get on as well
            if (more)
                break;
            changed |= builder->take(frame, *pixels);
            if (builder->gives(builder->frameIndex(frame)))
                m_loader.drop(frame);
            pixels.reset();
            more = clock.elapsed() >= fillSliceMs;
        }
        while (!more && !builder->isLoading() && !builder->isDrawable()) {
            changed |= !builder->blankNext();
            more = clock.elapsed() >= fillSliceMs && !builder->isDrawable();
        }
        if (changed && builder->isDrawable())
            for (size_t i = 0; i < m_state.viewports.size(); ++i)
                if (usesVolume(m_state.viewports[i], key))
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
    m_overlayCuts.assign(m_state.viewports.size(), {});
    m_projections.assign(m_state.viewports.size(), {});
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& viewport = m_state.viewports[i];
        if (!isCut(viewport.content) || !grown.contains(viewport.stack.series))
            continue;
        if (const VolumeBuilder* builder = ensureVolume(viewport.stack))
            viewport.index =
                planeIndex(builder->volume(), crosshair(viewport.stack, builder->volume()), viewport.orientation);
        Q_EMIT viewportChanged(static_cast<int>(i));
    }
}

MprFrame& ViewerController::crosshair(const StackKey& key, const Volume& volume) {
    const auto found = m_crosshairs.find(key);
    if (found != m_crosshairs.end())
        return found->second;
    const VoxelIndex center{(volume.columns - 1) * 0.5, (volume.rows - 1) * 0.5, (volume.slices - 1) * 0.5};
    return m_crosshairs[key] = orthogonalFrame(volume, volume.toPatient(center));
}

const MprFrame* ViewerController::mprFrame(const StackKey& key) const {
    const auto found = m_crosshairs.find(key);
    return found == m_crosshairs.end() ? nullptr : &found->second;
}

void ViewerController::showPlane(ViewportState& viewport, const StackKey& key, Orientation orientation) {
    viewport.content = ViewportState::Content::Plane;
    viewport.stack = key;
    viewport.orientation = orientation;
    viewport.anchor = {};
    if (const VolumeBuilder* builder = ensureVolume(key))
        viewport.index = planeIndex(builder->volume(), crosshair(key, builder->volume()), orientation);
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
    const MprFrame& cross = crosshair(viewport.stack, volume);
    const SlicePlane plane = planeOf(volume, cross, viewport.orientation);
    viewport.index = planeIndex(volume, cross, viewport.orientation);
    if (cut.revision == builder->revision() && cut.stack == viewport.stack && isSamePlane(cut.plane, plane) &&
        cut.slab == viewport.slab) {
        cut.frame.index = viewport.index;
        return cut.frame;
    }
    ShownFrame& shown = cut.frame;
    shown = {};
    shown.plane = plane;
    shown.slab = viewport.slab;
    shown.isOblique = isOblique(cross, viewport.orientation);
    shown.index = viewport.index;
    shown.count = planeCount(volume, cross, viewport.orientation);
    if (shown.isOblique) {
        const SlicePlane standard = standardPlane(volume, viewport.orientation, cross.centre);
        shown.obliqueDeg = obliqueAngle(cross, viewport.orientation);
        shown.fitWidthMm = standard.width * standard.pixelMm;
        shown.fitHeightMm = standard.height * standard.pixelMm;
    }
    shown.image = describePlane(volume, plane, *builder->stack().frames.front().image);
    if (builder->isDrawable())
        shown.pixels = reslice(builder->volume(), plane, viewport.slab);
    cut.revision = builder->revision();
    cut.stack = viewport.stack;
    cut.plane = plane;
    cut.slab = viewport.slab;
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
    const MprFrame& cross = crosshair(own->stack, builder->volume());
    const SlicePlane plane = planeOf(builder->volume(), cross, own->orientation);
    std::array<bool, 3> isDrawn{};
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        const ViewportState& other = m_state.viewports[i];
        bool& isDone = isDrawn[static_cast<size_t>(other.orientation)];
        if (other.content != ViewportState::Content::Plane || !(other.stack == own->stack) ||
            other.orientation == own->orientation || isDone)
            continue;
        CrossLine line;
        line.orientation = other.orientation;
        line.viewport = static_cast<int>(i);
        line.slab = other.slab;
        line.pixelMm = plane.pixelMm;
        if (!intersectionLine(plane, planeOf(builder->volume(), cross, other.orientation), line.from, line.to))
            continue;
        const ImagePoint way = line.to - line.from;
        line.direction = way * (1.0 / std::max(way.length(), 1e-9));
        lines.push_back(line);
        isDone = true;
    }
    const PatientVector away = cross.centre - plane.origin;
    const ImagePoint centre{away.dot(plane.row) / plane.pixelMm, away.dot(plane.column) / plane.pixelMm};
    for (CrossLine& line : lines) // on the line itself: a standard plane lies on the grid, up to half a voxel beside
        line.cross = line.from + line.direction * ((centre.x - line.from.x) * line.direction.x +
                                                   (centre.y - line.from.y) * line.direction.y);
    return lines;
}

void ViewerController::followCrosshair(const StackKey& key) {
    const VolumeBuilder* builder = ensureVolume(key);
    if (!builder)
        return;
    const MprFrame& cross = crosshair(key, builder->volume());
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& viewport = m_state.viewports[i];
        if (viewport.content == ViewportState::Content::Plane && viewport.stack == key) {
            viewport.index = planeIndex(builder->volume(), cross, viewport.orientation);
            Q_EMIT viewportChanged(static_cast<int>(i));
        }
    }
    Q_EMIT draftChanged();
}

void ViewerController::setCrosshair(int index, ImagePoint point) {
    const ShownFrame frame = shown(index);
    const ViewportState* own = viewport(index);
    if (!own || !frame.image)
        return;
    if (frame.plane) {
        if (const VolumeBuilder* builder = ensureVolume(own->stack)) {
            crosshair(own->stack, builder->volume()).centre = frame.plane->at(point.x, point.y);
            followCrosshair(own->stack);
        }
        return;
    }
    if (frame.curved) {
        if (const VolumeBuilder* builder = ensureVolume(own->stack)) {
            crosshair(own->stack, builder->volume()).centre = frame.curved->at(point.x, point.y);
            followCrosshair(own->stack);
        }
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
        // The cross-hair starts on the slice the reader was looking at, straight.
        const ShownFrame frame = shown(m_state.active);
        MprFrame& cross = crosshair(source.stack, builder->volume());
        cross = orthogonalFrame(builder->volume(), cross.centre);
        if (frame.image && !frame.plane && frame.image->frame(frame.frame).plane) {
            const FrameDescription& description = frame.image->frame(frame.frame);
            cross.centre = description.plane->position +
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
