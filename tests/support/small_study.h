#pragma once

#include <QString>

namespace yz::test {

struct SmallStudyOptions {
    QString patientId = QStringLiteral("T1");
    QString patientName = QStringLiteral("Ceshi^Huanzhe=测试^患者");
    int size = 32; ///< rows and columns
    double sliceMm = 2.0;
    double tiltDeg = 0; ///< gantry tilt
    int series = 1;     ///< its number, and the last part of its UID
    int noise = 0;      ///< a value below it is added to each sample: pictures that compress no better than real ones
};

/// Writes a CT study of `slices` axial slices, one series, into `folder`. Stored value at column c, row r, slice s is
/// 1024 + c + 2 r + 3 s (HU = that - 1024). Synthetic: no patient.
void writeSmallStudy(const QString& folder, const QString& studyUid, int slices, const SmallStudyOptions& options = {});

} // namespace yz::test
