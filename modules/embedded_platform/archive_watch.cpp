#include "embedded_platform/archive_watch.h"

#include "core/log.h"

#include <utility>

namespace yz::platform {

namespace {

constexpr qint64 kDayMs = 86'400'000;
constexpr qint64 kKeepUnseenDays = 30; ///< longer than the days looked at; a task itself is never made twice
constexpr int kMostFailuresInARow = 3; ///< of single studies; then it is the archive
constexpr int kFullSpeedFailures = 1;

const QString kOrder = QStringLiteral("order");
const QString kPatient = QStringLiteral("patient");

bool isEqual(const WatchedStudy& a, const WatchedStudy& b) {
    return a.instances == b.instances && a.since == b.since && a.stage == b.stage && a.order == b.order;
}

/// Nobody else can do better with the next study.
bool isOurOwn(ErrorCode code) {
    return code == ErrorCode::Cancelled || code == ErrorCode::DatabaseBusy || code == ErrorCode::DatabaseError;
}

QDateTime local(qint64 time) { return QDateTime::fromMSecsSinceEpoch(time, Qt::LocalTime); }

} // namespace

ArchiveWatch::ArchiveWatch(Settings settings, std::unique_ptr<QueryPort> archive,
                           std::vector<std::unique_ptr<QueryPort>> orders, WatchStore store, TaskDesk& desk,
                           const Clock& clock)
    : m_settings(std::move(settings)), m_port(std::move(archive)), m_reader(*m_port), m_orders(std::move(orders)),
      m_store(std::move(store)), m_desk(desk), m_clock(clock) {
    m_settings.lease = std::max(m_settings.lease, m_settings.interval * 3);
}

ArchiveWatch::~ArchiveWatch() { stop(); }

void ArchiveWatch::start() {
    m_thread = std::thread([this] { run(); });
}

void ArchiveWatch::stop() {
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_wake.notify_all();
    if (!m_thread.joinable())
        return;
    m_thread.join();
    if (m_hasTurn)
        m_store.leaveTurn(m_settings.aeTitle);
}

bool ArchiveWatch::isStopping() {
    const std::scoped_lock lock(m_mutex);
    return m_isStopping;
}

void ArchiveWatch::run() {
    while (!isStopping()) {
        report(look());
        const int shift = std::clamp(m_failures - kFullSpeedFailures, 0, 10);
        const auto pause = std::min<std::chrono::milliseconds>(m_settings.interval * (1 << shift),
                                                               std::max(m_settings.longestPause, m_settings.interval));
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(lock, pause, [this] { return m_isStopping; });
    }
}

void ArchiveWatch::report(const Status& looked) {
    if (looked || looked.error().code == ErrorCode::Cancelled) {
        if (m_failures > 0)
            qCInfo(logPlatform).noquote() << "archive" << m_settings.aeTitle << "answers again";
        m_failures = 0;
        return;
    }
    if (m_failures++ == 0)
        qCWarning(logPlatform).noquote() << "archive" << m_settings.aeTitle << looked.error().toString();
}

Result<bool> ArchiveWatch::keepTurn() {
    const qint64 time = now();
    const qint64 left = m_turnEnds - time;
    if (m_hasTurn && left > m_settings.lease.count() / 2 && left <= m_settings.lease.count())
        return true;
    const bool isContinued = m_hasTurn && left > 0 && left <= m_settings.lease.count();
    m_hasTurn = false;
    const Result<bool> taken = m_store.takeTurn(m_settings.aeTitle, m_settings.lease);
    if (!taken)
        return fail(taken.error());
    if (!*taken)
        return false;
    if (!isContinued) { // somebody else may have looked
        Result<std::map<QString, WatchedStudy>> studies = m_store.studies(m_settings.aeTitle);
        const Result<qint64> looked = m_store.lookedAt(m_settings.aeTitle);
        if (!studies)
            return fail(studies.error());
        if (!looked)
            return fail(looked.error());
        m_studies = std::move(*studies);
        m_changed.clear();
        m_lookedAt = *looked;
        m_fullLook = 0;
    }
    m_hasTurn = true;
    m_turnEnds = time + m_settings.lease.count();
    return true;
}

Status ArchiveWatch::look() {
    const Result<bool> turn = keepTurn();
    if (!turn)
        return fail(turn.error());
    if (!*turn)
        return {};
    const qint64 time = now();
    const bool isFull = m_fullLook == 0 || time < m_fullLook || time - m_fullLook >= m_settings.fullInterval.count();
    // Back to the last look over everything that came to its end, however long ago that is.
    const qint64 mark = m_lookedAt == 0 ? time : std::min(time, m_lookedAt);
    const QDateTime from = isFull ? QDateTime(local(mark).date().addDays(-m_settings.days), QTime(0, 0), Qt::LocalTime)
                                  : local(time - std::chrono::milliseconds(m_settings.overlap).count());
    m_isPartial = false;
    m_away.clear();
    const Status looked = lookFrom(from);
    const Status kept = keepStudies();
    m_port->hangUp();
    for (const std::unique_ptr<QueryPort>& orders : m_orders)
        orders->hangUp();
    if (m_reader.hasCutNames() && !std::exchange(m_hasWarnedOfNames, true))
        qCWarning(logPlatform).noquote() << "archive" << m_settings.aeTitle
                                         << "answers with names that lack characters: it has to answer in UTF-8 or "
                                            "GB18030 (Orthanc: DefaultEncoding)";
    if (!looked || !kept) {
        // Another platform may reach what we do not; and next time nothing is left out.
        m_store.leaveTurn(m_settings.aeTitle);
        m_hasTurn = false;
        return looked ? kept : looked;
    }
    if (!isFull || !m_hasTurn)
        return {};
    m_fullLook = time;
    if (m_isPartial)
        return {};
    m_lookedAt = time;
    if (Status set = m_store.setLookedAt(m_settings.aeTitle, time); !set)
        return set;
    const qint64 old = time - (m_settings.days + kKeepUnseenDays) * kDayMs;
    for (auto it = m_studies.begin(); it != m_studies.end();)
        it = it->second.stage != WatchedStudy::Stage::Arriving && it->second.seen < old ? m_studies.erase(it)
                                                                                        : std::next(it);
    return m_store.forgetUnseen(m_settings.aeTitle, old);
}

Status ArchiveWatch::lookFrom(const QDateTime& from) {
    // A day ahead: clocks of devices go wrong, and an archive may be in another zone.
    const QDate last = local(now()).date().addDays(1);
    Rows rows;
    for (const FindRange& range : rangesOf(from, last))
        if (Status collected = collect(range, from.date(), last, rows); !collected)
            return collected;
    if (Status asked = askForWaiting(rows); !asked)
        return asked;
    int failures = 0;
    for (const auto& [uid, row] : rows) {
        const Result<bool> turn = keepTurn();
        if (!turn)
            return fail(turn.error());
        if (!*turn || isStopping())
            return fail(ErrorCode::Cancelled);
        const Status considered = consider(uid, *row);
        if (considered) {
            failures = 0;
            continue;
        }
        m_isPartial = true;
        if (isOurOwn(considered.error().code) || ++failures >= kMostFailuresInARow)
            return considered;
        qCWarning(logPlatform).noquote() << "study" << uid << considered.error().toString();
    }
    return {};
}

Status ArchiveWatch::collect(const FindRange& range, QDate first, QDate last, Rows& rows) {
    Result<Matches> found = m_reader.list(range.dateKey(), range.timeKey(), {});
    if (!found)
        return fail(found.error());
    if (found->unreadable > 0)
        qCWarning(logPlatform) << found->unreadable << "unreadable answers of the archive left out";
    for (DataSetPtr& row : found->rows) {
        const QString uid = textOf(*row, DCM_StudyInstanceUID).trimmed();
        const QDate date = QDate::fromString(textOf(*row, DCM_StudyDate).trimmed(), QStringLiteral("yyyyMMdd"));
        if (isUsableUid(uid) && date.isValid() && date >= first && date <= last) // some archives ignore keys
            rows.insert_or_assign(uid, std::move(row));
    }
    if (!found->isCut)
        return {};
    const std::vector<FindRange> halves = range.halves();
    if (halves.empty()) {
        qCWarning(logPlatform).noquote() << "archive" << m_settings.aeTitle << "does not say all studies of one minute";
        m_isPartial = true;
    }
    for (const FindRange& half : halves) {
        if (isStopping())
            return fail(ErrorCode::Cancelled);
        if (Status collected = collect(half, first, last, rows); !collected)
            return collected;
    }
    return {};
}

Status ArchiveWatch::askForWaiting(Rows& rows) {
    QStringList gone;
    for (const auto& [uid, study] : m_studies) {
        if (study.stage != WatchedStudy::Stage::Arriving || rows.contains(uid))
            continue;
        Result<Matches> found = m_reader.list({}, {}, uid);
        if (!found)
            return fail(found.error());
        for (DataSetPtr& row : found->rows)
            if (textOf(*row, DCM_StudyInstanceUID).trimmed() == uid)
                rows.insert_or_assign(uid, std::move(row));
        if (!rows.contains(uid) && !found->isCut && found->unreadable == 0)
            gone.append(uid);
    }
    for (const QString& uid : std::as_const(gone)) { // deleted before it was whole
        if (Status forgotten = m_store.forget(m_settings.aeTitle, uid); !forgotten)
            return forgotten;
        m_studies.erase(uid);
        m_changed.erase(uid);
    }
    return {};
}

Status ArchiveWatch::consider(const QString& uid, DcmDataset& row) {
    const auto found = m_studies.find(uid);
    const bool isNew = found == m_studies.end();
    WatchedStudy known = isNew ? WatchedStudy() : found->second;
    Result<qint64> count = known.instances;
    if (known.stage != WatchedStudy::Stage::Done)
        count = m_reader.instancesOf(row);
    if (!count)
        return fail(count.error());
    const bool isDue = known.observe(*count, now(), m_settings.settleTime.count());
    if (isNew && m_lookedAt != 0)
        rememberOrder(uid, known);
    const Status made = isDue ? makeTask(uid, known) : Status();
    setStudy(uid, known);
    return made;
}

Status ArchiveWatch::makeTask(const QString& uid, WatchedStudy& known) {
    Result<std::optional<ArchivedStudy>> found = m_reader.study(uid);
    if (!found)
        return fail(found.error());
    if (!*found) { // deleted meanwhile, or not said yet
        known.since = now();
        return {};
    }
    ArchivedStudy& study = **found;
    if (imageModality(study).isEmpty()) {
        known.stage = WatchedStudy::Stage::NothingToRead;
        return {};
    }
    const Result<std::vector<ArchivedStudy>> others = m_reader.othersOf(study);
    if (!others)
        return fail(others.error());
    if (!findOrder(study, *others, study.order) && now() - known.since < m_settings.orderPatience.count())
        return {}; // looked for again with the next look
    if (study.order.isEmpty() && isSamePatient(known.order[kPatient].toObject(), study.attributes))
        study.order = known.order[kOrder].toObject();
    if (Status made = m_desk.studyFound(study, *others, m_settings.aeTitle); !made)
        return made;
    known.stage = WatchedStudy::Stage::Done;
    known.order = {};
    return {};
}

void ArchiveWatch::rememberOrder(const QString& uid, WatchedStudy& known) {
    if (m_orders.empty())
        return;
    const Result<std::optional<ArchivedStudy>> study = m_reader.study(uid);
    if (!study || !*study)
        return;
    const Result<std::vector<ArchivedStudy>> others = m_reader.othersOf(**study);
    QJsonObject order;
    if (others && findOrder(**study, *others, order) && !order.isEmpty())
        known.order = {{kOrder, order}, {kPatient, (*study)->attributes}};
}

bool ArchiveWatch::findOrder(const ArchivedStudy& study, const std::vector<ArchivedStudy>& others, QJsonObject& order) {
    const DataSetPtr keys = orderKeys(study.patientId);
    if (keys == nullptr)
        return true;
    std::vector<DataSetPtr> answers;
    for (size_t i = 0; i < m_orders.size(); ++i) {
        if (m_away.contains(i))
            continue; // not a time-out for each study
        Result<Matches> found = m_orders[i]->find(*keys);
        if (!found) {
            qCInfo(logPlatform).noquote() << "worklist of orders:" << found.error().toString();
            m_away.insert(i);
            continue;
        }
        for (DataSetPtr& answer : found->rows)
            answers.push_back(std::move(answer));
    }
    const JoinedOrder joined = joinOrder(study, answers, others);
    if (joined.otherPatients > 0)
        qCWarning(logPlatform).noquote() << "study" << study.studyUid << "has an order of another patient; not used";
    if (joined.isUnclear)
        qCWarning(logPlatform).noquote() << "study" << study.studyUid << "may have several orders; none used";
    order = joined.order;
    return m_away.empty() || !order.isEmpty();
}

void ArchiveWatch::setStudy(const QString& uid, const WatchedStudy& study) {
    const auto known = m_studies.find(uid);
    // That it was seen again is worth a write once a day.
    if (known != m_studies.end() && isEqual(known->second, study) && study.seen - known->second.seen < kDayMs &&
        study.seen >= known->second.seen)
        return;
    m_studies.insert_or_assign(uid, study);
    m_changed.insert_or_assign(uid, study);
}

Status ArchiveWatch::keepStudies() {
    Status kept = m_store.put(m_settings.aeTitle, m_changed);
    if (kept)
        m_changed.clear();
    return kept;
}

} // namespace yz::platform
