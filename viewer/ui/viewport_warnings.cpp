#include "viewer_ui/viewport_warnings.h"

#include "uikit/error_text.h"
#include "uikit/person_text.h"
#include "viewer_ui/viewer_text.h"

#include <QCoreApplication>
#include <algorithm>

namespace yz {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ViewportWarnings)
};

/// Until all images are here it only says that they are not.
bool isGap(const GeometryFinding& finding) {
    using Kind = GeometryFinding::Kind;
    return finding.kind == Kind::MissingSlices || finding.kind == Kind::UnevenSpacing || finding.kind == Kind::WideGap;
}

} // namespace

std::vector<ViewportWarning> viewportWarnings(const ViewerController& controller, int index, const ShownFrame& shown) {
    std::vector<ViewportWarning> warnings;
    const ViewportState* viewport = controller.viewport(index);
    const LoadedSeries* series = viewport ? controller.studies().series(viewport->stack.series) : nullptr;
    if (!series)
        return warnings;
    const Patient patient =
        controller.studies().patientOf(shown.image ? shown.image->instance : InstanceUid{}, series->study);
    if (!patient.textRepair.isEmpty())
        warnings.push_back({formatTextRepair(patient.textRepair)});
    const Stack* stack = controller.studies().stack(viewport->stack);
    const LoadedStudy* study = controller.studies().study(series->study);
    const bool isArriving = controller.isRetrieving() && study && !study->isPrior;
    if (stack) {
        if (isArriving && std::any_of(stack->findings.begin(), stack->findings.end(), isGap))
            warnings.push_back({viewer_text::stillArriving()});
        for (const GeometryFinding& finding : stack->findings) {
            if ((isArriving || series->waiting > 0) && isGap(finding))
                continue;
            const QString text = viewer_text::finding(finding, series->record.modality);
            if (!text.isEmpty())
                warnings.push_back({text});
        }
    }
    if (!series->refused.empty())
        warnings.push_back({Text::tr("%n file(s) not shown: %1", nullptr, static_cast<int>(series->refused.size()))
                                .arg(errorSentence(series->refused.front().error)),
                            true});
    if (viewport->planeWanted && viewport->content == ViewportState::Content::Stack && stack && series->waiting == 0) {
        if (const Status possible = canFormVolume(*stack); !possible)
            warnings.push_back({Text::tr("No MPR: %1").arg(viewer_text::mprRefusal(stack, possible.error()))});
    }
    // A picture that is none of the patient's own planes, or thicker than a slice, says so whatever is switched off.
    if (shown.isOblique && shown.plane)
        warnings.push_back(
            {Text::tr("Oblique: %1° from %2, normal %3")
                 .arg(QString::number(shown.obliqueDeg, 'f', 1), viewer_text::orientation(viewport->orientation),
                      viewer_text::direction(shown.plane->normal()))});
    if (shown.curved)
        warnings.push_back({Text::tr("Curved along a path of %1 mm: bent picture, no measuring")
                                .arg(QString::number(shown.curved->lengthMm, 'f', 1))});
    if (shown.slab.isThick())
        warnings.push_back({Text::tr("Slab: %1").arg(viewer_text::slab(shown.slab))});
    if (const VolumeBuilder* over = viewport->fusion ? controller.volume(viewport->fusion->overlay) : nullptr) {
        if (over->volume().isResampled())
            warnings.push_back({Text::tr("Overlay resampled between slices")});
        if (over->failedCount() > 0)
            warnings.push_back(
                {Text::tr("%n slice(s) of the overlay could not be read", nullptr, over->failedCount()), true});
        if (!over->isComplete())
            warnings.push_back(
                {Text::tr("Overlay is loading: %1 of %2 slices").arg(over->filledCount()).arg(over->sliceCount())});
    }
    const VolumeBuilder* builder = shown.plane || shown.curved ? controller.volume(viewport->stack) : nullptr;
    if (!builder)
        return warnings;
    if (builder->volume().tiltCorrectedDeg != 0.0)
        warnings.push_back({Text::tr("Gantry tilt of %1° corrected")
                                .arg(QString::number(builder->volume().tiltCorrectedDeg, 'f', 1))});
    if (builder->volume().isResampled())
        warnings.push_back({Text::tr("Resampled: %1 of %2 planes are interpolated between slices")
                                .arg(builder->volume().interpolatedCount())
                                .arg(builder->volume().slices)});
    if (builder->failedCount() > 0)
        warnings.push_back(
            {Text::tr("%n slice(s) of the volume could not be read", nullptr, builder->failedCount()), true});
    if (builder->filledCount() + builder->failedCount() < builder->sliceCount())
        warnings.push_back(
            {Text::tr("Volume is loading: %1 of %2 slices").arg(builder->filledCount()).arg(builder->sliceCount())});
    return warnings;
}

} // namespace yz
