#include "imaging/hanging_texts.h"

#include <QRegularExpression>
#include <QSet>
#include <algorithm>
#include <array>

// Which earlier examinations one compares with.
namespace yz {
namespace {

struct Region {
    const char16_t* name;
    const char16_t* words;
};

/// Regions of the body under their many names. A vertebra is not what lies in front of it.
constexpr std::array<Region, 20> kRegions{{
    {u"spine-cervical", u"C-?SPINE|CERVICAL ?SPINE|颈椎"},
    {u"spine-thoracic", u"T-?SPINE|THORACIC ?SPINE|胸椎"},
    {u"spine-lumbar", u"L-?SPINE|LUMBAR|腰椎|腰骶"},
    {u"spine", u"SPINE|脊柱|脊髓"},
    {u"head", u"HEAD|BRAIN|SKULL|CRANI|头|颅|脑"},
    {u"neck", u"NECK|CAROTID|THYROID|颈(?!椎)|甲状腺"},
    {u"breast", u"BREAST|MAMMO|乳"},
    {u"chest", u"CHEST|THORAX|LUNG|HRCT|胸(?!椎)|肺"},
    {u"abdomen", u"ABD|LIVER|KIDNEY|RENAL|PANCREA|腹|肝|肾|胰"},
    {u"pelvis", u"PELVI|盆"},
    {u"heart", u"HEART|CARDIAC|CORONARY|心脏|心肌|冠状动脉|冠脉"},
    {u"shoulder", u"SHOULDER|CLAVIC|SCAPULA|肩|锁骨"},
    {u"elbow", u"ELBOW|肘"},
    {u"wrist", u"WRIST|腕"},
    {u"hand", u"HAND|FINGER|THUMB|手(?!术)|指"},
    {u"arm", u"HUMERUS|UPPER ?ARM|FOREARM|RADIUS|ULNA|上臂|前臂|肱骨|尺桡骨"},
    {u"hip", u"(?<![A-Z])HIP|髋"},
    {u"knee", u"KNEE|PATELLA|膝|髌"},
    {u"ankle", u"ANKLE|CALCANE|踝|跟骨"},
    {u"foot", u"FOOT|(?<![A-Z])TOE|足|趾"},
}};

QSet<QString> regionsOf(const HangingStudy& study) {
    const QString texts =
        (hanging::textsOf(study, QStringLiteral("bodyPart")) + hanging::textsOf(study, QStringLiteral("description")))
            .join(u'\n');
    QSet<QString> regions;
    for (const Region& region : kRegions) {
        const QRegularExpression words(QString::fromUtf16(region.words), QRegularExpression::CaseInsensitiveOption);
        if (words.match(texts).hasMatch())
            regions.insert(QString::fromUtf16(region.name));
    }
    if (regions.isEmpty() && !study.bodyPart.trimmed().isEmpty())
        regions.insert(study.bodyPart.trimmed().toLower());
    return regions;
}

/// Which part of the spine; the word "spine" alone says none.
QSet<QString> levelsOf(const QSet<QString>& regions) {
    QSet<QString> levels;
    for (const QString& region : regions)
        if (region.startsWith(QLatin1String("spine-")))
            levels.insert(region);
    return levels;
}

bool isSamePart(QSet<QString> a, QSet<QString> b) {
    if (a.isEmpty() || b.isEmpty())
        return true; // one does not say: better shown than kept back
    const QSet<QString> levelsA = levelsOf(a), levelsB = levelsOf(b);
    if (!levelsA.isEmpty() && !levelsB.isEmpty()) {
        if (levelsA.intersects(levelsB))
            return true;
        a.remove(QStringLiteral("spine"));
        b.remove(QStringLiteral("spine"));
    } else {
        for (QSet<QString>* regions : {&a, &b})
            if (!levelsOf(*regions).isEmpty())
                regions->insert(QStringLiteral("spine"));
    }
    return a.intersects(b);
}

QString modalityGroup(const HangingStudy& study) {
    QString modality = study.modality.trimmed().toUpper();
    if (modality.isEmpty() && !study.series.empty())
        modality = study.series.front().modality.trimmed().toUpper();
    for (const HangingSeries& series : study.series)
        if (series.modality == QLatin1String("PT"))
            return series.modality; // the CT of a PET/CT is a part of it
    return modality == QLatin1String("CR") || modality == QLatin1String("DR") ? QStringLiteral("DX") : modality;
}

/// "L" or "R" when the whole study is of one side, else empty.
QString sideOf(const HangingStudy& study) {
    QSet<QString> sides;
    for (const HangingSeries& series : study.series) {
        const QString side = series.laterality.trimmed().toUpper();
        if (side == QLatin1String("L") || side == QLatin1String("R"))
            sides.insert(side);
        else if (side == QLatin1String("B"))
            return {};
    }
    const QString texts = hanging::textsOf(study, QStringLiteral("description")).join(u'\n');
    if (sides.isEmpty()) {
        if (texts.contains(u'左'))
            sides.insert(QStringLiteral("L"));
        if (texts.contains(u'右'))
            sides.insert(QStringLiteral("R"));
    }
    return sides.size() == 1 ? *sides.begin() : QString();
}

} // namespace

std::vector<const HangingStudy*> countedPriors(const HangingPriors& rule, const HangingInput& input) {
    const QString group = modalityGroup(input.current), side = sideOf(input.current);
    const QSet<QString> regions = regionsOf(input.current);
    std::vector<const HangingStudy*> priors;
    for (const HangingStudy& prior : input.priors) {
        const bool isDated = prior.date.isValid() && input.current.date.isValid();
        if (isDated && prior.date > input.current.date)
            continue; // came after the one that is read
        if (isDated && rule.withinMonths > 0 && prior.date < input.current.date.addMonths(-rule.withinMonths))
            continue;
        if (rule.sameModality && modalityGroup(prior) != group)
            continue;
        if (rule.samePart) {
            const QString priorSide = sideOf(prior);
            if (!side.isEmpty() && !priorSide.isEmpty() && side != priorSide)
                continue;
            if (!isSamePart(regions, regionsOf(prior)))
                continue;
        }
        priors.push_back(&prior);
    }
    std::stable_sort(priors.begin(), priors.end(),
                     [](const HangingStudy* a, const HangingStudy* b) { return a->date > b->date; });
    return priors;
}

} // namespace yz
