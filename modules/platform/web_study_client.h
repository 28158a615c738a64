#pragma once

#include "domain/ports.h"
#include "platform/http_exchange.h"

#include <memory>

namespace yz {

/// Studies on a DICOMweb server: QIDO-RS and WADO-RS (PS3.18 10.4, 10.6). Thread-safe; not for the GUI thread.
///
/// retrieve() asks for single instances, WebNode::connections at a time, and for as long as the server answers; with
/// one connection a whole series is one answer. Objects come as the server has them stored (transfer-syntax=*). What
/// the line or a busy server kept away is asked for again, after a pause; what is missing in the end is
/// StudyIncomplete, after all that came has been handed on. Files are handed on as they came; only the two UIDs of the
/// file meta information are read here, everything else is for the decoder. Of the objects that are named the first
/// comes alone while the line is slow: others beside it would keep it from the reader.
class WebStudyClient final : public StudySource {
public:
    explicit WebStudyClient(WebNode node);
    ~WebStudyClient() override;

    Result<std::vector<StudySummary>> findStudies(const StudyQuery& query, const CancelToken& token) override;
    Result<std::vector<InstanceRecord>> findInstances(const StudyUid& study, const CancelToken& token) override;
    Status retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink& progress,
                    const CancelToken& token) override;
    std::vector<ListedSeries> listedSeries(const StudyUid& study) override;
    /// WADO-RS Retrieve Rendered Instance (PS3.18 10.4.1.1.4) with the viewport of 8.3.5.1.3, as image/jpeg.
    Result<RenderedPicture> rendered(const InstanceRecord& object, int side, const CancelToken& token) override;

private:
    class Catalogue;

    HttpExchange m_http;
    std::unique_ptr<Catalogue> m_catalogue;
};

} // namespace yz
