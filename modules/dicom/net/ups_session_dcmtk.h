#pragma once

#include "core/clock.h"
#include "dicom/net/association.h"
#include "dicom/net/ups_mapping_dcmtk.h"

#include <memory>

namespace yz {

/// The DIMSE services of UPS on one association. Functions return the peer's status (0: success); an Error means that
/// there was no answer.
class UpsSession {
public:
    static Result<UpsSession> open(const NetworkSettings& settings, const CancelToken& token);

    [[nodiscard]] Association& association() { return *m_association; }
    /// All attributes of a work item; the status when it is not 0 or a warning is in `status` and the data set is null.
    struct GetAnswer {
        int status = 0;
        std::unique_ptr<DcmDataset> attributes;
    };
    Result<GetAnswer> get(const WorkitemUid& task);
    Result<int> set(const WorkitemUid& task, const TransactionUid& transaction, DcmDataset& modifications);
    Result<int> changeState(const WorkitemUid& task, const TransactionUid& transaction, UpsState state);
    Result<int> requestCancel(const WorkitemUid& task, const QString& reason);
    /// Action 3 or 4 on the global subscription instance.
    Result<int> subscription(int action, const QString& receivingAeTitle);

private:
    explicit UpsSession(std::unique_ptr<Association> association) : m_association(std::move(association)) {}
    Result<int> action(const QStringList& abstractSyntaxes, const QString& instance, int type, DcmDataset& information);

    std::unique_ptr<Association> m_association;
};

} // namespace yz
