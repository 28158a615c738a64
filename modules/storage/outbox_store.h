#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "domain/reading_task.h"
#include "storage/database.h"

#include <QDateTime>
#include <QJsonObject>
#include <chrono>
#include <optional>
#include <vector>

namespace yz {

/// Something the platform must get. Items of one study go out in order of their number; an item that waits holds back
/// the later ones of its study only.
struct OutboxItem {
    enum class Kind {
        StoreReport,  ///< C-STORE of SR and PDF of `reportInstance`, then commitment
        SetOutput,    ///< N-SET of the work item's output
        CompleteTask, ///< N-ACTION COMPLETED
        CancelTask,   ///< N-ACTION CANCELED with `details["reason"]`
        StoreObjects, ///< C-STORE of `details["objects"]` of `details["study"]`; waits for nothing, holds nothing back
    };
    enum class State {
        Queued,    ///< to be sent, or to be sent again at notBefore
        Sent,      ///< the platform answered Success; the proof is outstanding
        Delivered, ///< proven
        Parked,    ///< the platform refuses it: a person must look
        Withdrawn, ///< taken back before it left (undo)
    };
    qint64 number = 0;
    Kind kind = Kind::StoreReport;
    State state = State::Queued;
    StudyUid study;
    WorkitemUid task;
    InstanceUid reportInstance; ///< SR instance of the version meant
    TransactionUid transaction; ///< lock of the work item, or of the commitment
    QJsonObject details;
    QDateTime createdAt, notBefore;
    int attempts = 0;
    std::optional<Error> lastError;
    QDateTime deliveredAt; ///< the receipt's time
};

[[nodiscard]] QString outboxStateName(OutboxItem::State state);
[[nodiscard]] QString outboxKindName(OutboxItem::Kind kind);

class OutboxStore {
public:
    OutboxStore(std::shared_ptr<Database> database, const Clock& clock);

    /// No item waits longer than this between two tries.
    static constexpr std::chrono::seconds kLongestRetry{600};

    /// Adds outside a report transaction (work-item moves without a report).
    [[nodiscard]] Result<qint64> add(const OutboxItem& item);
    /// The next item that may go now, respecting the order within a study; none: nothing is due. A clock that was set
    /// back since the waiting times were noted does not make them longer: they begin anew by the clock as it is now.
    [[nodiscard]] Result<std::optional<OutboxItem>> nextDue() const;
    [[nodiscard]] Result<std::optional<QDateTime>> nextDueTime() const;
    [[nodiscard]] Status markSent(qint64 number, const TransactionUid& commitment);
    [[nodiscard]] Status markDelivered(qint64 number);
    /// Counts the attempt and queues it again for `notBefore`.
    [[nodiscard]] Status markRetry(qint64 number, const Error& error, const QDateTime& notBefore);
    [[nodiscard]] Status park(qint64 number, const Error& error);
    [[nodiscard]] Status requeue(qint64 number); ///< a person says: try again now
    [[nodiscard]] Result<std::vector<OutboxItem>> all() const;
    [[nodiscard]] Result<std::vector<OutboxItem>> ofReport(const InstanceUid& srInstance) const;
    /// Items not yet delivered or withdrawn.
    [[nodiscard]] Result<int> pendingCount() const;

private:
    [[nodiscard]] Status followClock() const;

    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

/// Inserts a row inside a transaction another store holds.
[[nodiscard]] Result<qint64> insertOutboxItem(Transaction& transaction, const OutboxItem& item, const QDateTime& now);

} // namespace yz
