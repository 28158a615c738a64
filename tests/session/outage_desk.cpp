#include "outage_desk.h"

#include "signed_reports.h"

#include "session/prefetch_service.h"

#include <QElapsedTimer>
#include <QThread>
#include <algorithm>

namespace yz::test {

namespace {

/// Counts who is under way at once.
class UnderWay {
public:
    explicit UnderWay(LineLog& log) : m_log(log) {
        const int now = ++m_log.underWay;
        int most = m_log.mostUnderWay;
        while (now > most && !m_log.mostUnderWay.compare_exchange_weak(most, now)) {
        }
    }
    ~UnderWay() { --m_log.underWay; }
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;

private:
    LineLog& m_log;
};

template <typename Answer> Answer watched(LineLog& log, const Clock& clock, Answer answer) {
    if (log.isByItself && !answer && isPlatformAway(answer.error().code)) {
        const std::lock_guard lock(log.mutex);
        log.failedAtMs.push_back(
            std::chrono::duration_cast<std::chrono::milliseconds>(clock.monotonic().time_since_epoch()).count());
    }
    return answer;
}

class WatchedWorklist final : public WorklistSource {
    template <typename Call> auto ask(Call call) {
        const UnderWay one(m_log);
        return watched(m_log, m_clock, call());
    }

public:
    WatchedWorklist(WorklistSource& real, LineLog& log, const Clock& clock)
        : m_real(real), m_log(log), m_clock(clock) {}
    Status echo(const CancelToken& t) override {
        return ask([&] { return m_real.echo(t); });
    }
    Result<std::vector<ReadingTask>> query(const WorklistQuery& q, const CancelToken& t) override {
        return m_real.query(q, t); // the list has a rhythm of its own
    }
    Result<ReadingTask> get(const WorkitemUid& w, const CancelToken& t) override {
        return ask([&] { return m_real.get(w, t); });
    }
    Status claim(const WorkitemUid& w, const TransactionUid& x, const Performer& p, const CancelToken& t) override {
        return ask([&] { return m_real.claim(w, x, p, t); });
    }
    Status setOutput(const WorkitemUid& w, const TransactionUid& x, const Performer& p,
                     const std::vector<ReportReference>& o, const CancelToken& t) override {
        return ask([&] { return m_real.setOutput(w, x, p, o, t); });
    }
    Status complete(const WorkitemUid& w, const TransactionUid& x, const CancelToken& t) override {
        return ask([&] { return m_real.complete(w, x, t); });
    }
    Status cancel(const WorkitemUid& w, const TransactionUid& x, const QString& r, const CancelToken& t) override {
        return ask([&] { return m_real.cancel(w, x, r, t); });
    }
    Status requestCancel(const WorkitemUid& w, const QString& r, const CancelToken& t) override {
        return ask([&] { return m_real.requestCancel(w, r, t); });
    }
    Status subscribe(const CancelToken& t) override { return m_real.subscribe(t); }
    Status unsubscribe(const CancelToken& t) override { return m_real.unsubscribe(t); }

private:
    WorklistSource& m_real;
    LineLog& m_log;
    const Clock& m_clock;
};

class WatchedSink final : public ReportSink {
public:
    WatchedSink(ReportSink& real, LineLog& log, const Clock& clock) : m_real(real), m_log(log), m_clock(clock) {}
    Result<bool> has(const StudyUid& s, const SeriesUid& e, const InstanceUid& i, const CancelToken& t) override {
        const UnderWay one(m_log);
        return watched(m_log, m_clock, m_real.has(s, e, i, t));
    }
    Status store(const std::vector<ObjectToSend>& objects, const CancelToken& t) override {
        const UnderWay one(m_log);
        Status stored = watched(m_log, m_clock, m_real.store(objects, t));
        if (stored) {
            const std::lock_guard lock(m_log.mutex);
            for (const ObjectToSend& object : objects) {
                ++m_log.stored[object.object.instance.value()];
                if (object.object.sopClass == kReportSrClass)
                    m_log.inOrder[object.study.value()].append(object.object.instance.value());
            }
        }
        return stored;
    }
    Result<CommitmentOutcome> commit(const std::vector<SopReference>& objects, const TransactionUid& x,
                                     std::chrono::milliseconds timeout, const CancelToken& t) override {
        const UnderWay one(m_log);
        return watched(m_log, m_clock, m_real.commit(objects, x, timeout, t));
    }

private:
    ReportSink& m_real;
    LineLog& m_log;
    const Clock& m_clock;
};

const CancelToken kNever;

} // namespace

struct OutageDesk::Parts {
    Parts(DeskServices& desk, LineLog& line, const Clock& clock, UidSource& uids)
        : worklist(desk.worklist(), line, clock), sink(desk.reportSink(), line, clock),
          claims({worklist, desk.store().tasks(), desk.store().claims(), desk.store().users(), uids,
                  desk.store().audit(), desk.site().stationName, &desk.store().conflicts()}),
          acquire(desk.store(), desk.studies(), desk.pixels()),
          delivery(desk.store(), worklist, sink, clock, uids, desk.site().stationName, desk.site().commitmentTimeout),
          conflicts(desk.store(), desk.studies(), acquire, desk.encoder(), desk.verifier()),
          deps{desk.site(),     clock,  desk.store(), worklist,       desk.pixels(), desk.encoder(),
               desk.verifier(), claims, acquire,      desk.signing(), delivery} {}
    WatchedWorklist worklist;
    WatchedSink sink;
    ClaimService claims;
    AcquireService acquire;
    DeliveryService delivery;
    ConflictService conflicts;
    pipeline::Deps deps;
};

OutageDesk::OutageDesk(const QString& home, Site site, const SimulatedTime& time) : clock(time) {
    if (const Status made = makeDemoDesk(home, site); !made)
        qFatal("desk: %s", qPrintable(made.error().toString()));
    auto opened = DeskServices::open({home, std::move(site), true}, clock, uids);
    if (!opened)
        qFatal("desk: %s", qPrintable(opened.error().toString()));
    services = std::move(*opened);
    m_parts = std::make_unique<Parts>(*services, line, clock, uids);
}

OutageDesk::~OutageDesk() = default;

pipeline::Deps& OutageDesk::deps() { return m_parts->deps; }
ConflictService& OutageDesk::conflicts() { return m_parts->conflicts; }

Status OutageDesk::prefetch(const User& reader) {
    const Result<pipeline::Worklist> list = pipeline::refreshWorklist(deps(), kNever);
    if (!list)
        return fail(list.error());
    if (list->offline)
        return fail(*list->offline);
    PrefetchService service(store(), deps().acquire, clock);
    PrefetchService::Request request;
    request.policy.tasks = 100'000;
    request.policy.reserveBytes = 0;
    const Result<std::vector<WorklistRowPtr>> rows = service.rows(reader.id);
    if (!rows)
        return fail(rows.error());
    request.order = prefetchOrder(*rows, request.policy);
    for (;;) {
        const Result<PrefetchService::Outcome> outcome = service.step(request, {}, kNever);
        if (!outcome)
            return fail(outcome.error());
        if (outcome->problem)
            return fail(*outcome->problem);
        if (!outcome->fetched)
            return outcome->here == outcome->wanted ? Status() : Status(fail(ErrorCode::StudyIncomplete));
    }
}

std::optional<ReadingTask> OutageDesk::seen(const QString& study, TaskKind kind) {
    const Result<TaskStore::Snapshot> tasks = store().tasks().all();
    if (tasks)
        for (const ReadingTask& task : tasks->tasks)
            if (task.order.study.value() == study && task.kind == kind &&
                (task.state == UpsState::Scheduled || task.state == UpsState::InProgress))
                return task;
    return std::nullopt;
}

Result<ReadingTask> OutageDesk::begin(const QString& study, const User& reader, const QString& findings) {
    const std::optional<ReadingTask> task = seen(study, TaskKind::Read);
    if (!task)
        return fail(ErrorCode::TaskGone, study);
    Result<ReadingTask> claimed = pipeline::claimTask(task->uid, reader, deps(), kNever);
    if (!claimed)
        return claimed;
    ReportContent content = plainContent();
    content.findings = findings;
    if (Status saved = store().drafts().save(claimed->uid, reader.id, content, {}); !saved)
        return fail(saved.error());
    return claimed;
}

Result<SignedReport> OutageDesk::sign(const ReadingTask& task, const User& reader) {
    return pipeline::submitReport(requestFor(*services, task, reader), deps());
}

bool OutageDesk::drain(std::chrono::seconds limit) {
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < std::chrono::milliseconds(limit).count()) {
        if (!pipeline::deliverDue(deps(), kNever, 16))
            return false;
        const auto open = store().outbox().open();
        if (!open)
            return false;
        std::set<StudyUid> blocked;
        for (const OutboxItem& item : *open)
            if (item.state == OutboxItem::State::Parked || item.state == OutboxItem::State::Held)
                blocked.insert(item.study);
        if (std::all_of(open->begin(), open->end(), [&](const OutboxItem& i) { return blocked.contains(i.study); }))
            return true;
        if (!store().outbox().nextDue(OutboxStore::For::Platform).value_or(std::nullopt))
            QThread::msleep(20);
    }
    return false;
}

int OutageDesk::count(OutboxItem::State state) {
    const auto items = store().outbox().all();
    return items ? static_cast<int>(std::count_if(items->begin(), items->end(),
                                                  [&](const OutboxItem& item) { return item.state == state; }))
                 : -1;
}

} // namespace yz::test
