#include "imaging/hanging_texts.h"

#include <algorithm>

namespace yz {
namespace {

/// A series in the running for a viewport.
struct Candidate {
    const HangingSeries* series = nullptr;
    double score = 0.0;
    bool isShown = false; ///< already in another viewport of the stage
};

bool isBetter(const Candidate& a, const Candidate& b) {
    if (a.score != b.score)
        return a.score > b.score;
    if (a.isShown != b.isShown)
        return !a.isShown;
    if (a.series->seriesNumber != b.series->seriesNumber)
        return a.series->seriesNumber < b.series->seriesNumber;
    return a.series->stackIndex < b.series->stackIndex;
}

bool isSameStack(const HangingSeries& a, const HangingSeries& b) {
    return a.series == b.series && a.stackIndex == b.stackIndex;
}

/// Best series of a study for a viewport; none when a required rule holds for no series. `lacksVolume`: one would do
/// but for its geometry.
const HangingSeries* pick(const HangingViewport& viewport, const HangingStudy& study,
                          const std::vector<HangingSlot>& placed, bool& lacksVolume) {
    std::optional<Candidate> best;
    for (const HangingSeries& series : study.series) {
        Candidate candidate{&series};
        bool isPossible = true;
        for (const HangingRule& rule : viewport.select) {
            const bool holds = hanging::holdsForSeries(rule, series);
            isPossible = isPossible && (holds || !rule.required);
            candidate.score += holds ? rule.weight : 0.0;
        }
        for (const HangingSlot& slot : placed) {
            if (!slot.series || !isSameStack(*slot.series, series))
                continue;
            candidate.isShown = true;
            // The same pictures twice in the same way help nobody; another window or plane does.
            isPossible = isPossible &&
                         (slot.viewport.kind != viewport.kind || slot.viewport.preset != viewport.preset ||
                          slot.viewport.inverted != viewport.inverted || slot.viewport.overlay != viewport.overlay);
        }
        if (isPossible && viewport.kind != QLatin1String("stack") && !series.canFormVolume) {
            lacksVolume = true;
            continue;
        }
        if (isPossible && (!best || isBetter(candidate, *best)))
            best = candidate;
    }
    return best ? best->series : nullptr;
}

/// Best series of the study to lay over `base`.
const HangingSeries* pickOverlay(const HangingViewport& viewport, const HangingStudy& study,
                                 const HangingSeries& base) {
    std::optional<Candidate> best;
    for (const HangingSeries& series : study.series) {
        Candidate candidate{&series};
        bool isPossible = series.canFormVolume && !isSameStack(series, base);
        for (const HangingRule& rule : viewport.overlay) {
            const bool holds = hanging::holdsForSeries(rule, series);
            isPossible = isPossible && (holds || !rule.required);
            candidate.score += holds ? rule.weight : 0.0;
        }
        if (isPossible && (!best || isBetter(candidate, *best)))
            best = candidate;
    }
    return best ? best->series : nullptr;
}

} // namespace

std::vector<HangingSlot> assignSeries(const HangingProtocol& protocol, int stageIndex, const HangingInput& input) {
    if (stageIndex < 0 || static_cast<size_t>(stageIndex) >= protocol.stages.size())
        return {};
    const HangingStage& stage = protocol.stages[static_cast<size_t>(stageIndex)];
    const std::vector<const HangingStudy*> priors = countedPriors(protocol.priors, input);
    std::vector<HangingSlot> placed;
    for (const HangingViewport& viewport : stage.viewports) {
        HangingSlot slot{viewport, std::nullopt, std::nullopt, std::nullopt, {}};
        const HangingStudy* study = nullptr;
        if (viewport.study == 0)
            study = &input.current;
        else if (viewport.study > 0 && static_cast<size_t>(viewport.study) <= priors.size())
            study = priors[static_cast<size_t>(viewport.study) - 1];
        bool lacksVolume = false;
        const HangingSeries* series = study ? pick(viewport, *study, placed, lacksVolume) : nullptr;
        if (series) {
            slot.study = study->study;
            slot.series = *series;
            if (!viewport.overlay.empty())
                if (const HangingSeries* overlay = pickOverlay(viewport, *study, *series))
                    slot.overlay = *overlay;
        } else {
            slot.missing = !study               ? QStringLiteral("prior")
                           : lacksVolume        ? QStringLiteral("volume")
                           : viewport.study > 0 ? QStringLiteral("prior-series")
                                                : QStringLiteral("series");
        }
        placed.push_back(std::move(slot));
    }
    return placed;
}

namespace {

QChar opposite(QChar letter) {
    constexpr QStringView kLetters = u"LRAPHF", kOpposites = u"RLPAFH";
    const qsizetype at = kLetters.indexOf(letter);
    return at < 0 ? letter : kOpposites[at];
}

QString opposite(QString letters) {
    for (QChar& letter : letters)
        letter = opposite(letter);
    return letters;
}

/// How well an edge bears the wanted direction: its main letter counts most.
int agreement(const QString& edge, const QString& wanted) {
    if (edge.isEmpty() || wanted.isEmpty())
        return 0;
    if (edge.front() == wanted.front())
        return 4;
    if (edge.front() == opposite(wanted.front()))
        return -4;
    return edge.contains(wanted.front()) ? 1 : edge.contains(opposite(wanted.front())) ? -1 : 0;
}

} // namespace

HangingTurn turnTowards(const QString& sent, const QString& wanted) {
    const QString wantedRight = wanted.section(u'\\', 0, 0).trimmed(),
                  wantedBottom = wanted.section(u'\\', 1, 1).trimmed();
    const QString right = sent.section(u'\\', 0, 0).trimmed(), bottom = sent.section(u'\\', 1, 1).trimmed();
    HangingTurn best;
    int bestScore = 0;
    bool isFirst = true;
    for (const int turns : {0, 2, 1, 3}) {
        for (const bool mirrored : {false, true}) {
            // As viewer_state's edge letters: left and right change places, then the picture turns clockwise.
            QString edges[] = {opposite(bottom), right, bottom, opposite(right)}; // top, right, bottom, left
            if (mirrored)
                std::swap(edges[1], edges[3]);
            for (int turn = 0; turn < turns; ++turn)
                std::rotate(std::begin(edges), std::begin(edges) + 3, std::end(edges));
            const int score = 2 * agreement(edges[1], wantedRight) + agreement(edges[2], wantedBottom);
            if (isFirst || score > bestScore) {
                best = {turns, mirrored};
                bestScore = score;
                isFirst = false;
            }
        }
    }
    return best;
}

} // namespace yz
