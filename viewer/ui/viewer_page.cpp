#include "viewer_ui/viewer_page.h"

#include "imaging/measurement_groups.h"
#include "jobs/jobs.h"
#include "uikit/banner.h"
#include "uikit/progress_line.h"
#include "viewer_ui/fusion_picture.h"
#include "viewer_ui/hanging_editor.h"
#include "viewer_ui/measurement_painter.h"
#include "viewer_ui/measurement_panel.h"
#include "viewer_ui/mpr_tools.h"
#include "viewer_ui/presentation_painter.h"
#include "viewer_ui/thumbnail_strip.h"
#include "viewer_ui/viewer_text.h"
#include "viewer_ui/viewer_tool_bar.h"
#include "viewer_ui/viewport_grid.h"
#include "viewer_ui/viewport_overlay.h"

#include <QBuffer>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace yz {

namespace {
constexpr int keyImageMinimumSide = 768, keyImageMaximumSide = 2048;
} // namespace

ViewerPage::ViewerPage(ViewerController& controller, DisplayPath path, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_path(path), m_banner(new Banner(this)),
      m_progress(new ProgressLine(this)), m_toolBar(new ViewerToolBar(controller, this)),
      m_thumbnails(new ThumbnailStrip(controller, this)), m_grid(new ViewportGrid(controller, path, this)),
      m_measurements(new MeasurementPanel(controller, this)) {
    setObjectName(QStringLiteral("viewerPage"));
    m_banner->setObjectName(QStringLiteral("identityBanner"));
    m_progress->setObjectName(QStringLiteral("retrieveProgress"));
    auto* middle = new QHBoxLayout;
    middle->setSpacing(2);
    middle->addWidget(m_thumbnails);
    middle->addWidget(m_grid, 1);
    middle->addWidget(m_measurements);
    m_measurements->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_toolBar);
    column->addWidget(m_progress);
    column->addWidget(m_banner);
    column->addLayout(middle, 1);

    connect(m_toolBar, &ViewerToolBar::keyImageRequested, this, &ViewerPage::captureKeyImage);
    connect(m_toolBar, &ViewerToolBar::maximizeRequested, this,
            [this] { m_grid->toggleMaximized(m_controller.state().active); });
    connect(m_toolBar, &ViewerToolBar::protocolEditorRequested, this, &ViewerPage::openHangingEditor);
    connect(m_toolBar, &ViewerToolBar::actionRequested, this, [this](const QString& id) { (void)runAction(id); });
    connect(m_toolBar, &ViewerToolBar::rulerRequested, this, [this] { openRuler(false); });
    connect(m_toolBar, &ViewerToolBar::screensRequested, this, &ViewerPage::screensRequested);
    connect(m_toolBar, &ViewerToolBar::shortcutsRequested, this, &ViewerPage::openShortcuts);
    connect(m_toolBar, &ViewerToolBar::keyImagesSaveRequested, this, &ViewerPage::saveKeyImages);
    connect(m_toolBar, &ViewerToolBar::measurementListRequested, this, &ViewerPage::toggleMeasurementPanel);
    connect(m_toolBar, &ViewerToolBar::measurementCiteRequested, this, &ViewerPage::citeSelected);
    connect(m_toolBar, &ViewerToolBar::measurementNeighbourRequested, this, &ViewerPage::goToNeighbour);
    connect(m_measurements, &MeasurementPanel::citeRequested, this, &ViewerPage::citeMeasurement);
    connect(m_measurements, &MeasurementPanel::closeRequested, this, &ViewerPage::toggleMeasurementPanel);
    connect(m_grid, &ViewportGrid::measurementToReport, this, &ViewerPage::citeMeasurement);
    connect(&controller, &ViewerController::progressChanged, this, &ViewerPage::updateProgress);
    connect(&controller, &ViewerController::stateChanged, this, &ViewerPage::updateBanner);
    // The banner may be put aside, the difference stays: it comes back with the next study shown.
    connect(&controller, &ViewerController::identityMismatch, this, [this] {
        updateBanner();
        Q_EMIT identityMismatch(viewer_text::identity(m_controller.identityDifferences()));
    });
    updateBanner();
    updateProgress();
    setFocusPolicy(Qt::StrongFocus);
}

ViewerPage::~ViewerPage() = default;

void ViewerPage::setExpectedPatient(const Patient& patient) { m_controller.setExpectedPatient(patient); }

void ViewerPage::setHangingDesk(HangingCatalog* catalog, HangingObjectFiles* objects) {
    m_catalog = catalog;
    m_hangingObjects = objects;
}

void ViewerPage::openHangingEditor(bool fromScreen) {
    if (!m_catalog)
        return;
    // Beside the viewports, not over them: the screen is what is edited.
    auto* editor = findChild<HangingEditor*>();
    if (!editor) {
        editor = new HangingEditor(m_controller, *m_catalog, m_hangingObjects, this);
        editor->setAttribute(Qt::WA_DeleteOnClose);
    }
    if (fromScreen)
        editor->newFromScreen();
    editor->QDialog::show();
    editor->raise();
}

void ViewerPage::updateBanner() {
    const auto differences = m_controller.identityDifferences();
    if (differences.empty()) {
        m_banner->clear();
        return;
    }
    const QString text = viewer_text::identity(differences);
    if (m_banner->text() != text)
        m_banner->announce(Tone::Danger, text);
}

void ViewerPage::updateProgress() {
    if (m_controller.isRetrieving())
        m_progress->setProgress(m_controller.retrieveProgress().received, m_controller.retrieveProgress().total);
    else
        m_progress->clear();
}

void ViewerPage::citeMeasurement(const QString& id) {
    const Measurement* measurement = m_controller.measurements().find(id);
    if (!measurement)
        return;
    if (const auto cited = m_controller.reportMeasurement(id, viewer_text::name(*measurement)))
        Q_EMIT measurementToReport(*cited);
}

std::vector<MeasurementGroup> ViewerPage::measurementGroups() {
    std::vector<MeasurementWithResult> made;
    for (const Measurement& measurement : m_controller.measurements().all()) {
        const LoadedSeries* series = m_controller.studies().series(measurement.series);
        const LoadedStudy* study = series ? m_controller.studies().study(series->study) : nullptr;
        if (study && !study->isPrior)
            made.push_back({measurement, m_controller.resultOf(measurement.id), viewer_text::name(measurement)});
    }
    return groupsOf(made);
}

void ViewerPage::citeSelected() { citeMeasurement(m_controller.measurements().selected()); }

void ViewerPage::toggleMeasurementPanel() {
    m_measurements->setVisible(!m_measurements->isVisible());
    if (QWidget* viewport = m_grid->viewportWidget(m_controller.state().active);
        viewport && !m_measurements->isVisible())
        viewport->setFocus();
}

void ViewerPage::goToNeighbour(int direction) {
    if (const QString id = m_controller.measurements().neighbour(direction); !id.isEmpty())
        (void)m_controller.showMeasurement(id);
}

bool ViewerPage::runMeasureKey(int key, bool isShifted) {
    ViewportCanvas* canvas = m_grid->canvas(m_controller.state().active);
    if (isShifted) {
        switch (key) {
        case Qt::Key_A:
            m_controller.setTool(ViewerTool::CobbAngle);
            return true;
        case Qt::Key_C:
            m_controller.setTool(ViewerTool::CardiothoracicRatio);
            return true;
        case Qt::Key_L:
            m_controller.setTool(ViewerTool::Bidirectional);
            return true;
        case Qt::Key_E:
            m_controller.setTool(ViewerTool::Freehand);
            return true;
        case Qt::Key_V:
            m_controller.setTool(ViewerTool::VolumeContour);
            return true;
        case Qt::Key_D:
            m_controller.setTool(ViewerTool::Text);
            return true;
        case Qt::Key_U:
            goToNeighbour(-1);
            return true;
        default:
            return false;
        }
    }
    switch (key) {
    case Qt::Key_L:
        m_controller.setTool(ViewerTool::Length);
        return true;
    case Qt::Key_A:
        m_controller.setTool(ViewerTool::Angle);
        return true;
    case Qt::Key_R:
        m_controller.setTool(ViewerTool::Rectangle);
        return true;
    case Qt::Key_E:
        m_controller.setTool(ViewerTool::Ellipse);
        return true;
    case Qt::Key_P:
        m_controller.setTool(ViewerTool::Probe);
        return true;
    case Qt::Key_D:
        m_controller.setTool(ViewerTool::Arrow);
        return true;
    case Qt::Key_J:
        toggleMeasurementPanel();
        return true;
    case Qt::Key_U:
        goToNeighbour(1);
        return true;
    case Qt::Key_Q:
        citeSelected();
        return true;
    case Qt::Key_F7:
        if (canvas)
            canvas->editLabel(m_controller.measurements().selected());
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return canvas && canvas->closeDraft();
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        if (canvas && !canvas->dropCorner() && !canvas->cancelDraft())
            canvas->removeSelected();
        return true;
    case Qt::Key_Escape: // what is being drawn, else the selection: the next outline begins a volume of its own
        if (canvas && canvas->cancelDraft())
            return true;
        m_controller.measurements().closeVolume();
        if (m_controller.measurements().selected().isEmpty())
            return false;
        m_controller.measurements().select({});
        return true;
    default:
        return false;
    }
}

QImage ViewerPage::renderKeyImage() {
    const int index = m_controller.state().active;
    const ShownFrame shown = m_controller.shown(index);
    const ViewportState* state = m_controller.viewport(index);
    if (QImage volume = renderVolumeImage(); !volume.isNull())
        return volume;
    if (!state || !shown.image || !shown.pixels)
        return {};
    // Whole frame, at least its own resolution, pixels square as on the screen.
    const PixelSpacing spacing = drawnSpacing(*shown.image, shown.frame);
    double width = shown.image->columns * spacing.columnMm, height = shown.image->rows * spacing.rowMm;
    const double finest = std::min(spacing.columnMm, spacing.rowMm);
    width /= finest;
    height /= finest;
    if (state->view.quarterTurns % 2 == 1)
        std::swap(width, height);
    const double longer = std::max(width, height);
    const double factor = longer > keyImageMaximumSide   ? keyImageMaximumSide / longer
                          : longer < keyImageMinimumSide ? std::ceil(keyImageMinimumSide / longer)
                                                         : 1.0;
    ScreenPicture picture;
    picture.width = std::max(1, static_cast<int>(std::lround(width * factor)));
    picture.height = std::max(1, static_cast<int>(std::lround(height * factor)));
    const ViewTransform transform = fitTransform(shown.image->columns, shown.image->rows, spacing, picture.width,
                                                 picture.height, state->view.quarterTurns, state->view.mirrored);
    DisplaySettings display = state->display;
    display.overlaysShown = m_controller.state().overlaysShown;
    renderFrame(*shown.presented, shown.frame, *shown.pixels, display, transform, Interpolation::Linear, 0xff000000u,
                picture);
    ScreenPicture scratch;
    drawOverlay(m_controller.overlayOn(index, shown), shown, transform, scratch, picture);
    QImage image = QImage(reinterpret_cast<const uchar*>(picture.argb.data()), picture.width, picture.height,
                          picture.width * 4, QImage::Format_RGB32)
                       .copy();
    QPainter painter(&image);
    // Texts in proportion to the picture, so that they can be read in the report.
    const double scale = std::max(1.0, std::max(picture.width, picture.height) / 640.0);
    painter.scale(scale, scale);
    const QRectF area(0, 0, picture.width / scale, picture.height / scale);
    if (shown.state && display.overlaysShown)
        PresentationPainter(shown, transform, scale).draw(painter);
    ViewportOverlay::paintOrientation(painter, area, shown, state->view);
    ViewportOverlay::paintScaleBar(painter, area, scale, shown, transform);
    const MeasurementPainter drawing(transform, scale);
    for (const Measurement& measurement : m_controller.measurementsOn(shown))
        drawing.draw(painter, measurement, m_controller.resultOn(measurement, shown), false, area);
    return image;
}

void ViewerPage::captureKeyImage() {
    const QImage picture = renderKeyImage();
    if (picture.isNull())
        return;
    const int index = m_controller.state().active;
    const ShownFrame shown = m_controller.shown(index);
    const ViewportState state = *m_controller.viewport(index);
    (void)m_controller.markKeyImage(index, false); // what the report shows matters to whoever opens the study later
    KeyImage key;
    key.series = shown.image->series;
    key.object = {shown.image->sopClass, shown.image->instance};
    key.frame = shown.frame + 1;
    key.windowCenter = state.display.window.center;
    key.windowWidth = state.display.window.width;
    const LoadedSeries* series = m_controller.studies().series(state.stack.series);
    const QString description = series ? series->record.description : QString();
    key.caption = tr("%1, image %2 of %3").arg(description).arg(shown.index + 1).arg(shown.count);
    if (shown.curved)
        key.caption = tr("%1, curved MPR").arg(description);
    if (shown.plane || shown.curved) {
        if (shown.plane)
            key.caption = state.content == ViewportState::Content::Volume
                              ? tr("%1, volume").arg(description)
                              : tr("%1, %2 MPR").arg(description, viewer_text::plane(shown, state.orientation));
        if (shown.slab.isThick())
            key.caption += QStringLiteral(", ") + viewer_text::slab(shown.slab);
        // A plane is no object of its own: the slice nearest to its middle stands for it.
        if (const VolumeBuilder* builder = m_controller.volume(state.stack)) {
            const Volume& volume = builder->volume();
            const PatientPoint middle = shown.curved
                                            ? shown.curved->at(shown.curved->width * 0.5, shown.curved->height * 0.5)
                                            : shown.plane->at(shown.plane->width * 0.5, shown.plane->height * 0.5);
            const auto last = static_cast<long>(builder->stack().frames.size()) - 1;
            const auto slice = std::clamp(std::lround(volume.toVoxel(middle).z), 0L, last);
            const FrameRef& ref = builder->stack().frames[static_cast<size_t>(slice)];
            key.object = {ref.image->sopClass, ref.image->instance};
            key.frame = ref.frame + 1;
        }
    }
    jobs::whenDone(jobs::start(jobs::Lane::Compute,
                               [picture] {
                                   QByteArray png;
                                   QBuffer buffer(&png);
                                   buffer.open(QIODevice::WriteOnly);
                                   picture.save(&buffer, "PNG");
                                   return png;
                               }),
                   this, [this, key](const QByteArray& png) mutable {
                       key.png = png;
                       Q_EMIT keyImageRequested(key);
                   });
}

bool ViewerPage::runKey(QKeyEvent* event) {
    const int active = m_controller.state().active;
    const Qt::KeyboardModifiers modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (modifiers == Qt::ControlModifier) {
        if (event->key() == Qt::Key_Z)
            m_controller.measurements().undo();
        else if (event->key() == Qt::Key_Y)
            m_controller.measurements().redo();
        else if (event->key() == Qt::Key_P && m_catalog)
            openHangingEditor(false);
        else
            return false;
        return true;
    }
    if (modifiers != Qt::NoModifier && modifiers != Qt::ShiftModifier)
        return false;
    if (runSceneKey(event->key(), modifiers == Qt::ShiftModifier))
        return true;
    if (event->key() >= Qt::Key_1 && event->key() <= Qt::Key_9) {
        const QStringList presets = ViewerToolBar::presetsFor(m_controller);
        const int number = event->key() - Qt::Key_1;
        if (number < presets.size())
            m_controller.applyPreset(active, presets[number]);
        return true;
    }
    if (runMprKey(m_controller, event->key(), modifiers == Qt::ShiftModifier))
        return true;
    if (runMeasureKey(event->key(), modifiers == Qt::ShiftModifier))
        return true;
    const ViewportState* viewport = m_controller.viewport(active);
    const int page = viewport && viewport->content == ViewportState::Content::Plane ? 10 : 5;
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Left:
        m_controller.scrollBy(active, -1);
        return true;
    case Qt::Key_Down:
    case Qt::Key_Right:
        m_controller.scrollBy(active, 1);
        return true;
    case Qt::Key_PageUp:
        m_controller.scrollBy(active, -page);
        return true;
    case Qt::Key_PageDown:
        m_controller.scrollBy(active, page);
        return true;
    case Qt::Key_Home:
        m_controller.scrollTo(active, 0);
        return true;
    case Qt::Key_End:
        m_controller.scrollTo(active, 1 << 20);
        return true;
    case Qt::Key_W:
        m_controller.setTool(ViewerTool::Window);
        return true;
    case Qt::Key_S:
        m_controller.setTool(ViewerTool::Scroll);
        return true;
    case Qt::Key_Z:
        m_controller.setTool(ViewerTool::Zoom);
        return true;
    case Qt::Key_H:
        m_controller.setTool(ViewerTool::Pan);
        return true;
    case Qt::Key_C:
        m_controller.setTool(ViewerTool::Crosshair);
        return true;
    case Qt::Key_M:
        m_controller.toggleMpr();
        return true;
    case Qt::Key_Y:
        m_controller.setLinked(!m_controller.state().linked);
        return true;
    case Qt::Key_X:
        m_controller.setReferenceLinesShown(!m_controller.state().referenceLinesShown);
        return true;
    case Qt::Key_T:
        m_controller.setAnnotationsShown(!m_controller.state().annotationsShown);
        return true;
    case Qt::Key_O:
        m_controller.setOverlaysShown(!m_controller.state().overlaysShown);
        return true;
    case Qt::Key_G:
        m_controller.nextPresentation(active);
        return true;
    case Qt::Key_I:
        m_controller.invert(active);
        return true;
    case Qt::Key_F:
        m_controller.fit(active);
        return true;
    case Qt::Key_0:
        m_controller.reset(active);
        return true;
    case Qt::Key_Period:
        m_controller.rotate(active, 1);
        return true;
    case Qt::Key_Comma:
        m_controller.mirror(active);
        return true;
    case Qt::Key_BracketLeft:
        m_controller.nextStage(-1);
        return true;
    case Qt::Key_BracketRight:
        m_controller.nextStage(1);
        return true;
    case Qt::Key_Space:
        m_controller.toggleCine();
        return true;
    case Qt::Key_F5: // a frame that could not be read is tried again
        m_controller.retryFrame(active);
        return true;
    case Qt::Key_K:
        captureKeyImage();
        return true;
    default:
        return false;
    }
}

} // namespace yz
