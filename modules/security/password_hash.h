#pragma once

#include "core/result.h"

#include <QString>
#include <cstdint>

namespace yz {

/// Cost of Argon2id (RFC 9106): the second recommended set, about 0.2 s on a county PC. Tests take less.
struct PasswordHashCost {
    std::uint32_t passes = 3;
    std::uint32_t memoryKib = 64 * 1024;
    std::uint32_t lanes = 1;
};

/// The encoded string "$argon2id$v=19$m=...": cost, salt and hash. Takes long: call it from a job.
[[nodiscard]] Result<QString> hashPassword(const QString& password, const PasswordHashCost& cost = {});

/// PasswordWrong; InvalidArgument when `encoded` is not such a string. Compares in constant time. Takes long.
[[nodiscard]] Status verifyPassword(const QString& password, const QString& encoded);

/// PasswordTooWeak: shorter than 8 characters, one character repeated, or the log-in name.
[[nodiscard]] Status checkPasswordStrength(const QString& password, const QString& loginName);

} // namespace yz
