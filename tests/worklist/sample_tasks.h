#pragma once

#include "domain/reading_task.h"
#include "domain/user.h"

#include <vector>

namespace yz::test {

struct TaskSketch {
    QString uid;
    QString name; ///< PN
    QString hospital, item, modality, bodyPart;
    Priority priority = Priority::Routine;
    TaskKind kind = TaskKind::Read;
    UpsState state = UpsState::Scheduled;
    int minutesAgo = 30; ///< exam time before `now`
    int dueIn = 60;      ///< minutes from `now`; 0: none given
};

[[nodiscard]] ReadingTask makeTask(const TaskSketch& sketch, const QDateTime& now);
/// A morning of a county center, all kinds and states.
[[nodiscard]] std::vector<ReadingTask> morningTasks(const QDateTime& now);
/// `count` tasks that differ.
[[nodiscard]] std::vector<ReadingTask> manyTasks(int count, const QDateTime& now);

[[nodiscard]] User reader();   ///< 张伟, reader
[[nodiscard]] User reviewer(); ///< 李静, reader and reviewer

} // namespace yz::test
