#include "viewer_ui/fusion_text.h"

#include "imaging/suv.h"
#include "uikit/error_text.h"

#include <QCoreApplication>
#include <cmath>

namespace yz::fusion_text {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(FusionText)
};

QString number(double value) {
    return std::abs(value - std::round(value)) < 0.05 ? QString::number(std::lround(value))
                                                      : QString::number(value, 'f', 1);
}

QString suvRange(double center, double width) {
    return Text::tr("SUV %1 – %2")
        .arg(QString::number(center - width * 0.5, 'f', 1), QString::number(center + width * 0.5, 'f', 1));
}

QString centreAndWidth(const VoiWindow& window) {
    return Text::tr("C %1  W %2").arg(number(window.center), number(window.width));
}

} // namespace

QString palette(const ColourPalette& palette) {
    if (palette.id == u"hot-iron")
        return Text::tr("Hot iron");
    if (palette.id == u"pet")
        return Text::tr("PET colours");
    if (palette.id == u"hot-metal-blue")
        return Text::tr("Hot metal, blue");
    if (palette.id == u"pet-20-step")
        return Text::tr("PET, 20 steps");
    return palette.name;
}

QString rendering(const VolumePreset& preset) {
    if (preset.id == u"bone")
        return Text::tr("Bone");
    if (preset.id == u"vessels")
        return Text::tr("Vessels");
    if (preset.id == u"lung")
        return Text::tr("Lung");
    if (preset.id == u"skin")
        return Text::tr("Skin");
    return preset.name;
}

QString obstacle(FusionObstacle obstacle) {
    switch (obstacle) {
    case FusionObstacle::None:
        return {};
    case FusionObstacle::SameSeries:
        return Text::tr("the same series");
    case FusionObstacle::BaseHasNoPlace:
        return Text::tr("these images say no place in the patient");
    case FusionObstacle::OtherReference:
        return Text::tr("the frames of reference differ: positions cannot be compared");
    case FusionObstacle::OverlayNoVolume:
        return Text::tr("the series to lay over forms no volume");
    case FusionObstacle::OverlayColour:
        return Text::tr("the series to lay over is in colour");
    }
    return {};
}

QString suvRefusal(const Error& error) {
    return error.detail.isEmpty() ? Text::tr("no SUV: %1").arg(errorSentence(error))
                                  : Text::tr("no SUV: %1 (%2)").arg(errorSentence(error), error.detail);
}

QString window(const VoiWindow& window, const ImageDescription& image) {
    const Result<double> factor = image.pet ? suvFactor(image) : Result<double>(fail(ErrorCode::NotSupported));
    return factor ? suvRange(window.center * *factor, window.width * *factor) : centreAndWidth(window);
}

QString overlayTitle(const ViewerController& controller, const FusionState& fusion) {
    const LoadedSeries* series = controller.studies().series(fusion.overlay.series);
    if (!series)
        return {};
    QString title = series->record.modality;
    if (series->record.seriesNumber > 0)
        title += u' ' + QString::number(series->record.seriesNumber);
    if (!series->record.description.isEmpty())
        title += u' ' + series->record.description;
    return Text::tr("+ %1   %2, %3 %")
        .arg(title, palette(controller.displayCatalog().palette(fusion.palette)))
        .arg(std::lround(fusion.opacity * 100.0));
}

QString overlayWindow(const ShownOverlay& overlay, const FusionState& fusion) {
    const QString modality = overlay.image ? overlay.image->modality : QString();
    return QString(
               modality + u' ' +
               (overlay.isSuv ? suvRange(fusion.window.center, fusion.window.width) : centreAndWidth(fusion.window)))
        .trimmed();
}

QStringList overlayValue(const OverlayValue& value, const QString& modality) {
    if (value.suv)
        return {Text::tr("%1 %2 g/ml SUVbw").arg(modality, QString::number(*value.suv, 'f', 2))};
    QStringList lines{QString(modality + u' ' + QString::number(value.modality, 'f', 1) + u' ' + value.unit).trimmed()};
    if (value.suvRefusal)
        lines << suvRefusal(*value.suvRefusal);
    return lines;
}

QString side(VolumeSide side) {
    switch (side) {
    case VolumeSide::Front:
        return Text::tr("From the front");
    case VolumeSide::Back:
        return Text::tr("From the back");
    case VolumeSide::Left:
        return Text::tr("From the patient's left");
    case VolumeSide::Right:
        return Text::tr("From the patient's right");
    case VolumeSide::Head:
        return Text::tr("From the head");
    case VolumeSide::Feet:
        return Text::tr("From the feet");
    }
    return {};
}

} // namespace yz::fusion_text
