#include "viewer_ui/viewer_tool_bar.h"

#include "uikit/icon.h"
#include "viewer_ui/hanging_text.h"
#include "viewer_ui/mpr_tools.h"
#include "viewer_ui/scene_menus.h"
#include "viewer_ui/shortcut_table.h"
#include "viewer_ui/viewer_text.h"
#include "viewer_ui/viewer_view_menu.h"

#include <QAction>
#include <QMenu>
#include <QToolButton>

namespace yz {

namespace {

constexpr int kTextMargin = 16; // what a text beside an icon takes beyond its letters

} // namespace

ViewerToolBar::ViewerToolBar(ViewerController& controller, QWidget* parent)
    : QToolBar(parent), m_controller(controller) {
    setObjectName(QStringLiteral("viewerToolBar"));
    setMovable(false);
    setFloatable(false);
    setIconSize(QSize(18, 18));
    setToolButtonStyle(Qt::ToolButtonIconOnly);
    const auto active = [this] { return m_controller.state().active; };

    addTool(ViewerTool::Window, QStringLiteral("toolWindow"), QStringLiteral("window"), QStringLiteral("W"));
    addTool(ViewerTool::Scroll, QStringLiteral("toolScroll"), QStringLiteral("scroll"), QStringLiteral("S"));
    addTool(ViewerTool::Zoom, QStringLiteral("toolZoom"), QStringLiteral("zoom"), QStringLiteral("Z"));
    addTool(ViewerTool::Pan, QStringLiteral("toolPan"), QStringLiteral("pan"), QStringLiteral("H"));
    addTool(ViewerTool::Crosshair, QStringLiteral("toolCrosshair"), QStringLiteral("crosshair"), QStringLiteral("C"));
    addSeparator();
    addTool(ViewerTool::Length, QStringLiteral("toolLength"), QStringLiteral("length"), QStringLiteral("L"));
    addTool(ViewerTool::Angle, QStringLiteral("toolAngle"), QStringLiteral("angle"), QStringLiteral("A"));
    addTool(ViewerTool::Rectangle, QStringLiteral("toolRectangle"), QStringLiteral("rectangle"), QStringLiteral("R"));
    addTool(ViewerTool::Ellipse, QStringLiteral("toolEllipse"), QStringLiteral("ellipse"), QStringLiteral("E"));
    addTool(ViewerTool::Probe, QStringLiteral("toolProbe"), QStringLiteral("probe"), QStringLiteral("P"));
    addTool(ViewerTool::Arrow, QStringLiteral("toolArrow"), QStringLiteral("arrow"), QStringLiteral("D"));
    auto* measure = new QMenu(this);
    m_measure = addMenu(QStringLiteral("menuMeasure"), QStringLiteral("measure"), tr("Measure"),
                        tr("More measuring tools, list of measurements (J)"), measure);
    fillMeasure(measure);
    m_undo = add(QStringLiteral("buttonUndo"), QStringLiteral("undo"), tr("Undo measurement"), QStringLiteral("Ctrl+Z"),
                 [this] { m_controller.measurements().undo(); });
    m_redo = add(QStringLiteral("buttonRedo"), QStringLiteral("redo"), tr("Redo measurement"), QStringLiteral("Ctrl+Y"),
                 [this] { m_controller.measurements().redo(); });
    addSeparator();

    m_viewMenu = new ViewerViewMenu(controller, this);
    connect(m_viewMenu, &ViewerViewMenu::actionRequested, this, &ViewerToolBar::actionRequested);
    connect(m_viewMenu, &ViewerViewMenu::rulerRequested, this, &ViewerToolBar::rulerRequested);
    connect(m_viewMenu, &ViewerViewMenu::screensRequested, this, &ViewerToolBar::screensRequested);
    connect(m_viewMenu, &ViewerViewMenu::shortcutsRequested, this, &ViewerToolBar::shortcutsRequested);
    addMenu(QStringLiteral("menuView"), QStringLiteral("eye"), tr("View"),
            tr("Sizes, magnifier, links, key images, keys"), m_viewMenu);
    auto* presets = new QMenu(this);
    connect(presets, &QMenu::aboutToShow, this, [this, presets] { fillPresets(presets); });
    addMenu(QStringLiteral("menuPresets"), QStringLiteral("window"), tr("Presets"), tr("Window presets (1-9)"), presets);
    auto* presentations = new QMenu(this);
    connect(presentations, &QMenu::aboutToShow, this, [this, presentations] { fillPresentations(presentations); });
    addMenu(QStringLiteral("menuPresentation"), QStringLiteral("image"), tr("State"),
            tr("Presentation states of the image (G)"), presentations);
    auto* layouts = new QMenu(this);
    fillLayouts(layouts);
    addMenu(QStringLiteral("menuLayout"), QStringLiteral("layout"), tr("Layout"), tr("Rows and columns of viewports"),
            layouts);
    auto* protocols = new QMenu(this);
    connect(protocols, &QMenu::aboutToShow, this, [this, protocols] { fillProtocols(protocols); });
    addMenu(QStringLiteral("menuProtocol"), QStringLiteral("template"), tr("Protocol"), tr("Hanging protocol"),
            protocols);
    m_previousStage = add(QStringLiteral("buttonPreviousStage"), QStringLiteral("back"), tr("Previous stage"),
                          QStringLiteral("["), [this] { m_controller.nextStage(-1); });
    m_nextStage = add(QStringLiteral("buttonNextStage"), QStringLiteral("next"), tr("Next stage"), QStringLiteral("]"),
                      [this] { m_controller.nextStage(1); });
    addSeparator();

    m_mpr = add(QStringLiteral("buttonMpr"), QStringLiteral("mpr"), tr("Linked MPR"), QStringLiteral("M"),
                [this] { m_controller.toggleMpr(); });
    auto* planes = new QMenu(this);
    connect(planes, &QMenu::aboutToShow, this, [this, planes] {
        planes->clear();
        fillMprMenu(*planes, m_controller);
    });
    m_planes = addMenu(QStringLiteral("menuMpr"), QStringLiteral("slab"), tr("Slab"),
                       tr("Thick slab (Shift+B, + and -), straight planes (Shift+M)"), planes);
    addMenu(QStringLiteral("menuFusion"), QStringLiteral("fusion"), tr("Fusion"),
            tr("Another series of the same frame of reference over this one (Shift+O)"),
            new FusionMenu(controller, this));
    addMenu(QStringLiteral("menuVolume"), QStringLiteral("volume"), tr("3D"),
            tr("The series as a volume: rendered (Shift+R), rotating MIP (Shift+I)"), new VolumeMenu(controller, this));
    m_link = add(QStringLiteral("buttonLink"), QStringLiteral("link"), tr("Link scrolling"), QStringLiteral("Y"),
                 [this] { m_controller.setLinked(!m_controller.state().linked); });
    m_cine = add(QStringLiteral("buttonCine"), QStringLiteral("cine"), tr("Cine"), tr("Space"),
                 [this] { m_controller.toggleCine(); });
    m_referenceLines = add(QStringLiteral("buttonReferenceLines"), QStringLiteral("reference-lines"),
                           tr("Reference lines"), QStringLiteral("X"),
                           [this] { m_controller.setReferenceLinesShown(!m_controller.state().referenceLinesShown); });
    for (QAction* action : {m_mpr, m_link, m_cine, m_referenceLines})
        action->setCheckable(true);
    addSeparator();

    add(QStringLiteral("buttonRotate"), QStringLiteral("rotate"), tr("Turn clockwise"), QStringLiteral("."),
        [this, active] { m_controller.rotate(active(), 1); });
    add(QStringLiteral("buttonMirror"), QStringLiteral("mirror"), tr("Mirror left and right"), QStringLiteral(","),
        [this, active] { m_controller.mirror(active()); });
    add(QStringLiteral("buttonInvert"), QStringLiteral("invert"), tr("Invert"), QStringLiteral("I"),
        [this, active] { m_controller.invert(active()); });
    add(QStringLiteral("buttonFit"), QStringLiteral("fit"), tr("Fit"), QStringLiteral("F"),
        [this, active] { m_controller.fit(active()); });
    add(QStringLiteral("buttonReset"), QStringLiteral("reset"), tr("Reset view and window"), QStringLiteral("0"),
        [this, active] { m_controller.reset(active()); });
    m_annotations =
        add(QStringLiteral("buttonAnnotations"), QStringLiteral("text"), tr("Texts and measurements"),
            QStringLiteral("T"), [this] { m_controller.setAnnotationsShown(!m_controller.state().annotationsShown); });
    m_annotations->setCheckable(true);
    m_overlays =
        add(QStringLiteral("buttonOverlays"), QStringLiteral("layers"), tr("Overlays of the images"),
            QStringLiteral("O"), [this] { m_controller.setOverlaysShown(!m_controller.state().overlaysShown); });
    m_overlays->setCheckable(true);
    addSeparator();
    add(QStringLiteral("buttonKeyImage"), QStringLiteral("key-image"), tr("Key image into the report"),
        QStringLiteral("K"), [this] { Q_EMIT keyImageRequested(); });

    // Qt's own arrow is black on this desk.
    if (auto* more = findChild<QToolButton*>(QStringLiteral("qt_toolbar_ext_button"))) {
        more->setIcon(icon(QStringLiteral("down")));
        more->setIconSize(QSize(12, 12)); // it is as narrow as that
        more->setStyleSheet(QStringLiteral("padding: 0px; margin: 0px;"));
        more->setToolTip(tr("More"));
    }

    connect(&controller, &ViewerController::stateChanged, this, &ViewerToolBar::refresh);
    connect(&controller, &ViewerController::layoutChanged, this, &ViewerToolBar::refresh);
    connect(&controller, &ViewerController::seriesChanged, this, &ViewerToolBar::refresh);
    connect(&controller.measurements(), &MeasurementList::changed, this, &ViewerToolBar::refresh);
    refresh();
}

QAction* ViewerToolBar::add(const QString& objectName, const QString& iconName, const QString& text, const QString& key,
                            std::function<void()> act) {
    QAction* action = addAction(icon(iconName), text);
    action->setToolTip(key.isEmpty() ? text : tr("%1 (%2)").arg(text, key));
    action->setProperty("shippedKey", objectName == QLatin1String("buttonCine") ? QStringLiteral("Space") : key);
    connect(action, &QAction::triggered, this, [this, act = std::move(act)] {
        act();
        refresh(); // a checkable action has flipped itself; the state decides
    });
    if (QWidget* button = widgetForAction(action)) {
        button->setObjectName(objectName);
        button->setAccessibleName(text);
        button->setFocusPolicy(Qt::NoFocus);
    }
    return action;
}

QAction* ViewerToolBar::addTool(ViewerTool tool, const QString& objectName, const QString& iconName,
                                const QString& key) {
    QAction* action =
        add(objectName, iconName, viewer_text::tool(tool), key, [this, tool] { m_controller.setTool(tool); });
    action->setCheckable(true);
    m_tools.emplace_back(tool, action);
    return action;
}

QToolButton* ViewerToolBar::addMenu(const QString& objectName, const QString& iconName, const QString& text,
                                    const QString& tip, QMenu* menu) {
    auto* button = new QToolButton(this);
    button->setObjectName(objectName);
    button->setAccessibleName(text);
    button->setToolTip(tip);
    button->setText(text);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setIcon(icon(iconName));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::NoFocus);
    button->setMenu(menu);
    menu->setObjectName(objectName + QStringLiteral("Popup"));
    addWidget(button);
    m_menus.push_back(button);
    return button;
}

void ViewerToolBar::resizeEvent(QResizeEvent* event) {
    fitTexts();
    QToolBar::resizeEvent(event);
}

void ViewerToolBar::fitTexts() {
    if (m_menus.empty())
        return;
    const bool isShown = m_menus.front()->toolButtonStyle() == Qt::ToolButtonTextBesideIcon;
    int needed = sizeHint().width();
    if (!isShown)
        for (const QToolButton* menu : m_menus)
            needed += menu->fontMetrics().horizontalAdvance(menu->text()) + kTextMargin;
    if (isShown == (needed <= width()))
        return;
    for (QToolButton* menu : m_menus)
        menu->setToolButtonStyle(isShown ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
}

QStringList ViewerToolBar::presetsFor(const ViewerController& controller) {
    const ViewportState* viewport = controller.viewport(controller.state().active);
    const LoadedSeries* series = viewport ? controller.studies().series(viewport->stack.series) : nullptr;
    QStringList ids{QStringLiteral("default")};
    if (series)
        for (const WindowPreset& preset : windowPresets())
            if (preset.modality == series->record.modality)
                ids << preset.id;
    return ids;
}

void ViewerToolBar::fillPresets(QMenu* menu) {
    menu->clear();
    int number = 1;
    for (const QString& id : presetsFor(m_controller)) {
        QString text = viewer_text::preset(id);
        for (const WindowPreset& preset : windowPresets())
            if (preset.id == id)
                text += QStringLiteral("   %1 / %2").arg(preset.window.center).arg(preset.window.width);
        if (number <= 9)
            text = QStringLiteral("&%1  ").arg(number++) + text;
        QAction* action = menu->addAction(text);
        action->setObjectName(QStringLiteral("preset-") + id);
        connect(action, &QAction::triggered, this,
                [this, id] { m_controller.applyPreset(m_controller.state().active, id); });
    }
}

void ViewerToolBar::fillLayouts(QMenu* menu) {
    for (const auto& [rows, columns] : {std::pair{1, 1}, {1, 2}, {1, 3}, {2, 1}, {2, 2}, {2, 3}, {3, 3}}) {
        QAction* action = menu->addAction(QStringLiteral("%1 × %2").arg(rows).arg(columns));
        action->setObjectName(QStringLiteral("layout%1x%2").arg(rows).arg(columns));
        connect(action, &QAction::triggered, this, [this, r = rows, c = columns] { m_controller.setLayout(r, c); });
    }
    menu->addSeparator();
    QAction* maximize = menu->addAction(tr("This viewport alone"));
    maximize->setObjectName(QStringLiteral("layoutMaximize"));
    connect(maximize, &QAction::triggered, this, &ViewerToolBar::maximizeRequested);
}

void ViewerToolBar::fillMeasure(QMenu* menu) {
    struct Entry {
        ViewerTool tool;
        const char *objectName, *icon, *key;
    };
    for (const Entry& entry : {Entry{ViewerTool::CobbAngle, "toolCobb", "cobb", "Shift+A"},
                               {ViewerTool::CardiothoracicRatio, "toolCardiothoracic", "cardiothoracic", "Shift+C"},
                               {ViewerTool::Bidirectional, "toolBidirectional", "bidirectional", "Shift+L"},
                               {ViewerTool::Freehand, "toolFreehand", "freehand", "Shift+E"},
                               {ViewerTool::VolumeContour, "toolVolume", "volume", "Shift+V"},
                               {ViewerTool::Text, "toolText", "text", "Shift+D"}}) {
        QAction* action = menu->addAction(icon(QLatin1String(entry.icon)),
                                          QString(viewer_text::tool(entry.tool) + u'\t' + QLatin1String(entry.key)));
        action->setObjectName(QLatin1String(entry.objectName));
        action->setCheckable(true);
        connect(action, &QAction::triggered, this, [this, tool = entry.tool] {
            m_controller.setTool(tool);
            refresh();
        });
        m_tools.emplace_back(entry.tool, action);
    }
    menu->addSeparator();
    const auto addEntry = [&](const char* objectName, const char* iconName, const QString& text, auto signal) {
        QAction* action = menu->addAction(icon(QLatin1String(iconName)), text);
        action->setObjectName(QLatin1String(objectName));
        connect(action, &QAction::triggered, this, signal);
    };
    addEntry("measurementList", "worklist", QString(tr("List of measurements") + QStringLiteral("\tJ")),
             [this] { Q_EMIT measurementListRequested(); });
    addEntry("measurementNext", "next", QString(tr("Next measurement") + QStringLiteral("\tU")),
             [this] { Q_EMIT measurementNeighbourRequested(1); });
    addEntry("measurementPrevious", "back", QString(tr("Previous measurement") + QStringLiteral("\tShift+U")),
             [this] { Q_EMIT measurementNeighbourRequested(-1); });
    addEntry("measurementCite", "report", QString(tr("Selected measurement into the report") + QStringLiteral("\tQ")),
             [this] { Q_EMIT measurementCiteRequested(); });
}

void ViewerToolBar::fillProtocols(QMenu* menu) {
    menu->clear();
    for (const HangingScore& score : m_controller.rankedProtocols()) {
        QAction* action = menu->addAction(score.protocol->name);
        action->setObjectName(QStringLiteral("protocol-") + score.protocol->id);
        action->setCheckable(true);
        action->setChecked(score.protocol->id == m_controller.state().protocolId);
        action->setToolTip(hanging_text::reasons(score).join(u'\n'));
        connect(action, &QAction::triggered, this, [this, id = score.protocol->id] { m_controller.applyProtocol(id); });
    }
    menu->setToolTipsVisible(true);
    if (menu->isEmpty())
        menu->addAction(tr("No hanging protocols"))->setEnabled(false);
    menu->addSeparator();
    for (const bool fromScreen : {true, false}) {
        QAction* action = menu->addAction(fromScreen ? tr("Save this screen as a protocol…") : tr("Edit protocols…"));
        action->setObjectName(fromScreen ? QStringLiteral("protocolNew") : QStringLiteral("protocolEdit"));
        connect(action, &QAction::triggered, this, [this, fromScreen] { Q_EMIT protocolEditorRequested(fromScreen); });
    }
}

void ViewerToolBar::fillPresentations(QMenu* menu) {
    menu->clear();
    const int active = m_controller.state().active;
    const ViewportState* viewport = m_controller.viewport(active);
    const InstanceUid current = viewport ? viewport->presentation : InstanceUid();
    const auto addState = [&](const QString& text, const InstanceUid& uid) {
        QAction* action = menu->addAction(text);
        action->setObjectName(QStringLiteral("presentation-") + uid.value());
        action->setCheckable(true);
        action->setChecked(uid == current);
        connect(action, &QAction::triggered, this, [this, active, uid] { m_controller.setPresentation(active, uid); });
    };
    addState(tr("As sent, no state"), InstanceUid());
    const std::vector<PresentationStatePtr> states = m_controller.presentationsOf(active);
    for (const PresentationStatePtr& state : states)
        addState(state->description.isEmpty() ? state->label
                                              : QString(state->label + QStringLiteral("   ") + state->description),
                 state->instance);
    if (states.empty())
        menu->addAction(tr("No presentation state for this image"))->setEnabled(false);
    menu->addSeparator();
    QAction* save = menu->addAction(tr("Save this display as a state…"));
    save->setObjectName(QStringLiteral("presentationSave"));
    connect(save, &QAction::triggered, this, [this] { Q_EMIT actionRequested(QStringLiteral("state.save")); });
    QAction* saveKeys = menu->addAction(
        tr("Save %n marked key image(s)", nullptr, static_cast<int>(m_controller.keyImages().marks().size())));
    saveKeys->setObjectName(QStringLiteral("keyImagesSave"));
    saveKeys->setEnabled(m_controller.keyImages().hasUnsaved() && !m_controller.keyImages().marks().empty());
    connect(saveKeys, &QAction::triggered, this, &ViewerToolBar::keyImagesSaveRequested);
}

void ViewerToolBar::setShortcuts(const ShortcutTable& table) {
    m_viewMenu->setShortcuts(table);
    const std::vector<ViewerAction> known = viewerActions();
    const auto keyFor = [&](const QString& shipped) {
        for (const ViewerAction& action : known)
            if (action.key == shipped)
                return table.key(action.id).toString(QKeySequence::NativeText);
        return shipped;
    };
    for (QAction* action : actions()) {
        const QString shipped = action->property("shippedKey").toString();
        if (shipped.isEmpty())
            continue;
        const QString key = keyFor(shipped);
        action->setToolTip(key.isEmpty() ? action->text() : tr("%1 (%2)").arg(action->text(), key));
    }
    for (QAction* action : m_measure->menu()->actions()) {
        if (!action->property("shippedKey").isValid())
            action->setProperty("shippedKey", action->text().section(u'\t', 1));
        const QString shipped = action->property("shippedKey").toString();
        if (shipped.isEmpty())
            continue;
        const QString key = keyFor(shipped), text = action->text().section(u'\t', 0, 0);
        action->setText(key.isEmpty() ? text : QString(text + u'\t' + key));
    }
}

void ViewerToolBar::refresh() {
    const ViewerState& state = m_controller.state();
    for (const auto& [tool, action] : m_tools)
        action->setChecked(tool == state.tool);
    m_link->setChecked(state.linked);
    m_cine->setChecked(state.cine);
    m_mpr->setChecked(state.mpr);
    m_referenceLines->setChecked(state.referenceLinesShown);
    m_annotations->setChecked(state.annotationsShown);
    m_overlays->setChecked(state.overlaysShown);
    m_undo->setEnabled(m_controller.measurements().canUndo());
    m_redo->setEnabled(m_controller.measurements().canRedo());
    bool isInMenu = false; // a tool of the menu is on: its picture stands in the bar
    for (const auto& [tool, action] : m_tools)
        if (tool == state.tool && m_measure->menu()->actions().contains(action)) {
            m_measure->setIcon(action->icon());
            m_measure->setText(viewer_text::tool(tool));
            isInMenu = true;
        }
    if (!isInMenu) {
        m_measure->setIcon(icon(QStringLiteral("measure")));
        m_measure->setText(tr("Measure"));
    }
    m_measure->setDown(isInMenu);
    fitTexts();
    const Status possible = m_controller.mprPossible(state.active);
    m_mpr->setEnabled(state.mpr || possible);
    const ViewportState* viewport = m_controller.viewport(state.active);
    m_planes->setEnabled(viewport && isCut(viewport->content));
    const Stack* stack = viewport ? m_controller.studies().stack(viewport->stack) : nullptr;
    m_mpr->setToolTip(possible || !stack ? tr("Linked MPR (M)")
                                         : tr("No MPR: %1").arg(viewer_text::mprRefusal(stack, possible.error())));
    const HangingProtocol* protocol = m_controller.currentProtocol();
    const int stages = protocol ? static_cast<int>(protocol->stages.size()) : 0;
    for (QAction* action : {m_previousStage, m_nextStage})
        action->setEnabled(stages > 1);
    if (stages > 1)
        m_nextStage->setToolTip(
            tr("Next stage (]): now %1 of %2, %3")
                .arg(QString::number(state.stage + 1), QString::number(stages),
                     protocol->stages[static_cast<size_t>(std::min(state.stage, stages - 1))].name));
}

} // namespace yz
