#include "embedded_platform/workitem_store.h"

#include "embedded_platform/workitem_data_set.h"

namespace yz::platform {

namespace {

constexpr const char* kColumns =
    "SELECT uid, kind, state, study_uid, patient_id, transaction_uid, holder, claimed, follow_up, data_set "
    "FROM workitems";

Result<Workitem> readRow(const Statement& row) {
    Workitem item;
    item.uid = row.text(0);
    item.kind = row.text(1);
    upsStateFromName(row.text(2), item.state);
    item.studyUid = row.text(3);
    item.patientId = row.text(4);
    item.transactionUid = row.text(5);
    item.holder = row.text(6);
    if (const qint64 claimed = row.integer(7); claimed > 0)
        item.claimedAt = QDateTime::fromMSecsSinceEpoch(claimed, Qt::UTC);
    item.needsFollowUp = row.integer(8) != 0;
    Result<DataSetPtr> dataSet = parseDataSet(row.blob(9), EXS_LittleEndianExplicit);
    if (!dataSet)
        return fail(dataSet.error());
    item.dataSet = std::move(*dataSet);
    return item;
}

Result<std::vector<Workitem>> readAll(Statement& query) {
    std::vector<Workitem> found;
    for (;;) {
        const Result<bool> more = query.step();
        if (!more)
            return fail(more.error());
        if (!*more)
            return found;
        Result<Workitem> item = readRow(query);
        if (!item)
            return fail(item.error());
        found.push_back(std::move(*item));
    }
}

QString sql(const char* rest) { return QLatin1String(kColumns) + QLatin1String(rest); }

} // namespace

WorkitemStore::WorkitemStore(std::shared_ptr<Database> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

Status WorkitemStore::add(DcmDataset& dataSet) {
    const Result<QByteArray> bytes = encodeDataSet(dataSet, EXS_LittleEndianExplicit);
    if (!bytes)
        return fail(bytes.error());
    Transaction transaction(*m_database);
    Statement insert =
        transaction.prepare(u"INSERT INTO workitems (uid, kind, state, study_uid, patient_id, changed, data_set) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO NOTHING");
    insert.bind(1, textOf(dataSet, DCM_SOPInstanceUID))
        .bind(2, kindOf(dataSet))
        .bind(3, upsStateName(stateOf(dataSet)))
        .bind(4, studyOf(dataSet))
        .bind(5, textOf(dataSet, DCM_PatientID))
        .bind(6, m_clock.nowUtc().toMSecsSinceEpoch())
        .bind(7, *bytes);
    const Result<int> done = insert.run();
    if (!done)
        return fail(done.error());
    if (*done == 0)
        return fail(ErrorCode::AlreadyExists, QStringLiteral("work item is there"));
    return transaction.commit();
}

Result<std::optional<Workitem>> WorkitemStore::get(const QString& uid) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement query = transaction.prepare(sql(" WHERE uid = ?"));
    const Result<bool> found = query.bind(1, uid).step();
    if (!found)
        return fail(found.error());
    if (!*found)
        return std::optional<Workitem>();
    Result<Workitem> item = readRow(query);
    if (!item)
        return fail(item.error());
    return std::optional(std::move(*item));
}

Result<std::vector<Workitem>> WorkitemStore::all(const QStringList& states) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    QString where;
    if (!states.isEmpty()) {
        QStringList marks;
        for (qsizetype i = 0; i < states.size(); ++i)
            marks.append(QStringLiteral("?"));
        where = QStringLiteral(" WHERE state IN (") + marks.join(u',') + u')';
    }
    const QString text = sql("") + where + QStringLiteral(" ORDER BY changed, uid");
    Statement query = transaction.prepare(text);
    for (qsizetype i = 0; i < states.size(); ++i)
        query.bind(static_cast<int>(i) + 1, states[i]);
    return readAll(query);
}

Result<std::vector<Workitem>> WorkitemStore::ofStudy(const QString& studyUid) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement query = transaction.prepare(sql(" WHERE study_uid = ? ORDER BY changed, uid"));
    query.bind(1, studyUid);
    return readAll(query);
}

Result<std::vector<Workitem>> WorkitemStore::scheduledOfPatient(const QString& patientId) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement query = transaction.prepare(sql(" WHERE patient_id = ? AND state = 'SCHEDULED' ORDER BY changed, uid"));
    query.bind(1, patientId);
    return readAll(query);
}

Result<std::vector<Workitem>> WorkitemStore::needingFollowUp() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement query = transaction.prepare(sql(" WHERE follow_up = 1 ORDER BY changed, uid"));
    return readAll(query);
}

Result<Workitem> WorkitemStore::modify(const QString& uid, const Change& change) {
    Transaction transaction(*m_database);
    Statement query = transaction.prepare(sql(" WHERE uid = ?"));
    const Result<bool> found = query.bind(1, uid).step();
    if (!found)
        return fail(found.error());
    if (!*found)
        return fail(ErrorCode::NotFound, u"no work item " + uid);
    Result<Workitem> item = readRow(query);
    if (!item)
        return item;
    if (Status changed = change(*item); !changed)
        return fail(changed.error());
    const Result<QByteArray> bytes = encodeDataSet(*item->dataSet, EXS_LittleEndianExplicit);
    if (!bytes)
        return fail(bytes.error());
    Statement update =
        transaction.prepare(u"UPDATE workitems SET kind = ?, state = ?, patient_id = ?, transaction_uid = ?, "
                            "holder = ?, claimed = ?, changed = ?, follow_up = ?, data_set = ? WHERE uid = ?");
    update.bind(1, kindOf(*item->dataSet))
        .bind(2, upsStateName(item->state))
        .bind(3, textOf(*item->dataSet, DCM_PatientID))
        .bind(4, item->transactionUid)
        .bind(5, item->holder)
        .bind(6, item->claimedAt.isValid() ? item->claimedAt.toMSecsSinceEpoch() : qint64(0))
        .bind(7, m_clock.nowUtc().toMSecsSinceEpoch())
        .bind(8, qint64(item->needsFollowUp ? 1 : 0))
        .bind(9, *bytes)
        .bind(10, uid);
    if (const Result<int> done = update.run(); !done)
        return fail(done.error());
    if (Status committed = transaction.commit(); !committed)
        return fail(committed.error());
    return item;
}

} // namespace yz::platform
