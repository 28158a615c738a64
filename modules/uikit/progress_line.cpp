#include "uikit/progress_line.h"

#include "uikit/theme.h"

#include <QPainter>
#include <QTimerEvent>

namespace yz {

namespace {

constexpr int kPendingMs = 600;
constexpr int kFrameMs = 40;
constexpr int kPhases = 50;

} // namespace

ProgressLine::ProgressLine(QWidget* parent) : QWidget(parent) { setFixedHeight(2); }

void ProgressLine::setProgress(int done, int total) {
    if (total <= 0) {
        if (m_mode != Mode::Moving)
            setMode(Mode::Moving);
        return;
    }
    m_share = qBound(0.0, static_cast<double>(done) / total, 1.0);
    setMode(Mode::Share);
}

void ProgressLine::setBusy(bool busy) {
    if (!busy)
        clear();
    else if (m_mode == Mode::Idle)
        setMode(Mode::Pending);
}

void ProgressLine::clear() { setMode(Mode::Idle); }

void ProgressLine::setMode(Mode mode) {
    m_mode = mode;
    if (mode == Mode::Pending)
        m_timer.start(kPendingMs, this);
    else if (mode == Mode::Moving)
        m_timer.start(kFrameMs, this);
    else
        m_timer.stop();
    update();
}

void ProgressLine::timerEvent(QTimerEvent* event) {
    if (event->timerId() != m_timer.timerId())
        return;
    if (m_mode == Mode::Pending)
        setMode(Mode::Moving);
    m_phase = (m_phase + 1) % kPhases;
    update();
}

void ProgressLine::paintEvent(QPaintEvent* /*event*/) {
    if (m_mode == Mode::Idle || m_mode == Mode::Pending)
        return;
    QPainter painter(this);
    if (m_mode == Mode::Share) {
        painter.fillRect(rect(), theme().border);
        painter.fillRect(QRectF(0, 0, width() * m_share, height()), theme().accent);
        return;
    }
    const double piece = width() * 0.25;
    const double x = (width() + piece) * m_phase / kPhases - piece;
    painter.fillRect(QRectF(x, 0, piece, height()), theme().accent);
}

} // namespace yz
