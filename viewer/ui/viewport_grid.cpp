#include "viewer_ui/viewport_grid.h"

#include "uikit/theme.h"
#include "viewer_ui/viewport_widget.h"

#include <QGridLayout>

namespace yz {

ViewportGrid::ViewportGrid(ViewerController& controller, DisplayPath path, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_path(path), m_layout(new QGridLayout(this)) {
    setObjectName(QStringLiteral("viewportGrid"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(2);
    QPalette colours = palette();
    colours.setColor(QPalette::Window, theme().viewport);
    setPalette(colours);
    setAutoFillBackground(true);
    connect(&controller, &ViewerController::layoutChanged, this, &ViewportGrid::rebuild);
    rebuild();
}

QWidget* ViewportGrid::viewportWidget(int index) const {
    return index >= 0 && index < count() ? m_places[static_cast<size_t>(index)].widget : nullptr;
}

ViewportCanvas* ViewportGrid::canvas(int index) const {
    return index >= 0 && index < count() ? m_places[static_cast<size_t>(index)].canvas : nullptr;
}

void ViewportGrid::toggleMaximized(int index) {
    m_maximized = m_maximized == index || count() < 2 ? -1 : index;
    rebuild();
}

void ViewportGrid::rebuild() {
    const ViewerState& state = m_controller.state();
    const int wanted = static_cast<int>(state.viewports.size());
    const bool hadFocus = focusWidget() && isAncestorOf(focusWidget());
    while (count() > wanted) {
        m_layout->removeWidget(m_places.back().widget);
        m_places.back().widget->hide();
        m_places.back().widget->deleteLater();
        m_places.pop_back();
    }
    while (count() < wanted) {
        Place place;
        place.widget = makeViewport(m_path, m_controller, count(), this, place.canvas);
        const int index = count();
        connect(place.canvas, &ViewportCanvas::measurementToReport, this, &ViewportGrid::measurementToReport);
        connect(place.canvas, &ViewportCanvas::doubleClicked, this, [this, index] { toggleMaximized(index); });
        connect(place.canvas, &ViewportCanvas::stackDropped, this,
                [this, index](const StackKey& key) { m_controller.showStack(index, key); });
        m_places.push_back(place);
    }
    if (m_maximized >= wanted)
        m_maximized = -1;
    for (int i = 0; i < 10; ++i) {
        m_layout->setRowStretch(i, m_maximized < 0 && i < state.rows ? 1 : 0);
        m_layout->setColumnStretch(i, m_maximized < 0 && i < state.columns ? 1 : 0);
    }
    if (m_maximized >= 0) {
        m_layout->setRowStretch(0, 1);
        m_layout->setColumnStretch(0, 1);
    }
    for (int i = 0; i < wanted; ++i) {
        const ViewportState& viewport = state.viewports[static_cast<size_t>(i)];
        QWidget* widget = m_places[static_cast<size_t>(i)].widget;
        m_layout->removeWidget(widget);
        if (m_maximized < 0)
            m_layout->addWidget(widget, viewport.row, viewport.column, viewport.rowSpan, viewport.columnSpan);
        else if (m_maximized == i)
            m_layout->addWidget(widget, 0, 0);
        widget->setVisible(m_maximized < 0 || m_maximized == i);
    }
    if (hadFocus)
        if (QWidget* active = viewportWidget(state.active))
            active->setFocus();
}

} // namespace yz
