#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "domain/report_target.h"

namespace yz::exchange {

/// A document put under a name of its own on a web server (HTTP PUT). Blocks; for jobs.
class DocumentClient {
public:
    explicit DocumentClient(ReportTarget target) : m_target(std::move(target)) {}

    /// Never overwrites (If-None-Match: *). A document that is there already is compared: the same bytes are a success,
    /// others PeerRefusedObject. Returns the receipt ("201 NAME"). Errors as HttpClient::request and httpError.
    [[nodiscard]] Result<QString> put(const QString& name, const QByteArray& document, const CancelToken& token);

private:
    ReportTarget m_target;
};

} // namespace yz::exchange
