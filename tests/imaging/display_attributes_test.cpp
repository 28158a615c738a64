#include "imaging/calibration.h"
#include "imaging/colour_cube.h"
#include "imaging/presentation.h"
#include "imaging/suv.h"
#include "imaging/ultrasound.h"

#include <QTest>
#include <cmath>

using namespace yz;

namespace {

PetDescription pet() {
    PetDescription pet;
    pet.units = QStringLiteral("BQML");
    pet.corrections = {QStringLiteral("DECY"), QStringLiteral("ATTN"), QStringLiteral("SCAT")};
    pet.decayCorrection = QStringLiteral("START");
    pet.patientWeightKg = 70.0;
    pet.injectedDoseBq = 350e6;
    pet.halfLifeS = 6586.2;
    const QDate day(2024, 3, 5);
    pet.injectionTime = QDateTime(day, QTime(10, 0), Qt::UTC);
    pet.seriesTime = QDateTime(day, QTime(11, 0), Qt::UTC);
    pet.acquisitionTime = QDateTime(day, QTime(11, 4), Qt::UTC);
    return pet;
}

SpacingAttributes spacings(const char* modality) {
    SpacingAttributes attributes;
    attributes.modality = QString::fromLatin1(modality);
    return attributes;
}

UltrasoundRegion region(int minX, int maxX, UltrasoundUnit x, UltrasoundUnit y, double deltaX, double deltaY) {
    UltrasoundRegion region;
    region.minX = minX;
    region.maxX = maxX;
    region.maxY = 99;
    region.unitX = x;
    region.unitY = y;
    region.deltaX = deltaX;
    region.deltaY = deltaY;
    return region;
}

} // namespace

class DisplayAttributesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void suvByWeight() {
        // By hand: 3600 s of 6586.2 s leave 2^-0.546597 = 0.684635 of 350 MBq = 239.622 MBq; 70 000 g over it.
        const auto factor = suvFactor(pet());
        QVERIFY(factor);
        QVERIFY(std::abs(*factor - 70000.0 / 239.622e6) < 1e-9 * 70000.0 / 239.622e6 * 1e4);
        PetDescription admin = pet();
        admin.decayCorrection = QStringLiteral("ADMIN");
        QCOMPARE(*suvFactor(admin), 70000.0 / 350e6);
        PetDescription gml = pet();
        gml.units = QStringLiteral("GML");
        QCOMPARE(*suvFactor(gml), 1.0);
        gml.suvType = QStringLiteral("LBM");
        QCOMPARE(suvFactor(gml).error().code, ErrorCode::NotSupported);
    }
    void suvScanStartOfALaterSeries() {
        // A series written an hour later: GE says the scan's start, others are counted back from the frame.
        PetDescription later = pet();
        const double plain = *suvFactor(later);
        later.seriesTime = later.acquisitionTime.addSecs(3600);
        QCOMPARE(suvFactor(later).error().detail, QStringLiteral("FrameReferenceTime"));
        later.geScanTime = QDateTime(QDate(2024, 3, 5), QTime(11, 0), Qt::UTC);
        QCOMPARE(*suvFactor(later), plain);
        later.geScanTime = {};
        // The frame starts 240 s after the scan and lasts 180 s: its average activity is reached after 89.858 s.
        later.frameDurationMs = 180000.0;
        later.frameReferenceMs = 240000.0 + 89858.0;
        QVERIFY(std::abs(*suvFactor(later) / plain - 1.0) < 1e-6);
    }
    void suvOverMidnight() {
        PetDescription night = pet();
        night.seriesTime = QDateTime(QDate(2024, 3, 5), QTime(0, 30), Qt::UTC);
        night.acquisitionTime = night.seriesTime;
        night.injectionTime = QDateTime(QDate(2024, 3, 5), QTime(23, 30), Qt::UTC);
        QCOMPARE(suvFactor(night).error().code, ErrorCode::DataSetBroken);
        PetDescription shifted = pet(); // made anonymous by half
        shifted.injectionTime = shifted.injectionTime.addYears(-17);
        QCOMPARE(suvFactor(shifted).error().code, ErrorCode::DataSetBroken);
        night.injectionDayIsAssumed = true;
        QCOMPARE(*suvFactor(night), *suvFactor(pet()));
    }
    void suvNamesWhatIsMissing() {
        const auto detailOf = [](auto change) {
            PetDescription broken = pet();
            change(broken);
            const auto factor = suvFactor(broken);
            return factor ? QStringLiteral("none") : factor.error().detail;
        };
        QCOMPARE(detailOf([](PetDescription& p) { p.patientWeightKg.reset(); }), QStringLiteral("PatientWeight"));
        QCOMPARE(detailOf([](PetDescription& p) { p.injectedDoseBq.reset(); }),
                 QStringLiteral("RadionuclideTotalDose"));
        QCOMPARE(detailOf([](PetDescription& p) { p.halfLifeS.reset(); }), QStringLiteral("RadionuclideHalfLife"));
        QCOMPARE(detailOf([](PetDescription& p) { p.injectionTime = {}; }),
                 QStringLiteral("RadiopharmaceuticalStartTime"));
        QCOMPARE(detailOf([](PetDescription& p) { p.acquisitionTime = {}; }), QStringLiteral("AcquisitionTime"));
        QCOMPARE(detailOf([](PetDescription& p) { p.corrections.removeAll(QStringLiteral("ATTN")); }),
                 QStringLiteral("CorrectedImage ATTN"));
        QCOMPARE(detailOf([](PetDescription& p) { p.units.clear(); }), QStringLiteral("Units"));
        QCOMPARE(suvFactor(ImageDescription()).error().code, ErrorCode::NotSupported);
        PetDescription counts = pet();
        counts.units = QStringLiteral("CNTS");
        QCOMPARE(suvFactor(counts).error().code, ErrorCode::NotSupported);
        counts.philipsActivityFactor = 2.5;
        QCOMPARE(*suvFactor(counts), 2.5 * *suvFactor(pet()));
        counts.philipsSuvFactor = 0.000551;
        QCOMPARE(*suvFactor(counts), 0.000551);
    }

    void calibrationOrder() {
        SpacingAttributes ct = spacings("CT");
        QCOMPARE(calibratedSpacing(ct).calibration, Calibration::None);
        ct.imagerPixelSpacing = PixelPitch{0.3, 0.4};
        QCOMPARE(calibratedSpacing(ct).calibration, Calibration::ImagerSpacing);
        ct.pixelSpacing = PixelPitch{0.5, 0.6};
        QCOMPARE(calibratedSpacing(ct).calibration, Calibration::PixelSpacing);
        QCOMPARE(calibratedSpacing(ct).columnMm, 0.6);

        SpacingAttributes dx = spacings("DX");
        dx.nominalScannedPixelSpacing = PixelPitch{0.2, 0.2};
        QCOMPARE(calibratedSpacing(dx).calibration, Calibration::ImagerSpacing);
        dx.imagerPixelSpacing = PixelPitch{0.1, 0.1};
        QCOMPARE(calibratedSpacing(dx).rowMm, 0.1);
        dx.magnification = 1.25;
        QCOMPARE(calibratedSpacing(dx).calibration, Calibration::Magnification);
        QCOMPARE(calibratedSpacing(dx).rowMm, 0.08);
        dx.pixelSpacing = PixelPitch{0.1, 0.1}; // repeats the detector's: not calibrated
        QCOMPARE(calibratedSpacing(dx).calibration, Calibration::Magnification);
        dx.pixelSpacing = PixelPitch{0.09, 0.09};
        QCOMPARE(calibratedSpacing(dx).calibration, Calibration::CalibratedSpacing);
        dx.pixelSpacing = PixelPitch{0.1, 0.1};
        dx.calibrationType = QStringLiteral("FIDUCIAL");
        QCOMPARE(calibratedSpacing(dx).calibration, Calibration::CalibratedSpacing);
        SpacingAttributes bare = spacings("CR");
        bare.pixelSpacing = PixelPitch{0.15, 0.15};
        QCOMPARE(calibratedSpacing(bare).calibration, Calibration::ImagerSpacing);
    }
    void pixelShapeWithoutSize() {
        ImageDescription image;
        image.pixelAspectRows = 2.0; // rows twice as far apart as columns
        image.pixelAspectColumns = 1.0;
        const PixelSpacing spacing = spacingAt(image, 0, {0, 0});
        QCOMPARE(spacing.calibration, Calibration::None);
        QVERIFY(std::abs(angleOf(spacing, {2, 0}, {0, 0}, {2, 1}).value - 45.0) < 1e-12);
        QCOMPARE(lengthOf(spacing, {0, 0}, {3, 4}).value, 5.0); // in pixels it stays
    }

    void timeAndVelocityOfRegions() {
        ImageDescription image;
        UltrasoundRegion picture = region(0, 99, UltrasoundUnit::Centimetre, UltrasoundUnit::Centimetre, 0.05, 0.02);
        picture.columnMm = 0.5;
        picture.rowMm = 0.2;
        UltrasoundRegion mMode = region(100, 199, UltrasoundUnit::Second, UltrasoundUnit::Centimetre, 0.01, 0.02);
        mMode.format = UltrasoundFormat::MMode;
        UltrasoundRegion doppler =
            region(200, 299, UltrasoundUnit::Second, UltrasoundUnit::CentimetrePerSecond, 0.004, -2.0);
        doppler.format = UltrasoundFormat::Spectral;
        doppler.referenceY = 60.0; // the baseline
        image.regions = {picture, mMode, doppler};

        QCOMPARE(spacingAt(image, 0, {10, 10}).calibration, Calibration::UltrasoundRegion);
        QCOMPARE(spacingAt(image, 0, {110, 10}).calibration, Calibration::None); // no mm in a strip of time
        QVERIFY(regionSpan(image, {10, 10}, {20, 20}).empty());
        QVERIFY(regionSpan(image, {110, 10}, {210, 20}).empty()); // two regions

        const auto time = regionSpan(image, {110, 10}, {160, 20});
        QCOMPARE(time.size(), size_t{3});
        QCOMPARE(time[0].unit, QStringLiteral("s"));
        QCOMPARE(time[0].value, 0.5);
        QCOMPARE(time[1].unit, QStringLiteral("mm"));
        QCOMPARE(time[1].value, 2.0);
        QCOMPARE(time[2].unit, QStringLiteral("cm/s"));
        QCOMPARE(time[2].value, 0.4);
        QCOMPARE(regionSpan(image, {110, 10}, {112, 60})[0].unit, QStringLiteral("mm"));

        const auto slope = regionSpan(image, {210, 60}, {220, 10});
        QCOMPARE(slope[0].unit, QStringLiteral("cm/s"));
        QCOMPARE(slope[0].value, 100.0);
        QCOMPARE(slope[2].unit, QStringLiteral("cm/s2"));
        QCOMPARE(slope[2].value, 2500.0);
        QCOMPARE(regionValueAt(image, {210, 20})->value, 80.0); // above the baseline: towards the probe
        QCOMPARE(regionValueAt(image, {210, 70})->value, -20.0);
        QVERIFY(!regionValueAt(image, {10, 10}));
    }

    void colourCubeInterpolates() {
        ColourCube half; // every channel halved, red and blue exchanged
        half.size = 2;
        for (int r = 0; r < 2; ++r)
            for (int g = 0; g < 2; ++g)
                for (int b = 0; b < 2; ++b)
                    half.entries.push_back({static_cast<std::uint16_t>(b * 257 * 100),
                                            static_cast<std::uint16_t>(g * 257 * 100),
                                            static_cast<std::uint16_t>(r * 257 * 100)});
        QCOMPARE(toSrgb(half, 0xffff0000u), 0xff000064u);
        QCOMPARE(toSrgb(half, 0xff000000u), 0xff000000u);
        QCOMPARE(toSrgb(half, 0xff33cc66u), 0xff285014u); // 51, 204, 102 of 255 are 20, 80, 40 of 100
        QCOMPARE(toSrgb(ColourCube{}, 0xff123456u), 0xff123456u);
    }

    void stateTurns() {
        PresentationState state;
        state.rotationDeg = 90;
        QCOMPARE(presentedTurn(state).quarterTurns, 1);
        state.isFlipped = true; // turned clockwise, then flipped = mirrored, then turned the other way
        QCOMPARE(presentedTurn(state).quarterTurns, 3);
        QVERIFY(presentedTurn(state).mirrored);
        const auto turn = presentedTurn(state);
        const ViewTransform transform = fitTransform(4, 4, {}, 4, 4, turn.quarterTurns, turn.mirrored);
        // The first pixel of the image: turned to the top right, flipped to the top left; the pixel to its right goes
        // to the bottom right of it, i.e. below.
        QCOMPARE(transform.toView({0, 0}).x, 0.5);
        QCOMPARE(transform.toView({0, 0}).y, 0.5);
        QCOMPARE(transform.toView({1, 0}).x, 0.5);
        QCOMPARE(transform.toView({1, 0}).y, 1.5);
    }
    void displayedAreaFills() {
        DisplayedArea area;
        area.left = 11;
        area.right = 20;
        area.top = 5;
        area.bottom = 9;
        const ViewTransform fit = areaTransform(area, {}, 100, 100);
        QCOMPARE(fit.scaleX, 10.0);
        QCOMPARE(fit.toView({9.5, 6.0}).x, 0.0);    // left edge of column 11
        QCOMPARE(fit.toView({19.5, 6.0}).x, 100.0); // right edge of column 20
        QCOMPARE(fit.toView({9.5, 6.0}).y, 50.0);
        std::swap(area.left, area.right); // as a flipped state writes it
        QCOMPARE(areaTransform(area, {}, 100, 100).toView({9.5, 6.0}).x, 0.0);
        area.size = DisplayedArea::Size::Magnify;
        area.magnification = 2.0;
        const ViewTransform magnified = areaTransform(area, {}, 100, 100);
        QCOMPARE(magnified.scaleX, 2.0);
        QCOMPARE(magnified.toView({14.5, 6.0}).x, 50.0);
    }
};

QTEST_GUILESS_MAIN(DisplayAttributesTest)
#include "display_attributes_test.moc"
