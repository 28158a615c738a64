#include "dicom/net/retrieval_run.h"

#include "core/log.h"
#include "dicom/net/association.h"
#include "dicom/net/association_keeper.h"
#include "dicom/net/retrieval.h"
#include "dicom/net/retrieve_request.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace yz {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kSlice{50};
constexpr milliseconds kTellEvery{200};
constexpr milliseconds kGrace{2000}; // everything is here, only the peer's last word is missing
constexpr size_t kObjectsPerAssociation = 4;
constexpr size_t kMostPerJob = 32;
constexpr milliseconds kSample{100};
constexpr milliseconds kFirstAloneAtMost{6000};
constexpr double kSlowBytesPerMs = 500;

const QString& getModel() {
    static const QString uid = QLatin1String(UID_GETStudyRootQueryRetrieveInformationModel);
    return uid;
}

std::set<QString> namesOf(const RetrieveRequest& request, const std::vector<InstanceRecord>& objects) {
    std::set<QString> names;
    if (namesObjects(request))
        for (const InstanceRecord& object : objects)
            names.insert(object.instance.value());
    return names;
}

std::vector<SopClassUid> classesOf(const std::vector<InstanceRecord>& records) {
    std::vector<SopClassUid> classes;
    for (const InstanceRecord& record : records) {
        if (record.sopClass.isEmpty())
            return {}; // every common one must be offered
        if (std::find(classes.begin(), classes.end(), record.sopClass) == classes.end())
            classes.push_back(record.sopClass);
    }
    return classes;
}

bool areReady(const std::vector<InstanceRecord>& objects) {
    return !objects.empty() && std::all_of(objects.begin(), objects.end(),
                                           [](const InstanceRecord& object) { return isReadyClass(object.sopClass); });
}

// The peer's word that some objects could not be sent.
bool mayBeSyntax(const Error& error) {
    return error.code == ErrorCode::StudyIncomplete || error.code == ErrorCode::PeerOutOfResources;
}

} // namespace

RetrievalRun::RetrievalRun(const NetworkSettings& settings, AssociationKeeper& keeper, const RetrieveRequest& request,
                           std::vector<InstanceRecord> wanted)
    : m_settings(settings), m_keeper(keeper), m_request(request), m_isNamed(namesObjects(request)),
      m_all(std::move(wanted)), m_intake(namesOf(request, m_all)), m_order(request), m_missing(m_all) {
    m_progress.total = static_cast<int>(m_all.size());
}

Status RetrievalRun::run(const StudySource::ObjectSink& sink, const StudySource::ProgressSink& progress,
                         const CancelToken& token) {
    m_sink = &sink;
    m_progressSink = &progress;
    m_token = token;
    const size_t helpful = std::max<size_t>(1, m_all.size() / kObjectsPerAssociation);
    const int associations =
        static_cast<int>(std::min<size_t>(helpful, static_cast<size_t>(std::clamp(m_settings.associations, 1, 6))));
    m_asksWhole = !m_isNamed && (m_all.empty() || associations == 1);
    if (const Status passed = pass(storageContexts(classesOf(m_all)), associations); !passed)
        return passed;
    // Some archives send every object in the context they find first and fail where it has another syntax: they are
    // asked again, one syntax at a time.
    for (size_t index = 1; m_failed > 0 && !m_lost.empty(); ++index) {
        const std::vector<ContextProposal> storage = storageContextsOfOneSyntax(classesOf(m_lost), index);
        if (storage.empty())
            break;
        m_missing = std::move(m_lost);
        m_lost.clear();
        m_failed = 0;
        if (const Status passed = pass(storage, 1); !passed)
            return passed;
        if (!m_lost.empty())
            m_failed = static_cast<int>(m_lost.size()); // whatever the peer says: the next syntax
    }
    const auto lost = std::count_if(m_all.begin(), m_all.end(), [this](const InstanceRecord& object) {
        return !m_intake.has(object.instance.value());
    });
    if (lost > 0 || m_failed > 0)
        return fail(ErrorCode::StudyIncomplete,
                    QStringLiteral("%1 of %2 objects did not come, %3 sub-operations failed")
                        .arg(lost)
                        .arg(m_all.size())
                        .arg(m_failed));
    return {};
}

Status RetrievalRun::pass(const std::vector<ContextProposal>& storage, int associations) {
    m_workers = m_running = associations;
    m_stop = CancelToken();
    std::unique_ptr<Association> kept = m_keeper.take(m_stop); // the lead's, before others take it
    std::vector<std::thread> threads;
    for (int i = 0; i < associations; ++i)
        threads.emplace_back([this, &storage, &kept, isLead = i == 0] {
            work(storage, isLead, isLead ? begin(std::move(kept)) : join());
            const std::lock_guard lock(m_mutex);
            --m_running;
            m_changed.notify_all();
        });
    Status delivered = deliver();
    m_stop.cancel();
    for (std::thread& thread : threads)
        thread.join();
    if (!delivered)
        return delivered;
    return m_error ? Status(fail(*m_error)) : Status();
}

Status RetrievalRun::deliver() {
    std::optional<steady_clock::time_point> completeSince;
    while (true) {
        if (m_token.isCancelled())
            return fail(ErrorCode::Cancelled);
        const bool isOver = [this] {
            const std::lock_guard lock(m_mutex);
            return m_running == 0;
        }();
        if (const int breaks = m_breaks; breaks != m_breaksTold) {
            m_breaksTold = breaks;
            m_progress.isBroken = true;
            tell();
        }
        std::optional<RetrievalIntake::Taken> taken = m_intake.take(isOver ? milliseconds(0) : milliseconds(20));
        if (taken) {
            m_progress.isBroken = false;
            if (const Status sunk = (*m_sink)(std::move(taken->object)); !sunk)
                return sunk;
            ++m_progress.received;
            m_progress.bytes += taken->bytes;
            tell();
            continue;
        }
        if (isOver)
            return {};
        if (steady_clock::now() - m_told > kTellEvery && m_intake.arrivingBytes() != m_progress.arriving)
            tell();
        if (isSettled())
            m_stop.cancel(); // who is still waiting to be let in is not needed any more
        if (!m_all.empty() && m_intake.count() >= m_all.size()) {
            if (!completeSince)
                completeSince = steady_clock::now();
            else if (steady_clock::now() - *completeSince > kGrace)
                m_stop.cancel();
        }
    }
}

void RetrievalRun::tell() {
    m_progress.arriving = std::max<qint64>(0, m_intake.arrivingBytes());
    m_told = steady_clock::now();
    if (*m_progressSink)
        (*m_progressSink)(m_progress);
}

void RetrievalRun::work(const std::vector<ContextProposal>& storage, bool isLead,
                        std::unique_ptr<Association> association) {
    std::vector<ContextProposal> proposals{{getModel(), messageTransferSyntaxes()}};
    proposals.insert(proposals.end(), storage.begin(), storage.end());
    Patience patience(m_settings.retry);
    bool everOpen = association != nullptr;
    AcceptedContext context = everOpen ? *association->find(getModel()) : AcceptedContext();
    size_t seen = 0;
    while (!m_stop.isCancelled() && !isSettled()) {
        Status status;
        if (!association) { // first, and the job after it: whoever waits to be let in keeps nothing from the others
            Result<std::unique_ptr<Association>> opened = Association::open(m_settings, proposals, m_stop);
            const Result<AcceptedContext> found =
                opened ? (*opened)->require({getModel()}) : Result<AcceptedContext>(fail(opened.error()));
            if (found) {
                association = std::move(*opened);
                context = *found;
                everOpen = true;
            } else {
                status = fail(found.error());
            }
        }
        if (status) {
            std::optional<Job> job = next(isLead);
            if (!job)
                break;
            status = ask(*job, *association, context);
            status ? finish(std::move(*job)) : giveBack(std::move(*job));
        }
        if (status || m_stop.isCancelled())
            continue;
        const Error error = status.error();
        const bool isRefusal =
            error.code == ErrorCode::AssociationRefused && (everOpen || !isLead || m_intake.count() > 0);
        if (!isLineError(error.code) && !isRefusal) {
            conclude(error);
            break;
        }
        association.reset();
        if (!isLead && !everOpen) // one more than the peer takes
            break;
        if (afterBreak(error, isLead, seen, patience) == AfterBreak::Leave)
            break;
    }
    m_keeper.letGo(std::move(association));
}

std::unique_ptr<Association> RetrievalRun::begin(std::unique_ptr<Association> association) {
    const AcceptedContext* context = association ? association->find(getModel()) : nullptr;
    const bool isForAll = areReady(m_all);
    const bool isUseful = context != nullptr && [&] {
        const std::lock_guard lock(m_mutex);
        return m_jobsMade == 0 && !m_missing.empty() && (isForAll || !m_asksWhole);
    }();
    std::optional<Job> job = isUseful ? next(true) : std::nullopt;
    // Some archives do not tell the class: it is tried.
    const bool isAsked = job && std::all_of(job->objects.begin(), job->objects.end(), [](const InstanceRecord& object) {
                             return object.sopClass.isEmpty() || isReadyClass(object.sopClass);
                         });
    const Status status = isAsked ? ask(*job, *association, *context) : Status();
    if (isAsked && status && isForAll) {
        finish(std::move(*job));
        return association;
    }
    if (job) { // another association can carry what this one could not
        giveBack(std::move(*job));
        const std::lock_guard lock(m_mutex);
        m_jobsMade = m_intake.count() > 0 ? 1 : 0;
    }
    if (!status && !isLineError(status.error().code)) // the peer may have had enough of it: the line did not break
        conclude(status.error());
    m_keeper.letGo(std::move(association)); // a peer may take one association at a time
    return nullptr;
}

std::unique_ptr<Association> RetrievalRun::join() {
    std::unique_ptr<Association> association = areReady(m_all) ? m_keeper.take(m_stop) : nullptr;
    const bool isUseful = association && association->find(getModel()) != nullptr;
    if (!isUseful)
        m_keeper.letGo(std::move(association));
    return association;
}

Status RetrievalRun::ask(Job& job, Association& association, const AcceptedContext& context) {
    Retrieval retrieval(association, context, m_intake, m_stop);
    Status status = retrieval.get(m_request.study, job.series, job.instances);
    if (!status && retrieval.refusedAtOnce() && !job.instances.empty()) {
        {
            const std::lock_guard lock(m_mutex);
            m_bySeries = true;
        }
        status = retrieval.get(m_request.study, job.series, {});
    }
    if (!status && mayBeSyntax(status.error()) && retrieval.failedCount() > 0)
        status = Status();
    job.failed = status ? retrieval.failedCount() : 0;
    return !status && status.error().code == ErrorCode::StudyIncomplete ? Status() : status;
}

std::optional<RetrievalRun::Job> RetrievalRun::next(bool isLead) {
    std::unique_lock lock(m_mutex);
    while (true) {
        if (m_error || m_stop.isCancelled())
            return std::nullopt;
        std::erase_if(m_missing,
                      [this](const InstanceRecord& object) { return m_intake.has(object.instance.value()); });
        // Whole studies and series are asked for once, not by several.
        const bool isOnes = m_asksWhole || m_bySeries;
        if (mayJoin() && (m_asksWhole || !m_missing.empty()) && (!isOnes || isLead))
            return makeJob();
        if (m_jobsOut == 0 && !m_asksWhole && m_missing.empty())
            return std::nullopt;
        if (isOnes && !isLead)
            return std::nullopt;
        m_changed.wait_for(lock, kSlice); // what others ask for may come back
    }
}

/// On a slow line several objects at a time would only keep the first one from the reader: it has the line for itself
/// until it is here, or the line shows that it is not slow. What came lately shows it, not what came on average: a
/// connection begins slowly on every line.
bool RetrievalRun::mayJoin() {
    if (m_jobsMade != 1 || m_jobsOut == 0 || m_intake.count() > 0)
        return true;
    const auto now = steady_clock::now();
    const auto since = std::chrono::duration_cast<milliseconds>(now - m_sampled.at);
    const qint64 bytes = m_intake.arrivingBytes();
    if (now - m_firstAsked > kFirstAloneAtMost)
        return true;
    if (since < kSample)
        return false;
    const auto came = static_cast<double>(bytes - std::exchange(m_sampled.bytes, bytes));
    m_sampled.at = now;
    return came > kSlowBytesPerMs * static_cast<double>(since.count());
}

RetrievalRun::Job RetrievalRun::makeJob() {
    Job job;
    ++m_jobsOut;
    if (m_asksWhole) {
        m_asksWhole = false;
        job.series = m_request.series;
        job.objects = std::move(m_missing);
        m_missing.clear();
        return job;
    }
    m_order.arrange(m_missing);
    if (m_jobsMade == 0) {
        m_firstAsked = m_sampled.at = steady_clock::now();
        m_sampled.bytes = m_intake.arrivingBytes();
    }
    // What is wanted first comes alone; later requests are larger, for each costs a round trip.
    const size_t share = m_missing.size() / (3 * static_cast<size_t>(m_workers)) + 1;
    const size_t ramp = m_jobsMade == 0 ? 1 : m_jobsMade <= m_workers ? 8 : kMostPerJob;
    const size_t alone = m_order.isMoving() ? kMostPerJob : kUidsPerRequest; // the reader may go elsewhere meanwhile
    const size_t most = m_workers == 1 ? alone : std::min(share, ramp);
    ++m_jobsMade;
    job.series = m_missing.front().series;
    job.instances = sameSeries(m_missing, most);
    const auto end = m_missing.begin() + std::ptrdiff_t(job.instances.size());
    job.objects.assign(m_missing.begin(), end);
    m_missing.erase(m_missing.begin(), end);
    if (m_bySeries) { // all of this series at once
        job.instances.clear();
        for (auto it = m_missing.begin(); it != m_missing.end();)
            if (it->series == job.series) {
                job.objects.push_back(*it);
                it = m_missing.erase(it);
            } else {
                ++it;
            }
    }
    return job;
}

void RetrievalRun::giveBack(Job&& job) {
    const std::lock_guard lock(m_mutex);
    --m_jobsOut;
    m_asksWhole = m_asksWhole || (job.objects.empty() && m_all.empty());
    m_missing.insert(m_missing.begin(), job.objects.begin(), job.objects.end());
    std::erase_if(m_missing, [this](const InstanceRecord& object) { return m_intake.has(object.instance.value()); });
    m_changed.notify_all();
}

void RetrievalRun::finish(Job&& job) {
    const std::lock_guard lock(m_mutex);
    --m_jobsOut;
    m_failed += job.failed;
    for (InstanceRecord& object : job.objects)
        if (!m_intake.has(object.instance.value()))
            m_lost.push_back(std::move(object));
    m_changed.notify_all();
}

bool RetrievalRun::isSettled() const {
    const std::lock_guard lock(m_mutex);
    return m_jobsOut == 0 && !m_asksWhole && m_missing.empty();
}

void RetrievalRun::conclude(const Error& error) {
    const std::lock_guard lock(m_mutex);
    if (!m_error)
        m_error = error;
    m_stop.cancel();
    m_changed.notify_all();
}

RetrievalRun::AfterBreak RetrievalRun::afterBreak(const Error& error, bool isLead, size_t& seen, Patience& patience) {
    if (m_stop.isCancelled() || isSettled())
        return AfterBreak::Leave;
    const size_t now = m_intake.count();
    if (now > seen)
        patience.reward();
    seen = now;
    const std::optional<milliseconds> pause = patience.afterFailure();
    if (!pause) {
        if (isLead)
            conclude(error);
        return AfterBreak::Leave;
    }
    qCInfo(logNet) << "the line broke," << m_all.size() - std::min(now, m_all.size()) << "objects are missing; again in"
                   << pause->count() << "ms:" << error.toString();
    ++m_breaks;
    const std::shared_ptr<Pauser> pauser = m_settings.pauser ? m_settings.pauser : systemPauser();
    return pauser->pause(*pause, m_stop) ? AfterBreak::GoOn : AfterBreak::Leave;
}

} // namespace yz
