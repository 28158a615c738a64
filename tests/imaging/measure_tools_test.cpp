#include "imaging/contour_volume.h"
#include "imaging/measurement_result.h"
#include "imaging/polygon.h"
#include "imaging/two_lines.h"

#include <QTest>
#include <cmath>

using namespace yz;

namespace {

bool isNear(double a, double b, double tolerance = 1e-9) { return std::abs(a - b) <= tolerance; }

/// 8 x 6 pixels, value 10 * row + column, rows 0.5 mm and columns 2 mm apart.
ImageDescription tableImage() {
    ImageDescription image;
    image.columns = 8;
    image.rows = 6;
    image.isSigned = true;
    image.frames.resize(1);
    image.frames[0].spacing = {0.5, 2.0, Calibration::PixelSpacing};
    image.frames[0].rescaleUnit = QStringLiteral("HU");
    return image;
}
PixelBufferPtr tablePixels() {
    auto pixels = std::make_shared<PixelBuffer>();
    pixels->columns = 8;
    pixels->rows = 6;
    pixels->type = SampleType::Int16;
    pixels->data.resize(pixels->byteCount());
    for (int i = 0; i < 48; ++i)
        reinterpret_cast<std::int16_t*>(pixels->data.data())[i] = static_cast<std::int16_t>(i / 8 * 10 + i % 8);
    return pixels;
}
Measurement made(MeasurementKind kind, std::vector<ImagePoint> points) {
    Measurement measurement;
    measurement.kind = kind;
    measurement.points = std::move(points);
    return measurement;
}

class MeasureToolsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cobbIsTheAngleBetweenLinesThatNeedNotMeet() {
        const PixelSpacing wide{0.5, 2.0, Calibration::PixelSpacing};
        // 2 mm to the right; and 2 mm right, 2 mm down (4 rows): 45 degrees, in pixels it would be 76.
        QVERIFY(isNear(cobbAngleOf(wide, {{{0, 0}, {1, 0}, {5, 1}, {6, 5}}}).value, 45.0));
        // Which end was set first does not matter, and more than 90 is the other side.
        QVERIFY(isNear(cobbAngleOf(wide, {{{1, 0}, {0, 0}, {5, 1}, {6, 5}}}).value, 45.0));
        QVERIFY(isNear(cobbAngleOf(wide, {{{0, 0}, {1, 0}, {0, 0}, {-1, 4}}}).value, 45.0));
        QVERIFY(isNear(cobbAngleOf(wide, {{{0, 0}, {1, 0}, {3, 3}, {3, 9}}}).value, 90.0));
        QVERIFY(isNear(cobbAngleOf(wide, {{{0, 0}, {1, 4}, {7, 0}, {8, 4}}}).value, 0.0));
        QCOMPARE(cobbAngleOf(wide, {{{0, 0}, {0, 0}, {3, 3}, {3, 9}}}).value, 0.0);
    }
    void cardiothoracicRatio() {
        const ImageDescription image = tableImage();
        // Heart 3 columns of 2 mm, thorax 6 columns: 6 / 12.
        const MeasurementResult result =
            evaluate(made(MeasurementKind::CardiothoracicRatio, {{2, 2}, {5, 2}, {1, 4}, {7, 4}}), image, 0, {});
        QVERIFY(isNear(result.value.value, 0.5));
        QCOMPARE(result.value.unit, QStringLiteral("1"));
        QVERIFY(isNear(result.also.at(0).value, 6.0));
        QVERIFY(isNear(result.also.at(1).value, 12.0));
        // A slanting heart line: 3 columns (6 mm) and 5 rows (2.5 mm) are 6.5 mm.
        QVERIFY(isNear(ratioOf(image.frames[0].spacing, {{{0, 0}, {3, 5}, {0, 0}, {6, 0}}}).value, 6.5 / 12.0));
        // No size of a pixel is needed, only its shape.
        QVERIFY(isNear(ratioOf({0.25, 1.0, Calibration::None}, {{{0, 0}, {3, 5}, {0, 0}, {6, 0}}}).value, 6.5 / 12.0));
        QVERIFY(ratioOf({}, {{{0, 0}, {3, 5}, {1, 1}, {1, 1}}}).unit.isEmpty());
    }
    void shortAxisIsSquareInMillimetres() {
        const PixelSpacing wide{0.5, 2.0, Calibration::PixelSpacing};
        // Long axis (2 columns, 4 rows) = (4, 2) mm; square to it runs (-2, 4) mm = (-1 column, 8 rows).
        const ImagePoint end = squareEnd(wide, {0, 0}, {2, 4}, {1, 2}, {0.5, 9});
        const ImagePoint way = end - ImagePoint{1, 2};
        QVERIFY(isNear(way.x * 2.0 * 4.0 + way.y * 0.5 * 2.0, 0.0));
        // Towards (-0.5 column, 7 rows) = (-1, 3.5) mm: its part along (-2, 4)/sqrt(20) is 16 / sqrt(20) mm.
        QVERIFY(isNear(std::hypot(way.x * 2.0, way.y * 0.5), 16.0 / std::sqrt(20.0)));
        QCOMPARE(squareEnd(wide, {1, 1}, {1, 1}, {0, 0}, {3, 4}).x, 3.0);

        const TwoLines lines{{{0, 0}, {4, 0}, {2, -4}, {2, 8}}}; // 8 mm across, short axis 6 mm from -2 to +4
        const TwoLines turned = withLongAxis(wide, lines, {0, 0}, {0, 32}); // now 16 mm downwards
        // Half along: row 16. What lay below (+y) now lies to the left: 4 mm = 2 columns, and 2 mm to the right.
        QVERIFY(isNear(turned[2].x, 1.0) && isNear(turned[2].y, 16.0));
        QVERIFY(isNear(turned[3].x, -2.0) && isNear(turned[3].y, 16.0));
        const MeasurementResult result = evaluate(
            made(MeasurementKind::Bidirectional, {turned[0], turned[1], turned[2], turned[3]}), tableImage(), 0, {});
        QVERIFY(isNear(result.value.value, 16.0));
        QVERIFY(isNear(result.also.at(0).value, 6.0));
        QCOMPARE(result.also.at(0).unit, QStringLiteral("mm"));
    }
    void areaOfAnOutline() {
        QVERIFY(isNear(polygonArea({{0, 0}, {4, 0}, {4, 3}}), 6.0));
        QVERIFY(isNear(polygonArea({{4, 3}, {4, 0}, {0, 0}}), 6.0)); // the way round does not matter
        // An L of 3 x 3 without its upper right 2 x 2.
        QVERIFY(isNear(polygonArea({{0, 0}, {1, 0}, {1, 2}, {3, 2}, {3, 3}, {0, 3}}), 5.0));
        QVERIFY(isNear(polygonArea({{1e6, 1e6}, {1e6 + 4, 1e6}, {1e6 + 4, 1e6 + 3}}), 6.0));
        const MeasuredValue area =
            areaOf({0.5, 2.0, Calibration::PixelSpacing}, MeasurementKind::FreehandRoi, {{0, 0}, {4, 0}, {4, 3}});
        QVERIFY(isNear(area.value, 6.0)); // 6 pixels of 1 mm2
        QCOMPARE(area.unit, QStringLiteral("mm2"));
        QCOMPARE(areaOf({}, MeasurementKind::FreehandRoi, {{0, 0}, {4, 0}, {4, 3}}).unit, QStringLiteral("{px}2"));
    }
    void outlineThatCrossesItselfHasNoArea() {
        QVERIFY(isSimplePolygon({{0, 0}, {4, 0}, {4, 3}}));
        QVERIFY(isSimplePolygon({{0, 0}, {1, 0}, {1, 2}, {3, 2}, {3, 3}, {0, 3}}));
        QVERIFY(!isSimplePolygon({{0, 0}, {4, 4}, {4, 0}, {0, 4}}));
        QVERIFY(!isSimplePolygon({{0, 0}, {4, 0}, {4, 4}, {2, 0}, {0, 4}})); // touches its own side
        QVERIFY(!isSimplePolygon({{0, 0}, {4, 0}}));
        const MeasurementResult result = evaluate(made(MeasurementKind::FreehandRoi, {{0, 0}, {4, 4}, {4, 0}, {0, 4}}),
                                                  tableImage(), 0, tablePixels());
        QCOMPARE(result.problem, MeasurementResult::Problem::CrossesItself);
        QVERIFY(result.value.unit.isEmpty());
        QVERIFY(!result.roi);
    }
    void pixelsOfAnOutlineByTheirCentres() {
        const ImageDescription image = tableImage();
        const PixelBufferPtr pixels = tablePixels();
        // A triangle through centres: row 1: 1..5, row 2: 1..4 (side at 4), row 3: 1..3, row 4: 1..2, row 5: 1.
        const std::vector<ImagePoint> triangle{{1, 1}, {5, 1}, {1, 5}};
        const RoiStatistics whole = statisticsOf(image, 0, *pixels, MeasurementKind::FreehandRoi, triangle);
        QCOMPARE(whole.pixels, 15);
        QCOMPARE(whole.min, 11.0);
        QCOMPARE(whole.max, 51.0);
        // Columns 1 x5 + 2 x4 + 3 x3 + 4 x2 + 5 = 35, rows by symmetry 35: (350 + 35) / 15.
        QVERIFY(isNear(whole.mean, 385.0 / 15.0));
        // Drawn in by a tenth on every side only the centres well inside stay: rows 2, 3 and columns.
        const RoiStatistics inner =
            statisticsOf(image, 0, *pixels, MeasurementKind::FreehandRoi, {{1.1, 1.1}, {4.7, 1.1}, {1.1, 4.7}});
        // x + y <= 5.8, x >= 2, y >= 2: (2,2) (3,2) (2,3).
        QCOMPARE(inner.pixels, 3);
        QVERIFY(isNear(inner.mean, (22.0 + 23.0 + 32.0) / 3.0));
        // A hollow shape: the notch does not count, rows of the notch are two runs.
        const RoiStatistics notched = statisticsOf(
            image, 0, *pixels, MeasurementKind::FreehandRoi,
            {{0.5, 0.5}, {2.5, 0.5}, {2.5, 3.5}, {4.5, 3.5}, {4.5, 0.5}, {6.5, 0.5}, {6.5, 4.5}, {0.5, 4.5}});
        QCOMPARE(notched.pixels, 3 * 4 + 6); // rows 1-3: columns 1 2 5 6; row 4: 1 to 6
        // The same as a box where it is one.
        QCOMPARE(statisticsOf(image, 0, *pixels, MeasurementKind::FreehandRoi, {{1, 1}, {3, 1}, {3, 2}, {1, 2}}),
                 statisticsOf(image, 0, *pixels, MeasurementKind::RectangleRoi, {1, 1}, {3, 2}));
        QCOMPARE(statisticsOf(image, 0, *pixels, MeasurementKind::FreehandRoi, {{-9, -9}, {99, -9}, {99, 99}, {-9, 99}})
                     .pixels,
                 48);
    }
    void histogram() {
        const ImageDescription image = tableImage();
        const PixelBufferPtr pixels = tablePixels();
        const std::vector<ImagePoint> box{{1, 1}, {3, 2}}; // 11 12 13 21 22 23
        const RoiHistogram fine = histogramOf(image, 0, *pixels, MeasurementKind::RectangleRoi, box);
        QCOMPARE(fine.first, 11.0);
        QCOMPARE(fine.width, 1.0);
        QCOMPARE(fine.counts, (std::vector<int>{1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1}));
        const RoiHistogram coarse = histogramOf(image, 0, *pixels, MeasurementKind::RectangleRoi, box, 2);
        QCOMPARE(coarse.width, 7.0); // 13 whole values in two bins
        QCOMPARE(coarse.counts, (std::vector<int>{3, 3}));
        QVERIFY(histogramOf(image, 0, *pixels, MeasurementKind::RectangleRoi, {{90, 90}, {95, 95}}).counts.empty());
        ImageDescription fractions = image;
        fractions.frames[0].rescaleSlope = 0.25;
        const RoiHistogram quarter = histogramOf(fractions, 0, *pixels, MeasurementKind::RectangleRoi, box, 4);
        QVERIFY(isNear(quarter.width, 3.0 / 4.0)); // 2.75 to 5.75
        QCOMPARE(quarter.counts, (std::vector<int>{3, 0, 0, 3}));
    }
    void volumeOfContours() {
        // Every slice: sum of areas times the distance.
        QVERIFY(isNear(*contourVolume({{0, 10}, {5, 20}, {10, 30}}, 5.0), 300.0));
        QVERIFY(isNear(*contourVolume({{10, 30}, {0, 10}, {5, 20}}, 5.0), 300.0));
        // A slice left out counts as the mean of its neighbours.
        QVERIFY(isNear(*contourVolume({{0, 10}, {10, 30}}, 5.0), 300.0));
        QVERIFY(isNear(*contourVolume({{0, 10}}, 5.0), 50.0));
        QVERIFY(isNear(*contourVolume({{0, 10}, {0.001, 5}}, 5.0), 75.0)); // two outlines on one slice
        QVERIFY(!contourVolume({}, 5.0));
        QVERIFY(!contourVolume({{0, 10}}, 0.0));
        // A sphere of radius 10 mm cut every mm: within a per mille of 4/3 pi r3.
        std::vector<ContourSlice> sphere;
        for (int z = -9; z <= 9; ++z)
            sphere.push_back({static_cast<double>(z), M_PI * (100.0 - z * z)});
        QVERIFY(isNear(*contourVolume(sphere, 1.0), 4.0 / 3.0 * M_PI * 1000.0, 25.0));
    }
    void traceKeepsItsShape() {
        std::vector<ImagePoint> trace;
        for (int i = 0; i <= 100; ++i)
            trace.push_back({i * 0.1, 0.0});
        for (int i = 1; i <= 100; ++i)
            trace.push_back({10.0, i * 0.1});
        QCOMPARE(simplifiedTrace(trace, 0.2), (std::vector<ImagePoint>{{0, 0}, {10, 0}, {10, 10}}));
    }
    void storedCoordinatesSurviveSinglePrecision() {
        Measurement box = made(MeasurementKind::EllipseRoi, {{300.123456789, 20.7}, {100.1, 511.98765432}});
        box.patientPoints = {{-123.456789012, 0.1, 1e-3}};
        roundForStorage(box);
        QVERIFY(box.points[0].x < box.points[1].x && box.points[0].y < box.points[1].y);
        QVERIFY(isNear(box.points[0].x, 100.1, 1e-4) && isNear(box.points[1].y, 511.98765432, 1e-4));
        for (const ImagePoint& point : box.points)
            for (const double x : {point.x, point.y})
                QCOMPARE(static_cast<double>(static_cast<float>(x + 0.5)) - 0.5, x);
        QCOMPARE(static_cast<double>(static_cast<float>(box.patientPoints[0].x)), box.patientPoints[0].x);
        const Measurement once = box;
        roundForStorage(box);
        QCOMPARE(box, once);
    }
    void onAPlaneOutlinesKeepTheirDirections() {
        SlicePlane axial;
        axial.origin = {10, 20, 30};
        axial.row = {1, 0, 0};
        axial.column = {0, 1, 0};
        axial.pixelMm = 0.5;
        const Measurement kept = keptOnPlane(made(MeasurementKind::RectangleRoi, {{2, 4}, {6, 4.5}}), axial,
                                             FrameOfReferenceUid(QStringLiteral("1.2")));
        QVERIFY(kept.points.empty());
        QCOMPARE(kept.patientPoints[1], (PatientPoint{13, 22.25, 30}));
        const auto back = onPlane(kept, axial, 0.25);
        QVERIFY(back);
        QVERIFY(isNear(back->points[1].x, 6.0) && isNear(back->points[1].y, 4.5));
        SlicePlane elsewhere = axial;
        elsewhere.origin.z = 31;
        QVERIFY(!onPlane(kept, elsewhere, 0.25));
        // A coronal plane that happens to hold both corners does not show the box; a line there is the same line.
        SlicePlane coronal = axial;
        coronal.column = {0, 0, -1};
        Measurement flat = kept;
        flat.patientPoints[1].y = flat.patientPoints[0].y;
        coronal.origin.y = flat.patientPoints[0].y;
        QVERIFY(!onPlane(flat, coronal, 0.25));
        flat.kind = MeasurementKind::Length;
        QVERIFY(onPlane(flat, coronal, 0.25));
    }
    void reducedPicturesAreNotMeasured() {
        auto reduced = std::make_shared<PixelBuffer>(*tablePixels());
        reduced->reduction = 1;
        const MeasurementResult result =
            evaluate(made(MeasurementKind::RectangleRoi, {{1, 1}, {3, 2}}), tableImage(), 0, reduced);
        QVERIFY(result.needsPixels);
        QVERIFY(!result.roi);
        QCOMPARE(result.value.unit, QStringLiteral("mm2"));
    }
};

} // namespace

QTEST_GUILESS_MAIN(MeasureToolsTest)
#include "measure_tools_test.moc"
