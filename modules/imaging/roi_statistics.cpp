#include "imaging/roi_statistics.h"

#include "imaging/display_chain.h"
#include "imaging/grey_lut.h"
#include "imaging/polygon.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace yz {
namespace {

struct Bounds {
    double left = 0, right = 0, top = 0, bottom = 0;
};

Bounds boundsOf(const std::vector<ImagePoint>& points) {
    Bounds bounds{points[0].x, points[0].x, points[0].y, points[0].y};
    for (const ImagePoint& point : points) {
        bounds.left = std::min(bounds.left, point.x);
        bounds.right = std::max(bounds.right, point.x);
        bounds.top = std::min(bounds.top, point.y);
        bounds.bottom = std::max(bounds.bottom, point.y);
    }
    return bounds;
}

int firstIndex(double from, int size) {
    return static_cast<int>(std::clamp(std::ceil(from), 0.0, static_cast<double>(size)));
}
int lastIndex(double to, int size) {
    return static_cast<int>(std::clamp(std::floor(to), -1.0, static_cast<double>(size - 1)));
}

void markEllipse(const Bounds& box, int y, int firstX, std::vector<char>& marks) {
    const double centreX = (box.left + box.right) / 2.0, centreY = (box.top + box.bottom) / 2.0;
    const double radiusX = (box.right - box.left) / 2.0, radiusY = (box.bottom - box.top) / 2.0;
    const double dy = radiusY > 0.0 ? (y - centreY) / radiusY : 0.0;
    for (size_t i = 0; i < marks.size(); ++i) {
        const double dx = radiusX > 0.0 ? (firstX + static_cast<double>(i) - centreX) / radiusX : 0.0;
        marks[i] = dx * dx + dy * dy <= 1.0 + 1e-12;
    }
}

/// Calls `use` with the modality value of every pixel that counts.
template <typename Use>
void forEachValue(const ImageDescription& image, int frame, const PixelBuffer& pixels, MeasurementKind kind,
                  const std::vector<ImagePoint>& points, Use use) {
    if (points.empty() || pixels.samplesPerPixel != 1 || image.photometric == Photometric::PaletteColor ||
        pixels.data.size() < pixels.byteCount())
        return;
    const FrameDescription& description = image.frame(frame);
    const Bounds box = boundsOf(points);
    const int firstX = firstIndex(box.left, pixels.columns), lastX = lastIndex(box.right, pixels.columns);
    const int lastY = lastIndex(box.bottom, pixels.rows);
    if (lastX < firstX)
        return;
    std::vector<char> marks(static_cast<size_t>(lastX - firstX + 1));
    for (int y = firstIndex(box.top, pixels.rows); y <= lastY; ++y) {
        if (kind == MeasurementKind::EllipseRoi) {
            markEllipse(box, y, firstX, marks);
        } else if (isClosedOutline(kind)) {
            std::fill(marks.begin(), marks.end(), char{0});
            markRow(points, y, firstX, marks);
        } else {
            std::fill(marks.begin(), marks.end(), char{1});
        }
        const size_t row = static_cast<size_t>(y) * static_cast<size_t>(pixels.columns) + static_cast<size_t>(firstX);
        for (size_t i = 0; i < marks.size(); ++i) {
            if (!marks[i])
                continue;
            const double stored = storedValue(pixels, row + i);
            if (!isPadding(image, stored) && !std::isnan(stored))
                use(modalityValue(description, stored));
        }
    }
}

} // namespace

double storedValue(const PixelBuffer& pixels, size_t index) {
    switch (pixels.type) {
    case SampleType::UInt8:
        return pixels.as<std::uint8_t>()[index];
    case SampleType::Int8:
        return pixels.as<std::int8_t>()[index];
    case SampleType::UInt16:
        return pixels.as<std::uint16_t>()[index];
    case SampleType::Int16:
        return pixels.as<std::int16_t>()[index];
    case SampleType::UInt32:
        return pixels.as<std::uint32_t>()[index];
    case SampleType::Int32:
        return pixels.as<std::int32_t>()[index];
    case SampleType::Float32:
        return static_cast<double>(pixels.as<float>()[index]);
    case SampleType::Float64:
        return pixels.as<double>()[index];
    }
    return 0.0;
}

MeasuredValue areaOf(const PixelSpacing& spacing, MeasurementKind kind, const std::vector<ImagePoint>& points) {
    const bool isCalibrated = spacing.calibration != Calibration::None && spacing.rowMm > 0.0 && spacing.columnMm > 0.0;
    const double pixel = isCalibrated ? spacing.rowMm * spacing.columnMm : 1.0;
    double area = 0.0;
    if (isClosedOutline(kind)) {
        area = polygonArea(points) * pixel;
    } else if (points.size() > 1) {
        area = std::abs((points[1].x - points[0].x) * (points[1].y - points[0].y)) * pixel;
        if (kind == MeasurementKind::EllipseRoi)
            area *= std::numbers::pi / 4.0;
    }
    return {area, isCalibrated ? QStringLiteral("mm2") : QStringLiteral("{px}2"),
            isCalibrated ? spacing.calibration : Calibration::None};
}

MeasuredValue areaOf(const PixelSpacing& spacing, MeasurementKind kind, ImagePoint a, ImagePoint b) {
    return areaOf(spacing, kind, {a, b});
}

RoiStatistics statisticsOf(const ImageDescription& image, int frame, const PixelBuffer& pixels, MeasurementKind kind,
                           const std::vector<ImagePoint>& points) {
    RoiStatistics statistics;
    statistics.min = std::numeric_limits<double>::infinity();
    statistics.max = -statistics.min;
    // Welford: large offsets with small spread stay exact.
    double squares = 0.0;
    forEachValue(image, frame, pixels, kind, points, [&](double value) {
        ++statistics.pixels;
        const double away = value - statistics.mean;
        statistics.mean += away / statistics.pixels;
        squares += away * (value - statistics.mean);
        statistics.min = std::min(statistics.min, value);
        statistics.max = std::max(statistics.max, value);
    });
    if (statistics.pixels == 0)
        return {};
    statistics.sd = std::sqrt(squares / statistics.pixels);
    return statistics;
}

RoiStatistics statisticsOf(const ImageDescription& image, int frame, const PixelBuffer& pixels, MeasurementKind kind,
                           ImagePoint a, ImagePoint b) {
    return statisticsOf(image, frame, pixels, kind, {a, b});
}

RoiHistogram histogramOf(const ImageDescription& image, int frame, const PixelBuffer& pixels, MeasurementKind kind,
                         const std::vector<ImagePoint>& points, int bins) {
    std::vector<double> values;
    bool isWhole = true;
    forEachValue(image, frame, pixels, kind, points, [&](double value) {
        values.push_back(value);
        isWhole = isWhole && value == std::floor(value);
    });
    RoiHistogram histogram;
    if (values.empty() || bins < 1)
        return histogram;
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    histogram.first = *low;
    const double range = *high - *low;
    histogram.width = isWhole ? std::ceil((range + 1.0) / bins) : range > 0.0 ? range / bins : 1.0;
    const auto last = static_cast<size_t>(std::floor(range / histogram.width));
    histogram.counts.assign(std::min(last + 1, static_cast<size_t>(bins)), 0);
    for (const double value : values) {
        const auto bin = static_cast<size_t>((value - histogram.first) / histogram.width);
        ++histogram.counts[std::min(bin, histogram.counts.size() - 1)];
    }
    return histogram;
}

} // namespace yz
