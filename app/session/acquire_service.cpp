#include "session/acquire_service.h"

#include "core/log.h"
#include "dicom/report/report_signature_block.h"
#include "domain/presentation_object.h"
#include "jobs/jobs.h"
#include "storage/desk_store.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>

namespace yz {

namespace {

constexpr size_t kPreviewSeries = 16; // each costs a round trip of its own
constexpr int kPreviewSide = 512;
constexpr qint64 kCommonImageBytes = 512LL << 10; // a CT slice; most images are larger
constexpr double kLongSeconds = 1.0;              // a reader waits that long without a picture
constexpr qint64 kTellingBytes = 128LL << 10;     // less than that says more of the delay than of the rate

// Reports live beside the images in the study; they are read through fetchReportObject, not hung as pictures.
bool isReportObject(const SopClassUid& sopClass) {
    if (sopClass == kKeyObjectClass) // says which pictures matter
        return false;
    return sopClass.value().startsWith(u"1.2.840.10008.5.1.4.1.1.88.") ||
           sopClass.value().startsWith(u"1.2.840.10008.5.1.4.1.1.104.");
}

/// Takes the objects of one retrieval one by one.
class Intake {
public:
    Intake(DeskStore& store, PixelSource& pixels, StudyUid study, PatientId patient,
           const AcquireService::InstanceSink& onInstance)
        : m_store(store), m_pixels(pixels), m_study(std::move(study)), m_patient(std::move(patient)),
          m_onInstance(onInstance) {}

    Status take(ReceivedObject&& object) {
        m_bytes += object.file.size();
        Result<DataSetHeader> header = m_pixels.readHeader(object.file);
        if (!header)
            return isTheDesks(header.error()) ? fail(header.error()) : setAside(object.instance, header.error());
        if (header->instance.instance != object.instance)
            return setAside(object.instance, {ErrorCode::DataSetBroken, QStringLiteral("SOP Instance UID differs")});
        if (header->study.study != m_study)
            return setAside(object.instance, {ErrorCode::StudyMismatch, {}});
        if (!m_patient.isEmpty() && header->study.patient.id != m_patient)
            return setAside(object.instance, {ErrorCode::PatientMismatch, {}});
        // Nothing is written for an object that contradicts what is here, and it must not keep the others away.
        if (const Status belongs = m_store.studies().belongs(*header); !belongs) {
            const ErrorCode code = belongs.error().code;
            const bool isTheObjects = code == ErrorCode::AttributeMissing || code == ErrorCode::PatientMismatch ||
                                      code == ErrorCode::StudyMismatch;
            return isTheObjects ? setAside(object.instance, belongs.error()) : belongs;
        }
        Result<QString> path = m_store.vault().put(m_study, object.instance, object.file);
        if (!path)
            return fail(path.error());
        header->instance.path = *path;
        if (Status added = m_store.studies().add(*header, checksumOf(object.file)); !added)
            return added;
        ++m_added;
        if (m_onInstance)
            m_onInstance(*header);
        return {};
    }

    [[nodiscard]] qint64 bytes() const { return m_bytes; }
    [[nodiscard]] int added() const { return m_added; }
    [[nodiscard]] int setAsideCount() const { return m_setAside; }

private:
    /// Nothing was learned of the object; what is set aside is not fetched again. Neither is an answer of a decoder.
    static bool isTheDesks(const Error& error) {
        return error.code == ErrorCode::DecoderUnavailable || error.code == ErrorCode::Cancelled;
    }
    Status setAside(const InstanceUid& instance, const Error& reason) {
        qCWarning(logSession) << "set aside an object:" << reason.toString();
        ++m_setAside;
        return m_store.studies().setAside(m_study, {instance, reason});
    }

    DeskStore& m_store;
    PixelSource& m_pixels;
    StudyUid m_study;
    PatientId m_patient;
    const AcquireService::InstanceSink& m_onInstance;
    qint64 m_bytes = 0;
    int m_added = 0;
    int m_setAside = 0;
};

/// One picture of every series before the rest of any: few bytes, and the reader sees what there is. `shownFirst`: the
/// series in the order they will be shown. How many these pictures are.
size_t orderForReading(std::vector<InstanceRecord>& objects, const std::vector<SeriesUid>& shownFirst) {
    std::map<SeriesUid, size_t> place; // the other series keep the order they are listed in
    for (const SeriesUid& series : shownFirst)
        place.emplace(series, place.size());
    for (const InstanceRecord& object : objects)
        place.emplace(object.series, place.size());
    std::stable_sort(objects.begin(), objects.end(), [&](const InstanceRecord& a, const InstanceRecord& b) {
        return std::pair(place[a.series], a.instanceNumber) < std::pair(place[b.series], b.instanceNumber);
    });
    std::vector<InstanceRecord> first, rest;
    for (auto begin = objects.begin(); begin != objects.end();) {
        const auto end = std::find_if(begin, objects.end(),
                                      [&](const InstanceRecord& object) { return object.series != begin->series; });
        const auto middle = begin + (end - begin) / 2;
        for (auto it = begin; it != end; ++it)
            (it == middle && first.size() < kPreviewSeries ? first : rest).push_back(*it);
        begin = end;
    }
    objects = std::move(first);
    const size_t count = objects.size();
    objects.insert(objects.end(), rest.begin(), rest.end());
    return count;
}

/// Checksums of what lies in the vault for a study, made on this thread and, as far as there is a free one, another.
class ChecksumJob {
public:
    ChecksumJob(const FileVault& vault, StudyUid study, std::vector<InstanceUid> instances)
        : m_vault(vault), m_study(std::move(study)), m_instances(std::move(instances)), m_sums(m_instances.size()) {}
    static std::vector<Result<QByteArray>> run(const FileVault& vault, const StudyUid& study,
                                               std::vector<InstanceUid> instances) {
        constexpr size_t kFewFiles = 8;
        const auto job = std::make_shared<ChecksumJob>(vault, study, std::move(instances));
        if (job->m_instances.size() > kFewFiles) // one that starts late finds nothing to do
            (void)jobs::start(jobs::Lane::Compute, [job] { job->work(); });
        job->work();
        std::unique_lock lock(job->m_mutex);
        job->m_changed.wait(lock, [&job] { return job->m_done == job->m_instances.size(); });
        return std::move(job->m_sums);
    }

private:
    void work() {
        for (size_t i = m_next++; i < m_instances.size(); i = m_next++) {
            m_sums[i] = m_vault.checksum(m_study, m_instances[i]);
            const std::scoped_lock lock(m_mutex);
            ++m_done;
            m_changed.notify_all();
        }
    }

    const FileVault& m_vault;
    const StudyUid m_study;
    const std::vector<InstanceUid> m_instances;
    std::vector<Result<QByteArray>> m_sums;
    std::atomic<size_t> m_next = 0;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    size_t m_done = 0;
};

} // namespace

/// A power cut may take a picture that was received just before, and a disk may change one: wrong pixels would not
/// show. Then it is fetched again.
Result<int> AcquireService::forgetDamagedFiles(const StudyUid& study) {
    const Result<StudyRecord> record = m_store.studies().study(study);
    if (!record)
        return record.error().code == ErrorCode::NotFound ? Result<int>(0) : fail(record.error());
    const Result<std::map<InstanceUid, QByteArray>> known = m_store.studies().checksumsOf(study);
    if (!known)
        return fail(known.error());
    std::vector<InstanceUid> instances;
    for (const SeriesRecord& series : record->series)
        for (const InstanceRecord& instance : series.instances)
            instances.push_back(instance.instance);
    const std::vector<Result<QByteArray>> sums = ChecksumJob::run(m_store.vault(), study, instances);
    int damaged = 0;
    for (size_t i = 0; i < instances.size(); ++i) {
        const Result<QByteArray>& now = sums[i];
        const auto checksum = known->find(instances[i]);
        if (now && (checksum == known->end() || *now == checksum->second))
            continue;
        const bool isHere = now || now.error().code != ErrorCode::FileNotFound;
        if (!now && isHere && now.error().code != ErrorCode::FileUnreadable)
            return fail(now.error()); // no key, no descriptor: nothing is known to be wrong with the file
        qCWarning(logSession) << "a received file is" << (isHere ? "damaged" : "gone") << "and counts as missing";
        ++damaged;
        if (Status forgotten = m_store.studies().forget(instances[i]); !forgotten)
            return fail(forgotten.error());
        m_store.vault().remove(study, instances[i]);
    }
    return damaged;
}

Result<StudyRecord> AcquireService::acquire(const StudyUid& study, const InstanceSink& onInstance,
                                            const ProgressSink& onProgress, const CancelToken& token,
                                            const ReaderWishes& wishes) {
    const Result<int> damaged = forgetDamagedFiles(study);
    if (!damaged)
        return fail(damaged.error());
    if (*damaged > 0 && onProgress) { // with no line this is all there will be to say
        const Result<StudyStore::Completeness> left = m_store.studies().completeness(study);
        if (!left)
            return fail(left.error());
        onProgress({left->have, std::max(left->expected, left->have + *damaged), 0, 0, *damaged});
    }
    Result<std::vector<InstanceRecord>> listed = m_source.findInstances(study, token);
    if (!listed) {
        // No platform: what is here and complete can be read all the same.
        const Result<StudyStore::Completeness> known = m_store.studies().completeness(study);
        if (known && known->isComplete())
            return m_store.studies().study(study);
        return fail(listed.error());
    }
    std::erase_if(*listed, [](const InstanceRecord& record) { return isReportObject(record.sopClass); });
    if (listed->empty())
        return fail(ErrorCode::NotFound, QStringLiteral("the platform has no images of this study"));

    // The patient the platform filed the study under: an object that says another one does not belong here.
    StudyQuery studyQuery;
    studyQuery.study = study;
    const Result<std::vector<StudySummary>> summaries = m_source.findStudies(studyQuery, token);
    if (!summaries)
        return fail(summaries.error());
    const PatientId patient = summaries->empty() ? PatientId() : summaries->front().patient.id;

    Result<std::set<InstanceUid>> have = m_store.studies().instancesOf(study);
    if (!have)
        return fail(have.error());
    Result<std::vector<StudyStore::SetAside>> refused = m_store.studies().setAsideOf(study);
    if (!refused)
        return fail(refused.error());
    std::set<InstanceUid> settled = *have;
    for (const StudyStore::SetAside& object : *refused)
        settled.insert(object.instance);

    RetrieveRequest request;
    request.study = study;
    for (const InstanceRecord& record : *listed)
        if (!settled.contains(record.instance))
            request.listed.push_back(record);
    std::vector<ListedSeries> series = m_source.listedSeries(study);
    for (ListedSeries& each : series)
        std::copy_if(listed->begin(), listed->end(), std::back_inserter(each.record.instances),
                     [&](const InstanceRecord& record) { return record.series == each.record.series; });
    request.first = orderForReading(request.listed, wishes.order ? wishes.order(series) : std::vector<SeriesUid>());
    request.focus = wishes.focus;
    // Objects made here that the platform does not have yet belong to the study as well.
    std::set<InstanceUid> known;
    for (const InstanceRecord& record : *listed)
        known.insert(record.instance);
    for (const InstanceUid& instance : *have)
        known.insert(instance);
    const int total = static_cast<int>(known.size());
    if (Status noted = m_store.studies().setExpectedCount(study, total - static_cast<int>(refused->size())); !noted)
        return fail(noted.error());

    Intake intake(m_store, m_pixels, study, patient, onInstance);
    const int before = static_cast<int>(have->size());
    const int toCome = static_cast<int>(request.listed.size());
    TransferMeter meter(m_clock);
    RetrieveProgress line;
    const auto report = [&] {
        const int came = intake.added() + intake.setAsideCount();
        const TransferRate rate = meter.note(came, toCome, intake.bytes(), line.arriving);
        if (onProgress)
            onProgress({before + intake.added(), total, intake.bytes() + line.arriving,
                        static_cast<int>(refused->size()) + intake.setAsideCount(), *damaged, rate, line.isBroken});
    };
    report();
    std::optional<Error> problem;
    if (toCome > 0) {
        const SeriesUid shown = request.listed.front().series;
        const bool isHere = std::any_of(listed->begin(), listed->end(), [&](const InstanceRecord& record) {
            return record.series == shown && have->contains(record.instance);
        });
        std::optional<InstanceUid> previewed;
        if (wishes.onPreview && !isHere && showPreview(request.listed.front(), series, wishes, token))
            previewed = request.listed.front().instance;
        const auto begun = m_clock.monotonic();
        const Status retrieved = m_source.retrieve(
            request,
            [&](ReceivedObject&& object) -> Status {
                line.isBroken = false;
                const bool isPreviewed = object.instance == previewed;
                const int aside = intake.setAsideCount();
                Status taken = intake.take(std::move(object));
                if (isPreviewed && intake.setAsideCount() > aside) // who knows whose picture that was
                    wishes.onPreview(nullptr);
                report();
                return taken;
            },
            [&](const RetrieveProgress& progress) {
                const bool isNews = progress.arriving != line.arriving || progress.isBroken != line.isBroken;
                line = progress;
                if (isNews)
                    report();
            },
            token);
        rememberRate(intake.bytes(), m_clock.monotonic() - begun);
        if (!retrieved)
            problem = retrieved.error();
    }
    if (intake.setAsideCount() > 0) {
        const int expected = total - static_cast<int>(refused->size()) - intake.setAsideCount();
        if (Status noted = m_store.studies().setExpectedCount(study, expected); !noted)
            return fail(noted.error());
    }
    if (problem)
        return fail(*problem);
    return m_store.studies().study(study);
}

/// Before the objects, so that it has the line for itself. Whatever goes wrong with it is no reason to wait.
bool AcquireService::showPreview(const InstanceRecord& object, const std::vector<ListedSeries>& series,
                                 const ReaderWishes& wishes, const CancelToken& token) {
    const auto listed = std::find_if(series.begin(), series.end(),
                                     [&](const ListedSeries& each) { return each.record.series == object.series; });
    const qint64 imageBytes = listed != series.end() && listed->imageBytes > 0
                                  ? listed->imageBytes * std::max(1, object.frameCount)
                                  : kCommonImageBytes;
    const qint64 rate = m_bytesPerSecond;
    if (rate > 0 && double(imageBytes) / double(rate) < kLongSeconds)
        return false;
    const Result<RenderedPicture> picture = m_source.rendered(object, kPreviewSide, token);
    const Result<PixelBufferPtr> pixels =
        picture ? m_pixels.decodePicture(picture->jpeg) : Result<PixelBufferPtr>(fail(picture.error()));
    if (!pixels) {
        if (pixels.error().code != ErrorCode::NotSupported)
            qCInfo(logSession) << "no preview:" << pixels.error().toString();
        return false;
    }
    // What was asked for, not what anybody says it is.
    if (picture->study != object.study || picture->series != object.series || picture->instance != object.instance ||
        token.isCancelled())
        return false;
    wishes.onPreview(std::make_shared<const Preview>(Preview{object.study, object.series, object.instance, *pixels}));
    return true;
}

void AcquireService::rememberRate(qint64 bytes, std::chrono::steady_clock::duration took) {
    const double seconds = std::max(0.001, std::chrono::duration<double>(took).count());
    if (bytes >= kTellingBytes)
        m_bytesPerSecond = static_cast<qint64>(double(bytes) / seconds);
}

Result<QByteArray> AcquireService::fetchReportObject(const StudyUid& study, const SeriesUid& series,
                                                     const InstanceUid& instance, const CancelToken& token) {
    RetrieveRequest request;
    request.study = study;
    request.series = series;
    request.instances = {instance};
    QByteArray file;
    const Status retrieved = m_source.retrieve(
        request,
        [&](ReceivedObject&& object) -> Status {
            if (object.instance == instance)
                file = dicom::withOwnFileMeta(object.file); // an archive may have put its own in front
            return {};
        },
        {}, token);
    if (!retrieved)
        return fail(retrieved.error());
    if (file.isEmpty())
        return fail(ErrorCode::NotFound, instance.value());
    return file;
}

} // namespace yz
