#include "embedded_platform/archive_store.h"

#include <QJsonDocument>

namespace yz::platform {

namespace {

QString compact(const QJsonObject& object) {
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QJsonObject objectOf(const QString& text) { return QJsonDocument::fromJson(text.toUtf8()).object(); }

QString placeholders(qsizetype count) {
    QStringList marks;
    for (qsizetype i = 0; i < count; ++i)
        marks.append(QStringLiteral("?"));
    return marks.join(u',');
}

/// Collects "column IN (?, ...)" conditions and their values in order.
class Conditions {
public:
    void in(const char* column, const QStringList& values) {
        if (values.isEmpty())
            return;
        m_parts.append(QLatin1String(column) + QStringLiteral(" IN (") + placeholders(values.size()) + u')');
        m_values += values;
    }
    void equals(const char* column, const QString& value) {
        if (!value.isEmpty())
            in(column, {value});
    }
    [[nodiscard]] QString where() const {
        return m_parts.isEmpty() ? QString() : QStringLiteral(" WHERE ") + m_parts.join(QStringLiteral(" AND "));
    }
    void bind(Statement& statement) const {
        for (qsizetype i = 0; i < m_values.size(); ++i)
            statement.bind(static_cast<int>(i) + 1, m_values[i]);
    }

private:
    QStringList m_parts;
    QStringList m_values;
};

constexpr const char* kInstanceColumns =
    "uid, sop_class, series_uid, study_uid, transfer_syntax, number, path, is_ours, "
    "size, data_offset, file_sha256";

ArchivedInstance readInstance(const Statement& row) {
    ArchivedInstance instance;
    instance.instanceUid = row.text(0);
    instance.sopClass = row.text(1);
    instance.seriesUid = row.text(2);
    instance.studyUid = row.text(3);
    instance.transferSyntax = row.text(4);
    instance.number = static_cast<int>(row.integer(5));
    instance.path = row.text(6);
    instance.isOurs = row.integer(7) != 0;
    instance.size = row.integer(8);
    instance.dataOffset = row.integer(9);
    instance.fileSha256 = row.blob(10);
    return instance;
}

void merge(QJsonObject& into, const QJsonObject& from) {
    for (auto it = from.begin(); it != from.end(); ++it)
        into.insert(it.key(), it.value());
}

/// Backslash-separated list from SQLite's comma-separated one.
QString valueList(QString text) { return text.replace(u',', u'\\'); }

constexpr const char* kStudyRows =
    "SELECT s.attributes, (SELECT group_concat(DISTINCT modality) FROM series WHERE study_uid = s.uid), "
    "(SELECT count(*) FROM series WHERE study_uid = s.uid), (SELECT count(*) FROM instances WHERE study_uid = s.uid), "
    "(SELECT group_concat(DISTINCT sop_class) FROM instances WHERE study_uid = s.uid) FROM studies s";
constexpr const char* kSeriesRows =
    "SELECT s.attributes, e.attributes, (SELECT count(*) FROM instances WHERE series_uid = e.uid) "
    "FROM series e JOIN studies s ON s.uid = e.study_uid";
constexpr const char* kImageRows =
    "SELECT s.attributes, e.attributes, i.attributes, i.transfer_syntax FROM instances i "
    "JOIN series e ON e.uid = i.series_uid JOIN studies s ON s.uid = i.study_uid";

} // namespace

ArchiveStore::ArchiveStore(std::shared_ptr<Database> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

Status ArchiveStore::add(const NewInstance& added) {
    Transaction transaction(*m_database);
    if (Status inserted = insert(transaction, added); !inserted)
        return inserted;
    return transaction.commit();
}

Status ArchiveStore::addAll(const std::vector<NewInstance>& added) {
    Transaction transaction(*m_database);
    for (const NewInstance& one : added)
        if (Status inserted = insert(transaction, one); !inserted)
            return inserted;
    return transaction.commit();
}

Status ArchiveStore::insert(Transaction& transaction, const NewInstance& added) {
    const ArchivedInstance& instance = added.instance;
    const qint64 now = m_clock.nowUtc().toMSecsSinceEpoch();
    Statement seriesOwner = transaction.prepare(u"SELECT study_uid FROM series WHERE uid = ?");
    const Result<bool> hasSeries = seriesOwner.bind(1, instance.seriesUid).step();
    if (!hasSeries)
        return fail(hasSeries.error());
    if (*hasSeries && seriesOwner.text(0) != instance.studyUid)
        return fail(ErrorCode::StudyMismatch, u"series belongs to another study: " + instance.seriesUid);
    Statement study = transaction.prepare(
        u"INSERT INTO studies (uid, patient_id, accession, study_date, attributes, order_json, last_arrival, "
        u"unsettled) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (uid) DO UPDATE SET "
        "order_json = CASE WHEN ?6 <> '' THEN ?6 ELSE order_json END, "
        "last_arrival = CASE WHEN ?8 THEN ?7 ELSE last_arrival END, unsettled = max(unsettled, ?8)");
    study.bind(1, instance.studyUid)
        .bind(2, added.studyAttributes[QStringLiteral("00100020")].toString())
        .bind(3, added.studyAttributes[QStringLiteral("00080050")].toString())
        .bind(4, added.studyAttributes[QStringLiteral("00080020")].toString())
        .bind(5, compact(added.studyAttributes))
        .bind(6, added.order.isEmpty() ? QStringLiteral("") : compact(added.order))
        .bind(7, now)
        .bind(8, qint64(added.isReport ? 0 : 1));
    if (const Result<int> done = study.run(); !done)
        return fail(done.error());
    Statement series = transaction.prepare(
        u"INSERT INTO series (uid, study_uid, modality, attributes) VALUES (?, ?, ?, ?) ON CONFLICT (uid) DO NOTHING");
    series.bind(1, instance.seriesUid).bind(2, instance.studyUid).bind(3, added.modality);
    if (const Result<int> done = series.bind(4, compact(added.seriesAttributes)).run(); !done)
        return fail(done.error());
    Statement row = transaction.prepare(
        u"INSERT INTO instances (uid, sop_class, series_uid, study_uid, transfer_syntax, number, path, is_ours, size, "
        "data_offset, file_sha256, attributes, arrived) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (uid) DO NOTHING");
    row.bind(1, instance.instanceUid)
        .bind(2, instance.sopClass)
        .bind(3, instance.seriesUid)
        .bind(4, instance.studyUid)
        .bind(5, instance.transferSyntax)
        .bind(6, qint64(instance.number))
        .bind(7, instance.path)
        .bind(8, qint64(instance.isOurs ? 1 : 0))
        .bind(9, instance.size)
        .bind(10, instance.dataOffset)
        .bind(11, instance.fileSha256)
        .bind(12, compact(added.instanceAttributes))
        .bind(13, now);
    const Result<int> inserted = row.run();
    if (!inserted)
        return fail(inserted.error());
    if (*inserted == 0)
        return fail(ErrorCode::AlreadyExists, u"instance is there: " + instance.instanceUid);
    return {};
}

Status ArchiveStore::setFile(const ArchivedInstance& instance) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(u"UPDATE instances SET path = ?, is_ours = ?, size = ?, data_offset = ?, "
                                           "file_sha256 = ? WHERE uid = ?");
    update.bind(1, instance.path)
        .bind(2, qint64(instance.isOurs ? 1 : 0))
        .bind(3, instance.size)
        .bind(4, instance.dataOffset)
        .bind(5, instance.fileSha256)
        .bind(6, instance.instanceUid);
    const Result<int> done = update.run();
    return done ? transaction.commit() : fail(done.error());
}

Status ArchiveStore::setOrder(const QString& studyUid, const QJsonObject& order) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(u"UPDATE studies SET order_json = ? WHERE uid = ?");
    const Result<int> done = update.bind(1, compact(order)).bind(2, studyUid).run();
    return done ? transaction.commit() : fail(done.error());
}

Result<std::optional<ArchivedInstance>> ArchiveStore::instance(const QString& instanceUid) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement query = transaction.prepare(QString(QStringLiteral("SELECT ") + QLatin1String(kInstanceColumns) +
                                                  QStringLiteral(" FROM instances WHERE uid = ?")));
    const Result<bool> found = query.bind(1, instanceUid).step();
    if (!found)
        return fail(found.error());
    return *found ? std::optional(readInstance(query)) : std::nullopt;
}

Result<bool> ArchiveStore::knowsPath(const QString& path) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement query = transaction.prepare(u"SELECT 1 FROM instances WHERE path = ?");
    return query.bind(1, path).step();
}

Result<std::optional<ArchivedStudy>> ArchiveStore::study(const QString& studyUid) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement query = transaction.prepare(
        u"SELECT uid, patient_id, attributes, order_json, withdrawn, "
        "(SELECT group_concat(DISTINCT modality) FROM series WHERE study_uid = s.uid), "
        "(SELECT e.attributes FROM series e JOIN instances i ON i.series_uid = e.uid WHERE e.study_uid = s.uid "
        "ORDER BY i.arrived LIMIT 1) FROM studies s WHERE uid = ?");
    const Result<bool> found = query.bind(1, studyUid).step();
    if (!found)
        return fail(found.error());
    if (!*found)
        return std::optional<ArchivedStudy>();
    ArchivedStudy study;
    study.studyUid = query.text(0);
    study.patientId = query.text(1);
    study.attributes = objectOf(query.text(2));
    study.order = objectOf(query.text(3));
    study.isWithdrawn = query.integer(4) != 0;
    study.modalities = query.text(5).split(u',', Qt::SkipEmptyParts);
    study.firstSeries = objectOf(query.text(6));
    return std::optional(study);
}

Result<std::vector<ArchivedStudy>> ArchiveStore::studiesOf(const QString& patientId) const {
    QStringList uids;
    {
        Transaction transaction(*m_database, Transaction::Kind::Read);
        Statement query = transaction.prepare(u"SELECT uid FROM studies WHERE patient_id = ? AND patient_id <> '' "
                                              "AND withdrawn = 0 ORDER BY study_date DESC, uid");
        query.bind(1, patientId);
        for (;;) {
            const Result<bool> more = query.step();
            if (!more)
                return fail(more.error());
            if (!*more)
                break;
            uids.append(query.text(0));
        }
    }
    std::vector<ArchivedStudy> studies;
    for (const QString& uid : std::as_const(uids)) {
        Result<std::optional<ArchivedStudy>> found = study(uid);
        if (!found)
            return fail(found.error());
        if (*found)
            studies.push_back(std::move(**found));
    }
    return studies;
}

Result<std::vector<ArchivedInstance>> ArchiveStore::select(const QStringList& studies, const QStringList& series,
                                                           const QStringList& instances) const {
    Conditions conditions;
    conditions.in("study_uid", studies);
    conditions.in("series_uid", series);
    conditions.in("uid", instances);
    if (conditions.where().isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("nothing selected"));
    Transaction transaction(*m_database, Transaction::Kind::Read);
    const QString sql = QStringLiteral("SELECT ") + QLatin1String(kInstanceColumns) +
                        QStringLiteral(" FROM instances") + conditions.where() +
                        QStringLiteral(" ORDER BY study_uid, series_uid, number, uid");
    Statement query = transaction.prepare(sql);
    conditions.bind(query);
    std::vector<ArchivedInstance> found;
    for (;;) {
        const Result<bool> more = query.step();
        if (!more)
            return fail(more.error());
        if (!*more)
            return found;
        found.push_back(readInstance(query));
    }
}

Result<std::vector<QJsonObject>> ArchiveStore::rows(Level level, const Filter& filter) const {
    Conditions conditions;
    conditions.in("s.uid", filter.studies);
    conditions.equals("s.patient_id", filter.patientId);
    conditions.equals("s.accession", filter.accession);
    if (level != Level::Study)
        conditions.in("e.uid", filter.series);
    if (level == Level::Image)
        conditions.in("i.uid", filter.instances);
    const char* select = level == Level::Study ? kStudyRows : level == Level::Series ? kSeriesRows : kImageRows;
    const char* order = level == Level::Study    ? " ORDER BY s.study_date DESC, s.uid"
                        : level == Level::Series ? " ORDER BY s.uid, e.uid"
                                                 : " ORDER BY s.uid, e.uid, i.number, i.uid";
    Transaction transaction(*m_database, Transaction::Kind::Read);
    const QString sql = QLatin1String(select) + conditions.where() + QLatin1String(order);
    Statement query = transaction.prepare(sql);
    conditions.bind(query);
    std::vector<QJsonObject> found;
    for (;;) {
        const Result<bool> more = query.step();
        if (!more)
            return fail(more.error());
        if (!*more)
            return found;
        QJsonObject row = objectOf(query.text(0));
        if (level != Level::Study)
            merge(row, objectOf(query.text(1)));
        if (level == Level::Study) {
            row.insert(QStringLiteral("00080061"), valueList(query.text(1)));
            row.insert(QStringLiteral("00201206"), QString::number(query.integer(2)));
            row.insert(QStringLiteral("00201208"), QString::number(query.integer(3)));
            row.insert(QStringLiteral("00080062"), valueList(query.text(4)));
        } else if (level == Level::Series) {
            row.insert(QStringLiteral("00201209"), QString::number(query.integer(2)));
        } else {
            merge(row, objectOf(query.text(2)));
            row.insert(QStringLiteral("00083002"), query.text(3));
        }
        found.push_back(std::move(row));
    }
}

Result<QStringList> ArchiveStore::quietStudies(const QDateTime& until) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement query = transaction.prepare(
        u"SELECT uid FROM studies WHERE unsettled = 1 AND last_arrival <= ? ORDER BY study_date, uid");
    query.bind(1, until.toMSecsSinceEpoch());
    QStringList uids;
    for (;;) {
        const Result<bool> more = query.step();
        if (!more)
            return fail(more.error());
        if (!*more)
            return uids;
        uids.append(query.text(0));
    }
}

Status ArchiveStore::markSettled(const QString& studyUid) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(u"UPDATE studies SET unsettled = 0 WHERE uid = ?");
    const Result<int> done = update.bind(1, studyUid).run();
    return done ? transaction.commit() : fail(done.error());
}

Status ArchiveStore::markWithdrawn(const QString& studyUid) {
    Transaction transaction(*m_database);
    Statement update = transaction.prepare(u"UPDATE studies SET withdrawn = 1, unsettled = 0 WHERE uid = ?");
    const Result<int> done = update.bind(1, studyUid).run();
    return done ? transaction.commit() : fail(done.error());
}

Result<StoredSyntaxes> ArchiveStore::storedSyntaxes() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement query = transaction.prepare(u"SELECT sop_class, transfer_syntax FROM instances GROUP BY sop_class, "
                                          "transfer_syntax ORDER BY count(*) DESC");
    StoredSyntaxes found;
    for (;;) {
        const Result<bool> more = query.step();
        if (!more)
            return fail(more.error());
        if (!*more)
            return found;
        found[query.text(0)].append(query.text(1));
    }
}

} // namespace yz::platform
