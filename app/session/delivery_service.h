#pragma once

#include "core/cancel.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/uid.h"
#include "domain/ports.h"
#include "storage/outbox_store.h"

#include <QHash>
#include <atomic>
#include <chrono>
#include <optional>

namespace yz {

class DeskStore;
class MessageDelivery;

/// What became of one outbox item.
struct DeliveryOutcome {
    OutboxItem item;
    OutboxItem::State state = OutboxItem::State::Queued;
    std::optional<Error> problem; ///< why it was not delivered this time
};

/// Empties the outbox, one item a call. At least once and idempotent: instance UIDs were fixed at signing, the platform
/// is asked whether it has an object before it is sent (again), and Success alone is not believed: storage commitment
/// is, or a query where the platform offers no commitment.
class DeliveryService {
public:
    DeliveryService(DeskStore& store, WorklistSource& worklist, ReportSink& sink, const Clock& clock, UidSource& uids,
                    QString stationName, std::chrono::milliseconds commitmentTimeout,
                    MessageDelivery* messages = nullptr)
        : m_store(store), m_worklist(worklist), m_sink(sink), m_clock(clock), m_uids(uids),
          m_stationName(std::move(stationName)), m_commitmentTimeout(commitmentTimeout), m_messages(messages) {}

    /// Takes the next item that is due; none: nothing to do now. An error means the database, never the platform.
    [[nodiscard]] Result<std::optional<DeliveryOutcome>> deliverNext(const CancelToken& token,
                                                                     OutboxStore::For whom = OutboxStore::For::Anyone);

    /// How long the platform is left alone because it did not answer: 5 s, doubled with every further failure up to 10
    /// min, each a quarter more or less by chance so that desks that lost it together do not come back together.
    /// Counted on the monotonic clock, which nobody sets. deliverNext() itself does not wait. Any thread.
    [[nodiscard]] std::chrono::milliseconds platformPause() const;
    /// The platform was heard, or a person wants it tried: no more waiting. Any thread.
    void endPlatformPause();
    /// Somebody else found it away while delivering (a claim that is to be settled first).
    void notePlatformAway();

    /// Waiting time before try number `attempts` + 1: 5 s doubled each time, at most 10 min.
    [[nodiscard]] static std::chrono::seconds backoff(int attempts);
    /// Problems that only a person can solve; trying again would never help.
    [[nodiscard]] static bool isFinal(ErrorCode code);

private:
    /// The receipt, where the receiver gives one.
    [[nodiscard]] Result<QString> send(const OutboxItem& item, const CancelToken& token);
    [[nodiscard]] Status sendToPlatform(const OutboxItem& item, const CancelToken& token);
    [[nodiscard]] Status noteTarget(const OutboxItem& item, bool answered);
    [[nodiscard]] Status notePlatformAnswered();
    /// Another reader's claim, or the sender, stands against the report: put down for a person to see.
    [[nodiscard]] Status noteConflict(const OutboxItem& item, ErrorCode reason, const CancelToken& token);
    [[nodiscard]] Status finishClaim(const WorkitemUid& task);
    /// Whether the report may go out: the task is in progress here, and the sender did not take the study back.
    [[nodiscard]] Status isStillOurs(const OutboxItem& item, const CancelToken& token);
    [[nodiscard]] Status storeReport(const OutboxItem& item, const CancelToken& token);
    /// Objects beside a report (app/session/delivery_objects.cpp).
    [[nodiscard]] Status storeObjects(const OutboxItem& item, const CancelToken& token);

    DeskStore& m_store;
    WorklistSource& m_worklist;
    ReportSink& m_sink;
    const Clock& m_clock;
    UidSource& m_uids;
    QString m_stationName;
    std::chrono::milliseconds m_commitmentTimeout;
    MessageDelivery* m_messages;    ///< null: this desk serves the platform alone
    QHash<QString, int> m_failures; ///< of a target since it last answered
    int m_platformFailures = 0;
    bool m_wasReached = false;                   ///< the platform took objects in this try
    std::atomic<qint64> m_platformPauseEnds = 0; ///< ms of the monotonic clock
};

} // namespace yz
