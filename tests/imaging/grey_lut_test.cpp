#include "imaging/grey_lut.h"

#include <QTest>
#include <limits>
#include <numeric>

/// The table of the display chain against the chain itself, value by value.
class GreyLutTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isTheChainForEveryValue_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("isSigned");
        QTest::addColumn<double>("slope");
        QTest::addColumn<double>("intercept");
        QTest::addColumn<double>("center");
        QTest::addColumn<double>("width");
        QTest::addColumn<int>("function");
        QTest::addColumn<bool>("inverted");
        const double notANumber = std::numeric_limits<double>::quiet_NaN();
        int i = 0;
        const auto row = [&](bool isSigned, double slope, double center, double width, int function) {
            ++i;
            QTest::addRow("%d", i) << (i % 3 == 0 ? 12 : 16) << isSigned << slope << -1024.0 << center << width
                                   << function << (i % 2 == 0);
        };
        for (const bool isSigned : {false, true})
            for (const double slope : {1.0, 0.37, -2.0, 0.0, 1e-9, 1e12, notANumber})
                for (const auto& [center, width] : {std::pair{40.0, 400.0},
                                                    {0.0, 1.0},
                                                    {-1000.5, 2.5},
                                                    {2048.0, 4096.0},
                                                    {1e6, 10.0},
                                                    {12.25, 100000.0},
                                                    {300.0, 0.0}})
                    for (const int function : {0, 1, 2})
                        row(isSigned, slope, center, width, function);
    }
    void isTheChainForEveryValue() {
        QFETCH(int, bits);
        QFETCH(bool, isSigned);
        QFETCH(double, slope);
        QFETCH(double, intercept);
        QFETCH(double, center);
        QFETCH(double, width);
        QFETCH(int, function);
        QFETCH(bool, inverted);
        yz::ImageDescription image;
        image.columns = image.rows = 1;
        image.bitsAllocated = 16;
        image.bitsStored = bits;
        image.isSigned = isSigned;
        yz::FrameDescription frame;
        frame.rescaleSlope = slope;
        frame.rescaleIntercept = intercept;
        image.frames = {frame};
        yz::DisplaySettings settings;
        settings.window = {center, width, {}};
        settings.function = std::array{yz::VoiFunction::Linear, yz::VoiFunction::LinearExact,
                                       yz::VoiFunction::Sigmoid}[static_cast<size_t>(function)];
        settings.inverted = inverted;
        const auto lut = yz::greyLut(image, 0, isSigned ? yz::SampleType::Int16 : yz::SampleType::UInt16, settings);
        const yz::GreyMap map(image, 0, settings);
        const int low = isSigned ? -(1 << (bits - 1)) : 0;
        for (int stored = low; stored < low + (1 << bits); ++stored)
            if (lut->argb[static_cast<size_t>(stored + lut->offset)] != map(stored))
                QFAIL(qPrintable(QStringLiteral("stored value %1").arg(stored)));
        if (!lut->ramp)
            return;
        ++m_ramps;
        std::vector<std::int32_t> indexes(lut->argb.size());
        std::iota(indexes.begin(), indexes.end(), 0);
        std::vector<std::uint32_t> drawn(lut->argb.size());
        yz::drawRamp(*lut->ramp, indexes.data(), drawn.data(), static_cast<int>(drawn.size()));
        QVERIFY(drawn == lut->argb);
    }

    /// The usual windows of a CT do without the table.
    void windowsAreRamps() { QVERIFY2(m_ramps > 20, qPrintable(QString::number(m_ramps))); }

private:
    int m_ramps = 0;
};

QTEST_GUILESS_MAIN(GreyLutTest)
#include "grey_lut_test.moc"
