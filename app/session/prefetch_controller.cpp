#include "session/prefetch_controller.h"

#include "core/log.h"
#include "jobs/jobs.h"
#include "storage/desk_store.h"

#include <utility>

namespace yz {

namespace {

constexpr int kIdleMs = 30000;        // policy and disk change without a word
constexpr qint64 kRetrySeconds = 300; // a study that did not come is left alone this long
constexpr int kPriority = -10;        // behind whatever a person waits for

} // namespace

PrefetchController::PrefetchController(const Deps& deps, QObject* parent) : QObject(parent), m_deps(deps) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &PrefetchController::wake);
}

PrefetchController::~PrefetchController() { stop(); }

void PrefetchController::start() {
    m_isStopped = false;
    m_sealToken = CancelToken();
    if (m_deps.store.vault().hasPlainFiles())
        sealOldFiles();
    wake();
}

void PrefetchController::sealOldFiles() {
    jobs::whenDone(jobs::start(
                       jobs::Lane::Compute,
                       [&vault = m_deps.store.vault(), token = m_sealToken] {
                           return vault.sealPlainFiles([token] { return token.isCancelled(); });
                       },
                       m_sealToken, kPriority),
                   this, [](const Result<int>& sealed) {
                       if (sealed)
                           qCInfo(logSession) << "sealed" << *sealed << "files of an earlier version";
                       else if (sealed.error().code != ErrorCode::Cancelled) // what is left waits for the next start
                           qCWarning(logSession) << "sealing old files:" << sealed.error().toString();
                   });
}

void PrefetchController::stop() {
    m_isStopped = true;
    m_timer.stop();
    m_token.cancel();
    m_sealToken.cancel();
}

void PrefetchController::setRows(const std::vector<WorklistRowPtr>& rows) {
    m_rows = rows;
    wake();
}

void PrefetchController::setOnline(bool isOnline) {
    if (std::exchange(m_isOnline, isOnline) == isOnline)
        return;
    if (isOnline)
        m_failed.clear();
    wake();
}

void PrefetchController::setReaderWaits(bool waits) {
    if (std::exchange(m_readerWaits, waits) == waits)
        return;
    if (waits)
        m_token.cancel(); // what has arrived is kept; the rest follows
    wake();
}

void PrefetchController::setInUse(std::set<StudyUid> studies) { m_inUse = std::move(studies); }

void PrefetchController::wake() {
    if (m_isStopped || m_isRunning || m_readerWaits || !m_isOnline)
        return;
    m_timer.stop();
    m_isRunning = true;
    m_token = CancelToken();
    std::set<StudyUid> failed;
    const QDateTime now = m_deps.clock.nowUtc();
    m_failed.removeIf([&](auto entry) { return entry.value().secsTo(now) >= kRetrySeconds; });
    for (auto it = m_failed.cbegin(); it != m_failed.cend(); ++it)
        failed.insert(it.key());
    jobs::whenDone(jobs::start(
                       jobs::Lane::Network,
                       [deps = m_deps, rows = m_rows, inUse = m_inUse, failed, token = m_token] {
                           PrefetchService service(deps.store, deps.acquire, deps.clock);
                           PrefetchService::Request request;
                           request.policy = service.policy();
                           request.order = prefetchOrder(rows, request.policy);
                           request.inUse = inUse;
                           request.notBefore = failed;
                           return service.step(request, {}, token);
                       },
                       m_token, kPriority),
                   this, [this](const Result<PrefetchService::Outcome>& outcome) { finish(outcome); });
}

void PrefetchController::finish(const Result<PrefetchService::Outcome>& outcome) {
    m_isRunning = false;
    PrefetchState state = m_state;
    bool goesOn = false;
    if (!outcome) {
        if (outcome.error().code != ErrorCode::Cancelled)
            qCWarning(logSession) << "prefetch:" << outcome.error().toString();
        state.isFetching = false;
    } else {
        const bool wasCancelled = outcome->problem && outcome->problem->code == ErrorCode::Cancelled;
        if (outcome->problem && !wasCancelled) {
            qCWarning(logSession) << "a study did not come ahead:" << outcome->problem->toString();
            m_failed.insert(*outcome->fetched, m_deps.clock.nowUtc());
        }
        goesOn = outcome->fetched.has_value();
        state = {outcome->wanted, outcome->here, outcome->isFull, goesOn};
        if (goesOn && !outcome->problem)
            Q_EMIT studyFetched(*outcome->fetched);
    }
    if (m_state != state) {
        m_state = state;
        Q_EMIT stateChanged();
    }
    if (m_isStopped)
        return;
    if (goesOn)
        wake();
    if (!m_isRunning)
        m_timer.start(kIdleMs);
}

} // namespace yz
