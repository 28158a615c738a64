#include "dicom/net/study_client.h"

#include "dicom/net/association.h"
#include "dicom/net/data_set_dcmtk.h"
#include "dicom/net/query_dcmtk.h"
#include "dicom/net/retrieval.h"
#include "dicom/net/storage_contexts.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <map>
#include <mutex>

namespace yz {

namespace {

constexpr size_t kUidsPerRequest = 100;
constexpr std::chrono::seconds kCatalogueAge{60};
constexpr size_t kCatalogueStudies = 16;

const QString& findModel() {
    static const QString uid = QLatin1String(UID_FINDStudyRootQueryRetrieveInformationModel);
    return uid;
}

const QString& getModel() {
    static const QString uid = QLatin1String(UID_GETStudyRootQueryRetrieveInformationModel);
    return uid;
}

StudySummary summaryOf(DcmDataset& match) {
    StudySummary summary;
    summary.reference = {StudyUid(getText(match, DCM_StudyInstanceUID)), getText(match, DCM_AccessionNumber),
                         dateFromDicom(getText(match, DCM_StudyDate)),
                         getText(match, DCM_ModalitiesInStudy).replace(u'\\', u'/'),
                         getText(match, DCM_StudyDescription)};
    summary.patient.id = PatientId(getText(match, DCM_PatientID));
    summary.patient.issuerOfId = getText(match, DCM_IssuerOfPatientID);
    summary.patient.name = PersonName::fromDicom(getText(match, DCM_PatientName));
    summary.patient.birthDate = dateFromDicom(getText(match, DCM_PatientBirthDate));
    summary.patient.sex = sexFromDicom(getText(match, DCM_PatientSex));
    summary.patient.textRepair = textRepairOf(match);
    summary.seriesCount = getNumber(match, DCM_NumberOfStudyRelatedSeries);
    summary.instanceCount = getNumber(match, DCM_NumberOfStudyRelatedInstances);
    return summary;
}

Status findStudies(Association& association, const StudyQuery& query, KeyCharacterSet characterSet,
                   std::vector<StudySummary>& studies) {
    DcmDataset identifier;
    if (const Status put = putKeys(identifier, "STUDY",
                                   {{DCM_StudyInstanceUID, query.study.value()},
                                    {DCM_PatientID, query.patient.value()},
                                    {DCM_PatientName, nameKey(query.patientName)},
                                    {DCM_AccessionNumber, query.accessionNumber},
                                    {DCM_IssuerOfPatientID, {}},
                                    {DCM_PatientBirthDate, {}},
                                    {DCM_PatientSex, {}},
                                    {DCM_StudyDate, {}},
                                    {DCM_StudyTime, {}},
                                    {DCM_StudyDescription, {}},
                                    {DCM_ModalitiesInStudy, {}},
                                    {DCM_NumberOfStudyRelatedSeries, {}},
                                    {DCM_NumberOfStudyRelatedInstances, {}}},
                                   characterSet);
        !put)
        return put;
    return runFind(association, association.contexts().front(), identifier, [&](DcmDataset& match) -> Status {
        StudySummary summary = summaryOf(match);
        if (!summary.reference.studyUid.isEmpty() && nameFits(summary.patient.name, query.patientName))
            studies.push_back(std::move(summary));
        return {};
    });
}

bool isBeyondAscii(const StudyQuery& query) {
    const QString keys = query.patientName + query.patient.value() + query.accessionNumber;
    return std::any_of(keys.begin(), keys.end(), [](QChar c) { return c.unicode() >= 0x80; });
}

Status findSeries(Association& association, const AcceptedContext& context, const StudyUid& study,
                  std::vector<SeriesUid>& series) {
    DcmDataset identifier;
    if (const Status put =
            putKeys(identifier, "SERIES", {{DCM_StudyInstanceUID, study.value()}, {DCM_SeriesInstanceUID, {}}});
        !put)
        return put;
    return runFind(association, context, identifier, [&](DcmDataset& match) -> Status {
        if (const QString uid = getText(match, DCM_SeriesInstanceUID); !uid.isEmpty())
            series.push_back(SeriesUid(uid));
        return {};
    });
}

Status findImages(Association& association, const AcceptedContext& context, const StudyUid& study,
                  const SeriesUid& series, std::vector<InstanceRecord>& records) {
    DcmDataset identifier;
    if (const Status put = putKeys(identifier, "IMAGE",
                                   {{DCM_StudyInstanceUID, study.value()},
                                    {DCM_SeriesInstanceUID, series.value()},
                                    {DCM_SOPInstanceUID, {}},
                                    {DCM_SOPClassUID, {}},
                                    {DCM_InstanceNumber, {}},
                                    {DCM_NumberOfFrames, {}},
                                    {DCM_AvailableTransferSyntaxUID, {}}});
        !put)
        return put;
    return runFind(association, context, identifier, [&](DcmDataset& match) -> Status {
        InstanceRecord record;
        record.study = study;
        record.series = series;
        record.instance = InstanceUid(getText(match, DCM_SOPInstanceUID));
        record.sopClass = SopClassUid(getText(match, DCM_SOPClassUID));
        record.transferSyntax = getText(match, DCM_AvailableTransferSyntaxUID).section(u'\\', 0, 0);
        record.instanceNumber = getNumber(match, DCM_InstanceNumber);
        record.frameCount = getNumber(match, DCM_NumberOfFrames);
        if (!record.instance.isEmpty())
            records.push_back(record);
        return {};
    });
}

std::vector<SopClassUid> classesOf(const std::vector<InstanceRecord>& records) {
    std::vector<SopClassUid> classes;
    for (const InstanceRecord& record : records)
        if (!record.sopClass.isEmpty() && std::find(classes.begin(), classes.end(), record.sopClass) == classes.end())
            classes.push_back(record.sopClass);
    return classes;
}

// Only the instances: by groups, and by series where the peer does not take instances.
Status getInstances(Retrieval& retrieval, const RetrieveRequest& request) {
    Status worst;
    for (size_t at = 0; at < request.instances.size(); at += kUidsPerRequest) {
        const auto first = request.instances.begin() + std::ptrdiff_t(at);
        const auto last =
            request.instances.begin() + std::ptrdiff_t(std::min(at + kUidsPerRequest, request.instances.size()));
        const Status got = retrieval.get(request.study, request.series, {first, last});
        if (!got && retrieval.refusedAtOnce())
            return retrieval.get(request.study, request.series, {});
        if (!got && got.error().code != ErrorCode::StudyIncomplete)
            return got;
        if (!got)
            worst = got;
    }
    return worst;
}

// One association for one or more requests.
Status attempt(const NetworkSettings& settings, const std::vector<ContextProposal>& storage, Retrieval& retrieval,
               const CancelToken& token, const std::function<Status()>& requests) {
    std::vector<ContextProposal> proposals{{getModel(), messageTransferSyntaxes()}};
    proposals.insert(proposals.end(), storage.begin(), storage.end());
    auto association = Association::open(settings, proposals, token);
    if (!association)
        return fail(association.error());
    const Result<AcceptedContext> context = (*association)->require({getModel()});
    if (!context)
        return fail(context.error());
    retrieval.setAssociation(**association, *context);
    const Status status = requests();
    if (status || status.error().code == ErrorCode::StudyIncomplete)
        (*association)->release();
    return status;
}

// The peer's word that some objects could not be sent.
bool mayBeSyntax(const Error& error) {
    return error.code == ErrorCode::StudyIncomplete || error.code == ErrorCode::PeerOutOfResources;
}

// Some archives send every object in the context they find first and fail where it has another syntax: they are asked
// again, one syntax at a time.
Status retryBySyntax(const NetworkSettings& settings, Retrieval& retrieval, const std::vector<InstanceRecord>& wanted,
                     const CancelToken& token) {
    for (size_t index = 1;; ++index) {
        std::map<QString, RetrieveRequest> bySeries;
        std::vector<InstanceRecord> left;
        for (const InstanceRecord& record : wanted)
            if (!retrieval.received().contains(record.instance.value())) {
                RetrieveRequest& request = bySeries[record.series.value()];
                request.study = record.study;
                request.series = record.series;
                request.instances.push_back(record.instance);
                left.push_back(record);
            }
        const std::vector<ContextProposal> storage = storageContextsOfOneSyntax(classesOf(left), index);
        if (left.empty() || storage.empty())
            return {};
        const Status tried = attempt(settings, storage, retrieval, token, [&]() -> Status {
            Status worst;
            for (const auto& [uid, request] : bySeries)
                if (const Status got = getInstances(retrieval, request); !got) {
                    if (!mayBeSyntax(got.error()))
                        return got;
                    worst = got;
                }
            return worst;
        });
        if (!tried && !mayBeSyntax(tried.error()))
            return tried;
    }
}

} // namespace

/// What findInstances() saw lately, so that the retrieval after it knows classes and numbers without asking again.
class DicomStudyClient::Catalogue {
public:
    void put(const StudyUid& study, std::vector<InstanceRecord> records) {
        const std::lock_guard lock(m_mutex);
        if (m_entries.size() >= kCatalogueStudies)
            m_entries.clear();
        m_entries[study.value()] = {std::chrono::steady_clock::now(), std::move(records)};
    }
    std::optional<std::vector<InstanceRecord>> get(const StudyUid& study) const {
        const std::lock_guard lock(m_mutex);
        const auto it = m_entries.find(study.value());
        if (it == m_entries.end() || std::chrono::steady_clock::now() - it->second.first > kCatalogueAge)
            return std::nullopt;
        return it->second.second;
    }

private:
    mutable std::mutex m_mutex;
    std::map<QString, std::pair<std::chrono::steady_clock::time_point, std::vector<InstanceRecord>>> m_entries;
};

DicomStudyClient::DicomStudyClient(NetworkSettings settings)
    : m_settings(std::move(settings)), m_catalogue(std::make_unique<Catalogue>()) {}

DicomStudyClient::~DicomStudyClient() = default;

Result<std::vector<StudySummary>> DicomStudyClient::findStudies(const StudyQuery& query, const CancelToken& token) {
    auto association = Association::open(m_settings, {{findModel(), messageTransferSyntaxes()}}, token);
    if (!association)
        return fail(association.error());
    std::vector<StudySummary> studies;
    if (const Status found = yz::findStudies(**association, query, KeyCharacterSet::Utf8, studies); !found)
        return fail(found.error());
    if (studies.empty() && isBeyondAscii(query))
        if (const Status found = yz::findStudies(**association, query, KeyCharacterSet::Gb18030, studies); !found)
            return fail(found.error());
    (*association)->release();
    return studies;
}

Result<std::vector<InstanceRecord>> DicomStudyClient::findInstances(const StudyUid& study, const CancelToken& token) {
    if (study.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("no study UID"));
    auto association = Association::open(m_settings, {{findModel(), messageTransferSyntaxes()}}, token);
    if (!association)
        return fail(association.error());
    const AcceptedContext context = (*association)->contexts().front();
    std::vector<SeriesUid> series;
    if (const Status found = findSeries(**association, context, study, series); !found)
        return fail(found.error());
    std::vector<InstanceRecord> records;
    for (const SeriesUid& uid : series)
        if (const Status found = findImages(**association, context, study, uid, records); !found)
            return fail(found.error());
    (*association)->release();
    m_catalogue->put(study, records);
    return records;
}

Status DicomStudyClient::retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink& progress,
                                  const CancelToken& token) {
    if (request.study.isEmpty() || (!request.instances.empty() && request.series.isEmpty()))
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("study, and series for single instances, must be given"));
    std::optional<std::vector<InstanceRecord>> known = m_catalogue->get(request.study);
    if (!known) {
        Result<std::vector<InstanceRecord>> found = findInstances(request.study, token);
        if (found)
            known = std::move(*found);
        else if (found.error().code != ErrorCode::PeerError && found.error().code != ErrorCode::PeerRefusedObject &&
                 found.error().code != ErrorCode::PresentationContextRefused)
            return fail(found.error()); // a peer that cannot be queried may still send
    }
    if (known && known->empty())
        return fail(ErrorCode::NotFound, QStringLiteral("the platform has no such study"));

    std::set<QString> expected;
    std::vector<InstanceRecord> wanted;
    for (const InstanceRecord& record : known.value_or(std::vector<InstanceRecord>())) {
        const bool inSeries = request.series.isEmpty() || record.series == request.series;
        const bool named = request.instances.empty() || std::find(request.instances.begin(), request.instances.end(),
                                                                  record.instance) != request.instances.end();
        if (inSeries && named) {
            expected.insert(record.instance.value());
            wanted.push_back(record);
        }
    }
    std::set<QString> named;
    for (const InstanceUid& instance : request.instances)
        named.insert(instance.value());
    if (!named.empty())
        expected = named;

    Retrieval retrieval(sink, progress);
    retrieval.setTotal(static_cast<int>(expected.size()));
    retrieval.setWanted(named);
    Status got = attempt(m_settings, storageContexts(classesOf(wanted)), retrieval, token, [&]() -> Status {
        return named.empty() ? retrieval.get(request.study, request.series, {}) : getInstances(retrieval, request);
    });
    const auto missing = [&] {
        std::erase_if(wanted,
                      [&](const InstanceRecord& r) { return retrieval.received().contains(r.instance.value()); });
        return !wanted.empty();
    };
    if (!got && mayBeSyntax(got.error()) && retrieval.failedCount() > 0 && missing()) {
        if (const Status retried = retryBySyntax(m_settings, retrieval, wanted, token); !retried)
            return retried;
        if (!missing())
            got = Status{};
    }
    if (!got && got.error().code != ErrorCode::StudyIncomplete)
        return got;
    const auto lost = std::count_if(expected.begin(), expected.end(),
                                    [&](const QString& uid) { return !retrieval.received().contains(uid); });
    if (!got || lost > 0)
        return fail(ErrorCode::StudyIncomplete,
                    QStringLiteral("%1 of %2 objects did not come, %3 sub-operations failed")
                        .arg(lost)
                        .arg(expected.size())
                        .arg(retrieval.failedCount()));
    return {};
}

} // namespace yz
