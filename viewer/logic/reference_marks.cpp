#include "imaging/reference_line.h"
#include "viewer/viewer_controller.h"

// Localizer lines: where the pictures of the other viewports stand in one viewport's.
namespace yz {

namespace {

constexpr double kParallelSine = 0.01;

std::optional<PictureRectangle> rectangleOf(const ShownFrame& shown) {
    if (!shown.image)
        return std::nullopt;
    const FrameDescription& frame = shown.image->frame(shown.frame);
    if (!frame.plane || frame.spacing.calibration == Calibration::None)
        return std::nullopt;
    return PictureRectangle{*frame.plane, frame.spacing, shown.image->columns, shown.image->rows};
}

} // namespace

std::vector<ReferenceMark> ViewerController::referenceMarks(int index) {
    std::vector<ReferenceMark> marks;
    const ViewportState* own = viewport(index);
    if (!own || !m_state.referenceLinesShown || own->content == ViewportState::Content::Empty)
        return marks;
    const ShownFrame shownHere = shown(index);
    const std::optional<PictureRectangle> here = rectangleOf(shownHere);
    if (!here || shownHere.image->frameOfReference.isEmpty())
        return marks;
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        const int other = static_cast<int>(i);
        const ViewportState& state = m_state.viewports[i];
        // Planes of one volume have their cross-hair.
        const bool isCrossed = own->content == ViewportState::Content::Plane &&
                               state.content == ViewportState::Content::Plane && state.stack == own->stack;
        // A volume seen from outside stands in no plane.
        if (other == index || state.content == ViewportState::Content::Empty ||
            state.content == ViewportState::Content::Volume || isCrossed)
            continue;
        const ShownFrame shownThere = shown(other);
        const std::optional<PictureRectangle> there = rectangleOf(shownThere);
        if (!there || shownThere.image->frameOfReference != shownHere.image->frameOfReference)
            continue;
        if (const auto line = referenceLine(*here, *there))
            marks.push_back({other, other == m_state.active, line->from, line->to});
    }
    return marks;
}

void ViewerController::redrawReferenceMarks(int moved) {
    if (!m_state.referenceLinesShown || m_state.viewports.size() < 2)
        return;
    const ShownFrame shownHere = shown(moved);
    const std::optional<PictureRectangle> here = rectangleOf(shownHere);
    if (!here || shownHere.image->frameOfReference.isEmpty())
        return;
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        const int other = static_cast<int>(i);
        if (other == moved || m_state.viewports[i].content == ViewportState::Content::Empty)
            continue;
        const ShownFrame shownThere = shown(other);
        const std::optional<PictureRectangle> there = rectangleOf(shownThere);
        // A line that has just gone has to be wiped out too: whether there is one now does not matter.
        if (there && shownThere.image->frameOfReference == shownHere.image->frameOfReference &&
            here->plane.normal().cross(there->plane.normal()).length() > kParallelSine)
            Q_EMIT viewportChanged(other);
    }
}

} // namespace yz
