#pragma once

#include "dicom/net/study_client.h"

namespace yz {

class EventListener;

/// Studies by Study Root C-FIND and C-MOVE (PS3.4 C.4.2), for archives that offer no C-GET: they send to the AE title
/// of this workstation, at the port of its listener, which they must know. One request at a time and object;
/// thread-safe.
///
/// retrieve() ends with StudyIncomplete when objects are missing, after having handed on all that came; EventPortTaken
/// when the listener has no port here (another desk has it): nothing could arrive.
class DicomMoveClient final : public StudySource {
public:
    /// `listener` must outlive this object.
    DicomMoveClient(NetworkSettings settings, EventListener& listener);

    Result<std::vector<StudySummary>> findStudies(const StudyQuery& query, const CancelToken& token) override;
    Result<std::vector<InstanceRecord>> findInstances(const StudyUid& study, const CancelToken& token) override;
    std::vector<ListedSeries> listedSeries(const StudyUid& study) override { return m_find.listedSeries(study); }
    Status retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink& progress,
                    const CancelToken& token) override;

private:
    NetworkSettings m_settings;
    EventListener& m_listener;
    DicomStudyClient m_find;
};

} // namespace yz
