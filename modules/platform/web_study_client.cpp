#include "platform/web_study_client.h"

#include "core/log.h"
#include "core/uid.h"
#include "domain/name_query.h"
#include "domain/retrieval_order.h"
#include "platform/dicom_json.h"
#include "platform/multipart_reader.h"
#include "platform/part10_names.h"
#include "platform/web_query.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

namespace yz {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::minutes kCatalogueAge{5};
constexpr size_t kCatalogueStudies = 64;
constexpr std::chrono::milliseconds kTellEvery{200};
constexpr std::chrono::milliseconds kFirstAlone{250};
constexpr std::chrono::milliseconds kFirstAloneAtMost{6000};
constexpr std::chrono::milliseconds kLookAgain{20};
constexpr double kSlowBytesPerMs = 500;
constexpr double kQuickBytesPerMs = 12'000; // 100 Mbit/s: beyond it a server compresses more slowly than it could send
constexpr std::chrono::seconds kPreviewSilence{4}; // the image itself waits meanwhile
constexpr int kPreviewQuality = 75;
constexpr char kAcceptStored[] = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
constexpr char kAcceptAny[] = "multipart/related; type=\"application/dicom\"";

QDate dateOf(const QString& text) { return QDate::fromString(text, QStringLiteral("yyyyMMdd")); }

StudySummary summaryOf(const QJsonObject& match) {
    StudySummary summary;
    summary.reference = {StudyUid(json::text(match, "0020000D")), json::text(match, "00080050"),
                         dateOf(json::text(match, "00080020")), json::texts(match, "00080061").join(u'/'),
                         json::text(match, "00081030")};
    summary.patient.id = PatientId(json::text(match, "00100020"));
    summary.patient.issuerOfId = json::text(match, "00100021");
    summary.patient.name = json::person(match, "00100010");
    summary.patient.birthDate = dateOf(json::text(match, "00100030"));
    summary.patient.sex = sexFromDicom(json::text(match, "00100040"));
    summary.seriesCount = json::number(match, "00201206");
    summary.instanceCount = json::number(match, "00201208");
    return summary;
}

ListedSeries listedSeriesOf(const QJsonObject& match, const SeriesUid& series) {
    ListedSeries listed;
    listed.record.series = series;
    listed.record.modality = json::text(match, "00080060");
    listed.record.seriesNumber = json::number(match, "00200011");
    listed.record.description = json::text(match, "0008103E");
    listed.record.bodyPart = json::text(match, "00180015");
    const auto side = [&](const char* tag) -> qint64 { return std::clamp(json::number(match, tag), 0, 65535); };
    listed.imageBytes = side("00280010") * side("00280011") * ((side("00280100") + 7) / 8);
    return listed;
}

/// What one retrieval has still to fetch, and what it has.
class WebRetrieval {
public:
    WebRetrieval(HttpExchange& http, const RetrieveRequest& request, const StudySource::ObjectSink& sink,
                 const StudySource::ProgressSink& progress)
        : m_http(http), m_sink(sink), m_progressSink(progress), m_order(request), m_patience(http.node().retry) {}

    void add(const QString& path, InstanceUid instance = {}, SeriesUid series = {}) {
        m_waiting.push_back({path, std::move(instance), std::move(series), 0, 0, {}});
    }
    /// When an answer of many objects breaks off, what is still missing is asked for one by one.
    void setSingles(std::vector<std::pair<QString, InstanceUid>> singles) { m_singles = std::move(singles); }
    void setWanted(std::set<InstanceUid> instances, const std::set<InstanceUid>& known) {
        m_wanted = std::move(instances);
        m_progress.total = static_cast<int>(m_wanted.empty() ? known.size() : m_wanted.size());
    }
    [[nodiscard]] const std::set<InstanceUid>& received() const { return m_received; }
    [[nodiscard]] const std::optional<Error>& lastProblem() const { return m_problem; }

    Status run(const CancelToken& token) {
        return m_http.run([this] { return next(); }, m_http.node().connections, token);
    }

private:
    struct Job {
        QString path;
        InstanceUid instance; ///< empty: more than one
        SeriesUid series;     ///< where the order asks for it
        int tried = 0;        ///< answered with an error
        int broken = 0;       ///< cut off
        steady_clock::time_point notBefore;
    };

    HttpExchange::Next next() {
        if (m_waiting.empty())
            return {std::nullopt, {}, m_running == 0};
        const auto now = steady_clock::now();
        if (m_lineNotBefore > now)
            return {std::nullopt, std::chrono::ceil<std::chrono::milliseconds>(m_lineNotBefore - now), false};
        if (!mayJoin(now))
            return {std::nullopt, kLookAgain, false};
        m_order.look();
        const auto due = std::min_element(m_waiting.begin(), m_waiting.end(), [&](const Job& a, const Job& b) {
            const bool isMoving = m_order.isMoving() && a.notBefore <= now && b.notBefore <= now;
            const int ranks[] = {isMoving ? m_order.rank(a.series, a.instance) : 0,
                                 isMoving ? m_order.rank(b.series, b.instance) : 0};
            return ranks[0] != ranks[1] ? ranks[0] < ranks[1] : a.notBefore < b.notBefore;
        });
        if (due->notBefore > now)
            return {std::nullopt, std::chrono::ceil<std::chrono::milliseconds>(due->notBefore - now), false};
        if (m_started++ == 0)
            m_firstAsked = now;
        Job job = std::move(*due);
        m_waiting.erase(due);
        ++job.tried;
        ++m_running;
        return {transferOf(std::move(job)), {}, false};
    }

    /// On a slow line the first object has it for itself, until it is here or the line shows that it is not slow.
    [[nodiscard]] bool mayJoin(steady_clock::time_point now) const {
        if (m_started != 1 || m_running == 0 || !m_received.empty())
            return true;
        const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now - m_firstAsked);
        if (since < kFirstAlone)
            return false;
        return since > kFirstAloneAtMost ||
               static_cast<double>(m_progress.arriving) > kSlowBytesPerMs * static_cast<double>(since.count());
    }

    [[nodiscard]] bool isQuick() const {
        const auto since = std::chrono::duration<double, std::milli>(steady_clock::now() - m_firstAsked).count();
        return !m_received.empty() && static_cast<double>(m_progress.bytes) > kQuickBytesPerMs * since;
    }

    HttpTransfer transferOf(Job&& first) {
        struct Progress {
            Job job;
            std::optional<MultipartReader> parts;
            QByteArray single; ///< a body that is one object without parts around it
            bool isSingle = false;
            qint64 arriving = 0;
        };
        auto progress = std::make_shared<Progress>();
        progress->job = std::move(first);
        HttpTransfer transfer;
        transfer.request.path = progress->job.path;
        transfer.request.headers = {{"Accept", m_takesStored ? kAcceptStored : kAcceptAny}};
        if (isQuick())
            transfer.request.headers.push_back({"Accept-Encoding", "identity"});
        // The limit is of one object; a series has many.
        transfer.request.maxBytes = progress->job.instance.isEmpty() ? std::numeric_limits<qint64>::max()
                                                                     : m_http.node().maxObjectBytes + 65536;
        transfer.onHead = [this, progress](const HttpAnswer& head) -> Status {
            const QByteArray type = head.contentType.split(';').constFirst().trimmed().toLower();
            if (type == "application/dicom" && !progress->job.instance.isEmpty()) {
                progress->isSingle = true;
                return {};
            }
            const Result<QByteArray> boundary = MultipartReader::boundaryOf(head.contentType);
            if (!boundary)
                return fail(boundary.error());
            progress->parts.emplace(*boundary, m_http.node().maxObjectBytes,
                                    [this, at = progress.get()](MultipartReader::Part&& part) {
                                        m_progress.arriving -= std::exchange(at->arriving, 0);
                                        return take(std::move(part));
                                    });
            return {};
        };
        transfer.onBytes = [this, progress](const QByteArray& bytes) -> Status {
            progress->arriving += bytes.size();
            m_progress.arriving += bytes.size();
            tellArriving();
            if (!progress->isSingle)
                return progress->parts->feed(bytes);
            progress->single.append(bytes);
            return {};
        };
        transfer.onDone = [this, progress](const Status& outcome, const HttpAnswer& head) -> Status {
            --m_running;
            m_progress.arriving -= std::exchange(progress->arriving, 0);
            Status done = outcome;
            if (done && progress->isSingle)
                done = take({"application/dicom", std::move(progress->single)});
            else if (done && progress->parts)
                done = progress->parts->finish();
            return done ? Status() : settle(std::move(progress->job), done.error(), head.retryAfter);
        };
        return transfer;
    }

    /// One job has failed: again, left out, or the end of all.
    Status settle(Job&& job, const Error& error, std::optional<std::chrono::seconds> retryAfter) {
        if (m_sinkError)
            return fail(*m_sinkError);
        m_problem = error;
        // A server that does not know the star converts what it has: better than nothing.
        if (error.code == ErrorCode::NotSupported && m_takesStored) {
            m_takesStored = false;
            job.tried = 0;
            m_waiting.push_front(std::move(job));
            return {};
        }
        if (error.code == ErrorCode::NotSupported && job.tried == 1) { // sent before the star was dropped
            m_waiting.push_front(std::move(job));
            return {};
        }
        if (HttpExchange::isLineError(error.code))
            return afterBreak(std::move(job), error);
        if (HttpExchange::mayPass(error.code) && job.tried < m_http.node().tries) {
            job.notBefore = steady_clock::now() + HttpExchange::backoff(job.tried, retryAfter);
            m_waiting.push_back(std::move(job));
            return {};
        }
        switch (error.code) { // of this object alone; the others may come all the same
        case ErrorCode::NotFound:
        case ErrorCode::PeerError:
            qCWarning(logNet) << "an object did not come:" << error.toString();
            return {};
        default:
            return fail(error);
        }
    }

    /// The line broke while `job` was on its way, others most likely with it: they count as one break.
    Status afterBreak(Job&& job, const Error& error) {
        const auto now = steady_clock::now();
        --job.tried;
        ++job.broken;
        if (m_lineNotBefore <= now) {
            const bool grew = m_received.size() > m_seen;
            m_seen = m_received.size();
            if (grew)
                m_patience.reward();
            // One answer that was cut off while others come is no reason for these to wait.
            if (!grew || error.code != ErrorCode::AnswerCutOff) {
                const std::optional<std::chrono::milliseconds> pause = m_patience.afterFailure();
                if (!pause)
                    return giveUp(error);
                m_lineNotBefore = now + *pause;
                m_progress.isBroken = true;
                tell();
            }
        }
        job.notBefore = now + m_http.node().retry.firstPause * (1 << std::min(job.broken - 1, 6));
        if (job.instance.isEmpty() && !m_singles.empty()) {
            for (auto& [path, instance] : m_singles)
                if (!m_received.contains(instance))
                    m_waiting.push_back({path, instance, {}, 0, job.broken, job.notBefore});
            m_singles.clear();
            return {};
        }
        m_waiting.push_back(std::move(job));
        return {};
    }

    /// One object on which an answer always ends must not make the others unreadable.
    Status giveUp(const Error& error) {
        if (error.code != ErrorCode::AnswerCutOff)
            return fail(error);
        qCWarning(logNet) << "objects did not come:" << error.toString();
        m_waiting.clear();
        return {};
    }

    void tell() {
        m_told = steady_clock::now();
        if (m_progressSink)
            m_progressSink(m_progress);
    }
    void tellArriving() {
        if (steady_clock::now() - m_told > kTellEvery)
            tell();
    }

    Status take(MultipartReader::Part&& part) {
        const QByteArray type = part.contentType.split(';').constFirst().trimmed().toLower();
        if (!type.isEmpty() && type != "application/dicom")
            return fail(ErrorCode::AnswerUnexpected, QStringLiteral("a part that is no DICOM file"));
        const Result<SopReference> names = readPart10Names(part.body);
        if (!names)
            return fail(ErrorCode::AnswerUnexpected, names.error().toString());
        if (m_received.contains(names->instance) || (!m_wanted.empty() && !m_wanted.contains(names->instance)))
            return {};
        const qint64 bytes = part.body.size();
        if (const Status taken = m_sink({names->instance, names->sopClass, std::move(part.body)}); !taken) {
            m_sinkError = taken.error();
            return taken;
        }
        m_received.insert(names->instance);
        m_progress.received = static_cast<int>(m_received.size());
        m_progress.bytes += bytes;
        m_progress.isBroken = false;
        tell();
        return {};
    }

    HttpExchange& m_http;
    const StudySource::ObjectSink& m_sink;
    const StudySource::ProgressSink& m_progressSink;
    std::deque<Job> m_waiting;
    std::set<InstanceUid> m_wanted, m_received;
    RetrieveProgress m_progress;
    RetrievalOrder m_order;
    int m_started = 0; ///< transfers
    steady_clock::time_point m_firstAsked;
    Patience m_patience;
    size_t m_seen = 0; ///< objects that were here at the last break
    steady_clock::time_point m_lineNotBefore, m_told;
    std::vector<std::pair<QString, InstanceUid>> m_singles;
    int m_running = 0;
    bool m_takesStored = true;
    std::optional<Error> m_problem;   ///< the server's or the line's
    std::optional<Error> m_sinkError; ///< the caller's: ends everything
};

} // namespace

/// What findInstances() saw lately, so that the retrieval after it knows the instances without asking again.
class WebStudyClient::Catalogue {
public:
    void put(const StudyUid& study, std::vector<InstanceRecord> records, std::vector<ListedSeries> series) {
        const std::lock_guard lock(m_mutex);
        if (m_entries.size() >= kCatalogueStudies)
            m_entries.clear();
        m_entries[study] = {steady_clock::now(), std::move(records), std::move(series)};
    }
    std::optional<std::vector<InstanceRecord>> get(const StudyUid& study) const {
        const std::lock_guard lock(m_mutex);
        const auto it = m_entries.find(study);
        if (it == m_entries.end() || steady_clock::now() - it->second.at > kCatalogueAge)
            return std::nullopt;
        return it->second.records;
    }
    std::vector<ListedSeries> seriesOf(const StudyUid& study) const {
        const std::lock_guard lock(m_mutex);
        const auto it = m_entries.find(study);
        return it == m_entries.end() ? std::vector<ListedSeries>() : it->second.series;
    }

private:
    struct Entry {
        steady_clock::time_point at;
        std::vector<InstanceRecord> records;
        std::vector<ListedSeries> series;
    };
    mutable std::mutex m_mutex;
    std::map<StudyUid, Entry> m_entries;
};

WebStudyClient::WebStudyClient(WebNode node) : m_http(std::move(node)), m_catalogue(std::make_unique<Catalogue>()) {}

WebStudyClient::~WebStudyClient() = default;

Result<std::vector<StudySummary>> WebStudyClient::findStudies(const StudyQuery& query, const CancelToken& token) {
    QString path = QStringLiteral("studies?includefield=00081030&includefield=00100021&includefield=00080061");
    path += queryKey("StudyInstanceUID", query.study.value());
    path += queryKey("PatientID", query.patient.value());
    path += queryKey("AccessionNumber", query.accessionNumber);
    path += queryKey("PatientName", nameKey(query.patientName));
    const Result<std::vector<QJsonObject>> matches = runQido(m_http, path, token);
    if (!matches)
        return fail(matches.error());
    std::vector<StudySummary> studies;
    for (const QJsonObject& match : *matches) {
        StudySummary summary = summaryOf(match);
        if (isValidUid(summary.reference.studyUid.value()) && nameFits(summary.patient.name, query.patientName))
            studies.push_back(std::move(summary));
    }
    return studies;
}

Result<std::vector<InstanceRecord>> WebStudyClient::findInstances(const StudyUid& study, const CancelToken& token) {
    if (!isValidUid(study.value()))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("no study UID"));
    const QString path = QStringLiteral("studies/%1/instances?includefield=00080016&includefield=00200013"
                                        "&includefield=00280008&includefield=0020000E&includefield=00080060"
                                        "&includefield=00200011&includefield=0008103E&includefield=00180015"
                                        "&includefield=00280010&includefield=00280011&includefield=00280100")
                             .arg(study.value());
    const Result<std::vector<QJsonObject>> matches = runQido(m_http, path, token);
    if (!matches && matches.error().code != ErrorCode::NotFound)
        return fail(matches.error());
    std::vector<InstanceRecord> records;
    std::vector<ListedSeries> series;
    for (const QJsonObject& match : matches ? *matches : std::vector<QJsonObject>()) {
        InstanceRecord record;
        record.study = study;
        record.series = SeriesUid(json::text(match, "0020000E"));
        record.instance = InstanceUid(json::text(match, "00080018"));
        record.sopClass = SopClassUid(json::text(match, "00080016"));
        record.transferSyntax = json::text(match, "00083002");
        record.instanceNumber = json::number(match, "00200013");
        record.frameCount = json::number(match, "00280008");
        if (isValidUid(record.instance.value()) && isValidUid(record.series.value()))
            records.push_back(record);
        else
            continue;
        const bool isKnown = std::any_of(series.begin(), series.end(),
                                         [&](const ListedSeries& each) { return each.record.series == record.series; });
        if (!isKnown)
            series.push_back(listedSeriesOf(match, record.series));
    }
    m_catalogue->put(study, records, std::move(series));
    return records;
}

std::vector<ListedSeries> WebStudyClient::listedSeries(const StudyUid& study) { return m_catalogue->seriesOf(study); }

Result<RenderedPicture> WebStudyClient::rendered(const InstanceRecord& object, int side, const CancelToken& token) {
    if (!isValidUid(object.study.value()) || !isValidUid(object.series.value()) ||
        !isValidUid(object.instance.value()) || side < 1 || side > kMostPreviewSide)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("study, series and instance must be given"));
    HttpRequest request;
    request.path = QStringLiteral("studies/%1/series/%2/instances/%3/rendered?viewport=%4,%4&quality=%5")
                       .arg(object.study.value(), object.series.value(), object.instance.value())
                       .arg(side)
                       .arg(kPreviewQuality);
    request.headers = {{"Accept", "image/jpeg"}};
    request.maxBytes = kMostPreviewBytes;
    request.silence = kPreviewSilence;
    Result<HttpAnswer> answer = m_http.send(request, token);
    if (!answer)
        return fail(answer.error());
    if (answer->contentType.split(';').constFirst().trimmed().toLower() != "image/jpeg")
        return fail(ErrorCode::AnswerUnexpected, QStringLiteral("a rendered picture that is no JPEG"));
    return RenderedPicture{object.study, object.series, object.instance, std::move(answer->body)};
}

Status WebStudyClient::retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink& progress,
                                const CancelToken& token) {
    const bool hasSeries = !request.series.isEmpty();
    const auto isNamed = [](const InstanceRecord& object) {
        return isValidUid(object.series.value()) && isValidUid(object.instance.value());
    };
    if (!isValidUid(request.study.value()) || (hasSeries && !isValidUid(request.series.value())) ||
        (!request.instances.empty() && !hasSeries) ||
        !std::all_of(request.listed.begin(), request.listed.end(), isNamed))
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("study, and series for single instances, must be given"));
    const QString study = QStringLiteral("studies/") + request.study.value();
    const auto pathOf = [&](const SeriesUid& series, const InstanceUid& instance) -> QString {
        return study + QStringLiteral("/series/") + series.value() + QStringLiteral("/instances/") + instance.value();
    };
    WebRetrieval retrieval(m_http, request, sink, progress);
    std::set<InstanceUid> expected(request.instances.begin(), request.instances.end());
    if (!request.listed.empty()) {
        expected.clear();
        for (const InstanceRecord& object : request.listed) {
            expected.insert(object.instance);
            retrieval.add(pathOf(object.series, object.instance), object.instance, object.series);
        }
        retrieval.setWanted(expected, {});
    } else if (!request.instances.empty()) {
        retrieval.setWanted(expected, {});
        for (const InstanceUid& instance : request.instances) {
            if (!isValidUid(instance.value()))
                return fail(ErrorCode::InvalidArgument, QStringLiteral("no instance UID"));
            retrieval.add(pathOf(request.series, instance), instance);
        }
    } else {
        std::optional<std::vector<InstanceRecord>> known = m_catalogue->get(request.study);
        if (!known) {
            Result<std::vector<InstanceRecord>> found = findInstances(request.study, token);
            if (!found)
                return fail(found.error());
            known = std::move(*found);
        }
        std::erase_if(*known, [&](const InstanceRecord& r) { return hasSeries && r.series != request.series; });
        if (known->empty())
            return fail(ErrorCode::NotFound, QStringLiteral("the server has no such study or series"));
        std::vector<std::pair<QString, InstanceUid>> singles;
        for (const InstanceRecord& record : *known) {
            expected.insert(record.instance);
            singles.emplace_back(pathOf(record.series, record.instance), record.instance);
        }
        retrieval.setWanted({}, expected);
        if (m_http.node().connections == 1) {
            retrieval.add(hasSeries ? study + QStringLiteral("/series/") + request.series.value() : study);
            retrieval.setSingles(std::move(singles));
        } else {
            for (const auto& [path, instance] : singles)
                retrieval.add(path, instance);
        }
    }
    if (const Status ran = retrieval.run(token); !ran)
        return ran;
    const auto lost = std::count_if(expected.begin(), expected.end(), [&](const InstanceUid& instance) {
        return !retrieval.received().contains(instance);
    });
    if (lost > 0)
        return fail(
            ErrorCode::StudyIncomplete,
            QStringLiteral("%1 of %2 objects did not come").arg(lost).arg(expected.size()) +
                (retrieval.lastProblem() ? QStringLiteral(": ") + retrieval.lastProblem()->toString() : QString()));
    return {};
}

} // namespace yz
