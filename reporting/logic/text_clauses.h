#pragma once

#include <QString>
#include <QStringList>
#include <vector>

/// Just enough reading of report language to check it: clauses, and whether a word in one is denied.
namespace yz {

/// Parts between full stops, commas, semicolons and line ends; an enumeration comma does not end a clause, so that
/// "未见出血、骨折" denies both.
[[nodiscard]] QStringList clausesOf(const QString& text);

/// Words found in a text, longest first at one place; a word inside a longer found word does not count.
struct WordHit {
    qsizetype position = 0;
    QString word;
};
[[nodiscard]] std::vector<WordHit> findWords(const QString& text, const QStringList& words);

/// True when the word at `position` of the clause comes after a denial ("未见", "无", "no ") that is not itself undone
/// ("不除外").
[[nodiscard]] bool isDenied(const QString& clause, qsizetype position);

/// Says only that all is well: "未见异常", "正常".
[[nodiscard]] bool saysNormal(const QString& clause);

} // namespace yz
