#pragma once

namespace yz::test {

/// Built with a sanitizer, which takes memory of its own and keeps what was freed for a while.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

} // namespace yz::test
