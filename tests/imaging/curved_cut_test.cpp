#include "imaging/curved_cut.h"

#include <QTest>
#include <cmath>
#include <functional>
#include <numbers>

using namespace yz;

namespace {

constexpr double kVoxelMm = 0.5;

/// 0.5 mm voxels around the origin, filled by a function of the place.
Volume phantom(int n, const std::function<double(const PatientPoint&)>& value) {
    Volume volume;
    volume.columns = volume.rows = volume.slices = n;
    volume.row = {1, 0, 0};
    volume.column = {0, 1, 0};
    volume.slice = {0, 0, 1};
    volume.columnMm = volume.rowMm = volume.sliceMm = kVoxelMm;
    const double half = (n - 1) * 0.5 * kVoxelMm;
    volume.origin = {-half, -half, -half};
    volume.outside = -1000;
    volume.voxels.resize(static_cast<size_t>(n) * n * n);
    size_t at = 0;
    for (int z = 0; z < n; ++z)
        for (int y = 0; y < n; ++y)
            for (int x = 0; x < n; ++x)
                volume.voxels[at++] = static_cast<std::int16_t>(std::lround(
                    value(volume.toPatient({static_cast<double>(x), static_cast<double>(y), static_cast<double>(z)}))));
    return volume;
}

/// A ring of a tube: centre line a circle about z of that radius, at that height.
struct Ring {
    double radius = 20.0, height = 5.0, tube = 3.0;
    [[nodiscard]] double away(const PatientPoint& p) const {
        return std::hypot(std::hypot(p.x, p.y) - radius, p.z - height);
    }
    [[nodiscard]] PatientPoint at(double degrees) const {
        const double a = degrees * std::numbers::pi / 180.0;
        return {radius * std::cos(a), radius * std::sin(a), height};
    }
};

int valueAt(const PixelBuffer& picture, int x, int y) { return picture.as<std::int16_t>()[y * picture.columns + x]; }

class CurvedCutTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void splineGoesThroughItsPointsAndFollowsAnArc() {
        const Ring ring;
        std::vector<PatientPoint> clicked;
        for (int degrees = 0; degrees <= 180; degrees += 15)
            clicked.push_back(ring.at(degrees));
        const std::vector<PatientPoint> line = splineThrough(clicked, 0.1);
        for (const PatientPoint& point : clicked) {
            double nearest = 1e9;
            for (const PatientPoint& own : line)
                nearest = std::min(nearest, (own - point).length());
            QVERIFY(nearest < 1e-9);
        }
        for (size_t i = 1; i < line.size(); ++i)
            QVERIFY((line[i] - line[i - 1]).length() <= 0.1);
        // Half a circle of 20 mm.
        QVERIFY(std::abs(lengthAlong(line) - 20.0 * std::numbers::pi) < 0.02 * 20.0 * std::numbers::pi / 10.0);
        QCOMPARE(splineThrough({{1, 2, 3}}, 0.1).size(), size_t{1});
        // A straight line stays one, wherever it was clicked.
        const std::vector<PatientPoint> straight = splineThrough({{0, 0, 0}, {1, 0, 0}, {1, 0, 0}, {30, 0, 0}}, 0.2);
        QVERIFY(std::abs(lengthAlong(straight) - 30.0) < 1e-9);
        for (const PatientPoint& own : straight)
            QVERIFY(std::abs(own.y) + std::abs(own.z) < 1e-9);
    }

    void bentTubeLiesStraightAtItsTrueLengthAndWidth() {
        const Ring ring;
        // Along the tube a mark every 30 degrees, so that the picture's axis can be read off.
        const Volume volume = phantom(120, [&](const PatientPoint& p) {
            if (ring.away(p) > ring.tube)
                return 0.0;
            const double degrees = std::atan2(p.y, p.x) * 180.0 / std::numbers::pi;
            return std::abs(std::remainder(degrees, 30.0)) < 2.0 ? 1000.0 : 400.0;
        });
        std::vector<PatientPoint> clicked;
        for (int degrees = -10; degrees <= 130; degrees += 10)
            clicked.push_back(ring.at(degrees));
        const auto cut = curvedCut(volume, clicked, {0, 0, 1});
        QVERIFY(cut);
        const double truth = 20.0 * 140.0 * std::numbers::pi / 180.0;
        QVERIFY2(std::abs(cut->lengthMm - truth) < 0.05, qPrintable(QString::number(cut->lengthMm - truth)));
        QCOMPARE(cut->pixelMm, kVoxelMm);
        QCOMPARE(cut->width, static_cast<int>(std::floor(truth / kVoxelMm)) + 1);
        QCOMPARE(cut->height, 120);
        QCOMPARE(cut->down, (PatientVector{0, 0, -1})); // head up
        const PixelBufferPtr picture = resliceCurved(volume, *cut);
        // The tube's middle: a straight row, 5 mm above the middle of the volume.
        const int row = static_cast<int>(std::lround((59.5 * kVoxelMm - ring.height) / kVoxelMm));
        QVERIFY(std::abs(cut->path.front().y - row) < 0.6);
        QVERIFY(std::abs(cut->path.back().y - row) < 0.6);
        for (int x = 0; x < cut->width; ++x) {
            QVERIFY(valueAt(*picture, x, row) > 300);
            int wide = 0;
            for (int y = 0; y < cut->height; ++y)
                wide += valueAt(*picture, x, y) > 200;
            QVERIFY2(std::abs(wide * kVoxelMm - 2 * ring.tube) <= kVoxelMm, qPrintable(QString::number(wide)));
        }
        // Marks at 0, 30, ... 120 degrees: their distance along the picture is that along the tube.
        std::vector<double> marks;
        for (int x = 0, from = -1; x <= cut->width; ++x) {
            const bool isMark = x < cut->width && valueAt(*picture, x, row) > 700;
            if (isMark && from < 0)
                from = x;
            if (!isMark && from >= 0) {
                marks.push_back((from + x - 1) * 0.5 * kVoxelMm);
                from = -1;
            }
        }
        QCOMPARE(marks.size(), size_t{5});
        const double apart = 20.0 * 30.0 * std::numbers::pi / 180.0;
        for (size_t i = 0; i < marks.size(); ++i)
            QVERIFY2(std::abs(marks[i] - (apart / 3.0 + static_cast<double>(i) * apart)) <= kVoxelMm,
                     qPrintable(QString::number(marks[i])));
    }

    void slabLiesOnBothSidesOfTheSurface() {
        const Ring ring;
        const Volume volume = phantom(120, [&](const PatientPoint& p) {
            return std::abs(std::hypot(p.x, p.y) - 24.0) < 0.8 ? 900.0 : std::hypot(p.x, p.y) < 17.0 ? -500.0 : 0.0;
        });
        std::vector<PatientPoint> clicked;
        for (int degrees = 0; degrees <= 90; degrees += 10)
            clicked.push_back(ring.at(degrees));
        const auto cut = curvedCut(volume, clicked, {0, 0, 1});
        QVERIFY(cut);
        const auto middle = [&](const Slab& slab) {
            return valueAt(*resliceCurved(volume, *cut, slab), cut->width / 2, cut->height / 2);
        };
        QCOMPARE(middle({}), 0);
        QCOMPARE(middle({SlabMode::Mip, 4.0}), 0);
        QVERIFY(middle({SlabMode::Mip, 9.0}) > 850); // the shell 4 mm outside
        QCOMPARE(middle({SlabMode::MinIp, 4.0}), 0);
        QCOMPARE(middle({SlabMode::MinIp, 9.0}), -500); // and the core 3 mm inside
        QVERIFY(middle({SlabMode::Mean, 9.0}) != 0);
    }

    void pathThroughSlicesHasItsLengthInSpace() {
        const Volume volume = phantom(120, [](const PatientPoint&) { return 10.0; });
        // A screw of 15 mm radius: 20 mm up in a whole turn.
        std::vector<PatientPoint> clicked;
        for (int degrees = 0; degrees <= 360; degrees += 15) {
            const double a = degrees * std::numbers::pi / 180.0;
            clicked.push_back({15.0 * std::cos(a), 15.0 * std::sin(a), -10.0 + degrees / 18.0});
        }
        const auto cut = curvedCut(volume, clicked, {0, 0, 1});
        QVERIFY(cut);
        const double around = 2 * std::numbers::pi * 15.0;
        QVERIFY(std::abs(cut->lengthMm - std::hypot(around, 20.0)) < 0.1);
        QVERIFY(std::abs((cut->width - 1) * cut->pixelMm - around) < 0.6); // flattened without stretching
        double inPicture = 0.0;
        for (size_t i = 1; i < cut->path.size(); ++i)
            inPicture += (cut->path[i] - cut->path[i - 1]).length() * cut->pixelMm;
        QVERIFY(std::abs(inPicture - cut->lengthMm) < 1e-6);
        // Where the picture says the path is, the patient's point is.
        for (size_t i = 0; i < cut->path.size(); i += 97) {
            const PatientPoint there = cut->at(cut->path[i].x, cut->path[i].y);
            QVERIFY(std::abs(std::hypot(there.x, there.y) - 15.0) < 0.1);
        }
    }

    void refusesWhatIsNoPath() {
        const Volume volume = phantom(20, [](const PatientPoint&) { return 1.0; });
        QVERIFY(!curvedCut(volume, {}, {0, 0, 1}));
        QVERIFY(!curvedCut(volume, {{1, 1, 1}}, {0, 0, 1}));
        const auto behind = curvedCut(volume, {{1, 1, -3}, {1, 1, 3}}, {0, 0, 1});
        QVERIFY(!behind);
        QCOMPARE(behind.error().code, ErrorCode::InvalidArgument);
    }
};

} // namespace

QTEST_GUILESS_MAIN(CurvedCutTest)
#include "curved_cut_test.moc"
