#include "reporting/draft_controller.h"

#include "jobs/jobs.h"

namespace yz {

namespace {
constexpr int kRetryMs = 5000; ///< a full disk is tried again
}

DraftController::DraftController(DraftStore& store, const Clock& clock, QObject* parent)
    : QObject(parent), m_store(store), m_clock(clock) {
    m_quiet.setSingleShot(true);
    m_longest.setSingleShot(true);
    connect(&m_quiet, &QTimer::timeout, this, &DraftController::saveNow);
    connect(&m_longest, &QTimer::timeout, this, &DraftController::saveNow);
}

DraftController::~DraftController() { (void)flush(); }

void DraftController::open(const WorkitemUid& task, const UserId& user, const ReportContent& fallback) {
    (void)flush();
    m_open = false;
    m_task = task;
    m_user = user;
    m_savedAt = {};
    m_error.reset();
    const quint64 opening = ++m_opening;
    auto future = jobs::start(jobs::Lane::Storage, [store = &m_store, task, user] { return store->find(task, user); });
    jobs::whenDone(future, this, [this, opening, fallback](const Result<std::optional<DraftStore::Draft>>& found) {
        if (opening != m_opening)
            return;
        if (!found) {
            Q_EMIT openFailed(found.error());
            return;
        }
        const bool restored = found->has_value();
        m_content = restored ? (*found)->content : fallback;
        m_viewState = restored ? (*found)->viewState : QJsonObject();
        m_savedAt = restored ? (*found)->savedAt : QDateTime();
        m_saved = ++m_generation;
        m_open = true;
        setState(restored ? SaveState::Saved : SaveState::Clean);
        Q_EMIT opened(restored);
    });
}

void DraftController::setContent(const ReportContent& content) {
    if (!m_open || content == m_content)
        return;
    m_content = content;
    changed();
    Q_EMIT contentChanged();
}

void DraftController::setViewState(const QJsonObject& viewState) {
    if (!m_open || viewState == m_viewState)
        return;
    m_viewState = viewState;
    changed();
}

void DraftController::changed() {
    ++m_generation;
    m_quiet.start(kQuietMs);
    if (!m_longest.isActive())
        m_longest.start(kLongestMs);
    if (m_state != SaveState::Saving)
        setState(SaveState::Unsaved);
}

void DraftController::saveNow() {
    m_quiet.stop();
    m_longest.stop();
    if (!m_open || m_saved == m_generation || m_inFlight != 0)
        return; // a write in flight starts the next one itself
    m_inFlight = m_generation;
    setState(SaveState::Saving);
    auto future =
        jobs::start(jobs::Lane::Storage, [store = &m_store, task = m_task, user = m_user, content = m_content,
                                          view = m_viewState] { return store->save(task, user, content, view); });
    jobs::whenDone(future, this, [this, opening = m_opening, generation = m_inFlight](const Status& status) {
        if (opening == m_opening)
            finish(generation, status, m_clock.nowUtc());
    });
}

void DraftController::finish(quint64 generation, const Status& status, const QDateTime& at) {
    if (m_inFlight == generation)
        m_inFlight = 0;
    if (!status) {
        m_error = status.error();
        setState(SaveState::Failed);
        m_quiet.start(kRetryMs);
        return;
    }
    m_error.reset();
    m_saved = std::max(m_saved, generation);
    m_savedAt = at;
    if (m_saved == m_generation) {
        setState(SaveState::Saved);
    } else {
        setState(SaveState::Unsaved);
        if (!m_quiet.isActive())
            saveNow();
    }
}

Status DraftController::flush() {
    m_quiet.stop();
    m_longest.stop();
    if (!m_open || m_saved == m_generation)
        return {};
    // Through the same lane, so that it comes after a write in flight and is the one that stays.
    auto future =
        jobs::start(jobs::Lane::Storage, [store = &m_store, task = m_task, user = m_user, content = m_content,
                                          view = m_viewState] { return store->save(task, user, content, view); });
    future.waitForFinished();
    const Status status = future.resultCount() > 0 ? future.result() : Status(fail(ErrorCode::Cancelled));
    finish(m_generation, status, m_clock.nowUtc());
    return status;
}

void DraftController::setState(SaveState state) {
    m_state = state;
    Q_EMIT saveStateChanged();
}

} // namespace yz
