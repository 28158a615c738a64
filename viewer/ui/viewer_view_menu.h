#pragma once

#include "viewer/viewer_controller.h"

#include <QMenu>

namespace yz {

class ShortcutTable;

/// Sizes, tools of looking, links, key images: what the tool bar has no button of its own for. Entries name their keys
/// as they are.
class ViewerViewMenu final : public QMenu {
    Q_OBJECT

public:
    ViewerViewMenu(ViewerController& controller, QWidget* parent);
    void setShortcuts(const ShortcutTable& table);

Q_SIGNALS:
    /// An action of the shortcut table.
    void actionRequested(const QString& actionId);
    void rulerRequested();
    void screensRequested();
    void shortcutsRequested();

private:
    void refresh();
    void add(const QString& actionId, const QString& text, const QString& key);

    ViewerController& m_controller;
    std::vector<std::pair<QString, QAction*>> m_entries;
};

} // namespace yz
