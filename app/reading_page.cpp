#include "reading_page.h"

#include "jobs/jobs.h"
#include "reporting/report_template.h"
#include "reporting_ui/report_panel.h"
#include "uikit/banner.h"
#include "uikit/error_text.h"
#include "uikit/person_text.h"
#include "viewer_ui/viewer_page.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace yz {

namespace {

/// The services own the decoder; the viewer wants to share it.
std::shared_ptr<PixelSource> borrowed(PixelSource& source) {
    return std::shared_ptr<PixelSource>(&source, [](PixelSource*) {});
}

} // namespace

ReadingPage::ReadingPage(DeskServices& services, QWidget* parent)
    : QWidget(parent), m_services(services),
      m_templates(
          TemplateCatalog::load({TemplateCatalog::shippedFolder(), services.home() + QStringLiteral("/templates")})),
      m_hanging(services.home() + QStringLiteral("/hanging")),
      m_viewer(borrowed(services.pixels()), m_hanging.protocols()),
      m_draft(services.store().drafts(), services.clock()), m_viewerPage(new ViewerPage(m_viewer)),
      m_panel(new ReportPanel(m_templates)), m_splitter(new QSplitter) {
    setObjectName(QStringLiteral("readingPage"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_splitter->addWidget(m_viewerPage);
    m_splitter->addWidget(m_panel);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setSizes({1100, 500});
    m_splitter->setChildrenCollapsible(false);
    layout->addWidget(m_splitter);
    m_viewerPage->setHangingDesk(&m_hanging, &m_services.hangingFiles());
    m_viewTimer.setSingleShot(true);
    m_viewTimer.setInterval(400);
    connect(&m_viewTimer, &QTimer::timeout, this, &ReadingPage::saveViewState);
    m_arrangement = std::make_unique<ScreenArrangement>(*m_splitter, *m_viewerPage, *m_panel);
    m_arrangement->setActive(false);
    connectPanel();
    connectViewer();
    connectKeeping();
    recallWorkstation();
}

ReadingPage::~ReadingPage() {
    if (m_case)
        m_case->token.cancel();
}

void ReadingPage::connectPanel() {
    connect(&m_panel->banner(), &Banner::actionRequested, this, &ReadingPage::giveBack);
    connect(m_panel, &ReportPanel::contentEdited, this, [this](const ReportContent& content) {
        if (m_draft.isOpen())
            m_draft.setContent(content);
    });
    connect(m_panel, &ReportPanel::signRequested, this, &ReadingPage::sign);
    connect(m_panel, &ReportPanel::measurementActivated, this, [this](const QString& id) {
        if (!m_viewer.showMeasurement(id))
            m_panel->banner().announce(Tone::Info, tr("The image of this measurement is not open."));
    });
    connect(m_panel, &ReportPanel::returnRequested, this, &ReadingPage::returnReport);
    connect(m_panel, &ReportPanel::releaseRequested, this, &ReadingPage::giveBack);
    connect(m_panel, &ReportPanel::rejectRequested, this, &ReadingPage::rejectStudy);
    connect(m_panel, &ReportPanel::amendRequested, this, &ReadingPage::beginAmendment);
    connect(m_panel, &ReportPanel::amendReasonChanged, this, [this](const QString& reason) {
        if (m_case)
            m_case->amendReason = reason;
    });
    connect(m_panel, &ReportPanel::closeRequested, this, [this] {
        if (leave())
            Q_EMIT finished();
    });
    connect(&m_draft, &DraftController::saveStateChanged, this, [this] {
        m_panel->setSaveState(m_draft.saveState(), m_draft.savedAt(),
                              m_draft.saveError() ? errorSentence(*m_draft.saveError()) : QString());
    });
    connect(&m_draft, &DraftController::opened, this, [this](bool restored) {
        if (!m_case)
            return;
        m_panel->setContent(m_draft.content());
        if (restored && !m_draft.viewState().isEmpty())
            m_viewer.restoreState(m_draft.viewState());
        m_case->viewRestored = true;
        updateContext();
    });
    connect(&m_draft, &DraftController::openFailed, this,
            [this](const Error& error) { m_panel->banner().announce(Tone::Danger, errorSentence(error)); });
}

void ReadingPage::connectViewer() {
    connect(m_viewerPage, &ViewerPage::keyImageRequested, m_panel, &ReportPanel::addKeyImage);
    connect(m_viewerPage, &ViewerPage::measurementToReport, m_panel, &ReportPanel::addMeasurement);
    // A measurement is stored the moment it is made; the rest of the view may wait a little.
    connect(&m_viewer.measurements(), &MeasurementList::settled, this, [this] {
        saveViewState();
        m_draft.saveSoon();
        updateContext();
    });
    connect(&m_viewer, &ViewerController::draftChanged, this, [this] { m_viewTimer.start(); });
    connect(&m_viewer, &ViewerController::layoutChanged, this, &ReadingPage::tellFocus);
    connect(&m_viewer, &ViewerController::stateChanged, this, &ReadingPage::tellFocus);
    connect(&m_viewer, &ViewerController::identityMismatch, this, &ReadingPage::updateContext);
    connect(&m_viewer, &ViewerController::seriesListChanged, this, &ReadingPage::updateContext);
}

void ReadingPage::setUser(const User& user) {
    m_user = user;
    m_hanging = HangingCatalog(m_services.home() + QStringLiteral("/hanging"),
                               user.id.isEmpty() ? QString()
                                                 : QString(m_services.home() + QStringLiteral("/hanging-of/") +
                                                           QString::fromLatin1(user.id.value().toUtf8().toHex())));
    m_viewer.setProtocols(m_hanging.protocols());
    recallPerson();
}

bool ReadingPage::leave() {
    if (!m_case)
        return true;
    saveViewState();
    if (m_draft.isOpen()) {
        if (const Status flushed = m_draft.flush(); !flushed) {
            m_panel->banner().announce(Tone::Danger, errorSentence(flushed.error()));
            return false;
        }
    }
    closeCase();
    return true;
}

void ReadingPage::closeCase() {
    if (m_case)
        m_case->token.cancel();
    m_case.reset();
    m_arrangement->setActive(false);
    m_viewTimer.stop();
    m_viewer.close();
    m_panel->setBusy();
    m_panel->setCase({});
    m_panel->setContent({});
    Q_EMIT activity({});
    Q_EMIT retrieving(false);
    Q_EMIT studiesChanged();
    Q_EMIT caseChanged({});
}

std::set<StudyUid> ReadingPage::openStudies() const {
    std::set<StudyUid> studies;
    if (!m_case)
        return studies;
    studies.insert(m_case->task.order.study);
    for (const StudyReference& prior : m_case->task.order.priors)
        studies.insert(prior.studyUid);
    return studies;
}

void ReadingPage::beginCase(const ReadingTask& task) {
    m_case.emplace();
    m_arrangement->setActive(true);
    m_case->number = ++m_caseNumber;
    m_case->task = task;
    m_viewerPage->setExpectedPatient(task.order.patient);
    Q_EMIT caseChanged(tr("%1 · %2").arg(formatPersonName(task.order.patient.name), task.order.item));
}

void ReadingPage::openTask(const ReadingTask& task, bool claimed) {
    if (m_case && m_case->task.uid == task.uid && m_case->claimed == claimed)
        return;
    if (!leave())
        return;
    beginCase(task);
    m_case->claimed = claimed;
    tellHangingDesk();
    showCase();
    if (claimed && task.kind == TaskKind::Review) {
        takeReview();
    } else if (claimed) {
        ReportContent fallback;
        const auto returned = pipeline::returnedContent(task, m_user, m_services.pipeline());
        if (returned && *returned)
            fallback = **returned;
        else if (const ReportTemplate* best = m_templates.bestFor(task.order.modality, task.order.bodyPart))
            startFromTemplate(fallback, *best);
        openDraft(fallback);
    }
    acquire();
}

void ReadingPage::openReport(const InstanceUid& srInstance) {
    if (!leave())
        return;
    const Result<SignedReport> version = m_services.store().reports().version(srInstance);
    if (!version) {
        m_panel->banner().announce(Tone::Danger, errorSentence(version.error()));
        return;
    }
    ReadingTask task;
    task.order = version->document.order;
    beginCase(task);
    m_case->version = *version;
    showVersion();
    acquire();
}

void ReadingPage::showCase() {
    ReportCase shown;
    shown.order = m_case->task.order;
    shown.user = m_user;
    shown.isDemo = m_services.site().isDemo;
    shown.authorName = m_case->task.authorName;
    const bool review = m_case->task.kind == TaskKind::Review;
    shown.mode = !m_case->claimed ? PanelMode::ReadOnly : review ? PanelMode::Review : PanelMode::Write;
    shown.state = !m_case->claimed ? (review ? ReadingState::Submitted : ReadingState::Waiting)
                  : review         ? ReadingState::Reviewing
                                   : ReadingState::Reading;
    if (!review)
        shown.returnReason = m_case->task.reason;
    if (m_case->review) {
        shown.authorName = m_case->review->report.document.author.name;
        shown.authorContent = m_case->review->report.document.content;
    }
    m_panel->setCase(shown);
    if (!m_case->claimed)
        m_panel->setContent({});
    updateContext();
}

void ReadingPage::showVersion() {
    const ReportDocument& document = m_case->version->document;
    const Result<ReadingState> state = m_services.store().reports().state(document.report);
    const Result<std::optional<ReportDocument>> latest =
        m_services.store().reports().latestOfStudy(document.order.study);
    const bool isLatest = latest && *latest && (*latest)->srInstance == document.srInstance;
    ReportCase shown;
    shown.order = document.order;
    shown.user = m_user;
    shown.isDemo = document.isDemo;
    shown.authorName = document.author.name;
    shown.reviewerName = document.reviewer ? document.reviewer->name : QString();
    shown.state = state ? *state : document.state;
    shown.mode = PanelMode::ReadOnly;
    shown.mayAmend = isLatest && shown.state == ReadingState::Published && m_user.has(Role::Reviewer);
    if (isLatest && document.kind != ReportVersionKind::Original && document.state == ReadingState::Submitted &&
        document.task.isEmpty() && document.author.user != m_user.id && m_user.has(Role::Reviewer)) {
        shown.mode = PanelMode::Review;
        shown.mayApproveHere = true;
        shown.authorContent = document.content;
    }
    m_panel->setCase(shown);
    m_panel->setContent(document.content);
    updateContext();
}

void ReadingPage::openDraft(const ReportContent& fallback) { m_draft.open(m_case->task.uid, m_user.id, fallback); }

void ReadingPage::takeReview() {
    m_panel->setBusy(tr("Fetching the author's report…"));
    jobs::whenDone(jobs::start(
                       jobs::Lane::Network,
                       [&deps = m_services.pipeline(), task = m_case->task.uid, user = m_user, token = m_case->token] {
                           return pipeline::takeForReview(task, user, deps, token);
                       },
                       m_case->token),
                   this, [this, number = m_case->number](const Result<pipeline::ReviewCase>& review) {
                       if (!isCurrent(number))
                           return;
                       m_panel->setBusy();
                       if (!review) {
                           m_panel->banner().announce(Tone::Danger, errorSentence(review.error()));
                           return;
                       }
                       m_case->review = *review;
                       showCase();
                       openDraft(review->report.document.content);
                   });
}

void ReadingPage::taskSeen(const ReadingTask& task) {
    if (!m_case || m_case->task.uid != task.uid || !m_case->claimed || m_case->task.isWithdrawn == task.isWithdrawn)
        return;
    m_case->task.isWithdrawn = task.isWithdrawn;
    m_case->task.reason = task.reason;
    if (task.isWithdrawn)
        announceWithdrawal();
}

void ReadingPage::claimLost(const ReadingTask& task, const Error& reason) {
    if (!m_case || m_case->task.uid != task.uid || !m_case->claimed)
        return;
    saveViewState();
    if (m_draft.isOpen())
        m_draft.saveSoon();
    const QString holder = PersonName::fromDicom(task.holderName).display();
    m_panel->banner().announce(
        Tone::Danger,
        reason.code == ErrorCode::TaskClaimedByOther && !holder.isEmpty()
            ? tr("%1 (%2) took this task while this workstation had no connection. Your draft stays here, beside the "
                 "other report, under \"Conflicts\" in the line below; this report cannot be sent.")
                  .arg(holder, task.holderStation)
            : tr("This task is no longer yours: %1 Your draft stays here under \"Conflicts\" in the line below.")
                  .arg(errorSentence(reason)));
}

void ReadingPage::announceWithdrawal() {
    const ReadingTask& task = m_case->task;
    m_panel->banner().announce(
        Tone::Danger,
        tr("The sending hospital withdrew this study: %1. Your draft stays on this workstation; the report cannot be "
           "signed.")
            .arg(task.reason.isEmpty() ? tr("no reason given") : task.reason),
        tr("Give the task back"));
}

ReportContext ReadingPage::context() const {
    ReportContext facts;
    facts.order = m_case->task.order;
    // What the data sets on screen say, not what the list says.
    for (const LoadedStudy& study : m_viewer.studies().studies()) {
        if (study.isPrior || study.series.empty())
            continue;
        facts.shownStudy = study.record.study;
        facts.shownPatient = study.record.patient;
        for (const SeriesUid& uid : study.series)
            if (const LoadedSeries* series = m_viewer.studies().series(uid); series && !series->images.empty()) {
                facts.shownPatient = m_viewer.studies().patientOf(series->images.front()->instance, study.record.study);
                break;
            }
    }
    if (m_case->claimed && !m_case->amendment)
        countSeen(facts);
    if (m_case->claimed && m_case->viewRestored && m_case->task.kind != TaskKind::Review) {
        facts.measurementsKnown = true;
        for (const Measurement& measurement : m_viewer.measurements().all())
            facts.measurementIds.push_back(measurement.id);
    }
    if (m_case->amendment == ReportVersionKind::Addendum)
        facts.addendumOf = m_case->version->document.content;
    return facts;
}

void ReadingPage::tellHangingDesk() {
    std::vector<HangingScreen> screens;
    for (const QSize& screen : m_arrangement->pictureScreens())
        screens.push_back({screen.width(), screen.height()});
    const bool reviews = m_case && m_case->task.kind == TaskKind::Review;
    m_viewer.setHangingDesk(!m_case || !m_case->claimed ? QStringLiteral("view")
                            : reviews                   ? QStringLiteral("review")
                                                        : QStringLiteral("report"),
                            screens);
}

void ReadingPage::updateContext() {
    if (m_case)
        m_panel->setContext(context());
}

void ReadingPage::saveViewState() {
    if (m_case && m_draft.isOpen() && m_case->claimed)
        m_draft.setViewState(m_viewer.saveState());
}

} // namespace yz
