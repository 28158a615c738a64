#pragma once

#include "dicom/net/association.h"
#include "dicom/net/node.h"
#include "domain/ports.h"

#include <atomic>
#include <functional>
#include <memory>

namespace yz {

class AssociationKeeper;

/// Studies on the platform by Study Root C-FIND and C-GET (PS3.4 Annex C). Thread-safe.
///
/// Queries in a row share one association, and the first object of a retrieval behind them comes over it as well: on a
/// slow line most of the time until then is association requests. Over a long one the series of a study are listed by
/// several associations at a time.
///
/// retrieve() uses several where that helps, and goes on with what is missing when one breaks (RetrievalRun). It asks
/// for single instances in groups of at most 100; where the peer refuses that level it asks for the series and leaves
/// out what was not wanted. Objects are handed on as they were sent, never decoded. It ends with StudyIncomplete when
/// objects are missing, after having handed on all that came.
class DicomStudyClient final : public StudySource {
public:
    enum class Use { QueryAndRetrieve, QueryOnly };
    explicit DicomStudyClient(NetworkSettings settings, Use use = Use::QueryAndRetrieve);
    ~DicomStudyClient() override;

    Result<std::vector<StudySummary>> findStudies(const StudyQuery& query, const CancelToken& token) override;
    Result<std::vector<InstanceRecord>> findInstances(const StudyUid& study, const CancelToken& token) override;
    std::vector<ListedSeries> listedSeries(const StudyUid& study) override;
    Status retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink& progress,
                    const CancelToken& token) override;

private:
    class Catalogue;
    class QueryHelpers;

    /// For queries, and where the peer lets us for what follows them.
    Result<std::unique_ptr<Association>> open(const CancelToken& token);
    /// Does `ask` over an association that may have been open already, and once more where that one had been closed.
    Status query(const std::function<Status(Association&, const AcceptedContext&)>& ask, const CancelToken& token);

    NetworkSettings m_settings;
    std::atomic<bool> m_queriesOnly; ///< an association for more than queries was refused, or is not wanted
    std::unique_ptr<AssociationKeeper> m_keeper;
    std::unique_ptr<Catalogue> m_catalogue;
};

} // namespace yz
