#include "dicom/net/study_client.h"

#include "dicom/net/association_keeper.h"
#include "dicom/net/data_set_dcmtk.h"
#include "dicom/net/query_dcmtk.h"
#include "dicom/net/retrieval_run.h"
#include "dicom/net/retrieve_request.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace yz {

namespace {

constexpr std::chrono::seconds kCatalogueAge{60};
constexpr size_t kCatalogueStudies = 16;
constexpr std::chrono::milliseconds kSlice{50};
// An answer that takes so long, for the line's sake or the archive's: a reader would wait for questions asked one after
// the other. An association costs two of them.
constexpr std::chrono::milliseconds kFar{30};
constexpr size_t kSeriesPerHelper = 4;
constexpr std::chrono::seconds kPatienceWithOthers{2};

// `most`: associations at a time.
int helpersFor(size_t series, int most) {
    return std::clamp(static_cast<int>(series / kSeriesPerHelper), 0, std::max(0, most - 1));
}

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

const QString& getModel() {
    static const QString uid = QLatin1String(UID_GETStudyRootQueryRetrieveInformationModel);
    return uid;
}

Status findStudies(Association& association, const AcceptedContext& context, const StudyQuery& query,
                   KeyCharacterSet characterSet, std::vector<StudySummary>& studies) {
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
    return runFind(association, context, identifier, [&](DcmDataset& match) -> Status {
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

/// What each series of a study has, asked for by one or several at a time (PS3.4 C.4.1: a query at level IMAGE is for
/// one series). Thread-safe.
class SeriesListing {
public:
    SeriesListing(StudyUid study, const std::vector<ListedSeries>& series) : m_study(std::move(study)) {
        for (const ListedSeries& each : series)
            m_entries.push_back({each.record.series, {}, false});
    }

    /// Until all is listed. Asks for what nobody asks for yet, and after a while for what others do not bring. The
    /// error of its own question.
    Status run(Association& association, const AcceptedContext& context, const CancelToken& token) {
        std::optional<std::chrono::steady_clock::time_point> waiting;
        while (true) {
            std::unique_lock lock(m_mutex);
            m_changed.wait_for(lock, kSlice, [this] { return isListed() || open() != m_entries.end(); });
            if (isListed())
                return {};
            if (token.isCancelled())
                return fail(ErrorCode::Cancelled);
            auto entry = open();
            if (entry == m_entries.end()) {
                const auto now = std::chrono::steady_clock::now();
                if (now - waiting.value_or(now) < kPatienceWithOthers) {
                    waiting = waiting.value_or(now);
                    continue;
                }
                entry =
                    std::find_if(m_entries.begin(), m_entries.end(), [](const Entry& each) { return !each.records; });
            }
            waiting.reset();
            entry->isAsked = true;
            lock.unlock();
            std::vector<InstanceRecord> records;
            const Status found = findImages(association, context, m_study, entry->series, records);
            lock.lock();
            entry->isAsked = false;
            if (found)
                entry->records = std::move(records);
            m_changed.notify_all();
            if (!found)
                return found;
        }
    }
    /// In the order of the series.
    [[nodiscard]] std::vector<InstanceRecord> records() const {
        const std::lock_guard lock(m_mutex);
        std::vector<InstanceRecord> all;
        for (const Entry& entry : m_entries)
            all.insert(all.end(), entry.records->begin(), entry.records->end());
        return all;
    }

private:
    struct Entry {
        SeriesUid series;
        std::optional<std::vector<InstanceRecord>> records;
        bool isAsked = false;
    };

    [[nodiscard]] std::vector<Entry>::iterator open() {
        return std::find_if(m_entries.begin(), m_entries.end(),
                            [](const Entry& entry) { return !entry.records && !entry.isAsked; });
    }
    [[nodiscard]] bool isListed() const {
        return std::all_of(m_entries.begin(), m_entries.end(),
                           [](const Entry& entry) { return entry.records.has_value(); });
    }

    const StudyUid m_study;
    mutable std::mutex m_mutex; ///< of the entries, whose number is fixed
    std::condition_variable m_changed;
    std::vector<Entry> m_entries;
};

} // namespace

/// More associations for a listing, as long as it takes. Their errors are nobody's: who began asks for what they leave.
class DicomStudyClient::QueryHelpers {
public:
    QueryHelpers(DicomStudyClient& client, SeriesListing& listing, int count) {
        for (int i = 0; i < count; ++i)
            m_threads.emplace_back([this, &client, &listing] {
                Result<std::unique_ptr<Association>> association = client.open(m_stop);
                const Result<AcceptedContext> context = association
                                                            ? (*association)->require({findModel()})
                                                            : Result<AcceptedContext>(fail(association.error()));
                if (context && listing.run(**association, *context, m_stop))
                    client.m_keeper->keep(std::move(*association));
            });
    }
    ~QueryHelpers() {
        m_stop.cancel(); // a peer may not have let them in yet
        for (std::thread& thread : m_threads)
            thread.join();
    }
    QueryHelpers(const QueryHelpers&) = delete;
    QueryHelpers& operator=(const QueryHelpers&) = delete;

private:
    CancelToken m_stop;
    std::vector<std::thread> m_threads;
};

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

DicomStudyClient::DicomStudyClient(NetworkSettings settings, Use use)
    : m_settings(std::move(settings)), m_queriesOnly(use == Use::QueryOnly),
      m_keeper(std::make_unique<AssociationKeeper>()), m_catalogue(std::make_unique<Catalogue>()) {}

DicomStudyClient::~DicomStudyClient() = default;

Result<std::unique_ptr<Association>> DicomStudyClient::open(const CancelToken& token) {
    const std::vector<ContextProposal> plain{{findModel(), messageTransferSyntaxes()}};
    if (!m_queriesOnly) {
        std::vector<ContextProposal> more = plain;
        more.push_back({getModel(), messageTransferSyntaxes()});
        for (ContextProposal& storage : readyStorageContexts())
            more.push_back(std::move(storage));
        Result<std::unique_ptr<Association>> opened = Association::open(m_settings, more, token);
        if (opened || (opened.error().code != ErrorCode::AssociationRefused &&
                       opened.error().code != ErrorCode::AssociationAborted))
            return opened;
    }
    Result<std::unique_ptr<Association>> opened = Association::open(m_settings, plain, token);
    if (opened)
        m_queriesOnly = true;
    return opened;
}

Status DicomStudyClient::query(const std::function<Status(Association&, const AcceptedContext&)>& ask,
                               const CancelToken& token) {
    while (true) {
        std::unique_ptr<Association> association = m_keeper->take(token);
        const bool wasKept = association != nullptr;
        if (!wasKept) {
            Result<std::unique_ptr<Association>> opened = open(token);
            if (!opened)
                return fail(opened.error());
            association = std::move(*opened);
        }
        const Result<AcceptedContext> context = association->require({findModel()});
        if (!context)
            return fail(context.error());
        const Status asked = ask(*association, *context);
        if (asked)
            m_keeper->keep(std::move(association));
        if (asked || !wasKept || asked.error().code != ErrorCode::AssociationAborted)
            return asked;
    }
}

Result<std::vector<StudySummary>> DicomStudyClient::findStudies(const StudyQuery& query, const CancelToken& token) {
    std::vector<StudySummary> studies;
    const auto ask = [&](Association& association, const AcceptedContext& context) {
        studies.clear();
        const Status found = yz::findStudies(association, context, query, KeyCharacterSet::Utf8, studies);
        if (!found || !studies.empty() || !isBeyondAscii(query))
            return found;
        return yz::findStudies(association, context, query, KeyCharacterSet::Gb18030, studies);
    };
    if (const Status found = this->query(ask, token); !found)
        return fail(found.error());
    return studies;
}

Result<std::vector<InstanceRecord>> DicomStudyClient::findInstances(const StudyUid& study, const CancelToken& token) {
    if (study.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("no study UID"));
    std::vector<ListedSeries> series;
    std::vector<InstanceRecord> records;
    const auto ask = [&](Association& association, const AcceptedContext& context) -> Status {
        series.clear();
        records.clear();
        const auto asked = std::chrono::steady_clock::now();
        if (const Status found = findSeries(association, context, study, series); !found)
            return found;
        const bool isFar = std::chrono::steady_clock::now() - asked > kFar;
        SeriesListing listing(study, series);
        const QueryHelpers helpers(*this, listing, isFar ? helpersFor(series.size(), m_settings.associations) : 0);
        if (const Status found = listing.run(association, context, token); !found)
            return found;
        records = listing.records();
        return {};
    };
    if (const Status found = query(ask, token); !found)
        return fail(found.error());
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
    return RetrievalRun(m_settings, *m_keeper, request, wantedObjects(request, known)).run(sink, progress, token);
}

} // namespace yz
