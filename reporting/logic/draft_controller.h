#pragma once

#include "core/clock.h"
#include "storage/draft_store.h"

#include <QObject>
#include <QTimer>
#include <optional>

namespace yz {

/// Holds what the reader writes and keeps it in the database: 800 ms after the last change, at the latest 2 s after the
/// first unsaved one. Lives on the GUI thread; the store is used from the Storage lane and must outlive the jobs.
class DraftController : public QObject {
    Q_OBJECT
public:
    enum class SaveState { Clean, Unsaved, Saving, Saved, Failed };
    Q_ENUM(SaveState)

    static constexpr int kQuietMs = 800;
    static constexpr int kLongestMs = 2000 - 400; ///< leaves the write its share of the two seconds

    DraftController(DraftStore& store, const Clock& clock, QObject* parent = nullptr);
    ~DraftController() override; ///< what is not saved yet is saved, blocking

    /// Turns to the draft of a task: what the database has, or `fallback` (of a template, of the author's version).
    /// Emits `opened`. Changes before that are refused. The former draft is flushed first.
    void open(const WorkitemUid& task, const UserId& user, const ReportContent& fallback);

    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] const WorkitemUid& task() const { return m_task; }
    [[nodiscard]] const ReportContent& content() const { return m_content; }
    [[nodiscard]] const QJsonObject& viewState() const { return m_viewState; }
    void setContent(const ReportContent& content);
    void setViewState(const QJsonObject& viewState);

    [[nodiscard]] SaveState saveState() const { return m_state; }
    [[nodiscard]] const QDateTime& savedAt() const { return m_savedAt; }
    [[nodiscard]] const std::optional<Error>& saveError() const { return m_error; }

    /// Begins to save what is not saved now, without waiting for it.
    void saveSoon() { saveNow(); }
    /// Saves what is not saved and waits for it; for closing and before signing.
    Status flush();

Q_SIGNALS:
    void opened(bool restored);
    void openFailed(const yz::Error& error);
    void contentChanged();
    void saveStateChanged();

private:
    void changed();
    void saveNow();
    void finish(quint64 generation, const Status& status, const QDateTime& at);
    void setState(SaveState state);

    DraftStore& m_store;
    const Clock& m_clock;
    WorkitemUid m_task;
    UserId m_user;
    ReportContent m_content;
    QJsonObject m_viewState;
    bool m_open = false;
    quint64 m_opening = 0;    ///< counts open() calls, so that a late answer is recognised
    quint64 m_generation = 0; ///< counts changes
    quint64 m_saved = 0;      ///< generation the database has
    quint64 m_inFlight = 0;   ///< generation being written, 0: none
    SaveState m_state = SaveState::Clean;
    QDateTime m_savedAt;
    std::optional<Error> m_error;
    QTimer m_quiet, m_longest;
};

} // namespace yz
