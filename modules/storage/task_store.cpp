#include "storage/task_store.h"

#include "storage/row_values.h"

namespace yz {

TaskStore::TaskStore(std::shared_ptr<Database> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

Status TaskStore::replaceAll(const std::vector<ReadingTask>& tasks) {
    Transaction transaction(*m_database);
    if (const Result<int> cleared = transaction.prepare(u"DELETE FROM task").run(); !cleared)
        return fail(cleared.error());
    Statement insert = transaction.prepare(u"INSERT INTO task (uid, position, json) VALUES (?, ?, ?) "
                                           "ON CONFLICT (uid) DO UPDATE SET json = excluded.json");
    for (size_t i = 0; i < tasks.size(); ++i) {
        insert.bind(1, tasks[i].uid.value()).bind(2, static_cast<qint64>(i)).bind(3, jsonText(toJson(tasks[i])));
        if (const Result<int> done = insert.run(); !done)
            return fail(done.error());
    }
    Statement stamp = transaction.prepare(u"INSERT INTO task_snapshot (id, as_of) VALUES (1, ?) "
                                          "ON CONFLICT (id) DO UPDATE SET as_of = excluded.as_of");
    bindTime(stamp, 1, m_clock.nowUtc());
    if (const Result<int> done = stamp.run(); !done)
        return fail(done.error());
    return transaction.commit();
}

Status TaskStore::put(const ReadingTask& task) {
    Transaction transaction(*m_database);
    Statement upsert = transaction.prepare(
        u"INSERT INTO task (uid, position, json) VALUES (?, (SELECT coalesce(max(position), -1) + 1 FROM task), ?) "
        "ON CONFLICT (uid) DO UPDATE SET json = excluded.json");
    if (const Result<int> done = upsert.bind(1, task.uid.value()).bind(2, jsonText(toJson(task))).run(); !done)
        return fail(done.error());
    return transaction.commit();
}

Result<TaskStore::Snapshot> TaskStore::all() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Snapshot snapshot;
    Statement stamp = transaction.prepare(u"SELECT as_of FROM task_snapshot");
    const Result<bool> stamped = stamp.step();
    if (!stamped)
        return fail(stamped.error());
    if (*stamped)
        snapshot.asOf = timeAt(stamp, 0);
    Statement select = transaction.prepare(u"SELECT json FROM task ORDER BY position");
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return snapshot;
        snapshot.tasks.push_back(readingTaskFromJson(jsonFromText(select.text(0))));
    }
}

Result<ReadingTask> TaskStore::get(const WorkitemUid& task) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(u"SELECT json FROM task WHERE uid = ?");
    const Result<bool> row = select.bind(1, task.value()).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(ErrorCode::NotFound, u"task " + task.value());
    return readingTaskFromJson(jsonFromText(select.text(0)));
}

} // namespace yz
