#include "worklist/worklist_controller.h"

#include "jobs/jobs.h"

#include <QMetaObject>
#include <QRandomGenerator>
#include <algorithm>
#include <mutex>

namespace yz {

/// One reading of cache and claims. Numbered in the order they were read, so that an older one never replaces a newer
/// one.
struct WorklistController::Loaded {
    quint64 number = 0;
    std::vector<WorklistRowPtr> rows;
    QDateTime asOf;
    Status status;
};

/// What the jobs need; outlives the controller until the last job is done.
struct WorklistController::Loader {
    Deps deps;
    std::mutex mutex;
    quint64 number = 0;

    explicit Loader(Deps d) : deps(std::move(d)) {}

    /// Claims that the platform's word calls into question, and (isTime) those it was not asked about yet.
    std::vector<SettleOutcome::Lost> settle(const std::vector<ReadingTask>& tasks, bool isTime,
                                            const CancelToken& token) {
        QHash<WorkitemUid, const ReadingTask*> seen;
        for (const ReadingTask& task : tasks)
            seen.insert(task.uid, &task);
        const auto isDoubtful = [&](const ClaimStore::Claim& claim) {
            if (claim.settled == ClaimStore::Settled::Asked) {
                const qint64 age = claim.at.secsTo(deps.clock.nowUtc());
                return isTime && (age < 0 || age >= kSettleAfter.count());
            }
            const ReadingTask* task = seen.value(claim.task);
            return !task || task->state != UpsState::InProgress ||
                   (!task->holderStation.isEmpty() && task->holderStation != deps.claimService.stationName());
        };
        const Result<std::vector<ClaimStore::Claim>> claims = deps.claims.unfinished();
        if (!claims || std::none_of(claims->begin(), claims->end(), isDoubtful))
            return {};
        Result<SettleOutcome> outcome = deps.claimService.settleAll(token, isDoubtful);
        return outcome ? std::move(outcome->lost) : std::vector<SettleOutcome::Lost>();
    }

    Loaded load(const UserId& me) {
        const std::scoped_lock lock(mutex);
        Loaded loaded;
        loaded.number = ++number;
        const Result<TaskStore::Snapshot> snapshot = deps.tasks.all();
        const Result<std::vector<ClaimStore::Claim>> claims = deps.claims.unfinished();
        if (!snapshot || !claims) {
            loaded.status = fail(!snapshot ? snapshot.error() : claims.error());
            return loaded;
        }
        QHash<WorkitemUid, LocalTask> local;
        for (const ClaimStore::Claim& claim : *claims)
            local[claim.task].claim = claim;
        if (deps.reportStates) {
            const QHash<WorkitemUid, ReadingState> states = deps.reportStates();
            for (auto it = states.begin(); it != states.end(); ++it)
                local[it.key()].reportState = it.value();
        }
        QHash<StudyUid, StudyStore::Completeness> images;
        if (deps.studies)
            if (const auto kept = deps.studies->kept(); kept)
                for (const StudyStore::Kept& study : *kept)
                    images.insert(study.study, study.completeness);
        loaded.rows.reserve(snapshot->tasks.size());
        for (const ReadingTask& task : snapshot->tasks) {
            LocalTask known = local.value(task.uid);
            known.images = images.value(task.order.study);
            loaded.rows.push_back(makeRow(task, known, me));
        }
        loaded.asOf = snapshot->asOf;
        return loaded;
    }
};

WorklistController::WorklistController(Deps deps, QObject* parent)
    : QObject(parent), m_deps(deps), m_loader(std::make_shared<Loader>(std::move(deps))) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &WorklistController::refresh);
}

WorklistController::~WorklistController() { m_token.cancel(); }

void WorklistController::setUser(const User& user) {
    m_user = user;
    reload();
}

void WorklistController::start(std::chrono::milliseconds interval) {
    m_interval = interval;
    m_token = CancelToken();
    reload();
    refresh();
}

void WorklistController::stop() {
    m_timer.stop();
    m_token.cancel();
    m_askAgain = false;
}

void WorklistController::schedule() {
    if (m_token.isCancelled())
        return;
    const double jitter = 0.9 + 0.2 * QRandomGenerator::global()->generateDouble();
    m_timer.start(std::chrono::milliseconds(static_cast<qint64>(static_cast<double>(m_interval.count()) * jitter)));
}

void WorklistController::onEvent(const WorklistEvent& /*event*/) {
    QMetaObject::invokeMethod(this, &WorklistController::refresh, Qt::QueuedConnection);
}

void WorklistController::refresh() {
    if (m_isAsking) {
        m_askAgain = true;
        return;
    }
    m_isAsking = true;
    m_timer.stop();
    m_state.isRefreshing = true;
    Q_EMIT stateChanged();

    struct Answer {
        Status network;
        Loaded loaded;
        std::vector<SettleOutcome::Lost> lost;
    };
    const bool isTime = m_state.isOnline && (!m_backSince.isValid() || m_backSince > m_deps.clock.nowUtc() ||
                                             m_backSince.addSecs(kSettleAfter.count()) <= m_deps.clock.nowUtc());
    auto future = jobs::start(
        jobs::Lane::Network,
        [loader = m_loader, me = m_user.id, isTime, token = m_token] {
            Answer answer;
            const Result<std::vector<ReadingTask>> tasks = loader->deps.source.query({}, token);
            if (tasks) {
                answer.network = loader->deps.tasks.replaceAll(*tasks);
                answer.lost = loader->settle(*tasks, isTime, token);
            } else {
                answer.network = fail(tasks.error());
            }
            answer.loaded = loader->load(me);
            return answer;
        },
        m_token);
    jobs::whenDone(future, this, [this](const Answer& answer) {
        m_isAsking = false;
        m_state.isRefreshing = false;
        const bool wasCancelled = !answer.network && answer.network.error().code == ErrorCode::Cancelled;
        const bool wasAway = m_state.offlineSince.isValid();
        if (answer.network) {
            if (wasAway)
                m_backSince = m_deps.clock.nowUtc();
            m_state.isOnline = true;
            m_state.lastError.reset();
            m_state.offlineSince = {};
        } else if (!wasCancelled) {
            if (!m_state.offlineSince.isValid())
                m_state.offlineSince = m_deps.clock.nowUtc();
            m_state.isOnline = false;
            m_state.lastError = answer.network.error();
        }
        apply(answer.loaded);
        if (answer.network && wasAway)
            Q_EMIT cameBack();
        if (!answer.lost.empty())
            Q_EMIT claimsLost(answer.lost);
        if (m_askAgain) {
            m_askAgain = false;
            refresh();
        } else {
            schedule();
        }
    });
}

void WorklistController::reload() {
    auto future = jobs::start(
        jobs::Lane::Storage, [loader = m_loader, me = m_user.id] { return loader->load(me); }, m_token);
    jobs::whenDone(future, this, [this](const Loaded& loaded) { apply(loaded); });
}

void WorklistController::apply(const Loaded& loaded) {
    if (!loaded.status) {
        m_state.lastError = loaded.status.error();
    } else if (loaded.number > m_applied) {
        m_applied = loaded.number;
        m_state.asOf = loaded.asOf;
        m_state.hasLoaded = true;
        m_model.setRows(loaded.rows);
        Q_EMIT rowsLoaded();
    }
    Q_EMIT stateChanged();
}

template <typename Work>
void WorklistController::startMove(const WorkitemUid& uid, Work work,
                                   void (WorklistController::*done)(const ReadingTask&)) {
    const WorklistRow* row = m_model.find(uid);
    if (!row || m_state.busy.contains(uid))
        return;
    m_state.busy.insert(uid);
    Q_EMIT stateChanged();
    struct Answer {
        Status status;
        ReadingTask task; ///< as it is now
    };
    auto future = jobs::start(jobs::Lane::Network, [loader = m_loader, task = row->task, work = std::move(work)] {
        Answer answer{work(task), task};
        if (const Result<ReadingTask> current = loader->deps.tasks.get(task.uid))
            answer.task = *current;
        return answer;
    });
    jobs::whenDone(future, this, [this, uid, done](const Answer& answer) {
        m_state.busy.remove(uid);
        reload();
        if (answer.status)
            Q_EMIT(this->*done)(answer.task);
        else
            Q_EMIT refused(answer.task, answer.status.error());
        Q_EMIT stateChanged();
        refresh();
    });
}

void WorklistController::claim(const WorkitemUid& uid) {
    startMove(
        uid,
        [&service = m_deps.claimService, user = m_user, selfReview = m_selfReviewAllowed, here = m_imagesHere,
         token = m_token](const ReadingTask& task) -> Status {
            const ClaimRequest request{task, user, selfReview, here && here(task)};
            const Result<ClaimStore::Claim> claim = service.claim(request, token);
            return claim ? Status() : Status(fail(claim.error()));
        },
        &WorklistController::claimed);
}

void WorklistController::release(const WorkitemUid& uid, const QString& reason) {
    startMove(
        uid,
        [&service = m_deps.claimService, user = m_user, reason, token = m_token](const ReadingTask& task) {
            return service.release(task, user, reason, token);
        },
        &WorklistController::released);
}

void WorklistController::rejectStudy(const WorkitemUid& uid, const QString& reason) {
    startMove(
        uid,
        [&service = m_deps.claimService, user = m_user, reason, token = m_token](const ReadingTask& task) {
            return service.rejectStudy(task, user, reason, token);
        },
        &WorklistController::released);
}

} // namespace yz
