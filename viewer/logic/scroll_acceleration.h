#pragma once

#include <cstdint>

namespace yz {

/// Steps of a wheel: one a notch while it is turned slowly, more the faster it turns, so that a large stack is crossed
/// without a hundred turns. A change of direction or a pause begins anew. Events without a time count one step.
class ScrollAcceleration {
public:
    /// `notches` with their sign, `timeMs` of the event, `frames` in the stack; the frames to move by.
    [[nodiscard]] int steps(int notches, std::uint64_t timeMs, int frames);

    static constexpr int pauseMs = 120;      ///< longer between two notches: not being turned
    static constexpr int quickMs = 45;       ///< shorter: turned quickly
    static constexpr int calmNotches = 4;    ///< that many go one by one, however quick
    static constexpr int framesPerStep = 80; ///< a stack of so many frames may go one frame further a notch at a time

private:
    std::uint64_t m_lastMs = 0;
    int m_run = 0;
    int m_direction = 0;
};

} // namespace yz
