#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "domain/user.h"

#include <QString>
#include <vector>

namespace yz {

class DeskStore;

/// The demo: invented doctors, a CA made on this machine. Everything it makes says that it is a demo.
namespace demo {

inline constexpr char kPassword[] = "demo-2026"; ///< log-in and PIN of every demo user

/// Two readers, two reviewers, a QA supervisor, an administrator.
[[nodiscard]] std::vector<User> users();

/// Adds the demo users that are missing and makes their certificates (SM2). Safe to repeat.
[[nodiscard]] Status prepare(DeskStore& store, const Clock& clock);

} // namespace demo
} // namespace yz
