#include "imaging/roi_statistics.h"

#include <QJsonDocument>
#include <QTest>
#include <cmath>
#include <cstring>
#include <numbers>

using namespace yz;

namespace {

PixelBuffer ramp(int columns, int rows) {
    PixelBuffer pixels;
    pixels.columns = columns;
    pixels.rows = rows;
    pixels.type = SampleType::Int16;
    pixels.data.resize(pixels.byteCount());
    for (int i = 0; i < columns * rows; ++i)
        reinterpret_cast<std::int16_t*>(pixels.data.data())[i] = static_cast<std::int16_t>(i);
    return pixels;
}

ImageDescription ct(int columns, int rows) {
    ImageDescription image;
    image.columns = columns;
    image.rows = rows;
    image.isSigned = true;
    image.frames.resize(1);
    image.frames[0].spacing = {0.5, 2.0, Calibration::PixelSpacing};
    image.frames[0].rescaleIntercept = -1000;
    return image;
}

class MeasureTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void lengthsFollowBothSpacings() {
        const PixelSpacing spacing{0.5, 2.0, Calibration::PixelSpacing}; // rows 0.5 mm apart, columns 2 mm
        const MeasuredValue across = lengthOf(spacing, {1, 1}, {4, 1});
        QCOMPARE(across.value, 6.0);
        QCOMPARE(across.unit, QStringLiteral("mm"));
        QCOMPARE(across.calibration, Calibration::PixelSpacing);
        QCOMPARE(lengthOf(spacing, {1, 1}, {1, 5}).value, 2.0);
        QCOMPARE(lengthOf(spacing, {0, 0}, {2, 6}).value, 5.0);
    }
    void withoutCalibrationItIsPixels() {
        const MeasuredValue length = lengthOf({}, {0, 0}, {3, 4});
        QCOMPARE(length.value, 5.0);
        QCOMPARE(length.unit, QStringLiteral("{px}"));
        QCOMPARE(length.calibration, Calibration::None);
        QCOMPARE(areaOf({}, MeasurementKind::RectangleRoi, {0, 0}, {3, 4}).unit, QStringLiteral("{px}2"));
        QCOMPARE(lengthOf({0.0, 1.0, Calibration::PixelSpacing}, {0, 0}, {0, 1}).unit, QStringLiteral("{px}"));
    }
    void anglesFollowTheSpacing() {
        const PixelSpacing square{1, 1, Calibration::PixelSpacing};
        QVERIFY(std::abs(angleOf(square, {1, 0}, {0, 0}, {0, 1}).value - 90.0) < 1e-12);
        QVERIFY(std::abs(angleOf(square, {1, 0}, {0, 0}, {1, 1}).value - 45.0) < 1e-12);
        QVERIFY(std::abs(angleOf(square, {1, 0}, {0, 0}, {-1, 0}).value - 180.0) < 1e-12);
        const PixelSpacing tall{2, 1, Calibration::PixelSpacing};
        QVERIFY(std::abs(angleOf(tall, {1, 0}, {0, 0}, {1, 1}).value - std::atan(2.0) * 180 / std::numbers::pi) <
                1e-12);
        QCOMPARE(angleOf(tall, {1, 0}, {0, 0}, {1, 1}).unit, QStringLiteral("deg"));
        QCOMPARE(angleOf(square, {2, 2}, {2, 2}, {3, 3}).value, 0.0);
    }
    void areas() {
        const PixelSpacing spacing{0.5, 2.0, Calibration::Magnification};
        const MeasuredValue box = areaOf(spacing, MeasurementKind::RectangleRoi, {5, 5}, {1, 3});
        QCOMPARE(box.value, 8.0);
        QCOMPARE(box.unit, QStringLiteral("mm2"));
        QCOMPARE(box.calibration, Calibration::Magnification);
        QVERIFY(std::abs(areaOf(spacing, MeasurementKind::EllipseRoi, {1, 3}, {5, 5}).value - std::numbers::pi * 2.0) <
                1e-12);
    }
    void spacingOfTheUltrasoundRegionComesFirst() {
        ImageDescription image = ct(100, 100);
        image.regions = {{10, 10, 89, 89, 0.2, 0.3}, {40, 40, 49, 49, 0.4, 0.5}, {0, 0, 5, 5, 0.0, 0.0}};
        const PixelSpacing outer = spacingAt(image, 0, {20, 20});
        QCOMPARE(outer.columnMm, 0.2);
        QCOMPARE(outer.rowMm, 0.3);
        QCOMPARE(outer.calibration, Calibration::UltrasoundRegion);
        QCOMPARE(spacingAt(image, 0, {45, 45}).columnMm, 0.4); // the inner one
        QCOMPARE(spacingAt(image, 0, {89.4, 20}).columnMm, 0.2);
        QCOMPARE(spacingAt(image, 0, {89.6, 20}).calibration, Calibration::PixelSpacing);
        QCOMPARE(spacingAt(image, 0, {2, 2}).calibration, Calibration::PixelSpacing); // not a calibrated region
        image.frames[0].spacing = {};
        QCOMPARE(spacingAt(image, 0, {2, 2}).calibration, Calibration::None);
        image.frames[0].spacing = {0.0, 0.0, Calibration::ImagerSpacing};
        QCOMPARE(spacingAt(image, 0, {2, 2}).calibration, Calibration::None);
    }
    void pixelsCountByTheirCentres() {
        const ImageDescription image = ct(10, 10);
        const PixelBuffer pixels = ramp(10, 10);
        // Columns 2..4, rows 3..4; the corners just reach the centres.
        const RoiStatistics box = statisticsOf(image, 0, pixels, MeasurementKind::RectangleRoi, {4.0, 4.0}, {2.0, 3.0});
        QCOMPARE(box.pixels, 6);
        QCOMPARE(box.min, 32.0 - 1000);
        QCOMPARE(box.max, 44.0 - 1000);
        QCOMPARE(box.mean, 38.0 - 1000);
        // 32 33 34 42 43 44: variance with n in the denominator is 25 + 2/3.
        QVERIFY(std::abs(box.sd - std::sqrt(25.0 + 2.0 / 3.0)) < 1e-12);
        QCOMPARE(statisticsOf(image, 0, pixels, MeasurementKind::RectangleRoi, {2.01, 3}, {4, 4}).pixels, 4);
        QCOMPARE(statisticsOf(image, 0, pixels, MeasurementKind::RectangleRoi, {2.2, 3.2}, {2.8, 3.8}).pixels, 0);
        QCOMPARE(statisticsOf(image, 0, pixels, MeasurementKind::RectangleRoi, {-50, -50}, {50, 50}).pixels, 100);
        QCOMPARE(statisticsOf(image, 0, pixels, MeasurementKind::RectangleRoi, {20, 20}, {30, 30}).pixels, 0);
        const RoiStatistics probe = statisticsOf(image, 0, pixels, MeasurementKind::Probe, {3, 2}, {3, 2});
        QCOMPARE(probe.pixels, 1);
        QCOMPARE(probe.mean, 23.0 - 1000);
        QCOMPARE(probe.sd, 0.0);
    }
    void ellipseAgreesWithCounting() {
        const ImageDescription image = ct(60, 50);
        const PixelBuffer pixels = ramp(60, 50);
        const ImagePoint a{10.3, 8.7}, b{41.9, 39.2};
        int count = 0;
        double sum = 0, squares = 0;
        for (int y = 0; y < 50; ++y) {
            for (int x = 0; x < 60; ++x) {
                const double dx = (x - 26.1) / 15.8, dy = (y - 23.95) / 15.25;
                if (dx * dx + dy * dy > 1.0)
                    continue;
                const double value = y * 60 + x - 1000;
                ++count;
                sum += value;
                squares += value * value;
            }
        }
        const RoiStatistics ellipse = statisticsOf(image, 0, pixels, MeasurementKind::EllipseRoi, a, b);
        QCOMPARE(ellipse.pixels, count);
        QVERIFY(std::abs(ellipse.mean - sum / count) < 1e-9);
        QVERIFY(std::abs(ellipse.sd - std::sqrt(squares / count - sum / count * (sum / count))) < 1e-6);
        // A circle through the centres of its four neighbours takes those in.
        QCOMPARE(statisticsOf(image, 0, pixels, MeasurementKind::EllipseRoi, {4, 4}, {6, 6}).pixels, 5);
        QCOMPARE(statisticsOf(image, 0, pixels, MeasurementKind::EllipseRoi, {4, 4}, {8, 4}).pixels, 5); // flat
    }
    void paddingAndColourDoNotCount() {
        ImageDescription image = ct(10, 10);
        image.paddingFirst = 0;
        image.paddingLast = 49;
        const PixelBuffer pixels = ramp(10, 10);
        const RoiStatistics rest = statisticsOf(image, 0, pixels, MeasurementKind::RectangleRoi, {0, 0}, {9, 9});
        QCOMPARE(rest.pixels, 50);
        QCOMPARE(rest.min, 50.0 - 1000);
        PixelBuffer colour = ramp(10, 10);
        colour.samplesPerPixel = 3;
        QCOMPARE(statisticsOf(image, 0, colour, MeasurementKind::RectangleRoi, {0, 0}, {9, 9}).pixels, 0);
        PixelBuffer broken = ramp(10, 10);
        broken.data.resize(3);
        QCOMPARE(statisticsOf(image, 0, broken, MeasurementKind::RectangleRoi, {0, 0}, {9, 9}).pixels, 0);
    }
    void survivesJson() {
        for (const MeasurementKind kind :
             {MeasurementKind::Length, MeasurementKind::Angle, MeasurementKind::RectangleRoi,
              MeasurementKind::EllipseRoi, MeasurementKind::Probe, MeasurementKind::Arrow, MeasurementKind::CobbAngle,
              MeasurementKind::CardiothoracicRatio, MeasurementKind::FreehandRoi, MeasurementKind::Bidirectional,
              MeasurementKind::VolumeContour, MeasurementKind::Text}) {
            Measurement measurement;
            measurement.id = QStringLiteral("m1");
            measurement.kind = kind;
            measurement.label = QStringLiteral("结节");
            measurement.series = SeriesUid(QStringLiteral("1.2"));
            measurement.instance = InstanceUid(QStringLiteral("1.2.3"));
            measurement.sopClass = SopClassUid(QStringLiteral("1.2.840"));
            measurement.frame = 7;
            measurement.points = {{0.1, -2.5}, {1e-3, 512.123456789}};
            measurement.patientPoints = {{1.5, -2.25, 1234.5678}};
            measurement.planeRow = {1, 0, 0};
            measurement.planeColumn = {0, 0.6, -0.8};
            measurement.frameOfReference = FrameOfReferenceUid(QStringLiteral("1.5"));
            measurement.trackingUid = QStringLiteral("2.25.7");
            measurement.group = QStringLiteral("2.25.8");
            const QByteArray bytes = QJsonDocument(toJson(measurement)).toJson();
            QCOMPARE(measurementFromJson(QJsonDocument::fromJson(bytes).object()), measurement);
        }
        QCOMPARE(measurementFromJson({}), Measurement{});
    }
    // The rule of the edge by hand: a pixel counts wholly or not at all, by its centre.
    void roiEdgeCutsThroughPixels() {
        // 5 x 4 pixels, value 10 * row + column, rows 0.5 mm and columns 2 mm apart.
        PixelBuffer pixels = ramp(5, 4);
        for (int i = 0; i < 20; ++i)
            reinterpret_cast<std::int16_t*>(pixels.data.data())[i] = static_cast<std::int16_t>(i / 5 * 10 + i % 5);
        ImageDescription image = ct(5, 4);
        image.frames[0].rescaleIntercept = 0;
        // From (0.6, 0.4) to (3.2, 2.5): columns 1, 2, 3 and rows 1, 2 have their centres inside; column 3 is cut at
        // 70 % of its width and counts, column 0 lies outside.
        const RoiStatistics box = statisticsOf(image, 0, pixels, MeasurementKind::RectangleRoi, {0.6, 0.4}, {3.2, 2.5});
        QCOMPARE(box.pixels, 6);
        QCOMPARE(box.mean, 17.0);                                        // 11 12 13 21 22 23
        QVERIFY(std::abs(box.sd - std::sqrt(25.0 + 2.0 / 3.0)) < 1e-12); // rows +-5, columns 1 0 1
        QCOMPARE(box.min, 11.0);
        QCOMPARE(box.max, 23.0);
        const MeasuredValue area =
            areaOf(image.frames[0].spacing, MeasurementKind::RectangleRoi, {0.6, 0.4}, {3.2, 2.5});
        QVERIFY(std::abs(area.value - 2.6 * 2.0 * 2.1 * 0.5) < 1e-12); // as drawn, in mm2
        // An outline through centres takes them in.
        QCOMPARE(statisticsOf(image, 0, pixels, MeasurementKind::RectangleRoi, {1, 1}, {3, 2}).pixels, 6);
        // An ellipse of radii 1.5 and 1 px about (2, 1.5): rows 1 and 2 (dy 0.5 -> |dx| <= 1.299), columns 1 to 3.
        const RoiStatistics ellipse =
            statisticsOf(image, 0, pixels, MeasurementKind::EllipseRoi, {0.5, 0.5}, {3.5, 2.5});
        QCOMPARE(ellipse.pixels, 6);
        QCOMPARE(ellipse.mean, 17.0);
        // Padding inside does not count.
        image.paddingFirst = image.paddingLast = 22.0;
        const RoiStatistics padded =
            statisticsOf(image, 0, pixels, MeasurementKind::RectangleRoi, {0.6, 0.4}, {3.2, 2.5});
        QCOMPARE(padded.pixels, 5);
        QCOMPARE(padded.mean, 16.0); // 11 12 13 21 23
        QVERIFY(std::abs(padded.sd - std::sqrt((25.0 + 16.0 + 9.0 + 25.0 + 49.0) / 5.0)) < 1e-12);
    }
};

} // namespace

QTEST_GUILESS_MAIN(MeasureTest)
#include "measure_test.moc"
