#include "imaging/hanging_texts.h"

#include "imaging/hanging_terms.h"

#include <QRegularExpression>
#include <algorithm>
#include <cmath>

namespace yz::hanging {

namespace {

bool isAlike(QStringView a, QStringView b) { return a.trimmed().compare(b.trimmed(), Qt::CaseInsensitive) == 0; }

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

} // namespace

bool holdsText(const HangingRule& rule, const QString& text) {
    if (rule.op == QLatin1String("equals"))
        return isAlike(text, rule.value);
    if (rule.op == QLatin1String("oneOf")) {
        const QStringList values = rule.value.split(u'|');
        return std::any_of(values.begin(), values.end(), [&](const QString& value) { return isAlike(text, value); });
    }
    if (rule.op == QLatin1String("contains"))
        return text.contains(rule.value, Qt::CaseInsensitive);
    if (rule.op == QLatin1String("matches"))
        return QRegularExpression(rule.value, QRegularExpression::CaseInsensitiveOption |
                                                  QRegularExpression::UseUnicodePropertiesOption)
            .match(text)
            .hasMatch();
    return false;
}

bool holdsNumber(const HangingRule& rule, int number) {
    const int value = rule.value.toInt();
    if (rule.op == QLatin1String("atLeast"))
        return number >= value;
    if (rule.op == QLatin1String("atMost"))
        return number <= value;
    return rule.op == QLatin1String("equals") && number == value;
}

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
    if (attribute == QLatin1String("orientation"))
        return {series.patientOrientation};
    return {};
}

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

bool holdsForSeries(const HangingRule& rule, const HangingSeries& series) {
    if (rule.attribute == kFrameCount)
        return holdsNumber(rule, series.frameCount);
    const QStringList texts = textsOf(series, rule.attribute);
    return std::any_of(texts.begin(), texts.end(), [&](const QString& text) { return holdsText(rule, text); });
}

} // namespace yz::hanging
