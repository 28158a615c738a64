#include "session/delivery_controller.h"

#include "core/log.h"
#include "jobs/jobs.h"

#include <algorithm>

namespace yz {

namespace {

constexpr int kItemsOfARound = 16;    // after each round the pages show how far it is
constexpr int kLongestWaitMs = 15000; // another process of this workstation may queue something too

Result<OutboxCounts> countOutbox(OutboxStore& outbox, const QDateTime& now, std::chrono::seconds alarm) {
    const Result<std::vector<OutboxItem>> items = outbox.open();
    if (!items)
        return fail(items.error());
    OutboxCounts counts;
    for (const OutboxItem& item : *items) {
        ++counts.waiting;
        if (isStuckItem(item, now, alarm)) {
            ++counts.stuck;
            if (!counts.stuckSince.isValid() || item.createdAt < counts.stuckSince)
                counts.stuckSince = item.createdAt;
        }
        counts.parked += item.state == OutboxItem::State::Parked ? 1 : 0;
    }
    return counts;
}

} // namespace

bool isStuckItem(const OutboxItem& item, const QDateTime& now, std::chrono::seconds alarm) {
    using State = OutboxItem::State;
    if (item.state == State::Delivered || item.state == State::Withdrawn || item.state == State::Held)
        return false;
    const bool isInWindow = item.attempts == 0 && item.notBefore.isValid() && item.createdAt < item.notBefore;
    return (isInWindow ? item.notBefore : item.createdAt).addSecs(alarm.count()) < now;
}

DeliveryController::DeliveryController(pipeline::Deps& deps, QObject* parent) : QObject(parent), m_deps(deps) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &DeliveryController::wake);
}

DeliveryController::~DeliveryController() { stop(); }

void DeliveryController::start() {
    m_stopped = false;
    wake();
}

void DeliveryController::stop() {
    m_stopped = true;
    m_timer.stop();
    m_token.cancel();
}

DeliveryController::Round DeliveryController::deliverRound(pipeline::Deps& deps, const CancelToken& token) {
    Round round;
    Result<std::vector<DeliveryOutcome>> outcomes = pipeline::deliverDue(deps, token, kItemsOfARound);
    if (outcomes)
        round.outcomes = std::move(*outcomes);
    else
        round.error = outcomes.error();
    round.isMore = static_cast<int>(round.outcomes.size()) >= kItemsOfARound;
    round.pause = deps.delivery.platformPause();
    if (const Result<OutboxCounts> counts =
            countOutbox(deps.store.outbox(), deps.clock.nowUtc(), deps.site.outboxAlarm);
        counts)
        round.counts = *counts;
    if (const Result<std::optional<QDateTime>> next = deps.store.outbox().nextDueTime(); next)
        round.next = *next;
    return round;
}

void DeliveryController::wake() {
    if (m_stopped)
        return;
    if (m_running) {
        m_again = true;
        return;
    }
    m_running = true;
    m_again = false;
    m_timer.stop();
    jobs::whenDone(
        jobs::start(jobs::Lane::Delivery, [&deps = m_deps, token = m_token] { return deliverRound(deps, token); }),
        this, [this](const Round& round) { finish(round); });
}

void DeliveryController::finish(const Round& round) {
    m_running = false;
    for (const DeliveryOutcome& outcome : round.outcomes) {
        if (outcome.problem)
            Q_EMIT itemFailed(outcome.item, *outcome.problem, outcome.state == OutboxItem::State::Parked);
        else if (outcome.item.kind == OutboxItem::Kind::StoreReport)
            Q_EMIT reportDelivered(outcome.item.reportInstance, m_deps.clock.nowUtc());
    }
    if (round.error)
        qCWarning(logSession) << "outbox:" << round.error->toString();
    if (m_counts != round.counts) {
        m_counts = round.counts;
        Q_EMIT countsChanged();
    }
    if (!round.outcomes.empty())
        Q_EMIT outboxChanged();
    if (m_stopped)
        return;
    if (m_again || round.isMore) {
        wake();
        return;
    }
    qint64 wait = kLongestWaitMs;
    if (round.next)
        wait = std::clamp<qint64>(m_deps.clock.nowUtc().msecsTo(*round.next), 200, kLongestWaitMs);
    if (round.pause.count() > 0) // what is due may be for the platform, which is left alone
        wait = std::max(wait, std::min<qint64>(round.pause.count(), 1000));
    m_timer.start(static_cast<int>(wait));
}

void DeliveryController::platformIsBack() {
    m_deps.delivery.endPlatformPause();
    wake();
}

void DeliveryController::requeue(qint64 number, const UserId& user) {
    m_deps.delivery.endPlatformPause();
    change(number, &OutboxStore::requeue, {QStringLiteral("outbox.retried"), user, QString::number(number), true, {}});
}

void DeliveryController::hold(qint64 number, const UserId& user) {
    change(number, &OutboxStore::hold, {QStringLiteral("outbox.held"), user, QString::number(number), true, {}});
}

void DeliveryController::change(qint64 number, Status (OutboxStore::*step)(qint64), const AuditEntry& entry) {
    jobs::whenDone(jobs::start(jobs::Lane::Storage,
                               [&deps = m_deps, number, step, entry]() -> Status {
                                   if (Status done = (deps.store.outbox().*step)(number); !done || entry.user.isEmpty())
                                       return done;
                                   return deps.store.audit().append(entry);
                               }),
                   this, [this](const Status& status) {
                       Q_EMIT outboxChanged();
                       if (!status)
                           qCWarning(logSession) << "outbox:" << status.error().toString();
                       wake();
                   });
}

} // namespace yz
