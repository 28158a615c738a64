#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace yz::bench {

/// A peer of the viewport: VTK's image slice mapper in a window of its own, off the screen, on whatever OpenGL there is
/// (X server needed).
class VtkSliceView {
public:
    /// `voxels`: columns x rows x slices, shown to fit a square of `side` pixels. They are not copied.
    VtkSliceView(const std::vector<std::int16_t>& voxels, int columns, int rows, int slices, int side);
    ~VtkSliceView();
    VtkSliceView(const VtkSliceView&) = delete;
    VtkSliceView& operator=(const VtkSliceView&) = delete;

    /// Both draw, and come back when the pixels are there.
    void showSlice(int slice);
    void setWindow(double center, double width);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace yz::bench
