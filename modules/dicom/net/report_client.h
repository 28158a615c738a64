#pragma once

#include "dicom/net/commitment_board.h"
#include "dicom/net/node.h"
#include "domain/ports.h"

namespace yz {

/// Sends finished reports (PS3.4 Annexes B, C, J). One association per call; thread-safe.
class DicomReportClient final : public ReportSink {
public:
    /// `commitments`: where results arrive that the platform reports on an association of its own (EventListener);
    /// null: only results on the request's association are seen. Must outlive this object.
    DicomReportClient(NetworkSettings settings, const CommitmentBoard* commitments);

    Result<bool> has(const StudyUid& study, const SeriesUid& series, const InstanceUid& instance,
                     const CancelToken& token) override;
    /// Each file's data set goes out byte for byte in the transfer syntax it has. Nothing is sent where one of them
    /// would find no presentation context. Stops at the first refusal: PeerOutOfResources, PeerRefusedObject,
    /// PeerError, PresentationContextRefused, InvalidArgument (file meta does not match the object).
    Status store(const std::vector<ObjectToSend>& objects, const CancelToken& token) override;
    Result<CommitmentOutcome> commit(const std::vector<SopReference>& objects, const TransactionUid& transaction,
                                     std::chrono::milliseconds timeout, const CancelToken& token) override;

private:
    NetworkSettings m_settings;
    const CommitmentBoard* m_commitments;
};

} // namespace yz
