#pragma once

#include <QPoint>
#include <QString>
#include <QWidget>
#include <functional>
#include <stdexcept>

/// The hand and eye of the player: finds widgets by name, waits for what should be seen, and sends window-system events
/// as a person's mouse, keyboard and input method would.
namespace yz::player {

/// A step did not come out as it should; what() says which and why.
class StepFailed : public std::runtime_error {
public:
    explicit StepFailed(const QString& what) : std::runtime_error(what.toStdString()) {}
};

class ScreenHand {
public:
    explicit ScreenHand(QString outFolder) : m_outFolder(std::move(outFolder)) {}

    /// Visible and enabled widget of that name; waits for it.
    QWidget* find(const char* name, int timeoutMs = 15000);
    [[nodiscard]] QWidget* findIfVisible(const char* name) const;
    void waitFor(const QString& what, const std::function<bool()>& condition, int timeoutMs = 30000);
    void pause(int ms);

    void click(const char* name);
    void clickAt(QWidget* widget, QPoint position, Qt::MouseButton button = Qt::LeftButton);
    void drag(QWidget* widget, QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton);
    void wheel(QWidget* widget, int notches);
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    /// Latin text by the keyboard, key by key.
    void type(const QString& latin);
    /// Text as an input method commits it (Chinese).
    void compose(const QString& text);
    void clearText();

    /// What is on the screen now, as NAME.png in the out folder.
    void picture(const QString& name);

private:
    [[nodiscard]] QWindow* windowOf(QWidget* widget) const;
    QString m_outFolder;
};

} // namespace yz::player
