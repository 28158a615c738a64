#include "session/delivery_controller.h"

#include "core/log.h"
#include "jobs/jobs.h"

#include <algorithm>

namespace yz {

namespace {

constexpr int kLongestWaitMs = 15000; // another process of this workstation may queue something too

Result<OutboxCounts> countOutbox(OutboxStore& outbox) {
    const Result<std::vector<OutboxItem>> items = outbox.all();
    if (!items)
        return fail(items.error());
    OutboxCounts counts;
    for (const OutboxItem& item : *items) {
        if (item.state == OutboxItem::State::Delivered || item.state == OutboxItem::State::Withdrawn)
            continue;
        ++counts.waiting;
        counts.parked += item.state == OutboxItem::State::Parked ? 1 : 0;
    }
    return counts;
}

} // namespace

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
    Result<std::vector<DeliveryOutcome>> outcomes = pipeline::deliverDue(deps, token);
    if (outcomes)
        round.outcomes = std::move(*outcomes);
    else
        round.error = outcomes.error();
    if (const Result<OutboxCounts> counts = countOutbox(deps.store.outbox()); counts)
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
    if (m_stopped)
        return;
    if (m_again) {
        wake();
        return;
    }
    qint64 wait = kLongestWaitMs;
    if (round.next)
        wait = std::clamp<qint64>(m_deps.clock.nowUtc().msecsTo(*round.next), 200, kLongestWaitMs);
    m_timer.start(static_cast<int>(wait));
}

void DeliveryController::requeue(qint64 number) {
    jobs::whenDone(
        jobs::start(jobs::Lane::Storage, [&deps = m_deps, number] { return deps.store.outbox().requeue(number); }),
        this, [this](const Status& status) {
            if (!status)
                qCWarning(logSession) << "outbox:" << status.error().toString();
            wake();
        });
}

} // namespace yz
