#pragma once

#include "support/shared_data.h"

#include <QFile>
#include <QString>
#include <vector>

namespace yz::test {

/// One line of the third-party studies' list.
struct ManifestRow {
    QString path; ///< relative to the folder of studies
    QString transferSyntax;
    QString exercises;
    QString expected;
    [[nodiscard]] QString absolutePath() const { return sharedData() + u'/' + path; }
};

inline std::vector<ManifestRow> manifest() {
    std::vector<ManifestRow> rows;
    QFile file(sharedData() + QStringLiteral("/MANIFEST.tsv"));
    if (!file.open(QIODevice::ReadOnly))
        return rows;
    const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const QStringList cells = lines[i].split(u'\t');
        if (cells.size() >= 8)
            rows.push_back({cells[0], cells[5], cells[6], cells[7]});
    }
    return rows;
}

} // namespace yz::test
