#pragma once

#include <QByteArray>
#include <QString>
#include <vector>

/// Data sets and files made to hurt whoever parses or decodes them.
namespace yz::test {

[[nodiscard]] QByteArray littleEndian(quint32 value, int bytes = 4);
[[nodiscard]] QByteArray tagBytes(quint16 group, quint16 element);
[[nodiscard]] QByteArray hostilePart10(const QByteArray& dataSet, const char* syntax = "1.2.840.10008.1.2.1");
/// Raw deflate of the bytes and of `more` times the letter a after them.
[[nodiscard]] QByteArray deflated(const QByteArray& bytes, qint64 more = 0);
/// Content Sequences in each other.
[[nodiscard]] QByteArray nestedSequences(int depth, bool isExplicit, bool isDefined);
/// One RLE fragment of 16-bit zeros; a run of two bytes stands for 128.
[[nodiscard]] QByteArray rleFragment(int runs);
/// What claims 65535 x 65535 (or what the description says) in a few bytes: transfer syntax and fragment; the first is
/// native, without a fragment.
struct ShortFragment {
    const char* name;
    QString syntax;
    QByteArray bytes;
};
[[nodiscard]] std::vector<ShortFragment> shortFragments();
/// Ten small files of different make, each of which can be read.
[[nodiscard]] std::vector<QByteArray> hostileSeeds();
/// The third-party files that are fuzzed, or malformed by the list; empty without them.
[[nodiscard]] QStringList hostileCorpus();

} // namespace yz::test
