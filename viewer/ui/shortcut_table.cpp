#include "viewer_ui/shortcut_table.h"

#include "viewer_ui/viewer_text.h"

#include <QCoreApplication>
#include <algorithm>
#include <utility>

namespace yz {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ShortcutTable)
};

QHash<QString, QKeySequence> shipped() {
    QHash<QString, QKeySequence> keys;
    for (const ViewerAction& action : viewerActions())
        keys.insert(action.id, QKeySequence(action.key, QKeySequence::PortableText));
    return keys;
}

const QHash<QString, QKeySequence>& shippedKeys() {
    static const QHash<QString, QKeySequence> keys = shipped();
    return keys;
}

} // namespace

std::vector<ViewerAction> viewerActions() {
    std::vector<ViewerAction> actions;
    QString section;
    const auto add = [&](const char* id, const char* key, const QString& text) {
        actions.push_back({QString::fromLatin1(id), QString::fromLatin1(key), text, section, std::nullopt});
    };
    const auto tool = [&](const char* id, const char* key, ViewerTool which) {
        add(id, key, viewer_text::tool(which));
        actions.back().tool = which;
    };

    section = Text::tr("Tools of the left mouse button");
    tool("tool.window", "W", ViewerTool::Window);
    tool("tool.scroll", "S", ViewerTool::Scroll);
    tool("tool.zoom", "Z", ViewerTool::Zoom);
    tool("tool.pan", "H", ViewerTool::Pan);
    tool("tool.crosshair", "C", ViewerTool::Crosshair);
    tool("tool.magnifier", "V", ViewerTool::Magnifier);
    tool("tool.spacePoint", "B", ViewerTool::SpacePoint);

    section = Text::tr("Measuring");
    tool("tool.length", "L", ViewerTool::Length);
    tool("tool.angle", "A", ViewerTool::Angle);
    tool("tool.cobb", "Shift+A", ViewerTool::CobbAngle);
    tool("tool.cardiothoracic", "Shift+C", ViewerTool::CardiothoracicRatio);
    tool("tool.bidirectional", "Shift+L", ViewerTool::Bidirectional);
    tool("tool.rectangle", "R", ViewerTool::Rectangle);
    tool("tool.ellipse", "E", ViewerTool::Ellipse);
    tool("tool.freehand", "Shift+E", ViewerTool::Freehand);
    tool("tool.volume", "Shift+V", ViewerTool::VolumeContour);
    tool("tool.probe", "P", ViewerTool::Probe);
    tool("tool.arrow", "D", ViewerTool::Arrow);
    tool("tool.text", "Shift+D", ViewerTool::Text);
    add("measure.list", "J", Text::tr("List of measurements"));
    add("measure.next", "U", Text::tr("Next measurement"));
    add("measure.previous", "Shift+U", Text::tr("Previous measurement"));
    add("measure.cite", "Q", Text::tr("Selected measurement into the report"));
    add("measure.name", "F7", Text::tr("Name the selected measurement"));
    add("measure.undo", "Ctrl+Z", Text::tr("Undo measurement"));
    add("measure.redo", "Ctrl+Y", Text::tr("Redo measurement"));

    section = Text::tr("Window and display");
    for (int number = 1; number <= 9; ++number)
        actions.push_back({QStringLiteral("preset.%1").arg(number), QString::number(number),
                           Text::tr("Window preset %1").arg(number), section, std::nullopt});
    add("view.invert", "I", Text::tr("Invert"));
    add("view.rotate", ".", Text::tr("Turn clockwise"));
    add("view.mirror", ",", Text::tr("Mirror left and right"));
    add("view.fit", "F", Text::tr("Fit"));
    add("view.pixels", "Shift+F", Text::tr("One screen pixel for one pixel"));
    add("view.trueSize", "Shift+S", Text::tr("True size"));
    add("view.reset", "0", Text::tr("Reset view and window"));
    add("view.annotations", "T", Text::tr("Texts and measurements"));
    add("view.overlays", "O", Text::tr("Overlays of the images"));
    add("view.referenceLines", "X", Text::tr("Reference lines"));
    add("view.cine", "Space", Text::tr("Cine"));
    add("view.retry", "F5", Text::tr("Try an unreadable image again"));

    section = Text::tr("Layout and links");
    add("layout.mpr", "M", Text::tr("Linked MPR"));
    add("mpr.straight", "Shift+M", Text::tr("Straight planes"));
    add("mpr.slab", "Shift+B", Text::tr("Kind of slab"));
    add("mpr.thicker", "+", Text::tr("Thicker slab"));
    add("mpr.thinner", "-", Text::tr("Thinner slab"));
    tool("tool.curvedPath", "Shift+Q", ViewerTool::CurvedPath);
    add("layout.previousStage", "[", Text::tr("Previous stage"));
    add("layout.nextStage", "]", Text::tr("Next stage"));
    add("layout.protocols", "Ctrl+P", Text::tr("Hanging protocols"));
    add("link.scroll", "Y", Text::tr("Link scrolling"));
    add("link.here", "Shift+Y", Text::tr("Link here"));
    add("link.window", "Shift+W", Text::tr("Link the window"));
    add("link.zoom", "Shift+Z", Text::tr("Link zoom and pan"));

    section = Text::tr("Fusion and volumes");
    add("fusion.toggle", "Shift+O", Text::tr("Fuse with another series, or end it"));
    add("fusion.palette", "Shift+P", Text::tr("Next palette of the overlay"));
    add("fusion.fainter", ";", Text::tr("Overlay fainter"));
    add("fusion.stronger", "'", Text::tr("Overlay stronger"));
    add("volume.render", "Shift+R", Text::tr("Volume rendering"));
    add("volume.mip", "Shift+I", Text::tr("Rotating MIP"));

    section = Text::tr("Key images and presentation states");
    add("key.report", "K", Text::tr("Key image into the report"));
    add("key.mark", "Shift+K", Text::tr("Mark as key image"));
    add("key.next", "N", Text::tr("Next key image"));
    add("key.previous", "Shift+N", Text::tr("Previous key image"));
    add("state.next", "G", Text::tr("Next presentation state"));
    add("state.save", "Shift+G", Text::tr("Save the display as a presentation state"));
    return actions;
}

QString actionOfTool(ViewerTool tool) {
    for (const ViewerAction& action : viewerActions())
        if (action.tool == tool)
            return action.id;
    return {};
}

std::optional<ViewerTool> toolOfAction(const QString& actionId) {
    for (const ViewerAction& action : viewerActions())
        if (action.id == actionId)
            return action.tool;
    return std::nullopt;
}

ShortcutTable::ShortcutTable() = default;

QKeySequence ShortcutTable::shippedKey(const QString& actionId) { return shippedKeys().value(actionId); }

QKeySequence ShortcutTable::key(const QString& actionId) const {
    const auto changed = m_changed.constFind(actionId);
    return changed == m_changed.constEnd() ? shippedKey(actionId) : *changed;
}

QString ShortcutTable::actionOf(const QKeySequence& key) const {
    if (key.isEmpty())
        return {};
    for (auto changed = m_changed.constBegin(); changed != m_changed.constEnd(); ++changed)
        if (*changed == key)
            return changed.key();
    for (auto shipped = shippedKeys().constBegin(); shipped != shippedKeys().constEnd(); ++shipped)
        if (*shipped == key && !m_changed.contains(shipped.key()))
            return shipped.key();
    return {};
}

void ShortcutTable::setKey(const QString& actionId, const QKeySequence& key) {
    if (!shippedKeys().contains(actionId) || isFixed(key))
        return;
    if (const QString before = actionOf(key); !before.isEmpty() && before != actionId)
        m_changed.insert(before, QKeySequence());
    if (key == shippedKey(actionId))
        m_changed.remove(actionId);
    else
        m_changed.insert(actionId, key);
}

void ShortcutTable::reset(const QString& actionId) { setKey(actionId, shippedKey(actionId)); }

bool ShortcutTable::isShipped(const QKeySequence& key) {
    return std::any_of(shippedKeys().constBegin(), shippedKeys().constEnd(),
                       [&](const QKeySequence& shipped) { return shipped == key; });
}

bool ShortcutTable::isFixed(const QKeySequence& key) {
    if (key.isEmpty())
        return false;
    const int pressed = key[0].key();
    static const std::vector<int> fixed{
        Qt::Key_Up,  Qt::Key_Down,   Qt::Key_Left,  Qt::Key_Right,  Qt::Key_PageUp,   Qt::Key_PageDown, Qt::Key_Home,
        Qt::Key_End, Qt::Key_Return, Qt::Key_Enter, Qt::Key_Escape, Qt::Key_Delete,   Qt::Key_Tab,      Qt::Key_F1,
        Qt::Key_F2,  Qt::Key_F3,     Qt::Key_F4,    Qt::Key_F6,     Qt::Key_Backspace};
    // The desk's window takes these before a viewport sees them.
    static const std::vector<QKeySequence> ofTheDesk{QKeySequence(Qt::CTRL | Qt::Key_Comma)};
    return key.count() > 1 || std::find(fixed.begin(), fixed.end(), pressed) != fixed.end() ||
           std::find(ofTheDesk.begin(), ofTheDesk.end(), key) != ofTheDesk.end();
}

QJsonObject ShortcutTable::toJson() const {
    QJsonObject json;
    for (auto changed = m_changed.constBegin(); changed != m_changed.constEnd(); ++changed)
        json.insert(changed.key(), changed->toString(QKeySequence::PortableText));
    return json;
}

ShortcutTable ShortcutTable::fromJson(const QJsonObject& json) {
    ShortcutTable table;
    for (auto entry = json.constBegin(); entry != json.constEnd(); ++entry) {
        const QKeySequence key(entry->toString(), QKeySequence::PortableText);
        const QString holder = table.actionOf(key);
        // A file that gives one key twice, or a fixed one, is not followed there.
        const bool isTaken = !holder.isEmpty() && table.m_changed.contains(holder);
        if (shippedKeys().contains(entry.key()) && entry->isString() && !isFixed(key) && !isTaken)
            table.m_changed.insert(entry.key(), key);
    }
    // A key shipped later for another action may meet one that was given away before.
    for (const ViewerAction& action : viewerActions())
        if (!table.m_changed.contains(action.id))
            if (const QString holder = table.actionOf(table.key(action.id)); !holder.isEmpty() && holder != action.id)
                table.m_changed.insert(action.id, QKeySequence());
    return table;
}

} // namespace yz
