#include "reporting/content_diff.h"

#include <QJsonObject>
#include <algorithm>

namespace yz {

namespace {

bool joinsWord(QChar c) { return c.unicode() < 0x2E80 && (c.isLetterOrNumber() || c == u'.'); }

std::vector<QString> wordsOf(const QString& text) {
    std::vector<QString> words;
    for (qsizetype i = 0; i < text.size();) {
        qsizetype end = i + 1;
        if (joinsWord(text[i]))
            while (end < text.size() && joinsWord(text[end]))
                ++end;
        else if (text[i].isHighSurrogate() && end < text.size())
            ++end;
        words.push_back(text.mid(i, end - i));
        i = end;
    }
    return words;
}

void append(std::vector<DiffSegment>& out, DiffSegment::Kind kind, const QString& text) {
    if (!out.empty() && out.back().kind == kind)
        out.back().text += text;
    else
        out.push_back({kind, text});
}

/// One place of change: the removed text first, then the added.
void flush(std::vector<DiffSegment>& out, QString& removed, QString& added) {
    if (!removed.isEmpty())
        append(out, DiffSegment::Kind::Removed, removed);
    if (!added.isEmpty())
        append(out, DiffSegment::Kind::Added, added);
    removed.clear();
    added.clear();
}

bool sameKeyImages(const std::vector<KeyImage>& a, const std::vector<KeyImage>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](KeyImage x, KeyImage y) {
        if (x.png.isEmpty() || y.png.isEmpty()) {
            x.png.clear();
            y.png.clear();
        }
        return x == y;
    });
}

// Above this the table of the middle part would be too large; the middle is then shown as replaced whole.
constexpr size_t kLargestTable = 16'000'000;

} // namespace

std::vector<DiffSegment> diffText(const QString& before, const QString& after) {
    const std::vector<QString> a = wordsOf(before);
    const std::vector<QString> b = wordsOf(after);
    size_t head = 0;
    while (head < a.size() && head < b.size() && a[head] == b[head])
        ++head;
    size_t tail = 0;
    while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    const size_t rows = a.size() - head - tail;
    const size_t columns = b.size() - head - tail;

    std::vector<DiffSegment> out;
    for (size_t i = 0; i < head; ++i)
        append(out, DiffSegment::Kind::Same, a[i]);
    QString removed, added;
    if (rows * columns > kLargestTable) {
        for (size_t i = 0; i < rows; ++i)
            removed += a[head + i];
        for (size_t j = 0; j < columns; ++j)
            added += b[head + j];
        flush(out, removed, added);
    } else {
        // Longest common subsequence from the end, so that walking forwards is a choice of the better neighbour.
        std::vector<int> common((rows + 1) * (columns + 1), 0);
        const auto at = [&](size_t i, size_t j) -> int& { return common[i * (columns + 1) + j]; };
        for (size_t i = rows; i-- > 0;)
            for (size_t j = columns; j-- > 0;)
                at(i, j) = a[head + i] == b[head + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
        size_t i = 0, j = 0;
        while (i < rows || j < columns) {
            if (i < rows && j < columns && a[head + i] == b[head + j]) {
                flush(out, removed, added);
                append(out, DiffSegment::Kind::Same, a[head + i]);
                ++i, ++j;
            } else if (i < rows && (j == columns || at(i + 1, j) >= at(i, j + 1))) {
                removed += a[head + i++];
            } else {
                added += b[head + j++];
            }
        }
        flush(out, removed, added);
    }
    for (size_t i = a.size() - tail; i < a.size(); ++i)
        append(out, DiffSegment::Kind::Same, a[i]);
    return out;
}

std::vector<SectionChange> changedSections(const ReportContent& before, const ReportContent& after) {
    static const QStringList texts{QStringLiteral("title"),      QStringLiteral("technique"),
                                   QStringLiteral("comparison"), QStringLiteral("findings"),
                                   QStringLiteral("impression"), QStringLiteral("recommendation")};
    static const QStringList others{QStringLiteral("positivity"), QStringLiteral("mutualRecognition"),
                                    QStringLiteral("criticalValues"), QStringLiteral("measurements")};
    const QJsonObject a = toJson(before, false);
    const QJsonObject b = toJson(after, false);
    std::vector<SectionChange> changes;
    for (const QString& key : texts)
        if (a[key] != b[key])
            changes.push_back({key, diffText(a[key].toString(), b[key].toString())});
    for (const QString& key : others)
        if (a[key] != b[key])
            changes.push_back({key, {}});
    if (!sameKeyImages(before.keyImages, after.keyImages))
        changes.push_back({QStringLiteral("keyImages"), {}});
    return changes;
}

} // namespace yz
