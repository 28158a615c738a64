#pragma once

#include <QByteArray>
#include <vector>

namespace yz::test {

/// A small picture for the encoders of the tests: samples interleaved.
struct Picture {
    int columns = 0;
    int rows = 0;
    int components = 1;
    int bits = 8;
    bool isSigned = false;
    std::vector<int> samples;
};

/// A lossless JPEG 2000 codestream with `resolutions` resolutions, made by OpenJPEG. `matrix`: an array-based component
/// transform of part 2 (components x components, row by row), empty for the colour transform of part 1.
[[nodiscard]] QByteArray jpeg2000Stream(const Picture& picture, int resolutions, const std::vector<float>& matrix = {});
/// A lossless HTJ2K codestream with `decompositions` levels, made by OpenJPH.
[[nodiscard]] QByteArray htj2kStream(const Picture& picture, int decompositions);

} // namespace yz::test
