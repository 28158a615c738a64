#pragma once

#include "imaging/suv.h"
#include "viewer_ui/hanging_samples.h"

namespace yz::test {

/// A trunk with a hot ball of known uptake: CT in HU, PET in Bq/ml of one frame of reference.
///
/// 370 MBq of a nuclide of 6586.2 s half-life were injected 3600 s before the scan into 70 kg; decay is corrected to
/// the scan's start. Left of then: 370e6 * 2^(-3600/6586.2) = 253.31e6 Bq, so SUV 1 is 253.31e6 / 70000 g =
/// 3618.7 Bq/ml.
struct PetCt {
    static constexpr double becquerelPerSuv = 3618.7;
    static constexpr PatientPoint hotBall{40, -20, 30};
    static constexpr double hotRadiusMm = 22.0, hotSuv = 8.0, bodySuv = 1.0;
    static constexpr int bodyHu = 40, boneHu = 700;

    static PetDescription description() {
        PetDescription pet;
        pet.units = QStringLiteral("BQML");
        pet.decayCorrection = QStringLiteral("START");
        pet.corrections = {QStringLiteral("ATTN"), QStringLiteral("DECY")};
        pet.patientWeightKg = 70.0;
        pet.injectedDoseBq = 370e6;
        pet.halfLifeS = 6586.2;
        pet.injectionTime = QDateTime(QDate(2026, 3, 2), QTime(8, 0), Qt::UTC);
        pet.seriesTime = pet.acquisitionTime = pet.injectionTime.addSecs(3600);
        return pet;
    }
    static bool isBody(const PatientPoint& p) { return std::hypot(p.x / 150.0, p.y / 100.0) < 1.0; }
    static bool isBone(const PatientPoint& p) { return std::hypot(p.x, p.y - 60.0) < 18.0; }
    /// Stored value: HU + 1024.
    static int ct(const PatientPoint& p) { return 1024 + (!isBody(p) ? -1000 : isBone(p) ? boneHu : bodyHu); }
    /// Stored value: Bq/ml.
    static int pet(const PatientPoint& p) {
        const double suv = (p - hotBall).length() < hotRadiusMm ? hotSuv : isBody(p) ? bodySuv : 0.0;
        return static_cast<int>(std::lround(suv * becquerelPerSuv));
    }

    static HangingSamples::Series ctSeries(const StudyRecord& owner, const QString& uid = QStringLiteral("1.1.2")) {
        HangingSamples::Series series;
        series.study = owner;
        series.record.series = SeriesUid(uid);
        series.record.modality = QStringLiteral("CT");
        series.record.seriesNumber = 2;
        series.record.description = QStringLiteral("CT WB");
        series.record.bodyPart = QStringLiteral("WHOLEBODY");
        series.images = 60;
        series.columns = series.rows = 160;
        series.pixelMm = 2.5;
        series.sliceMm = 4.0;
        series.window = {40, 400, {}};
        series.intercept = -1024;
        series.unit = QStringLiteral("HU");
        series.value = ct;
        return series;
    }
    static HangingSamples::Series petSeries(const StudyRecord& owner, const QString& uid = QStringLiteral("1.1.3")) {
        HangingSamples::Series series = ctSeries(owner, uid);
        series.record.modality = QStringLiteral("PT");
        series.record.seriesNumber = 3;
        series.record.description = QStringLiteral("PET WB AC");
        series.columns = series.rows = 100;
        series.images = 50;
        series.pixelMm = 4.0;
        series.sliceMm = 5.0;
        series.window = {10000, 20000, {}};
        series.intercept = 0;
        series.unit.clear();
        series.pet = description();
        series.value = pet;
        return series;
    }
};

} // namespace yz::test
