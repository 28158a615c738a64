#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "domain/audit_target.h"

#include <QObject>
#include <QTimer>
#include <chrono>

namespace yz {

class DeskStore;

/// Brings the local audit log to the site's repository. The log itself is the spool: how far it was relayed is kept in
/// the database, so nothing is lost over a restart or an outage; what a broken connection may have swallowed is sent
/// again.
class AuditRelay {
public:
    AuditRelay(DeskStore& store, AuditTarget target, AuditOrigin origin)
        : m_store(store), m_target(std::move(target)), m_origin(std::move(origin)) {}

    static constexpr int kBatch = 100;

    struct Batch {
        int sent = 0;
        bool isMore = false; ///< there was more than one batch
    };
    /// Sends the next rows, kBatch at most. Blocks; for jobs, one at a time. Errors of AuditClient::send and of the
    /// store.
    [[nodiscard]] Result<Batch> relayNext(const CancelToken& token);
    /// Number of the last row relayed; 0: none yet.
    [[nodiscard]] qint64 position() const;
    [[nodiscard]] const AuditTarget& target() const { return m_target; }

private:
    DeskStore& m_store;
    AuditTarget m_target;
    AuditOrigin m_origin;
};

/// Relays in the background, on the lane Network: no reader ever waits for it. A backlog goes out no faster than the
/// target's perSecond, an outage is tried at growing intervals. GUI thread. `relay` must outlive the jobs: stop(), then
/// jobs::waitForAll().
class AuditRelayController final : public QObject {
    Q_OBJECT
public:
    explicit AuditRelayController(AuditRelay& relay, QObject* parent = nullptr);
    ~AuditRelayController() override;

    /// Does nothing where no repository is set up.
    void start();
    void stop();
    /// Waiting time before the next batch: after `failures` in a row, or after a batch of `sent` with more to come.
    [[nodiscard]] static std::chrono::milliseconds pause(int failures, const AuditRelay::Batch& batch, int perSecond);

Q_SIGNALS:
    void relayed(int sent);
    void failed(const yz::Error& error);

private:
    void next();

    AuditRelay& m_relay;
    QTimer m_timer;
    CancelToken m_token;
    int m_failures = 0;
    bool m_isRunning = false;
    bool m_isStopped = true;
};

} // namespace yz
