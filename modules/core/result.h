#pragma once

#include "core/error_codes.h"

#include <QString>
#include <tl/expected.hpp>

namespace yz {

enum class ErrorCode {
#define YZ_ERROR_ENUM(name) name,
    YZ_ERROR_CODES(YZ_ERROR_ENUM)
#undef YZ_ERROR_ENUM
};

/// Name of a code as in the table ("TaskClaimedByOther"); stable, for logs, audit and the CLI.
[[nodiscard]] QString errorName(ErrorCode code);

/// What went wrong: a code for programs and translations, an English detail for logs. The detail never carries patient
/// data (names, identifiers, dates of birth); UIDs, file numbers and library messages are fine.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString detail;

    bool operator==(const Error&) const = default;
    /// "Code: detail" for logs.
    [[nodiscard]] QString toString() const;
};

template <typename T> using Result = tl::expected<T, Error>;
using Status = Result<void>;

/// `return fail(ErrorCode::NotFound, "...")` in any function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, QString detail = {}) {
    return tl::unexpected<Error>(Error{code, std::move(detail)});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

} // namespace yz
