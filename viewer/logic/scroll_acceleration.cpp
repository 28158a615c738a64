#include "viewer/scroll_acceleration.h"

#include <algorithm>
#include <cstdlib>

namespace yz {

int ScrollAcceleration::steps(int notches, std::uint64_t timeMs, int frames) {
    if (notches == 0)
        return 0;
    const int direction = notches < 0 ? -1 : 1;
    const std::uint64_t since = timeMs > m_lastMs ? timeMs - m_lastMs : 0;
    const bool goesOn = timeMs > 0 && m_lastMs > 0 && since > 0 && since <= pauseMs && direction == m_direction;
    m_direction = direction;
    m_lastMs = timeMs;
    if (!goesOn)
        m_run = 0;
    else if (since <= quickMs)
        m_run += std::abs(notches);
    else
        m_run = std::max(0, m_run - 1); // turned on, but slower: comes down step by step
    const int most = 1 + frames / framesPerStep;
    const int each = std::clamp(1 + (m_run - calmNotches) / 2, 1, std::max(1, most));
    return notches * each;
}

} // namespace yz
