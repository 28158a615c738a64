#include "viewer_ui/viewport_overlay.h"

#include "uikit/error_text.h"
#include "uikit/fonts.h"
#include "uikit/format.h"
#include "uikit/person_text.h"
#include "uikit/theme.h"
#include "viewer_ui/fusion_text.h"
#include "viewer_ui/mpr_handles.h"
#include "viewer_ui/orientation_colour.h"
#include "viewer_ui/orientation_cube.h"
#include "viewer_ui/outlined_text.h"
#include "viewer_ui/path_painter.h"
#include "viewer_ui/viewer_text.h"
#include "viewer_ui/viewport_warnings.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace yz {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ViewportOverlay)
};

struct Line {
    QString text;
    QColor colour;
    bool bold = false;
    bool wide = false; ///< nothing stands beside it
};

constexpr double roomyWidth = 240.0; // of a corner's text area

const QColor plain(0xe8, 0xec, 0xef);
const QColor quiet(0xb4, 0xbe, 0xc6);
const QColor amber(0xff, 0xc8, 0x57);
const QColor red(0xff, 0x82, 0x79);
const QColor priorColour(0xd9, 0xa6, 0xff);

/// Lines in a corner; the ones that do not fit are left out from the inner end. A wide line may be `wideWidth` long.
void drawLines(QPainter& painter, const QRectF& area, Qt::Alignment corner, const std::vector<Line>& lines,
               double wideWidth = 0.0) {
    const bool fromTop = corner.testFlag(Qt::AlignTop);
    double used = 0;
    const auto draw = [&](const Line& line) {
        painter.setFont(uiFont(12, line.bold ? QFont::DemiBold : QFont::Normal));
        const double height = std::ceil(QFontMetricsF(painter.font()).height()) + 1;
        if (line.text.isEmpty() || used + height > area.height())
            return;
        QRectF box(area.left(), fromTop ? area.top() + used : area.bottom() - used - height,
                   line.wide ? std::max(wideWidth, area.width()) : area.width(), height);
        if (corner.testFlag(Qt::AlignRight))
            box.moveRight(area.right());
        drawOutlined(painter, box,
                     static_cast<int>((corner & Qt::AlignHorizontal_Mask) | Qt::AlignVCenter) | Qt::TextSingleLine,
                     line.text, line.colour);
        used += height;
    };
    if (fromTop)
        std::for_each(lines.begin(), lines.end(), draw);
    else
        std::for_each(lines.rbegin(), lines.rend(), draw);
}

QRectF leftHalf(const QRectF& area) { return {area.left(), area.top(), area.width() * 0.44, area.height() * 0.46}; }
QRectF rightHalf(const QRectF& area) {
    return {area.left() + area.width() * 0.56, area.top(), area.width() * 0.44, area.height() * 0.46};
}
QRectF lowered(QRectF half, const QRectF& area) {
    half.moveBottom(area.bottom());
    return half;
}

QString niceNumber(double value) {
    return std::abs(value - std::round(value)) < 0.05 ? QString::number(std::lround(value))
                                                      : QString::number(value, 'f', 1);
}

} // namespace

void ViewportOverlay::paint(QPainter& painter, QSizeF size, double scale, const ShownFrame& shown,
                            const ViewTransform& transform) {
    painter.setRenderHint(QPainter::TextAntialiasing);
    const QRectF area(8, 6, size.width() - 22, size.height() - 14);
    const ViewportState& viewport = state();
    if (shown.preview)
        paintPreview(painter, size, *shown.preview);
    if (viewport.content == ViewportState::Content::Empty && shown.preview) {
        paintPreviewMark(painter, size);
        paintFrame(painter, size);
        return;
    }
    if (viewport.content == ViewportState::Content::Empty) {
        painter.setFont(uiFont(14));
        painter.setPen(quiet);
        painter.drawText(QRectF({}, size), Qt::AlignCenter | Qt::TextWordWrap,
                         viewer_text::emptySlot(viewport.emptyText, viewport.label, m_controller.isRetrieving()));
        paintFrame(painter, size);
        return;
    }
    if (shown.image) {
        paintReferenceMarks(painter, scale, transform);
        paintCrossLines(painter, size, scale, transform);
        if (const DrawnPath* path = m_controller.drawnPath(viewport.stack); path && shown.plane)
            PathPainter(*shown.plane, transform, scale).draw(painter, *path, m_dpi);
        if (shown.curved)
            PathPainter::drawFlat(painter, *shown.curved, transform, scale);
    }
    // Identity is never switched off.
    paintIdentity(painter, leftHalf(area), shown);
    if (m_controller.state().annotationsShown) {
        paintStudy(painter, rightHalf(area), shown);
        paintSeries(painter, lowered(leftHalf(area), area), shown);
        paintDisplay(painter, lowered(rightHalf(area), area), shown);
        if (shown.image) {
            paintOrientation(painter, QRectF({}, size), shown, viewport.view);
            paintScaleBar(painter, QRectF({}, size), scale, shown, transform);
            if (viewport.content == ViewportState::Content::Volume && size.height() > 220)
                drawOrientationCube(painter, QRectF(size.width() - 92, 64, 64, 64), viewport.volume.facing);
        }
    }
    paintMessage(painter, QRectF({}, size), shown);
    paintReduced(painter, QRectF({}, size), shown);
    if (shown.preview)
        paintPreviewMark(painter, size);
    paintScrollMark(painter, size, shown);
    paintFrame(painter, size);
}

void ViewportOverlay::paintIdentity(QPainter& painter, const QRectF& area, const ShownFrame& shown) {
    const LoadedSeries* series = m_controller.studies().series(state().stack.series);
    if (!series)
        return;
    const LoadedStudy* study = m_controller.studies().study(series->study);
    const Patient patient =
        m_controller.studies().patientOf(shown.image ? shown.image->instance : InstanceUid{}, series->study);
    const QDate day = study ? study->record.time.date() : QDate();
    const bool mismatch = !m_controller.identityDifferences().empty();
    QString person = formatSex(patient.sex);
    const QString age = formatAge(patient, day);
    if (!person.isEmpty() && !age.isEmpty())
        person += QStringLiteral(" ");
    person += age;
    std::vector<Line> lines{{patient.name.isEmpty() ? Text::tr("(no name)") : formatAllPersonNames(patient.name),
                             mismatch ? red : plain, true},
                            {patient.id.value().isEmpty() ? Text::tr("(no patient ID)") : patient.id.value(),
                             mismatch ? red : plain, false},
                            {person, plain, false}};
    if (study && study->isPrior)
        lines.push_back({Text::tr("PRIOR %1").arg(formatDate(day)), priorColour, true});
    // What is wrong with the geometry is never switched off either.
    for (const ViewportWarning& warning : viewportWarnings(m_controller, m_viewport, shown))
        lines.push_back({warning.text, warning.isSevere ? red : amber, false, true});
    drawLines(painter, area, Qt::AlignLeft | Qt::AlignTop, lines, area.width() * 2.1);
}

void ViewportOverlay::paintStudy(QPainter& painter, const QRectF& area, const ShownFrame&) {
    const LoadedSeries* series = m_controller.studies().series(state().stack.series);
    const LoadedStudy* study = series ? m_controller.studies().study(series->study) : nullptr;
    if (!study)
        return;
    drawLines(painter, area, Qt::AlignRight | Qt::AlignTop,
              {{study->record.institution, plain, false},
               {formatDateTime(study->record.time), plain, false},
               {study->record.description, quiet, false}});
}

void ViewportOverlay::paintSeries(QPainter& painter, const QRectF& area, const ShownFrame& shown) {
    const LoadedSeries* series = m_controller.studies().series(state().stack.series);
    if (!series)
        return;
    std::vector<Line> lines;
    QString title = series->record.description;
    if (series->record.seriesNumber > 0)
        title =
            QString::number(series->record.seriesNumber) + (title.isEmpty() ? QString() : QStringLiteral("  ") + title);
    if (state().content == ViewportState::Content::Volume)
        title = (state().volume.isMip ? Text::tr("MIP") : Text::tr("3D")) + QStringLiteral("  ") + title;
    else if (shown.plane)
        title = viewer_text::plane(shown, state().orientation) + QStringLiteral("  ") + title;
    if (shown.curved)
        title = Text::tr("Curved") + QStringLiteral("  ") + title;
    lines.push_back({title, quiet, false});
    if (const Stack* stack = m_controller.studies().stack(state().stack))
        lines.push_back({viewer_text::splits(*stack), quiet, false});
    if (state().fusion && m_fusion.image)
        lines.push_back({fusion_text::overlayTitle(m_controller, *state().fusion), amber, false, true});
    else if (state().fusion && m_fusion.obstacle != FusionObstacle::None)
        lines.push_back({Text::tr("Not fused: %1").arg(fusion_text::obstacle(m_fusion.obstacle)), red, false, true});
    if (shown.count > 0) {
        QString place = Text::tr("%1 / %2").arg(shown.index + 1).arg(shown.count);
        if (shown.image) {
            const FrameDescription& frame = shown.image->frame(shown.frame);
            if (frame.plane && !shown.isOblique) { // of a turned plane no coordinate says where it is
                const PatientVector normal = frame.plane->normal();
                const double along[] = {std::abs(normal.x), std::abs(normal.y), std::abs(normal.z)};
                const PatientPoint& at = frame.plane->position;
                const double position = along[2] >= along[0] && along[2] >= along[1] ? at.z
                                        : along[1] >= along[0]                       ? at.y
                                                                                     : at.x;
                place += Text::tr("   pos %1 mm").arg(QString::number(position, 'f', 1));
            }
            if (frame.sliceThicknessMm > 0.0 && area.width() > roomyWidth)
                place += Text::tr("   thick %1 mm").arg(niceNumber(frame.sliceThicknessMm));
        }
        lines.push_back({place, plain, true});
    }
    drawLines(painter, area, Qt::AlignLeft | Qt::AlignBottom, lines);
}

void ViewportOverlay::paintDisplay(QPainter& painter, const QRectF& area, const ShownFrame& shown) {
    if (!shown.image)
        return;
    std::vector<Line> lines;
    if (shown.image->lossy)
        lines.push_back(
            {shown.image->lossyText.isEmpty() ? Text::tr("LOSSY") : Text::tr("LOSSY %1").arg(shown.image->lossyText),
             amber, true});
    const ImagePoint middle{shown.image->columns * 0.5, shown.image->rows * 0.5};
    const Calibration calibration = spacingAt(*shown.image, shown.frame, middle).calibration;
    lines.push_back({viewer_text::calibration(calibration, shown.image->modality),
                     calibration == Calibration::None ? amber : quiet, false, true});
    if (shown.state)
        lines.push_back({Text::tr("Presentation state %1").arg(shown.state->label), amber, true, true});
    else if (!state().presentation.isEmpty() && shown.image && !shown.plane)
        lines.push_back({Text::tr("Presentation state: not for this image"), quiet, false, true});
    if (!m_controller.state().overlaysShown && (!shown.presented->overlays.empty() || shown.state))
        lines.push_back({Text::tr("Overlays hidden (O)"), amber, false, true});
    const bool isGrey =
        shown.image->photometric == Photometric::Monochrome1 || shown.image->photometric == Photometric::Monochrome2;
    QString zoom = Text::tr("%1%").arg(std::lround(state().view.zoom * 100.0));
    if (state().view.mirrored)
        zoom += Text::tr("  mirrored");
    if (state().display.inverted)
        zoom += Text::tr("  inverted");
    lines.push_back({zoom, quiet, false});
    const bool isRendered = state().content == ViewportState::Content::Volume && !state().volume.isMip;
    if (isRendered)
        if (const VolumePreset* preset = m_controller.displayCatalog().rendering(state().volume.rendering))
            lines.push_back(
                {state().volume.shiftHu == 0.0
                     ? fusion_text::rendering(*preset)
                     : Text::tr("%1  %2 HU")
                           .arg(fusion_text::rendering(*preset), QString::number(std::lround(state().volume.shiftHu))),
                 plain, true});
    if (m_fusion.image && state().fusion) {
        if (m_fusion.suvRefusal)
            lines.push_back({fusion_text::suvRefusal(*m_fusion.suvRefusal), amber, false, true});
        lines.push_back({fusion_text::overlayWindow(m_fusion, *state().fusion), amber, true});
    }
    if (isGrey && state().displayIsSet && !isRendered) {
        QString window = state().display.voiLut ? Text::tr("VOI LUT %1").arg(*state().display.voiLut + 1)
                                                : Text::tr("C %1  W %2")
                                                      .arg(niceNumber(state().display.window.center),
                                                           niceNumber(state().display.window.width));
        if (shown.image->pet && !state().display.voiLut)
            window = fusion_text::window(state().display.window, *shown.image);
        if (m_fusion.image)
            window = shown.image->modality + u' ' + window;
        if (!state().presetId.isEmpty() && !shown.image->pet)
            window = viewer_text::preset(state().presetId) + QStringLiteral("  ") + window;
        lines.push_back({window, plain, true});
    }
    drawLines(painter, area, Qt::AlignRight | Qt::AlignBottom, lines, area.width() * 2.1);
}

void ViewportOverlay::paintOrientation(QPainter& painter, const QRectF& area, const ShownFrame& shown,
                                       const ViewAdjustment& view) {
    const EdgeLetters letters = edgeLetters(*shown.image, shown.frame, view);
    painter.setFont(uiFont(15, QFont::DemiBold));
    const QColor colour(0x9a, 0xe0, 0xf0);
    const QRectF inner = area.adjusted(8, 6, -16, -8);
    drawOutlined(painter, inner, Qt::AlignLeft | Qt::AlignVCenter, letters.left, colour);
    drawOutlined(painter, inner, Qt::AlignRight | Qt::AlignVCenter, letters.right, colour);
    drawOutlined(painter, inner, Qt::AlignHCenter | Qt::AlignTop, letters.top, colour);
    drawOutlined(painter, inner, Qt::AlignHCenter | Qt::AlignBottom, letters.bottom, colour);
}

void ViewportOverlay::paintScaleBar(QPainter& painter, const QRectF& area, double scale, const ShownFrame& shown,
                                    const ViewTransform& transform) {
    if (area.height() < 260)
        return;
    // Along the screen's y axis at the picture's middle, through the same maths as the mouse.
    const ViewPoint middle{area.width() * 0.5 * scale, area.height() * 0.5 * scale};
    const ImagePoint a = transform.toImage(middle), b = transform.toImage({middle.x, middle.y + 100.0});
    const PixelSpacing spacing = spacingAt(*shown.image, shown.frame, a);
    if (spacing.calibration == Calibration::None)
        return;
    const double mm = std::hypot((b.x - a.x) * spacing.columnMm, (b.y - a.y) * spacing.rowMm);
    if (mm <= 0.0)
        return;
    const double logicalPerMm = 100.0 / mm / scale;
    double length = 0.1;
    for (const double candidate : {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0})
        if (candidate * logicalPerMm <= area.height() * 0.2)
            length = candidate;
    const double height = length * logicalPerMm, x = area.right() - 20;
    const double y = area.top() + area.height() * 0.68 - height * 0.5;
    const QColor colour(0xe8, 0xec, 0xef);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const QLineF& line :
         {QLineF(x, y, x, y + height), QLineF(x - 4, y, x + 4, y), QLineF(x - 4, y + height, x + 4, y + height)})
        drawOutlinedLine(painter, line, colour);
    painter.setFont(uiFont(11));
    drawOutlined(painter, QRectF(x - 68, y, 60, height), Qt::AlignRight | Qt::AlignVCenter,
                 length >= 10.0 ? Text::tr("%1 cm").arg(niceNumber(length / 10.0))
                                : Text::tr("%1 mm").arg(niceNumber(length)),
                 colour);
}

void ViewportOverlay::paintFrame(QPainter& painter, QSizeF size) {
    const bool isActive = m_controller.state().active == m_viewport;
    const LoadedSeries* series = m_controller.studies().series(state().stack.series);
    const LoadedStudy* study = series ? m_controller.studies().study(series->study) : nullptr;
    QColor colour = isActive ? theme().accent : theme().border;
    if (study && study->isPrior && !isActive)
        colour = priorColour.darker(220);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, 1));
    painter.drawRect(QRectF(0, 0, size.width() - 1, size.height() - 1));
    if (state().content == ViewportState::Content::Plane)
        painter.fillRect(QRectF(1, 1, size.width() - 2, 2), orientationColour(state().orientation));
}

void ViewportOverlay::paintMessage(QPainter& painter, const QRectF& area, const ShownFrame& shown) {
    QString text;
    QColor colour = quiet;
    if (shown.error) {
        const Stack* stack = m_controller.studies().stack(state().stack);
        const bool isVolume = shown.error->code == ErrorCode::VolumeNotPossible;
        text = isVolume && state().content == ViewportState::Content::Volume
                   ? Text::tr("No volume: %1").arg(viewer_text::mprRefusal(stack, *shown.error))
               : isVolume ? Text::tr("No MPR: %1").arg(viewer_text::mprRefusal(stack, *shown.error))
                          : Text::tr("This image cannot be shown. %1").arg(errorSentence(*shown.error));
        colour = red;
    } else if (!m_message.isEmpty()) {
        text = m_message;
    } else if (!shown.drawn() && !shown.preview &&
               !(state().content == ViewportState::Content::Volume && shown.plane)) {
        text = Text::tr("Loading…");
    }
    if (text.isEmpty())
        return;
    painter.setFont(uiFont(14));
    const QRectF box = area.adjusted(area.width() * 0.12, 0, -area.width() * 0.12, 0);
    drawOutlined(painter, box, Qt::AlignCenter | Qt::TextWordWrap, text, colour);
}

/// Never to be taken for the picture: a plate across its foot, which no setting takes away.
void ViewportOverlay::paintReduced(QPainter& painter, const QRectF& area, const ShownFrame& shown) {
    if (shown.pixels || !shown.reduced)
        return;
    paintPlate(painter, area,
               Text::tr("Reduced resolution 1/%1: not for diagnosis or measuring").arg(1 << shown.reduced->reduction));
}

void ViewportOverlay::paintPlate(QPainter& painter, const QRectF& area, const QString& text) {
    painter.setFont(uiFont(14, QFont::DemiBold));
    const QFontMetricsF metrics(painter.font());
    const double width = std::min(metrics.horizontalAdvance(text) + 24.0, area.width() - 16.0);
    const QRectF plate(area.center().x() - width * 0.5, area.top() + area.height() * 0.8, width, metrics.height() + 10);
    painter.fillRect(plate, QColor(0, 0, 0, 230)); // other text may lie under it in a small viewport
    painter.setPen(amber);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(plate);
    painter.drawText(plate, Qt::AlignCenter | Qt::TextSingleLine,
                     metrics.elidedText(text, Qt::ElideRight, width - 8.0));
}

/// What the server drew: no place, no values, no scale, so nothing is written over it but what it is.
void ViewportOverlay::paintPreview(QPainter& painter, QSizeF size, const Preview& preview) {
    const PixelBuffer& pixels = *preview.pixels;
    const QImage image(reinterpret_cast<const uchar*>(pixels.data.data()), pixels.columns, pixels.rows,
                       qsizetype{pixels.columns} * pixels.samplesPerPixel,
                       pixels.samplesPerPixel == 3 ? QImage::Format_RGB888 : QImage::Format_Grayscale8);
    const QSizeF fitted = QSizeF(image.size()).scaled(size, Qt::KeepAspectRatio);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(QRectF({(size.width() - fitted.width()) * 0.5, (size.height() - fitted.height()) * 0.5}, fitted),
                      image);
}

void ViewportOverlay::paintPreviewMark(QPainter& painter, QSizeF size) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(amber, 2, Qt::DashLine));
    painter.drawRect(QRectF({}, size).adjusted(3, 3, -3, -3));
    paintPlate(painter, QRectF({}, size), Text::tr("Preview, not for diagnosis or measuring"));
}

void ViewportOverlay::paintScrollMark(QPainter& painter, QSizeF size, const ShownFrame& shown) {
    if (shown.count < 2)
        return;
    const QRectF track(size.width() - 8, 8, 4, size.height() - 16);
    painter.fillRect(track, QColor(255, 255, 255, 26));
    if (!shown.plane) {
        const int loaded = m_controller.loadedFrames(state().stack);
        if (loaded < shown.count)
            painter.fillRect(QRectF(track.left(), track.top(), 1, track.height() * loaded / shown.count),
                             theme().accent);
    }
    const double height = std::max(10.0, track.height() / shown.count);
    const double y = track.top() + (track.height() - height) * shown.index / std::max(1, shown.count - 1);
    painter.fillRect(QRectF(track.left(), y, track.width(), height), QColor(255, 255, 255, 170));
}

void ViewportOverlay::paintReferenceMarks(QPainter& painter, double scale, const ViewTransform& transform) {
    const QColor active(0xff, 0xd8, 0x4d, 220);
    const QColor other(0xb4, 0xbe, 0xc6, 150);
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (const ReferenceMark& mark : m_controller.referenceMarks(m_viewport)) {
        const ViewPoint from = transform.toView(mark.from), to = transform.toView(mark.to);
        painter.setPen(QPen(mark.isActive ? active : other, 1.0, mark.isActive ? Qt::SolidLine : Qt::DashLine));
        painter.drawLine(QLineF(from.x / scale, from.y / scale, to.x / scale, to.y / scale));
    }
}

void ViewportOverlay::paintCrossLines(QPainter& painter, QSizeF size, double scale, const ViewTransform& transform) {
    const MprHandles handles(m_controller.crossLines(m_viewport), transform, scale, size, m_dpi);
    handles.draw(painter, m_controller.state().tool == ViewerTool::Crosshair);
}

} // namespace yz
