#pragma once

#include "core/clock.h"
#include "dicom/net/node.h"
#include "domain/ports.h"

namespace yz {

/// Reading tasks on the platform (UPS, PS3.4 Annex CC): Pull and Query for the work itself, Watch for subscriptions and
/// cancel requests. One association per call; thread-safe.
///
/// Answers that repeat a request which was already carried out count as success: 0xB306 and 0xB304 always; 0xC302
/// (already IN PROGRESS) when an N-SET with our Transaction UID is then accepted, which only the holder's is. Other
/// answers: 0xC307/0x0112 TaskGone; 0xC302 TaskClaimedByOther; 0xC300/0xC311 on a claim TaskClaimedByOther, on later
/// steps TaskWithdrawn when the task was cancelled, else TaskStateForbids; 0xC301 and 0xC310 TaskNotClaimed; 0xC303,
/// 0xC304 and 0xC313 TaskStateForbids; 0xC308 InvalidArgument; 0xC314 and 0xC315 NotSupported; the rest as
/// statusError() says.
class DicomWorklistClient final : public WorklistSource {
public:
    /// `clock` must outlive this object.
    DicomWorklistClient(NetworkSettings settings, const Clock& clock);

    Status echo(const CancelToken& token) override;
    /// Several states are asked for one after the other. An answer that is no work item is left out.
    Result<std::vector<ReadingTask>> query(const WorklistQuery& query, const CancelToken& token) override;
    Result<ReadingTask> get(const WorkitemUid& task, const CancelToken& token) override;
    /// The performer and the start time are set after the claim; when only that fails the claim still stands and is
    /// reported as success.
    Status claim(const WorkitemUid& task, const TransactionUid& transaction, const Performer& performer,
                 const CancelToken& token) override;
    Status setOutput(const WorkitemUid& task, const TransactionUid& transaction, const Performer& performer,
                     const std::vector<ReportReference>& output, const CancelToken& token) override;
    Status complete(const WorkitemUid& task, const TransactionUid& transaction, const CancelToken& token) override;
    Status cancel(const WorkitemUid& task, const TransactionUid& transaction, const QString& reason,
                  const CancelToken& token) override;
    Status requestCancel(const WorkitemUid& task, const QString& reason, const CancelToken& token) override;
    Status subscribe(const CancelToken& token) override;
    Status unsubscribe(const CancelToken& token) override;

private:
    NetworkSettings m_settings;
    const Clock& m_clock;
};

} // namespace yz
