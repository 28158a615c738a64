#pragma once

#include "core/clock.h"
#include "domain/user.h"

#include <QDateTime>
#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace yz {

/// The line at the foot of every page: platform, outbox, age of the list, who works here, demo mark.
class StatusBarWidget final : public QFrame {
    Q_OBJECT
public:
    explicit StatusBarWidget(const Clock& clock, QWidget* parent = nullptr);

    void setOnline(bool isOnline, const QDateTime& offlineSince = {});
    /// waiting: not yet delivered; parked: of them those a person must look at.
    void setOutbox(int waiting, int parked);
    /// Items that wait longer than the site finds right, and since when the oldest does: said in the line's alarm
    /// colour.
    void setOutboxStuck(int stuck, const QDateTime& since);
    /// Texts of this workstation that another reader's stand against; a person should compare them. 0: nothing is said.
    void setConflicts(int count);
    void setListAsOf(const QDateTime& asOf);
    void setUser(const User& user); ///< an empty user: nobody logged in
    void setDemo(bool isDemo);      ///< demo platform, demo CA: said at all times
    /// Studies wanted ahead and how many of them are here; isFull: no room for the others. None wanted: nothing is
    /// said.
    void setAhead(int here, int wanted, bool isFull);
    void setActivity(const QString& text); ///< what goes on in the background, e.g. a retrieval; empty: nothing

Q_SIGNALS:
    void platformClicked();
    void outboxClicked();
    void conflictsClicked();
    void userClicked();

private:
    void updateTexts();

    const Clock& m_clock;
    QPushButton* m_platform;
    QPushButton* m_outbox;
    QPushButton* m_conflicts;
    QLabel* m_asOfLabel;
    QLabel* m_ahead;
    QLabel* m_activity;
    QLabel* m_demo;
    QPushButton* m_userButton;
    QTimer m_tick;
    bool m_isOnline = false;
    QDateTime m_offlineSince;
    QDateTime m_asOf;
    int m_waiting = 0;
    int m_parked = 0;
    int m_stuck = 0;
    QDateTime m_stuckSince;
};

} // namespace yz
