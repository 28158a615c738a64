#pragma once

#include "domain/ports.h"
#include "domain/preview.h"
#include "domain/report.h"
#include "imaging/curved_cut.h"
#include "imaging/hanging.h"
#include "imaging/mpr_frame.h"
#include "viewer/display_catalog.h"
#include "viewer/frame_loader.h"
#include "viewer/fusion_state.h"
#include "viewer/key_image_model.h"
#include "viewer/measurement_list.h"
#include "viewer/presentation_state_model.h"
#include "viewer/reported_measurement_model.h"
#include "viewer/study_set.h"
#include "viewer/viewer_state.h"
#include "viewer/volume_builder.h"

#include <QHash>
#include <QJsonObject>
#include <QObject>
#include <QSize>
#include <QTimer>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace yz {

/// What a viewport shows now. `pixels` is null while they load and when they failed; `error` says the latter. While
/// they load there may be a first picture of reduced resolution: to be drawn and marked, never measured, kept or
/// counted as seen - all that goes by `pixels`.
struct ShownFrame {
    ImageDescriptionPtr image; ///< null: nothing to show yet
    int frame = 0;             ///< 0-based in `image`
    PixelBufferPtr pixels;
    PixelBufferPtr reduced; ///< null where `pixels` or `error` are there
    std::optional<Error> error;
    std::optional<SlicePlane> plane;            ///< of an MPR viewport
    Slab slab;                                  ///< of an MPR viewport
    std::shared_ptr<const CurvedCut> curved;    ///< of a picture along a path: nothing is measured on it
    bool isOblique = false;                     ///< the plane is not one of the patient's own
    double obliqueDeg = 0.0;                    ///< between the plane and the patient's own
    double fitWidthMm = 0.0, fitHeightMm = 0.0; ///< what a fitted view shows around the middle; 0: all of the picture
    int index = 0, count = 0;                   ///< position in the stack or among the planes
    /// What to draw by: the image under the presentation state that is on, else the image. Values are measured on
    /// `image`.
    ImageDescriptionPtr presented;
    PresentationStatePtr state; ///< that is on and about this frame; null: none
    double screenPxPerMm = 0.0; ///< device px a mm of the viewport's screen; 0: nobody measured it
    /// The server's own picture of the image that is to come, in its place: then nothing else is set but the position.
    /// To be marked, never measured, windowed, kept or counted as seen.
    PreviewPtr preview;
    double commonPxPerMm = 0.0; ///< at which mammograms of one study are drawn alike; 0: each fitted by itself

    [[nodiscard]] const PixelBufferPtr& drawn() const { return pixels ? pixels : reduced; }
};

/// The picture fitted into a viewport: the displayed area of the state that is on, else the whole image.
[[nodiscard]] ViewTransform fittedTransform(const ShownFrame& shown, const ViewAdjustment& view, int width, int height);

/// What view.size asks for, as a factor on the fitted transform; spacing is what the picture is drawn with.
[[nodiscard]] double scaleOverFit(const ShownFrame& shown, const ViewAdjustment& view, const ViewTransform& fitted,
                                  const PixelSpacing& spacing);

/// A difference between the order's patient and a data set's.
struct IdentityDifference {
    enum class Field { Id, Name };
    Field field = Field::Id;
    QString expected, found;
    bool inPrior = false;
    bool operator==(const IdentityDifference&) const = default;
};

/// A path drawn for curved MPR, patient mm.
struct DrawnPath {
    std::vector<PatientPoint> points;
    PatientVector normal; ///< of the plane it was drawn on
    bool isFinished = false;
    bool operator==(const DrawnPath&) const = default;
};

/// A line of another MPR plane across a viewport, in its image pixels.
struct CrossLine {
    Orientation orientation = Orientation::Axial;
    ImagePoint from, to;
    ImagePoint cross;     ///< where the cross-hair stands in this picture
    ImagePoint direction; ///< unit, along the line
    int viewport = 0;     ///< the one that shows the other plane
    Slab slab;            ///< its slab
    double pixelMm = 1.0; ///< of this picture
};

/// A line in which the picture of another viewport stands in this one's, in its image pixels.
struct ReferenceMark {
    int viewport = 0; ///< the other one
    bool isActive = false;
    ImagePoint from, to;
};

/// A measurement with the picture it is measured on: points in that picture's pixels.
struct PlacedMeasurement {
    Measurement measurement;
    ImageDescriptionPtr image;
    int frame = 0;
    PixelBufferPtr pixels; ///< null: not loaded
    /// What stands for it where an object must be named; of a plane the slice nearest to the first point.
    SopReference object;
    int objectFrame = 0; ///< 0-based
    StackKey stack;
    int index = 0; ///< of that frame in the stack
};

struct SeenCount {
    int seen = 0, total = 0;
};

/// The picture side of the reading page: holds the state, loads frames, applies hanging protocols, turns intents into
/// state. GUI thread; nothing here blocks.
class ViewerController : public QObject {
    Q_OBJECT

public:
    static constexpr qint64 defaultCacheBytes = qint64{1536} << 20;

    ViewerController(std::shared_ptr<PixelSource> pixels, std::vector<HangingProtocol> protocols,
                     QObject* parent = nullptr);
    ~ViewerController() override;

    void open(const StudyRecord& current, const std::vector<StudyRecord>& priors = {});
    /// While a retrieval runs; the reader's place is kept.
    void addInstance(const InstanceRecord& instance);
    void setRetrieveProgress(const RetrieveProgress& progress, bool running);
    /// A picture to look at until the first image of the same instance is decoded. Shown where that instance belongs,
    /// before anything of a study is here in the first viewport, and nowhere else; close(), and open() of another
    /// study, forget it.
    void setServerPreview(const PreviewPtr& preview);
    /// The series on the page, the active viewport's first.
    [[nodiscard]] std::vector<SeriesUid> shownSeries() const;
    void close();
    void setCacheBytes(qint64 bytes);
    /// The order's patient; data sets are compared with it (identityDifferences).
    void setExpectedPatient(const Patient& patient);

    // State, as drawn
    [[nodiscard]] const ViewerState& state() const { return m_state; }
    [[nodiscard]] const ViewportState* viewport(int index) const;
    [[nodiscard]] const StudySet& studies() const { return m_studies; }
    [[nodiscard]] MeasurementList& measurements() { return m_measurements; }
    [[nodiscard]] const MeasurementList& measurements() const { return m_measurements; }
    [[nodiscard]] ShownFrame shown(int viewport);
    /// A frame for a thumbnail; asked for in the background when it is not there.
    [[nodiscard]] ShownFrame preview(const StackKey& key);
    [[nodiscard]] std::vector<CrossLine> crossLines(int viewport);
    /// Of the other viewports that show the same frame of reference; none while they are switched off.
    [[nodiscard]] std::vector<ReferenceMark> referenceMarks(int viewport);
    /// Measurements on the shown frame, points in its pixels.
    [[nodiscard]] std::vector<Measurement> measurementsOn(const ShownFrame& shown) const;
    /// What structured reports measured on the shown frame, points in its pixels; the reader's own are left out.
    [[nodiscard]] std::vector<ReportedMeasurement> reportedOn(const ShownFrame& shown) const;
    /// The presentation states that a viewport's frame may be shown under.
    [[nodiscard]] std::vector<PresentationStatePtr> presentationsOf(int viewport);
    [[nodiscard]] Status mprPossible(int viewport) const;
    /// The cross-hair of a volume; null: none was needed yet.
    [[nodiscard]] const MprFrame* mprFrame(const StackKey& key) const;
    [[nodiscard]] const VolumeBuilder* volume(const StackKey& key) const;
    [[nodiscard]] std::vector<IdentityDifference> identityDifferences() const { return m_differences; }
    [[nodiscard]] SeenCount seen(const SeriesUid& series) const;
    [[nodiscard]] SeenCount seen(const StackKey& key) const; ///< of one stack of a series
    /// How many of its frames are decoded; counted anew only when they may be others: each paint asks.
    [[nodiscard]] int loadedFrames(const StackKey& key) const;
    [[nodiscard]] RetrieveProgress retrieveProgress() const { return m_progress; }
    [[nodiscard]] bool isRetrieving() const { return m_retrieving; }
    [[nodiscard]] const std::vector<HangingProtocol>& protocols() const { return m_protocols; }
    [[nodiscard]] std::vector<HangingScore> rankedProtocols() const;
    /// What protocols are matched against now.
    [[nodiscard]] HangingInput hangingInput() const;
    [[nodiscard]] const HangingProtocol* currentProtocol() const;

    // Intents
    void setActive(int viewport);
    void setTool(ViewerTool tool);
    void setLinked(bool linked);
    void setAnnotationsShown(bool shown);
    void setReferenceLinesShown(bool shown);
    void setOverlaysShown(bool shown);
    /// Empty: as sent. The state's window, turn and area take the place of the reader's.
    void setPresentation(int viewport, const InstanceUid& state);
    void nextPresentation(int viewport); ///< through all of them, then none
    void setLayout(int rows, int columns);
    void showStack(int viewport, const StackKey& key);
    void scrollBy(int viewport, int delta);
    void scrollTo(int viewport, int index);
    void setWindow(int viewport, double center, double width);
    void applyPreset(int viewport, const QString& presetId); ///< "default": the data set's own
    void zoomBy(int viewport, double factor, ViewPoint fixed, int viewWidth, int viewHeight);
    void panBy(int viewport, double fractionX, double fractionY);
    void rotate(int viewport, int quarterTurns);
    void mirror(int viewport);
    void invert(int viewport);
    void fit(int viewport);
    void reset(int viewport); ///< view and window
    void toggleMpr();
    void setCrosshair(int viewport, ImagePoint point);
    /// Turns the other planes about the normal of this one, from its picture's right to its bottom.
    void turnCrosshair(int viewport, double radians);
    void straightenCrosshair(int viewport); ///< the patient's own planes again; the centre stays
    [[nodiscard]] const DrawnPath* drawnPath(const StackKey& key) const; ///< null: none
    /// On a plane viewport. Begins a new path after a finished one, or on a plane of another direction.
    void addPathPoint(int viewport, ImagePoint point);
    void movePathPoint(int viewport, int which, ImagePoint point);
    void dropPathPoint(int viewport);
    void clearPath(int viewport); ///< with the picture along it
    /// Shows the picture along the path; false where the points make none.
    bool finishPath(int viewport);
    /// Of a viewport cut from a volume; kept within 0 and slabMostMm.
    void setSlab(int viewport, Slab slab);
    static constexpr double slabMostMm = 200.0;
    void toggleCine();
    void applyProtocol(const QString& id, int stage = 0);
    /// One that is not among protocols(), until another is applied.
    void tryProtocol(const HangingProtocol& protocol, int stage = 0);
    /// The catalogue has changed; pages that only a protocol laid out are hung again.
    void setProtocols(std::vector<HangingProtocol> protocols);
    /// Kind of task ("report", "review", "view") and the screens for pictures.
    void setHangingDesk(const QString& task, const std::vector<HangingScreen>& screens);
    void nextStage(int direction = 1);
    void markSeen(int viewport);
    void retryFrame(int viewport);

    // Scales (viewer_scale.cpp)
    /// A viewport's size and its screen's device px a mm (0: not known); by whoever draws it.
    void setViewSize(int viewport, QSize devicePixels, double pxPerMm);
    [[nodiscard]] QSize viewSize(int viewport) const; ///< empty: not drawn yet
    void setScale(int viewport, ViewAdjustment::Size size);
    /// Whether a mm of the patient (or of the detector) measures a mm on the screen.
    [[nodiscard]] static bool isTrueSize(const ShownFrame& shown, const ViewAdjustment& view);

    // Links (viewer_links.cpp)
    /// What the other viewports show lies where this one's picture lies, though their frames of reference differ: from
    /// now on they scroll together at this distance, whichever series of these frames is shown. False: nothing to link.
    bool linkHere(int viewport);
    void forgetHandLinks();
    [[nodiscard]] bool hasHandLinks() const { return !m_handLinks.empty(); }
    void setWindowLinked(bool linked); ///< among series of one modality
    void setZoomLinked(bool linked);
    /// Every viewport of the same frame of reference goes to that point and shows it. False: the picture has no place
    /// in the patient.
    bool setSpacePoint(int viewport, ImagePoint point);
    void clearSpacePoint();
    /// In pixels of the picture, when it lies in its slice; planes show their cross-hair instead.
    [[nodiscard]] std::optional<ImagePoint> spacePointOn(const ShownFrame& shown) const;

    // Key images
    [[nodiscard]] KeyImageModel& keyImages() { return m_keyImages; }
    [[nodiscard]] const KeyImageModel& keyImages() const { return m_keyImages; }
    [[nodiscard]] const PresentationStateModel& presentations() const { return m_presentations; }
    /// False: what is shown is no image of the study.
    bool markKeyImage(int viewport, bool toggles);
    /// The next one after what is shown, in the active viewport. False: there is none.
    bool showKeyImage(int direction);

    // Fusion: another series of the frame of reference over a viewport's own (viewer_fusion.cpp)
    /// Every series on the page, with what keeps it from being laid over this one's.
    [[nodiscard]] std::vector<FusionCandidate> fusionCandidates(int viewport) const;
    /// Nothing where `obstacle` of the candidate says so; planes of one volume are fused together.
    void setFusion(int viewport, const StackKey& overlay);
    void clearFusion(int viewport);
    /// Off, or on with the candidate most likely meant: PET first, then another modality.
    void toggleFusion(int viewport);
    void setFusionPalette(int viewport, const QString& palette);
    void nextFusionPalette(int viewport);
    void setFusionOpacity(int viewport, double opacity);
    void setFusionWindow(int viewport, double center, double width); ///< units of FusionState::window
    [[nodiscard]] ShownOverlay overlayOn(int viewport, const ShownFrame& shown);
    /// None outside the overlay, or where there is none.
    [[nodiscard]] std::optional<OverlayValue> overlayValue(int viewport, const ShownFrame& shown, ImagePoint at);
    [[nodiscard]] const DisplayCatalog& displayCatalog() const { return m_displayCatalog; }

    // Volumes seen from outside (viewer_volumes.cpp)
    /// Shows the viewport's series as a volume, or as the planes or images again.
    void showVolume(int viewport, bool isMip);
    void leaveVolume(int viewport);
    void turnVolume(int viewport, double aboutDownDeg, double aboutRightDeg);
    void faceVolume(int viewport, VolumeSide side);
    void setRendering(int viewport, const QString& preset);
    void shiftRendering(int viewport, double shiftHu);
    void clipVolume(int viewport, const std::array<double, 6>& box);
    /// To be drawn elsewhere; null until all of it is there.
    [[nodiscard]] VolumePtr sharedVolume(const StackKey& key) const;
    /// The reader is turning it: fewer samples.
    [[nodiscard]] bool isVolumeMoving() const { return m_volumeStill.isActive(); }

    // Measurements
    /// None while the object or the volume it lies on is not open.
    [[nodiscard]] std::optional<PlacedMeasurement> placed(const QString& id);
    /// On the picture that is shown; a volume's outline with the volume (mm3) last in `also`.
    [[nodiscard]] MeasurementResult resultOn(const Measurement& measurement, const ShownFrame& shown);
    [[nodiscard]] MeasurementResult resultOf(const QString& id);
    /// mm3 by imaging/contour_volume.h; none when outlines cross themselves, are not parallel or have no place in the
    /// patient.
    [[nodiscard]] std::optional<double> volumeOfGroup(const QString& group);
    /// Selects it and brings its picture up: in a viewport that shows its series, else in the active one.
    bool showMeasurement(const QString& id);

    // For the report and the draft
    /// Name is the caller's (a word for the reader); nothing when the measurement lies on no instance or has no value.
    [[nodiscard]] std::optional<ReportMeasurement> reportMeasurement(const QString& id, const QString& name);
    /// All that should survive a restart.
    [[nodiscard]] QJsonObject saveState() const;
    /// After open(): places are found again as the data arrive.
    void restoreState(const QJsonObject& json);

Q_SIGNALS:
    void stateChanged();                                ///< tool, link, cine, active, protocol
    void layoutChanged();                               ///< grid or content of viewports
    void viewportChanged(int viewport);                 ///< redraw it
    void seriesChanged(const yz::SeriesUid& series);    ///< stacks, refused files
    void seriesProgressed(const yz::SeriesUid& series); ///< more frames loaded; a few times a second
    void seenChanged(const yz::SeriesUid& series);
    void seriesListChanged();
    void identityMismatch();
    void progressChanged();
    void draftChanged(); ///< something saveState() holds has changed

private:
    ViewportState* editable(int viewport);
    void onStacksChanged(const SeriesUid& series);
    void onFrameReady(const FrameKey& key, const PixelBufferPtr& pixels);
    void onFrameFailed(const FrameKey& key);
    void onReducedReady(const FrameKey& key);
    void refine();         ///< the reader has stopped: what is shown reduced is asked for in full
    void holdRefinement(); ///< the reader moves
    void schedulePlan();
    void plan();
    [[nodiscard]] FrameRequest request(const FrameRef& frame, int reduction = 0) const;
    [[nodiscard]] bool belongsTo(int viewport, const ShownFrame& frame, const Preview& preview) const;
    void applyPresentation(const ViewportState& viewport, ShownFrame& frame);
    [[nodiscard]] ViewAdjustment initialView(const ViewportState& viewport) const;
    void settleDisplay(ViewportState& viewport, const ShownFrame& frame);
    void place(ViewportState& viewport, int index); ///< index and anchor of a stack viewport
    void reanchor(int viewport);
    void linkOthers(int viewport);
    void touch(int viewport);
    void viewportMoved(int viewport);
    void redrawReferenceMarks(int moved); ///< on the viewports that may show where this one stands
    void checkIdentity();

    // Hanging
    void hang();
    void applyProtocol(const HangingProtocol& protocol, int stage, bool isTrial);
    void fillStage(const HangingProtocol& protocol, int stage, const HangingInput& input, bool keepTouched);
    void assign(ViewportState& viewport, const HangingSlot& slot);
    void defaultLayout(const HangingInput& input);
    void setViewports(std::vector<ViewportState> viewports);

    // Planes
    VolumeBuilder* ensureVolume(const StackKey& key);
    [[nodiscard]] MprFrame& crosshair(const StackKey& key, const Volume& volume);
    void showPlane(ViewportState& viewport, const StackKey& key, Orientation orientation);
    void followCrosshair(const StackKey& key);
    void cineTick();
    void fillVolumes();
    void restoreSeen();
    void renewVolumes();
    [[nodiscard]] ShownFrame shownCurved(int viewport);
    void redrawCuts(const StackKey& key);
    // viewer_volume_frames.cpp
    [[nodiscard]] bool loadsWhole(const Stack& stack) const;
    void loadWhole(const StackKey& key, VolumeBuilder& builder);
    void releaseFrames(const VolumeBuilder& builder);
    [[nodiscard]] const VolumeBuilder* giverOf(const FrameKey& key, int& frame) const;
    [[nodiscard]] bool hasFrame(const FrameKey& key) const; ///< in the cache, or in a volume
    [[nodiscard]] PixelBufferPtr findFrame(const FrameKey& key);
    [[nodiscard]] ShownFrame shownPlane(int viewport);
    [[nodiscard]] std::optional<PlacedMeasurement> placedOnStack(const Measurement& measurement);
    [[nodiscard]] std::optional<PlacedMeasurement> placedOnPlane(const Measurement& measurement);
    bool showOnPlane(const Measurement& measurement);
    [[nodiscard]] ShownFrame shownFrame(ViewportState& viewport);

    // Scales, links
    struct ViewPlace {
        QSize size;
        double pxPerMm = 0.0;
    };
    /// Two frames of reference (or series without) side by side by hand: from + shiftMm along normal = to.
    struct HandLink {
        QString from, to;
        PatientVector normal; ///< of zero length: no places, only frame numbers
        double shiftMm = 0.0;
        int frames = 0;
    };
    [[nodiscard]] bool isMammogram(const ViewportState& viewport) const;
    [[nodiscard]] double commonPxPerMm(int viewport) const;
    [[nodiscard]] std::optional<int> linkedByHand(const Stack& own, int index, const Stack& other) const;
    void followWindow(int viewport);
    void followZoom(int viewport);
    [[nodiscard]] QJsonArray handLinksToJson() const;
    void handLinksFromJson(const QJsonArray& json);
    std::vector<ViewPlace> m_places; ///< one per viewport
    std::vector<HandLink> m_handLinks;

    // Fusion and volumes
    void showAsVolume(ViewportState& viewport, const StackKey& key, bool isMip);
    [[nodiscard]] ShownFrame shownVolume(int viewport);
    void volumeMoved(int viewport);
    void editFusion(int viewport, const std::function<void(FusionState&)>& edit);
    void settleFusion(FusionState& fusion, const VolumeBuilder& overlay);
    /// The viewport's picture depends on the stack's volume.
    [[nodiscard]] static bool usesVolume(const ViewportState& viewport, const StackKey& key);

    std::shared_ptr<PixelSource> m_pixels;
    std::vector<HangingProtocol> m_protocols;
    std::optional<HangingProtocol> m_trial;
    QString m_hangingTask;
    std::vector<HangingScreen> m_hangingScreens;
    StudySet m_studies;
    FrameLoader m_loader;
    PresentationStateModel m_presentations;
    ReportedMeasurementModel m_reported;
    KeyImageModel m_keyImages;
    MeasurementList m_measurements;
    ViewerState m_state;
    std::optional<ViewerState> m_beforeMpr;
    bool m_hangingHeld = false; ///< the reader chose layout or contents: protocols no longer apply by themselves

    struct CutPlane {
        int revision = -1;
        SlicePlane plane;
        Slab slab;
        DrawnPath path;
        StackKey stack;
        ShownFrame frame;
    };
    std::vector<CutPlane> m_cuts; ///< one per viewport
    struct CutOverlay {
        int revision = -1;
        StackKey stack;
        std::weak_ptr<const ImageDescription> base;
        int frame = -1;
        ShownOverlay shown;
    };
    std::vector<CutOverlay> m_overlayCuts; ///< one per viewport
    struct CutProjection {
        int revision = -1;
        StackKey stack;
        VolumeView view;
        bool isCoarse = false;
        ShownFrame frame;
    };
    std::vector<CutProjection> m_projections; ///< one per viewport
    DisplayCatalog m_displayCatalog;
    QTimer m_volumeStill;
    struct KeyLess {
        bool operator()(const StackKey& a, const StackKey& b) const {
            return a.series == b.series ? a.stack < b.stack : a.series < b.series;
        }
    };
    std::map<StackKey, std::unique_ptr<VolumeBuilder>, KeyLess> m_volumes;
    std::map<StackKey, MprFrame, KeyLess> m_crosshairs;
    std::map<StackKey, DrawnPath, KeyLess> m_paths;
    std::list<std::pair<FrameKey, PixelBufferPtr>> m_given; ///< frames made from volumes, newest first
    struct LoadedCount {
        std::array<quint64, 4> asOf{}; ///< changes of what the frames come from
        int frames = 0;
    };
    mutable std::map<StackKey, LoadedCount, KeyLess> m_loadedCounts;
    quint64 m_stackChanges = 0;
    struct KnownResult {
        Measurement measurement;
        std::weak_ptr<const ImageDescription> image;
        std::weak_ptr<const PixelBuffer> pixels;
        int frame = 0;
        MeasurementResult result;
    };
    QHash<QString, KnownResult> m_results; ///< by id: a repaint must not count pixels again
    QHash<SeriesUid, QSet<FrameKey>> m_seen;
    QHash<SeriesUid, QJsonObject> m_seenToRestore;
    std::vector<int> m_directions; ///< last scroll direction per viewport
    std::vector<StackKey> m_previews;
    PreviewPtr m_serverPreview; ///< of an image that is not decoded yet

    Patient m_expected;
    bool m_hasExpected = false;
    std::vector<IdentityDifference> m_differences;
    RetrieveProgress m_progress;
    bool m_retrieving = false;
    QTimer m_planTimer, m_cineTimer, m_fillTimer, m_renewTimer, m_progressTimer, m_refineTimer;
    QSet<SeriesUid> m_progressed;
    QSet<SeriesUid> m_grownVolumes; ///< series whose stacks changed since their volume was made
};

} // namespace yz
