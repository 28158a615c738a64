#include "imaging/curved_cut.h"

#include "imaging/plane_axes.h"
#include "imaging/row_pool.h"

#include <array>

namespace yz {
namespace {

constexpr double kSamePlaceMm = 1e-3;
constexpr int kBandRows = 16;
constexpr int kMostSamples = 2048;

std::vector<PatientPoint> distinct(const std::vector<PatientPoint>& points) {
    std::vector<PatientPoint> result;
    for (const PatientPoint& point : points)
        if (result.empty() || (point - result.back()).length() > kSamePlaceMm)
            result.push_back(point);
    return result;
}

/// Barry and Goldman's pyramid on knots whose distances are the square roots of the points'.
PatientPoint onSpline(const std::array<PatientPoint, 4>& p, const std::array<double, 4>& t, double at) {
    const auto mix = [&](const PatientPoint& a, const PatientPoint& b, double from, double to) {
        return a * ((to - at) / (to - from)) + b * ((at - from) / (to - from));
    };
    const PatientPoint a1 = mix(p[0], p[1], t[0], t[1]), a2 = mix(p[1], p[2], t[1], t[2]),
                       a3 = mix(p[2], p[3], t[2], t[3]);
    const PatientPoint b1 = mix(a1, a2, t[0], t[2]), b2 = mix(a2, a3, t[1], t[3]);
    return mix(b1, b2, t[1], t[2]);
}

/// Towards the feet, the back or the left: what is drawn downwards.
PatientVector downwards(const PatientVector& normal) {
    const double x = std::abs(normal.x), y = std::abs(normal.y), z = std::abs(normal.z);
    const double sense = z >= x && z >= y ? -normal.z : (y >= x ? normal.y : normal.x);
    return normal * (sense < 0.0 ? -1.0 : 1.0);
}

bool sample(const Volume& volume, const VoxelIndex& at, double& value) {
    const auto outside = [](double index, int size) { return !(index >= -0.5 && index <= size - 0.5); };
    if (outside(at.x, volume.columns) || outside(at.y, volume.rows) || outside(at.z, volume.slices))
        return false;
    const auto place = [](double index, int size, int& low, double& weight) {
        const double inside = std::clamp(index, 0.0, static_cast<double>(size - 1));
        low = std::clamp(static_cast<int>(inside), 0, std::max(size - 2, 0));
        weight = inside - low;
    };
    int x = 0, y = 0, z = 0;
    double fx = 0, fy = 0, fz = 0;
    place(at.x, volume.columns, x, fx);
    place(at.y, volume.rows, y, fy);
    place(at.z, volume.slices, z, fz);
    const std::ptrdiff_t row = volume.columns, slice = row * volume.rows;
    const std::ptrdiff_t nextX = volume.columns > 1 ? 1 : 0, nextY = volume.rows > 1 ? row : 0,
                         nextZ = volume.slices > 1 ? slice : 0;
    const std::int16_t* v = volume.voxels.data() + z * slice + y * row + x;
    const auto along = [&](const std::int16_t* p) { return p[0] + (p[nextX] - p[0]) * fx; };
    const auto level = [&](const std::int16_t* p) {
        const double low = along(p);
        return low + (along(p + nextY) - low) * fy;
    };
    const double low = level(v);
    value = low + (level(v + nextZ) - low) * fz;
    return true;
}

} // namespace

std::vector<PatientPoint> splineThrough(const std::vector<PatientPoint>& points, double stepMm) {
    const std::vector<PatientPoint> own = distinct(points);
    if (own.size() < 2 || !(stepMm > 0.0))
        return own;
    std::vector<PatientPoint> line{own.front()};
    for (size_t i = 0; i + 1 < own.size(); ++i) {
        const PatientPoint &a = own[i], &b = own[i + 1];
        // Beyond the ends the line goes straight on.
        const std::array<PatientPoint, 4> p{i > 0 ? own[i - 1] : a * 2.0 - b, a, b,
                                            i + 2 < own.size() ? own[i + 2] : b * 2.0 - a};
        std::array<double, 4> knots{};
        for (size_t k = 1; k < 4; ++k)
            knots[k] = knots[k - 1] + std::sqrt((p[k] - p[k - 1]).length());
        // A curve is longer than its chord: half as many steps again, and never so few that a bend turns to corners.
        const int steps = std::max(8, static_cast<int>(std::ceil((b - a).length() * 1.5 / stepMm)));
        for (int k = 1; k <= steps; ++k)
            line.push_back(k == steps ? b : onSpline(p, knots, knots[1] + (knots[2] - knots[1]) * k / steps));
    }
    return line;
}

double lengthAlong(const std::vector<PatientPoint>& points) {
    double length = 0.0;
    for (size_t i = 1; i < points.size(); ++i)
        length += (points[i] - points[i - 1]).length();
    return length;
}

PatientPoint CurvedCut::at(double x, double y) const {
    const double last = static_cast<double>(tops.size()) - 1.0;
    const double inside = std::clamp(x, 0.0, last);
    const auto low = static_cast<size_t>(inside);
    const size_t high = std::min(low + 1, tops.size() - 1);
    return tops[low] + (tops[high] - tops[low]) * (inside - static_cast<double>(low)) + down * (y * pixelMm);
}

Result<CurvedCut> curvedCut(const Volume& volume, const std::vector<PatientPoint>& points,
                            const PatientVector& normal) {
    CurvedCut cut;
    cut.down = downwards(normal.normalized());
    cut.pixelMm = std::min({volume.columnMm, volume.rowMm, volume.sliceMm});
    const std::vector<PatientPoint> line = splineThrough(points, cut.pixelMm * 0.25);
    cut.lengthMm = lengthAlong(line);
    const auto flat = [&](const PatientPoint& point) { return point - cut.down * cut.down.dot(point); };
    std::vector<double> along{0.0}; // of each point of the line, on the surface
    for (size_t i = 1; i < line.size(); ++i)
        along.push_back(along.back() + (flat(line[i]) - flat(line[i - 1])).length());
    if (line.size() < 2 || along.back() < cut.pixelMm)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("path of %1 points, %2 mm across the normal")
                                                    .arg(points.size())
                                                    .arg(along.back(), 0, 'f', 2));
    const PlaneExtent extent = extentOf(volume, cut.down);
    cut.pixelMm = std::max(cut.pixelMm, std::max(along.back(), extent.high - extent.low) / (kLargestPlaneSide - 1));
    cut.width = static_cast<int>(std::floor(along.back() / cut.pixelMm + 1e-6)) + 1;
    cut.height = static_cast<int>(std::floor((extent.high - extent.low) / cut.pixelMm + 1e-6)) + 1;
    size_t i = 0;
    for (int column = 0; column < cut.width; ++column) {
        const double wanted = std::min(column * cut.pixelMm, along.back());
        while (i + 2 < line.size() && along[i + 1] < wanted)
            ++i;
        const double step = along[i + 1] - along[i];
        const double share = step > 0.0 ? std::clamp((wanted - along[i]) / step, 0.0, 1.0) : 0.0;
        const PatientPoint a = flat(line[i]), b = flat(line[i + 1]);
        cut.tops.push_back(a + (b - a) * share + cut.down * extent.low);
        const PatientVector side = (b - a).cross(cut.down).normalized();
        cut.sides.push_back(side.length() > 0.5 || cut.sides.empty() ? side : cut.sides.back());
    }
    for (size_t p = 0; p < line.size(); ++p)
        cut.path.push_back({along[p] / cut.pixelMm, (line[p].dot(cut.down) - extent.low) / cut.pixelMm});
    return cut;
}

PixelBufferPtr resliceCurved(const Volume& volume, const CurvedCut& cut, const Slab& slab) {
    auto picture = std::make_shared<PixelBuffer>();
    picture->columns = cut.width;
    picture->rows = cut.height;
    picture->type = SampleType::Int16;
    picture->data.resize(picture->byteCount());
    if (picture->data.empty())
        return picture;
    auto* out = reinterpret_cast<std::int16_t*>(picture->data.data());
    const auto stepsOf = [&](const PatientVector& mm) {
        return VoxelIndex{mm.dot(volume.row) / volume.columnMm, mm.dot(volume.column) / volume.rowMm,
                          mm.dot(volume.slice) / volume.sliceMm};
    };
    struct Column {
        VoxelIndex top, side; ///< one sample of the slab further
        int each;             ///< samples to each side
    };
    std::vector<Column> columns;
    for (size_t x = 0; x < cut.tops.size(); ++x) {
        const double stepMm = voxelMm(volume, cut.sides[x]);
        const double each = slab.isThick() ? std::floor(slab.thicknessMm / 2.0 / stepMm + 1e-6) : 0.0;
        columns.push_back({volume.toVoxel(cut.tops[x]), stepsOf(cut.sides[x] * stepMm),
                           static_cast<int>(std::min<double>(each, kMostSamples / 2.0))});
    }
    const VoxelIndex down = stepsOf(cut.down * cut.pixelMm);
    RowPool::shared().run((cut.height + kBandRows - 1) / kBandRows, [&](int band) {
        for (int y = band * kBandRows; y < std::min((band + 1) * kBandRows, cut.height); ++y) {
            for (size_t x = 0; x < columns.size(); ++x) {
                const Column& column = columns[x];
                const VoxelIndex at = column.top + down * y;
                double sum = 0.0, least = 1e9, most = -1e9, value = 0.0;
                int count = 0;
                for (int k = -column.each; k <= column.each; ++k) {
                    if (!sample(volume, at + column.side * k, value))
                        continue;
                    ++count;
                    sum += value;
                    least = std::min(least, value);
                    most = std::max(most, value);
                }
                const double result = slab.mode == SlabMode::MinIp ? least
                                      : slab.mode == SlabMode::Mip ? most
                                                                   : sum / std::max(count, 1);
                out[static_cast<size_t>(y) * columns.size() + x] =
                    count > 0 ? static_cast<std::int16_t>(std::floor(result + 0.5)) : volume.outside;
            }
        }
    });
    return picture;
}

} // namespace yz
