#include "core/cancel.h"
#include "dicom/data/dicom_pixel_source.h"
#include "dicom/report/dicom_report_encoder.h"
#include "dicom/worker/record_archive.h"
#include "dicom/worker/worker_report_encoder.h"
#include "dicom_factory.h"
#include "sample_report.h"
#include "support/shared_data.h"
#include "worker_fixture.h"

#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <csignal>
#include <future>
#include <set>
#include <sys/stat.h>
#include <thread>

using namespace yz;
using namespace std::chrono_literals;

namespace {

constexpr int kFrames = 6;
constexpr int kSide = 8;

/// Big endian, so that its frames are the workers' business; little endian ones are read in the desk.
QByteArray smallImage(E_TransferSyntax syntax = EXS_BigEndianExplicit) {
    DcmDataset item;
    test::fillImage(item, kSide, kSide);
    item.putAndInsertString(DCM_NumberOfFrames, "6");
    std::vector<Uint16> pixels(kSide * kSide * kFrames);
    for (size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<Uint16>(i);
    test::putPixels(item, pixels);
    return test::file(item, syntax);
}

QString errorOf(const auto& result) { return result ? QString() : result.error().toString(); }

} // namespace

class WorkerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() {
        m_pool = std::make_shared<dicom::WorkerPool>(test::poolOptions(2));
        m_source = std::make_unique<WorkerPixelSource>(m_pool);
    }
    void cleanup() {
        m_source.reset();
        m_pool.reset();
    }

    void framesComeThrough();
    void plainFramesNeedNoWorker();
    void headersOfManyFiles();
    void errorsComeThrough();
    void programThatIsNotThere();
    void killedBetweenRequests();
    void killedDuringARequest();
    void whatKillsEveryWorkerIsRefused();
    void hangingEndsAtTheLimit();
    void cancelledWhileWaiting();
    void otherWorkersGoOn();
    void backWithin50Ms();
    void hostKilled();
    void endsWithTheDesk();
    void nothingStaysOpen();
    void pipesAreNotWaitedFor();
    void localTimesAreTheDesks();
    void reportsAreOpened();
    void sameAnswersAsInProcess();

private:
    [[nodiscard]] bool decodes(int frame) {
        const auto pixels = m_source->decode(m_path, frame, {});
        return pixels && (*pixels)->as<std::uint16_t>()[1] == frame * kSide * kSide + 1;
    }

    QTemporaryDir m_folder;
    QString m_path;
    std::shared_ptr<dicom::WorkerPool> m_pool;
    std::unique_ptr<WorkerPixelSource> m_source;
};

void WorkerTest::initTestCase() {
    m_path = m_folder.filePath(QStringLiteral("small.dcm"));
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.write(smallImage()) > 0);
}

void WorkerTest::framesComeThrough() {
    const auto image = m_source->describe(m_path);
    QVERIFY2(image.has_value(), qPrintable(errorOf(image)));
    QCOMPARE((*image)->frameCount, kFrames);
    for (int frame = 0; frame < kFrames; ++frame)
        QVERIFY(decodes(frame));
    const auto header = m_source->readHeader(m_path);
    QVERIFY2(header.has_value(), qPrintable(errorOf(header)));
    QCOMPARE(header->instance.path, m_path);
    QCOMPARE(header->study.patient.id, PatientId(QStringLiteral("T1")));
    const auto bytes = m_source->readHeader(smallImage());
    QVERIFY2(bytes.has_value(), qPrintable(errorOf(bytes)));
    QVERIFY(bytes->instance.path.isEmpty());
}

void WorkerTest::plainFramesNeedNoWorker() {
    const QString path = m_folder.filePath(QStringLiteral("plain.dcm"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QByteArray bytes = smallImage(EXS_LittleEndianExplicit);
    QCOMPARE(file.write(bytes), bytes.size());
    file.close();
    constexpr size_t kFrameBytes = size_t{kSide} * kSide * 2;
    std::vector<std::byte> target(kFrameBytes);
    const auto isFrame = [](const std::byte* samples, int frame) {
        return reinterpret_cast<const std::uint16_t*>(samples)[1] == frame * kSide * kSide + 1;
    };
    // What a worker has to decode comes back in a buffer, whatever the target.
    const auto other = m_source->decodeInto(m_path, 1, target, {});
    QVERIFY(other.has_value() && *other && isFrame((*other)->data.data(), 1));
    QVERIFY(m_source->describe(path).has_value());
    for (const pid_t pid : m_pool->workerPids())
        ::kill(pid, SIGSTOP); // nobody could answer now
    for (int frame = 0; frame < kFrames; ++frame) {
        const auto placed = m_source->decodeInto(path, frame, target, {});
        QVERIFY(placed.has_value() && !*placed);
        QVERIFY(isFrame(target.data(), frame));
        const auto decoded = m_source->decode(path, frame, {});
        QVERIFY(decoded.has_value());
        QCOMPARE((*decoded)->byteCount(), kFrameBytes);
        QVERIFY(isFrame((*decoded)->data.data(), frame));
    }
    for (const int frame : {-1, kFrames})
        QCOMPARE(m_source->decodeInto(path, frame, target, {}).error().code, ErrorCode::InvalidArgument);
    const auto elsewhere = m_source->decodeInto(path, 2, std::span(target).first(8), {}); // no place for a frame
    QVERIFY(elsewhere.has_value() && *elsewhere && isFrame((*elsewhere)->data.data(), 2));
    for (const pid_t pid : m_pool->workerPids())
        ::kill(pid, SIGCONT);
    // A file that lost its end is another file: it is parsed anew, and what is left of it still decodes.
    QVERIFY(QFile::resize(path, bytes.size() - static_cast<qsizetype>(kFrameBytes)));
    QVERIFY(m_source->decode(path, 0, {}).has_value());
    QCOMPARE(m_source->decode(path, kFrames - 1, {}).error().code, ErrorCode::PixelDataBroken);
}

void WorkerTest::headersOfManyFiles() {
    DicomPixelSource own;
    const auto same = [](const Result<DataSetHeader>& a, const Result<DataSetHeader>& b) {
        if (!a || !b)
            return !a && !b && a.error().code == b.error().code;
        return dicom::encodeRecord(*a) == dicom::encodeRecord(*b);
    };
    // One whose header is longer than what is sent along, some that are none, and more than one batch of them.
    const QString longer = m_folder.filePath(QStringLiteral("longer.dcm"));
    DcmDataset item;
    test::fillImage(item, 2, 2);
    item.putAndInsertString(DCM_ImageComments, std::string(9000, 'x').c_str());
    item.putAndInsertString(DCM_InstanceNumber, "77");
    test::putPixels(item, std::vector<Uint16>(4));
    QFile file(longer);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(test::file(item)) > 9000);
    file.close();
    const QString none = m_folder.filePath(QStringLiteral("none.dcm"));
    QFile empty(none);
    QVERIFY(empty.open(QIODevice::WriteOnly));
    QStringList paths;
    for (int i = 0; i < 150; ++i)
        paths.append(i % 7 == 3 ? longer : i % 11 == 5 ? none : i % 13 == 6 ? QStringLiteral("/nowhere") : m_path);
    if (!test::sharedData().isEmpty()) {
        QDirIterator it(test::sharedData() + QStringLiteral("/pydicom"), QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext())
            paths.append(it.next());
    }
    const auto headers = m_source->readHeaders(paths, {});
    QCOMPARE(headers.size(), static_cast<size_t>(paths.size()));
    int read = 0;
    for (qsizetype i = 0; i < paths.size(); ++i) {
        QVERIFY2(same(headers[static_cast<size_t>(i)], own.readHeader(paths[i])), qPrintable(paths[i]));
        read += headers[static_cast<size_t>(i)] ? 1 : 0;
    }
    QVERIFY(read > 100);
    QCOMPARE(headers[3]->instance.instanceNumber, 77);
    QCOMPARE(headers[3]->instance.path, longer);

    // With the images: what the files give one by one.
    const auto files = m_source->describeFiles(paths, {});
    QCOMPARE(files.size(), headers.size());
    int images = 0;
    for (qsizetype i = 0; i < paths.size(); ++i) {
        const DescribedFile& described = files[static_cast<size_t>(i)];
        QVERIFY2(same(described.header, headers[static_cast<size_t>(i)]), qPrintable(paths[i]));
        const Result<ImageDescriptionPtr> image = own.describe(paths[i]);
        QCOMPARE(described.image.has_value(), image.has_value());
        if (!image) {
            QCOMPARE(described.image.error().code, image.error().code);
            continue;
        }
        QVERIFY2(dicom::encodeRecord(**described.image) == dicom::encodeRecord(**image), qPrintable(paths[i]));
        ++images;
        if (i < 10) { // what a batch said about the pixels holds
            const auto pixels = m_source->decode(paths[i], 0, {});
            QVERIFY(pixels.has_value());
            QCOMPARE((*pixels)->data, (*own.decode(paths[i], 0, {}))->data);
        }
    }
    QVERIFY(images > 100);
    QVERIFY(m_source->readHeaders({}, {}).empty());
    CancelToken token;
    token.cancel();
    const auto cancelled = m_source->readHeaders(paths, token);
    QCOMPARE(cancelled.size(), headers.size());
    QCOMPARE(cancelled.front().error().code, ErrorCode::Cancelled);
    QCOMPARE(cancelled.back().error().code, ErrorCode::Cancelled);
    QCOMPARE(m_source->describeFiles(paths, token).back().image.error().code, ErrorCode::Cancelled);
}

void WorkerTest::errorsComeThrough() {
    QCOMPARE(m_source->readHeader(QStringLiteral("/nowhere/nothing.dcm")).error().code, ErrorCode::FileNotFound);
    QCOMPARE(m_source->readHeader(QDir::tempPath()).error().code, ErrorCode::FileUnreadable);
    QCOMPARE(m_source->readHeader(QByteArray("hello")).error().code, ErrorCode::NotDicom);
    QCOMPARE(m_source->readHeader(QByteArray()).error().code, ErrorCode::NotDicom);
    QCOMPARE(m_source->decode(m_path, kFrames, {}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(m_source->decode(m_path, -1, {}).error().code, ErrorCode::InvalidArgument);
    CancelToken token;
    token.cancel();
    QCOMPARE(m_source->decode(m_path, 0, token).error().code, ErrorCode::Cancelled);
}

void WorkerTest::programThatIsNotThere() {
    dicom::WorkerPool::Options options = test::poolOptions();
    options.program = QStringLiteral("/nowhere/yuanzhen-decoder");
    auto pool = std::make_shared<dicom::WorkerPool>(options);
    QCOMPARE(pool->start().error().code, ErrorCode::DecoderUnavailable);
    WorkerPixelSource source(pool);
    QCOMPARE(source.decode(m_path, 0, {}).error().code, ErrorCode::DecoderUnavailable);
    QCOMPARE(source.readHeader(smallImage()).error().code, ErrorCode::DecoderUnavailable);
    // A program that is something else.
    options.program = QStringLiteral("/bin/true");
    QCOMPARE(dicom::WorkerPool(options).start().error().code, ErrorCode::DecoderUnavailable);
}

void WorkerTest::killedBetweenRequests() {
    for (int i = 0; i < 10; ++i) {
        QVERIFY(decodes(i % kFrames));
        for (const pid_t pid : m_pool->workerPids())
            QCOMPARE(::kill(pid, SIGKILL), 0);
    }
    QVERIFY(decodes(0));
}

void WorkerTest::killedDuringARequest() {
    QVERIFY(decodes(0));
    for (int i = 0; i < 5; ++i) {
        const std::vector<pid_t> before = m_pool->workerPids();
        for (const pid_t pid : before)
            ::kill(pid, SIGSTOP); // so that the request is certainly under way
        auto answer = std::async(std::launch::async, [this] { return decodes(3); });
        QCOMPARE(answer.wait_for(30ms), std::future_status::timeout);
        for (const pid_t pid : before)
            ::kill(pid, SIGKILL);
        QVERIFY(answer.get()); // asked again of the new worker
        QVERIFY(m_pool->workerPids() != before);
    }
}

/// Workers are killed for as long as one frame is asked for: that frame fails, is not tried for ever, and no other one
/// is lost.
void WorkerTest::whatKillsEveryWorkerIsRefused() {
    m_pool = std::make_shared<dicom::WorkerPool>(test::poolOptions(1));
    m_source = std::make_unique<WorkerPixelSource>(m_pool);
    QVERIFY(decodes(0));
    for (const pid_t pid : m_pool->workerPids())
        ::kill(pid, SIGSTOP);
    auto answer = std::async(std::launch::async, [this] { return m_source->decode(m_path, 2, {}); });
    std::this_thread::sleep_for(20ms);
    while (answer.wait_for(0ms) != std::future_status::ready)
        for (const pid_t pid : m_pool->workerPids())
            ::kill(pid, SIGKILL);
    const auto result = answer.get();
    if (!result) // the second worker may have been faster than the signal
        QVERIFY(result.error().code == ErrorCode::DecoderFailed ||
                result.error().code == ErrorCode::DecoderUnavailable);
    if (!result && result.error().code == ErrorCode::DecoderFailed) {
        const std::vector<pid_t> pids = m_pool->workerPids();
        QCOMPARE(m_source->decode(m_path, 2, {}).error().code, ErrorCode::DecoderFailed);
        QCOMPARE(m_pool->workerPids(), pids); // refused without trying
    }
    for (const int frame : {0, 1, 3, 4, 5})
        QVERIFY(decodes(frame));
}

void WorkerTest::hangingEndsAtTheLimit() {
    dicom::WorkerPool::Options options = test::poolOptions(1);
    options.frameLimit = 300ms;
    m_pool = std::make_shared<dicom::WorkerPool>(options);
    m_source = std::make_unique<WorkerPixelSource>(m_pool);
    QVERIFY(decodes(0));
    ::kill(m_pool->workerPids().at(0), SIGSTOP);
    const test::Stopwatch watch;
    QCOMPARE(m_source->decode(m_path, 1, {}).error().code, ErrorCode::DecoderTimedOut);
    QVERIFY2(watch.ms() > 290 && watch.ms() < 2000, qPrintable(QString::number(watch.ms())));
    const std::vector<pid_t> pids = m_pool->workerPids();
    QCOMPARE(pids.size(), size_t(1)); // a new one stands ready
    QCOMPARE(m_source->decode(m_path, 1, {}).error().code, ErrorCode::DecoderTimedOut);
    QCOMPARE(m_pool->workerPids(), pids); // not tried again
    for (const int frame : {0, 2, 3})
        QVERIFY(decodes(frame));
}

void WorkerTest::cancelledWhileWaiting() {
    QVERIFY(decodes(0));
    for (int i = 0; i < 3; ++i) {
        for (const pid_t pid : m_pool->workerPids())
            ::kill(pid, SIGSTOP);
        const CancelToken token;
        auto answer = std::async(std::launch::async, [&] { return m_source->decode(m_path, 1, token); });
        std::this_thread::sleep_for(30ms);
        const test::Stopwatch watch;
        token.cancel();
        QCOMPARE(answer.get().error().code, ErrorCode::Cancelled);
        QVERIFY2(watch.ms() < 1500, qPrintable(QString::number(watch.ms())));
        QVERIFY(decodes(1)); // cancelled is not refused
    }
}

void WorkerTest::otherWorkersGoOn() {
    QVERIFY(decodes(0));
    ::kill(m_pool->workerPids().at(0), SIGSTOP);
    const CancelToken token;
    auto stuck = std::async(std::launch::async, [&] { return m_source->decode(m_path, 1, token); });
    std::this_thread::sleep_for(30ms);
    for (int frame = 2; frame < kFrames; ++frame)
        QVERIFY(decodes(frame));
    QCOMPARE(stuck.wait_for(0ms), std::future_status::timeout);
    token.cancel();
    QCOMPARE(stuck.get().error().code, ErrorCode::Cancelled);
}

void WorkerTest::backWithin50Ms() {
    QVERIFY(decodes(0));
    std::vector<double> times;
    for (int i = 0; i < 21; ++i) {
        for (const pid_t pid : m_pool->workerPids())
            ::kill(pid, SIGKILL);
        const test::Stopwatch watch;
        QVERIFY(decodes(i % kFrames));
        times.push_back(watch.ms());
    }
    std::sort(times.begin(), times.end());
    qInfo("killed worker to its next frame: median %.1f ms, worst of 21 %.1f ms", times[10], times.back());
    QVERIFY2(times[10] < 50.0, qPrintable(QString::number(times[10])));
}

void WorkerTest::hostKilled() {
    QVERIFY(decodes(0));
    const pid_t host = m_pool->hostPid();
    QVERIFY(host > 0);
    ::kill(host, SIGKILL);
    const test::Stopwatch watch;
    while (m_pool->hostPid() == host && watch.ms() < 5000) // its workers end a moment after it
        QVERIFY(decodes(1));
    QVERIFY(m_pool->hostPid() != host);
    QVERIFY(decodes(2));
    qInfo("killed program to a frame of the next one: %.1f ms", watch.ms());
}

void WorkerTest::endsWithTheDesk() {
    QVERIFY(decodes(0));
    std::vector<pid_t> pids = m_pool->workerPids();
    pids.push_back(m_pool->hostPid());
    m_source.reset();
    m_pool.reset();
    for (const pid_t pid : pids)
        QTRY_VERIFY_WITH_TIMEOUT(
            ::kill(pid, 0) != 0 || QFile::symLinkTarget(QStringLiteral("/proc/%1/exe").arg(pid)).isEmpty(), 3000);
}

void WorkerTest::nothingStaysOpen() {
    QVERIFY(decodes(0));
    const auto openNow = [] {
        return QDir(QStringLiteral("/proc/self/fd"))
            .entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System)
            .size();
    };
    const qsizetype before = openNow();
    for (int i = 0; i < 200; ++i) {
        QVERIFY(decodes(i % kFrames));
        QVERIFY(m_source->readHeader(smallImage()).has_value());
        if (i % 50 == 0)
            ::kill(m_pool->workerPids().at(0), SIGKILL);
    }
    QVERIFY2(openNow() <= before + 2, qPrintable(QStringLiteral("%1 %2").arg(before).arg(openNow())));
    // Nor in the worker: it has its socket, 0 to 2 and the files it keeps.
    const QDir worker(QStringLiteral("/proc/%1/fd").arg(m_pool->workerPids().at(0)));
    if (worker.exists() && worker.isReadable())
        QVERIFY(worker.entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System).size() < 22);
}

void WorkerTest::pipesAreNotWaitedFor() {
    const QString path = m_folder.filePath(QStringLiteral("pipe"));
    QCOMPARE(::mkfifo(qPrintable(path), 0600), 0);
    QCOMPARE(m_source->describe(path).error().code, ErrorCode::FileUnreadable);
}

/// The C library looks the zone up again and again; behind the lock-down it must not fall back to UTC.
void WorkerTest::localTimesAreTheDesks() {
    DcmDataset item;
    test::fillImage(item, 2, 2);
    test::putPixels(item, {1, 2, 3, 4});
    item.putAndInsertString(DCM_StudyDate, "20240701");
    item.putAndInsertString(DCM_StudyTime, "081530");
    item.putAndInsertString(DCM_SeriesDate, "20240101");
    item.putAndInsertString(DCM_SeriesTime, "010203.5");
    const QByteArray before = qgetenv("TZ");
    for (const char* zone : {"Asia/Shanghai", "America/New_York"}) {
        qputenv("TZ", zone);
        ::tzset();
        auto pool = std::make_shared<dicom::WorkerPool>(test::poolOptions(1));
        WorkerPixelSource source(pool);
        for (int i = 0; i < 2; ++i) {
            const auto header = source.readHeader(test::file(item));
            QVERIFY2(header.has_value(), qPrintable(errorOf(header)));
            const auto own = DicomPixelSource().readHeader(test::file(item));
            QVERIFY(own.has_value());
            QCOMPARE(header->study.time, own->study.time);
            QCOMPARE(header->series.time, own->series.time);
            QCOMPARE(header->study.time.toString(Qt::ISODate), own->study.time.toString(Qt::ISODate));
        }
    }
    before.isEmpty() ? qunsetenv("TZ") : qputenv("TZ", before);
    ::tzset();
}

void WorkerTest::reportsAreOpened() {
    DicomReportEncoder own;
    WorkerReportEncoder encoder(m_pool);
    const auto canonical = encoder.encodeStructuredReport(test::sampleReport());
    QVERIFY2(canonical.has_value(), qPrintable(errorOf(canonical)));
    const std::vector<SignatureRecord> signatures{
        {SignatureRecord::Role::Author, QByteArray("{\"a\":1}"), QByteArray("cms\0one", 7)},
        {SignatureRecord::Role::Reviewer, QByteArray("{\"b\":2}"), QByteArray(3001, 'x')}};
    const auto file = encoder.attachSignatures(*canonical, signatures);
    QVERIFY2(file.has_value(), qPrintable(errorOf(file)));
    const auto opened = encoder.open(*file);
    QVERIFY2(opened.has_value(), qPrintable(errorOf(opened)));
    const auto same = own.open(*file);
    QVERIFY(same.has_value());
    QCOMPARE(opened->canonical, *canonical);
    QCOMPARE(opened->signatures, signatures);
    QCOMPARE(dicom::encodeRecord(*opened), dicom::encodeRecord(*same));

    const QByteArray pdf("%PDF-1.7 not much of one but long enough %%EOF");
    const auto document = encoder.encodeEncapsulatedPdf(test::sampleReport(), pdf);
    QVERIFY2(document.has_value(), qPrintable(errorOf(document)));
    const auto openedPdf = encoder.open(*encoder.attachSignatures(*document, signatures));
    QVERIFY2(openedPdf.has_value(), qPrintable(errorOf(openedPdf)));
    QCOMPARE(openedPdf->pdf, pdf);

    QCOMPARE(encoder.open(*canonical).error().code, ErrorCode::SignatureMissing);
    QByteArray changed = *file;
    changed[400] = static_cast<char>(changed[400] ^ 1);
    QCOMPARE(encoder.open(changed).error().code, ErrorCode::SignedContentChanged);
    QCOMPARE(encoder.open(QByteArray("no report")).error().code, own.open(QByteArray("no report")).error().code);
}

void WorkerTest::sameAnswersAsInProcess() {
    if (test::sharedData().isEmpty())
        QSKIP("no third-party studies");
    DicomPixelSource own;
    QDirIterator files(test::sharedData(), QDir::Files, QDirIterator::Subdirectories);
    int count = 0;
    int frames = 0;
    while (files.hasNext()) {
        const QString path = files.next();
        ++count;
        const auto header = m_source->readHeader(path);
        const auto ownHeader = own.readHeader(path);
        QVERIFY2(header.has_value() == ownHeader.has_value(), qPrintable(path + u' ' + errorOf(header)));
        if (header)
            QVERIFY2(dicom::encodeRecord(*header) == dicom::encodeRecord(*ownHeader), qPrintable(path));
        else
            QVERIFY2(header.error().code == ownHeader.error().code, qPrintable(path + u' ' + errorOf(header)));
        const auto image = m_source->describe(path);
        const auto ownImage = own.describe(path);
        QVERIFY2(image.has_value() == ownImage.has_value(), qPrintable(path + u' ' + errorOf(image)));
        if (!image) {
            QVERIFY2(image.error().code == ownImage.error().code, qPrintable(path + u' ' + errorOf(image)));
            continue;
        }
        QVERIFY2(dicom::encodeRecord(**image) == dicom::encodeRecord(**ownImage), qPrintable(path));
        std::set<int> wanted{0, (*image)->frameCount / 2, (*image)->frameCount - 1};
        for (const int frame : wanted) {
            const auto pixels = m_source->decode(path, frame, {});
            const auto ownPixels = own.decode(path, frame, {});
            QVERIFY2(pixels.has_value() == ownPixels.has_value(), qPrintable(path + u' ' + errorOf(pixels)));
            if (!pixels) {
                QVERIFY2(pixels.error().code == ownPixels.error().code, qPrintable(path + u' ' + errorOf(pixels)));
                continue;
            }
            ++frames;
            QVERIFY2((*pixels)->data == (*ownPixels)->data && (*pixels)->type == (*ownPixels)->type &&
                         (*pixels)->columns == (*ownPixels)->columns &&
                         (*pixels)->samplesPerPixel == (*ownPixels)->samplesPerPixel,
                     qPrintable(path));
        }
    }
    qInfo() << count << "files," << frames << "frames the same";
    QVERIFY(frames > 300);
}

QTEST_GUILESS_MAIN(WorkerTest)
#include "worker_test.moc"
