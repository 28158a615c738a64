#pragma once

#include "core/clock.h"
#include "domain/ports.h"
#include "worklist/claim_service.h"
#include "worklist/worklist_model.h"

#include <QObject>
#include <QSet>
#include <QTimer>
#include <functional>
#include <optional>

namespace yz {

/// What the worklist page shows besides the rows, which are in the model.
struct WorklistState {
    QDateTime asOf;         ///< when the platform was last heard; invalid: never
    bool isOnline = false;  ///< the last refresh succeeded
    bool hasLoaded = false; ///< the cache or the platform has been read once
    bool isRefreshing = false;
    std::optional<Error> lastError; ///< of the last refresh
    QDateTime offlineSince;         ///< invalid while online
    QSet<WorkitemUid> busy;         ///< being claimed or given back now

    bool operator==(const WorklistState&) const = default;
};

/// Keeps the worklist up to date: from the platform by the clock and by its events, from the cache when it is away.
/// Lives on the GUI thread; all waiting is done in jobs. What Deps refers to must outlive the jobs: stop(), then
/// jobs::waitForAll().
class WorklistController final : public QObject {
    Q_OBJECT
public:
    struct Deps {
        WorklistSource& source;
        TaskStore& tasks;
        ClaimStore& claims;
        ClaimService& claimService;
        const Clock& clock;
        /// State of the reports signed here by the task they were signed for; may be empty. Called in jobs.
        std::function<QHash<WorkitemUid, ReadingState>()> reportStates;
        StudyStore* studies = nullptr; ///< what is on this workstation; null: the list does not say
    };
    explicit WorklistController(Deps deps, QObject* parent = nullptr);
    ~WorklistController() override;

    void setUser(const User& user); ///< whose claims are "mine"
    [[nodiscard]] const User& user() const { return m_user; }
    void setSelfReviewAllowed(bool allowed) { m_selfReviewAllowed = allowed; }
    [[nodiscard]] bool selfReviewAllowed() const { return m_selfReviewAllowed; }
    /// Says whether the images of a task are on this workstation (a provisional claim is then possible). Called in
    /// jobs.
    void setImagesHere(std::function<bool(const ReadingTask&)> check) { m_imagesHere = std::move(check); }

    /// Claims made while the platform was away are settled when they are this old and it has been back for this long:
    /// at another desk the same task may have been signed meanwhile, and that report goes first. Those with a signed
    /// report are settled by its delivery, at once.
    static constexpr std::chrono::seconds kSettleAfter{90};

    /// Shows the cache at once, asks the platform, and again every interval (10 % more or less, so that desks spread
    /// out).
    void start(std::chrono::milliseconds interval = std::chrono::seconds(15));
    void stop();

    void refresh();                           ///< asks the platform now; while it is being asked, once more afterwards
    void reload();                            ///< reads cache and claims again, without the network
    void onEvent(const WorklistEvent& event); ///< any thread

    /// One at a time per task. Ends with claimed() or refused().
    void claim(const WorkitemUid& task);
    /// Ends with released() or refused().
    void release(const WorkitemUid& task, const QString& reason);
    void rejectStudy(const WorkitemUid& task, const QString& reason);

    [[nodiscard]] const WorklistState& state() const { return m_state; }
    [[nodiscard]] WorklistModel& model() { return m_model; }
    [[nodiscard]] const Clock& clock() const { return m_deps.clock; }

Q_SIGNALS:
    void stateChanged();
    void rowsLoaded(); ///< the model has been read again; stateChanged() follows
    void claimed(const yz::ReadingTask& task);
    void released(const yz::ReadingTask& task);
    /// The platform answers again after it did not.
    void cameBack();
    /// Claims of this workstation turned out lost when they were settled.
    void claimsLost(const std::vector<yz::SettleOutcome::Lost>& lost);
    /// The task as it is now (its holder, when another has it) and why not.
    void refused(const yz::ReadingTask& task, const yz::Error& error);

private:
    struct Loaded;
    struct Loader;
    void apply(const Loaded& loaded);
    void schedule();
    template <typename Work>
    void startMove(const WorkitemUid& task, Work work, void (WorklistController::*done)(const ReadingTask&));

    Deps m_deps;
    std::shared_ptr<Loader> m_loader;
    WorklistModel m_model;
    WorklistState m_state;
    User m_user;
    bool m_selfReviewAllowed = false;
    std::function<bool(const ReadingTask&)> m_imagesHere;
    QTimer m_timer;
    std::chrono::milliseconds m_interval{15000};
    CancelToken m_token;
    QDateTime m_backSince; ///< when the platform came back; invalid: it was there from the start
    bool m_isAsking = false;
    bool m_askAgain = false;
    quint64 m_applied = 0;
};

} // namespace yz
