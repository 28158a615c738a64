#pragma once

#include "embedded_platform/archive_store.h"
#include "embedded_platform/association.h"
#include "embedded_platform/node_store.h"

namespace yz::platform {

/// C-GET and C-MOVE (PS3.4 C.4.2, C.4.3). Files go out as stored where the peer took their transfer syntax; between
/// syntaxes without compressed pixels they are re-encoded; otherwise the sub-operation fails. Thread-safe.
class RetrieveService {
public:
    RetrieveService(const ArchiveStore& archive, NodeStore& nodes, QString aeTitle);

    /// Serves the request to its final response. An error means that the association is lost.
    [[nodiscard]] Status get(Association& association, const Message& request, DcmDataset& keys);
    [[nodiscard]] Status move(Association& association, const Message& request, DcmDataset& keys);

private:
    struct Run {
        Association& requester;
        const Message& request;
        SubOperations counts;
        QStringList failedInstances;
        bool isCancelled = false;
    };
    [[nodiscard]] Result<std::vector<ArchivedInstance>> resolve(DcmDataset& keys, quint16& status) const;
    [[nodiscard]] Status transfer(Run& run, Association& target, bool isMove,
                                  const std::vector<ArchivedInstance>& instances);
    enum class Sent { Done, Warned, Failed, Lost };
    [[nodiscard]] Sent sendOne(Run& run, Association& target, bool isMove, const ArchivedInstance& instance);
    [[nodiscard]] Status answerPending(Run& run);
    [[nodiscard]] Status answerFinally(Run& run);
    void lookForCancel(Run& run);

    const ArchiveStore& m_archive;
    NodeStore& m_nodes;
    QString m_aeTitle;
};

} // namespace yz::platform
