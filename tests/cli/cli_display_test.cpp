#include "cli_runner.h"

#include "support/shared_data.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace yz::test;

/// `pixels` with what belongs to the display: overlays, presentation states, SUV. No platform listens; each command
/// decodes one file.
class CliDisplayTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void stateAgreesWithWeasis_data();
    void stateAgreesWithWeasis();
    void overlaysCanBeLeftOut();
    void wrongStates();
    void suv();

private:
    [[nodiscard]] Reply pixels(const QString& file, const QStringList& options) const {
        return m_desk->run(QStringList{QStringLiteral("pixels"), file, QStringLiteral("--out"), out()} + options);
    }
    [[nodiscard]] QString out() const { return m_folder.filePath(QStringLiteral("out.raw")); }

    QTemporaryDir m_folder;
    std::unique_ptr<CliDesk> m_desk;
    QString m_images, m_pet;
};

void CliDisplayTest::initTestCase() {
    if (sharedData().isEmpty())
        QSKIP("no third-party studies");
    m_desk = std::make_unique<CliDesk>(m_folder.filePath(QStringLiteral("home")));
    m_images =
        sharedData() + QStringLiteral("/weasis-dicom-tools/weasis-dicom-tools/src/test/resources/org/dcm4che3/img/");
    m_pet = sharedData() + QStringLiteral("/iheos/it-tests/src/test/resources/external_cache/ImageCache/std/"
                                          "IDS-DEPT024-a/images/000000.dcm");
}

void CliDisplayTest::stateAgreesWithWeasis_data() {
    QTest::addColumn<QString>("image");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("golden");
    QTest::newRow("LUTs") << QStringLiteral("imageForPrLUTs.dcm") << QStringLiteral("prLUTs.dcm")
                          << QStringLiteral("expected_imgForPrLUT.png");
    QTest::newRow("overlays") << QStringLiteral("overlay.dcm") << QStringLiteral("prOverlay.dcm")
                              << QStringLiteral("expected_overlay.png");
}

void CliDisplayTest::stateAgreesWithWeasis() {
    QFETCH(QString, image);
    QFETCH(QString, state);
    QFETCH(QString, golden);
    const Reply reply = pixels(m_images + image, {QStringLiteral("--stage"), QStringLiteral("display"),
                                                  QStringLiteral("--state"), m_images + state});
    QVERIFY2(reply.exitCode == 0, reply.text());
    QCOMPARE(reply.object()[QStringLiteral("state")].toObject()[QStringLiteral("kind")].toString(),
             QStringLiteral("grayscale"));
    const QImage expected = QImage(m_images + golden).convertToFormat(QImage::Format_RGB888);
    const QByteArray ours = bytesOf(out());
    QCOMPARE(ours.size(), qsizetype{512 * 512 * 3});
    int largest = 0;
    for (int y = 0; y < 512; ++y)
        for (int x = 0; x < 512; ++x) {
            const QColor theirs = expected.pixelColor(x, y);
            // Weasis draws overlays in pure green, their layer says white.
            const bool isOverlay = theirs == QColor(0, 255, 0);
            for (int channel = 0; channel < 3; ++channel) {
                const int mine = static_cast<uchar>(ours[(y * 512 + x) * 3 + channel]);
                const int other = isOverlay      ? 255
                                  : channel == 0 ? theirs.red()
                                  : channel == 1 ? theirs.green()
                                                 : theirs.blue();
                largest = std::max(largest, std::abs(mine - other));
            }
        }
    QVERIFY2(largest <= 1, qPrintable(QString::number(largest)));
}

void CliDisplayTest::overlaysCanBeLeftOut() {
    const auto white = [&](const QStringList& options) {
        const Reply reply = pixels(m_images + QStringLiteral("overlay.dcm"),
                                   QStringList{QStringLiteral("--stage"), QStringLiteral("display"),
                                               QStringLiteral("--window"), QStringLiteral("2048,4096")} +
                                       options);
        return reply.exitCode == 0 ? bytesOf(out()).count('\xff') / 3 : qsizetype{-1};
    };
    // dcm2pnm turns 2278 pixels white that the picture itself does not have white.
    const qsizetype without = white({QStringLiteral("--no-overlays")});
    QVERIFY(without >= 0);
    QCOMPARE(white({}) - without, qsizetype{2278});
}

void CliDisplayTest::wrongStates() {
    const QStringList display{QStringLiteral("--stage"), QStringLiteral("display"), QStringLiteral("--state")};
    Reply reply = pixels(m_images + QStringLiteral("overlay.dcm"),
                         display + QStringList{m_images + QStringLiteral("prLUTs.dcm")});
    QCOMPARE(reply.exitCode, 1);
    QCOMPARE(reply.error(), QStringLiteral("NotFound")); // about another image
    reply = pixels(m_images + QStringLiteral("overlay.dcm"),
                   display + QStringList{m_images + QStringLiteral("overlay.dcm")});
    QCOMPARE(reply.error(), QStringLiteral("NotSupported")); // no state at all
    reply =
        pixels(m_images + QStringLiteral("overlay.dcm"), display + QStringList{m_images + QStringLiteral("none.dcm")});
    QCOMPARE(reply.error(), QStringLiteral("FileNotFound"));
}

void CliDisplayTest::suv() {
    const QStringList modality{QStringLiteral("--stage"), QStringLiteral("modality"), QStringLiteral("--suv")};
    // Injected in 1998 and scanned in 2015: the dates were shifted by somebody. No number is better than that one.
    Reply reply = pixels(m_pet, modality);
    QCOMPARE(reply.exitCode, 1);
    QCOMPARE(reply.error(), QStringLiteral("DataSetBroken"));
    reply = pixels(m_images + QStringLiteral("overlay.dcm"), modality);
    QCOMPARE(reply.error(), QStringLiteral("NotSupported"));

    // With the date put right: 10:55:00 to 11:52:20 is 3440 s of a half-life of 6588 s; 606 671 936 Bq are 422.43 MBq
    // then, 85 kg over it.
    const QString fixed = m_folder.filePath(QStringLiteral("pet.dcm"));
    QVERIFY(QFile::copy(m_pet, fixed));
    QVERIFY(QFile::setPermissions(fixed, QFile::ReadOwner | QFile::WriteOwner));
    const ToolRun edit =
        runTool(QStringLiteral("dcmodify"), {QStringLiteral("-nb"), QStringLiteral("-m"),
                                             QStringLiteral("(0054,0016)[0].(0018,1078)=20150324105500"), fixed});
    if (edit.exitCode != 0)
        QSKIP("no DCMTK tools");
    reply = pixels(fixed, modality);
    QVERIFY2(reply.exitCode == 0, reply.text());
    const double factor = reply.object()[QStringLiteral("suvFactor")].toDouble();
    const double expected = 85000.0 / (606671936.0 * std::exp2(-3440.0 / 6588.0));
    QVERIFY2(std::abs(factor / expected - 1.0) < 1e-9, qPrintable(QString::number(factor)));
}

QTEST_GUILESS_MAIN(CliDisplayTest)
#include "cli_display_test.moc"
