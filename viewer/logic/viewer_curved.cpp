#include "viewer/viewer_controller.h"

#include <algorithm>

// Curved MPR: a path drawn on the planes of a volume, and the picture along it.
namespace yz {

namespace {

constexpr double parallel = 1.0 - 1e-4; ///< |cos| between normals of planes on which one path may be drawn
constexpr size_t pointsAtMost = 200;

/// The surface laid flat as an image: mm along both axes, a direction in the patient only from top to bottom.
ImageDescriptionPtr describeCurved(const Volume& volume, const CurvedCut& cut, const ImageDescription& source) {
    SlicePlane flat;
    flat.row = {1, 0, 0};
    flat.column = {0, 1, 0};
    flat.pixelMm = cut.pixelMm;
    flat.width = cut.width;
    flat.height = cut.height;
    auto image = std::make_shared<ImageDescription>(*describePlane(volume, flat, source));
    image->frames.front().plane.reset();
    image->frameOfReference = {};
    image->patientOrientation = u'\\' + orientationLetters(cut.down);
    return image;
}

} // namespace

const DrawnPath* ViewerController::drawnPath(const StackKey& key) const {
    const auto found = m_paths.find(key);
    return found == m_paths.end() ? nullptr : &found->second;
}

void ViewerController::redrawCuts(const StackKey& key) {
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        if (isCut(m_state.viewports[i].content) && m_state.viewports[i].stack == key)
            Q_EMIT viewportChanged(static_cast<int>(i));
    Q_EMIT draftChanged();
}

void ViewerController::addPathPoint(int index, ImagePoint point) {
    const ShownFrame frame = shown(index);
    const ViewportState* own = viewport(index);
    if (!own || !frame.plane)
        return;
    DrawnPath& path = m_paths[own->stack];
    // The surface stands on the plane that was drawn on: a path goes on from slice to slice, not from plane to plane.
    if (path.isFinished || path.points.size() >= pointsAtMost ||
        (!path.points.empty() && std::abs(path.normal.dot(frame.plane->normal())) < parallel))
        path = {};
    if (path.points.empty())
        path.normal = frame.plane->normal();
    path.points.push_back(frame.plane->at(point.x, point.y));
    redrawCuts(own->stack);
}

void ViewerController::movePathPoint(int index, int which, ImagePoint point) {
    const ShownFrame frame = shown(index);
    const ViewportState* own = viewport(index);
    const auto found = own ? m_paths.find(own->stack) : m_paths.end();
    if (!frame.plane || found == m_paths.end() || which < 0 || which >= static_cast<int>(found->second.points.size()))
        return;
    PatientPoint& moved = found->second.points[static_cast<size_t>(which)];
    const PatientVector normal = frame.plane->normal();
    const PatientPoint to = frame.plane->at(point.x, point.y);
    moved = to + normal * (moved - to).dot(normal); // it keeps its depth
    redrawCuts(own->stack);
}

void ViewerController::dropPathPoint(int index) {
    const ViewportState* own = viewport(index);
    const auto found = own ? m_paths.find(own->stack) : m_paths.end();
    if (found == m_paths.end())
        return;
    if (!found->second.points.empty())
        found->second.points.pop_back();
    if (found->second.points.empty())
        m_paths.erase(found);
    redrawCuts(own->stack);
}

void ViewerController::clearPath(int index) {
    const ViewportState* own = viewport(index);
    if (!own || m_paths.erase(own->stack) == 0)
        return;
    const StackKey key = own->stack;
    std::vector<ViewportState> viewports = m_state.viewports;
    const auto curved = std::find_if(viewports.begin(), viewports.end(), [&](const ViewportState& v) {
        return v.content == ViewportState::Content::Curved && v.stack == key;
    });
    if (curved != viewports.end() && viewports.size() > 1) {
        // The place goes back to the viewport above it.
        for (ViewportState& other : viewports)
            if (other.column == curved->column && other.row + other.rowSpan == curved->row)
                other.rowSpan += curved->rowSpan;
        viewports.erase(curved);
        setViewports(std::move(viewports));
        Q_EMIT layoutChanged();
        Q_EMIT stateChanged();
    }
    redrawCuts(key);
}

bool ViewerController::finishPath(int index) {
    const ViewportState* own = viewport(index);
    const auto found = own ? m_paths.find(own->stack) : m_paths.end();
    VolumeBuilder* builder = own ? ensureVolume(own->stack) : nullptr;
    if (!builder || found == m_paths.end() || !curvedCut(builder->volume(), found->second.points, found->second.normal))
        return false;
    found->second.isFinished = true;
    const StackKey key = own->stack;
    std::vector<ViewportState> viewports = m_state.viewports;
    const bool isShown = std::any_of(viewports.begin(), viewports.end(), [&](const ViewportState& v) {
        return v.content == ViewportState::Content::Curved && v.stack == key;
    });
    if (!isShown) {
        // Under the tall one of the three planes; where there is none in its own place.
        ViewportState curved = *own;
        const auto tall =
            std::find_if(viewports.begin(), viewports.end(), [](const ViewportState& v) { return v.rowSpan > 1; });
        curved.content = ViewportState::Content::Curved;
        curved.view = {};
        curved.index = 0;
        curved.touched = true;
        if (tall != viewports.end()) {
            curved.row = tall->row + tall->rowSpan - 1;
            curved.column = tall->column;
            curved.rowSpan = 1;
            curved.columnSpan = tall->columnSpan;
            tall->rowSpan -= 1;
            viewports.push_back(curved);
        } else {
            viewports[static_cast<size_t>(index)] = curved;
        }
        setViewports(std::move(viewports));
        Q_EMIT layoutChanged();
        Q_EMIT stateChanged();
    }
    redrawCuts(key);
    return true;
}

ShownFrame ViewerController::shownCurved(int index) {
    const ViewportState& viewport = m_state.viewports[static_cast<size_t>(index)];
    CutPlane& cut = m_cuts[static_cast<size_t>(index)];
    VolumeBuilder* builder = ensureVolume(viewport.stack);
    const DrawnPath* path = drawnPath(viewport.stack);
    if (!builder || !path)
        return {};
    if (cut.revision == builder->revision() && cut.stack == viewport.stack && cut.slab == viewport.slab &&
        cut.path == *path)
        return cut.frame;
    cut = {};
    cut.revision = builder->revision();
    cut.stack = viewport.stack;
    cut.slab = viewport.slab;
    cut.path = *path;
    ShownFrame& shown = cut.frame;
    const Result<CurvedCut> made = curvedCut(builder->volume(), path->points, path->normal);
    if (!made) {
        shown.error = made.error();
        return shown;
    }
    shown.curved = std::make_shared<CurvedCut>(*made);
    shown.slab = viewport.slab;
    shown.count = 1;
    shown.image = describeCurved(builder->volume(), *shown.curved, *builder->stack().frames.front().image);
    if (builder->isDrawable())
        shown.pixels = resliceCurved(builder->volume(), *shown.curved, viewport.slab);
    return shown;
}

} // namespace yz
