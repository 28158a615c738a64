#include "viewer_ui/mpr_tools.h"

#include "viewer_ui/viewer_text.h"

#include <QCoreApplication>
#include <QMenu>
#include <array>
#include <cmath>

namespace yz {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(MprMenu)
};

constexpr double usualMm = 10.0; ///< of a slab that has no thickness yet
constexpr std::array modes{SlabMode::None, SlabMode::Mip, SlabMode::MinIp, SlabMode::Mean};

const ViewportState* activePlane(const ViewerController& controller) {
    const ViewportState* active = controller.viewport(controller.state().active);
    return active && isCut(active->content) ? active : nullptr;
}

Slab withMode(Slab slab, SlabMode mode) {
    slab.mode = mode;
    if (mode != SlabMode::None && slab.thicknessMm <= 0.0)
        slab.thicknessMm = usualMm;
    return slab;
}

} // namespace

Slab steppedSlab(Slab slab, int direction) {
    if (slab.mode == SlabMode::None)
        return direction > 0 ? Slab{firstSlabMode, slab.thicknessMm > 0.0 ? slab.thicknessMm : 1.0} : slab;
    const double now = slab.thicknessMm;
    const double step = now + direction * 0.5 < 10.0 ? 1.0 : now + direction * 0.5 < 30.0 ? 2.0 : 5.0;
    const double notch = direction > 0 ? std::floor(now / step + 1e-6) : std::ceil(now / step - 1e-6);
    slab.thicknessMm = std::max(0.0, (notch + direction) * step);
    if (slab.thicknessMm <= 0.0)
        slab.mode = SlabMode::None;
    return slab;
}

bool runMprKey(ViewerController& controller, int key, bool isShifted) {
    const ViewportState* plane = activePlane(controller);
    if (!plane)
        return false;
    const int active = controller.state().active;
    if (key == Qt::Key_M && isShifted) {
        controller.straightenCrosshair(active);
        return true;
    }
    if (key == Qt::Key_Plus || (key == Qt::Key_Equal && !isShifted)) {
        controller.setSlab(active, steppedSlab(plane->slab, 1));
        return true;
    }
    if (key == Qt::Key_Q && isShifted) {
        controller.setTool(ViewerTool::CurvedPath);
        return true;
    }
    if (!isShifted && controller.state().tool == ViewerTool::CurvedPath && controller.drawnPath(plane->stack)) {
        if (key == Qt::Key_Return || key == Qt::Key_Enter)
            return controller.finishPath(active);
        if (key == Qt::Key_Backspace || key == Qt::Key_Delete) {
            controller.dropPathPoint(active);
            return true;
        }
        if (key == Qt::Key_Escape) {
            controller.clearPath(active);
            return true;
        }
    }
    if (key == Qt::Key_Minus && !isShifted) {
        controller.setSlab(active, steppedSlab(plane->slab, -1));
        return true;
    }
    if (key == Qt::Key_B && isShifted) {
        const auto at = std::find(modes.begin(), modes.end(), plane->slab.mode);
        const auto next = at == modes.end() || at + 1 == modes.end() ? modes.begin() : at + 1;
        controller.setSlab(active, withMode(plane->slab, *next));
        return true;
    }
    return false;
}

void fillMprMenu(QMenu& menu, ViewerController& controller) {
    const ViewportState* plane = activePlane(controller);
    const auto add = [&](const char* objectName, const QString& text, bool isOn, auto act) {
        QAction* action = menu.addAction(text);
        action->setObjectName(QLatin1String(objectName));
        action->setCheckable(true);
        action->setChecked(isOn);
        action->setEnabled(plane != nullptr);
        QObject::connect(action, &QAction::triggered, &controller, [&controller, act] {
            if (const ViewportState* now = activePlane(controller))
                act(controller.state().active, *now);
        });
    };
    constexpr std::array names{"mprSlabNone", "mprSlabMip", "mprSlabMinIp", "mprSlabMean"};
    for (size_t i = 0; i < modes.size(); ++i)
        add(names[i], modes[i] == SlabMode::None ? Text::tr("Thin plane\tShift+B") : viewer_text::slab(modes[i]),
            plane && (plane->slab.isThick() ? plane->slab.mode : SlabMode::None) == modes[i],
            [&controller, mode = modes[i]](int active, const ViewportState& now) {
                controller.setSlab(active, withMode(now.slab, mode));
            });
    menu.addSeparator();
    for (const double mm : {3.0, 5.0, 10.0, 20.0, 40.0}) {
        const QByteArray name = QByteArray("mprThick") + QByteArray::number(mm);
        add(name.constData(), Text::tr("%1 mm thick").arg(mm),
            plane && plane->slab.isThick() && std::abs(plane->slab.thicknessMm - mm) < 0.05,
            [&controller, mm](int active, const ViewportState& now) {
                controller.setSlab(active, {now.slab.mode == SlabMode::None ? firstSlabMode : now.slab.mode, mm});
            });
    }
    menu.addSeparator();
    const MprFrame* frame = plane ? controller.mprFrame(plane->stack) : nullptr;
    add("mprStraight", Text::tr("Straight planes again\tShift+M"), frame && !isOblique(*frame),
        [&controller](int active, const ViewportState&) { controller.straightenCrosshair(active); });
    menu.addSeparator();
    const DrawnPath* path = plane ? controller.drawnPath(plane->stack) : nullptr;
    add("mprPath", Text::tr("Draw a path for curved MPR\tShift+Q"), controller.state().tool == ViewerTool::CurvedPath,
        [&controller](int, const ViewportState&) { controller.setTool(ViewerTool::CurvedPath); });
    if (!path)
        return;
    add("mprPathShow", Text::tr("Show the picture along the path\tEnter"), false,
        [&controller](int active, const ViewportState&) { (void)controller.finishPath(active); });
    add("mprPathDelete", Text::tr("Delete the path"), false,
        [&controller](int active, const ViewportState&) { controller.clearPath(active); });
}

} // namespace yz
