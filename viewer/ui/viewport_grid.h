#pragma once

#include "viewer_ui/display_path.h"
#include "viewer_ui/viewport_canvas.h"

#include <QWidget>
#include <vector>

class QGridLayout;

namespace yz {

/// The viewports as the state lays them out. Widgets are kept when the layout changes.
class ViewportGrid final : public QWidget {
    Q_OBJECT

public:
    ViewportGrid(ViewerController& controller, DisplayPath path, QWidget* parent = nullptr);

    [[nodiscard]] QWidget* viewportWidget(int index) const;
    [[nodiscard]] ViewportCanvas* canvas(int index) const;
    [[nodiscard]] int count() const { return static_cast<int>(m_places.size()); }
    /// Shows one viewport alone, or all again.
    void toggleMaximized(int index);

Q_SIGNALS:
    void measurementToReport(const QString& id);

private:
    void rebuild();

    struct Place {
        QWidget* widget = nullptr;
        ViewportCanvas* canvas = nullptr;
    };
    ViewerController& m_controller;
    DisplayPath m_path;
    QGridLayout* m_layout;
    std::vector<Place> m_places;
    int m_maximized = -1;
};

} // namespace yz
