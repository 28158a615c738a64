#pragma once

#include "imaging/display_chain.h"
#include "viewer/measurement_draft.h"
#include "viewer/scroll_acceleration.h"
#include "viewer/viewer_controller.h"
#include "viewer_ui/magnifier.h"
#include "viewer_ui/mpr_handles.h"

#include <QObject>
#include <QPointF>
#include <QSize>
#include <memory>
#include <optional>

class QContextMenuEvent;
class QEvent;
class QLineEdit;
class QMouseEvent;
class QPainter;
class QWheelEvent;
class QWidget;

namespace yz {

class VolumePicture;

/// What every viewport does, whichever way its pixels reach the screen: finished picture, overlays, mouse. The host
/// widget paints and forwards its events.
class ViewportCanvas : public QObject {
    Q_OBJECT

public:
    ViewportCanvas(ViewerController& controller, int viewport, QWidget* host);
    ~ViewportCanvas() override;

    /// Brings the picture up to date for a host of that many device pixels; true when it has changed. The buffer is
    /// reused.
    bool update(QSize devicePixels);
    [[nodiscard]] const ScreenPicture& picture() const { return m_picture; }
    /// Why there is no picture, where that is the display's fault or the volume is still to come; empty: none.
    [[nodiscard]] const QString& message() const { return m_message; }
    [[nodiscard]] const ViewTransform& transform() const { return m_transform; }
    /// Call after update().
    void paintOverlay(QPainter& painter);
    /// True when the event is dealt with.
    bool handle(QEvent* event);

    [[nodiscard]] int viewport() const { return m_viewport; }
    void removeSelected();
    /// Ends a measurement that is being drawn without keeping it.
    bool cancelDraft();
    /// Closes an outline that is being set corner by corner; takes its last corner back.
    bool closeDraft();
    bool dropCorner();
    /// A line to type the name (of a text: the text) into, beside the measurement.
    void editLabel(const QString& id);

Q_SIGNALS:
    void measurementToReport(const QString& id);
    void stackDropped(const yz::StackKey& key);
    void doubleClicked();

private:
    enum class Drag {
        None,
        Window,
        Scroll,
        Zoom,
        Pan,
        Crosshair,
        Draft,
        Handle,
        Body,
        MprHandle,
        PathPoint,
        SpacePoint,
        Overlay,
        Turn
    };

    bool press(QMouseEvent* event);
    bool move(QMouseEvent* event);
    bool release(QMouseEvent* event);
    // The cross-hair's handles (viewport_mpr.cpp)
    [[nodiscard]] MprHandles mprHandles() const;
    bool pressMpr(QPointF logical);
    void dragMpr(QPointF logical);
    void hoverMpr(QPointF logical);
    void openMprMenu(const QPoint& globalPosition);
    bool pressPath(QPointF logical);
    /// The point of the drawn path under the mouse; -1: none.
    [[nodiscard]] int pathPointAt(QPointF logical) const;
    bool wheel(QWheelEvent* event);
    // Of a volume seen from outside (viewport_volume_input.cpp)
    bool pressOnVolume(QMouseEvent* event);
    bool moveOnVolume(QMouseEvent* event);
    /// The picture of a rendered volume; true when it has changed.
    bool updateVolume(int width, int height);
    [[nodiscard]] bool showsVolume() const;
    void openMenu(const QPoint& globalPosition);
    [[nodiscard]] ImagePoint imageAt(QPointF logical) const;
    [[nodiscard]] ViewPoint viewAt(QPointF logical) const;
    [[nodiscard]] double scale() const;
    [[nodiscard]] std::optional<Measurement> measurementAt(QPointF logical, int& handle) const;
    void startDraft(MeasurementKind kind, ImagePoint at);
    void finishDraft();
    [[nodiscard]] PixelSpacing spacingUnder(ImagePoint at) const;
    /// Stores points of the shown picture as the measurement keeps them (pixels of a frame, or patient mm on a plane).
    [[nodiscard]] Measurement stored(Measurement measurement) const;

    ViewerController& m_controller;
    int m_viewport;
    QWidget* m_host;

    ShownFrame m_shown;
    ScreenPicture m_picture;
    ViewTransform m_transform;
    DisplaySettings m_drawnDisplay;
    PixelBufferPtr m_drawnPixels;
    ImageDescriptionPtr m_drawnImage;
    int m_drawnFrame = -1;
    FusionState m_drawnFusion;
    PixelBufferPtr m_drawnOverlay;
    ShownOverlay m_overlay;
    ScreenPicture m_overlayPicture;
    std::unique_ptr<VolumePicture> m_volumePicture;
    VolumeView m_drawnVolume;
    ViewTransform m_drawnFit;
    VolumePtr m_drawnVoxels;
    bool m_drawnCoarse = false;
    QString m_message;

    Drag m_drag = Drag::None;
    QPointF m_pressedAt, m_lastAt;
    double m_scrollRest = 0.0;
    int m_wheelRest = 0;
    ScrollAcceleration m_acceleration;
    Magnifier m_magnifier;
    std::optional<QPointF> m_hover; ///< where the lens is; none: the mouse is elsewhere
    bool m_dragged = false;
    std::optional<MeasurementDraft> m_draft;
    QLineEdit* m_label = nullptr;
    int m_handle = -1;
    Measurement m_grabbed;
    bool m_grabChanged = false;
    MprHandle m_mprHandle; ///< that is being dragged
    ImagePoint m_mprGrip;  ///< from the pointer to the centre
    Slab m_mprSlab;        ///< before the drag
    double m_mprAway = 0.0;
    int m_pathPoint = -1;
};

/// Drag and drop of a stack between the thumbnails and the viewports.
inline constexpr char stackMimeType[] = "application/x-yuanzhen-stack";

} // namespace yz
