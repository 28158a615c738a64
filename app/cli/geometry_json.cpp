#include "geometry_json.h"

namespace yz::cli {

QString findingName(GeometryFinding::Kind kind) {
    using Kind = GeometryFinding::Kind;
    switch (kind) {
    case Kind::NoPosition:
        return QStringLiteral("noPosition");
    case Kind::MissingSlices:
        return QStringLiteral("missingSlices");
    case Kind::UnevenSpacing:
        return QStringLiteral("unevenSpacing");
    case Kind::DuplicatePosition:
        return QStringLiteral("duplicatePosition");
    case Kind::GantryTilt:
        return QStringLiteral("gantryTilt");
    case Kind::MixedMatrix:
        return QStringLiteral("mixedMatrix");
    case Kind::MixedOrientation:
        return QStringLiteral("mixedOrientation");
    case Kind::TooFewSlices:
        return QStringLiteral("tooFewSlices");
    case Kind::NoSpacing:
        return QStringLiteral("noSpacing");
    case Kind::SidewaysShift:
        return QStringLiteral("sidewaysShift");
    case Kind::WideGap:
        return QStringLiteral("wideGap");
    case Kind::Colour:
        return QStringLiteral("colour");
    case Kind::DeepValues:
        return QStringLiteral("deepValues");
    case Kind::SteepTilt:
        return QStringLiteral("steepTilt");
    }
    return {};
}

QString splitName(StackSplit::By by) {
    using By = StackSplit::By;
    switch (by) {
    case By::Localizer:
        return QStringLiteral("localizer");
    case By::FrameOfReference:
        return QStringLiteral("frameOfReference");
    case By::StackId:
        return QStringLiteral("stackId");
    case By::Orientation:
        return QStringLiteral("orientation");
    case By::View:
        return QStringLiteral("view");
    case By::Clip:
        return QStringLiteral("clip");
    case By::Matrix:
        return QStringLiteral("matrix");
    case By::Component:
        return QStringLiteral("complexComponent");
    case By::FrameType:
        return QStringLiteral("frameType");
    case By::Segment:
        return QStringLiteral("segment");
    case By::EchoTime:
        return QStringLiteral("echoTime");
    case By::EchoNumber:
        return QStringLiteral("echoNumber");
    case By::BValue:
        return QStringLiteral("bValue");
    case By::DiffusionDirection:
        return QStringLiteral("diffusionDirection");
    case By::InversionTime:
        return QStringLiteral("inversionTime");
    case By::FlipAngle:
        return QStringLiteral("flipAngle");
    case By::KiloVolt:
        return QStringLiteral("kiloVolt");
    case By::Kernel:
        return QStringLiteral("kernel");
    case By::TemporalPosition:
        return QStringLiteral("temporalPosition");
    case By::TimeOffset:
        return QStringLiteral("timeOffset");
    case By::CyclePhase:
        return QStringLiteral("cyclePhase");
    case By::TriggerTime:
        return QStringLiteral("triggerTime");
    case By::Acquisition:
        return QStringLiteral("acquisition");
    case By::DimensionIndex:
        return QStringLiteral("dimensionIndex");
    case By::TimeOrder:
        return QStringLiteral("timeOrder");
    case By::InstanceOrder:
        return QStringLiteral("instanceOrder");
    }
    return {};
}

QJsonArray toJson(const PatientVector& vector) { return {vector.x, vector.y, vector.z}; }

QJsonObject toJson(const GeometryFinding& finding) {
    QJsonObject json{{"kind", findingName(finding.kind)}, {"value", finding.value}, {"at", finding.at}};
    if (finding.most > 0.0)
        json["distancesMm"] = QJsonArray{finding.least, finding.most};
    return json;
}

QJsonObject toJson(const StackSplit& split) {
    QJsonObject json{{"by", splitName(split.by)}, {"index", split.index}, {"count", split.count}};
    if (!split.text.isEmpty())
        json["text"] = split.text;
    else if (split.hasValue)
        json["value"] = split.value;
    return json;
}

QJsonObject gridJson(const Volume& volume) {
    return {{"columns", volume.columns},
            {"rows", volume.rows},
            {"slices", volume.slices},
            {"spacingMm", QJsonArray{volume.columnMm, volume.rowMm, volume.sliceMm}},
            {"originMm", toJson(volume.origin)},
            {"rowDirection", toJson(volume.row)},
            {"columnDirection", toJson(volume.column)},
            {"sliceDirection", toJson(volume.slice)},
            {"frameOfReferenceUid", volume.frameOfReference.value()},
            {"tiltCorrectedDeg", volume.tiltCorrectedDeg},
            {"resampled", volume.isResampled()},
            {"interpolatedSlices", volume.interpolatedCount()},
            {"unit", volume.unit}};
}

QJsonObject toJson(const Stack& stack) {
    QJsonArray findings;
    for (const GeometryFinding& finding : stack.findings)
        findings.append(toJson(finding));
    QJsonArray splits;
    for (const StackSplit& split : stack.splits)
        splits.append(toJson(split));
    QJsonObject json{{"frames", static_cast<int>(stack.frames.size())},
                     {"sortedByGeometry", stack.sortedByGeometry},
                     {"sliceDistanceMm", stack.sliceDistanceMm},
                     {"splitBy", splits},
                     {"findings", findings}};
    if (!stack.frames.empty()) {
        const FrameRef& first = stack.frames.front();
        json["columns"] = first.image->columns;
        json["rows"] = first.image->rows;
        json["pixelSpacingMm"] = QJsonArray{first.description().spacing.columnMm, first.description().spacing.rowMm};
        if (first.description().plane) {
            json["firstPositionMm"] = toJson(first.description().plane->position);
            json["rowDirection"] = toJson(first.description().plane->row);
            json["columnDirection"] = toJson(first.description().plane->column);
        }
        if (const FrameRef& last = stack.frames.back(); last.description().plane)
            json["lastPositionMm"] = toJson(last.description().plane->position);
    }
    if (const Result<std::shared_ptr<Volume>> volume = planVolume(stack)) {
        json["volume"] = gridJson(**volume);
    } else {
        QJsonObject refusal{{"error", errorName(volume.error().code)}, {"detail", volume.error().detail}};
        if (const auto obstacle = volumeObstacle(stack))
            refusal["obstacle"] = toJson(*obstacle);
        json["noVolume"] = refusal;
    }
    return json;
}

} // namespace yz::cli
