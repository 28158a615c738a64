#pragma once

#include "domain/measurement_report.h"
#include "domain/report.h"
#include "viewer/presentation_capture.h"
#include "viewer/viewer_controller.h"
#include "viewer_ui/display_path.h"
#include "viewer_ui/shortcut_table.h"

#include <QImage>
#include <QWidget>

namespace yz {

class Banner;
class HangingCatalog;
class HangingObjectFiles;
class MeasurementPanel;
class ProgressLine;
class ThumbnailStrip;
class ViewerToolBar;
class ViewportGrid;

/// The picture side of the reading page: thumbnails, tools, viewports. The report stands beside it in the main window;
/// they meet through the signals here. The controller outlives the page.
class ViewerPage final : public QWidget {
    Q_OBJECT

public:
    explicit ViewerPage(ViewerController& controller, DisplayPath path = chooseDisplayPath(),
                        QWidget* parent = nullptr);
    ~ViewerPage() override;

    [[nodiscard]] ViewerController& controller() const { return m_controller; }
    [[nodiscard]] DisplayPath displayPath() const { return m_path; }
    /// The order's patient. Data sets of somebody else raise a red banner and identityMismatch.
    void setExpectedPatient(const Patient& patient);
    /// What the protocol editor works on; without it there is none. Both outlive the page.
    void setHangingDesk(HangingCatalog* catalog, HangingObjectFiles* objects);
    void openHangingEditor(bool fromScreen);
    /// The active viewport's frame at its own resolution as the reader sees it, annotations burnt in. Null when nothing
    /// is shown.
    [[nodiscard]] QImage renderKeyImage();
    /// The measurements on the current study with what they say, for the report's SR; those on priors stay out.
    [[nodiscard]] std::vector<MeasurementGroup> measurementGroups();
    /// Renders, compresses off the GUI thread, then emits keyImageRequested.
    void captureKeyImage();

    // Navigation (viewer_page_navigation.cpp)
    [[nodiscard]] const ShortcutTable& shortcuts() const { return m_shortcuts; }
    void setShortcuts(const ShortcutTable& table);
    void openShortcuts();
    void openRuler(bool thenTrueSize);
    /// Does what an action of the shortcut table is for; false: nothing to do.
    bool runAction(const QString& actionId);
    /// What the active viewport shows, under a name: presentationMade.
    void savePresentation(const QString& description);
    /// The reader's marks that are in no saved selection, by study.
    [[nodiscard]] std::vector<std::pair<StudyUid, KeyObjectSelection>> unsavedKeyImages() const;
    void saveKeyImages();

Q_SIGNALS:
    void presentationMade(const yz::StudyUid& study, const yz::PresentationCapture& capture);
    void keyObjectsMade(const yz::StudyUid& study, const yz::KeyObjectSelection& selection);
    void shortcutsChanged(const yz::ShortcutTable& table);
    void screensMeasured(); ///< ScreenCalibration has something new to keep
    void screensRequested();
    void notice(const QString& text);
    void keyImageRequested(const yz::KeyImage& image);
    void measurementToReport(const yz::ReportMeasurement& measurement);
    void identityMismatch(const QString& difference);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void citeMeasurement(const QString& id);
    void citeSelected();
    void toggleMeasurementPanel();
    void goToNeighbour(int direction);
    void updateBanner();
    void updateProgress();
    [[nodiscard]] bool runKey(QKeyEvent* event);
    [[nodiscard]] bool runSceneKey(int key, bool isShifted);
    [[nodiscard]] QImage renderVolumeImage();
    [[nodiscard]] bool runMeasureKey(int key, bool isShifted);
    [[nodiscard]] bool runNavigation(const QString& actionId);
    void showTrueSize();
    void askForPresentation();

    ViewerController& m_controller;
    HangingCatalog* m_catalog = nullptr;
    HangingObjectFiles* m_hangingObjects = nullptr;
    DisplayPath m_path;
    Banner* m_banner;
    ProgressLine* m_progress;
    ViewerToolBar* m_toolBar;
    ThumbnailStrip* m_thumbnails;
    ViewportGrid* m_grid;
    MeasurementPanel* m_measurements;
    ShortcutTable m_shortcuts;
    ViewerTool m_toolBefore = ViewerTool::Window; ///< the magnifier's key goes back to it
};

} // namespace yz
