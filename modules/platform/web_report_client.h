#pragma once

#include "domain/ports.h"
#include "platform/http_exchange.h"

namespace yz {

/// Sends finished reports by STOW-RS (PS3.18 10.5). Thread-safe; not for the GUI thread.
///
/// The server's word for each object is read (PS3.18 table 10.5.3-1): one that is neither among the stored ones nor
/// among the failed ones counts as failed. Failure reasons become the same errors as C-STORE's statuses: 0xA7xx
/// PeerOutOfResources, 0x0122 PresentationContextRefused (when nothing else failed), the others PeerRefusedObject.
/// commit() is PresentationContextRefused: DICOMweb servers offer no commitment, a query is the proof.
class WebReportClient final : public ReportSink {
public:
    explicit WebReportClient(WebNode node);

    Result<bool> has(const StudyUid& study, const SeriesUid& series, const InstanceUid& instance,
                     const CancelToken& token) override;
    Status store(const std::vector<ObjectToSend>& objects, const CancelToken& token) override;
    Result<CommitmentOutcome> commit(const std::vector<SopReference>& objects, const TransactionUid& transaction,
                                     std::chrono::milliseconds timeout, const CancelToken& token) override;

private:
    HttpExchange m_http;
};

} // namespace yz
