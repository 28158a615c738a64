#include "viewer_ui/scene_menus.h"

#include "viewer_ui/fusion_text.h"
#include "viewer_ui/viewer_text.h"

#include <QGridLayout>
#include <QLabel>
#include <QSlider>
#include <QWidgetAction>
#include <cmath>

namespace yz {

namespace {

constexpr int sliderSteps = 100;

QString titleOf(const LoadedSeries& series, int stack) {
    QString title = series.record.modality;
    if (series.record.seriesNumber > 0)
        title += QStringLiteral("  %1").arg(series.record.seriesNumber);
    if (!series.record.description.isEmpty())
        title += QStringLiteral("  ") + series.record.description;
    if (series.stacks.size() > 1)
        title += QStringLiteral("  ") + viewer_text::splits(series.stacks[static_cast<size_t>(stack)]);
    return title;
}

} // namespace

FusionMenu::FusionMenu(ViewerController& controller, QWidget* parent) : QMenu(parent), m_controller(controller) {
    setToolTipsVisible(true);
    connect(this, &QMenu::aboutToShow, this, &FusionMenu::fill);
}

void FusionMenu::fill() {
    clear();
    const int active = m_controller.state().active;
    const ViewportState* own = m_controller.viewport(active);
    const bool isFused = own && own->fusion;
    QAction* none = addAction(tr("No fusion") + QStringLiteral("\tShift+O"));
    none->setObjectName(QStringLiteral("fusionOff"));
    none->setCheckable(true);
    none->setChecked(!isFused);
    connect(none, &QAction::triggered, this, [this, active] { m_controller.clearFusion(active); });
    for (const FusionCandidate& candidate : m_controller.fusionCandidates(active)) {
        const LoadedSeries* series = m_controller.studies().series(candidate.key.series);
        if (!series || candidate.obstacle == FusionObstacle::SameSeries)
            continue;
        const bool isPossible = candidate.obstacle == FusionObstacle::None;
        QString text = titleOf(*series, candidate.key.stack);
        if (!isPossible)
            text += QStringLiteral("  (%1)").arg(fusion_text::obstacle(candidate.obstacle));
        QAction* action = addAction(text.replace(u'&', QStringLiteral("&&")));
        action->setObjectName(
            QStringLiteral("fusion-%1-%2").arg(candidate.key.series.value()).arg(candidate.key.stack));
        action->setEnabled(isPossible);
        action->setCheckable(true);
        action->setChecked(isFused && own->fusion->overlay == candidate.key);
        connect(action, &QAction::triggered, this,
                [this, active, key = candidate.key] { m_controller.setFusion(active, key); });
    }
    addSeparator();
    for (const ColourPalette& palette : m_controller.displayCatalog().palettes()) {
        QAction* action = addAction(fusion_text::palette(palette));
        action->setObjectName(QStringLiteral("palette-") + palette.id);
        action->setEnabled(isFused);
        action->setCheckable(true);
        action->setChecked(isFused && own->fusion->palette == palette.id);
        connect(action, &QAction::triggered, this,
                [this, active, id = palette.id] { m_controller.setFusionPalette(active, id); });
    }
    addSeparator();
    for (const int percent : {20, 40, 50, 60, 80, 100}) {
        QAction* action = addAction(tr("Opacity %1 %").arg(percent));
        action->setObjectName(QStringLiteral("fusionOpacity%1").arg(percent));
        action->setEnabled(isFused);
        action->setCheckable(true);
        action->setChecked(isFused && std::abs(own->fusion->opacity * 100.0 - percent) < 0.5);
        connect(action, &QAction::triggered, this,
                [this, active, percent] { m_controller.setFusionOpacity(active, percent / 100.0); });
    }
    addSeparator();
    QAction* hint =
        addAction(tr("Shift and right button: window of the overlay; Ctrl+Shift and wheel: opacity; Shift+P: palette"));
    hint->setEnabled(false);
}

VolumeMenu::VolumeMenu(ViewerController& controller, QWidget* parent) : QMenu(parent), m_controller(controller) {
    connect(this, &QMenu::aboutToShow, this, &VolumeMenu::fill);
}

void VolumeMenu::fill() {
    clear();
    const int active = m_controller.state().active;
    const ViewportState* own = m_controller.viewport(active);
    const bool isVolume = own && own->content == ViewportState::Content::Volume;
    const Stack* stack = own ? m_controller.studies().stack(own->stack) : nullptr;
    const Status possible = stack ? canFormVolume(*stack) : Status(fail(ErrorCode::NotFound));
    if (stack && !possible)
        addAction(tr("No volume: %1").arg(viewer_text::mprRefusal(stack, possible.error())))->setEnabled(false);
    const auto addKind = [&](const char* name, const QString& text, bool isOn, auto act) {
        QAction* action = addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setCheckable(true);
        action->setChecked(isOn);
        action->setEnabled(possible.has_value());
        connect(action, &QAction::triggered, this, act);
    };
    addKind("volumeOff", tr("Images"), !isVolume, [this, active] { m_controller.leaveVolume(active); });
    addKind("volumeRendered", tr("Volume rendering") + QStringLiteral("\tShift+R"), isVolume && !own->volume.isMip,
            [this, active] { m_controller.showVolume(active, false); });
    addKind("volumeMip", tr("Rotating MIP") + QStringLiteral("\tShift+I"), isVolume && own->volume.isMip,
            [this, active] { m_controller.showVolume(active, true); });
    if (!isVolume)
        return;
    addSeparator();
    if (!own->volume.isMip) {
        int number = 1;
        for (const VolumePreset& preset : m_controller.displayCatalog().renderings()) {
            QAction* action = addAction(QStringLiteral("&%1  ").arg(number++) + fusion_text::rendering(preset));
            action->setObjectName(QStringLiteral("rendering-") + preset.id);
            action->setCheckable(true);
            action->setChecked(own->volume.rendering == preset.id);
            connect(action, &QAction::triggered, this,
                    [this, active, id = preset.id] { m_controller.setRendering(active, id); });
        }
        addSeparator();
    }
    for (const VolumeSide side : {VolumeSide::Front, VolumeSide::Back, VolumeSide::Left, VolumeSide::Right,
                                  VolumeSide::Head, VolumeSide::Feet}) {
        QAction* action = addAction(fusion_text::side(side));
        action->setObjectName(QStringLiteral("volumeSide%1").arg(static_cast<int>(side)));
        connect(action, &QAction::triggered, this, [this, active, side] { m_controller.faceVolume(active, side); });
    }
    if (!own->volume.isMip)
        addBox(own->volume);
}

void VolumeMenu::addBox(const VolumeView& view) {
    addSeparator();
    auto* panel = new QWidget(this);
    auto* grid = new QGridLayout(panel);
    grid->setContentsMargins(12, 4, 12, 4);
    grid->addWidget(new QLabel(tr("Cut away"), panel), 0, 0, 1, 2);
    const QString names[] = {tr("From the right"), tr("From the left"), tr("From the front"),
                             tr("From the back"),  tr("From the feet"), tr("From the head")};
    for (int i = 0; i < 6; ++i) {
        const auto side = static_cast<size_t>(i);
        auto* slider = new QSlider(Qt::Horizontal, panel);
        slider->setObjectName(QStringLiteral("volumeBox%1").arg(i));
        slider->setAccessibleName(names[i]);
        slider->setRange(0, sliderSteps);
        slider->setMinimumWidth(160);
        const bool isHigh = i % 2 == 1;
        const double kept = view.box[side];
        slider->setValue(static_cast<int>(std::lround((isHigh ? 1.0 - kept : kept) * sliderSteps)));
        connect(slider, &QSlider::valueChanged, this, [this, side, isHigh](int value) {
            const int active = m_controller.state().active;
            const ViewportState* own = m_controller.viewport(active);
            if (!own || own->content != ViewportState::Content::Volume)
                return;
            std::array<double, 6> box = own->volume.box;
            box[side] =
                isHigh ? 1.0 - static_cast<double>(value) / sliderSteps : static_cast<double>(value) / sliderSteps;
            m_controller.clipVolume(active, box);
        });
        grid->addWidget(new QLabel(names[i], panel), i + 1, 0);
        grid->addWidget(slider, i + 1, 1);
    }
    auto* action = new QWidgetAction(this);
    action->setDefaultWidget(panel);
    addAction(action);
}

} // namespace yz
