#include "embedded_platform/workitem_store.h"

#include "embedded_platform/workitem_data_set.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <QUuid>

namespace yz::platform {

namespace {

constexpr const char* kSelect =
    "SELECT uid, kind, state, study_uid, patient_id, transaction_uid, holder, claimed, follow_up, data_set, version, "
    "writes FROM workitems ";
constexpr const char* kColumns = "ttttttt"
                                 "ii"
                                 "b"
                                 "i"
                                 "t";
constexpr size_t kItemsAtATime = 200;
constexpr int kMarkLength = 32;
constexpr int kMarksKept = 8;
constexpr int kMostTries = 200; ///< each try that fails is a change by somebody else

Result<Workitem> itemOfRow(const StateAnswer& answer, size_t row) {
    Workitem item;
    item.uid = answer.text(row, 0);
    item.kind = answer.text(row, 1);
    upsStateFromName(answer.text(row, 2), item.state);
    item.studyUid = answer.text(row, 3);
    item.patientId = answer.text(row, 4);
    item.transactionUid = answer.text(row, 5);
    item.holder = answer.text(row, 6);
    if (const qint64 claimed = answer.integer(row, 7); claimed > 0)
        item.claimedAt = QDateTime::fromMSecsSinceEpoch(claimed, Qt::UTC);
    item.needsFollowUp = answer.integer(row, 8) != 0;
    Result<DataSetPtr> dataSet = parseDataSet(answer.bytes(row, 9), EXS_LittleEndianExplicit);
    if (!dataSet)
        return fail(dataSet.error());
    item.dataSet = std::move(*dataSet);
    item.version = answer.integer(row, 10);
    item.writes = answer.text(row, 11);
    return item;
}

QString newMark() { return QString::fromLatin1(QUuid::createUuid().toRfc4122().toHex()); }

} // namespace

Workitem newWorkitem(DataSetPtr dataSet) {
    Workitem item;
    item.uid = textOf(*dataSet, DCM_SOPInstanceUID);
    item.kind = kindOf(*dataSet);
    item.state = stateOf(*dataSet);
    item.studyUid = studyOf(*dataSet);
    item.patientId = textOf(*dataSet, DCM_PatientID);
    item.dataSet = std::move(dataSet);
    return item;
}

WorkitemStore::WorkitemStore(std::shared_ptr<StateDatabase> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

StateQuery WorkitemStore::eventQuery(const Workitem& item, const QString& mark, size_t index) const {
    const Announcement& announcement = item.announcements[index];
    return {QStringLiteral("INSERT INTO events (cause, ae_title, workitem, type, data_set, made) "
                           "SELECT DISTINCT ?1, s.ae_title, ?2, ?3, ?4, ?5 FROM subscriptions s "
                           "WHERE (s.workitem = ?2 OR s.workitem = ?6) AND EXISTS (SELECT 1 FROM workitems w "
                           "WHERE w.uid = ?2 AND substr(w.writes, 1, 32) = ?7) "
                           "ON CONFLICT (cause, ae_title) DO NOTHING"),
            {mark + u'.' + QString::number(index), item.uid, qint64(announcement.type), announcement.dataSet,
             m_clock.nowUtc().toMSecsSinceEpoch(), QStringLiteral(UID_UPSGlobalSubscriptionSOPInstance), mark},
            {}};
}

Result<int> WorkitemStore::write(const StateQuery& change, const Workitem& item, const QString& mark) const {
    std::vector<StateQuery> queries{change};
    for (size_t i = 0; i < item.announcements.size(); ++i)
        queries.push_back(eventQuery(item, mark, i));
    const Result<std::vector<StateAnswer>> done =
        item.announcements.empty() ? m_database->run(queries) : m_database->runAndTell(queries);
    return done ? Result<int>(done->front().changed) : fail(done.error());
}

Result<bool> WorkitemStore::isOurs(const QString& uid, const QString& mark) const {
    const Result<StateAnswer> found =
        m_database->run(StateQuery{QStringLiteral("SELECT writes FROM workitems WHERE uid = ?1"), {uid}, "t"});
    if (!found)
        return fail(found.error());
    return !found->rows.empty() && found->text(0, 0).split(u' ').contains(mark);
}

Status WorkitemStore::add(const Workitem& item, const QString& origin) {
    const Result<QByteArray> bytes = encodeDataSet(*item.dataSet, EXS_LittleEndianExplicit);
    if (!bytes)
        return fail(bytes.error());
    const QString mark = newMark();
    const StateQuery insert{QStringLiteral("INSERT INTO workitems (uid, kind, state, study_uid, patient_id, changed, "
                                           "data_set, writes, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
                                           "ON CONFLICT DO NOTHING"),
                            {item.uid, item.kind, upsStateName(item.state), item.studyUid, item.patientId,
                             m_clock.nowUtc().toMSecsSinceEpoch(), *bytes, mark,
                             origin.isEmpty() ? StateValue() : StateValue(origin)},
                            {}};
    const Result<int> added = write(insert, item, mark);
    if (!added)
        return fail(added.error());
    if (*added == 1)
        return {};
    const Result<bool> ours = isOurs(item.uid, mark);
    if (!ours)
        return fail(ours.error());
    return *ours ? Status() : fail(ErrorCode::AlreadyExists, QStringLiteral("work item is there"));
}

Result<std::vector<Workitem>> WorkitemStore::read(const QString& rest, std::vector<StateValue> values) const {
    const Result<StateAnswer> answer = m_database->run(StateQuery{kSelect + rest, std::move(values), kColumns});
    if (!answer)
        return fail(answer.error());
    std::vector<Workitem> found;
    for (size_t row = 0; row < answer->rows.size(); ++row) {
        Result<Workitem> item = itemOfRow(*answer, row);
        if (!item)
            return fail(item.error());
        found.push_back(std::move(*item));
    }
    return found;
}

Result<std::optional<Workitem>> WorkitemStore::get(const QString& uid) const {
    Result<std::vector<Workitem>> found = read(QStringLiteral("WHERE uid = ?1"), {uid});
    if (!found)
        return fail(found.error());
    return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Status WorkitemStore::each(const QStringList& states, const std::function<bool(Workitem&)>& take) const {
    QString among;
    std::vector<StateValue> values{QString()};
    for (const QString& state : states) {
        values.emplace_back(state);
        among += (among.isEmpty() ? u" AND state IN (?"_qs : u", ?"_qs) + QString::number(values.size());
    }
    if (!among.isEmpty())
        among += u')';
    const QString rest = QStringLiteral("WHERE uid > ?1%1 ORDER BY uid LIMIT %2").arg(among).arg(kItemsAtATime);
    for (;;) {
        Result<std::vector<Workitem>> found = read(rest, values);
        if (!found)
            return fail(found.error());
        for (Workitem& item : *found) {
            values.front() = item.uid; // before it may be moved away
            if (!take(item))
                return {};
        }
        if (found->size() < kItemsAtATime)
            return {};
    }
}

Result<std::vector<Workitem>> WorkitemStore::all(const QStringList& states) const {
    std::vector<Workitem> items;
    const Status done = each(states, [&](Workitem& item) {
        items.push_back(std::move(item));
        return true;
    });
    if (!done)
        return fail(done.error());
    return items;
}

Result<std::vector<Workitem>> WorkitemStore::ofStudy(const QString& studyUid) const {
    return read(QStringLiteral("WHERE study_uid = ?1 ORDER BY changed, uid"), {studyUid});
}

Result<std::vector<Workitem>> WorkitemStore::scheduledOfPatient(const QString& patientId) const {
    return read(QStringLiteral("WHERE patient_id = ?1 AND state = 'SCHEDULED' ORDER BY changed, uid"), {patientId});
}

Result<std::vector<Workitem>> WorkitemStore::needingFollowUp(const QDateTime& changedBefore) const {
    return read(QStringLiteral("WHERE follow_up = 1 AND changed <= ?1 ORDER BY changed, uid"),
                {changedBefore.toMSecsSinceEpoch()});
}

Result<Workitem> WorkitemStore::modify(const QString& uid, const Change& change) {
    for (int i = 0; i < kMostTries; ++i) {
        Result<std::optional<Workitem>> found = get(uid);
        if (!found)
            return fail(found.error());
        if (!*found)
            return fail(ErrorCode::NotFound, u"no work item " + uid);
        Workitem item = std::move(**found);
        if (Status changed = change(item); !changed)
            return fail(changed.error());
        const Result<QByteArray> bytes = encodeDataSet(*item.dataSet, EXS_LittleEndianExplicit);
        if (!bytes)
            return fail(bytes.error());
        const QString mark = newMark();
        const QString marks = QString(mark + u' ' + item.writes).left((kMarkLength + 1) * kMarksKept);
        const StateQuery update{
            QStringLiteral("UPDATE workitems SET kind = ?1, state = ?2, patient_id = ?3, transaction_uid = ?4, "
                           "holder = ?5, claimed = ?6, changed = ?7, follow_up = ?8, data_set = ?9, "
                           "version = version + 1, writes = ?10 WHERE uid = ?11 AND version = ?12"),
            {kindOf(*item.dataSet), upsStateName(item.state), textOf(*item.dataSet, DCM_PatientID), item.transactionUid,
             item.holder, item.claimedAt.isValid() ? item.claimedAt.toMSecsSinceEpoch() : qint64(0),
             m_clock.nowUtc().toMSecsSinceEpoch(), qint64(item.needsFollowUp ? 1 : 0), *bytes, marks, uid,
             item.version},
            {}};
        const Result<int> written = write(update, item, mark);
        if (!written)
            return fail(written.error());
        // None: somebody was faster, or it was us and the answer was lost.
        const Result<bool> ours = *written == 1 ? Result<bool>(true) : isOurs(uid, mark);
        if (!ours)
            return fail(ours.error());
        if (*ours) {
            item.announcements.clear();
            return item;
        }
    }
    return fail(ErrorCode::DatabaseBusy, QStringLiteral("the work item changes all the time"));
}

} // namespace yz::platform
