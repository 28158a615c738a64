#include "kill_desk.h"

#include "document/pdf_report_renderer.h"
#include "jobs/jobs.h"
#include "reporting/draft_controller.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <array>
#include <csignal>
#include <cstdio>

namespace yz::test {

namespace {

constexpr std::array<const char*, kMoments> kNames{"none",
                                                   "before-claim",
                                                   "after-claim",
                                                   "retrieval",
                                                   "typing",
                                                   "after-rendering",
                                                   "after-signing",
                                                   "before-sending",
                                                   "between-objects",
                                                   "after-storing",
                                                   "after-commitment",
                                                   "before-completing",
                                                   "after-completing"};

[[noreturn]] void die() {
    std::raise(SIGKILL);
    std::abort(); // never reached
}

class DyingWorklist final : public WorklistSource {
public:
    DyingWorklist(WorklistSource& real, Moment moment) : m_real(real), m_moment(moment) {}
    Status echo(const CancelToken& t) override { return m_real.echo(t); }
    Result<std::vector<ReadingTask>> query(const WorklistQuery& q, const CancelToken& t) override {
        return m_real.query(q, t);
    }
    Result<ReadingTask> get(const WorkitemUid& w, const CancelToken& t) override { return m_real.get(w, t); }
    Status claim(const WorkitemUid& w, const TransactionUid& x, const Performer& p, const CancelToken& t) override {
        if (m_moment == Moment::BeforeClaimIsAsked)
            die();
        Status status = m_real.claim(w, x, p, t);
        if (m_moment == Moment::AfterClaimIsAnswered)
            die();
        return status;
    }
    Status setOutput(const WorkitemUid& w, const TransactionUid& x, const Performer& p,
                     const std::vector<ReportReference>& o, const CancelToken& t) override {
        return m_real.setOutput(w, x, p, o, t);
    }
    Status complete(const WorkitemUid& w, const TransactionUid& x, const CancelToken& t) override {
        if (m_moment == Moment::BeforeCompleting)
            die();
        Status status = m_real.complete(w, x, t);
        if (m_moment == Moment::AfterCompleting)
            die();
        return status;
    }
    Status cancel(const WorkitemUid& w, const TransactionUid& x, const QString& r, const CancelToken& t) override {
        return m_real.cancel(w, x, r, t);
    }
    Status requestCancel(const WorkitemUid& w, const QString& r, const CancelToken& t) override {
        return m_real.requestCancel(w, r, t);
    }
    Status subscribe(const CancelToken& t) override { return m_real.subscribe(t); }
    Status unsubscribe(const CancelToken& t) override { return m_real.unsubscribe(t); }

private:
    WorklistSource& m_real;
    Moment m_moment;
};

class DyingStudies final : public StudySource {
public:
    DyingStudies(StudySource& real, Moment moment) : m_real(real), m_moment(moment) {}
    Result<std::vector<StudySummary>> findStudies(const StudyQuery& q, const CancelToken& t) override {
        return m_real.findStudies(q, t);
    }
    Result<std::vector<InstanceRecord>> findInstances(const StudyUid& s, const CancelToken& t) override {
        return m_real.findInstances(s, t);
    }
    Status retrieve(const RetrieveRequest& r, const ObjectSink& sink, const ProgressSink& p,
                    const CancelToken& t) override {
        int count = 0;
        return m_real.retrieve(
            r,
            [&](ReceivedObject&& object) -> Status {
                Status taken = sink(std::move(object));
                if (m_moment == Moment::DuringRetrieval && ++count == 7)
                    die();
                return taken;
            },
            p, t);
    }

private:
    StudySource& m_real;
    Moment m_moment;
};

class DyingSink final : public ReportSink {
public:
    DyingSink(ReportSink& real, Moment moment) : m_real(real), m_moment(moment) {}
    Result<bool> has(const StudyUid& s, const SeriesUid& e, const InstanceUid& i, const CancelToken& t) override {
        return m_real.has(s, e, i, t);
    }
    Status store(const std::vector<ObjectToSend>& objects, const CancelToken& t) override {
        if (m_moment == Moment::BeforeSending)
            die();
        if (m_moment == Moment::BetweenObjects && objects.size() > 1) {
            static_cast<void>(m_real.store({objects.front()}, t).has_value());
            die();
        }
        Status status = m_real.store(objects, t);
        if (m_moment == Moment::AfterStoring)
            die();
        return status;
    }
    Result<CommitmentOutcome> commit(const std::vector<SopReference>& objects, const TransactionUid& x,
                                     std::chrono::milliseconds timeout, const CancelToken& t) override {
        Result<CommitmentOutcome> outcome = m_real.commit(objects, x, timeout, t);
        if (m_moment == Moment::AfterCommitment)
            die();
        return outcome;
    }

private:
    ReportSink& m_real;
    Moment m_moment;
};

class DyingRenderer final : public ReportRenderer {
public:
    DyingRenderer(ReportRenderer& real, Moment moment) : m_real(real), m_moment(moment) {}
    Result<QByteArray> renderPdf(const ReportDocument& document) override {
        Result<QByteArray> pdf = m_real.renderPdf(document);
        if (m_moment == Moment::AfterRendering)
            die();
        return pdf;
    }

private:
    ReportRenderer& m_real;
    Moment m_moment;
};

class DyingSigner final : public ReportSigner {
public:
    DyingSigner(ReportSigner& real, Moment moment) : m_real(real), m_moment(moment) {}
    Result<CertificateInfo> certificate(const UserId& user) override { return m_real.certificate(user); }
    Result<QByteArray> sign(const UserId& user, const QString& pin, const QByteArray& bytes,
                            const QDateTime& at) override {
        Result<QByteArray> cms = m_real.sign(user, pin, bytes, at);
        if (m_moment == Moment::AfterSigning)
            die();
        return cms;
    }

private:
    ReportSigner& m_real;
    Moment m_moment;
};

int refuse(const char* where, const Error& error) {
    std::fprintf(stderr, "%s: %s\n", where, qPrintable(error.toString()));
    return 1;
}

/// Types a finding the way the panel does and waits two seconds; the next words are lost with the process.
void typeAndDie(DeskServices& desk, const WorkitemUid& task, const User& user) {
    DraftController draft(desk.store().drafts(), desk.clock());
    QEventLoop loop;
    QObject::connect(&draft, &DraftController::opened, &loop, &QEventLoop::quit);
    draft.open(task, user.id, {});
    loop.exec();
    ReportContent content;
    content.findings = QStringLiteral("双肺未见实变。");
    content.impression = QStringLiteral("胸部未见异常。");
    content.positivity = Positivity::Negative;
    draft.setContent(content);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 2000)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 50);
    content.findings += QStringLiteral("这句话丢了。");
    draft.setContent(content);
    die();
}

} // namespace

const char* momentName(Moment moment) { return kNames[static_cast<size_t>(moment)]; }

int runDesk(const QString& home, const QString& study, Moment moment) {
    const SystemClock clock;
    RandomUidSource uids;
    const Result<Site> site = Site::load(home + QStringLiteral("/site.json"));
    if (!site)
        return refuse("site", site.error());
    const Result<std::unique_ptr<DeskServices>> opened = DeskServices::open({home, *site, true}, clock, uids);
    if (!opened)
        return refuse("open", opened.error());
    DeskServices& desk = **opened;
    const Result<User> user = desk.store().users().byId(UserId(QStringLiteral("demo-zhangwei")));
    if (!user)
        return refuse("user", user.error());

    DyingWorklist worklist(desk.worklist(), moment);
    DyingStudies studies(desk.studies(), moment);
    DyingSink sink(desk.reportSink(), moment);
    DyingRenderer renderer(desk.renderer(), moment);
    DyingSigner signer(desk.signer(), moment);
    DeskStore& store = desk.store();
    ClaimService claims(
        {worklist, store.tasks(), store.claims(), store.users(), uids, store.audit(), site->stationName});
    AcquireService acquire(store, studies, desk.pixels());
    SigningService signing({renderer, desk.encoder(), signer, desk.verifier()}, store.reports(), clock, uids,
                           {false, std::chrono::seconds(0), site->diagnosingHospital});
    DeliveryService delivery(store, worklist, sink, clock, uids, site->stationName, site->commitmentTimeout);
    pipeline::Deps deps{*site,           clock,  store,   worklist, desk.pixels(), desk.encoder(),
                        desk.verifier(), claims, acquire, signing,  delivery};
    const CancelToken token;

    // What a desk does after a start: settle what was asked, then go on where the database says.
    if (const Result<SettleOutcome> resumed = pipeline::resume(deps, token); !resumed)
        return refuse("resume", resumed.error());
    const Result<std::optional<ReportDocument>> signedBefore = store.reports().latestOfStudy(StudyUid(study));
    if (!signedBefore)
        return refuse("reports", signedBefore.error());
    if (!*signedBefore) {
        const Result<pipeline::Worklist> list = pipeline::refreshWorklist(deps, token);
        if (!list || list->offline)
            return refuse("list", list ? *list->offline : list.error());
        const auto task = std::find_if(list->tasks.begin(), list->tasks.end(), [&](const ReadingTask& t) {
            return t.order.study.value() == study && t.kind == TaskKind::Read;
        });
        if (task == list->tasks.end())
            return refuse("task", {ErrorCode::TaskGone, study});
        const Result<std::optional<ClaimStore::Claim>> held = store.claims().find(task->uid);
        if (!held)
            return refuse("claims", held.error());
        if (!*held)
            if (const Result<ReadingTask> claimed = pipeline::claimTask(task->uid, *user, deps, token); !claimed)
                return refuse("claim", claimed.error());
        const Result<StudyRecord> record = pipeline::acquireStudy(StudyUid(study), {}, {}, deps, token);
        if (!record)
            return refuse("acquire", record.error());
        if (moment == Moment::WhileTyping)
            typeAndDie(desk, task->uid, *user);
        const Result<std::optional<DraftStore::Draft>> draft = store.drafts().find(task->uid, user->id);
        if (!draft)
            return refuse("draft", draft.error());
        ReportContent content;
        if (*draft)
            content = (*draft)->content;
        content.title = QStringLiteral("胸部CT诊断报告");
        if (content.findings.isEmpty()) {
            content.findings = QStringLiteral("双肺未见实变。");
            content.impression = QStringLiteral("胸部未见异常。");
            content.positivity = Positivity::Negative;
        }
        if (Status saved = store.drafts().save(task->uid, user->id, content, {}); !saved)
            return refuse("save", saved.error());
        ReportContext context;
        context.order = task->order;
        context.shownPatient = record->patient;
        context.shownStudy = record->study;
        const Result<SignedReport> report =
            pipeline::submitReport({*task, content, context, *user, QStringLiteral("demo-2026"), {}}, deps);
        if (!report)
            return refuse("submit", report.error());
    }
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 30000) {
        if (const auto outcomes = pipeline::deliverDue(deps, token); !outcomes)
            return refuse("deliver", outcomes.error());
        const Result<int> pending = store.outbox().pendingCount();
        if (pending && *pending == 0)
            return 0;
        // A try that was broken off waits for its back-off; a person would press "try again".
        if (const auto items = store.outbox().all(); items)
            for (const OutboxItem& item : *items)
                if (item.state == OutboxItem::State::Queued || item.state == OutboxItem::State::Sent)
                    static_cast<void>(store.outbox().requeue(item.number).has_value());
    }
    return refuse("deliver", {ErrorCode::NetworkTimeout, QStringLiteral("the outbox did not empty")});
}

} // namespace yz::test
