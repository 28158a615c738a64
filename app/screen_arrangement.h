#pragma once

#include <QJsonObject>
#include <QObject>
#include <QPointer>
#include <QRect>
#include <QSize>
#include <QStringList>
#include <vector>

class QScreen;
class QSplitter;
class QWidget;

namespace yz {

/// Which screens pictures and report stand on. Screens are known as in ScreenCalibration::keyOf.
struct ScreenChoice {
    QStringList pictures; ///< empty: in the desk's window
    QString report;       ///< empty: in the desk's window
    bool operator==(const ScreenChoice&) const = default;

    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static ScreenChoice fromJson(const QJsonObject& json);
};

/// What of a choice can be done on the screens that are there. Pure.
struct ScreenPlan {
    QRect pictures; ///< null: in the desk's window
    QRect report;
    bool isPartial = false; ///< a chosen screen is gone
};
struct KnownScreen {
    QString key;
    QRect geometry; ///< logical px in the virtual desktop
};
/// The pictures' screens are taken together as far as they stand side by side (or one above the other) without a gap.
[[nodiscard]] ScreenPlan planScreens(const ScreenChoice& choice, const std::vector<KnownScreen>& screens);

/// Keeps pictures and report where the reader wants them: inside the desk's window, or in windows of their own on other
/// screens. When a screen goes, what stood on it comes back into the desk's window as it is; when it comes again, it
/// goes there again. Closing such a window brings its content back. GUI thread.
class ScreenArrangement : public QObject {
    Q_OBJECT

public:
    /// `home` holds both, pictures first; all outlive the arrangement.
    ScreenArrangement(QSplitter& home, QWidget& pictures, QWidget& report, QObject* parent = nullptr);
    ~ScreenArrangement() override;

    [[nodiscard]] const ScreenChoice& choice() const { return m_choice; }
    void choose(const ScreenChoice& choice);
    /// The screens are other ones now; also called by the arrangement itself.
    void follow();
    /// The windows are only up while a case is open.
    void setActive(bool active);
    /// Sizes of the screens that pictures stand on.
    [[nodiscard]] std::vector<QSize> pictureScreens() const;
    [[nodiscard]] bool isApart(const QWidget& content) const;
    [[nodiscard]] static std::vector<KnownScreen> screens();

Q_SIGNALS:
    void arranged();
    void closed(); ///< a window of its own was closed by hand: the choice is another one

private:
    class ContentWindow;
    void settle(QWidget& content, QPointer<ContentWindow>& window, const QRect& place, const QString& title);

    QSplitter& m_home;
    QWidget &m_pictures, &m_report;
    QPointer<ContentWindow> m_pictureWindow, m_reportWindow;
    ScreenChoice m_choice;
    QList<int> m_homeSizes;
    bool m_active = true;
};

} // namespace yz
