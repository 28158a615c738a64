#include "viewer_ui/screen_calibration.h"

#include <QScreen>

namespace yz {

namespace {
constexpr double leastPxPerMm = 1.0, mostPxPerMm = 60.0; // a projector; finer than any screen
}

ScreenCalibration& ScreenCalibration::instance() {
    static ScreenCalibration calibration;
    return calibration;
}

QString ScreenCalibration::keyOf(const QScreen* screen) {
    if (!screen)
        return {};
    const QSize pixels = (QSizeF(screen->size()) * screen->devicePixelRatio()).toSize();
    return QStringList{screen->manufacturer(), screen->model(), screen->serialNumber(), screen->name(),
                       QStringLiteral("%1x%2").arg(pixels.width()).arg(pixels.height())}
        .join(u'|');
}

double ScreenCalibration::claimedPxPerMm(const QScreen* screen) {
    const double mm = screen ? screen->physicalSize().width() : 0.0;
    const double claimed = mm > 0.0 ? screen->size().width() * screen->devicePixelRatio() / mm : 0.0;
    return claimed >= leastPxPerMm && claimed <= mostPxPerMm ? claimed : 96.0 / 25.4;
}

double ScreenCalibration::pxPerMm(const QScreen* screen) const { return m_pxPerMm.value(keyOf(screen), 0.0); }

void ScreenCalibration::setPxPerMm(const QScreen* screen, double pxPerMm) {
    if (!screen || pxPerMm < leastPxPerMm || pxPerMm > mostPxPerMm)
        return;
    m_pxPerMm.insert(keyOf(screen), pxPerMm);
    Q_EMIT changed();
}

QJsonObject ScreenCalibration::toJson() const {
    QJsonObject json;
    for (auto entry = m_pxPerMm.constBegin(); entry != m_pxPerMm.constEnd(); ++entry)
        json.insert(entry.key(), *entry);
    return json;
}

void ScreenCalibration::load(const QJsonObject& json) {
    m_pxPerMm.clear();
    for (auto entry = json.constBegin(); entry != json.constEnd(); ++entry)
        if (const double value = entry->toDouble(); value >= leastPxPerMm && value <= mostPxPerMm)
            m_pxPerMm.insert(entry.key(), value);
}

} // namespace yz
