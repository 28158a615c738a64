#include "viewer/viewer_controller.h"

#include "imaging/contour_volume.h"
#include "imaging/polygon.h"

#include <algorithm>
#include <cmath>

// Measurements on the open studies: where they lie, what they say, how to get to them.
namespace yz {

namespace {

constexpr int knownResultsAtMost = 400;
constexpr double parallel = 1.0 - 1e-4; ///< |cos| between normals of one stack of outlines

/// The plane of a measurement's own directions, just large enough for it.
SlicePlane planeAround(const Measurement& measurement, double pixelMm) {
    SlicePlane plane;
    plane.row = measurement.planeRow;
    plane.column = measurement.planeColumn;
    plane.pixelMm = pixelMm;
    const PatientPoint& first = measurement.patientPoints.front();
    double left = 0, right = 0, top = 0, bottom = 0;
    for (const PatientPoint& point : measurement.patientPoints) {
        const double x = (point - first).dot(plane.row), y = (point - first).dot(plane.column);
        left = std::min(left, x);
        right = std::max(right, x);
        top = std::min(top, y);
        bottom = std::max(bottom, y);
    }
    const double margin = 2.0 * pixelMm;
    plane.origin = first + plane.row * (left - margin) + plane.column * (top - margin);
    plane.width = static_cast<int>(std::ceil((right - left + 2 * margin) / pixelMm)) + 1;
    plane.height = static_cast<int>(std::ceil((bottom - top + 2 * margin) / pixelMm)) + 1;
    return plane;
}

/// Its value comes from the pixels: it holds for the slab it was made on only.
bool readsPixels(MeasurementKind kind) {
    return isBoxRoi(kind) || isClosedOutline(kind) || kind == MeasurementKind::Probe;
}

std::optional<Measurement> onShownPlane(const Measurement& measurement, const ShownFrame& shown) {
    if (readsPixels(measurement.kind) && !(measurement.slab == shown.slab))
        return std::nullopt;
    return onPlane(measurement, *shown.plane, shown.plane->pixelMm * 0.5);
}

PatientVector normalOf(const Measurement& measurement) { return measurement.planeRow.cross(measurement.planeColumn); }

} // namespace

std::vector<Measurement> ViewerController::measurementsOn(const ShownFrame& shown) const {
    std::vector<Measurement> result;
    if (!shown.image || shown.curved)
        return result;
    for (const Measurement& measurement : m_measurements.all()) {
        if (shown.plane) {
            if (measurement.series == shown.image->series)
                if (const auto onThis = onShownPlane(measurement, shown))
                    result.push_back(*onThis);
        } else if (measurement.instance == shown.image->instance && measurement.frame == shown.frame &&
                   measurement.patientPoints.empty()) {
            result.push_back(measurement);
        }
    }
    return result;
}

std::vector<ReportedMeasurement> ViewerController::reportedOn(const ShownFrame& shown) const {
    std::vector<ReportedMeasurement> result;
    if (!shown.image || shown.curved)
        return result;
    const std::vector<Measurement>& own = m_measurements.all();
    for (const ReportedMeasurement& reported : m_reported.all()) {
        const Measurement& m = reported.measurement;
        if (std::any_of(own.begin(), own.end(), [&](const Measurement& mine) {
                return mine.trackingUid == m.trackingUid || (!m.group.isEmpty() && mine.group == m.group);
            }))
            continue;
        const bool isHere = !shown.plane || m.frameOfReference == shown.image->frameOfReference;
        const std::optional<Measurement> placed = !isHere       ? std::nullopt
                                                  : shown.plane ? onPlane(m, *shown.plane, shown.plane->pixelMm * 0.5)
                                                                : onFrame(m, *shown.image, shown.frame);
        if (!placed)
            continue;
        result.push_back(reported);
        result.back().measurement = *placed;
    }
    return result;
}

std::optional<PlacedMeasurement> ViewerController::placedOnStack(const Measurement& measurement) {
    int stackIndex = 0, index = 0;
    const FrameKey key{measurement.instance, measurement.frame};
    if (!m_studies.locate(measurement.series, key, stackIndex, index))
        return std::nullopt;
    const StackKey stack{measurement.series, stackIndex};
    const FrameRef& ref = m_studies.stack(stack)->frames[static_cast<size_t>(index)];
    return PlacedMeasurement{
        measurement,       ref.image, ref.frame, findFrame(key), {measurement.sopClass, measurement.instance},
        measurement.frame, stack,     index};
}

std::optional<PlacedMeasurement> ViewerController::placedOnPlane(const Measurement& measurement) {
    const auto owner = std::find_if(m_volumes.begin(), m_volumes.end(),
                                    [&](const auto& entry) { return entry.first.series == measurement.series; });
    if (owner == m_volumes.end())
        return std::nullopt;
    const Volume& volume = owner->second->volume();
    const Stack& stack = owner->second->stack();
    const PatientPoint& first = measurement.patientPoints.front();
    PlacedMeasurement placed;
    placed.stack = owner->first;
    // As it is on screen; else on the plane of the volume it was made on; else on one of its own directions.
    for (size_t i = 0; i < m_state.viewports.size() && !placed.image; ++i) {
        const ViewportState& viewport = m_state.viewports[i];
        if (viewport.content != ViewportState::Content::Plane || !(viewport.stack == owner->first))
            continue;
        const ShownFrame frame = shown(static_cast<int>(i));
        if (!frame.plane || !frame.image)
            continue;
        if (const auto flat = onShownPlane(measurement, frame)) {
            placed.measurement = *flat;
            placed.image = frame.image;
            placed.pixels = frame.pixels;
        }
    }
    for (const Orientation orientation : {Orientation::Axial, Orientation::Coronal, Orientation::Sagittal}) {
        if (placed.image)
            break;
        const SlicePlane plane = planeOfIndex(volume, orientation, indexOfPlane(volume, orientation, first));
        const auto flat = onPlane(measurement, plane, plane.pixelMm * 0.5);
        if (!flat)
            continue;
        placed.measurement = *flat;
        placed.image = describePlane(volume, plane, *stack.frames.front().image);
        if (owner->second->isDrawable())
            placed.pixels = reslice(owner->second->volume(), plane, measurement.slab);
    }
    if (!placed.image) {
        if (measurement.planeRow.length() < 0.5)
            return std::nullopt;
        const SlicePlane plane = planeAround(measurement, standardPlane(volume, Orientation::Axial, first).pixelMm);
        const auto flat = onPlane(measurement, plane, plane.pixelMm * 0.5);
        if (!flat)
            return std::nullopt;
        placed.measurement = *flat;
        placed.image = describePlane(volume, plane, *stack.frames.front().image);
        if (owner->second->isDrawable())
            placed.pixels = reslice(owner->second->volume(), plane, measurement.slab);
    }
    const auto slice = std::clamp<long>(std::lround(volume.toVoxel(first).z), 0, volume.slices - 1);
    placed.index = static_cast<int>(std::min(static_cast<size_t>(slice), stack.frames.size() - 1));
    const FrameRef& ref = stack.frames[static_cast<size_t>(placed.index)];
    placed.object = {ref.image->sopClass, ref.image->instance};
    placed.objectFrame = ref.frame;
    return placed;
}

std::optional<PlacedMeasurement> ViewerController::placed(const QString& id) {
    const Measurement* measurement = m_measurements.find(id);
    if (!measurement)
        return std::nullopt;
    return measurement->patientPoints.empty() ? placedOnStack(*measurement) : placedOnPlane(*measurement);
}

MeasurementResult ViewerController::resultOn(const Measurement& measurement, const ShownFrame& shown) {
    MeasurementResult result;
    if (!shown.image)
        return result;
    const auto known = m_results.constFind(measurement.id);
    if (!measurement.id.isEmpty() && known != m_results.constEnd() && known->measurement == measurement &&
        known->frame == shown.frame && known->image.lock() == shown.image && known->pixels.lock() == shown.pixels) {
        result = known->result;
    } else {
        result = evaluate(measurement, *shown.image, shown.frame, shown.pixels);
        if (!measurement.id.isEmpty()) {
            if (m_results.size() >= knownResultsAtMost)
                m_results.clear();
            m_results.insert(measurement.id, {measurement, shown.image, shown.pixels, shown.frame, result});
        }
    }
    if (measurement.kind == MeasurementKind::VolumeContour && !measurement.group.isEmpty())
        if (const auto volume = volumeOfGroup(measurement.group))
            result.also.push_back({*volume, QStringLiteral("mm3"), result.value.calibration});
    return result;
}

MeasurementResult ViewerController::resultOf(const QString& id) {
    const auto where = placed(id);
    if (!where)
        return {};
    ShownFrame frame;
    frame.image = where->image;
    frame.frame = where->frame;
    frame.pixels = where->pixels;
    return resultOn(where->measurement, frame);
}

std::optional<double> ViewerController::volumeOfGroup(const QString& group) {
    std::vector<ContourSlice> slices;
    double sliceDistance = 0.0;
    std::optional<PatientVector> normal;
    for (const Measurement& m : m_measurements.all()) {
        if (m.group != group || group.isEmpty())
            continue;
        ContourSlice slice;
        PatientVector own;
        std::vector<ImagePoint> corners = m.points;
        if (m.patientPoints.empty()) {
            int stackIndex = 0, index = 0;
            if (!m_studies.locate(m.series, {m.instance, m.frame}, stackIndex, index))
                return std::nullopt;
            const Stack* stack = m_studies.stack({m.series, stackIndex});
            const FrameDescription& description = stack->frames[static_cast<size_t>(index)].description();
            const MeasuredValue area = areaOf(description.spacing, m.kind, m.points);
            if (!description.plane || area.unit != QLatin1String("mm2"))
                return std::nullopt;
            own = description.plane->normal();
            slice = {description.plane->position.dot(own), area.value};
            sliceDistance = stack->sliceDistanceMm;
        } else {
            own = normalOf(m);
            for (const PatientPoint& point : m.patientPoints)
                corners.push_back({point.dot(m.planeRow), point.dot(m.planeColumn)});
            slice = {m.patientPoints.front().dot(own), polygonArea(corners)};
            const auto owner = std::find_if(m_volumes.begin(), m_volumes.end(),
                                            [&](const auto& entry) { return entry.first.series == m.series; });
            if (owner == m_volumes.end())
                return std::nullopt;
            // One plane to the next: the voxel's size along the normal where the plane is one of the grid's.
            const Volume& volume = owner->second->volume();
            sliceDistance = standardPlane(volume, Orientation::Axial, m.patientPoints.front()).pixelMm;
            for (const auto& [direction, mm] : {std::pair{volume.column, volume.rowMm},
                                                {volume.row, volume.columnMm},
                                                {volume.slice, volume.sliceMm}})
                if (std::abs(direction.dot(own)) > parallel)
                    sliceDistance = mm;
        }
        if (!isSimplePolygon(corners))
            return std::nullopt;
        if (normal && std::abs(normal->dot(own)) < parallel)
            return std::nullopt;
        if (normal && normal->dot(own) < 0.0)
            slice.positionMm = -slice.positionMm;
        if (!normal)
            normal = own;
        slices.push_back(slice);
    }
    return contourVolume(std::move(slices), sliceDistance);
}

bool ViewerController::showOnPlane(const Measurement& measurement) {
    StackKey key{measurement.series, 0};
    const ViewportState* active = viewport(m_state.active);
    if (active && active->stack.series == measurement.series)
        key = active->stack;
    const auto planeViewport = [&] {
        for (size_t i = 0; i < m_state.viewports.size(); ++i) {
            const ShownFrame frame = shown(static_cast<int>(i));
            if (frame.plane && m_state.viewports[i].stack.series == measurement.series &&
                onPlane(measurement, *frame.plane, frame.plane->pixelMm * 0.5))
                return static_cast<int>(i);
        }
        return -1;
    };
    if (!m_state.mpr || !active || active->stack.series != measurement.series) {
        if (m_state.mpr)
            toggleMpr();
        if (const ViewportState* now = viewport(m_state.active); !now || !(now->stack == key))
            showStack(m_state.active, key);
        if (!mprPossible(m_state.active))
            return false;
        toggleMpr();
    }
    PatientPoint middle{};
    for (const PatientPoint& point : measurement.patientPoints)
        middle = middle + point * (1.0 / static_cast<double>(measurement.patientPoints.size()));
    const VolumeBuilder* builder = ensureVolume(key);
    if (!builder)
        return false;
    crosshair(key, builder->volume()).centre = middle;
    followCrosshair(key);
    int found = planeViewport();
    if (found < 0 && measurement.planeRow.length() > 0.5) { // on none of these planes: the cross-hair is turned to it
        const HeldPlane held = frameHolding(builder->volume(), middle, measurement.planeRow, measurement.planeColumn);
        crosshair(key, builder->volume()) = held.frame;
        followCrosshair(key);
        found = planeViewport();
    }
    if (found < 0)
        return false;
    if (readsPixels(measurement.kind))
        setSlab(found, measurement.slab);
    setActive(found);
    return true;
}

bool ViewerController::showMeasurement(const QString& id) {
    const Measurement* found = m_measurements.find(id);
    if (!found)
        return false;
    const Measurement measurement = *found;
    m_measurements.select(id);
    if (!measurement.patientPoints.empty())
        return showOnPlane(measurement);
    int stackIndex = 0, index = 0;
    if (!m_studies.locate(measurement.series, {measurement.instance, measurement.frame}, stackIndex, index))
        return false;
    const StackKey key{measurement.series, stackIndex};
    const auto shows = [&](int i) {
        const ViewportState* v = viewport(i);
        return v && v->content == ViewportState::Content::Stack && v->stack == key;
    };
    if (m_state.mpr)
        toggleMpr();
    int target = m_state.active;
    for (int i = 0; i < static_cast<int>(m_state.viewports.size()) && !shows(target); ++i)
        if (shows(i))
            target = i;
    if (!shows(target))
        showStack(target, key);
    setActive(target);
    scrollTo(target, index);
    return true;
}

std::optional<ReportMeasurement> ViewerController::reportMeasurement(const QString& id, const QString& name) {
    const auto where = placed(id);
    if (!where)
        return std::nullopt;
    const MeasurementResult result = resultOf(id);
    if (result.needsPixels || result.value.unit.isEmpty())
        return std::nullopt;
    ReportMeasurement report;
    report.id = id;
    report.name = name;
    report.series = where->stack.series;
    report.object = where->object;
    report.frame = where->objectFrame + 1;
    report.value = result.value.value;
    report.unit = result.value.unit;
    if (where->measurement.kind == MeasurementKind::VolumeContour) {
        if (!result.also.empty() && result.also.back().unit == QLatin1String("mm3")) {
            report.value = result.also.back().value;
            report.unit = result.also.back().unit;
        }
    } else if (result.roi) {
        report.value = result.roi->mean;
        report.unit = ucumUnit(result.roiUnit);
    }
    return report;
}

} // namespace yz
