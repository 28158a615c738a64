#pragma once

#include "platform/http_exchange.h"

#include <QJsonObject>
#include <vector>

namespace yz {

/// QIDO-RS (PS3.18 10.6): every match, page by page where the server gives pages. `path` has a query ("studies?…").
/// Errors of HttpExchange; LimitExceeded after 200 000 matches.
[[nodiscard]] Result<std::vector<QJsonObject>> runQido(HttpExchange& http, const QString& path,
                                                       const CancelToken& token);

/// "&name=value", the value percent-encoded; nothing for an empty value.
[[nodiscard]] QString queryKey(const char* name, const QString& value);

} // namespace yz
