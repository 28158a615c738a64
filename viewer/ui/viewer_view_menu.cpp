#include "viewer_ui/viewer_view_menu.h"

#include "viewer_ui/shortcut_table.h"

namespace yz {

ViewerViewMenu::ViewerViewMenu(ViewerController& controller, QWidget* parent)
    : QMenu(parent), m_controller(controller) {
    const std::vector<std::vector<const char*>> groups{
        {"view.fit", "view.pixels", "view.trueSize"},
        {"tool.magnifier", "tool.spacePoint"},
        {"link.here", "link.window", "link.zoom"},
        {"key.mark", "key.next", "key.previous"},
    };
    const std::vector<ViewerAction> actions = viewerActions();
    for (const auto& group : groups) {
        for (const char* id : group)
            for (const ViewerAction& action : actions)
                if (action.id == QLatin1String(id))
                    add(action.id, action.text, action.key);
        if (group.front() == QLatin1String("link.here")) {
            QAction* forget = addAction(tr("Forget links made by hand"));
            forget->setObjectName(QStringLiteral("view-link.forget"));
            connect(forget, &QAction::triggered, &controller, &ViewerController::forgetHandLinks);
            m_entries.emplace_back(QStringLiteral("link.forget"), forget);
        }
        addSeparator();
    }
    QAction* ruler = addAction(tr("Measure this screen…"));
    ruler->setObjectName(QStringLiteral("viewRuler"));
    connect(ruler, &QAction::triggered, this, &ViewerViewMenu::rulerRequested);
    QAction* screens = addAction(tr("Screens…"));
    screens->setObjectName(QStringLiteral("viewScreens"));
    connect(screens, &QAction::triggered, this, &ViewerViewMenu::screensRequested);
    QAction* keys = addAction(QString(tr("Keys…") + QStringLiteral("\tF1")));
    keys->setObjectName(QStringLiteral("viewKeys"));
    connect(keys, &QAction::triggered, this, &ViewerViewMenu::shortcutsRequested);
    connect(this, &QMenu::aboutToShow, this, &ViewerViewMenu::refresh);
}

void ViewerViewMenu::add(const QString& actionId, const QString& text, const QString& key) {
    QAction* action = addAction(QString(text + u'\t' + key));
    action->setObjectName(QStringLiteral("view-") + actionId);
    action->setData(text);
    connect(action, &QAction::triggered, this, [this, actionId] { Q_EMIT actionRequested(actionId); });
    m_entries.emplace_back(actionId, action);
}

void ViewerViewMenu::setShortcuts(const ShortcutTable& table) {
    for (const auto& [id, action] : m_entries)
        if (action->data().isValid()) {
            const QString key = table.key(id).toString(QKeySequence::NativeText);
            action->setText(key.isEmpty() ? action->data().toString()
                                          : QString(action->data().toString() + u'\t' + key));
        }
}

void ViewerViewMenu::refresh() {
    const ViewerState& state = m_controller.state();
    const ViewportState* viewport = m_controller.viewport(state.active);
    const auto size = viewport ? viewport->view.size : ViewAdjustment::Size::Fit;
    const ShownFrame shown = m_controller.shown(state.active);
    for (const auto& [id, action] : m_entries) {
        const auto check = [action = action](bool isOn) {
            action->setCheckable(true);
            action->setChecked(isOn);
        };
        if (id == u"view.fit")
            check(size == ViewAdjustment::Size::Fit);
        else if (id == u"view.pixels")
            check(size == ViewAdjustment::Size::Pixels);
        else if (id == u"view.trueSize")
            check(size == ViewAdjustment::Size::TrueSize);
        else if (id == u"tool.magnifier")
            check(state.tool == ViewerTool::Magnifier);
        else if (id == u"tool.spacePoint")
            check(state.tool == ViewerTool::SpacePoint);
        else if (id == u"link.window")
            check(state.windowLinked);
        else if (id == u"link.zoom")
            check(state.zoomLinked);
        else if (id == u"link.forget")
            action->setEnabled(m_controller.hasHandLinks());
        else if (id == u"key.mark")
            check(shown.image && m_controller.keyImages().isMarked(shown.image->instance, shown.frame));
    }
}

} // namespace yz
