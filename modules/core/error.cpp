#include "core/result.h"

namespace yz {

QString errorName(ErrorCode code) {
    switch (code) {
#define YZ_ERROR_NAME(name)                                                                                            \
    case ErrorCode::name:                                                                                              \
        return QStringLiteral(#name);
        YZ_ERROR_CODES(YZ_ERROR_NAME)
#undef YZ_ERROR_NAME
    }
    return QStringLiteral("Internal");
}

QString Error::toString() const { return detail.isEmpty() ? errorName(code) : errorName(code) + u": " + detail; }

} // namespace yz
