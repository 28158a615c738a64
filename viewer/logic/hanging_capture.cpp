#include "viewer/hanging_capture.h"

#include <QRegularExpression>
#include <algorithm>
#include <cmath>

namespace yz {

namespace {

constexpr double modalityWeight = 3.0, partWeight = 6.0; // the shipped protocols' rules sum up to less
constexpr double descriptionWeight = 4.0, planeWeight = 3.0;
constexpr int stackFrom = 3;

HangingRule rule(const char* attribute, const QString& value, double weight, bool required = false) {
    return {QString::fromLatin1(attribute), QStringLiteral("equals"), value, weight, required};
}

QString planeOf(const HangingSeries& series) {
    for (const char* name : {"axial", "coronal", "sagittal", "oblique"}) {
        HangingProtocol probe; // the words are the matching's
        probe.match = {rule("plane", QString::fromLatin1(name), 1.0, true)};
        HangingInput input;
        input.current.series = {series};
        if (series.plane && scoreProtocol(probe, input).matches)
            return QString::fromLatin1(name);
    }
    return {};
}

std::vector<HangingRule> rulesFor(const HangingSeries& series, const HangingStudy& study) {
    std::vector<HangingRule> rules;
    const bool severalKinds = std::any_of(study.series.begin(), study.series.end(), [&](const HangingSeries& other) {
        return other.modality != series.modality;
    });
    if (severalKinds && !series.modality.isEmpty())
        rules.push_back(rule("modality", series.modality, 1.0, true));
    if (series.laterality == u"L" || series.laterality == u"R")
        rules.push_back(rule("laterality", series.laterality, 1.0, true));
    if (!series.viewPosition.isEmpty())
        rules.push_back(rule("viewPosition", series.viewPosition, 1.0, true));
    if (const QString plane = planeOf(series); !plane.isEmpty())
        rules.push_back(rule("plane", plane, planeWeight));
    if (!series.description.isEmpty())
        rules.push_back(rule("description", series.description, descriptionWeight));
    if (series.frameCount >= stackFrom)
        rules.push_back(
            {QStringLiteral("frameCount"), QStringLiteral("atLeast"), QString::number(stackFrom), 1.0, false});
    return rules;
}

const HangingSeries* find(const HangingStudy& study, const StackKey& key) {
    const auto found = std::find_if(study.series.begin(), study.series.end(), [&](const HangingSeries& series) {
        return series.series == key.series && series.stackIndex == key.stack;
    });
    return found == study.series.end() ? nullptr : &*found;
}

} // namespace

HangingStage capturedStage(const ViewerState& state, const HangingInput& input, const QString& name) {
    HangingStage stage;
    stage.name = name;
    stage.rows = state.rows;
    stage.columns = state.columns;
    stage.link = QLatin1String(state.linked ? "position" : "none");
    const std::vector<const HangingStudy*> priors = countedPriors({}, input);
    for (const ViewportState& shown : state.viewports) {
        HangingViewport viewport;
        viewport.row = shown.row;
        viewport.column = shown.column;
        viewport.rowSpan = shown.rowSpan;
        viewport.columnSpan = shown.columnSpan;
        viewport.label = shown.label;
        viewport.preset = shown.presetId;
        viewport.inverted = shown.display.inverted;
        viewport.orientation = shown.facing;
        viewport.justify = QLatin1String(shown.justify < 0 ? "left" : shown.justify > 0 ? "right" : "");
        if (shown.content == ViewportState::Content::Plane)
            viewport.kind = QLatin1String(shown.orientation == Orientation::Coronal    ? "mpr-coronal"
                                          : shown.orientation == Orientation::Sagittal ? "mpr-sagittal"
                                                                                       : "mpr-axial");
        if (shown.content == ViewportState::Content::Volume) {
            viewport.kind = QLatin1String(shown.volume.isMip ? "mip" : "volume");
            if (!shown.volume.isMip)
                viewport.rendering = shown.volume.rendering;
        }
        if (shown.content == ViewportState::Content::Plane && shown.slab.isThick())
            viewport.slab = {shown.slab.mode, std::max(1.0, std::round(shown.slab.thicknessMm))};
        const HangingSeries* series = find(input.current, shown.stack);
        if (series) {
            viewport.select = rulesFor(*series, input.current);
        } else {
            for (size_t i = 0; i < priors.size() && !series; ++i)
                if ((series = find(*priors[i], shown.stack))) {
                    viewport.study = static_cast<int>(i) + 1;
                    viewport.select = rulesFor(*series, *priors[i]);
                }
        }
        if (series && shown.fusion) {
            const HangingStudy& study =
                viewport.study == 0 ? input.current : *priors[static_cast<size_t>(viewport.study) - 1];
            if (const HangingSeries* overlay = find(study, shown.fusion->overlay)) {
                viewport.overlay = rulesFor(*overlay, study);
                viewport.palette = shown.fusion->palette;
                viewport.opacityPercent = static_cast<int>(std::lround(shown.fusion->opacity * 100.0));
            }
        }
        if (series || !viewport.label.isEmpty())
            stage.viewports.push_back(std::move(viewport));
    }
    return stage;
}

HangingProtocol capturedProtocol(const ViewerState& state, const HangingInput& input, const QString& name,
                                 const QString& stageName, const QStringList& taken) {
    HangingProtocol protocol;
    protocol.name = name;
    protocol.stages = {capturedStage(state, input, stageName)};
    const HangingStudy& study = input.current;
    if (!study.modality.isEmpty())
        protocol.match.push_back(rule("modality", study.modality, modalityWeight, true));
    if (!study.bodyPart.isEmpty())
        protocol.match.push_back(rule("bodyPart", study.bodyPart, partWeight, true));
    else if (!study.description.isEmpty())
        protocol.match.push_back(rule("description", study.description, partWeight, true));
    if (protocol.match.empty())
        protocol.match.push_back(
            {QStringLiteral("seriesCount"), QStringLiteral("atLeast"), QStringLiteral("1"), 1.0, true});
    QString stem = QString(study.modality + u'-' + study.bodyPart).toLower();
    stem.replace(QRegularExpression(QStringLiteral("[^a-z0-9]+")), QStringLiteral("-"));
    stem.remove(QRegularExpression(QStringLiteral("^-+|-+$")));
    for (int number = 1; protocol.id.isEmpty() || taken.contains(protocol.id); ++number)
        protocol.id = QStringLiteral("my-%1%2").arg(stem.isEmpty() ? QString() : QString(stem + u'-')).arg(number);
    return protocol;
}

} // namespace yz
