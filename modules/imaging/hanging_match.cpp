#include "imaging/hanging.h"

#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <cmath>

namespace yz {
namespace {

bool isAlike(const QString& a, const QString& b) { return a.trimmed().compare(b.trimmed(), Qt::CaseInsensitive) == 0; }

/// Plane in which a series was acquired, by its dominant axis.
QString planeName(const HangingSeries& series) {
    if (!series.plane)
        return {};
    constexpr double kClear = 0.8; // within 37 degrees
    const PatientVector normal = series.plane->normal().normalized();
    if (std::abs(normal.z) >= kClear)
        return QStringLiteral("axial");
    if (std::abs(normal.y) >= kClear)
        return QStringLiteral("coronal");
    if (std::abs(normal.x) >= kClear)
        return QStringLiteral("sagittal");
    return QStringLiteral("oblique");
}

bool holdsText(const HangingRule& rule, const QString& text) {
    if (rule.op == QLatin1String("equals"))
        return isAlike(text, rule.value);
    if (rule.op == QLatin1String("contains"))
        return text.contains(rule.value, Qt::CaseInsensitive);
    if (rule.op == QLatin1String("matches"))
        return QRegularExpression(rule.value, QRegularExpression::CaseInsensitiveOption |
                                                  QRegularExpression::UseUnicodePropertiesOption)
            .match(text)
            .hasMatch();
    return false;
}

bool holdsAny(const HangingRule& rule, const QStringList& texts) {
    return std::any_of(texts.begin(), texts.end(), [&](const QString& text) { return holdsText(rule, text); });
}

bool holdsNumber(const HangingRule& rule, int number) {
    const int value = rule.value.toInt();
    if (rule.op == QLatin1String("atLeast"))
        return number >= value;
    if (rule.op == QLatin1String("atMost"))
        return number <= value;
    return rule.op == QLatin1String("equals") && number == value;
}

/// Values of a text attribute of a series; "a|b" is both together.
QStringList textsOf(const HangingSeries& series, const QString& attribute) {
    if (attribute.contains(u'|')) {
        QStringList texts;
        const QStringList parts = attribute.split(u'|');
        for (const QString& part : parts)
            texts << textsOf(series, part);
        return texts;
    }
    if (attribute == QLatin1String("modality"))
        return {series.modality};
    if (attribute == QLatin1String("bodyPart"))
        return {series.bodyPart};
    if (attribute == QLatin1String("description"))
        return {series.description};
    if (attribute == QLatin1String("viewPosition"))
        return {series.viewPosition};
    if (attribute == QLatin1String("laterality"))
        return {series.laterality};
    if (attribute == QLatin1String("imageType"))
        return series.imageType;
    if (attribute == QLatin1String("plane"))
        return {planeName(series)};
    return {};
}

/// Values of a text attribute of a study: its own and those of all its series.
QStringList textsOf(const HangingStudy& study, const QString& attribute) {
    QStringList texts;
    const QStringList parts = attribute.split(u'|');
    if (parts.contains(QLatin1String("modality")))
        texts << study.modality;
    if (parts.contains(QLatin1String("bodyPart")))
        texts << study.bodyPart;
    if (parts.contains(QLatin1String("description")))
        texts << study.description;
    for (const HangingSeries& series : study.series)
        texts << textsOf(series, attribute);
    return texts;
}

/// Region of the body under its many names; empty when it is not said.
QString regionOf(const HangingStudy& study) {
    struct Region {
        QLatin1String name;
        QStringView words;
    };
    static constexpr std::array<Region, 6> kRegions{{{QLatin1String("chest"), u"CHEST|THORAX|LUNG|胸|肺"},
                                                     {QLatin1String("head"), u"HEAD|BRAIN|SKULL|CRANI|头|颅|脑"},
                                                     {QLatin1String("neck"), u"NECK|CSPINE|C-SPINE|颈"},
                                                     {QLatin1String("abdomen"), u"ABD|LIVER|KIDNEY|腹|肝|肾"},
                                                     {QLatin1String("pelvis"), u"PELVI|HIP|盆|髋"},
                                                     {QLatin1String("spine"), u"SPINE|LUMBAR|椎|脊柱"}}};
    const QStringList texts =
        textsOf(study, QStringLiteral("bodyPart")) + textsOf(study, QStringLiteral("description"));
    for (const QString& text : texts) {
        for (const Region& region : kRegions) {
            const QRegularExpression words(region.words.toString(), QRegularExpression::CaseInsensitiveOption);
            if (words.match(text).hasMatch())
                return region.name;
        }
    }
    return study.bodyPart.trimmed().toLower();
}

QString modalityGroup(const HangingStudy& study) {
    QString modality = study.modality.trimmed().toUpper();
    if (modality.isEmpty() && !study.series.empty())
        modality = study.series.front().modality.trimmed().toUpper();
    return modality == QLatin1String("CR") || modality == QLatin1String("DR") ? QStringLiteral("DX") : modality;
}

/// Priors that one would compare with: same kind of examination, and not of another region.
std::vector<const HangingStudy*> comparablePriors(const HangingInput& input) {
    std::vector<const HangingStudy*> priors;
    const QString group = modalityGroup(input.current);
    const QString region = regionOf(input.current);
    for (const HangingStudy& prior : input.priors) {
        const QString priorRegion = regionOf(prior);
        if (modalityGroup(prior) == group && (region.isEmpty() || priorRegion.isEmpty() || region == priorRegion))
            priors.push_back(&prior);
    }
    return priors;
}

bool holdsForSeries(const HangingRule& rule, const HangingSeries& series) {
    if (rule.attribute == QLatin1String("frameCount"))
        return holdsNumber(rule, series.frameCount);
    return holdsAny(rule, textsOf(series, rule.attribute));
}

bool holdsForInput(const HangingRule& rule, const HangingInput& input) {
    if (rule.attribute == QLatin1String("priorCount"))
        return holdsNumber(rule, static_cast<int>(comparablePriors(input).size()));
    if (rule.attribute == QLatin1String("seriesCount"))
        return holdsNumber(rule, static_cast<int>(input.current.series.size()));
    if (rule.attribute == QLatin1String("frameCount"))
        return std::any_of(input.current.series.begin(), input.current.series.end(),
                           [&](const HangingSeries& series) { return holdsNumber(rule, series.frameCount); });
    return holdsAny(rule, textsOf(input.current, rule.attribute));
}

QString ruleText(const HangingRule& rule) { return rule.attribute + u' ' + rule.op + u' ' + rule.value; }

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

/// Best series of a study for a viewport; none when a required rule holds for no series.
const HangingSeries* pick(const HangingViewport& viewport, const HangingStudy& study,
                          const std::vector<HangingSlot>& placed) {
    std::optional<Candidate> best;
    for (const HangingSeries& series : study.series) {
        if (viewport.kind.startsWith(QLatin1String("mpr-")) && !series.canFormVolume)
            continue;
        Candidate candidate{&series};
        bool isPossible = true;
        for (const HangingRule& rule : viewport.select) {
            const bool holds = holdsForSeries(rule, series);
            isPossible = isPossible && (holds || !rule.required);
            candidate.score += holds ? rule.weight : 0.0;
        }
        for (const HangingSlot& slot : placed) {
            if (!slot.series || !isSameStack(*slot.series, series))
                continue;
            candidate.isShown = true;
            // The same pictures twice in the same way help nobody; another window or plane does.
            isPossible =
                isPossible && (slot.viewport.kind != viewport.kind || slot.viewport.preset != viewport.preset ||
                               slot.viewport.inverted != viewport.inverted);
        }
        if (isPossible && (!best || isBetter(candidate, *best)))
            best = candidate;
    }
    return best ? best->series : nullptr;
}

} // namespace

std::vector<HangingScore> rankProtocols(const std::vector<HangingProtocol>& protocols, const HangingInput& input) {
    std::vector<HangingScore> scores;
    for (const HangingProtocol& protocol : protocols) {
        HangingScore score{&protocol, true, 0.0, {}};
        for (const HangingRule& rule : protocol.match) {
            if (holdsForInput(rule, input)) {
                score.score += rule.weight;
                score.reasons << QStringLiteral("+%1 %2").arg(rule.weight).arg(ruleText(rule));
            } else if (rule.required) {
                score.matches = false;
                score.reasons << QStringLiteral("- required %1").arg(ruleText(rule));
            } else {
                score.reasons << QStringLiteral("+0 %1").arg(ruleText(rule));
            }
        }
        scores.push_back(std::move(score));
    }
    std::stable_sort(scores.begin(), scores.end(), [](const HangingScore& a, const HangingScore& b) {
        return a.matches != b.matches ? a.matches : a.score > b.score;
    });
    return scores;
}

std::vector<HangingSlot> assignSeries(const HangingStage& stage, const HangingInput& input) {
    const std::vector<const HangingStudy*> priors = comparablePriors(input);
    std::vector<HangingSlot> placed;
    for (const HangingViewport& viewport : stage.viewports) {
        HangingSlot slot{viewport, std::nullopt, std::nullopt};
        const HangingStudy* study = nullptr;
        if (viewport.study == 0)
            study = &input.current;
        else if (viewport.study > 0 && static_cast<size_t>(viewport.study) <= priors.size())
            study = priors[static_cast<size_t>(viewport.study) - 1];
        if (study) {
            if (const HangingSeries* series = pick(viewport, *study, placed)) {
                slot.study = study->study;
                slot.series = *series;
            }
        }
        placed.push_back(std::move(slot));
    }
    return placed;
}

} // namespace yz
