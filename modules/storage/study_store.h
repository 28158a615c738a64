#pragma once

#include "core/clock.h"
#include "domain/study.h"
#include "storage/database.h"

#include <set>

namespace yz {

/// Index of the received objects on this workstation.
class StudyStore {
public:
    StudyStore(std::shared_ptr<Database> database, const Clock& clock);

    /// Adds one object with its series and study rows; the same instance again replaces its row.
    [[nodiscard]] Status add(const DataSetHeader& header);
    /// Whether add() would take it: AttributeMissing, PatientMismatch, StudyMismatch say that it does not belong.
    [[nodiscard]] Status belongs(const DataSetHeader& header) const;
    /// Its file is gone: the object counts as not received. Not being known is fine.
    [[nodiscard]] Status forget(const InstanceUid& instance);
    [[nodiscard]] Result<StudyRecord> study(const StudyUid& study) const; ///< NotFound
    [[nodiscard]] Result<std::vector<StudyRecord>> all() const;
    [[nodiscard]] Result<std::set<InstanceUid>> instancesOf(const StudyUid& study) const;
    /// What the platform said the study has; `complete` follows from comparing.
    [[nodiscard]] Status setExpectedCount(const StudyUid& study, int instances);
    struct Completeness {
        int have = 0;
        int expected = -1; ///< -1: the platform has not said
        [[nodiscard]] bool isComplete() const { return expected >= 0 && have >= expected; }
    };
    [[nodiscard]] Result<Completeness> completeness(const StudyUid& study) const;
    /// An object that was refused (broken, another patient): kept by name with the reason, shown to the reader.
    struct SetAside {
        InstanceUid instance;
        Error reason;
    };
    [[nodiscard]] Status setAside(const StudyUid& study, const SetAside& object);
    [[nodiscard]] Result<std::vector<SetAside>> setAsideOf(const StudyUid& study) const;

private:
    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

} // namespace yz
