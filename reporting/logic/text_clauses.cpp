#include "reporting/text_clauses.h"

#include <QRegularExpression>
#include <algorithm>

namespace yz {

QStringList clausesOf(const QString& text) {
    // A dot between digits is a decimal point; "1." at the start of a line is a number of a list.
    static const QRegularExpression border(QStringLiteral("[。；;，,\\n\\r！!？?]+|(?<![0-9])\\.|\\.(?![0-9])"));
    QStringList clauses;
    const QStringList parts = text.split(border, Qt::SkipEmptyParts);
    for (const QString& part : parts)
        if (const QString clause = part.trimmed(); !clause.isEmpty())
            clauses.append(clause);
    return clauses;
}

std::vector<WordHit> findWords(const QString& text, const QStringList& words) {
    std::vector<WordHit> hits;
    for (const QString& word : words) {
        const bool latin = !word.isEmpty() && word.front().unicode() < 0x80;
        for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
             at = text.indexOf(word, at + 1, Qt::CaseInsensitive)) {
            const bool inWord = latin && at > 0 && text[at - 1].isLetter() && text[at - 1].unicode() < 0x80;
            if (!inWord)
                hits.push_back({at, word});
        }
    }
    std::sort(hits.begin(), hits.end(), [](const WordHit& a, const WordHit& b) {
        return a.position != b.position ? a.position < b.position : a.word.size() > b.word.size();
    });
    std::vector<WordHit> outer;
    for (const WordHit& hit : hits)
        if (outer.empty() || hit.position >= outer.back().position + outer.back().word.size())
            outer.push_back(hit);
    return outer;
}

bool isDenied(const QString& clause, qsizetype position) {
    static const QRegularExpression undone(
        QStringLiteral("(不|不能|难以|未|待)(完全)?(除外|排除)|cannot (be )?(excluded?|ruled? out)"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression denial(
        QStringLiteral("未见|未发现|未及|未显示|未探及|未提示|未检出|没有|(?<!有)无(?!痛)|排除|除外|阴性"
                       "|\\bno\\b|\\bwithout\\b|\\bnot\\b|negative for"),
        QRegularExpression::CaseInsensitiveOption);
    QString before = clause.left(position);
    before.replace(undone, QStringLiteral(" "));
    return before.contains(denial);
}

bool saysNormal(const QString& clause) {
    static const QRegularExpression normal(
        QStringLiteral("未见.{0,6}(异常|病变|征象|改变)|未见.{0,4}明确|正常|无异常|阴性|normal|unremarkable"
                       "|no (acute |significant )?(abnormalit|finding)"),
        QRegularExpression::CaseInsensitiveOption);
    return clause.contains(normal);
}

} // namespace yz
