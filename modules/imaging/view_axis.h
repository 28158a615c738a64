#pragma once

#include <vector>

namespace yz {

/// How one axis of the screen reads one axis of the image: image coordinate of screen pixel i is start + i * step
/// (pixel centres at whole numbers on the image side). Screen pixels outside [first, last) lie outside the image.
class ViewAxis {
public:
    ViewAxis(double start, double step, int viewSize, int imageSize);
    /// Of a picture that was decoded at reduced resolution: sample i lies on image pixel i * 2^reduction, and the
    /// screen pixels covered are those of the whole image, so that the full frame takes its place without a jump. The
    /// tables speak of samples.
    [[nodiscard]] static ViewAxis reduced(double start, double step, int viewSize, int imageSize, int reduction);

    [[nodiscard]] int first() const { return m_first; }
    [[nodiscard]] int last() const { return m_last; }
    [[nodiscard]] bool isEmpty() const { return m_first >= m_last; }
    [[nodiscard]] bool shrinks() const;
    [[nodiscard]] bool shrinksByMoreThanTwo() const;
    /// Screen pixels lie exactly on image pixels: nothing to interpolate.
    [[nodiscard]] bool isOneToOne() const;

    /// Nearest image pixel of each screen pixel in [first, last).
    [[nodiscard]] std::vector<int> nearest() const;

    /// Linear interpolation: between `low` and `high` with the weight of `high`.
    struct Taps {
        std::vector<int> low, high;
        std::vector<float> weight;
    };
    [[nodiscard]] Taps linear() const;

    /// Area averaging: image pixels [begin, end) with full weight but for the two ends; `scale` is 1 / sum of weights.
    struct Box {
        int begin = 0, end = 0;
        float firstWeight = 1, lastWeight = 1, scale = 1;
    };
    [[nodiscard]] std::vector<Box> boxes() const;

private:
    double m_start, m_step;
    int m_imageSize;
    int m_first = 0, m_last = 0;
};

} // namespace yz
