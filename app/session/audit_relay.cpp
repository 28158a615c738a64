#include "session/audit_relay.h"

#include "core/log.h"
#include "exchange/audit_client.h"
#include "exchange/audit_message_writer.h"
#include "jobs/jobs.h"
#include "storage/desk_store.h"

#include <algorithm>

namespace yz {

namespace {

const QString kPosition = QStringLiteral("audit.relayed");

} // namespace

qint64 AuditRelay::position() const { return m_store.settings().value(kPosition, 0).toInteger(); }

Result<AuditRelay::Batch> AuditRelay::relayNext(const CancelToken& token) {
    const Result<std::vector<AuditStore::Row>> rows = m_store.audit().after(position(), kBatch + 1);
    if (!rows)
        return fail(rows.error());
    Batch batch;
    batch.isMore = rows->size() > kBatch;
    batch.sent = static_cast<int>(std::min<size_t>(rows->size(), kBatch));
    if (batch.sent == 0)
        return batch;
    std::vector<QByteArray> messages;
    for (int i = 0; i < batch.sent; ++i) {
        const AuditStore::Row& row = (*rows)[static_cast<size_t>(i)];
        exchange::AuditFact fact{row.number, row.at, row.entry, {}};
        if (const Result<User> user = m_store.users().byId(row.entry.user); user)
            fact.userName = user->displayName;
        messages.push_back(exchange::syslogMessage(fact, m_origin, exchange::writeAuditMessage(fact, m_origin)));
    }
    if (const Status sent = exchange::AuditClient(m_target).send(messages, token); !sent)
        return fail(sent.error());
    const qint64 last = (*rows)[static_cast<size_t>(batch.sent) - 1].number;
    if (const Status kept = m_store.settings().set(kPosition, last); !kept)
        return fail(kept.error());
    return batch;
}

AuditRelayController::AuditRelayController(AuditRelay& relay, QObject* parent) : QObject(parent), m_relay(relay) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &AuditRelayController::next);
}

AuditRelayController::~AuditRelayController() { stop(); }

void AuditRelayController::start() {
    if (!m_relay.target().isSet())
        return;
    m_isStopped = false;
    next();
}

void AuditRelayController::stop() {
    m_isStopped = true;
    m_timer.stop();
    m_token.cancel();
}

std::chrono::milliseconds AuditRelayController::pause(int failures, const AuditRelay::Batch& batch, int perSecond) {
    using namespace std::chrono_literals;
    if (failures > 0)
        return std::min<std::chrono::milliseconds>(600s, 5s * (1 << std::min(failures - 1, 7)));
    if (batch.isMore)
        return std::chrono::milliseconds(1000LL * batch.sent / std::max(perSecond, 1));
    return 10s;
}

void AuditRelayController::next() {
    if (m_isRunning || m_isStopped)
        return;
    m_isRunning = true;
    jobs::whenDone(
        jobs::start(jobs::Lane::Network, [&relay = m_relay, token = m_token] { return relay.relayNext(token); }), this,
        [this](const Result<AuditRelay::Batch>& batch) {
            m_isRunning = false;
            if (batch) {
                m_failures = 0;
                if (batch->sent > 0)
                    Q_EMIT relayed(batch->sent);
            } else {
                ++m_failures;
                qCWarning(logSession) << "audit relay:" << batch.error().toString();
                Q_EMIT failed(batch.error());
            }
            if (!m_isStopped)
                m_timer.start(pause(m_failures, batch.value_or(AuditRelay::Batch()), m_relay.target().perSecond));
        });
}

} // namespace yz
