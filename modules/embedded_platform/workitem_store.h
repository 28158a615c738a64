#pragma once

#include "core/clock.h"
#include "core/uid.h"
#include "domain/reading_task.h"
#include "embedded_platform/data_set.h"
#include "embedded_platform/state_database.h"

#include <functional>
#include <optional>
#include <vector>

namespace yz::platform {

/// An event about a work item, for everyone who subscribed to it.
struct Announcement {
    quint16 type = 0;
    QByteArray dataSet; ///< explicit little endian
};

/// A work item with its lock. `dataSet` holds everything but the Transaction UID, which never leaves the platform.
struct Workitem {
    QString uid;
    QString kind;
    UpsState state = UpsState::Scheduled;
    QString studyUid;
    QString patientId;
    QString transactionUid;
    QString holder; ///< AE title
    QDateTime claimedAt;
    bool needsFollowUp = false; ///< ended by its performer, what follows from that is not made yet
    DataSetPtr dataSet;
    std::vector<Announcement> announcements; ///< written with the change, delivered after it; empty when read

    qint64 version = 0; ///< counts changes
    QString writes;     ///< marks of the last changes, newest first, by which a lost answer is made good
};
/// A work item that waits, from its attributes.
[[nodiscard]] Workitem newWorkitem(DataSetPtr dataSet);

/// Work items in the shared state. Thread-safe, and safe against other platforms on the same database: a change is one
/// UPDATE that takes effect only if the item is still what was read, so of two claims one wins, and one whose answer
/// was lost with the connection is recognized as made.
class WorkitemStore {
public:
    WorkitemStore(std::shared_ptr<StateDatabase> database, const Clock& clock);

    /// AlreadyExists: an item with this UID, or another one of the same `origin` (what only one item may come from).
    [[nodiscard]] Status add(const Workitem& item, const QString& origin = {});
    [[nodiscard]] Result<std::optional<Workitem>> get(const QString& uid) const;
    /// Each item of these states (none: of every state) in the order of their UIDs, until `take` returns false. Read a
    /// few at a time: those that are done stay, and in years they are more than the memory holds.
    [[nodiscard]] Status each(const QStringList& states, const std::function<bool(Workitem&)>& take) const;
    [[nodiscard]] Result<std::vector<Workitem>> all(const QStringList& states) const; ///< likewise, at once
    [[nodiscard]] Result<std::vector<Workitem>> ofStudy(const QString& studyUid) const;
    /// Items whose last change is not younger than `changedBefore`.
    [[nodiscard]] Result<std::vector<Workitem>> needingFollowUp(const QDateTime& changedBefore) const;
    [[nodiscard]] Result<std::vector<Workitem>> scheduledOfPatient(const QString& patientId) const;

    /// Reads the item, lets `change` alter it and writes it back if nobody else changed it meanwhile; else begins anew,
    /// so `change` may be called several times, each time with the item as it is then. NotFound. An error of `change`
    /// leaves the item as it is.
    using Change = std::function<Status(Workitem&)>;
    [[nodiscard]] Result<Workitem> modify(const QString& uid, const Change& change);

private:
    [[nodiscard]] Result<std::vector<Workitem>> read(const QString& rest, std::vector<StateValue> values) const;
    [[nodiscard]] StateQuery eventQuery(const Workitem& item, const QString& mark, size_t index) const;
    [[nodiscard]] Result<int> write(const StateQuery& change, const Workitem& item, const QString& mark) const;
    /// Whether the write of this mark took effect.
    [[nodiscard]] Result<bool> isOurs(const QString& uid, const QString& mark) const;

    std::shared_ptr<StateDatabase> m_database;
    const Clock& m_clock;
};

} // namespace yz::platform
