#include "reading_page.h"

#include "core/log.h"
#include "jobs/jobs.h"
#include "reporting/report_template.h"
#include "reporting_ui/report_panel.h"
#include "session/series_order.h"
#include "transfer_text.h"
#include "uikit/banner.h"
#include "uikit/error_text.h"
#include "uikit/format.h"
#include "uikit/person_text.h"
#include "viewer_ui/viewer_page.h"

#include <QPointer>
#include <QSplitter>
#include <QVBoxLayout>

namespace yz {

namespace {

constexpr qint64 kOldRevocationHours = 48;

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

void ReadingPage::acquire() {
    if (!m_case || m_case->isAcquiring)
        return;
    m_case->isAcquiring = true;
    m_case->acquireFailed = false;
    Q_EMIT studiesChanged();
    Q_EMIT retrieving(true);
    // What is here already is on screen at once; the rest joins it as it comes.
    const StudyUid study = m_case->task.order.study;
    if (Result<StudyRecord> known = m_services.store().studies().study(study); known) {
        m_case->study = *known;
        m_viewer.open(*known);
        if (!m_draft.viewState().isEmpty() && m_case->viewRestored)
            m_viewer.restoreState(m_draft.viewState());
    } else {
        m_viewer.close(); // opened by the first object: what is drawn on the viewports comes from the data sets
    }
    const QPointer<ReadingPage> self(this);
    const quint64 number = m_case->number;
    const auto onInstance = [self, number](const DataSetHeader& header) {
        QMetaObject::invokeMethod(self, [self, number, header] {
            if (!self || !self->isCurrent(number))
                return;
            if (!self->m_viewer.studies().study(header.study.study)) {
                self->m_viewer.open(header.study);
                if (self->m_case->viewRestored && !self->m_draft.viewState().isEmpty())
                    self->m_viewer.restoreState(self->m_draft.viewState());
            }
            self->m_viewer.addInstance(header.instance);
        });
    };
    const auto onProgress = [self, number](const AcquireProgress& progress) {
        QMetaObject::invokeMethod(self, [self, number, progress] {
            if (!self || !self->isCurrent(number))
                return;
            self->tellDamage(progress.damaged);
            self->m_viewer.setRetrieveProgress({progress.have, progress.total, progress.bytes}, true);
            Q_EMIT self->activity(transferText(progress));
        });
    };
    jobs::whenDone(jobs::start(
                       jobs::Lane::Network,
                       [&deps = m_services.pipeline(), study, onInstance, onProgress, token = m_case->token,
                        used = openStudies(), wishes = wishes()] {
                           for (const StudyUid& one : used)
                               if (const Status noted = deps.store.studies().noteUse(one); !noted)
                                   qCWarning(logSession) << "use of a study:" << noted.error().toString();
                           return pipeline::acquireStudy(study, onInstance, onProgress, deps, token, wishes);
                       },
                       m_case->token),
                   this, [this, number](const Result<StudyRecord>& acquired) {
                       if (!isCurrent(number))
                           return;
                       m_case->isAcquiring = false;
                       m_viewer.setRetrieveProgress(m_viewer.retrieveProgress(), false);
                       Q_EMIT activity({});
                       if (acquired) {
                           m_case->study = *acquired;
                           acquirePriors();
                       } else {
                           Q_EMIT retrieving(false);
                           m_case->acquireFailed = true;
                           m_panel->banner().announce(Tone::Warning, errorSentence(acquired.error()));
                       }
                       const auto refused = m_services.store().studies().setAsideOf(m_case->task.order.study);
                       if (refused && !refused->empty())
                           m_panel->banner().announce(Tone::Warning, tr("%n file(s) of this study were set aside: %1",
                                                                        nullptr, static_cast<int>(refused->size()))
                                                                         .arg(errorSentence(refused->front().reason)));
                       updateContext();
                   });
}

/// What comes first: by the protocols as they stand now, and by where the reader goes meanwhile.
ReaderWishes ReadingPage::wishes() {
    ReaderWishes wishes;
    HangingInput desk = m_viewer.hangingInput();
    desk.current = {};
    desk.priors.clear();
    wishes.order = [protocols = m_viewer.protocols(), desk](const std::vector<ListedSeries>& listed) {
        return seriesInHangingOrder(protocols, desk, listed);
    };
    wishes.onPreview = [self = QPointer<ReadingPage>(this), number = m_case->number](const PreviewPtr& preview) {
        QMetaObject::invokeMethod(self, [self, number, preview] {
            if (self && self->isCurrent(number) && (!preview || preview->study == self->m_case->task.order.study))
                self->m_viewer.setServerPreview(preview);
        });
    };
    wishes.focus = m_case->focus;
    return wishes;
}

void ReadingPage::tellFocus() {
    if (m_case)
        m_case->focus->set(m_viewer.shownSeries());
}

void ReadingPage::acquirePriors() {
    if (m_case->task.order.priors.empty()) {
        Q_EMIT retrieving(false);
        return;
    }
    jobs::whenDone(
        jobs::start(jobs::Lane::Network,
                    [&deps = m_services.pipeline(), priors = m_case->task.order.priors, token = m_case->token] {
                        std::vector<StudyRecord> studies;
                        for (const StudyReference& prior : priors) {
                            if (Result<StudyRecord> study = pipeline::acquireStudy(prior.studyUid, {}, {}, deps, token))
                                studies.push_back(std::move(*study));
                            else
                                qCWarning(logSession) << "a prior did not come:" << study.error().toString();
                        }
                        return studies;
                    }),
        this, [this, number = m_case->number](const std::vector<StudyRecord>& priors) {
            if (!isCurrent(number))
                return;
            Q_EMIT retrieving(false);
            if (priors.empty() || !m_case->study)
                return;
            const QJsonObject place = m_viewer.saveState();
            m_viewer.open(*m_case->study, priors);
            if (m_case->viewRestored && !m_draft.viewState().isEmpty())
                m_viewer.restoreState(place);
        });
}

void ReadingPage::platformIsBack() {
    if (m_case && m_case->acquireFailed && !m_case->isAcquiring)
        acquire();
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

void ReadingPage::tellDamage(int files) {
    if (files <= m_case->damagedFiles)
        return;
    m_case->damagedFiles = files;
    m_panel->banner().announce(Tone::Warning,
                               tr("%n image file(s) of this study were damaged on this workstation and are not shown. "
                                  "They are fetched from the platform again as soon as it answers.",
                                  nullptr, files));
    // What was on screen may have been one of them.
    if (const Result<StudyRecord> whole = m_services.store().studies().study(m_case->task.order.study)) {
        const QJsonObject place = m_viewer.saveState();
        m_viewer.open(*whole);
        m_viewer.restoreState(place);
    }
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

void ReadingPage::sign(const QString& pin, const std::vector<Acknowledgement>& acknowledgements) {
    if (!m_case)
        return;
    if (m_draft.isOpen())
        if (const Status flushed = m_draft.flush(); !flushed) {
            m_panel->banner().announce(Tone::Danger, errorSentence(flushed.error()));
            return;
        }
    m_panel->setBusy(tr("Signing…"));
    const ReportContent content = m_panel->content();
    const ReportContext facts = context();
    pipeline::Deps& deps = m_services.pipeline();
    SigningService& signing = m_services.signing();
    const User user = m_user;
    QFuture<Result<SignedReport>> future;
    QString said;
    if (m_case->amendment) {
        AmendInput input{{},  *m_case->version, *m_case->amendment, content, m_case->amendReason, facts, user,
                         pin, acknowledgements};
        future = jobs::start(jobs::Lane::Storage, [&signing, input] { return signing.amend(input); });
        said = tr("Signed. Another doctor signs the amendment from the list of reports.");
    } else if (m_case->version) {
        ApproveInput input;
        input.received = *m_case->version;
        input.content = content;
        input.context = facts;
        input.reviewer = user;
        input.pin = pin;
        input.acknowledgements = acknowledgements;
        future = jobs::start(jobs::Lane::Storage, [&signing, input] { return signing.approve(input); });
        said = tr("Approved.");
    } else if (m_case->review) {
        pipeline::ApproveRequest request{*m_case->review, content, facts, user, pin, acknowledgements};
        future = jobs::start(jobs::Lane::Storage, [&deps, request] { return pipeline::approveReport(request, deps); });
        said = tr("Approved.");
    } else {
        pipeline::SubmitRequest request{
            m_case->task, content, facts, user, pin, acknowledgements, m_viewerPage->measurementGroups()};
        future = jobs::start(jobs::Lane::Storage, [&deps, request] { return pipeline::submitReport(request, deps); });
        said = tr("Signed and submitted for review.");
    }
    jobs::whenDone(future, this, [this, number = m_case->number, said](const Result<SignedReport>& report) {
        if (isCurrent(number))
            signedAs(report, said);
    });
}

void ReadingPage::signedAs(const Result<SignedReport>& report, const QString& said) {
    m_panel->setBusy();
    if (!report && m_case->task.isWithdrawn && report.error().code == ErrorCode::TaskWithdrawn) {
        announceWithdrawal();
        return;
    }
    if (!report) {
        m_panel->banner().announce(Tone::Danger, errorSentence(report.error()));
        return;
    }
    keepUnsavedKeyImages();
    Q_EMIT queued();
    Q_EMIT taskChanged();
    closeCase();
    // Said only when it is old: no line, or nobody renews the lists.
    const auto& asOfRevoked = m_services.signing().policy().revocationAsOf;
    const QDateTime asOf = asOfRevoked ? asOfRevoked() : QDateTime();
    const qint64 hours = asOf.isValid() ? asOf.secsTo(m_services.clock().nowUtc()) / 3600 : 0;
    Q_EMIT activity(
        hours < kOldRevocationHours
            ? said
            : tr("%1 What is known of revoked certificates is %2 old.").arg(said, formatDuration(hours * 3600)));
    Q_EMIT finished();
}

void ReadingPage::giveBack() {
    if (!m_case || (m_draft.isOpen() && !m_draft.flush()))
        return;
    m_panel->setBusy(tr("Giving the task back…"));
    jobs::whenDone(
        jobs::start(jobs::Lane::Network, [&claims = m_services.claims(), task = m_case->task, user = m_user,
                                          token = m_case->token] { return claims.release(task, user, {}, token); }),
        this, [this, number = m_case->number](const Status& released) {
            if (!isCurrent(number))
                return;
            m_panel->setBusy();
            if (!released) {
                m_panel->banner().announce(Tone::Danger, errorSentence(released.error()));
                return;
            }
            closeCase();
            Q_EMIT taskChanged();
            Q_EMIT finished();
        });
}

void ReadingPage::rejectStudy(const QString& reason) {
    m_panel->setBusy(tr("Sending the study back…"));
    jobs::whenDone(jobs::start(jobs::Lane::Network,
                               [&claims = m_services.claims(), task = m_case->task, user = m_user, reason,
                                token = m_case->token] { return claims.rejectStudy(task, user, reason, token); }),
                   this, [this, number = m_case->number](const Status& rejected) {
                       if (!isCurrent(number))
                           return;
                       m_panel->setBusy();
                       if (!rejected) {
                           m_panel->banner().announce(Tone::Danger, errorSentence(rejected.error()));
                           return;
                       }
                       closeCase();
                       Q_EMIT taskChanged();
                       Q_EMIT finished();
                   });
}

void ReadingPage::returnReport(const QString& reason) {
    if (!m_case || !m_case->review)
        return;
    m_panel->setBusy(tr("Returning the report…"));
    jobs::whenDone(
        jobs::start(jobs::Lane::Storage, [&deps = m_services.pipeline(), review = *m_case->review, user = m_user,
                                          reason] { return pipeline::returnReport(review, user, reason, deps); }),
        this, [this, number = m_case->number](const Status& returned) {
            if (!isCurrent(number))
                return;
            m_panel->setBusy();
            if (!returned) {
                m_panel->banner().announce(Tone::Danger, errorSentence(returned.error()));
                return;
            }
            closeCase();
            Q_EMIT queued();
            Q_EMIT taskChanged();
            Q_EMIT finished();
        });
}

void ReadingPage::beginAmendment(ReportVersionKind kind) {
    if (!m_case || !m_case->version)
        return;
    m_case->amendment = kind;
    const ReportDocument& document = m_case->version->document;
    ReportCase shown;
    shown.mode = PanelMode::Amend;
    shown.order = document.order;
    shown.user = m_user;
    shown.isDemo = document.isDemo;
    shown.state = ReadingState::Published;
    shown.authorName = document.author.name;
    shown.reviewerName = document.reviewer ? document.reviewer->name : QString();
    shown.amendment = kind;
    m_panel->setCase(shown);
    m_panel->setContent(document.content);
    updateContext();
}

} // namespace yz
