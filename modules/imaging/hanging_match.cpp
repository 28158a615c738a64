#include "imaging/hanging_terms.h"
#include "imaging/hanging_texts.h"

#include <algorithm>

namespace yz {
namespace {

/// The values of a rule's attribute that the study and the workplace offer.
struct Offer {
    bool isNumber = false;
    std::vector<int> numbers;
    QStringList texts;
};

Offer offerOf(const HangingRule& rule, const HangingProtocol& protocol, const HangingInput& input) {
    const auto number = [](size_t count) { return Offer{true, {static_cast<int>(count)}, {}}; };
    if (rule.attribute == QLatin1String("priorCount"))
        return number(countedPriors(protocol.priors, input).size());
    if (rule.attribute == QLatin1String("seriesCount"))
        return number(input.current.series.size());
    if (rule.attribute == QLatin1String("screenCount"))
        return input.screens.empty() ? Offer{true, {}, {}} : number(input.screens.size());
    if (rule.attribute == hanging::kFrameCount) {
        Offer offer{true, {}, {}};
        for (const HangingSeries& series : input.current.series)
            offer.numbers.push_back(series.frameCount);
        return offer;
    }
    if (rule.attribute == QLatin1String("task"))
        return {false, {}, {input.task}};
    if (rule.attribute == QLatin1String("screenOrientation")) {
        Offer offer;
        for (const HangingScreen& screen : input.screens)
            offer.texts << (screen.heightPx > screen.widthPx ? QStringLiteral("portrait")
                                                             : QStringLiteral("landscape"));
        return offer;
    }
    return {false, {}, hanging::textsOf(input.current, rule.attribute)};
}

/// What there is, for people: a few distinct values.
QString spoken(const QStringList& values) {
    constexpr qsizetype kMost = 4;
    QStringList distinct;
    for (const QString& value : values)
        if (const QString trimmed = value.trimmed(); !trimmed.isEmpty() && !distinct.contains(trimmed))
            distinct << trimmed;
    const bool isCut = distinct.size() > kMost;
    return distinct.mid(0, kMost).join(QStringLiteral(", ")) + (isCut ? QStringLiteral(", …") : QString());
}

HangingReason reasonOf(const HangingRule& rule, const HangingProtocol& protocol, const HangingInput& input) {
    HangingReason reason{rule, false, {}};
    const Offer offer = offerOf(rule, protocol, input);
    QStringList all;
    if (offer.isNumber) {
        for (const int number : offer.numbers) {
            all << QString::number(number);
            if (!reason.holds && hanging::holdsNumber(rule, number)) {
                reason.holds = true;
                reason.found = all.back();
            }
        }
    } else {
        for (const QString& text : offer.texts) {
            all << text;
            if (!reason.holds && hanging::holdsText(rule, text)) {
                reason.holds = true;
                reason.found = text.trimmed();
            }
        }
    }
    if (!reason.holds)
        reason.found = spoken(all);
    return reason;
}

} // namespace

QStringList HangingScore::texts() const {
    QStringList texts;
    for (const HangingReason& reason : reasons) {
        const QString sign = reason.holds           ? QStringLiteral("+%1").arg(reason.rule.weight)
                             : reason.rule.required ? QStringLiteral("- required")
                                                    : QStringLiteral("+0");
        const QString found =
            reason.found.isEmpty() ? QStringLiteral("found nothing") : QString(QStringLiteral("found ") + reason.found);
        texts << QString(sign + u' ' + reason.rule.attribute + u' ' + reason.rule.op + u' ' + reason.rule.value +
                         QStringLiteral(" (") + found + u')');
    }
    if (matches && isHollow())
        texts << QStringLiteral("- pictures for %1 of %2 viewports").arg(filled).arg(places);
    return texts;
}

HangingScore scoreProtocol(const HangingProtocol& protocol, const HangingInput& input) {
    HangingScore score;
    score.protocol = &protocol;
    score.matches = true;
    for (const HangingRule& rule : protocol.match) {
        HangingReason reason = reasonOf(rule, protocol, input);
        if (reason.holds)
            score.score += rule.weight;
        else if (rule.required)
            score.matches = false;
        score.reasons.push_back(std::move(reason));
    }
    for (const HangingSlot& slot : assignSeries(protocol, 0, input)) {
        ++score.places;
        score.filled += slot.series ? 1 : 0;
    }
    return score;
}

std::vector<HangingScore> rankProtocols(const std::vector<HangingProtocol>& protocols, const HangingInput& input) {
    std::vector<HangingScore> scores;
    for (const HangingProtocol& protocol : protocols)
        scores.push_back(scoreProtocol(protocol, input));
    // While pictures still come, what is empty now says nothing: the screen would change under the reader.
    const auto isEmptier = [&](const HangingScore& score) { return input.isWhole && score.isHollow(); };
    std::stable_sort(scores.begin(), scores.end(), [&](const HangingScore& a, const HangingScore& b) {
        if (a.matches != b.matches)
            return a.matches;
        return isEmptier(a) != isEmptier(b) ? isEmptier(b) : a.score > b.score;
    });
    return scores;
}

} // namespace yz
