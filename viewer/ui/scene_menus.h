#pragma once

#include "viewer/viewer_controller.h"

#include <QMenu>

namespace yz {

/// The series that may lie over the active viewport's, with palette and opacity; those that may not say why.
class FusionMenu final : public QMenu {
    Q_OBJECT

public:
    FusionMenu(ViewerController& controller, QWidget* parent);

private:
    void fill();

    ViewerController& m_controller;
};

/// The active viewport's series as a volume: rendered or brightest values, seen from a side, cut to a box.
class VolumeMenu final : public QMenu {
    Q_OBJECT

public:
    VolumeMenu(ViewerController& controller, QWidget* parent);

private:
    void fill();
    void addBox(const VolumeView& view);

    ViewerController& m_controller;
};

} // namespace yz
