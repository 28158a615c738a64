#pragma once

#include <QHash>
#include <QJsonObject>
#include <QObject>

class QScreen;

namespace yz {

/// How large a pixel of each screen really is, as somebody measured it with a card or a ruler. What a screen says of
/// itself is not believed: television sets and projectors lie. Screens are known by maker, model, serial number and
/// size. One for the program: viewports of all windows ask it. GUI thread.
class ScreenCalibration : public QObject {
    Q_OBJECT

public:
    [[nodiscard]] static ScreenCalibration& instance();

    /// Device px a mm; 0: nobody measured it.
    [[nodiscard]] double pxPerMm(const QScreen* screen) const;
    void setPxPerMm(const QScreen* screen, double pxPerMm);
    /// By what the screen says of itself: where measuring begins.
    [[nodiscard]] static double claimedPxPerMm(const QScreen* screen);
    [[nodiscard]] static QString keyOf(const QScreen* screen);

    [[nodiscard]] QJsonObject toJson() const;
    void load(const QJsonObject& json);

Q_SIGNALS:
    void changed(); ///< somebody measured

private:
    QHash<QString, double> m_pxPerMm;
};

} // namespace yz
