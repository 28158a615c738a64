#include "reporting/check.h"

#include "reporting/check_vocabulary.h"
#include "reporting/text_clauses.h"

#include <QRegularExpression>
#include <QSet>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace yz {

namespace {

constexpr std::array<std::pair<CheckCode, const char*>, 20> kNames{{
    {CheckCode::FindingsEmpty, "FindingsEmpty"},
    {CheckCode::ImpressionEmpty, "ImpressionEmpty"},
    {CheckCode::WrongPatient, "WrongPatient"},
    {CheckCode::WrongStudy, "WrongStudy"},
    {CheckCode::AddendumChangesOriginal, "AddendumChangesOriginal"},
    {CheckCode::ImagesNotShown, "ImagesNotShown"},
    {CheckCode::ImagesUnseen, "ImagesUnseen"},
    {CheckCode::PatientDetailDiffers, "PatientDetailDiffers"},
    {CheckCode::PositivityUnstated, "PositivityUnstated"},
    {CheckCode::SideMismatch, "SideMismatch"},
    {CheckCode::SexOrganMismatch, "SexOrganMismatch"},
    {CheckCode::MeasurementImplausible, "MeasurementImplausible"},
    {CheckCode::MeasurementUnitUnknown, "MeasurementUnitUnknown"},
    {CheckCode::MeasurementDeleted, "MeasurementDeleted"},
    {CheckCode::MeasurementDiffers, "MeasurementDiffers"},
    {CheckCode::NegativeButFindings, "NegativeButFindings"},
    {CheckCode::PositiveButNormal, "PositiveButNormal"},
    {CheckCode::PlaceholderLeft, "PlaceholderLeft"},
    {CheckCode::CriticalWithoutRecord, "CriticalWithoutRecord"},
    {CheckCode::CriticalRecordOpen, "CriticalRecordOpen"},
}};

using Findings = std::vector<CheckFinding>;

void hard(Findings& out, CheckCode code, QStringList parameters = {}) {
    out.push_back({code, CheckSeverity::Hard, std::move(parameters)});
}
void soft(Findings& out, CheckCode code, QStringList parameters = {}) {
    CheckFinding finding{code, CheckSeverity::Acknowledgeable, std::move(parameters)};
    if (std::find(out.begin(), out.end(), finding) == out.end())
        out.push_back(std::move(finding));
}

// ---- who and what was on screen

QString plainName(const QString& group) {
    QString name = group.toUpper();
    name.remove(QRegularExpression(QStringLiteral("[\\s^]")));
    return name;
}

bool namesDiffer(const PersonName& a, const PersonName& b) {
    const auto differ = [](const QString& x, const QString& y) {
        return !x.isEmpty() && !y.isEmpty() && plainName(x) != plainName(y);
    };
    return differ(a.ideographic, b.ideographic) || differ(a.alphabetic, b.alphabetic);
}

void checkIdentity(const ReportContext& context, Findings& out) {
    if (context.shownStudy.isEmpty()) {
        soft(out, CheckCode::ImagesNotShown);
        return;
    }
    // No numbers: an answer given once holds while the reader goes on scrolling.
    if (context.framesTotal > 0 && context.framesSeen < context.framesTotal)
        soft(out, CheckCode::ImagesUnseen);
    const Patient& ordered = context.order.patient;
    const Patient& shown = context.shownPatient;
    if (!(ordered.id == shown.id))
        hard(out, CheckCode::WrongPatient);
    if (!(context.order.study == context.shownStudy))
        hard(out, CheckCode::WrongStudy);
    if (namesDiffer(ordered.name, shown.name))
        soft(out, CheckCode::PatientDetailDiffers, {QStringLiteral("name")});
    if (ordered.sex != Sex::Unknown && shown.sex != Sex::Unknown && ordered.sex != shown.sex)
        soft(out, CheckCode::PatientDetailDiffers, {QStringLiteral("sex")});
    if (ordered.birthDate.isValid() && shown.birthDate.isValid() && ordered.birthDate != shown.birthDate)
        soft(out, CheckCode::PatientDetailDiffers, {QStringLiteral("birthDate")});
}

// ---- left and right

enum SideBits { NoSide = 0, LeftSide = 1, RightSide = 2, BothSides = 3 };

QString sideText(int side) {
    return side == BothSides   ? QStringLiteral("both")
           : side == LeftSide  ? QStringLiteral("left")
           : side == RightSide ? QStringLiteral("right")
                               : QString();
}

/// organ -> sides named with it; "" collects sides whose organ is not in the vocabulary.
using SideMap = std::map<QString, int>;

bool hasAbnormality(const QString& clause) {
    const std::vector<WordHit> hits = findWords(clause, vocabulary::abnormalities());
    return std::any_of(hits.begin(), hits.end(), [&](const WordHit& hit) { return !isDenied(clause, hit.position); });
}

SideMap sidesIn(const QString& text, bool withoutDenied) {
    // Sides that are part of a name say nothing about the side of a disease.
    static const QRegularExpression names(
        QStringLiteral("左(心|主干|前降支|回旋支|室|房|冠)|右(心|室|房|冠)|左右(径|缘)?|左侧卧|右侧卧"));
    static const QRegularExpression side(
        QStringLiteral("双侧|两侧|双|两(?=[肺肾侧])|左侧?|右侧?|\\b(?:bilateral|both|left|right)\\b"),
        QRegularExpression::CaseInsensitiveOption);
    SideMap map;
    QStringList clauses = clausesOf(text);
    for (QString& clause : clauses) {
        clause.remove(names);
        if (withoutDenied && (isDenied(clause, clause.size()) || saysNormal(clause)) && !hasAbnormality(clause))
            continue;
        auto it = side.globalMatch(clause);
        while (it.hasNext()) {
            const QRegularExpressionMatch match = it.next();
            const QString word = match.captured().toLower();
            const int bits = word.startsWith(u'左') || word == u"left"    ? LeftSide
                             : word.startsWith(u'右') || word == u"right" ? RightSide
                                                                          : BothSides;
            const QString after = clause.mid(match.capturedEnd(), word.front().unicode() < 0x80 ? 24 : 8);
            QString organ;
            // 肝左叶, 肝右叶: the organ stands before the side.
            if (match.capturedStart() > 0 && clause[match.capturedStart() - 1] == u'肝')
                organ = QStringLiteral("肝叶");
            else if (const auto hits = findWords(after, vocabulary::pairedOrgans()); !hits.empty())
                organ = hits.front().word;
            map[organ] |= bits;
        }
    }
    return map;
}

void checkSides(const ReportContent& content, Findings& out) {
    const SideMap impression = sidesIn(content.impression, true);
    SideMap findings = sidesIn(content.findings, true);
    if (findings.empty())
        findings = sidesIn(content.findings, false);
    int allInFindings = NoSide;
    for (const auto& [organ, bits] : findings)
        allInFindings |= bits;
    for (const auto& [organ, bits] : impression) {
        const auto same = findings.find(organ);
        int described = allInFindings;
        if (!organ.isEmpty() && same != findings.end()) {
            described = same->second;
        } else if (!organ.isEmpty()) {
            // 右肺 in the impression, 右肺上叶 in the findings: a part speaks for the whole, and the whole for a part.
            int related = NoSide;
            for (const auto& [other, otherBits] : findings)
                if (!other.isEmpty() && (other.contains(organ) || organ.contains(other)))
                    related |= otherBits;
            if (related != NoSide)
                described = related;
        }
        if (described != NoSide && (bits & ~described) != 0)
            soft(out, CheckCode::SideMismatch, {organ, sideText(described), sideText(bits)});
    }
}

// ---- sex and organ

void checkSex(const ReportContent& content, const ReportContext& context, Findings& out) {
    const Sex sex = context.order.patient.sex != Sex::Unknown ? context.order.patient.sex : context.shownPatient.sex;
    if (sex != Sex::Male && sex != Sex::Female)
        return;
    const QStringList& foreign = sex == Sex::Male ? vocabulary::femaleOrgans() : vocabulary::maleOrgans();
    QSet<QString> said;
    for (const QString& text : {content.findings, content.impression, content.recommendation})
        for (const WordHit& hit : findWords(text, foreign))
            if (!said.contains(hit.word)) {
                said.insert(hit.word);
                soft(out, CheckCode::SexOrganMismatch, {hit.word});
            }
}

// ---- numbers

struct WrittenLength {
    double value = 0.0;
    double mm = 0.0; ///< 0: no unit
    QString text;
    QString clause;
};

std::vector<WrittenLength> lengthsIn(const QString& text) {
    static const QRegularExpression size(
        QStringLiteral(
            "(?<![0-9.])([0-9]+(?:\\.[0-9]+)?(?:\\s*(?:mm|cm)?\\s*[×xX*＊]\\s*[0-9]+(?:\\.[0-9]+)?){0,2})\\s*"
            "(mm|cm|毫米|厘米|公分|μm|um|m(?![a-zA-Z0-9/²³]))?(?![0-9²³])"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression number(QStringLiteral("[0-9]+(?:\\.[0-9]+)?"));
    static const QRegularExpression sizeWord(
        QStringLiteral(
            "(大小|直径|长径|短径|长约|最大径|径线|厚约|厚度|宽约|宽度|内径|diameter|measur\\w*)[^0-9]{0,4}$"),
        QRegularExpression::CaseInsensitiveOption);
    std::vector<WrittenLength> lengths;
    const QStringList clauses = clausesOf(text);
    for (const QString& clause : clauses) {
        auto it = size.globalMatch(clause);
        while (it.hasNext()) {
            const QRegularExpressionMatch match = it.next();
            const QString unit = match.captured(2).toLower();
            const double factor = unit == u"mm" || unit == u"毫米"                      ? 1.0
                                  : unit == u"cm" || unit == u"厘米" || unit == u"公分" ? 10.0
                                  : unit == u"m"                                        ? 1000.0
                                  : unit == u"μm" || unit == u"um"                      ? 0.001
                                                                                        : 0.0;
            const bool isProduct = match.captured(1).contains(QRegularExpression(QStringLiteral("[×xX*＊]")));
            if (factor == 0.0) {
                const bool isSize = isProduct || clause.left(match.capturedStart()).contains(sizeWord);
                const QString rest = clause.mid(match.capturedEnd()).trimmed();
                static const QRegularExpression otherUnit(
                    QStringLiteral("^(HU|%|ml|度|°|个|枚|处|级|层|次|年|月|日|岁)"),
                    QRegularExpression::CaseInsensitiveOption);
                if (isSize && !rest.contains(otherUnit))
                    lengths.push_back({number.match(match.captured(1)).captured().toDouble(), 0.0,
                                       match.captured(1).trimmed(), clause});
                continue;
            }
            auto numbers = number.globalMatch(match.captured(1));
            while (numbers.hasNext()) {
                const double value = numbers.next().captured().toDouble();
                lengths.push_back({value, value * factor, match.captured().trimmed(), clause});
            }
        }
    }
    return lengths;
}

void checkNumbers(const ReportContent& content, Findings& out) {
    static const QRegularExpression hounsfield(QStringLiteral("([-－–]?\\s*[0-9]+(?:\\.[0-9]+)?)\\s*HU"),
                                               QRegularExpression::CaseInsensitiveOption);
    for (const QString& text : {content.findings, content.impression}) {
        for (const WrittenLength& length : lengthsIn(text)) {
            if (length.mm == 0.0 && length.value > 0.0)
                soft(out, CheckCode::MeasurementUnitUnknown, {length.text});
            else if (length.mm > vocabulary::largestBelievableMm(length.clause) || length.mm < 0.2)
                soft(out, CheckCode::MeasurementImplausible, {length.text});
        }
        auto it = hounsfield.globalMatch(text);
        while (it.hasNext()) {
            const QRegularExpressionMatch match = it.next();
            QString number = match.captured(1).simplified().remove(u' ');
            number.replace(u'－', u'-').replace(u'–', u'-');
            // "10-20HU" is a range, not minus twenty; only the magnitude matters here.
            if (const double value = number.toDouble(); value < -1100.0 || value > 4000.0)
                soft(out, CheckCode::MeasurementImplausible, {match.captured().trimmed()});
        }
    }
}

void checkMeasurements(const ReportContent& content, const ReportContext& context, Findings& out) {
    const std::vector<WrittenLength> written = lengthsIn(content.findings + u'\n' + content.impression);
    for (const ReportMeasurement& measurement : content.measurements) {
        const QString value = QString::number(measurement.value, 'f', 1) + u' ' + measurement.unit;
        if (context.measurementsKnown && std::find(context.measurementIds.begin(), context.measurementIds.end(),
                                                   measurement.id) == context.measurementIds.end())
            soft(out, CheckCode::MeasurementDeleted, {measurement.name, value});
        if (measurement.unit != u"mm" || measurement.value <= 0.0)
            continue;
        // The same digits with a unit ten times larger or smaller: 12.3 mm measured, 12.3 cm written.
        const auto sameDigits = [&](const WrittenLength& length) {
            return length.mm > 0.0 && std::abs(length.value - measurement.value) < 0.051 &&
                   std::abs(length.mm - measurement.value) > 1.0;
        };
        const bool alsoRight = std::any_of(written.begin(), written.end(), [&](const WrittenLength& length) {
            return length.mm > 0.0 && std::abs(length.mm - measurement.value) <= 0.51;
        });
        const auto wrong = std::find_if(written.begin(), written.end(), sameDigits);
        if (wrong != written.end() && !alsoRight)
            soft(out, CheckCode::MeasurementDiffers, {measurement.name, value, wrong->text});
    }
}

// ---- positive and negative, placeholders, critical values

QString firstAbnormality(const QString& text) {
    const QStringList clauses = clausesOf(text);
    for (const QString& clause : clauses)
        for (const WordHit& hit : findWords(clause, vocabulary::abnormalities()))
            if (!isDenied(clause, hit.position))
                return hit.word;
    return {};
}

void checkPositivity(const ReportContent& content, Findings& out) {
    if (content.positivity == Positivity::Unstated) {
        soft(out, CheckCode::PositivityUnstated);
        return;
    }
    const QString abnormal = firstAbnormality(content.impression);
    if (content.positivity == Positivity::Negative && !abnormal.isEmpty()) {
        soft(out, CheckCode::NegativeButFindings, {abnormal});
    } else if (content.positivity == Positivity::Positive && abnormal.isEmpty()) {
        const QStringList clauses = clausesOf(content.impression);
        const bool allNormal = !clauses.isEmpty() && std::all_of(clauses.begin(), clauses.end(), [](const QString& c) {
            return saysNormal(c) || isDenied(c, c.size());
        });
        if (allNormal)
            soft(out, CheckCode::PositiveButNormal, {clauses.front()});
    }
}

void checkPlaceholders(const ReportContent& content, Findings& out) {
    static const QRegularExpression placeholder(
        QStringLiteral("【[^】]*】|_{2,}|＿{2,}|\\{\\{[^}]*\\}\\}|\\[\\s*\\]|（\\s*）|\\(\\s*\\)"
                       "|(?<![A-Za-z0-9])[xX]{2,}(?![A-Za-z])|[×＊*]{2,}"));
    const std::array<std::pair<const char*, const QString*>, 5> sections{{{"technique", &content.technique},
                                                                          {"comparison", &content.comparison},
                                                                          {"findings", &content.findings},
                                                                          {"impression", &content.impression},
                                                                          {"recommendation", &content.recommendation}}};
    for (const auto& [name, text] : sections) {
        auto it = placeholder.globalMatch(*text);
        while (it.hasNext())
            soft(out, CheckCode::PlaceholderLeft, {QString::fromLatin1(name), it.next().captured()});
    }
}

void checkCritical(const ReportContent& content, Findings& out) {
    if (content.criticalValues.empty()) {
        QSet<QString> said;
        for (const QString& text : {content.impression, content.findings}) {
            const QStringList clauses = clausesOf(text);
            for (const QString& clause : clauses)
                for (const WordHit& hit : findWords(clause, vocabulary::criticalPhrases()))
                    if (!isDenied(clause, hit.position) && !clause.left(hit.position).contains(u"陈旧") &&
                        !said.contains(hit.word)) {
                        said.insert(hit.word);
                        soft(out, CheckCode::CriticalWithoutRecord, {hit.word});
                    }
        }
    }
    for (const CriticalValue& value : content.criticalValues)
        if (value.toldTo.trimmed().isEmpty() || !value.toldAt.isValid() || !value.readBack)
            soft(out, CheckCode::CriticalRecordOpen, {value.item});
}

void checkAddendum(const ReportContent& content, const ReportContext& context, Findings& out) {
    if (!context.addendumOf)
        return;
    if (!content.findings.contains(context.addendumOf->findings.trimmed()))
        hard(out, CheckCode::AddendumChangesOriginal, {QStringLiteral("findings")});
    if (!content.impression.contains(context.addendumOf->impression.trimmed()))
        hard(out, CheckCode::AddendumChangesOriginal, {QStringLiteral("impression")});
}

} // namespace

QString checkCodeName(CheckCode code) {
    for (const auto& [value, name] : kNames)
        if (value == code)
            return QString::fromLatin1(name);
    return {};
}

bool checkCodeFromName(const QString& text, CheckCode& code) {
    for (const auto& [value, name] : kNames)
        if (text == QLatin1String(name)) {
            code = value;
            return true;
        }
    return false;
}

QString CheckFinding::key() const {
    return parameters.isEmpty() ? checkCodeName(code) : checkCodeName(code) + u'|' + parameters.join(u'|');
}

std::vector<CheckFinding> checkReport(const ReportContent& content, const ReportContext& context) {
    Findings out;
    if (content.findings.trimmed().isEmpty())
        hard(out, CheckCode::FindingsEmpty);
    if (content.impression.trimmed().isEmpty())
        hard(out, CheckCode::ImpressionEmpty);
    checkIdentity(context, out);
    checkAddendum(content, context, out);
    checkPlaceholders(content, out);
    checkSides(content, out);
    checkSex(content, context, out);
    checkNumbers(content, out);
    checkMeasurements(content, context, out);
    checkPositivity(content, out);
    checkCritical(content, out);
    return out;
}

std::vector<CheckFinding> blockingFindings(const std::vector<CheckFinding>& findings,
                                           const std::vector<Acknowledgement>& acknowledgements) {
    std::vector<CheckFinding> blocking;
    for (const CheckFinding& finding : findings) {
        const bool acknowledged =
            finding.severity == CheckSeverity::Acknowledgeable &&
            std::any_of(acknowledgements.begin(), acknowledgements.end(), [&](const Acknowledgement& a) {
                return a.key == finding.key() && !a.reason.trimmed().isEmpty();
            });
        if (!acknowledged)
            blocking.push_back(finding);
    }
    return blocking;
}

} // namespace yz
