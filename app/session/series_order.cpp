#include "session/series_order.h"

#include <algorithm>

namespace yz {

namespace {

constexpr int kVolumeFrames = 20; // a scout has fewer images

HangingSeries sketchOf(const ListedSeries& listed) {
    HangingSeries series;
    series.series = listed.record.series;
    series.modality = listed.record.modality;
    series.description = listed.record.description;
    series.bodyPart = listed.record.bodyPart;
    series.seriesNumber = listed.record.seriesNumber;
    for (const InstanceRecord& instance : listed.record.instances)
        series.frameCount += std::max(1, instance.frameCount);
    series.canFormVolume = series.frameCount >= kVolumeFrames;
    return series;
}

} // namespace

std::vector<SeriesUid> seriesInHangingOrder(const std::vector<HangingProtocol>& protocols, const HangingInput& desk,
                                            const std::vector<ListedSeries>& listed) {
    HangingInput input;
    input.task = desk.task;
    input.screens = desk.screens;
    std::vector<const ListedSeries*> byNumber;
    for (const ListedSeries& each : listed)
        byNumber.push_back(&each);
    std::stable_sort(byNumber.begin(), byNumber.end(), [](const ListedSeries* a, const ListedSeries* b) {
        return a->record.seriesNumber < b->record.seriesNumber;
    });
    for (const ListedSeries* each : byNumber) {
        input.current.series.push_back(sketchOf(*each));
        if (input.current.modality.isEmpty())
            input.current.modality = each->record.modality;
        if (input.current.bodyPart.isEmpty())
            input.current.bodyPart = each->record.bodyPart;
    }
    std::vector<SeriesUid> order;
    const auto note = [&order](const SeriesUid& series) {
        if (std::find(order.begin(), order.end(), series) == order.end())
            order.push_back(series);
    };
    const std::vector<HangingScore> ranked = rankProtocols(protocols, input);
    if (!ranked.empty() && ranked.front().matches && !ranked.front().protocol->stages.empty())
        for (const HangingSlot& slot : assignSeries(*ranked.front().protocol, 0, input))
            if (slot.series && slot.viewport.study == 0)
                note(slot.series->series);
    for (const ListedSeries* each : byNumber)
        note(each->record.series);
    return order;
}

} // namespace yz
