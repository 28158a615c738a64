#include "imaging/view_axis.h"

#include <algorithm>
#include <cmath>

namespace yz {

ViewAxis::ViewAxis(double start, double step, int viewSize, int imageSize)
    : m_start(start), m_step(step), m_imageSize(imageSize) {
    if (!std::isfinite(start) || !std::isfinite(step) || step == 0.0 || imageSize <= 0)
        return;
    // The image covers [-0.5, size - 0.5): solve for the screen pixels whose centres fall in it, then settle the ends
    // with the same arithmetic that the tables use.
    const auto isInside = [&](int i) {
        const double x = m_start + i * m_step;
        return x >= -0.5 && x < m_imageSize - 0.5;
    };
    double a = (-0.5 - start) / step;
    double b = (imageSize - 0.5 - start) / step;
    if (a > b)
        std::swap(a, b);
    m_first = static_cast<int>(std::clamp(std::ceil(a) - 1.0, 0.0, static_cast<double>(viewSize)));
    m_last = static_cast<int>(std::clamp(std::floor(b) + 2.0, 0.0, static_cast<double>(viewSize)));
    while (m_first < m_last && !isInside(m_first))
        ++m_first;
    while (m_last > m_first && !isInside(m_last - 1))
        --m_last;
}

ViewAxis ViewAxis::reduced(double start, double step, int viewSize, int imageSize, int reduction) {
    ViewAxis axis(start, step, viewSize, imageSize);
    const int factor = 1 << reduction;
    axis.m_start /= factor;
    axis.m_step /= factor;
    axis.m_imageSize = (imageSize + factor - 1) / factor;
    return axis;
}

bool ViewAxis::shrinks() const { return std::abs(m_step) > 1.0; }
bool ViewAxis::shrinksByMoreThanTwo() const { return std::abs(m_step) > 2.0; }

bool ViewAxis::isOneToOne() const {
    constexpr double kExact = 1e-9;
    return std::abs(std::abs(m_step) - 1.0) < kExact / std::max(m_imageSize, 1) &&
           std::abs(m_start - std::round(m_start)) < kExact;
}

std::vector<int> ViewAxis::nearest() const {
    std::vector<int> table(static_cast<size_t>(m_last - m_first));
    for (int i = m_first; i < m_last; ++i) {
        const int index = static_cast<int>(std::floor(m_start + i * m_step + 0.5));
        table[static_cast<size_t>(i - m_first)] = std::clamp(index, 0, m_imageSize - 1);
    }
    return table;
}

ViewAxis::Taps ViewAxis::linear() const {
    Taps taps;
    const size_t count = static_cast<size_t>(m_last - m_first);
    taps.low.resize(count);
    taps.high.resize(count);
    taps.weight.resize(count);
    for (size_t k = 0; k < count; ++k) {
        const double x =
            std::clamp(m_start + (m_first + static_cast<int>(k)) * m_step, 0.0, static_cast<double>(m_imageSize - 1));
        const int low = std::clamp(static_cast<int>(x), 0, std::max(m_imageSize - 2, 0));
        taps.low[k] = low;
        taps.high[k] = std::min(low + 1, m_imageSize - 1);
        taps.weight[k] = static_cast<float>(x - low);
    }
    return taps;
}

std::vector<ViewAxis::Box> ViewAxis::boxes() const {
    std::vector<Box> boxes(static_cast<size_t>(m_last - m_first));
    const double half = std::abs(m_step) / 2.0;
    for (int i = m_first; i < m_last; ++i) {
        // In area coordinates pixel n covers [n, n + 1).
        const double centre = m_start + i * m_step + 0.5;
        const double from = std::clamp(centre - half, 0.0, static_cast<double>(m_imageSize));
        const double to = std::clamp(centre + half, 0.0, static_cast<double>(m_imageSize));
        Box& box = boxes[static_cast<size_t>(i - m_first)];
        box.begin = std::min(static_cast<int>(from), m_imageSize - 1);
        box.end = std::clamp(static_cast<int>(std::ceil(to)), box.begin + 1, m_imageSize);
        if (box.end - box.begin == 1) {
            box.firstWeight = box.lastWeight = box.scale = 1.0F;
            continue;
        }
        const double first = box.begin + 1 - from;
        const double last = to - (box.end - 1);
        box.firstWeight = static_cast<float>(first);
        box.lastWeight = static_cast<float>(last);
        box.scale = static_cast<float>(1.0 / (first + last + (box.end - box.begin - 2)));
    }
    return boxes;
}

} // namespace yz
