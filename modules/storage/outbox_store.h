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

/// Something the platform, or a system beside it, must get. Items of one study for one target go out in order of their
/// number; an item that waits holds back the later ones of its study and target only. A message of a report waits until
/// the platform has that report: what it refuses (another doctor's report won) must reach nobody else.
struct OutboxItem {
    enum class Kind {
        StoreReport,  ///< C-STORE of SR and PDF of `reportInstance`, then commitment
        SetOutput,    ///< N-SET of the work item's output
        CompleteTask, ///< N-ACTION COMPLETED
        CancelTask,   ///< N-ACTION CANCELED with `details["reason"]`
        StoreObjects, ///< C-STORE of `details["objects"]` of `details["study"]`; waits for nothing, holds nothing back
        SendMessage,  ///< `reportInstance` to `target` in the form of that target
    };
    enum class State {
        Queued,    ///< to be sent, or to be sent again at notBefore
        Sent,      ///< the platform answered Success; the proof is outstanding
        Delivered, ///< proven
        Parked,    ///< the platform refuses it: a person must look
        Withdrawn, ///< taken back before it left (undo)
        Held,      ///< a person holds it back until they let it go again
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
    QString target;        ///< id of the ReportTarget of a SendMessage; empty: the platform
    QString receipt;       ///< what the receiver answered, when delivered ("AA YZ...", "201 DiagnosticReport/7")
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
    enum class For { Anyone, Platform, Targets };
    [[nodiscard]] Result<std::optional<OutboxItem>> nextDue(For whom = For::Anyone) const;
    [[nodiscard]] Result<std::optional<QDateTime>> nextDueTime() const;
    [[nodiscard]] Status markSent(qint64 number, const TransactionUid& commitment);
    [[nodiscard]] Status markDelivered(qint64 number, const QString& receipt = {});
    /// Counts the attempt and queues it again for `notBefore`.
    [[nodiscard]] Status markRetry(qint64 number, const Error& error, const QDateTime& notBefore);
    [[nodiscard]] Status park(qint64 number, const Error& error);
    [[nodiscard]] Status requeue(qint64 number); ///< a person says: try again now
    /// A person says: not now. It and what must follow it wait until requeue(). NotAllowed once it was sent.
    [[nodiscard]] Status hold(qint64 number);
    /// A target that does not answer: none of its items is tried before `until`, so that a long queue costs one try.
    [[nodiscard]] Status postponeTarget(const QString& target, const QDateTime& until);
    /// It answers again: what waits for it may go now.
    [[nodiscard]] Status resumeTarget(const QString& target);

    /// The platform answers again after an outage: what waits only because it did not (an item tried before, whose last
    /// error is one of `codes`) may go now. Undo windows go on.
    [[nodiscard]] Status resumePlatform(const std::vector<ErrorCode>& codes);

    /// The bytes of a SendMessage, kept before the first try: every later try sends the same. Kept bytes win over
    /// `message`; what is kept comes back.
    [[nodiscard]] Result<QByteArray> keepMessage(qint64 number, const QByteArray& message);
    [[nodiscard]] Result<std::optional<QByteArray>> message(qint64 number) const;

    [[nodiscard]] Result<std::vector<OutboxItem>> all() const;
    /// Those not yet delivered or withdrawn.
    [[nodiscard]] Result<std::vector<OutboxItem>> open() const;
    /// Those, and the other ones of the newest `count`; in the order of their numbers.
    [[nodiscard]] Result<std::vector<OutboxItem>> latest(int count) const;
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
