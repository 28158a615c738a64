#include "imaging/stack_split.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>

namespace yz {
namespace {

using By = StackSplit::By;

constexpr double kSamePositionMm = 0.005;
constexpr double kSameValueShare = 1e-3; ///< values this close are one (a TE of 4.92 and of 4.921)
constexpr size_t kWholePart = 3;         ///< places from which a part may be a volume of its own
constexpr size_t kMostDimensionIndexes = 16;

/// A frame's value in one dimension; no value at all is a value of its own and comes first.
struct Value {
    bool isThere = false;
    double number = 0.0;
    QString text;
};

struct Dimension {
    By by;
    std::function<Value(const FrameRef&)> valueOf;
};

template <typename Number> Value valueOf(const std::optional<Number>& number) {
    return number ? Value{true, static_cast<double>(*number), {}} : Value{};
}

Value positive(int number) { return number > 0 ? Value{true, static_cast<double>(number), {}} : Value{}; }

Value words(const QString& text) { return text.isEmpty() ? Value{} : Value{true, 0.0, text}; }

const FrameDimensions& dimensionsOf(const FrameRef& frame) { return frame.description().dimensions; }

QString frameTypeOf(const FrameRef& frame) {
    const QStringList& own = dimensionsOf(frame).frameType;
    return (own.isEmpty() ? frame.image->imageType : own).join(u'\\');
}

QString matrixOf(const FrameRef& frame) {
    const PixelSpacing& spacing = frame.description().spacing;
    return QStringLiteral("%1 x %2, %3 x %4 mm")
        .arg(frame.image->columns)
        .arg(frame.image->rows)
        .arg(spacing.columnMm, 0, 'f', 3)
        .arg(spacing.rowMm, 0, 'f', 3);
}

/// What a series may be split by, in the order in which it is tried: what changes the meaning of the values first, time
/// last.
const std::vector<Dimension>& dimensions() {
    static const std::vector<Dimension> all = [] {
        std::vector<Dimension> list{
            {By::Matrix, [](const FrameRef& f) { return words(matrixOf(f)); }},
            {By::Component, [](const FrameRef& f) { return words(dimensionsOf(f).complexComponent); }},
            {By::FrameType, [](const FrameRef& f) { return words(frameTypeOf(f)); }},
            {By::Segment, [](const FrameRef& f) { return positive(dimensionsOf(f).segment); }},
            {By::EchoTime, [](const FrameRef& f) { return valueOf(dimensionsOf(f).echoTimeMs); }},
            {By::EchoNumber, [](const FrameRef& f) { return valueOf(dimensionsOf(f).echoNumber); }},
            {By::BValue, [](const FrameRef& f) { return valueOf(dimensionsOf(f).bValue); }},
            {By::DiffusionDirection, [](const FrameRef& f) { return words(dimensionsOf(f).diffusionDirection); }},
            {By::InversionTime, [](const FrameRef& f) { return valueOf(dimensionsOf(f).inversionTimeMs); }},
            {By::FlipAngle, [](const FrameRef& f) { return valueOf(dimensionsOf(f).flipAngleDeg); }},
            {By::KiloVolt, [](const FrameRef& f) { return valueOf(dimensionsOf(f).kiloVolt); }},
            {By::Kernel, [](const FrameRef& f) { return words(dimensionsOf(f).kernel); }},
            {By::TemporalPosition, [](const FrameRef& f) { return positive(f.description().temporalIndex); }},
            {By::TimeOffset, [](const FrameRef& f) { return valueOf(dimensionsOf(f).temporalOffsetMs); }},
            {By::CyclePhase, [](const FrameRef& f) { return valueOf(dimensionsOf(f).phasePercent); }},
            {By::TriggerTime, [](const FrameRef& f) { return valueOf(dimensionsOf(f).triggerMs); }},
            {By::Acquisition, [](const FrameRef& f) { return valueOf(dimensionsOf(f).acquisitionNumber); }},
        };
        for (size_t i = 0; i < kMostDimensionIndexes; ++i)
            list.push_back({By::DimensionIndex, [i](const FrameRef& f) {
                                const auto& index = dimensionsOf(f).dimensionIndex;
                                return i < index.size() ? Value{true, static_cast<double>(index[i]), {}} : Value{};
                            }});
        return list;
    }();
    return all;
}

double along(const FrameRef& frame, const PatientVector& normal) {
    return frame.description().plane->position.dot(normal);
}

bool byTimeThenInstance(const FrameRef& a, const FrameRef& b) {
    const int timeA = a.description().temporalIndex;
    const int timeB = b.description().temporalIndex;
    if (timeA != timeB)
        return timeA < timeB;
    const auto& offsetA = dimensionsOf(a).temporalOffsetMs;
    const auto& offsetB = dimensionsOf(b).temporalOffsetMs;
    if (offsetA && offsetB && *offsetA != *offsetB)
        return *offsetA < *offsetB;
    return byInstance(a, b);
}

struct Part {
    Value value;
    Frames frames;
};

/// Frames with one value together: numbers ascending, words in the order of their first instance.
std::vector<Part> partition(const Frames& frames, const Dimension& dimension) {
    std::vector<std::pair<Value, const FrameRef*>> values;
    values.reserve(frames.size());
    for (const FrameRef& frame : frames)
        values.emplace_back(dimension.valueOf(frame), &frame);
    const auto isBefore = [](const auto& a, const auto& b) {
        const Value& x = a.first;
        const Value& y = b.first;
        if (x.isThere != y.isThere)
            return y.isThere;
        return x.number != y.number ? x.number < y.number : x.text < y.text;
    };
    std::stable_sort(values.begin(), values.end(), isBefore);
    std::vector<Part> parts;
    for (const auto& [value, frame] : values) {
        const bool isSame = !parts.empty() && parts.back().value.isThere == value.isThere &&
                            parts.back().value.text == value.text &&
                            std::abs(parts.back().value.number - value.number) <=
                                kSameValueShare * std::max(std::abs(value.number), 1e-3);
        if (!isSame)
            parts.push_back({value, {}});
        parts.back().frames.push_back(*frame);
    }
    const bool isWords = std::any_of(parts.begin(), parts.end(), [](const Part& p) { return !p.value.text.isEmpty(); });
    if (isWords) {
        const auto first = [](const Part& part) {
            return *std::min_element(part.frames.begin(), part.frames.end(), byInstance);
        };
        std::stable_sort(parts.begin(), parts.end(),
                         [&](const Part& a, const Part& b) { return byInstance(first(a), first(b)); });
    }
    return parts;
}

size_t mostAtOnePlace(const std::vector<Frames>& positions) {
    size_t most = 0;
    for (const Frames& position : positions)
        most = std::max(most, position.size());
    return most;
}

/// Whether the parts are stacks that lie over one another: there are no more of them than frames at one place, or each
/// could stand alone; and fewer frames share a place than before. (An acquisition time that differs from slice to slice
/// makes as many parts as there are slices.)
bool tellsApart(const std::vector<Part>& parts, const std::vector<Frames>& positions, const PatientVector& normal) {
    if (parts.size() < 2)
        return false;
    const size_t most = mostAtOnePlace(positions);
    size_t places = 0;
    bool isEachWhole = true;
    for (const Part& part : parts) {
        const size_t own = positionsOf(part.frames, normal).size();
        places += own;
        isEachWhole = isEachWhole && own >= kWholePart;
    }
    return places > positions.size() && (parts.size() <= most || isEachWhole);
}

/// Several frames at one place only: a clip stays a clip. What its values mean still sets frames apart.
bool tellsClipsApart(By by, const std::vector<Part>& parts, size_t frames) {
    if (parts.size() < 2)
        return false;
    const bool isMeaning = by == By::Component || by == By::FrameType;
    return by == By::Matrix || by == By::Segment || (isMeaning && 2 * parts.size() <= frames);
}

StackSplit splitOf(By by, const Part& part, size_t index, size_t count) {
    return {by,
            part.value.isThere,
            part.value.number,
            part.value.text,
            static_cast<int>(index) + 1,
            static_cast<int>(count)};
}

/// One frame of each place to each part, by rank.
std::vector<SplitPart> dealOut(const std::vector<Frames>& positions, By by, const std::vector<StackSplit>& before) {
    const size_t count = mostAtOnePlace(positions);
    std::vector<SplitPart> parts(count);
    for (size_t rank = 0; rank < count; ++rank) {
        parts[rank].splits = before;
        parts[rank].splits.push_back(
            {by, true, static_cast<double>(rank + 1), {}, static_cast<int>(rank) + 1, static_cast<int>(count)});
        for (const Frames& position : positions)
            if (rank < position.size())
                parts[rank].frames.push_back(position[rank]);
    }
    return parts;
}

using Moment = std::optional<double>(const FrameRef&);
std::optional<double> triggerOf(const FrameRef& frame) { return dimensionsOf(frame).triggerMs; }
std::optional<double> acquiredOf(const FrameRef& frame) { return dimensionsOf(frame).acquiredMs; }

/// Sorts each place by a moment; false when that does not order the frames of every place.
bool sortByMoment(std::vector<Frames>& positions, Moment momentOf) {
    for (Frames& position : positions) {
        if (!std::all_of(position.begin(), position.end(), [&](const FrameRef& f) { return momentOf(f).has_value(); }))
            return false;
        std::stable_sort(position.begin(), position.end(),
                         [&](const FrameRef& a, const FrameRef& b) { return *momentOf(a) < *momentOf(b); });
        for (size_t i = 1; i < position.size(); ++i)
            if (!(*momentOf(position[i - 1]) < *momentOf(position[i])))
                return false;
    }
    return true;
}

void split(Frames frames, const PatientVector& normal, std::vector<bool> used, const std::vector<StackSplit>& before,
           std::vector<SplitPart>& result) {
    std::vector<Frames> positions = positionsOf(frames, normal);
    const size_t most = mostAtOnePlace(positions);
    if (most > 1) {
        for (size_t d = 0; d < dimensions().size(); ++d) {
            if (used[d])
                continue;
            const Dimension& dimension = dimensions()[d];
            const std::vector<Part> parts = partition(frames, dimension);
            const bool isApart = positions.size() > 1 ? tellsApart(parts, positions, normal)
                                                      : tellsClipsApart(dimension.by, parts, frames.size());
            if (!isApart)
                continue;
            used[d] = true;
            for (size_t i = 0; i < parts.size(); ++i) {
                std::vector<StackSplit> splits = before;
                splits.push_back(splitOf(dimension.by, parts[i], i, parts.size()));
                split(parts[i].frames, normal, used, splits, result);
            }
            return;
        }
    }
    if (most > 1 && positions.size() > 1) {
        size_t fewest = most;
        for (const Frames& position : positions)
            fewest = std::min(fewest, position.size());
        // A run that was broken off lacks the last time point at some places; a few doubles are no time points.
        const bool isAlmostEven = fewest == most || (most > 2 && fewest + 1 == most);
        for (Moment* momentOf : {triggerOf, acquiredOf}) {
            std::vector<Frames> inTime = positions;
            if (!isAlmostEven || !sortByMoment(inTime, momentOf))
                continue;
            for (SplitPart& part : dealOut(inTime, By::TimeOrder, before))
                result.push_back(std::move(part));
            return;
        }
        if (fewest == most) {
            for (SplitPart& part : dealOut(positions, By::InstanceOrder, before))
                result.push_back(std::move(part));
            return;
        }
    }
    result.push_back({std::move(frames), before});
}

} // namespace

bool byInstance(const FrameRef& a, const FrameRef& b) {
    if (a.image->instanceNumber != b.image->instanceNumber)
        return a.image->instanceNumber < b.image->instanceNumber;
    if (a.image->instance != b.image->instance)
        return a.image->instance < b.image->instance;
    return a.frame < b.frame;
}

std::vector<Frames> positionsOf(Frames frames, const PatientVector& normal) {
    std::stable_sort(frames.begin(), frames.end(),
                     [&](const FrameRef& a, const FrameRef& b) { return along(a, normal) < along(b, normal); });
    std::vector<Frames> positions;
    for (const FrameRef& frame : frames) {
        if (positions.empty() || along(frame, normal) - along(positions.back().front(), normal) >= kSamePositionMm)
            positions.emplace_back();
        positions.back().push_back(frame);
    }
    for (Frames& position : positions)
        std::stable_sort(position.begin(), position.end(), byTimeThenInstance);
    return positions;
}

std::vector<SplitPart> splitByDimensions(Frames frames, const PatientVector& normal) {
    std::vector<SplitPart> result;
    split(std::move(frames), normal, std::vector<bool>(dimensions().size(), false), {}, result);
    return result;
}

} // namespace yz
