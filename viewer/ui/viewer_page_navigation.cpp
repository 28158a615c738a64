#include "viewer_ui/presentation_text.h"
#include "viewer_ui/screen_calibration.h"
#include "viewer_ui/screen_ruler.h"
#include "viewer_ui/shortcut_page.h"
#include "viewer_ui/viewer_page.h"
#include "viewer_ui/viewer_text.h"
#include "viewer_ui/viewer_tool_bar.h"
#include "viewer_ui/viewport_grid.h"

#include <QInputDialog>
#include <QKeyEvent>
#include <QScreen>
#include <algorithm>

// Keys, sizes, links, key images and presentation states of the page.
namespace yz {

void ViewerPage::setShortcuts(const ShortcutTable& table) {
    m_shortcuts = table;
    m_toolBar->setShortcuts(table);
}

void ViewerPage::openShortcuts() {
    auto* page = findChild<ShortcutPage*>();
    if (!page) {
        page = new ShortcutPage(m_shortcuts, this);
        page->setAttribute(Qt::WA_DeleteOnClose);
        connect(page, &ShortcutPage::tableChanged, this, [this](const ShortcutTable& table) {
            setShortcuts(table);
            Q_EMIT shortcutsChanged(table);
        });
    }
    page->show();
    page->raise();
    page->activateWindow();
}

void ViewerPage::keyPressEvent(QKeyEvent* event) {
    const Qt::KeyboardModifiers modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (event->key() == Qt::Key_F1 && modifiers == Qt::NoModifier) {
        openShortcuts();
        return;
    }
    const QKeySequence pressed(QKeyCombination(modifiers, static_cast<Qt::Key>(event->key())));
    const QString action = ShortcutTable::isFixed(pressed) ? QString() : m_shortcuts.actionOf(pressed);
    if (!action.isEmpty()) {
        if (runAction(action))
            return;
    } else if (!m_shortcuts.isShipped(pressed) && runKey(event)) { // a shipped key that was given away does nothing
        return;
    }
    QWidget::keyPressEvent(event);
}

bool ViewerPage::runAction(const QString& id) {
    if (runNavigation(id))
        return true;
    const QKeySequence shipped = ShortcutTable::shippedKey(id);
    if (shipped.isEmpty())
        return false;
    QKeyEvent key(QEvent::KeyPress, shipped[0].key(), shipped[0].keyboardModifiers());
    return runKey(&key);
}

bool ViewerPage::runNavigation(const QString& id) {
    const int active = m_controller.state().active;
    if (id == u"tool.magnifier" || id == u"tool.spacePoint") {
        // The same key again goes back to the tool before.
        const ViewerTool tool = id == u"tool.magnifier" ? ViewerTool::Magnifier : ViewerTool::SpacePoint;
        const ViewerTool now = m_controller.state().tool;
        if (now == tool) {
            m_controller.clearSpacePoint();
            m_controller.setTool(m_toolBefore);
        } else {
            if (now != ViewerTool::Magnifier && now != ViewerTool::SpacePoint)
                m_toolBefore = now;
            m_controller.setTool(tool);
        }
    } else if (id == u"view.pixels") {
        m_controller.setScale(active, ViewAdjustment::Size::Pixels);
    } else if (id == u"view.trueSize") {
        showTrueSize();
    } else if (id == u"link.here") {
        Q_EMIT notice(m_controller.linkHere(active)
                          ? tr("Linked here: the viewports scroll together at this distance.")
                          : tr("Nothing to link: no other viewport shows parallel slices of another frame of "
                               "reference."));
    } else if (id == u"link.window") {
        m_controller.setWindowLinked(!m_controller.state().windowLinked);
    } else if (id == u"link.zoom") {
        m_controller.setZoomLinked(!m_controller.state().zoomLinked);
    } else if (id == u"key.mark") {
        if (!m_controller.markKeyImage(active, true))
            Q_EMIT notice(tr("Only an image of the study can be a key image."));
    } else if (id == u"key.next" || id == u"key.previous") {
        if (!m_controller.showKeyImage(id == u"key.next" ? 1 : -1))
            Q_EMIT notice(tr("This study has no key images."));
    } else if (id == u"state.save") {
        askForPresentation();
    } else {
        return false;
    }
    return true;
}

void ViewerPage::showTrueSize() {
    const int active = m_controller.state().active;
    const ShownFrame shown = m_controller.shown(active);
    QWidget* viewport = m_grid->viewportWidget(active);
    if (!shown.image || !viewport)
        return;
    if (drawnSpacing(*shown.image, shown.frame).calibration == Calibration::None) {
        Q_EMIT notice(tr("No true size: the image does not say how large its pixels are."));
        return;
    }
    if (ScreenCalibration::instance().pxPerMm(viewport->screen()) <= 0.0) {
        openRuler(true);
        return;
    }
    m_controller.setScale(active, ViewAdjustment::Size::TrueSize);
}

void ViewerPage::openRuler(bool thenTrueSize) {
    auto* ruler = findChild<ScreenRuler*>();
    if (!ruler) {
        ruler = new ScreenRuler(this);
        ruler->setAttribute(Qt::WA_DeleteOnClose);
        connect(ruler, &ScreenRuler::measured, this, [this, thenTrueSize] {
            Q_EMIT screensMeasured();
            if (thenTrueSize)
                m_controller.setScale(m_controller.state().active, ViewAdjustment::Size::TrueSize);
        });
    }
    ruler->QDialog::show();
    ruler->raise();
}

void ViewerPage::askForPresentation() {
    const ShownFrame shown = m_controller.shown(m_controller.state().active);
    if (!shown.image || !shown.pixels || shown.plane) {
        Q_EMIT notice(tr("Only an image of the study can be kept as a presentation state."));
        return;
    }
    delete findChild<QInputDialog*>(QStringLiteral("presentationName"));
    auto* dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("presentationName"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Presentation state"));
    dialog->setLabelText(tr("What does this display show?"));
    dialog->setOkButtonText(tr("Save"));
    connect(dialog, &QInputDialog::textValueSelected, this, &ViewerPage::savePresentation);
    dialog->show();
}

void ViewerPage::savePresentation(const QString& description) {
    Result<PresentationCapture> capture =
        capturePresentation(m_controller, m_controller.state().active, [this](const Measurement& measurement) {
            return viewer_text::measurement(measurement, m_controller.resultOf(measurement.id)).join(u'\n');
        });
    const ViewportState* viewport = m_controller.viewport(m_controller.state().active);
    const LoadedSeries* series = viewport ? m_controller.studies().series(viewport->stack.series) : nullptr;
    if (!capture || !series) {
        Q_EMIT notice(capture ? tr("No picture is shown.") : viewer_text::captureRefusal(capture.error()));
        return;
    }
    capture->state.description = description.simplified().left(64);
    Q_EMIT presentationMade(series->study, *capture);
}

std::vector<std::pair<StudyUid, KeyObjectSelection>> ViewerPage::unsavedKeyImages() const {
    std::vector<std::pair<StudyUid, KeyObjectSelection>> selections;
    if (!m_controller.keyImages().hasUnsaved())
        return selections;
    for (const KeyObjectSelection::Item& item : m_controller.keyImages().marks()) {
        const LoadedSeries* series = m_controller.studies().series(item.image.series);
        if (!series)
            continue;
        auto found = std::find_if(selections.begin(), selections.end(),
                                  [&](const auto& some) { return some.first == series->study; });
        if (found == selections.end()) {
            selections.emplace_back(series->study, KeyObjectSelection{});
            found = std::prev(selections.end());
        }
        KeyObjectSelection::Item named = item;
        // A picture of one frame is named without its number (PS3.3 C.18.4).
        for (const ImageDescriptionPtr& image : series->images)
            if (image->instance == item.image.object.instance && image->frameCount == 1)
                named.image.frames.clear();
        found->second.items.push_back(std::move(named));
    }
    return selections;
}

void ViewerPage::saveKeyImages() {
    const auto selections = unsavedKeyImages();
    if (selections.empty()) {
        Q_EMIT notice(tr("No marked image waits to be saved."));
        return;
    }
    for (const auto& [study, selection] : selections)
        Q_EMIT keyObjectsMade(study, selection);
}

} // namespace yz
