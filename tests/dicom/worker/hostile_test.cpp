#include "dicom/worker/worker_pixel_source.h"
#include "dicom_factory.h"
#include "hostile_files.h"
#include "support/sanitized.h"
#include "support/shared_data.h"
#include "worker_fixture.h"

#include <QTest>

using namespace yz;

namespace {

// AddressSanitizer keeps 256 MB of what was freed.
constexpr double kMostGrowthMb = test::kSanitized ? 64.0 + 256.0 : 64.0;

} // namespace

class HostileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        m_pool = std::make_shared<dicom::WorkerPool>(test::poolOptions(2));
        QVERIFY(m_pool->start().has_value());
        m_source = std::make_unique<WorkerPixelSource>(m_pool);
    }
    void init() {
        // Two rounds over what the test itself allocates come before the measuring.
        m_before = test::residentMb();
    }
    void cleanup() {
        // Whatever was sent, the next frame of an innocent file is read.
        DcmDataset item;
        test::fillImage(item, 2, 2);
        test::putPixels(item, {1, 2, 3, 4});
        const auto frame = m_source->decode(test::file(item), 0);
        QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
    }

    void nesting_data();
    void nesting();
    void dimensions_data();
    void dimensions();
    void deflateBomb();
    void rleBomb();
    void everyTruncation();
    void corpus();

private:
    /// Everything that can be asked of it; the code of the frame.
    [[nodiscard]] ErrorCode ask(const QByteArray& file) {
        (void)m_source->readHeader(file);
        const auto frame = m_source->decode(file, 0);
        return frame ? ErrorCode::Cancelled : frame.error().code;
    }

    std::shared_ptr<dicom::WorkerPool> m_pool;
    std::unique_ptr<WorkerPixelSource> m_source;
    double m_before = 0.0;
};

void HostileTest::nesting_data() {
    QTest::addColumn<bool>("isExplicit");
    QTest::addColumn<bool>("isDefined");
    QTest::newRow("explicit, undefined length") << true << false;
    QTest::newRow("explicit, defined length") << true << true;
    QTest::newRow("implicit, undefined length") << false << false;
    QTest::newRow("implicit, defined length") << false << true;
}

void HostileTest::nesting() {
    QFETCH(bool, isExplicit);
    QFETCH(bool, isDefined);
    const QByteArray file = test::hostilePart10(test::nestedSequences(100'000, isExplicit, isDefined),
                                                isExplicit ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2");
    const double made = test::residentMb();
    QCOMPARE(m_source->readHeader(file).error().code, ErrorCode::LimitExceeded);
    QCOMPARE(ask(file), ErrorCode::LimitExceeded);
    QVERIFY2(test::residentMb() - made < kMostGrowthMb, qPrintable(QString::number(test::residentMb() - made)));
}

void HostileTest::dimensions_data() {
    QTest::addColumn<QString>("syntax");
    QTest::addColumn<QByteArray>("fragment");
    for (const test::ShortFragment& fragment : test::shortFragments())
        QTest::newRow(fragment.name) << fragment.syntax << fragment.bytes;
}

void HostileTest::dimensions() {
    QFETCH(QString, syntax);
    QFETCH(QByteArray, fragment);
    for (const int side : {65535, 10000}) { // 8 GB, beyond any limit; 200 MB, allowed but not there
        DcmDataset item;
        test::fillImage(item, side, side);
        QByteArray file;
        if (syntax.isEmpty()) {
            test::putPixels(item, std::vector<Uint16>(50));
            file = test::file(item);
        } else {
            file = test::encapsulatedFile(item, syntax, {fragment});
        }
        QVERIFY(file.size() < 1000);
        const ErrorCode code = ask(file);
        QVERIFY2(code == ErrorCode::LimitExceeded || code == ErrorCode::PixelDataBroken, qPrintable(errorName(code)));
    }
    QVERIFY2(test::residentMb() - m_before < kMostGrowthMb, qPrintable(QString::number(test::residentMb() - m_before)));
}

void HostileTest::deflateBomb() {
    QByteArray file;
    {
        const QByteArray head = test::tagBytes(0x0008, 0x0016) + "UI" + test::littleEndian(2, 2) + "1." +
                                test::tagBytes(0x0040, 0xA160) + QByteArray("UT\0\0", 4) +
                                test::littleEndian(400u << 20);
        file = test::hostilePart10(test::deflated(head, 400 << 20), "1.2.840.10008.1.2.1.99");
    }
    const double made = test::residentMb();
    QCOMPARE(m_source->readHeader(file).error().code, ErrorCode::LimitExceeded);
    QCOMPARE(ask(file), ErrorCode::LimitExceeded);
    QVERIFY2(test::residentMb() - made < kMostGrowthMb, qPrintable(QString::number(test::residentMb() - made)));
}

/// Few bytes that decode to many: a run of RLE is two bytes for 128.
void HostileTest::rleBomb() {
    DcmDataset item;
    test::fillImage(item, 8192, 8192); // 128 MB, as much as one frame may have
    const QByteArray whole =
        test::encapsulatedFile(item, QStringLiteral("1.2.840.10008.1.2.5"), {test::rleFragment(8192 * 8192 / 128)});
    DcmDataset small;
    test::fillImage(small, 2, 2);
    const QByteArray tooMuch =
        test::encapsulatedFile(small, QStringLiteral("1.2.840.10008.1.2.5"), {test::rleFragment(1 << 20)});
    const double made = test::residentMb();
    (void)ask(tooMuch);
    (void)ask(whole); // decoded or refused; either way the desk keeps nothing of it
    QVERIFY2(test::residentMb() - made < kMostGrowthMb, qPrintable(QString::number(test::residentMb() - made)));
}

void HostileTest::everyTruncation() {
    const std::vector<QByteArray> list = test::hostileSeeds();
    QCOMPARE(list.size(), size_t(10));
    int requests = 0;
    for (size_t i = 0; i < list.size(); ++i) {
        const QByteArray& file = list[i];
        const auto whole = m_source->decode(file, 0);
        QVERIFY2(whole.has_value(),
                 qPrintable(QStringLiteral("%1: %2").arg(i).arg(whole ? QString() : whole.error().toString())));
        for (qsizetype size = 0; size < file.size(); ++size, ++requests) {
            const ErrorCode code = ask(file.left(size));
            QVERIFY2(code != ErrorCode::DecoderFailed && code != ErrorCode::DecoderTimedOut &&
                         code != ErrorCode::DecoderUnavailable,
                     qPrintable(QStringLiteral("%1 cut to %2").arg(i).arg(size)));
        }
    }
    qInfo() << requests << "cut files";
    QVERIFY2(test::residentMb() - m_before < kMostGrowthMb, qPrintable(QString::number(test::residentMb() - m_before)));
}

void HostileTest::corpus() {
    if (test::sharedData().isEmpty())
        QSKIP("no third-party studies");
    const QStringList paths = test::hostileCorpus();
    QMap<QString, int> answers;
    int died = 0;
    double slowest = 0;
    for (const QString& path : paths) {
        const test::Stopwatch watch;
        (void)m_source->readHeader(path);
        const auto image = m_source->describe(path);
        const auto frame = m_source->decode(path, 0, {});
        if (image && (*image)->frameCount > 1)
            (void)m_source->decode(path, (*image)->frameCount - 1, {});
        slowest = std::max(slowest, watch.ms());
        ++answers[frame ? QStringLiteral("decoded") : errorName(frame.error().code)];
        if (!frame && frame.error().code == ErrorCode::DecoderFailed) {
            ++died;
            qInfo() << "killed a worker:" << path;
        }
        QVERIFY(frame || (frame.error().code != ErrorCode::DecoderUnavailable &&
                          frame.error().code != ErrorCode::DecoderTimedOut));
    }
    const double grown = test::residentMb() - m_before;
    qInfo().noquote()
        << paths.size() << "files," << answers << "workers died" << died
        << QStringLiteral("slowest %1 ms, desk grew by %2 MB").arg(slowest, 0, 'f', 0).arg(grown, 0, 'f', 1);
    QVERIFY(paths.size() > 236);
    QCOMPARE(died, 0); // a library that can be broken by one of these is one to know about
    QVERIFY2(grown < kMostGrowthMb, qPrintable(QString::number(grown)));
}

QTEST_GUILESS_MAIN(HostileTest)
#include "hostile_test.moc"
