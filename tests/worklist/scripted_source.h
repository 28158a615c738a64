#pragma once

#include "domain/ports.h"

#include <QHash>
#include <QSemaphore>
#include <functional>
#include <mutex>
#include <optional>

namespace yz::test {

/// A platform that keeps tasks by the rules of PS3.4 Annex CC as far as claims go, and fails where it is told to.
class ScriptedSource final : public WorklistSource {
public:
    struct Held {
        ReadingTask task;
        TransactionUid transaction;
    };
    /// What a call is to fail with; nothing: it works.
    std::optional<Error> queryError, getError;
    /// Fails the next claim; with `afterActing` the platform has acted and only its answer is lost.
    struct ClaimFailure {
        Error error;
        bool afterActing = false;
    };
    std::optional<ClaimFailure> nextClaim;
    std::optional<Error> nextCancel;
    std::function<void()> beforeClaim; ///< called inside claim(), as another desk's or a test's doing
    QSemaphore* gate = nullptr;        ///< query waits for it

    std::vector<QString> calls; ///< "claim <task> <transaction>", ...
    int queries = 0;

    void put(const ReadingTask& task, const TransactionUid& lock = {}) {
        const std::scoped_lock guard(m_mutex);
        m_tasks.insert(task.uid, {task, lock});
    }
    void putAll(const std::vector<ReadingTask>& tasks) {
        for (const ReadingTask& task : tasks)
            put(task);
    }
    void remove(const WorkitemUid& task) {
        const std::scoped_lock guard(m_mutex);
        m_tasks.remove(task);
    }
    [[nodiscard]] std::optional<Held> at(const WorkitemUid& task) {
        const std::scoped_lock guard(m_mutex);
        const auto found = m_tasks.constFind(task);
        return found == m_tasks.constEnd() ? std::nullopt : std::optional(*found);
    }

    Status echo(const CancelToken&) override { return {}; }
    Result<std::vector<ReadingTask>> query(const WorklistQuery&, const CancelToken& token) override {
        if (gate)
            gate->acquire();
        const std::scoped_lock guard(m_mutex);
        ++queries;
        if (token.isCancelled())
            return fail(ErrorCode::Cancelled);
        if (queryError)
            return fail(*queryError);
        std::vector<ReadingTask> tasks;
        for (const Held& held : std::as_const(m_tasks))
            tasks.push_back(held.task);
        return tasks;
    }
    Result<ReadingTask> get(const WorkitemUid& task, const CancelToken&) override {
        const std::scoped_lock guard(m_mutex);
        calls.push_back(u"get " + task.value());
        if (getError)
            return fail(*getError);
        const auto found = m_tasks.constFind(task);
        if (found == m_tasks.constEnd())
            return fail(ErrorCode::TaskGone);
        return found->task;
    }
    Status claim(const WorkitemUid& task, const TransactionUid& transaction, const Performer& performer,
                 const CancelToken&) override {
        if (beforeClaim)
            beforeClaim();
        const std::scoped_lock guard(m_mutex);
        calls.push_back(u"claim " + task.value() + u' ' + transaction.value());
        std::optional<ClaimFailure> failure;
        std::swap(failure, nextClaim);
        if (failure && !failure->afterActing)
            return fail(failure->error);
        const auto found = m_tasks.find(task);
        if (found == m_tasks.end())
            return fail(ErrorCode::TaskGone);
        const bool isOurs = found->transaction == transaction && !transaction.isEmpty();
        if (found->task.state != UpsState::Scheduled && !isOurs)
            return fail(ErrorCode::TaskClaimedByOther);
        found->task.state = UpsState::InProgress;
        found->transaction = transaction;
        found->task.holderName = performer.personName;
        found->task.holderStation = performer.stationName;
        if (failure)
            return fail(failure->error);
        return {};
    }
    Status setOutput(const WorkitemUid&, const TransactionUid&, const Performer&, const std::vector<ReportReference>&,
                     const CancelToken&) override {
        return {};
    }
    Status complete(const WorkitemUid& task, const TransactionUid& transaction, const CancelToken&) override {
        return end(task, transaction, UpsState::Completed, {});
    }
    Status cancel(const WorkitemUid& task, const TransactionUid& transaction, const QString& reason,
                  const CancelToken&) override {
        std::optional<Error> failure;
        std::swap(failure, nextCancel);
        if (failure)
            return fail(*failure);
        return end(task, transaction, UpsState::Canceled, reason);
    }
    Status requestCancel(const WorkitemUid&, const QString&, const CancelToken&) override { return {}; }
    Status subscribe(const CancelToken&) override { return {}; }
    Status unsubscribe(const CancelToken&) override { return {}; }

private:
    Status end(const WorkitemUid& task, const TransactionUid& transaction, UpsState state, const QString& reason) {
        const std::scoped_lock guard(m_mutex);
        const auto found = m_tasks.find(task);
        if (found == m_tasks.end())
            return fail(ErrorCode::TaskGone);
        if (found->task.state == UpsState::Scheduled)
            return fail(ErrorCode::TaskNotClaimed);
        if (found->transaction != transaction)
            return fail(ErrorCode::TaskClaimedByOther);
        found->task.state = state;
        found->task.reason = reason;
        return {};
    }

    std::mutex m_mutex;
    QHash<WorkitemUid, Held> m_tasks;
};

} // namespace yz::test
