#include "support/fake_clock.h"

namespace yz::test {

void FakeClock::advance(std::chrono::milliseconds by) {
    m_now = m_now.addMSecs(by.count());
    m_monotonic += by;
}

} // namespace yz::test
