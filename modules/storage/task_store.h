#pragma once

#include "core/clock.h"
#include "domain/reading_task.h"
#include "storage/database.h"

#include <QDateTime>
#include <vector>

namespace yz {

/// The worklist as last seen, so that it opens without the platform.
class TaskStore {
public:
    TaskStore(std::shared_ptr<Database> database, const Clock& clock);

    struct Snapshot {
        std::vector<ReadingTask> tasks;
        QDateTime asOf; ///< invalid: never refreshed
    };

    [[nodiscard]] Status replaceAll(const std::vector<ReadingTask>& tasks);
    [[nodiscard]] Status put(const ReadingTask& task);
    [[nodiscard]] Result<Snapshot> all() const;
    [[nodiscard]] Result<ReadingTask> get(const WorkitemUid& task) const; ///< NotFound

private:
    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

} // namespace yz
