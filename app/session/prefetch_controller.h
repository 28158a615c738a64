#pragma once

#include "session/prefetch_service.h"

#include <QHash>
#include <QObject>
#include <QTimer>

namespace yz {

/// How far the desk is ahead of its reader.
struct PrefetchState {
    int wanted = 0; ///< studies, priors included
    int here = 0;   ///< of them complete on this workstation
    bool isFull = false;
    bool isFetching = false;
    bool operator==(const PrefetchState&) const = default;
};

/// Keeps the next cases on this workstation, one study at a time, and stands back while the reader's own study comes.
/// Files that an earlier version left unsealed are sealed beside it.
/// GUI thread; the work is done in jobs (lane Network). What Deps refers to must outlive
/// the jobs: stop(), then jobs::waitForAll().
class PrefetchController final : public QObject {
    Q_OBJECT
public:
    struct Deps {
        DeskStore& store;
        AcquireService& acquire;
        const Clock& clock;
    };
    explicit PrefetchController(const Deps& deps, QObject* parent = nullptr);
    ~PrefetchController() override;

    void start();
    void stop();
    /// The list has changed.
    void setRows(const std::vector<WorklistRowPtr>& rows);
    void setOnline(bool isOnline);
    /// A study that a person waits for is coming: nothing is fetched beside it.
    void setReaderWaits(bool waits);
    void setInUse(std::set<StudyUid> studies);

    [[nodiscard]] const PrefetchState& state() const { return m_state; }

Q_SIGNALS:
    void stateChanged();
    void studyFetched(const yz::StudyUid& study);

private:
    void wake();
    void sealOldFiles();
    void finish(const Result<PrefetchService::Outcome>& outcome);

    Deps m_deps;
    std::vector<WorklistRowPtr> m_rows;
    std::set<StudyUid> m_inUse;
    QHash<StudyUid, QDateTime> m_failed; ///< when
    QTimer m_timer;
    CancelToken m_token;
    CancelToken m_sealToken;
    PrefetchState m_state;
    bool m_isStopped = true;
    bool m_isOnline = false;
    bool m_readerWaits = false;
    bool m_isRunning = false;
};

} // namespace yz
