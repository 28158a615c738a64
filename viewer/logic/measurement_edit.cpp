#include "viewer/measurement_edit.h"

#include "imaging/two_lines.h"

namespace yz {

std::vector<ImagePoint> handlesOf(const Measurement& measurement) {
    if (!isBoxRoi(measurement.kind) || measurement.points.size() < 2)
        return measurement.points;
    const ImagePoint a = measurement.points[0], b = measurement.points[1];
    return {a, {b.x, a.y}, b, {a.x, b.y}};
}

Measurement withHandleAt(const Measurement& measurement, int handle, ImagePoint to, const PixelSpacing& spacing) {
    Measurement moved = measurement;
    std::vector<ImagePoint>& points = moved.points;
    if (handle < 0 || handle >= static_cast<int>(handlesOf(measurement).size()))
        return moved;
    if (isBoxRoi(moved.kind) && points.size() == 2) {
        ImagePoint &a = points[0], &b = points[1];
        (handle == 0 || handle == 3 ? a : b).x = to.x;
        (handle == 0 || handle == 1 ? a : b).y = to.y;
        return moved;
    }
    if (moved.kind == MeasurementKind::Bidirectional && points.size() == 4) {
        if (handle < 2) {
            const TwoLines lines{points[0], points[1], points[2], points[3]};
            const TwoLines turned =
                withLongAxis(spacing, lines, handle == 0 ? to : points[0], handle == 1 ? to : points[1]);
            points.assign(turned.begin(), turned.end());
        } else {
            const ImagePoint other = points[handle == 2 ? 3 : 2];
            points[static_cast<size_t>(handle)] = squareEnd(spacing, points[0], points[1], other, to);
        }
        return moved;
    }
    points[static_cast<size_t>(handle)] = to;
    return moved;
}

Measurement movedBy(const Measurement& measurement, ImagePoint way) {
    Measurement moved = measurement;
    for (ImagePoint& point : moved.points)
        point = point + way;
    return moved;
}

} // namespace yz
