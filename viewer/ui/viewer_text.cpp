#include "viewer_ui/viewer_text.h"

#include "domain/measurement_text.h"
#include "uikit/error_text.h"

#include <QCoreApplication>
#include <cmath>

namespace yz::viewer_text {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ViewerText)
};

bool isCrossSectional(const QString& modality) {
    return modality == QLatin1String("CT") || modality == QLatin1String("MR") || modality == QLatin1String("PT");
}

QString number(double value, int decimals) { return QString::number(value, 'f', decimals); }

QString amount(double value) { return number(value, std::abs(value) < 10 ? 2 : 1); }

} // namespace

QString finding(const GeometryFinding& f, const QString& modality) {
    switch (f.kind) {
    case GeometryFinding::Kind::NoPosition:
        return isCrossSectional(modality) ? Text::tr("No slice positions: shown in instance order") : QString();
    case GeometryFinding::Kind::MissingSlices:
        return Text::tr("%n slice(s) missing at %1 mm", nullptr, static_cast<int>(std::lround(f.value)))
            .arg(number(f.at, 1));
    case GeometryFinding::Kind::UnevenSpacing:
        return Text::tr("Uneven slice spacing: %1 to %2 mm").arg(amount(f.least), amount(f.most));
    case GeometryFinding::Kind::DuplicatePosition:
        return Text::tr("%n slice(s) at the same position", nullptr, static_cast<int>(std::lround(f.value)));
    case GeometryFinding::Kind::GantryTilt:
        return Text::tr("Gantry tilt %1°").arg(number(f.value, 1));
    case GeometryFinding::Kind::MixedMatrix:
        return Text::tr("Mixed matrix or pixel spacing: %n image(s) differ", nullptr,
                        static_cast<int>(std::lround(f.value)));
    case GeometryFinding::Kind::MixedOrientation:
        return Text::tr("Mixed slice orientation: up to %1°").arg(number(f.value, 1));
    case GeometryFinding::Kind::SidewaysShift:
        return Text::tr("Slices shifted sideways by up to %1 mm").arg(amount(f.value));
    case GeometryFinding::Kind::WideGap:
        return Text::tr("Gap of %1 mm at %2 mm").arg(amount(f.value), number(f.at, 1));
    case GeometryFinding::Kind::Colour:
    case GeometryFinding::Kind::DeepValues:
    case GeometryFinding::Kind::SteepTilt:
        return {};
    case GeometryFinding::Kind::TooFewSlices:
        return {};
    case GeometryFinding::Kind::NoSpacing:
        return isCrossSectional(modality) ? Text::tr("No pixel spacing") : QString();
    }
    return {};
}

QString calibration(Calibration c, const QString& modality) {
    switch (c) {
    case Calibration::None:
        return Text::tr("Not calibrated: lengths in px");
    case Calibration::PixelSpacing:
        return {};
    case Calibration::CalibratedSpacing:
        return isCrossSectional(modality) ? QString() : Text::tr("Calibrated by the sender");
    case Calibration::ImagerSpacing:
        return Text::tr("mm at the detector, not corrected for magnification");
    case Calibration::Magnification:
        return Text::tr("mm corrected by the estimated magnification");
    case Calibration::UltrasoundRegion:
        return Text::tr("mm from the ultrasound region");
    }
    return {};
}

QString preset(const QString& id) {
    static const QHash<QString, const char*> names{
        {QStringLiteral("ct-lung"), QT_TRANSLATE_NOOP("ViewerText", "Lung")},
        {QStringLiteral("ct-mediastinum"), QT_TRANSLATE_NOOP("ViewerText", "Mediastinum")},
        {QStringLiteral("ct-abdomen"), QT_TRANSLATE_NOOP("ViewerText", "Abdomen")},
        {QStringLiteral("ct-liver"), QT_TRANSLATE_NOOP("ViewerText", "Liver")},
        {QStringLiteral("ct-bone"), QT_TRANSLATE_NOOP("ViewerText", "Bone")},
        {QStringLiteral("ct-brain"), QT_TRANSLATE_NOOP("ViewerText", "Brain")},
        {QStringLiteral("ct-stroke"), QT_TRANSLATE_NOOP("ViewerText", "Stroke")},
        {QStringLiteral("ct-angio"), QT_TRANSLATE_NOOP("ViewerText", "Vessels")},
        {QStringLiteral("ct-spine"), QT_TRANSLATE_NOOP("ViewerText", "Spine")},
        {QStringLiteral("pt-suv-5"), "SUV 0–5"},
        {QStringLiteral("pt-suv-10"), "SUV 0–10"},
        {QStringLiteral("pt-suv-20"), "SUV 0–20"},
        {QStringLiteral("default"), QT_TRANSLATE_NOOP("ViewerText", "From the images")}};
    const char* name = names.value(id, nullptr);
    return name ? QCoreApplication::translate("ViewerText", name) : id;
}

QString orientation(Orientation o) {
    switch (o) {
    case Orientation::Axial:
        return Text::tr("Axial");
    case Orientation::Coronal:
        return Text::tr("Coronal");
    case Orientation::Sagittal:
        return Text::tr("Sagittal");
    }
    return {};
}

QString plane(const ShownFrame& shown, Orientation o) {
    return shown.isOblique ? Text::tr("Oblique (%1)").arg(orientation(o)) : orientation(o);
}

QString direction(const PatientVector& normal) {
    QStringList parts;
    const auto add = [&](double part, const char* towards, const char* away) {
        if (std::abs(part) >= 0.005)
            parts << QString(QLatin1String(part > 0 ? towards : away) + u' ' + number(std::abs(part), 2));
    };
    add(normal.x, "L", "R");
    add(normal.y, "P", "A");
    add(normal.z, "H", "F");
    return parts.join(QStringLiteral(", "));
}

QString slab(SlabMode mode) {
    switch (mode) {
    case SlabMode::None:
        return Text::tr("Thin plane");
    case SlabMode::Mip:
        return Text::tr("MIP");
    case SlabMode::MinIp:
        return Text::tr("MinIP");
    case SlabMode::Mean:
        return Text::tr("Mean");
    }
    return {};
}

QString slab(const Slab& s) {
    return s.isThick() ? Text::tr("%1 of %2 mm").arg(slab(s.mode), amount(s.thicknessMm)) : slab(SlabMode::None);
}

QString tool(ViewerTool t) {
    switch (t) {
    case ViewerTool::Window:
        return Text::tr("Window");
    case ViewerTool::Scroll:
        return Text::tr("Scroll");
    case ViewerTool::Zoom:
        return Text::tr("Zoom");
    case ViewerTool::Pan:
        return Text::tr("Pan");
    case ViewerTool::Length:
        return Text::tr("Length");
    case ViewerTool::Angle:
        return Text::tr("Angle");
    case ViewerTool::Rectangle:
        return Text::tr("Rectangle");
    case ViewerTool::Ellipse:
        return Text::tr("Ellipse");
    case ViewerTool::Probe:
        return Text::tr("Probe");
    case ViewerTool::Arrow:
        return Text::tr("Arrow");
    case ViewerTool::Crosshair:
        return Text::tr("Cross-hair");
    case ViewerTool::CurvedPath:
        return Text::tr("Path for curved MPR");
    case ViewerTool::CobbAngle:
        return kind(MeasurementKind::CobbAngle);
    case ViewerTool::CardiothoracicRatio:
        return kind(MeasurementKind::CardiothoracicRatio);
    case ViewerTool::Freehand:
        return kind(MeasurementKind::FreehandRoi);
    case ViewerTool::Bidirectional:
        return kind(MeasurementKind::Bidirectional);
    case ViewerTool::VolumeContour:
        return kind(MeasurementKind::VolumeContour);
    case ViewerTool::Text:
        return kind(MeasurementKind::Text);
    case ViewerTool::Magnifier:
        return Text::tr("Magnifier");
    case ViewerTool::SpacePoint:
        return Text::tr("Point in space");
    }
    return {};
}

QString kind(MeasurementKind k) {
    switch (k) {
    case MeasurementKind::Length:
        return Text::tr("Length");
    case MeasurementKind::Angle:
        return Text::tr("Angle");
    case MeasurementKind::RectangleRoi:
        return Text::tr("Rectangle");
    case MeasurementKind::EllipseRoi:
        return Text::tr("Ellipse");
    case MeasurementKind::Probe:
        return Text::tr("Probe");
    case MeasurementKind::Arrow:
        return Text::tr("Arrow");
    case MeasurementKind::CobbAngle:
        return Text::tr("Cobb angle");
    case MeasurementKind::CardiothoracicRatio:
        return Text::tr("Cardiothoracic ratio");
    case MeasurementKind::FreehandRoi:
        return Text::tr("Freehand");
    case MeasurementKind::Bidirectional:
        return Text::tr("Long and short axis");
    case MeasurementKind::VolumeContour:
        return Text::tr("Volume");
    case MeasurementKind::Text:
        return Text::tr("Text");
    }
    return {};
}

QString name(const Measurement& m) {
    return m.label.isEmpty() || m.kind == MeasurementKind::Text ? kind(m.kind) : m.label;
}

QString value(const MeasuredValue& v) {
    if (v.unit.isEmpty())
        return {};
    const QString shown = unit(v.unit);
    if (v.unit == QLatin1String("mm3")) // a nodule in mm3, an organ in ml
        return v.value < 1000.0 ? QString(number(v.value, 0) + QStringLiteral(" mm³"))
                                : QString(number(v.value / 1000.0, 2) + QStringLiteral(" ml"));
    const int decimals = v.unit == QLatin1String("[hnsf'U]")      ? 0
                         : v.unit == QLatin1String("s")           ? 3
                         : v.unit == QLatin1String("g/ml{SUVbw}") ? 2
                                                                  : 1;
    QString text = number(v.value, decimals);
    if (!shown.isEmpty())
        text += (shown == QLatin1String("°") ? QString() : QStringLiteral(" ")) + shown;
    return text;
}

QString unit(const QString& ucum) {
    if (ucum == QLatin1String("[hnsf'U]"))
        return QStringLiteral("HU");
    if (ucum == QLatin1String("mm2"))
        return QStringLiteral("mm²");
    if (ucum == QLatin1String("mm3"))
        return QStringLiteral("mm³");
    if (ucum == QLatin1String("{px}"))
        return QStringLiteral("px");
    if (ucum == QLatin1String("{px}2"))
        return QStringLiteral("px²");
    if (ucum == QLatin1String("deg"))
        return QStringLiteral("°");
    if (ucum == QLatin1String("g/ml{SUVbw}"))
        return QStringLiteral("SUV");
    if (ucum == QLatin1String("cm/s2"))
        return QStringLiteral("cm/s²");
    return ucum == QLatin1String("1") ? QString() : ucum;
}

namespace {

/// What stands beside the value where there is no ROI.
QStringList besides(const Measurement& m, const MeasurementResult& result) {
    QStringList lines;
    if (m.kind == MeasurementKind::Bidirectional && result.also.size() == 1)
        return {Text::tr("Short axis %1").arg(value(result.also[0]))};
    if (m.kind == MeasurementKind::CardiothoracicRatio && result.also.size() == 2)
        return {Text::tr("Heart %1, thorax %2").arg(value(result.also[0]), value(result.also[1]))};
    for (const MeasuredValue& also : result.also)
        lines << (also.unit == QLatin1String("mm3") ? Text::tr("Volume %1").arg(value(also))
                                                    : QString(number(also.value, 2) + u' ' + unit(also.unit)));
    return lines;
}

} // namespace

QStringList measurement(const Measurement& m, const MeasurementResult& result) {
    QStringList lines;
    if (!m.label.isEmpty())
        lines << m.label;
    if (m.kind == MeasurementKind::Arrow || m.kind == MeasurementKind::Text ||
        static_cast<int>(m.points.size()) < pointCount(m.kind))
        return lines;
    if (result.problem == MeasurementResult::Problem::CrossesItself)
        return lines << Text::tr("The outline crosses itself: no area");
    if (!result.value.unit.isEmpty()) {
        QString text =
            m.kind == MeasurementKind::CardiothoracicRatio ? number(result.value.value, 2) : value(result.value);
        if (result.value.calibration == Calibration::ImagerSpacing &&
            (m.kind == MeasurementKind::Length || m.kind == MeasurementKind::Bidirectional))
            text = Text::tr("%1 (detector)").arg(text);
        lines << text;
    }
    if (!result.roi)
        lines << besides(m, result);
    if (result.roi && result.roi->pixels > 0) {
        const QString suffix = result.roiUnit.isEmpty() || result.roiUnit == QLatin1String("US")
                                   ? QString()
                                   : QString(u' ' + result.roiUnit);
        lines << Text::tr("Mean %1%2, SD %3").arg(number(result.roi->mean, 1), suffix, number(result.roi->sd, 1));
        lines << Text::tr("Min %1, max %2").arg(number(result.roi->min, 0), number(result.roi->max, 0));
        const auto isSuv = [](const MeasuredValue& v) { return v.unit == QLatin1String("g/ml{SUVbw}"); };
        if (result.also.size() >= 2 && isSuv(result.also[0]) && isSuv(result.also[1])) // PET
            lines << Text::tr("SUV mean %1, max %2")
                         .arg(number(result.also[0].value, 2), number(result.also[1].value, 2));
        if (!result.also.empty() && result.also.back().unit == QLatin1String("mm3"))
            lines << Text::tr("Volume %1").arg(value(result.also.back()));
    }
    return lines;
}

QStringList reported(const ReportedMeasurement& measurement) {
    constexpr size_t linesAtMost = 6;
    QStringList lines;
    if (!measurement.name.isEmpty())
        lines << measurement.name;
    if (!measurement.measurement.label.isEmpty() && measurement.measurement.label != measurement.name)
        lines << measurement.measurement.label;
    for (size_t i = 0; i < std::min(measurement.values.size(), linesAtMost); ++i)
        lines << Text::tr("%1: %2").arg(
            measurement.values[i].first,
            measurementText(measurement.values[i].second.value, measurement.values[i].second.unit));
    return lines;
}

QString stillArriving() { return Text::tr("Images are still arriving"); }

QString emptySlot(const QString& code, const QString& label, bool isArriving) {
    const bool mayCome = isArriving && (code == QLatin1String("volume") || code == QLatin1String("series"));
    QString text = mayCome                          ? stillArriving()
                   : code == QLatin1String("prior") ? Text::tr("No earlier examination of this kind and part")
                   : code == QLatin1String("prior-series")
                       ? Text::tr("The earlier examination has no picture that belongs here")
                   : code == QLatin1String("volume") ? Text::tr("No series here forms a volume to cut planes from")
                   : code == QLatin1String("series") ? Text::tr("No picture of this examination belongs here")
                                                     : Text::tr("Empty: drop a series here");
    return label.isEmpty() ? text : QString(label + u'\n' + text);
}

namespace {

/// Obstacles that are said in other words than the finding, or are none.
QString obstacle(const GeometryFinding& f) {
    switch (f.kind) {
    case GeometryFinding::Kind::TooFewSlices:
        return Text::tr("Too few slices for a volume");
    case GeometryFinding::Kind::WideGap:
        return Text::tr("Gap of %1 mm at %2 mm, too wide to interpolate across").arg(amount(f.value), number(f.at, 1));
    case GeometryFinding::Kind::Colour:
        return Text::tr("Colour images");
    case GeometryFinding::Kind::DeepValues:
        return Text::tr("Values of %1 bits").arg(static_cast<int>(f.value));
    case GeometryFinding::Kind::SteepTilt:
        return Text::tr("Gantry tilt of %1° is too steep").arg(number(f.value, 1));
    default:
        return finding(f, QStringLiteral("CT"));
    }
}

QString component(const QString& code) {
    if (code == QLatin1String("MAGNITUDE"))
        return Text::tr("Magnitude");
    if (code == QLatin1String("PHASE"))
        return Text::tr("Phase image");
    if (code == QLatin1String("REAL"))
        return Text::tr("Real part");
    if (code == QLatin1String("IMAGINARY"))
        return Text::tr("Imaginary part");
    return code;
}

QString trimmedNumber(double value) { return QString::number(value, 'g', 6); }

/// The part of a frame type that tells a reader something: not ORIGINAL or DERIVED, PRIMARY or SECONDARY.
QString frameType(const QString& text) {
    const QStringList values = text.split(u'\\');
    const QString rest = values.mid(2).join(u' ').simplified();
    return rest.isEmpty() ? values.join(u' ').simplified() : rest;
}

QString split(const StackSplit& s) {
    using By = StackSplit::By;
    const auto ofCount = [&](const QString& sentence) { return sentence.arg(s.index).arg(s.count); };
    if (!s.hasValue)
        return ofCount(Text::tr("Part %1 of %2"));
    switch (s.by) {
    case By::Localizer:
        return Text::tr("Localizer");
    case By::FrameOfReference:
        return ofCount(Text::tr("Frame of reference %1 of %2"));
    case By::StackId:
        return Text::tr("Stack %1").arg(s.text);
    case By::Orientation:
        return ofCount(Text::tr("Orientation %1 of %2"));
    case By::Clip:
        return ofCount(Text::tr("Clip %1 of %2"));
    case By::View:
        return s.text;
    case By::Matrix:
        return s.text.section(u',', 0, 0);
    case By::Component:
        return component(s.text);
    case By::FrameType:
        return frameType(s.text);
    case By::Segment:
        return Text::tr("Segment %1").arg(trimmedNumber(s.value));
    case By::EchoTime:
        return Text::tr("TE %1 ms").arg(trimmedNumber(s.value));
    case By::EchoNumber:
        return Text::tr("Echo %1").arg(trimmedNumber(s.value));
    case By::BValue:
        return Text::tr("b = %1 s/mm²").arg(trimmedNumber(s.value));
    case By::DiffusionDirection:
        return ofCount(Text::tr("Direction %1 of %2"));
    case By::InversionTime:
        return Text::tr("TI %1 ms").arg(trimmedNumber(s.value));
    case By::FlipAngle:
        return Text::tr("Flip angle %1°").arg(trimmedNumber(s.value));
    case By::KiloVolt:
        return Text::tr("%1 kV").arg(trimmedNumber(s.value));
    case By::Kernel:
        return Text::tr("Kernel %1").arg(s.text);
    case By::TemporalPosition:
    case By::TimeOffset:
    case By::TimeOrder:
        return ofCount(Text::tr("Time %1 of %2"));
    case By::CyclePhase:
        return Text::tr("Phase %1 %").arg(trimmedNumber(s.value));
    case By::TriggerTime:
        return Text::tr("Trigger + %1 ms").arg(trimmedNumber(s.value));
    case By::Acquisition:
        return Text::tr("Acquisition %1").arg(trimmedNumber(s.value));
    case By::DimensionIndex:
    case By::InstanceOrder:
        return ofCount(Text::tr("Part %1 of %2"));
    }
    return {};
}

} // namespace

QString splits(const Stack& stack) {
    QStringList parts;
    for (const StackSplit& s : stack.splits)
        parts << split(s);
    return parts.join(QStringLiteral(", "));
}

QString mprRefusal(const Stack* stack, const Error& error) {
    if (stack)
        if (const auto f = volumeObstacle(*stack))
            if (const QString text = obstacle(*f); !text.isEmpty())
                return text;
    return errorSentence(error);
}

QString identity(const std::vector<IdentityDifference>& differences) {
    QStringList parts;
    for (const IdentityDifference& d : differences) {
        const QString where = d.inPrior ? Text::tr("prior") : Text::tr("images");
        parts << (d.field == IdentityDifference::Field::Id ? Text::tr("patient ID: order “%1”, %2 “%3”")
                                                           : Text::tr("name: order “%1”, %2 “%3”"))
                     .arg(d.expected, where, d.found);
    }
    return Text::tr("The images may not belong to the patient of the order: %1").arg(parts.join(QStringLiteral("; ")));
}

} // namespace yz::viewer_text
