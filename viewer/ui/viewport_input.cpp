#include "viewer/measurement_edit.h"
#include "viewer_ui/measurement_painter.h"
#include "viewer_ui/viewport_canvas.h"

#include <QAction>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QWheelEvent>
#include <QWidget>
#include <algorithm>
#include <cmath>

// Mouse in a viewport. Left: the active tool; middle: pan; right: window; wheel: scroll; ctrl and wheel: zoom.
namespace yz {

namespace {

constexpr double clickReachPx = 3.0;
constexpr double scrollStepPx = 6.0;

} // namespace

ViewPoint ViewportCanvas::viewAt(QPointF logical) const {
    return {(logical.x() + 0.5) * scale(), (logical.y() + 0.5) * scale()};
}

ImagePoint ViewportCanvas::imageAt(QPointF logical) const { return m_transform.toImage(viewAt(logical)); }

bool ViewportCanvas::handle(QEvent* event) {
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        return press(static_cast<QMouseEvent*>(event));
    case QEvent::MouseMove:
        return move(static_cast<QMouseEvent*>(event));
    case QEvent::MouseButtonRelease:
        return release(static_cast<QMouseEvent*>(event));
    case QEvent::MouseButtonDblClick:
        if (static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton && m_shown.plane &&
            m_controller.state().tool == ViewerTool::CurvedPath) { // its first click has set the last point
            (void)m_controller.finishPath(m_viewport);
            return true;
        }
        if (static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton && !m_draft &&
            !kindOf(m_controller.state().tool)) {
            Q_EMIT doubleClicked();
            return true;
        }
        if (static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton && closeDraft())
            return true;
        return press(static_cast<QMouseEvent*>(event));
    case QEvent::Wheel:
        return wheel(static_cast<QWheelEvent*>(event));
    case QEvent::Leave:
        if (m_hover) {
            m_hover.reset();
            m_host->update();
        }
        return false;
    case QEvent::FocusIn: {
        // Not when a window is shown or wakes up: Qt gives the first viewport the keyboard then.
        const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
        if (reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason || reason == Qt::MouseFocusReason)
            m_controller.setActive(m_viewport);
        return false;
    }
    case QEvent::DragEnter: {
        auto* drag = static_cast<QDragEnterEvent*>(event);
        if (!drag->mimeData()->hasFormat(QLatin1String(stackMimeType)))
            return false;
        drag->acceptProposedAction();
        return true;
    }
    case QEvent::Drop: {
        auto* drop = static_cast<QDropEvent*>(event);
        const QString text = QString::fromUtf8(drop->mimeData()->data(QLatin1String(stackMimeType)));
        drop->acceptProposedAction();
        m_controller.setActive(m_viewport);
        Q_EMIT stackDropped({SeriesUid(text.section(u'/', 0, 0)), text.section(u'/', 1, 1).toInt()});
        return true;
    }
    default:
        return false;
    }
}

std::optional<Measurement> ViewportCanvas::measurementAt(QPointF logical, int& handle) const {
    handle = -1;
    if (!m_shown.image || !m_controller.state().annotationsShown)
        return std::nullopt;
    const MeasurementPainter drawing(m_transform, scale());
    const std::vector<Measurement> all = m_controller.measurementsOn(m_shown);
    for (const bool handlesOnly : {true, false}) {
        for (auto measurement = all.rbegin(); measurement != all.rend(); ++measurement) {
            handle = drawing.handleAt(*measurement, logical);
            if (handle >= 0 || (!handlesOnly && drawing.isOn(*measurement, logical)))
                return *measurement;
        }
    }
    return std::nullopt;
}

Measurement ViewportCanvas::stored(Measurement measurement) const {
    roundForStorage(measurement);
    if (m_shown.plane) {
        measurement = keptOnPlane(measurement, *m_shown.plane, m_shown.image->frameOfReference);
        measurement.slab = m_shown.slab;
        roundForStorage(measurement);
    }
    return measurement;
}

PixelSpacing ViewportCanvas::spacingUnder(ImagePoint at) const { return spacingAt(*m_shown.image, m_shown.frame, at); }

void ViewportCanvas::startDraft(MeasurementKind kind, ImagePoint at) {
    if (!m_shown.image || !m_shown.pixels || m_shown.curved) // nothing is measured on a reduced or a bent picture
        return;
    Measurement base;
    base.kind = kind;
    base.series = m_shown.image->series;
    base.instance = m_shown.image->instance;
    base.sopClass = m_shown.image->sopClass;
    base.frame = m_shown.frame;
    m_draft.emplace(base, at, spacingUnder(at), [this](ImagePoint a, ImagePoint b) {
        const ViewPoint from = m_transform.toView(a), to = m_transform.toView(b);
        return std::hypot(to.x - from.x, to.y - from.y) / scale();
    });
    m_drag = Drag::Draft;
    if (pointCount(kind) == 1)
        finishDraft();
}

void ViewportCanvas::finishDraft() {
    m_drag = Drag::None;
    const Measurement done = stored(m_draft->take());
    m_draft.reset();
    const QString id = m_controller.measurements().add(done);
    if (done.kind == MeasurementKind::Text)
        editLabel(id);
}

bool ViewportCanvas::cancelDraft() {
    if (!m_draft)
        return false;
    m_draft.reset();
    m_drag = Drag::None;
    m_host->update();
    return true;
}

bool ViewportCanvas::closeDraft() {
    if (!m_draft || !m_draft->close())
        return false;
    finishDraft();
    m_host->update();
    return true;
}

bool ViewportCanvas::dropCorner() {
    if (!m_draft || !m_draft->dropCorner())
        return false;
    m_host->update();
    return true;
}

void ViewportCanvas::removeSelected() {
    const QString id = m_controller.measurements().selected();
    if (!id.isEmpty())
        m_controller.measurements().remove(id);
}

void ViewportCanvas::editLabel(const QString& id) {
    const std::vector<Measurement> all = m_controller.measurementsOn(m_shown);
    const auto found = std::find_if(all.begin(), all.end(), [&](const Measurement& m) { return m.id == id; });
    if (found == all.end() || found->points.empty())
        return;
    delete m_label;
    auto* line = m_label = new QLineEdit(found->label, m_host);
    connect(line, &QObject::destroyed, this, [this, line] {
        if (m_label == line)
            m_label = nullptr;
    });
    line->setObjectName(QStringLiteral("measurementLabel"));
    line->setAccessibleName(tr("Name of the measurement"));
    line->setPlaceholderText(found->kind == MeasurementKind::Text ? tr("Text") : tr("Name"));
    line->setMaxLength(MeasurementList::maximumLabel);
    line->resize(std::min(220, std::max(80, m_host->width() - 16)), line->sizeHint().height());
    const QPointF at = MeasurementPainter(m_transform, scale()).toLogical(found->points.front());
    line->move(std::clamp(static_cast<int>(at.x()) + 8, 4, std::max(4, m_host->width() - line->width() - 4)),
               std::clamp(static_cast<int>(at.y()) - line->height() - 8, 4,
                          std::max(4, m_host->height() - line->height() - 4)));
    // Leaving the line keeps what is in it; a text without words is none.
    connect(line, &QLineEdit::editingFinished, this, [this, line, id] {
        if (m_label != line)
            return;
        m_label = nullptr;
        line->deleteLater();
        line->hide();
        MeasurementList& list = m_controller.measurements();
        const Measurement* measurement = list.find(id);
        if (measurement && measurement->kind == MeasurementKind::Text && line->text().trimmed().isEmpty())
            list.remove(id);
        else
            list.rename(id, line->text());
        m_host->setFocus();
    });
    line->show();
    line->setFocus();
    line->selectAll();
}

bool ViewportCanvas::press(QMouseEvent* event) {
    m_host->setFocus(Qt::MouseFocusReason);
    m_controller.setActive(m_viewport);
    update((QSizeF(m_host->size()) * scale()).toSize());
    m_pressedAt = m_lastAt = event->position();
    m_dragged = false;
    m_scrollRest = 0.0;
    if (event->button() == Qt::MiddleButton) {
        m_drag = Drag::Pan;
        return true;
    }
    if (showsVolume())
        return pressOnVolume(event);
    if (event->button() == Qt::RightButton) {
        const ViewportState* own = m_controller.viewport(m_viewport);
        m_drag = own && own->fusion && event->modifiers().testFlag(Qt::ShiftModifier) ? Drag::Overlay : Drag::Window;
        return true;
    }
    if (event->button() != Qt::LeftButton)
        return false;
    const ImagePoint at = imageAt(event->position());
    if (m_draft) { // a point set by a click of its own
        m_draft->press(at);
        m_drag = Drag::Draft;
        m_host->update();
        return true;
    }
    const ViewerTool tool = m_controller.state().tool;
    const auto kind = kindOf(tool);
    if (pressMpr(event->position()) || pressPath(event->position()))
        return true;
    int handle = -1;
    if (const auto hit = measurementAt(event->position(), handle);
        hit && m_shown.pixels && (handle >= 0 || kind || hit->id == m_controller.measurements().selected())) {
        m_controller.measurements().select(hit->id);
        m_grabbed = *hit;
        m_handle = handle;
        m_grabChanged = false;
        m_drag = handle >= 0 ? Drag::Handle : Drag::Body;
        m_host->update();
        return true;
    }
    m_controller.measurements().select({});
    if (kind) {
        startDraft(*kind, at);
    } else {
        switch (tool) {
        case ViewerTool::Scroll:
            m_drag = Drag::Scroll;
            break;
        case ViewerTool::Zoom:
            m_drag = Drag::Zoom;
            break;
        case ViewerTool::Pan:
            m_drag = Drag::Pan;
            break;
        case ViewerTool::Crosshair:
            m_drag = Drag::Crosshair;
            m_controller.setCrosshair(m_viewport, at);
            break;
        case ViewerTool::SpacePoint:
            m_drag = Drag::SpacePoint;
            (void)m_controller.setSpacePoint(m_viewport, at);
            break;
        case ViewerTool::Magnifier: // the lens goes along
            m_drag = Drag::Pan;
            break;
        default:
            m_drag = Drag::Window;
        }
    }
    m_host->update();
    return true;
}

bool ViewportCanvas::move(QMouseEvent* event) {
    const QPointF position = event->position();
    const QPointF delta = position - m_lastAt;
    if (m_controller.state().tool == ViewerTool::Magnifier) {
        m_hover = position;
        m_host->update();
    }
    if (m_drag != Drag::None && (position - m_pressedAt).manhattanLength() > clickReachPx)
        m_dragged = true;
    if (m_draft && (m_drag == Drag::Draft || event->buttons() == Qt::NoButton)) {
        m_draft->move(imageAt(position), m_drag == Drag::Draft);
        m_host->update();
        return true;
    }
    if (m_drag == Drag::Turn)
        return moveOnVolume(event);
    hoverMpr(position);
    if (m_drag == Drag::MprHandle)
        dragMpr(position);
    else if (m_drag == Drag::PathPoint && m_dragged)
        m_controller.movePathPoint(m_viewport, m_pathPoint, imageAt(position));
    m_lastAt = position;
    const ViewportState* state = m_controller.viewport(m_viewport);
    if (!state || m_drag == Drag::None)
        return m_drag != Drag::None;
    const int width = static_cast<int>(m_host->width() * scale()),
              height = static_cast<int>(m_host->height() * scale());
    switch (m_drag) {
    case Drag::Window: {
        if (!state->displayIsSet || !m_dragged)
            break;
        // Finer steps for narrow windows: a drag across the viewport is about four widths.
        const VoiWindow& window = state->display.window;
        const double step = std::max(std::abs(window.width), 1.0) * 4.0 / std::max(200, m_host->width());
        m_controller.setWindow(m_viewport, window.center + delta.y() * step * 0.5,
                               std::max(1.0, window.width + delta.x() * step));
        break;
    }
    case Drag::Overlay: {
        if (!state->fusion || !m_dragged)
            break;
        const VoiWindow& window = state->fusion->window;
        const double step = window.width * 4.0 / std::max(200, m_host->width());
        m_controller.setFusionWindow(m_viewport, window.center + delta.y() * step * 0.5,
                                     std::max(window.width * 0.05, window.width + delta.x() * step));
        break;
    }
    case Drag::Scroll: {
        m_scrollRest += delta.y() / scrollStepPx;
        const int steps = static_cast<int>(m_scrollRest);
        m_scrollRest -= steps;
        if (steps != 0)
            m_controller.scrollBy(m_viewport, steps);
        break;
    }
    case Drag::Zoom:
        m_controller.zoomBy(m_viewport, std::exp(-delta.y() * 0.008), viewAt(m_pressedAt), width, height);
        break;
    case Drag::Pan: {
        const double side = std::max(1, std::min(m_host->width(), m_host->height()));
        m_controller.panBy(m_viewport, delta.x() / side, delta.y() / side);
        break;
    }
    case Drag::Crosshair:
        m_controller.setCrosshair(m_viewport, imageAt(position));
        break;
    case Drag::Handle:
    case Drag::Body: {
        const ImagePoint from = imageAt(m_pressedAt), to = imageAt(position);
        if (m_dragged) {
            const std::vector<ImagePoint> handles = handlesOf(m_grabbed);
            const Measurement moved =
                m_drag == Drag::Body
                    ? movedBy(m_grabbed, to - from)
                    : withHandleAt(m_grabbed, m_handle, handles[static_cast<size_t>(m_handle)] + (to - from),
                                   spacingUnder(m_grabbed.points.front()));
            m_controller.measurements().change(stored(moved), m_grabChanged);
            m_grabChanged = true;
        }
        break;
    }
    case Drag::SpacePoint:
        (void)m_controller.setSpacePoint(m_viewport, imageAt(position));
        break;
    case Drag::MprHandle:
    case Drag::PathPoint:
    case Drag::Draft:
    case Drag::Turn:
    case Drag::None:
        break;
    }
    return true;
}

bool ViewportCanvas::release(QMouseEvent* event) {
    if (m_draft && m_drag == Drag::Draft && event->button() == Qt::LeftButton) {
        m_drag = Drag::None;
        if (m_draft->release(imageAt(event->position())))
            finishDraft();
        m_host->update();
        return true;
    }
    if ((m_drag == Drag::Handle || m_drag == Drag::Body) && m_grabChanged)
        m_controller.measurements().settle();
    const bool wasClick = !m_dragged;
    m_drag = Drag::None;
    if (event->button() == Qt::RightButton && wasClick)
        openMenu(event->globalPosition().toPoint());
    return true;
}

bool ViewportCanvas::wheel(QWheelEvent* event) {
    m_controller.setActive(m_viewport);
    const ViewportState* own = m_controller.viewport(m_viewport);
    if (own && own->fusion && event->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier)) {
        m_controller.setFusionOpacity(m_viewport, own->fusion->opacity + event->angleDelta().y() / 120.0 * 0.05);
        return true;
    }
    if (event->modifiers().testFlag(Qt::ControlModifier) || showsVolume()) {
        m_controller.zoomBy(m_viewport, std::exp(event->angleDelta().y() / 120.0 * 0.12), viewAt(event->position()),
                            static_cast<int>(m_host->width() * scale()), static_cast<int>(m_host->height() * scale()));
        return true;
    }
    // Touch pads send parts of a step.
    m_wheelRest += event->angleDelta().y();
    const int steps = m_wheelRest / 120;
    m_wheelRest -= steps * 120;
    if (steps != 0 && event->modifiers().testFlag(Qt::ShiftModifier))
        m_controller.scrollBy(m_viewport, -steps * 5);
    else if (steps != 0)
        m_controller.scrollBy(m_viewport, -m_acceleration.steps(steps, event->timestamp(), m_shown.count));
    return true;
}

void ViewportCanvas::openMenu(const QPoint& globalPosition) {
    int handle = -1;
    const auto hit = measurementAt(QPointF(m_host->mapFromGlobal(globalPosition)), handle);
    if (!hit) {
        openMprMenu(globalPosition);
        return;
    }
    m_controller.measurements().select(hit->id);
    m_host->update();
    auto* menu = new QMenu(m_host);
    menu->setObjectName(QStringLiteral("measurementMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (hit->kind != MeasurementKind::Arrow && hit->kind != MeasurementKind::Text) {
        QAction* report = menu->addAction(tr("Into the report"));
        report->setObjectName(QStringLiteral("measurementToReport"));
        connect(report, &QAction::triggered, this, [this, id = hit->id] { Q_EMIT measurementToReport(id); });
    }
    QAction* name = menu->addAction(hit->kind == MeasurementKind::Text ? tr("Change the text…") : tr("Name…"));
    name->setObjectName(QStringLiteral("measurementName"));
    connect(name, &QAction::triggered, this, [this, id = hit->id] { editLabel(id); });
    QAction* remove = menu->addAction(tr("Delete"));
    remove->setObjectName(QStringLiteral("measurementDelete"));
    connect(remove, &QAction::triggered, this, &ViewportCanvas::removeSelected);
    menu->popup(globalPosition);
}

} // namespace yz
