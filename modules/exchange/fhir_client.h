#pragma once

#include "core/cancel.h"
#include "core/ids.h"
#include "core/result.h"
#include "domain/report_target.h"

namespace yz::exchange {

/// FHIR R4 over HTTP(S). Blocks; for jobs.
class FhirClient {
public:
    explicit FhirClient(ReportTarget target) : m_target(std::move(target)) {}

    /// Posts the transaction bundle of the report with this SR instance and returns the receipt: the status and place
    /// of its DiagnosticReport. `mayBeThere`: it was sent before, so the server is asked first and nothing is sent
    /// again to one that has it. Errors as HttpClient::request and httpError; PeerError when a success does
    /// not say what became of each resource.
    [[nodiscard]] Result<QString> send(const QByteArray& bundle, const InstanceUid& srInstance, bool mayBeThere,
                                       const CancelToken& token);
    /// The place of the report's DiagnosticReport ("DiagnosticReport/12"); empty: the server has none.
    [[nodiscard]] Result<QString> find(const InstanceUid& srInstance, const CancelToken& token);

private:
    ReportTarget m_target;
};

} // namespace yz::exchange
