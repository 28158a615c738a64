#include "dicom/net/study_client.h"

#include "dicom/net/association.h"
#include "dicom/net/data_set_dcmtk.h"
#include "dicom/net/query_dcmtk.h"
#include "dicom/net/retrieval_run.h"
#include "dicom/net/retrieve_request.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <map>
#include <mutex>

namespace yz {

namespace {

constexpr std::chrono::seconds kCatalogueAge{60};
constexpr size_t kCatalogueStudies = 16;

const QString& findModel() {
    static const QString uid = QLatin1String(UID_FINDStudyRootQueryRetrieveInformationModel);
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
                  std::vector<ListedSeries>& series) {
    DcmDataset identifier;
    if (const Status put = putKeys(identifier, "SERIES",
                                   {{DCM_StudyInstanceUID, study.value()},
                                    {DCM_SeriesInstanceUID, {}},
                                    {DCM_Modality, {}},
                                    {DCM_SeriesNumber, {}},
                                    {DCM_SeriesDescription, {}},
                                    {DCM_BodyPartExamined, {}}});
        !put)
        return put;
    return runFind(association, context, identifier, [&](DcmDataset& match) -> Status {
        ListedSeries listed;
        listed.record.series = SeriesUid(getText(match, DCM_SeriesInstanceUID));
        listed.record.modality = getText(match, DCM_Modality);
        listed.record.seriesNumber = getNumber(match, DCM_SeriesNumber);
        listed.record.description = getText(match, DCM_SeriesDescription);
        listed.record.bodyPart = getText(match, DCM_BodyPartExamined);
        if (!listed.record.series.isEmpty())
            series.push_back(std::move(listed));
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

} // namespace

/// What findInstances() saw lately, so that the retrieval after it knows classes and numbers without asking again.
class DicomStudyClient::Catalogue {
public:
    void put(const StudyUid& study, std::vector<InstanceRecord> records, std::vector<ListedSeries> series) {
        const std::lock_guard lock(m_mutex);
        if (m_entries.size() >= kCatalogueStudies)
            m_entries.clear();
        m_entries[study.value()] = {std::chrono::steady_clock::now(), std::move(records), std::move(series)};
    }
    std::optional<std::vector<InstanceRecord>> get(const StudyUid& study) const {
        const std::lock_guard lock(m_mutex);
        const auto it = m_entries.find(study.value());
        if (it == m_entries.end() || std::chrono::steady_clock::now() - it->second.at > kCatalogueAge)
            return std::nullopt;
        return it->second.records;
    }
    std::vector<ListedSeries> seriesOf(const StudyUid& study) const {
        const std::lock_guard lock(m_mutex);
        const auto it = m_entries.find(study.value());
        return it == m_entries.end() ? std::vector<ListedSeries>() : it->second.series;
    }

private:
    struct Entry {
        std::chrono::steady_clock::time_point at;
        std::vector<InstanceRecord> records;
        std::vector<ListedSeries> series;
    };
    mutable std::mutex m_mutex;
    std::map<QString, Entry> m_entries;
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
    std::vector<ListedSeries> series;
    if (const Status found = findSeries(**association, context, study, series); !found)
        return fail(found.error());
    std::vector<InstanceRecord> records;
    for (const ListedSeries& each : series)
        if (const Status found = findImages(**association, context, study, each.record.series, records); !found)
            return fail(found.error());
    (*association)->release();
    m_catalogue->put(study, records, std::move(series));
    return records;
}

std::vector<ListedSeries> DicomStudyClient::listedSeries(const StudyUid& study) { return m_catalogue->seriesOf(study); }

Status DicomStudyClient::retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink& progress,
                                  const CancelToken& token) {
    if (const Status checked = checkRequest(request); !checked)
        return checked;
    std::vector<InstanceRecord> known;
    if (request.listed.empty()) {
        std::optional<std::vector<InstanceRecord>> kept = m_catalogue->get(request.study);
        if (!kept) {
            Result<std::vector<InstanceRecord>> found = findInstances(request.study, token);
            if (found)
                kept = std::move(*found);
            else if (found.error().code != ErrorCode::PeerError && found.error().code != ErrorCode::PeerRefusedObject &&
                     found.error().code != ErrorCode::PresentationContextRefused)
                return fail(found.error()); // a peer that cannot be queried may still send
        }
        if (kept && kept->empty())
            return fail(ErrorCode::NotFound, QStringLiteral("the platform has no such study"));
        known = std::move(kept).value_or(std::vector<InstanceRecord>());
    }
    return RetrievalRun(m_settings, request, wantedObjects(request, known)).run(sink, progress, token);
}

} // namespace yz
