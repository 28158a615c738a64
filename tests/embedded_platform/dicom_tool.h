#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace yz::test {

/// A finished run of one of DCMTK's programs: the independent judge on the other end of the line.
struct ToolRun {
    int exitCode = -1;
    QString output; ///< both streams
};
ToolRun runTool(const QString& program, const QStringList& arguments, const QString& folder = {});
[[nodiscard]] bool hasTools(); ///< dcmtk is installed

/// A TCP port nobody listens on at the moment.
[[nodiscard]] quint16 freePort();

/// What a made-up instance holds.
struct SampleInstance {
    QString studyUid, seriesUid, instanceUid;
    QString patientId = QStringLiteral("P1");
    QByteArray patientName = "Test^Patient"; ///< bytes in `characterSet`
    QByteArray characterSet;                 ///< empty: undeclared
    QString accession = QStringLiteral("A1");
    QString studyDate = QStringLiteral("20260301");
    QString studyTime = QStringLiteral("080910");
    QString modality = QStringLiteral("CT");
    QByteArray studyDescription = "Chest";
    QString sopClass; ///< empty: CT Image Storage
    int number = 1;
    int fillByte = 1; ///< pixels
    int rows = 16;
};
/// A Part 10 file. `transferSyntax`: empty for explicit little endian.
void writeInstance(const QString& path, const SampleInstance& instance, const QString& transferSyntax = {});

} // namespace yz::test
