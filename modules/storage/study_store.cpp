#include "storage/study_store.h"

#include "storage/row_values.h"

namespace yz {

namespace {

QString isoTime(const QDateTime& time) { return time.isValid() ? time.toString(Qt::ISODateWithMs) : QString(); }
QDateTime timeFromIso(const QString& text) { return QDateTime::fromString(text, Qt::ISODateWithMs); }

constexpr QStringView studyColumns = u"uid, patient_id, issuer_of_id, national_id, patient_name, sex, birth_date, age, "
                                     "accession, time, description, institution";

StudyRecord studyAt(const Statement& row) {
    StudyRecord study;
    study.study = StudyUid(row.text(0));
    study.patient.id = PatientId(row.text(1));
    study.patient.issuerOfId = row.text(2);
    study.patient.nationalId = row.text(3);
    study.patient.name = PersonName::fromDicom(row.text(4));
    study.patient.sex = sexFromDicom(row.text(5));
    study.patient.birthDate = QDate::fromString(row.text(6), Qt::ISODate);
    study.patient.age = row.text(7);
    study.accessionNumber = row.text(8);
    study.time = timeFromIso(row.text(9));
    study.description = row.text(10);
    study.institution = row.text(11);
    return study;
}

/// One value of a row looked up by UID; empty when there is no row.
Result<std::optional<QString>> lookUp(Transaction& transaction, QStringView sql, const QString& uid) {
    Statement select = transaction.prepare(sql);
    const Result<bool> row = select.bind(1, uid).step();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(select.text(0)) : std::nullopt;
}

/// The object must belong where the index already has its study, series and instance.
Status checkIdentity(Transaction& transaction, const DataSetHeader& header) {
    if (header.study.study.isEmpty() || header.series.series.isEmpty() || header.instance.instance.isEmpty())
        return fail(ErrorCode::AttributeMissing, QStringLiteral("study, series or instance UID"));
    const auto patient = lookUp(transaction, u"SELECT patient_id FROM study WHERE uid = ?", header.study.study.value());
    if (!patient)
        return fail(patient.error());
    if (*patient && **patient != header.study.patient.id.value())
        return fail(ErrorCode::PatientMismatch,
                    u"instance " + header.instance.instance.value() + u" names another patient than its study");
    const auto study = lookUp(transaction, u"SELECT study FROM series WHERE uid = ?", header.series.series.value());
    if (!study)
        return fail(study.error());
    if (*study && **study != header.study.study.value())
        return fail(ErrorCode::StudyMismatch, u"series " + header.series.series.value() + u" is of another study");
    const auto series =
        lookUp(transaction, u"SELECT series FROM instance WHERE uid = ?", header.instance.instance.value());
    if (!series)
        return fail(series.error());
    if (*series && **series != header.series.series.value())
        return fail(ErrorCode::StudyMismatch,
                    u"instance " + header.instance.instance.value() + u" is of another series");
    return {};
}

/// Presentation states, key object notes, reports and documents name the hospital they were made at, and some the time
/// in another zone: what the study is the images say, these only fill what is not known.
bool isMadeOfImages(const QString& modality) {
    return modality == u"PR" || modality == u"KO" || modality == u"SR" || modality == u"DOC";
}

Status putStudy(Transaction& transaction, const StudyRecord& study, bool isDescribed, const QDateTime& now) {
    QStringList changes;
    for (const char* name : {"issuer_of_id", "national_id", "patient_name", "sex", "birth_date", "age", "accession",
                             "time", "description", "institution"}) {
        const QLatin1String column(name);
        changes.append(
            isDescribed ? QStringLiteral("%1 = excluded.%1").arg(column)
                        : QStringLiteral("%1 = CASE study.%1 WHEN '' THEN excluded.%1 ELSE study.%1 END").arg(column));
    }
    Statement upsert = transaction.prepare(
        QString(u"INSERT INTO study (uid, patient_id, issuer_of_id, national_id, patient_name, sex, birth_date, age, "
                u"accession, time, description, institution, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                u"ON CONFLICT (uid) DO UPDATE SET " +
                changes.join(u", ")));
    const Patient& patient = study.patient;
    upsert.bind(1, study.study.value()).bind(2, patient.id.value()).bind(3, patient.issuerOfId);
    upsert.bind(4, patient.nationalId).bind(5, patient.name.toDicom()).bind(6, toDicom(patient.sex));
    upsert.bind(7, patient.birthDate.toString(Qt::ISODate)).bind(8, patient.age).bind(9, study.accessionNumber);
    upsert.bind(10, isoTime(study.time)).bind(11, study.description).bind(12, study.institution);
    bindTime(upsert, 13, now);
    if (const Result<int> done = upsert.run(); !done)
        return fail(done.error());
    return {};
}

Status putSeries(Transaction& transaction, const SeriesRecord& series, const StudyUid& study) {
    Statement upsert = transaction.prepare(
        u"INSERT INTO series (uid, study, modality, number, description, body_part, laterality, view_position, time) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET modality = excluded.modality, "
        "number = excluded.number, description = excluded.description, body_part = excluded.body_part, "
        "laterality = excluded.laterality, view_position = excluded.view_position, time = excluded.time");
    upsert.bind(1, series.series.value()).bind(2, study.value()).bind(3, series.modality).bind(4, series.seriesNumber);
    upsert.bind(5, series.description).bind(6, series.bodyPart).bind(7, series.laterality).bind(8, series.viewPosition);
    if (const Result<int> done = upsert.bind(9, isoTime(series.time)).run(); !done)
        return fail(done.error());
    return {};
}

Status putInstance(Transaction& transaction, const InstanceRecord& instance, const SeriesUid& series) {
    Statement upsert = transaction.prepare(
        u"INSERT INTO instance (uid, series, sop_class, transfer_syntax, number, frame_count, path) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET sop_class = excluded.sop_class, "
        "transfer_syntax = excluded.transfer_syntax, number = excluded.number, frame_count = excluded.frame_count, "
        "path = excluded.path");
    upsert.bind(1, instance.instance.value()).bind(2, series.value()).bind(3, instance.sopClass.value());
    upsert.bind(4, instance.transferSyntax).bind(5, instance.instanceNumber).bind(6, instance.frameCount);
    if (const Result<int> done = upsert.bind(7, instance.path).run(); !done)
        return fail(done.error());
    return {};
}

Status putChecksum(Transaction& transaction, const InstanceUid& instance, const QByteArray& checksum) {
    {
        Statement remove = transaction.prepare(u"DELETE FROM instance_checksum WHERE uid = ?");
        if (const Result<int> removed = remove.bind(1, instance.value()).run(); !removed)
            return fail(removed.error());
    }
    if (checksum.isEmpty())
        return {};
    Statement insert = transaction.prepare(u"INSERT INTO instance_checksum (uid, checksum) VALUES (?, ?)");
    if (const Result<int> done = insert.bind(1, instance.value()).bind(2, checksum).run(); !done)
        return fail(done.error());
    return {};
}

Status readInstances(Transaction& transaction, StudyRecord& study, SeriesRecord& series) {
    Statement select =
        transaction.prepare(u"SELECT uid, sop_class, transfer_syntax, number, frame_count, path FROM instance "
                            "WHERE series = ? ORDER BY number, uid");
    select.bind(1, series.series.value());
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        series.instances.push_back({study.study, series.series, InstanceUid(select.text(0)),
                                    SopClassUid(select.text(1)), select.text(2), static_cast<int>(select.integer(3)),
                                    static_cast<int>(select.integer(4)), select.text(5)});
    }
}

Status readSeries(Transaction& transaction, StudyRecord& study) {
    Statement select =
        transaction.prepare(u"SELECT uid, modality, number, description, body_part, laterality, view_position, time "
                            "FROM series WHERE study = ? ORDER BY number, uid");
    select.bind(1, study.study.value());
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        SeriesRecord series{SeriesUid(select.text(0)),
                            select.text(1),
                            static_cast<int>(select.integer(2)),
                            select.text(3),
                            select.text(4),
                            select.text(5),
                            select.text(6),
                            timeFromIso(select.text(7)),
                            {}};
        if (Status done = readInstances(transaction, study, series); !done)
            return done;
        study.series.push_back(std::move(series));
    }
}

} // namespace

StudyStore::StudyStore(std::shared_ptr<Database> database, const Clock& clock)
    : m_database(std::move(database)), m_clock(clock) {}

Status StudyStore::belongs(const DataSetHeader& header) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    return checkIdentity(transaction, header);
}

Status StudyStore::add(const DataSetHeader& header, const QByteArray& checksum) {
    Transaction transaction(*m_database);
    Status done = checkIdentity(transaction, header);
    if (done)
        done = putStudy(transaction, header.study, !isMadeOfImages(header.series.modality), m_clock.nowUtc());
    if (done)
        done = putSeries(transaction, header.series, header.study.study);
    if (done)
        done = putInstance(transaction, header.instance, header.series.series);
    if (done)
        done = putChecksum(transaction, header.instance.instance, checksum);
    if (!done)
        return done;
    // It arrived after all.
    Statement settle = transaction.prepare(u"DELETE FROM set_aside WHERE study = ? AND instance = ?");
    settle.bind(1, header.study.study.value()).bind(2, header.instance.instance.value());
    if (const Result<int> removed = settle.run(); !removed)
        return fail(removed.error());
    return transaction.commit();
}

Status StudyStore::forget(const InstanceUid& instance) {
    Transaction transaction(*m_database);
    Statement remove = transaction.prepare(u"DELETE FROM instance WHERE uid = ?");
    if (const Result<int> removed = remove.bind(1, instance.value()).run(); !removed)
        return fail(removed.error());
    if (const Status done = putChecksum(transaction, instance, {}); !done)
        return done;
    return transaction.commit();
}

Result<StudyRecord> StudyStore::study(const StudyUid& study) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(QString(u"SELECT " + studyColumns + u" FROM study WHERE uid = ?"));
    const Result<bool> row = select.bind(1, study.value()).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(ErrorCode::NotFound, u"study " + study.value());
    StudyRecord record = studyAt(select);
    if (const Status done = readSeries(transaction, record); !done)
        return fail(done.error());
    return record;
}

Result<std::vector<StudyRecord>> StudyStore::all() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(QString(u"SELECT " + studyColumns + u" FROM study ORDER BY added_at, uid"));
    std::vector<StudyRecord> studies;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return studies;
        studies.push_back(studyAt(select));
        if (const Status done = readSeries(transaction, studies.back()); !done)
            return fail(done.error());
    }
}

Result<std::set<InstanceUid>> StudyStore::instancesOf(const StudyUid& study) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(
        u"SELECT instance.uid FROM instance JOIN series ON series.uid = instance.series WHERE series.study = ?");
    select.bind(1, study.value());
    std::set<InstanceUid> instances;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return instances;
        instances.insert(InstanceUid(select.text(0)));
    }
}

Result<std::map<InstanceUid, QByteArray>> StudyStore::checksumsOf(const StudyUid& study) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(
        u"SELECT instance.uid, instance_checksum.checksum FROM series JOIN instance ON instance.series = series.uid "
        "JOIN instance_checksum ON instance_checksum.uid = instance.uid WHERE series.study = ?");
    select.bind(1, study.value());
    std::map<InstanceUid, QByteArray> checksums;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return checksums;
        checksums[InstanceUid(select.text(0))] = select.blob(1);
    }
}

Status StudyStore::setExpectedCount(const StudyUid& study, int instances) {
    Transaction transaction(*m_database);
    Statement upsert = transaction.prepare(u"INSERT INTO study_expected (study, instances) VALUES (?, ?) "
                                           "ON CONFLICT (study) DO UPDATE SET instances = excluded.instances");
    if (const Result<int> done = upsert.bind(1, study.value()).bind(2, instances).run(); !done)
        return fail(done.error());
    return transaction.commit();
}

Result<StudyStore::Completeness> StudyStore::completeness(const StudyUid& study) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(
        u"SELECT (SELECT count(*) FROM instance JOIN series ON series.uid = instance.series WHERE series.study = ?1), "
        "coalesce((SELECT instances FROM study_expected WHERE study = ?1), -1)");
    const Result<bool> row = select.bind(1, study.value()).step();
    if (!row)
        return fail(row.error());
    return Completeness{static_cast<int>(select.integer(0)), static_cast<int>(select.integer(1))};
}

Result<std::vector<StudyStore::Kept>> StudyStore::kept() const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(
        u"SELECT study.uid, (SELECT count(*) FROM instance JOIN series ON series.uid = instance.series "
        "WHERE series.study = study.uid), coalesce(study_expected.instances, -1), "
        "coalesce(study_use.used_at, study.added_at) AS last_used FROM study "
        "LEFT JOIN study_expected ON study_expected.study = study.uid "
        "LEFT JOIN study_use ON study_use.study = study.uid ORDER BY last_used, study.uid");
    std::vector<Kept> studies;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return studies;
        studies.push_back({StudyUid(select.text(0)),
                           {static_cast<int>(select.integer(1)), static_cast<int>(select.integer(2))},
                           timeAt(select, 3)});
    }
}

Status StudyStore::noteUse(const StudyUid& study) {
    Transaction transaction(*m_database);
    Statement upsert = transaction.prepare(u"INSERT INTO study_use (study, used_at) VALUES (?, ?) "
                                           "ON CONFLICT (study) DO UPDATE SET used_at = excluded.used_at");
    upsert.bind(1, study.value());
    bindTime(upsert, 2, m_clock.nowUtc());
    if (const Result<int> done = upsert.run(); !done)
        return fail(done.error());
    return transaction.commit();
}

Status StudyStore::remove(const StudyUid& study) {
    Transaction transaction(*m_database);
    for (const char16_t* text : {u"DELETE FROM instance_checksum WHERE uid IN (SELECT instance.uid FROM series JOIN "
                                 "instance ON instance.series = series.uid WHERE series.study = ?)",
                                 u"DELETE FROM instance WHERE series IN (SELECT uid FROM series WHERE study = ?)",
                                 u"DELETE FROM series WHERE study = ?", u"DELETE FROM study WHERE uid = ?",
                                 u"DELETE FROM study_expected WHERE study = ?",
                                 u"DELETE FROM set_aside WHERE study = ?", u"DELETE FROM study_use WHERE study = ?"}) {
        Statement statement = transaction.prepare(text);
        if (const Result<int> done = statement.bind(1, study.value()).run(); !done)
            return fail(done.error());
    }
    return transaction.commit();
}

Status StudyStore::setAside(const StudyUid& study, const SetAside& object) {
    Transaction transaction(*m_database);
    Statement upsert =
        transaction.prepare(u"INSERT INTO set_aside (study, instance, error_code, error_detail) VALUES (?, ?, ?, ?) "
                            "ON CONFLICT (study, instance) DO UPDATE SET error_code = excluded.error_code, "
                            "error_detail = excluded.error_detail");
    upsert.bind(1, study.value()).bind(2, object.instance.value());
    upsert.bind(3, errorName(object.reason.code)).bind(4, object.reason.detail);
    if (const Result<int> done = upsert.run(); !done)
        return fail(done.error());
    return transaction.commit();
}

Result<std::vector<StudyStore::SetAside>> StudyStore::setAsideOf(const StudyUid& study) const {
    Transaction transaction(*m_database, Transaction::Kind::Read);
    Statement select = transaction.prepare(
        u"SELECT instance, error_code, error_detail FROM set_aside WHERE study = ? ORDER BY instance");
    select.bind(1, study.value());
    std::vector<SetAside> objects;
    for (;;) {
        const Result<bool> row = select.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return objects;
        objects.push_back({InstanceUid(select.text(0)), Error{errorCodeFromName(select.text(1)), select.text(2)}});
    }
}

} // namespace yz
