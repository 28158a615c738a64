#pragma once

#include "reporting/draft_controller.h"
#include "reporting/template_catalog.h"
#include "screen_arrangement.h"
#include "session/desk_services.h"
#include "viewer/hanging_catalog.h"
#include "viewer/viewer_controller.h"

#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <set>

class QSplitter;

namespace yz {

class ReportPanel;
class ViewerPage;
struct PresentationCapture;

/// The reading page: pictures left, report right, and the case that joins them. Runs the steps of the pipeline as jobs.
class ReadingPage final : public QWidget {
    Q_OBJECT
public:
    explicit ReadingPage(DeskServices& services, QWidget* parent = nullptr);
    ~ReadingPage() override;

    void setUser(const User& user);
    /// A task from the list: to be read or reviewed when it is claimed, else only looked at.
    void openTask(const ReadingTask& task, bool claimed);
    /// A version from the list of reports: to look at, to amend, or (an amendment of somebody else) to approve.
    void openReport(const InstanceUid& srInstance);
    /// A retrieval that was broken off by an outage goes on.
    void platformIsBack();
    /// The list was refreshed: `task` as the platform has it now, if it is the open one. Says so when the sender took
    /// the study back.
    void taskSeen(const ReadingTask& task);
    /// The claim of `task`, if it is the open one, turned out to be lost: said above the report; the draft stays.
    void claimLost(const ReadingTask& task, const Error& reason);
    /// The study read and those it is compared with: their files are in use.
    [[nodiscard]] std::set<StudyUid> openStudies() const;
    /// The case that is open; empty: none, or an amendment.
    [[nodiscard]] WorkitemUid openTaskUid() const { return m_case ? m_case->task.uid : WorkitemUid(); }
    /// Saves the draft and closes the case; false when it cannot be saved and the reader should stay.
    bool leave();

    [[nodiscard]] ViewerPage& viewerPage() { return *m_viewerPage; }
    [[nodiscard]] ReportPanel& reportPanel() { return *m_panel; }
    [[nodiscard]] ScreenArrangement& screenArrangement() { return *m_arrangement; }
    /// Where pictures and report go (app/screen_page.h).
    void openScreens();

Q_SIGNALS:
    void finished();    ///< the case is done: back to the list
    void taskChanged(); ///< claims or states changed in the database
    void queued();      ///< something new is in the outbox
    void activity(const QString& text);
    void caseChanged(const QString& title);
    void retrieving(bool isRunning); ///< a study the reader waits for is coming
    void studiesChanged();           ///< openStudies() has

private:
    /// One open case. A later case makes the answers of an earlier one stale.
    struct Case {
        quint64 number = 0;
        ReadingTask task; ///< order and identity; uid empty for an amendment
        bool claimed = false;
        std::optional<pipeline::ReviewCase> review;
        std::optional<SignedReport> version; ///< looked at, amended or approved from the list of reports
        std::optional<ReportVersionKind> amendment;
        QString amendReason;
        std::optional<StudyRecord> study;
        CancelToken token;
        std::shared_ptr<ReadingFocus> focus = std::make_shared<ReadingFocus>();
        bool isAcquiring = false;
        bool acquireFailed = false;
        int damagedFiles = 0; ///< of the study, said already
        bool viewRestored = false;
    };

    void connectPanel();
    void connectViewer();
    void announceWithdrawal();
    void beginCase(const ReadingTask& task);
    void acquire();
    void acquirePriors();
    [[nodiscard]] ReaderWishes wishes();
    void tellFocus();
    void tellDamage(int files);
    void showCase();
    void openDraft(const ReportContent& fallback);
    void takeReview();
    void showVersion();
    void updateContext();
    void tellHangingDesk();
    void saveViewState();
    // What is kept of a person and of the workstation, and what goes into the study (reading_page_keep.cpp)
    void connectKeeping();
    void recallPerson();
    void recallWorkstation();
    void rememberTool();
    void countSeen(ReportContext& facts) const;
    void keepPresentation(const StudyUid& study, const PresentationCapture& capture);
    void keepKeyObjects(const StudyUid& study, const KeyObjectSelection& selection);
    void keepUnsavedKeyImages();
    void objectKept(quint64 number, const Result<DataSetHeader>& header, const QString& said);
    void sign(const QString& pin, const std::vector<Acknowledgement>& acknowledgements);
    void signedAs(const Result<SignedReport>& report, const QString& said);
    void giveBack();
    void rejectStudy(const QString& reason);
    void returnReport(const QString& reason);
    void beginAmendment(ReportVersionKind kind);
    void closeCase();
    [[nodiscard]] bool isCurrent(quint64 number) const { return m_case && m_case->number == number; }
    [[nodiscard]] ReportContext context() const;

    DeskServices& m_services;
    TemplateCatalog m_templates;
    HangingCatalog m_hanging;
    ViewerController m_viewer;
    DraftController m_draft;
    ViewerPage* m_viewerPage;
    ReportPanel* m_panel;
    QSplitter* m_splitter;
    std::unique_ptr<ScreenArrangement> m_arrangement;
    QString m_rememberedTool;
    User m_user;
    std::optional<Case> m_case;
    quint64 m_caseNumber = 0;
    QTimer m_viewTimer;
};

} // namespace yz
