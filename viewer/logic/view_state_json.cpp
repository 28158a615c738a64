#include "viewer/viewer_controller.h"

#include <QBitArray>
#include <QJsonArray>
#include <algorithm>
#include <cmath>

// The reading state in the draft: what it takes to find the page as it was left.
namespace yz {

namespace {

QString contentName(ViewportState::Content content) {
    switch (content) {
    case ViewportState::Content::Stack:
        return QStringLiteral("stack");
    case ViewportState::Content::Plane:
        return QStringLiteral("plane");
    case ViewportState::Content::Volume:
        return QStringLiteral("volume");
    case ViewportState::Content::Curved:
        return QStringLiteral("curved");
    case ViewportState::Content::Empty:
        break;
    }
    return QStringLiteral("empty");
}

QJsonArray pointToJson(const PatientPoint& point) { return {point.x, point.y, point.z}; }
PatientPoint pointFromJson(const QJsonValue& json) {
    return {json[0].toDouble(), json[1].toDouble(), json[2].toDouble()};
}

QJsonObject fusionToJson(const FusionState& f) {
    QJsonObject json{{QStringLiteral("series"), f.overlay.series.value()},
                     {QStringLiteral("stack"), f.overlay.stack},
                     {QStringLiteral("palette"), f.palette},
                     {QStringLiteral("opacity"), f.opacity}};
    if (f.windowIsSet) {
        json.insert(QStringLiteral("center"), f.window.center);
        json.insert(QStringLiteral("width"), f.window.width);
    }
    return json;
}

FusionState fusionFromJson(const QJsonObject& json) {
    FusionState f;
    f.overlay = {SeriesUid(json[u"series"].toString()), json[u"stack"].toInt()};
    f.palette = json[u"palette"].toString();
    f.opacity = std::clamp(json[u"opacity"].toDouble(0.5), 0.0, 1.0);
    if (json.contains(u"width")) {
        f.window = {json[u"center"].toDouble(), std::max(json[u"width"].toDouble(1.0), 1e-3), {}};
        f.windowIsSet = true;
    }
    return f;
}

QJsonObject volumeToJson(const VolumeView& v) {
    QJsonArray box;
    for (const double side : v.box)
        box.append(side);
    return {{QStringLiteral("right"), pointToJson(v.facing.right)},
            {QStringLiteral("down"), pointToJson(v.facing.down)},
            {QStringLiteral("mip"), v.isMip},
            {QStringLiteral("rendering"), v.rendering},
            {QStringLiteral("shift"), v.shiftHu},
            {QStringLiteral("box"), box}};
}

VolumeView volumeFromJson(const QJsonObject& json) {
    VolumeView v;
    const VolumeFacing facing{pointFromJson(json[u"right"]), pointFromJson(json[u"down"])};
    if (std::abs(facing.into().length() - 1.0) < 1e-6) // unit vectors at right angles, or not at all
        v.facing = facing;
    v.isMip = json[u"mip"].toBool();
    v.rendering = json[u"rendering"].toString();
    v.shiftHu = json[u"shift"].toDouble();
    const QJsonArray box = json[u"box"].toArray();
    for (qsizetype i = 0; i < 6 && box.size() == 6; ++i)
        v.box[static_cast<size_t>(i)] = std::clamp(box[i].toDouble(), 0.0, 1.0);
    return v;
}

QJsonObject viewportToJson(const ViewportState& v) {
    QJsonObject json{{QStringLiteral("row"), v.row},
                     {QStringLiteral("column"), v.column},
                     {QStringLiteral("rowSpan"), v.rowSpan},
                     {QStringLiteral("columnSpan"), v.columnSpan},
                     {QStringLiteral("content"), contentName(v.content)},
                     {QStringLiteral("empty"), v.emptyText},
                     {QStringLiteral("label"), v.label},
                     {QStringLiteral("facing"), v.facing},
                     {QStringLiteral("wantedJustify"), v.justify},
                     {QStringLiteral("touched"), v.touched}};
    if (v.content == ViewportState::Content::Empty)
        return json;
    json.insert(QStringLiteral("series"), v.stack.series.value());
    json.insert(QStringLiteral("stack"), v.stack.stack);
    json.insert(QStringLiteral("orientation"), static_cast<int>(v.orientation));
    if (v.slab.isThick()) {
        json.insert(QStringLiteral("slab"), slabName(v.slab.mode));
        json.insert(QStringLiteral("slabMm"), v.slab.thicknessMm);
    }
    json.insert(QStringLiteral("index"), v.index);
    json.insert(QStringLiteral("instance"), v.anchor.instance.value());
    json.insert(QStringLiteral("frame"), v.anchor.frame);
    json.insert(QStringLiteral("preset"), v.presetId);
    json.insert(QStringLiteral("inverted"), v.display.inverted);
    json.insert(QStringLiteral("planeWanted"), v.planeWanted);
    if (v.displayIsSet) {
        json.insert(QStringLiteral("center"), v.display.window.center);
        json.insert(QStringLiteral("width"), v.display.window.width);
        json.insert(QStringLiteral("function"), static_cast<int>(v.display.function));
        if (v.display.voiLut)
            json.insert(QStringLiteral("lut"), *v.display.voiLut);
    }
    if (v.fusion)
        json.insert(QStringLiteral("fusion"), fusionToJson(*v.fusion));
    if (v.content == ViewportState::Content::Volume)
        json.insert(QStringLiteral("volume"), volumeToJson(v.volume));
    if (!v.presentation.isEmpty())
        json.insert(QStringLiteral("presentation"), v.presentation.value());
    if (!v.displayOf.isEmpty())
        json.insert(QStringLiteral("displayOf"), v.displayOf.value());
    json.insert(QStringLiteral("displayItem"), v.displayItem);
    json.insert(QStringLiteral("readersWindow"), v.displayIsReaders);
    json.insert(QStringLiteral("zoom"), v.view.zoom);
    json.insert(QStringLiteral("panX"), v.view.panX);
    json.insert(QStringLiteral("panY"), v.view.panY);
    json.insert(QStringLiteral("turns"), v.view.quarterTurns);
    json.insert(QStringLiteral("mirrored"), v.view.mirrored);
    json.insert(QStringLiteral("justify"), v.view.justify);
    json.insert(QStringLiteral("size"), static_cast<int>(v.view.size));
    return json;
}

ViewportState viewportFromJson(const QJsonObject& json) {
    ViewportState v;
    v.row = std::clamp(json[u"row"].toInt(), 0, 9);
    v.column = std::clamp(json[u"column"].toInt(), 0, 9);
    v.rowSpan = std::clamp(json[u"rowSpan"].toInt(1), 1, 9);
    v.columnSpan = std::clamp(json[u"columnSpan"].toInt(1), 1, 9);
    v.emptyText = json[u"empty"].toString();
    v.label = json[u"label"].toString();
    v.facing = json[u"facing"].toString();
    v.justify = std::clamp(json[u"wantedJustify"].toInt(), -1, 1);
    v.touched = json[u"touched"].toBool();
    const QString content = json[u"content"].toString();
    v.content = content == QLatin1String("stack")    ? ViewportState::Content::Stack
                : content == QLatin1String("plane")  ? ViewportState::Content::Plane
                : content == QLatin1String("volume") ? ViewportState::Content::Volume
                : content == QLatin1String("curved") ? ViewportState::Content::Curved
                                                     : ViewportState::Content::Empty;
    v.stack = {SeriesUid(json[u"series"].toString()), json[u"stack"].toInt()};
    v.orientation = static_cast<Orientation>(std::clamp(json[u"orientation"].toInt(), 0, 2));
    v.slab = {slabOfName(json[u"slab"].toString()),
              std::clamp(json[u"slabMm"].toDouble(), 0.0, ViewerController::slabMostMm)};
    v.index = std::max(0, json[u"index"].toInt());
    v.anchor = {InstanceUid(json[u"instance"].toString()), json[u"frame"].toInt()};
    v.presetId = json[u"preset"].toString();
    v.display.inverted = json[u"inverted"].toBool();
    v.planeWanted = json[u"planeWanted"].toBool();
    if (json.contains(u"width")) {
        v.display.window.center = json[u"center"].toDouble();
        v.display.window.width = json[u"width"].toDouble(1.0);
        v.display.function = static_cast<VoiFunction>(std::clamp(json[u"function"].toInt(), 0, 2));
        if (json.contains(u"lut"))
            v.display.voiLut = json[u"lut"].toInt();
        v.displayIsSet = true;
    }
    if (json.contains(u"fusion"))
        v.fusion = fusionFromJson(json[u"fusion"].toObject());
    if (v.content == ViewportState::Content::Volume)
        v.volume = volumeFromJson(json[u"volume"].toObject());
    v.presentation = InstanceUid(json[u"presentation"].toString());
    v.displayItem = json[u"displayItem"].toInt(-1);
    v.displayIsReaders = json[u"readersWindow"].toBool();
    v.displayOf = InstanceUid(json[u"displayOf"].toString());
    v.view.zoom = std::clamp(json[u"zoom"].toDouble(1.0), 0.1, 40.0);
    v.view.panX = json[u"panX"].toDouble();
    v.view.panY = json[u"panY"].toDouble();
    v.view.quarterTurns = (json[u"turns"].toInt() % 4 + 4) % 4;
    v.view.mirrored = json[u"mirrored"].toBool();
    v.view.justify = std::clamp(json[u"justify"].toInt(), -1, 1);
    v.view.size = static_cast<ViewAdjustment::Size>(std::clamp(json[u"size"].toInt(), 0, 2));
    return v;
}

QJsonObject crosshairToJson(const StackKey& key, const MprFrame& frame) {
    QJsonArray normals, looks;
    for (const PatientVector& normal : frame.normals)
        normals.append(pointToJson(normal));
    for (const PatientPoint& look : frame.looks)
        looks.append(pointToJson(look));
    return {{QStringLiteral("series"), key.series.value()},
            {QStringLiteral("stack"), key.stack},
            {QStringLiteral("point"), pointToJson(frame.centre)},
            {QStringLiteral("normals"), normals},
            {QStringLiteral("looks"), looks}};
}

/// Normals that are not square to each other are left out: the planes are then the patient's.
MprFrame crosshairFromJson(const QJsonObject& json) {
    MprFrame frame;
    frame.centre = pointFromJson(json[u"point"]);
    const QJsonArray normals = json[u"normals"].toArray(), looks = json[u"looks"].toArray();
    if (looks.size() == 3)
        for (qsizetype i = 0; i < 3; ++i)
            frame.looks[static_cast<size_t>(i)] = pointFromJson(looks[i]);
    else
        frame.looks.fill(frame.centre);
    if (normals.size() != 3)
        return frame;
    constexpr double near = 1e-6;
    const std::array read{pointFromJson(normals[0]), pointFromJson(normals[1]), pointFromJson(normals[2])};
    const bool isSquare = std::abs(read[0].length() - 1.0) < near && std::abs(read[1].length() - 1.0) < near &&
                          (read[1].cross(read[0]) - read[2]).length() < near;
    if (isSquare)
        frame.normals = read;
    return frame;
}

} // namespace

QJsonObject ViewerController::saveState() const {
    QJsonArray viewports;
    for (const ViewportState& viewport : m_state.viewports)
        viewports.append(viewportToJson(viewport));
    QJsonArray crosshairs;
    for (const auto& [key, frame] : m_crosshairs)
        crosshairs.append(crosshairToJson(key, frame));
    QJsonArray paths;
    for (const auto& [key, path] : m_paths) {
        QJsonArray points;
        for (const PatientPoint& point : path.points)
            points.append(pointToJson(point));
        paths.append(QJsonObject{{QStringLiteral("series"), key.series.value()},
                                 {QStringLiteral("stack"), key.stack},
                                 {QStringLiteral("points"), points},
                                 {QStringLiteral("normal"), pointToJson(path.normal)},
                                 {QStringLiteral("finished"), path.isFinished}});
    }
    // Seen marks: one bit a frame, in the order of the stacks; instances are too many to name.
    QJsonObject seen;
    for (auto marks = m_seen.constBegin(); marks != m_seen.constEnd(); ++marks) {
        const LoadedSeries* series = m_studies.series(marks.key());
        if (!series)
            continue;
        int count = 0;
        for (const Stack& stack : series->stacks)
            count += static_cast<int>(stack.frames.size());
        QBitArray bits(count);
        int at = 0;
        for (const Stack& stack : series->stacks)
            for (const FrameRef& frame : stack.frames)
                bits.setBit(at++, marks->contains({frame.image->instance, frame.frame}));
        const QByteArray bytes(bits.bits(), (count + 7) / 8);
        seen.insert(marks.key().value(), QJsonObject{{QStringLiteral("frames"), count},
                                                     {QStringLiteral("bits"), QString::fromLatin1(bytes.toBase64())}});
    }
    for (auto pending = m_seenToRestore.constBegin(); pending != m_seenToRestore.constEnd(); ++pending)
        if (!seen.contains(pending.key().value()))
            seen.insert(pending.key().value(), *pending);
    return {{QStringLiteral("version"), 1},
            {QStringLiteral("rows"), m_state.rows},
            {QStringLiteral("columns"), m_state.columns},
            {QStringLiteral("active"), m_state.active},
            {QStringLiteral("linked"), m_state.linked},
            {QStringLiteral("windowLinked"), m_state.windowLinked},
            {QStringLiteral("zoomLinked"), m_state.zoomLinked},
            {QStringLiteral("handLinks"), handLinksToJson()},
            {QStringLiteral("keyImages"), m_keyImages.toJson()},
            {QStringLiteral("mpr"), m_state.mpr},
            {QStringLiteral("protocol"), m_state.protocolId},
            {QStringLiteral("stage"), m_state.stage},
            {QStringLiteral("held"), m_hangingHeld},
            {QStringLiteral("viewports"), viewports},
            {QStringLiteral("crosshairs"), crosshairs},
            {QStringLiteral("paths"), paths},
            {QStringLiteral("seen"), seen},
            {QStringLiteral("measurements"), m_measurements.toJson()}};
}

void ViewerController::restoreState(const QJsonObject& json) {
    if (json[u"version"].toInt() != 1)
        return;
    m_measurements.load(json[u"measurements"].toArray());
    for (const QJsonValue& value : json[u"crosshairs"].toArray()) {
        m_crosshairs[{SeriesUid(value[u"series"].toString()), value[u"stack"].toInt()}] =
            crosshairFromJson(value.toObject());
    }
    for (const QJsonValue& value : json[u"paths"].toArray()) {
        DrawnPath path;
        for (const QJsonValue& point : value[u"points"].toArray())
            path.points.push_back(pointFromJson(point));
        path.normal = pointFromJson(value[u"normal"]);
        path.isFinished = value[u"finished"].toBool();
        if (!path.points.empty() && path.points.size() <= 200 && path.normal.length() > 0.5)
            m_paths[{SeriesUid(value[u"series"].toString()), value[u"stack"].toInt()}] = path;
    }
    const QJsonObject seen = json[u"seen"].toObject();
    for (auto entry = seen.constBegin(); entry != seen.constEnd(); ++entry)
        m_seenToRestore.insert(SeriesUid(entry.key()), entry->toObject());
    std::vector<ViewportState> viewports;
    for (const QJsonValue& value : json[u"viewports"].toArray())
        viewports.push_back(viewportFromJson(value.toObject()));
    if (viewports.empty() || viewports.size() > 20)
        return;
    m_state.rows = std::clamp(json[u"rows"].toInt(1), 1, 9);
    m_state.columns = std::clamp(json[u"columns"].toInt(1), 1, 9);
    m_state.active = json[u"active"].toInt();
    m_state.linked = json[u"linked"].toBool(true);
    m_state.windowLinked = json[u"windowLinked"].toBool();
    m_state.zoomLinked = json[u"zoomLinked"].toBool();
    handLinksFromJson(json[u"handLinks"].toArray());
    m_keyImages.load(json[u"keyImages"].toObject());
    m_state.mpr = json[u"mpr"].toBool();
    m_state.protocolId = json[u"protocol"].toString();
    m_state.stage = std::max(0, json[u"stage"].toInt());
    // A page that was only hung, not worked in, may still be hung again by what arrives.
    m_hangingHeld = json[u"held"].toBool();
    m_beforeMpr.reset();
    setViewports(std::move(viewports));
    for (size_t i = 0; i < m_state.viewports.size(); ++i)
        reanchor(static_cast<int>(i));
    restoreSeen();
    hang();
    schedulePlan();
    Q_EMIT layoutChanged();
    Q_EMIT stateChanged();
}

void ViewerController::restoreSeen() {
    for (auto pending = m_seenToRestore.begin(); pending != m_seenToRestore.end();) {
        const LoadedSeries* series = m_studies.series(pending.key());
        int count = 0;
        if (series)
            for (const Stack& stack : series->stacks)
                count += static_cast<int>(stack.frames.size());
        const QByteArray bytes = QByteArray::fromBase64((*pending)[u"bits"].toString().toLatin1());
        if (!series || series->waiting > 0 || count != (*pending)[u"frames"].toInt() ||
            bytes.size() < (count + 7) / 8) {
            ++pending;
            continue;
        }
        int at = 0;
        QSet<FrameKey>& marks = m_seen[pending.key()];
        for (const Stack& stack : series->stacks) {
            for (const FrameRef& frame : stack.frames) {
                if ((bytes[at / 8] >> (at % 8)) & 1)
                    marks.insert({frame.image->instance, frame.frame});
                ++at;
            }
        }
        Q_EMIT seriesChanged(pending.key());
        pending = m_seenToRestore.erase(pending);
    }
}

} // namespace yz
