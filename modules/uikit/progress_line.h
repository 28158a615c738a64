#pragma once

#include <QBasicTimer>
#include <QWidget>

namespace yz {

/// A thin line that shows progress: a share when it is known, a moving piece when it is not. Keeps its place when idle,
/// so that nothing jumps.
class ProgressLine final : public QWidget {
    Q_OBJECT
public:
    explicit ProgressLine(QWidget* parent = nullptr);
    /// total 0: not known. Shown at once.
    void setProgress(int done, int total);
    /// Shown only when it lasts (0.6 s), so that short refreshes do not flicker.
    void setBusy(bool busy);
    void clear();

protected:
    void paintEvent(QPaintEvent* event) override;
    void timerEvent(QTimerEvent* event) override;

private:
    enum class Mode { Idle, Pending, Moving, Share };
    void setMode(Mode mode);

    Mode m_mode = Mode::Idle;
    double m_share = 0.0;
    int m_phase = 0;
    QBasicTimer m_timer;
};

} // namespace yz
