#pragma once

#include "core/clock.h"
#include "domain/study.h"
#include "storage/database.h"

#include <map>
#include <set>

namespace yz {

/// Index of the received objects on this workstation.
class StudyStore {
public:
    StudyStore(std::shared_ptr<Database> database, const Clock& clock);

    /// Adds one object with its series and study rows; the same instance again replaces its row. checksum: checksumOf()
    /// the file as it was written; empty: a change of the file will not be noticed.
    [[nodiscard]] Status add(const DataSetHeader& header, const QByteArray& checksum = {});
    /// Whether add() would take it: AttributeMissing, PatientMismatch, StudyMismatch say that it does not belong.
    [[nodiscard]] Status belongs(const DataSetHeader& header) const;
    /// Its file is gone: the object counts as not received. Not being known is fine.
    [[nodiscard]] Status forget(const InstanceUid& instance);
    [[nodiscard]] Result<StudyRecord> study(const StudyUid& study) const; ///< NotFound
    [[nodiscard]] Result<std::vector<StudyRecord>> all() const;
    [[nodiscard]] Result<std::set<InstanceUid>> instancesOf(const StudyUid& study) const;
    /// checksumOf() the files of the study as they were written, of those for which it is known.
    [[nodiscard]] Result<std::map<InstanceUid, QByteArray>> checksumsOf(const StudyUid& study) const;
    /// What the platform said the study has; `complete` follows from comparing.
    [[nodiscard]] Status setExpectedCount(const StudyUid& study, int instances);
    struct Completeness {
        int have = 0;
        int expected = -1; ///< -1: the platform has not said
        [[nodiscard]] bool isComplete() const { return expected >= 0 && have >= expected; }
        /// 100 is said of a complete one only; 0 of one with nothing here.
        [[nodiscard]] int percent() const {
            if (isComplete())
                return 100;
            return have <= 0 || expected <= 0 ? 0 : qBound(1, have * 100 / expected, 99);
        }
        bool operator==(const Completeness&) const = default;
    };
    [[nodiscard]] Result<Completeness> completeness(const StudyUid& study) const;
    /// A study of which something is here.
    struct Kept {
        StudyUid study;
        Completeness completeness;
        QDateTime lastUsed; ///< when a reader last had it open, else when it came
    };
    [[nodiscard]] Result<std::vector<Kept>> kept() const; ///< the one longest unused first
    /// A reader has it open now.
    [[nodiscard]] Status noteUse(const StudyUid& study);
    /// Its objects, what was expected and what was refused: as if it had never been asked for. The files stay.
    [[nodiscard]] Status remove(const StudyUid& study);
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
