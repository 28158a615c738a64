#pragma once

#include "dicom/net/association.h"
#include "domain/ports.h"

#include <set>

namespace yz {

/// One retrieval: C-GET requests and the C-STORE sub-operations they cause, over one association after the other. An
/// object is handed on once, however often it comes.
class Retrieval {
public:
    Retrieval(const StudySource::ObjectSink& sink, const StudySource::ProgressSink& progress);

    /// Before get(); the association must live as long as it is used.
    void setAssociation(Association& association, AcceptedContext getContext);

    /// Objects besides these are answered with success and dropped; empty: everything is wanted.
    void setWanted(std::set<QString> instances) { m_wanted = std::move(instances); }
    void setTotal(int total) { m_progress.total = total; }

    /// Level STUDY, SERIES (series given) or IMAGE (instances given). Errors: the sink's, Cancelled, StudyIncomplete,
    /// PeerRefusedObject, PeerOutOfResources, PeerError and those of the association.
    Status get(const StudyUid& study, const SeriesUid& series, const std::vector<InstanceUid>& instances);

    [[nodiscard]] const std::set<QString>& received() const { return m_received; }
    [[nodiscard]] int failedCount() const { return m_failed; }
    /// True when the last get() was refused as a whole before anything was sent.
    [[nodiscard]] bool refusedAtOnce() const { return m_refusedAtOnce; }

private:
    Status run(const DimseMessage& request);
    /// Status to answer with; the sink's error ends the retrieval.
    int take(DimseMessage&& store, Status& sinkStatus);
    void stopPeer(quint16 messageId);

    Association* m_association = nullptr;
    AcceptedContext m_context;
    const StudySource::ObjectSink& m_sink;
    const StudySource::ProgressSink& m_progressSink;
    std::set<QString> m_wanted, m_received;
    RetrieveProgress m_progress;
    int m_failed = 0;
    bool m_refusedAtOnce = false;
};

} // namespace yz
