#pragma once

#include "dicom/net/association.h"
#include "dicom/net/retrieval_intake.h"

namespace yz {

/// C-GET requests over one association and the C-STORE sub-operations they cause. Used by one thread.
class Retrieval {
public:
    /// Both must live as long; `stop` is the association's token.
    Retrieval(Association& association, AcceptedContext getContext, RetrievalIntake& intake, CancelToken stop);
    ~Retrieval();
    Retrieval(const Retrieval&) = delete;
    Retrieval& operator=(const Retrieval&) = delete;

    /// Level STUDY, SERIES (series given) or IMAGE (instances given). Errors: Cancelled (the token), those of
    /// retrieveVerdict() and of the association.
    Status get(const StudyUid& study, const SeriesUid& series, const std::vector<InstanceUid>& instances);

    /// Sub-operations of the last get() that the peer says have failed.
    [[nodiscard]] int failedCount() const { return m_failed; }
    /// True when the last get() was refused as a whole before anything was sent.
    [[nodiscard]] bool refusedAtOnce() const { return m_refusedAtOnce; }

private:
    Status run(const DimseMessage& request);
    /// Status to answer with; none: the caller wants no more.
    std::optional<int> take(DimseMessage&& store);
    void stopPeer(quint16 messageId);
    void noteArriving(qint64 bytes);
    void settleArriving();

    Association& m_association;
    AcceptedContext m_context;
    RetrievalIntake& m_intake;
    CancelToken m_stop;
    qint64 m_arriving = 0;
    int m_failed = 0;
    bool m_refusedAtOnce = false;
};

} // namespace yz
