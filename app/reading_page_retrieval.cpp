#include "core/log.h"
#include "jobs/jobs.h"
#include "reading_page.h"
#include "reporting_ui/report_panel.h"
#include "session/series_order.h"
#include "transfer_text.h"
#include "uikit/banner.h"
#include "uikit/error_text.h"

#include <QPointer>

// How the pictures of a case come to the reading page: the study that is read, in the order the reader needs it, then
// those it is compared with.
namespace yz {

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

} // namespace yz
