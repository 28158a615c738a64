#pragma once

#include "dicom/net/node.h"
#include "domain/ports.h"

#include <memory>

namespace yz {

class Association;
struct AcceptedContext;

/// Studies on the platform by Study Root C-FIND and C-GET (PS3.4 Annex C). Thread-safe.
///
/// A query is one association. retrieve() uses several where that helps, and goes on with what is missing when one
/// breaks (RetrievalRun). It asks for single instances in groups of at most 100; where the peer refuses that level it
/// asks for the series and leaves out what was not wanted. Objects are handed on as they were sent, never decoded. It
/// ends with StudyIncomplete when objects are missing, after having handed on all that came.
class DicomStudyClient final : public StudySource {
public:
    explicit DicomStudyClient(NetworkSettings settings);
    ~DicomStudyClient() override;

    Result<std::vector<StudySummary>> findStudies(const StudyQuery& query, const CancelToken& token) override;
    Result<std::vector<InstanceRecord>> findInstances(const StudyUid& study, const CancelToken& token) override;
    std::vector<ListedSeries> listedSeries(const StudyUid& study) override;
    Status retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink& progress,
                    const CancelToken& token) override;

private:
    class Catalogue;

    NetworkSettings m_settings;
    std::unique_ptr<Catalogue> m_catalogue;
};

} // namespace yz
