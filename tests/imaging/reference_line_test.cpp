#include "imaging/reference_line.h"

#include <QTest>
#include <cmath>

using namespace yz;

/// Localizer lines against positions worked out by hand.
class ReferenceLineTest : public QObject {
    Q_OBJECT

private:
    static PictureRectangle axial(double z) {
        return {{{-100, -50, z}, {1, 0, 0}, {0, 1, 0}}, {0.5, 1.0, Calibration::PixelSpacing}, 200, 200};
    }
    static PictureRectangle sagittal(double x) {
        // Rows from front to back over 120 mm, columns head to feet over 90 mm; 2 mm between rows.
        return {{{x, -60, 40}, {0, 1, 0}, {0, 0, -1}}, {2.0, 1.0, Calibration::PixelSpacing}, 120, 45};
    }
    static void compare(const std::optional<ReferenceLine>& line, ImagePoint a, ImagePoint b) {
        QVERIFY(line);
        const bool isStraight = (line->from - a).length() < 1e-9 && (line->to - b).length() < 1e-9;
        const bool isReversed = (line->from - b).length() < 1e-9 && (line->to - a).length() < 1e-9;
        QVERIFY2(
            isStraight || isReversed,
            qPrintable(
                QStringLiteral("%1 %2 to %3 %4").arg(line->from.x).arg(line->from.y).arg(line->to.x).arg(line->to.y)));
    }

private Q_SLOTS:
    void sagittalInAxial() {
        // x = 20 is column 120; the sagittal reaches from y = -60.5 (before the picture) to y = 59.5, which is less
        // than the axial's last row at y = 49.75 allows: cut off on both sides at the axial's own edges.
        compare(referenceLine(axial(0), sagittal(20)), {120, -0.5}, {120, 199.5});
    }
    void axialInSagittalWithUnequalSpacing() {
        // z = 10 is 30 mm under the first row of 2 mm: row 15. The axial covers y = -50.25 to 49.75: columns 9.75 to
        // 109.75.
        compare(referenceLine(sagittal(20), axial(10)), {9.75, 15}, {109.75, 15});
    }
    void shorterThanThePictureItIsDrawnOn() {
        PictureRectangle small = sagittal(-30);
        small.columns = 40; // y from -60.5 to -20.5
        compare(referenceLine(axial(0), small), {70, -0.5}, {70, 59});
    }
    void oblique() {
        // A plane through the y axis, turned by 45 degrees about it, cuts the axial z = 0 along x = 0.
        const double h = std::sqrt(0.5);
        const PictureRectangle turned{
            {{-50 * h, -20, -50 * h}, {h, 0, h}, {0, 1, 0}}, {1, 1, Calibration::PixelSpacing}, 101, 41};
        compare(referenceLine(axial(0), turned), {100, 59}, {100, 141});
    }
    void planesThatDoNotMeet() {
        QVERIFY(!referenceLine(axial(0), axial(10)));
        QVERIFY(!referenceLine(axial(100), sagittal(20))); // over the sagittal's edge
        QVERIFY(!referenceLine(axial(0), sagittal(150)));  // beside the axial
    }
    void nearlyParallelSaysNothing() {
        const double angle = 3.0 * 3.14159265358979 / 180.0;
        PictureRectangle tipped = axial(0);
        tipped.plane.column = {0, std::cos(angle), std::sin(angle)};
        QVERIFY(!referenceLine(axial(1), tipped));
    }
};

QTEST_APPLESS_MAIN(ReferenceLineTest)
#include "reference_line_test.moc"
