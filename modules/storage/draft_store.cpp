#include "storage/draft_store.h"

#include "storage/row_values.h"

namespace yz {

namespace {

DraftStore::Draft draftAt(const Statement& row) {
    return {WorkitemUid(row.text(0)), UserId(row.text(1)), reportContentFromJson(jsonFromText(row.text(2))),
            jsonFromText(row.text(3)), timeAt(row, 4)};
}

} // namespace

DraftStore::DraftStore(std::shared_ptr<Database> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

Status DraftStore::save(const WorkitemUid& task, const UserId& user, const ReportContent& content,
                        const QJsonObject& viewState) {
    Transaction transaction(*m_database);
    Statement upsert = transaction.prepare(
        u"INSERT INTO draft (task, user, content, view_state, saved_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (task, user) DO UPDATE SET content = excluded.content, view_state = excluded.view_state, "
        "saved_at = excluded.saved_at");
    upsert.bind(1, task.value()).bind(2, user.value()).bind(3, jsonText(toJson(content))).bind(4, jsonText(viewState));
    bindTime(upsert, 5, m_clock.nowUtc());
    if (const Result<int> done = upsert.run(); !done)
        return fail(done.error());
    return transaction.commit();
}

Result<std::optional<DraftStore::Draft>> DraftStore::find(const WorkitemUid& task, const UserId& user) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select =
        transaction.prepare(u"SELECT task, user, content, view_state, saved_at FROM draft WHERE task = ? AND user = ?");
    const Result<bool> row = select.bind(1, task.value()).bind(2, user.value()).step();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(draftAt(select)) : std::nullopt;
}

Result<std::vector<DraftStore::Draft>> DraftStore::all() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select =
        transaction.prepare(u"SELECT task, user, content, view_state, saved_at FROM draft ORDER BY saved_at, task");
    std::vector<Draft> drafts;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return drafts;
        drafts.push_back(draftAt(select));
    }
}

} // namespace yz
