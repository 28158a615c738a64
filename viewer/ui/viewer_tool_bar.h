#pragma once

#include "viewer/viewer_controller.h"

#include <QToolBar>
#include <functional>

class QAction;
class QMenu;
class QToolButton;

namespace yz {

class ShortcutTable;
class ViewerViewMenu;

/// Tools, presets, layout and switches of the reading page in one line.
/// On a narrow screen the menus stand as icons alone; what still does not fit is behind the arrow at the end.
class ViewerToolBar final : public QToolBar {
    Q_OBJECT

public:
    explicit ViewerToolBar(ViewerController& controller, QWidget* parent = nullptr);
    /// Presets of the active viewport's modality, "default" first; 1 to 9 on the keyboard.
    [[nodiscard]] static QStringList presetsFor(const ViewerController& controller);
    /// Tool tips and menus name the keys as they are.
    void setShortcuts(const ShortcutTable& table);

Q_SIGNALS:
    void keyImageRequested();
    void maximizeRequested();
    void protocolEditorRequested(bool fromScreen);
    void actionRequested(const QString& actionId);
    void rulerRequested();
    void screensRequested();
    void shortcutsRequested();
    void keyImagesSaveRequested();
    void measurementListRequested();
    void measurementCiteRequested();
    void measurementNeighbourRequested(int direction);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QAction* add(const QString& objectName, const QString& iconName, const QString& text, const QString& key,
                 std::function<void()> act);
    QAction* addTool(ViewerTool tool, const QString& objectName, const QString& iconName, const QString& key);
    QToolButton* addMenu(const QString& objectName, const QString& iconName, const QString& text, const QString& tip,
                         QMenu* menu);
    void fillPresets(QMenu* menu);
    void fillLayouts(QMenu* menu);
    void fillProtocols(QMenu* menu);
    void fillMeasure(QMenu* menu);
    void fillPresentations(QMenu* menu);
    void refresh();
    void fitTexts();

    ViewerController& m_controller;
    std::vector<std::pair<ViewerTool, QAction*>> m_tools;
    std::vector<QToolButton*> m_menus;
    ViewerViewMenu* m_viewMenu = nullptr;
    QToolButton* m_measure = nullptr; ///< the less frequent tools and the list
    QToolButton* m_planes = nullptr;  ///< slab and straightening
    QAction *m_link = nullptr, *m_cine = nullptr, *m_mpr = nullptr, *m_referenceLines = nullptr,
            *m_annotations = nullptr, *m_overlays = nullptr;
    QAction *m_previousStage = nullptr, *m_nextStage = nullptr, *m_undo = nullptr, *m_redo = nullptr;
};

} // namespace yz
