#include "core/cancel.h"
#include "dicom/data/dicom_pixel_source.h"
#include "dicom/worker/header_batch.h"
#include "dicom/worker/memory_copies.h"
#include "dicom/worker/received_file.h"
#include "dicom_factory.h"
#include "worker_fixture.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <fcntl.h>
#include <map>
#include <sys/mman.h>

using namespace yz;

/// Files that do not lie on the disk as they were received: whoever opens them gives their bytes, read here where that
/// is enough, and in memory for a worker where it is not.
class OpenerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theSameAnswers_data();
    void theSameAnswers();
    void plainFramesAreReadInPlace();
    void frameAfterFrameIsCopiedOnce();
    void errorsAreTheOpeners();
    void copiesAreBounded();
    void copiesCannotBeChanged();

private:
    std::shared_ptr<dicom::WorkerPool> m_pool;
};

namespace {

constexpr int kSide = 64;
constexpr int kFrames = 6;

QByteArray image(E_TransferSyntax syntax) {
    DcmDataset item;
    test::fillImage(item, kSide, kSide);
    item.putAndInsertString(DCM_NumberOfFrames, "6");
    std::vector<Uint16> pixels(kSide * kSide * kFrames);
    for (size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<Uint16>(i * 7 + i / 100);
    test::putPixels(item, pixels);
    return test::file(item, syntax);
}

class CountedSource final : public dicom::ByteSource {
public:
    CountedSource(QByteArray bytes, std::atomic<qint64>& count)
        : m_source(dicom::memorySource(std::move(bytes))), m_count(count) {}
    [[nodiscard]] qint64 size() const override { return m_source->size(); }
    [[nodiscard]] Result<size_t> read(qint64 offset, std::span<std::byte> target) const override {
        const Result<size_t> got = m_source->read(offset, target);
        m_count += static_cast<qint64>(got.value_or(0));
        return got;
    }

private:
    dicom::ByteSourcePtr m_source;
    std::atomic<qint64>& m_count;
};

/// Files under "sealed:NAME"; counts the bytes it gives.
class FakeOpener final : public dicom::FileOpener {
public:
    std::map<QString, QByteArray> files;
    std::atomic<qint64> given = 0;

    std::optional<Result<dicom::ReceivedFile>> open(const QString& path) override {
        if (!path.startsWith(u"sealed:"))
            return std::nullopt;
        const auto found = files.find(path);
        if (found == files.end())
            return fail(ErrorCode::FileUnreadable, QStringLiteral("said by the opener"));
        dicom::ReceivedFile file;
        file.key.node = 1 + static_cast<quint64>(std::distance(files.begin(), found));
        file.key.device = qHash(found->second); // a worker keeps what it has parsed under the key
        file.bytes = found->second.size();
        file.source = std::make_shared<const CountedSource>(found->second, given);
        return file;
    }
};

const CancelToken kNever;

} // namespace

void OpenerTest::initTestCase() {
    m_pool = std::make_shared<dicom::WorkerPool>(test::poolOptions());
    const Status started = m_pool->start();
    QVERIFY2(started, started ? "" : qPrintable(started.error().toString()));
}

void OpenerTest::theSameAnswers_data() {
    QTest::addColumn<int>("syntax");
    QTest::newRow("read in the desk") << int(EXS_LittleEndianExplicit);
    QTest::newRow("read by a worker") << int(EXS_BigEndianExplicit);
    QTest::newRow("deflated") << int(EXS_DeflatedLittleEndianExplicit);
}

void OpenerTest::theSameAnswers() {
    QFETCH(const int, syntax);
    const QByteArray file = image(static_cast<E_TransferSyntax>(syntax));
    QVERIFY(!file.isEmpty());
    const QTemporaryDir folder;
    const QString plain = folder.filePath(QStringLiteral("plain.dcm"));
    QFile out(plain);
    QVERIFY(out.open(QIODevice::WriteOnly) && out.write(file) == file.size());
    out.close();
    const auto opener = std::make_shared<FakeOpener>();
    const QString sealed = QStringLiteral("sealed:a");
    opener->files[sealed] = file;
    WorkerPixelSource source(m_pool, opener);
    const auto header = source.readHeader(sealed);
    QVERIFY(header);
    QCOMPARE(header->instance.path, sealed);
    QCOMPARE(header->instance.instance, source.readHeader(plain)->instance.instance);
    const std::vector<DescribedFile> files = source.describeFiles({plain, sealed, plain, sealed}, kNever);
    for (const DescribedFile& each : files) {
        QVERIFY(each.header && each.image);
        QCOMPARE((*each.image)->frameCount, kFrames);
    }
    QCOMPARE(source.readHeaders({sealed, plain}, kNever).size(), size_t(2));
    QVERIFY(source.describe(sealed));
    DicomPixelSource own;
    for (int frame = kFrames - 1; frame >= 0; --frame) {
        const auto expected = own.decode(plain, frame, kNever).value();
        QVERIFY(source.decode(sealed, frame, kNever).value()->data == expected->data);
        std::vector<std::byte> place(expected->data.size());
        const auto into = source.decodeInto(sealed, frame, place, kNever);
        QVERIFY(into);
        QVERIFY(std::memcmp(*into ? static_cast<const void*>((*into)->data.data()) : place.data(),
                            expected->data.data(), place.size()) == 0);
        QCOMPARE(*into == nullptr, syntax == int(EXS_LittleEndianExplicit));
    }
}

void OpenerTest::plainFramesAreReadInPlace() {
    const auto opener = std::make_shared<FakeOpener>();
    const QString path = QStringLiteral("sealed:a");
    opener->files[path] = image(EXS_LittleEndianExplicit);
    WorkerPixelSource source(m_pool, opener);
    QVERIFY(source.describeFiles({path}, kNever)[0].image);
    QVERIFY(opener->given <= dicom::kImageHeadBytes); // no more of the file is opened than its head
    opener->given = 0;
    std::vector<std::byte> place(kSide * kSide * 2);
    const auto into = source.decodeInto(path, 3, place, kNever);
    QVERIFY(into && !*into);
    QCOMPARE(opener->given, qint64(place.size()));
}

void OpenerTest::frameAfterFrameIsCopiedOnce() {
    const auto opener = std::make_shared<FakeOpener>();
    const QString path = QStringLiteral("sealed:a");
    opener->files[path] = image(EXS_BigEndianExplicit);
    WorkerPixelSource source(m_pool, opener);
    QVERIFY(source.describe(path));
    for (int frame = 0; frame < kFrames; ++frame)
        QVERIFY(source.decode(path, frame, kNever));
    QCOMPARE(opener->given, qint64(opener->files[path].size()));
}

void OpenerTest::errorsAreTheOpeners() {
    const auto opener = std::make_shared<FakeOpener>();
    WorkerPixelSource source(m_pool, opener);
    const QString path = QStringLiteral("sealed:none");
    QCOMPARE(source.readHeader(path).error().code, ErrorCode::FileUnreadable);
    QCOMPARE(source.describe(path).error().code, ErrorCode::FileUnreadable);
    QCOMPARE(source.decode(path, 0, kNever).error().code, ErrorCode::FileUnreadable);
    QCOMPARE(source.describeFiles({path}, kNever)[0].image.error().code, ErrorCode::FileUnreadable);
    QCOMPARE(source.presentationState(path).error().code, ErrorCode::FileUnreadable);
    QCOMPARE(source.readHeader(QStringLiteral("/nonexistent")).error().code, ErrorCode::FileNotFound);
}

void OpenerTest::copiesAreBounded() {
    dicom::MemoryCopies copies;
    const auto large = dicom::memorySource(QByteArray(10 << 20, 'x'));
    const auto small = dicom::memorySource("y");
    const auto keyOf = [](quint64 node) { return dicom::FileKey{1, node, 0, 0, 0}; };
    std::vector<dicom::MemoryCopies::Copy> held;
    for (quint64 i = 1; i <= 20; ++i) {
        const auto copy = copies.of(keyOf(i), *large);
        QVERIFY(copy && (*copy)->isOpen());
        QVERIFY(copies.bytes() <= dicom::MemoryCopies::kBytes);
    }
    for (quint64 i = 100; i < 300; ++i)
        QVERIFY(copies.of(keyOf(i), *small));
    QCOMPARE(copies.bytes(), qint64(dicom::MemoryCopies::kFiles));
    const auto openFiles = QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::Files | QDir::System).size();
    QVERIFY(openFiles < 150);
    // One that is larger than all may be: it alone.
    const auto huge = dicom::memorySource(QByteArray(70 << 20, 'z'));
    const auto first = copies.of(keyOf(1000), *huge).value();
    QCOMPARE(copies.bytes(), huge->size());
    QCOMPARE(copies.of(keyOf(1000), *huge).value(), first);
    QVERIFY(copies.of(keyOf(1001), *small));
    QCOMPARE(copies.bytes(), qint64(1));
    QVERIFY(first->isOpen()); // for whoever still holds it
    QVERIFY(copies.of({}, *small).value() != copies.of({}, *small).value());
}

void OpenerTest::copiesCannotBeChanged() {
    dicom::MemoryCopies copies;
    const auto copy = copies.of({1, 1, 1, 1, 1}, *dicom::memorySource("abc")).value();
    QVERIFY(::write(copy->number(), "x", 1) < 0);
    QVERIFY(::ftruncate(copy->number(), 1) < 0);
    QCOMPARE(::fcntl(copy->number(), F_GET_SEALS), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
}

QTEST_GUILESS_MAIN(OpenerTest)
#include "opener_test.moc"
