#include "viewer/viewer_controller.h"

#include <QJsonArray>
#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

// What viewports do together beyond scrolling by position: registration by hand, window, zoom, the point in space.
namespace yz {

namespace {

constexpr double parallel = 0.99; // |cos| between normals of stacks that may scroll together

const PlanePosition* planeAt(const Stack& stack, int index) {
    if (stack.frames.empty())
        return nullptr;
    const auto last = static_cast<int>(stack.frames.size()) - 1;
    const auto& plane = stack.frames[static_cast<size_t>(std::clamp(index, 0, last))].description().plane;
    return plane ? &*plane : nullptr;
}

/// A frame of reference keeps its link whichever of its series is shown; without one the link is the series'.
QString spaceOf(const Stack& stack) {
    const ImageDescription& image = *stack.frames.front().image;
    return stack.frames.front().description().plane && !image.frameOfReference.isEmpty()
               ? image.frameOfReference.value()
               : image.series.value();
}

int nearestFrame(const Stack& stack, const PatientPoint& point, const PatientVector& normal) {
    int nearest = 0;
    double best = std::numeric_limits<double>::max();
    for (int i = 0; i < static_cast<int>(stack.frames.size()); ++i) {
        const PlanePosition* plane = planeAt(stack, i);
        const double distance = plane ? std::abs((plane->position - point).dot(normal)) : best;
        if (distance < best) {
            best = distance;
            nearest = i;
        }
    }
    return nearest;
}

} // namespace

bool ViewerController::linkHere(int index) {
    const ViewportState* own = viewport(index);
    const Stack* stack = own && own->content == ViewportState::Content::Stack ? m_studies.stack(own->stack) : nullptr;
    if (!stack || stack->frames.empty())
        return false;
    bool linked = false;
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        const ViewportState& other = m_state.viewports[i];
        const Stack* there = m_studies.stack(other.stack);
        if (static_cast<int>(i) == index || other.content != ViewportState::Content::Stack || !there ||
            there->frames.empty())
            continue;
        const PlanePosition *a = planeAt(*stack, own->index), *b = planeAt(*there, other.index);
        const QString from = spaceOf(*stack), to = spaceOf(*there);
        const bool isSpatial = a && b;
        if (from == to || (a == nullptr) != (b == nullptr) ||
            (isSpatial && std::abs(a->normal().dot(b->normal())) < parallel))
            continue;
        HandLink link{from, to, {}, 0.0, other.index - own->index};
        if (isSpatial) {
            link.normal = a->normal();
            link.shiftMm = (b->position - a->position).dot(link.normal);
        }
        std::erase_if(m_handLinks, [&](const HandLink& some) {
            return (some.from == from && some.to == to) || (some.from == to && some.to == from);
        });
        m_handLinks.push_back(link);
        linked = true;
    }
    if (!linked)
        return false;
    m_state.linked = true;
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
    return true;
}

void ViewerController::forgetHandLinks() {
    m_handLinks.clear();
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
}

std::optional<int> ViewerController::linkedByHand(const Stack& own, int index, const Stack& other) const {
    const QString from = spaceOf(own), to = spaceOf(other);
    for (const HandLink& link : m_handLinks) {
        const bool isForward = link.from == from && link.to == to;
        if (!isForward && !(link.from == to && link.to == from))
            continue;
        const double sign = isForward ? 1.0 : -1.0;
        const PlanePosition* plane = planeAt(own, index);
        if (!plane || link.normal.length() == 0.0)
            return std::clamp(index + static_cast<int>(sign) * link.frames, 0,
                              static_cast<int>(other.frames.size()) - 1);
        return nearestFrame(other, plane->position + link.normal * (sign * link.shiftMm), link.normal);
    }
    return std::nullopt;
}

void ViewerController::setWindowLinked(bool linked) {
    m_state.windowLinked = linked;
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
}

void ViewerController::setZoomLinked(bool linked) {
    m_state.zoomLinked = linked;
    if (linked)
        followZoom(m_state.active);
    Q_EMIT stateChanged();
    Q_EMIT draftChanged();
}

void ViewerController::followWindow(int index) {
    if (!m_state.windowLinked)
        return;
    const ViewportState own = *viewport(index);
    const LoadedSeries* series = m_studies.series(own.stack.series);
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& other = m_state.viewports[i];
        const LoadedSeries* there = m_studies.series(other.stack.series);
        // A window means the same in the same kind of values only.
        if (static_cast<int>(i) == index || other.content == ViewportState::Content::Empty || !series || !there ||
            series->record.modality != there->record.modality)
            continue;
        other.display.window = own.display.window;
        other.display.voiLut.reset();
        other.displayIsSet = true;
        other.presetId = own.presetId;
        other.touched = true;
        Q_EMIT viewportChanged(static_cast<int>(i));
    }
}

void ViewerController::followZoom(int index) {
    const ViewportState* shown = viewport(index);
    if (!m_state.zoomLinked || !shown)
        return;
    const ViewAdjustment own = shown->view;
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& other = m_state.viewports[i];
        if (static_cast<int>(i) == index || other.content == ViewportState::Content::Empty)
            continue;
        other.view.zoom = own.zoom;
        other.view.panX = own.panX;
        other.view.panY = own.panY;
        other.view.size = own.size;
        other.touched = true;
        Q_EMIT viewportChanged(static_cast<int>(i));
        redrawReferenceMarks(static_cast<int>(i));
    }
}

bool ViewerController::setSpacePoint(int index, ImagePoint at) {
    const ShownFrame here = shown(index);
    if (!here.image || here.image->frameOfReference.isEmpty())
        return false;
    SpacePoint space{here.image->frameOfReference, {}};
    const FrameDescription& frame = here.image->frame(here.frame);
    if (here.plane)
        space.point = here.plane->at(at.x, at.y);
    else if (frame.plane && frame.spacing.calibration != Calibration::None)
        space.point = frame.plane->position + frame.plane->row * (at.x * frame.spacing.columnMm) +
                      frame.plane->column * (at.y * frame.spacing.rowMm);
    else
        return false;
    m_state.spacePoint = space;
    for (size_t i = 0; i < m_state.viewports.size(); ++i) {
        ViewportState& other = m_state.viewports[i];
        const int number = static_cast<int>(i);
        const Stack* stack = m_studies.stack(other.stack);
        if (!stack || stack->frames.empty() || other.content == ViewportState::Content::Empty ||
            stack->frames.front().image->frameOfReference != space.frameOfReference)
            continue;
        if (other.content == ViewportState::Content::Plane) {
            if (const VolumeBuilder* builder = ensureVolume(other.stack)) {
                crosshair(other.stack, builder->volume()).centre = space.point;
                followCrosshair(other.stack);
            }
            continue;
        }
        const PlanePosition* plane = planeAt(*stack, other.index);
        if (number != index && plane) {
            const int target = nearestFrame(*stack, space.point, plane->normal());
            if (target != other.index) {
                m_directions[i] = target > other.index ? 1 : -1;
                place(other, target);
                viewportMoved(number);
            }
        }
        Q_EMIT viewportChanged(number);
    }
    return true;
}

void ViewerController::clearSpacePoint() {
    if (!m_state.spacePoint)
        return;
    m_state.spacePoint.reset();
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        Q_EMIT viewportChanged(static_cast<int>(i));
}

std::optional<ImagePoint> ViewerController::spacePointOn(const ShownFrame& shown) const {
    if (!m_state.spacePoint || !shown.image || shown.plane ||
        shown.image->frameOfReference != m_state.spacePoint->frameOfReference)
        return std::nullopt;
    const FrameDescription& frame = shown.image->frame(shown.frame);
    if (!frame.plane || frame.spacing.calibration == Calibration::None)
        return std::nullopt;
    const PatientVector way = m_state.spacePoint->point - frame.plane->position;
    // In this slice, not in a neighbour of it.
    if (std::abs(way.dot(frame.plane->normal())) > std::max(frame.sliceThicknessMm, 1.0) * 0.5 + 0.01)
        return std::nullopt;
    return ImagePoint{way.dot(frame.plane->row) / frame.spacing.columnMm,
                      way.dot(frame.plane->column) / frame.spacing.rowMm};
}

QJsonArray ViewerController::handLinksToJson() const {
    QJsonArray links;
    for (const HandLink& link : m_handLinks)
        links.append(QJsonObject{{QStringLiteral("from"), link.from},
                                 {QStringLiteral("to"), link.to},
                                 {QStringLiteral("normal"), QJsonArray{link.normal.x, link.normal.y, link.normal.z}},
                                 {QStringLiteral("shiftMm"), link.shiftMm},
                                 {QStringLiteral("frames"), link.frames}});
    return links;
}

void ViewerController::handLinksFromJson(const QJsonArray& json) {
    m_handLinks.clear();
    for (const QJsonValue& value : json) {
        const QJsonArray normal = value[u"normal"].toArray();
        m_handLinks.push_back({value[u"from"].toString(),
                               value[u"to"].toString(),
                               {normal.at(0).toDouble(), normal.at(1).toDouble(), normal.at(2).toDouble()},
                               value[u"shiftMm"].toDouble(),
                               value[u"frames"].toInt()});
    }
}

// Key images

bool ViewerController::markKeyImage(int index, bool toggles) {
    const ShownFrame frame = shown(index);
    if (!frame.image || frame.plane)
        return false;
    const bool isMarked = m_keyImages.isMarked(frame.image->instance, frame.frame);
    if (isMarked && !toggles)
        return true;
    m_keyImages.mark({{frame.image->series, {frame.image->sopClass, frame.image->instance}, {frame.frame}},
                      frame.state ? frame.state->instance : InstanceUid()},
                     !isMarked);
    return true;
}

bool ViewerController::showKeyImage(int direction) {
    const ViewportState* own = viewport(m_state.active);
    if (!own)
        return false;
    struct Place {
        size_t series;
        StackKey key;
        int index;
    };
    std::vector<Place> places;
    size_t number = 0;
    std::vector<SeriesUid> order;
    for (const LoadedStudy& study : m_studies.studies())
        for (const SeriesUid& series : study.series)
            order.push_back(series);
    const auto add = [&](const KeyObjectSelection::Item& item) {
        const SeriesUid series = m_studies.seriesOf(item.image.object.instance);
        int stack = 0, index = 0;
        const FrameKey frame{item.image.object.instance, item.image.frames.empty() ? 0 : item.image.frames.front()};
        if (!m_studies.locate(series, frame, stack, index))
            return;
        number = static_cast<size_t>(std::find(order.begin(), order.end(), series) - order.begin());
        const Place place{number, {series, stack}, index};
        if (std::none_of(places.begin(), places.end(),
                         [&](const Place& some) { return some.key == place.key && some.index == place.index; }))
            places.push_back(place);
    };
    for (const KeyObjectSelection::Item& item : m_keyImages.marks())
        add(item);
    for (const KeyObjectSelectionPtr& selection : m_keyImages.selections())
        std::for_each(selection->items.begin(), selection->items.end(), add);
    if (places.empty())
        return false;
    const auto rank = [](const Place& place) { return std::tuple(place.series, place.key.stack, place.index); };
    std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) { return rank(a) < rank(b); });
    const auto ownSeries =
        static_cast<size_t>(std::find(order.begin(), order.end(), own->stack.series) - order.begin());
    const Place now{ownSeries, own->stack, own->index};
    const Place* next = nullptr;
    if (direction >= 0) {
        const auto found =
            std::find_if(places.begin(), places.end(), [&](const Place& place) { return rank(place) > rank(now); });
        next = found == places.end() ? &places.front() : &*found;
    } else {
        const auto found =
            std::find_if(places.rbegin(), places.rend(), [&](const Place& place) { return rank(place) < rank(now); });
        next = found == places.rend() ? &places.back() : &*found;
    }
    const Place target = *next;
    if (!(own->stack == target.key) || own->content != ViewportState::Content::Stack)
        showStack(m_state.active, target.key);
    scrollTo(m_state.active, target.index);
    return true;
}

} // namespace yz
