#pragma once

#include "session/reading_pipeline.h"

#include <QObject>
#include <QTimer>
#include <vector>

namespace yz {

struct OutboxCounts {
    int waiting = 0;      ///< not yet delivered, parked included
    int parked = 0;       ///< a person must look
    int stuck = 0;        ///< wait longer than the site's outboxAlarm; held ones do not count
    QDateTime stuckSince; ///< of the oldest of them
    bool operator==(const OutboxCounts&) const = default;
};

/// Whether an item waits longer than a site finds right. One that a person holds back does not; one that was never
/// tried waits from the end of its undo window.
[[nodiscard]] bool isStuckItem(const OutboxItem& item, const QDateTime& now, std::chrono::seconds alarm);

/// Keeps emptying the outbox in the background (lane Delivery) and says what happened. GUI thread. `deps` must outlive
/// the jobs: stop(), then jobs::waitForAll().
class DeliveryController final : public QObject {
    Q_OBJECT
public:
    explicit DeliveryController(pipeline::Deps& deps, QObject* parent = nullptr);
    ~DeliveryController() override;

    void start();
    void stop();
    /// Something was queued: look now. A platform that did not answer lately is left alone all the same.
    void wake();
    /// The platform was heard: what waits for it goes now.
    void platformIsBack();
    /// A person says: try again now. Kept in the audit log where `user` is known.
    void requeue(qint64 number, const UserId& user = {});
    void hold(qint64 number, const UserId& user = {}); ///< a person says: not now

    [[nodiscard]] const OutboxCounts& counts() const { return m_counts; }

Q_SIGNALS:
    void countsChanged();
    /// Some item was tried or changed: whoever shows the outbox reads it again.
    void outboxChanged();
    /// A report's objects are proven to be on the platform.
    void reportDelivered(const yz::InstanceUid& srInstance, const QDateTime& at);
    void itemFailed(const yz::OutboxItem& item, const yz::Error& error, bool parked);

private:
    struct Round {
        std::vector<DeliveryOutcome> outcomes;
        OutboxCounts counts;
        std::optional<QDateTime> next;
        std::chrono::milliseconds pause{0}; ///< of the platform
        bool isMore = false;                ///< the round ended before the queue did
        std::optional<Error> error;
    };
    [[nodiscard]] static Round deliverRound(pipeline::Deps& deps, const CancelToken& token);
    void finish(const Round& round);
    void change(qint64 number, Status (OutboxStore::*step)(qint64), const AuditEntry& entry);

    pipeline::Deps& m_deps;
    QTimer m_timer;
    CancelToken m_token;
    OutboxCounts m_counts;
    bool m_running = false;
    bool m_again = false;
    bool m_stopped = true;
};

} // namespace yz
