#pragma once

#include "core/clock.h"
#include "core/uid.h"
#include "domain/reading_task.h"
#include "embedded_platform/data_set.h"
#include "storage/database.h"

#include <functional>
#include <optional>
#include <vector>

namespace yz::platform {

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
};

/// Work items in the index. Thread-safe; a change is one transaction, so two claims cannot both win.
class WorkitemStore {
public:
    WorkitemStore(std::shared_ptr<Database> database, const Clock& clock);

    [[nodiscard]] Status add(DcmDataset& dataSet); ///< AlreadyExists
    [[nodiscard]] Result<std::optional<Workitem>> get(const QString& uid) const;
    [[nodiscard]] Result<std::vector<Workitem>> all(const QStringList& states) const; ///< empty: every state
    [[nodiscard]] Result<std::vector<Workitem>> ofStudy(const QString& studyUid) const;
    [[nodiscard]] Result<std::vector<Workitem>> needingFollowUp() const;
    [[nodiscard]] Result<std::vector<Workitem>> scheduledOfPatient(const QString& patientId) const;

    /// Reads the item, lets `change` alter it and writes it back, all in one transaction. NotFound. An error of
    /// `change` leaves the item as it is.
    using Change = std::function<Status(Workitem&)>;
    [[nodiscard]] Result<Workitem> modify(const QString& uid, const Change& change);

private:
    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

} // namespace yz::platform
