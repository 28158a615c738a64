#include "screen_hand.h"

#include <QApplication>
#include <QInputMethodEvent>
#include <QPixmap>
#include <QScreen>
#include <QTest>
#include <QWheelEvent>
#include <QWindow>

namespace yz::player {

QWidget* ScreenHand::findIfVisible(const char* name) const {
    const QString wanted = QLatin1String(name);
    const QWidgetList all = QApplication::allWidgets();
    for (QWidget* widget : all)
        if (widget->objectName() == wanted && widget->isVisible())
            return widget;
    return nullptr;
}

QWidget* ScreenHand::find(const char* name, int timeoutMs) {
    QWidget* found = nullptr;
    waitFor(
        QStringLiteral("'%1' to be there and enabled").arg(QLatin1String(name)),
        [&] {
            found = findIfVisible(name);
            return found && found->isEnabled();
        },
        timeoutMs);
    return found;
}

void ScreenHand::waitFor(const QString& what, const std::function<bool()>& condition, int timeoutMs) {
    if (!QTest::qWaitFor(condition, timeoutMs))
        throw StepFailed(QStringLiteral("waited %1 s in vain for %2").arg(timeoutMs / 1000).arg(what));
}

void ScreenHand::pause(int ms) { QTest::qWait(ms); }

QWindow* ScreenHand::windowOf(QWidget* widget) const {
    QWindow* window = widget->window()->windowHandle();
    if (!window)
        throw StepFailed(QStringLiteral("'%1' has no window").arg(widget->objectName()));
    return window;
}

void ScreenHand::click(const char* name) {
    QWidget* widget = find(name);
    clickAt(widget, widget->rect().center());
}

void ScreenHand::clickAt(QWidget* widget, QPoint position, Qt::MouseButton button) {
    QTest::mouseClick(windowOf(widget), button, Qt::NoModifier, widget->mapTo(widget->window(), position));
    pause(60);
}

void ScreenHand::drag(QWidget* widget, QPoint from, QPoint to, Qt::MouseButton button) {
    QWindow* window = windowOf(widget);
    const QPoint start = widget->mapTo(widget->window(), from);
    const QPoint end = widget->mapTo(widget->window(), to);
    QTest::mouseMove(window, start);
    QTest::mousePress(window, button, Qt::NoModifier, start);
    constexpr int steps = 12;
    for (int i = 1; i <= steps; ++i) {
        QTest::mouseMove(window, start + (end - start) * i / steps);
        pause(16);
    }
    QTest::mouseRelease(window, button, Qt::NoModifier, end);
    pause(60);
}

void ScreenHand::wheel(QWidget* widget, int notches) {
    QWindow* window = windowOf(widget);
    const QPoint center = widget->mapTo(widget->window(), widget->rect().center());
    for (int i = 0; i < std::abs(notches); ++i) {
        QWheelEvent event(center, window->mapToGlobal(center), {}, {0, notches > 0 ? 120 : -120}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(window, &event);
        pause(16);
    }
}

void ScreenHand::key(Qt::Key key, Qt::KeyboardModifiers modifiers) {
    QWindow* window = QGuiApplication::focusWindow();
    if (!window)
        throw StepFailed(QStringLiteral("no window has the keyboard"));
    QTest::keyClick(window, key, modifiers);
    pause(40);
}

void ScreenHand::type(const QString& latin) {
    QWindow* window = QGuiApplication::focusWindow();
    if (!window)
        throw StepFailed(QStringLiteral("no window has the keyboard"));
    for (QChar c : latin)
        QTest::keyClick(window, c.toLatin1());
    pause(40);
}

void ScreenHand::compose(const QString& text) {
    QObject* receiver = QGuiApplication::focusObject();
    if (!receiver)
        throw StepFailed(QStringLiteral("nothing has the keyboard"));
    QInputMethodEvent event;
    event.setCommitString(text);
    QCoreApplication::sendEvent(receiver, &event);
    pause(40);
}

void ScreenHand::clearText() {
    key(Qt::Key_A, Qt::ControlModifier);
    key(Qt::Key_Delete);
}

void ScreenHand::picture(const QString& name) {
    pause(150);
    const QPixmap screen = QGuiApplication::primaryScreen()->grabWindow(0);
    if (!screen.save(m_outFolder + u'/' + name + QStringLiteral(".png")))
        throw StepFailed(QStringLiteral("the picture '%1' could not be written").arg(name));
}

} // namespace yz::player
