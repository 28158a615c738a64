#include "viewer/measurement_draft.h"

#include "imaging/polygon.h"
#include "imaging/two_lines.h"

#include <algorithm>
#include <utility>

namespace yz {
namespace {

constexpr double clickReachPx = 3.0, closeReachPx = 8.0, traceStepPx = 2.0, traceTolerancePx = 0.5;

} // namespace

std::optional<MeasurementKind> kindOf(ViewerTool tool) {
    switch (tool) {
    case ViewerTool::Length:
        return MeasurementKind::Length;
    case ViewerTool::Angle:
        return MeasurementKind::Angle;
    case ViewerTool::Rectangle:
        return MeasurementKind::RectangleRoi;
    case ViewerTool::Ellipse:
        return MeasurementKind::EllipseRoi;
    case ViewerTool::Probe:
        return MeasurementKind::Probe;
    case ViewerTool::Arrow:
        return MeasurementKind::Arrow;
    case ViewerTool::CobbAngle:
        return MeasurementKind::CobbAngle;
    case ViewerTool::CardiothoracicRatio:
        return MeasurementKind::CardiothoracicRatio;
    case ViewerTool::Freehand:
        return MeasurementKind::FreehandRoi;
    case ViewerTool::Bidirectional:
        return MeasurementKind::Bidirectional;
    case ViewerTool::VolumeContour:
        return MeasurementKind::VolumeContour;
    case ViewerTool::Text:
        return MeasurementKind::Text;
    default:
        return std::nullopt;
    }
}

MeasurementDraft::MeasurementDraft(Measurement base, ImagePoint at, const PixelSpacing& spacing,
                                   ScreenDistance distance)
    : m_shape(std::move(base)), m_spacing(spacing), m_distance(std::move(distance)) {
    m_shape.points = {at};
    m_isTracing = isOutline();
    if (!m_isTracing && pointCount(m_shape.kind) > 1) {
        m_shape.points.push_back(at);
        m_following = 1;
    }
}

ImagePoint MeasurementDraft::placed(ImagePoint at) const {
    if (m_shape.kind == MeasurementKind::Bidirectional && m_following == 3)
        return squareEnd(m_spacing, m_shape.points[0], m_shape.points[1], m_shape.points[2], at);
    return at;
}

void MeasurementDraft::press(ImagePoint at) {
    std::vector<ImagePoint>& points = m_shape.points;
    if (m_isBetween) {
        points.insert(points.end(), {at, at});
        m_following = 3;
        m_isBetween = false;
        return;
    }
    if (isOutline() && points.size() > 3 && m_distance(at, points.front()) <= closeReachPx) {
        m_isClosing = true;
        return;
    }
    points[m_following] = placed(at);
}

void MeasurementDraft::move(ImagePoint at, bool isPressed) {
    if (m_isBetween || m_isClosing)
        return;
    if (m_isTracing && isPressed) {
        if (m_distance(at, m_shape.points.back()) >= traceStepPx)
            m_shape.points.push_back(at);
        return;
    }
    m_shape.points[m_following] = placed(at);
}

bool MeasurementDraft::endTrace(ImagePoint at) {
    m_isTracing = false;
    std::vector<ImagePoint>& points = m_shape.points;
    const double onScreen = std::max(m_distance({0, 0}, {1, 0}), m_distance({0, 0}, {0, 1}));
    std::vector<ImagePoint> outline = simplifiedTrace(points, traceTolerancePx / std::max(onScreen, 1e-6));
    // The hand seldom ends exactly where it began.
    while (outline.size() > 3 && m_distance(outline.back(), outline.front()) < clickReachPx)
        outline.pop_back();
    if (outline.size() >= 3) {
        points = std::move(outline);
        return true;
    }
    points = {points.front(), at}; // a click: corner by corner from here
    m_following = 1;
    return false;
}

bool MeasurementDraft::release(ImagePoint at) {
    if (m_isTracing)
        return endTrace(at);
    if (m_isClosing) {
        m_isClosing = false;
        return close();
    }
    if (m_isBetween)
        return false;
    std::vector<ImagePoint>& points = m_shape.points;
    const auto needed = static_cast<size_t>(pointCount(m_shape.kind));
    if (m_following == 0)
        return true; // one point is all
    points[m_following] = placed(at);
    if (m_distance(points[m_following - 1], points[m_following]) <= clickReachPx)
        return false;
    if (isOutline()) {
        points.push_back(at);
        ++m_following;
        return false;
    }
    if (m_following + 1 == needed)
        return true;
    if (isTwoLines(m_shape.kind) && m_following == 1) {
        m_isBetween = true;
        return false;
    }
    points.push_back(at);
    ++m_following;
    return false;
}

bool MeasurementDraft::close() {
    if (!isOutline() || m_isTracing)
        return false;
    std::vector<ImagePoint> corners = m_shape.points;
    corners.pop_back(); // follows the pointer
    if (corners.size() < 3)
        return false;
    m_shape.points = std::move(corners);
    return true;
}

bool MeasurementDraft::dropCorner() {
    if (!isOutline() || m_isTracing || m_following < 2)
        return false;
    m_shape.points.erase(m_shape.points.end() - 2);
    --m_following;
    return true;
}

} // namespace yz
