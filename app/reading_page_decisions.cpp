#include "jobs/jobs.h"
#include "reading_page.h"
#include "reporting_ui/report_panel.h"
#include "uikit/banner.h"
#include "uikit/error_text.h"
#include "uikit/format.h"
#include "viewer_ui/viewer_page.h"

// What becomes of an open case: signed, approved, returned, given back, sent back, amended.
namespace yz {

namespace {
constexpr qint64 kOldRevocationHours = 48;
} // namespace

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
