#pragma once

#include "viewer/viewer_state.h"

#include <QHash>
#include <QJsonObject>
#include <QKeySequence>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

namespace yz {

/// Something that a key does on the reading page.
struct ViewerAction {
    QString id;                       ///< stable: "tool.window"
    QString key;                      ///< as shipped, portable: "W", "Shift+A"
    QString text;                     ///< for a person
    QString section;                  ///< heading it stands under
    std::optional<ViewerTool> tool{}; ///< that it chooses
};
/// Every action that has a key of its own, in the order of the page. Arrow keys, Enter, Delete and Escape are fixed.
[[nodiscard]] std::vector<ViewerAction> viewerActions();

/// The action that chooses a tool, and back; for what is remembered of a person.
[[nodiscard]] QString actionOfTool(ViewerTool tool);
[[nodiscard]] std::optional<ViewerTool> toolOfAction(const QString& actionId);

/// One person's keys: the shipped ones with what was changed. A key does one thing: where two actions want it, the one
/// it was given to last has it and the other has none.
class ShortcutTable {
public:
    ShortcutTable();

    [[nodiscard]] QKeySequence key(const QString& actionId) const;
    [[nodiscard]] static QKeySequence shippedKey(const QString& actionId);
    /// Empty: nothing has that key.
    [[nodiscard]] QString actionOf(const QKeySequence& key) const;
    /// Whoever had the key loses it. An empty key takes the action's away.
    void setKey(const QString& actionId, const QKeySequence& key);
    void reset(const QString& actionId);
    void resetAll() { m_changed.clear(); }
    [[nodiscard]] bool isChanged(const QString& actionId) const { return m_changed.contains(actionId); }
    /// Whether some action is shipped with that key, whoever has it now.
    [[nodiscard]] static bool isShipped(const QKeySequence& key);
    /// Keys that the page keeps for itself (arrows, Enter, Delete, Escape, F1 to F4): they cannot be given.
    [[nodiscard]] static bool isFixed(const QKeySequence& key);

    /// What was changed only, so that shipped keys of later versions reach who never touched them.
    [[nodiscard]] QJsonObject toJson() const;
    [[nodiscard]] static ShortcutTable fromJson(const QJsonObject& json);

    bool operator==(const ShortcutTable& other) const { return m_changed == other.m_changed; }

private:
    QHash<QString, QKeySequence> m_changed;
};

} // namespace yz
