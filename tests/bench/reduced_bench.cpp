#include "../dicom/data/dicom_factory.h"
#include "../dicom/data/wavelet_streams.h"
#include "../dicom/worker/worker_fixture.h"
#include "bench_clock.h"
#include "dicom/data/dicom_pixel_source.h"
#include "jobs/jobs.h"
#include "support/shared_data.h"
#include "viewer/frame_loader.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QTemporaryDir>
#include <cstdio>

/// A whole JPEG 2000 / HTJ2K series as first pictures: 512 files through the viewer's loader and the decoder process,
/// files in the page cache, headers read. Printed as Markdown for docs/BENCHMARKS.md.
using namespace yz;
using namespace yz::bench;

namespace {

constexpr int kSlices = 512;
constexpr int kReduction = 2; // 128 x 128, as the viewer asks for

void print(const QString& text) {
    std::fputs(qPrintable(text + u'\n'), stdout);
    std::fflush(stdout);
}

/// The chest slice with its own noise; each file has another shift, so that no two frames are the same bytes.
test::Picture slice(const PixelBuffer& original, int number) {
    test::Picture picture{original.columns, original.rows, 1, 16, true, {}};
    const auto size = static_cast<size_t>(original.columns) * static_cast<size_t>(original.rows);
    const auto* samples = original.as<std::int16_t>();
    for (size_t i = 0; i < size; ++i)
        picture.samples.push_back(samples[(i + static_cast<size_t>(number) * 512) % size]);
    return picture;
}

std::vector<FrameRequest> writeSeries(const QTemporaryDir& folder, const PixelBuffer& original, const QString& syntax,
                                      bool isHtj2k) {
    std::vector<FrameRequest> requests;
    std::vector<QByteArray> streams; // eight different ones: encoding 512 would take longer than the bench
    for (int i = 0; i < 8; ++i) {
        const test::Picture picture = slice(original, i * 40);
        streams.push_back(isHtj2k ? test::htj2kStream(picture, 5) : test::jpeg2000Stream(picture, 6));
    }
    for (int i = 0; i < kSlices; ++i) {
        DcmDataset item;
        test::fillImage(item, original.rows, original.columns);
        const QString uid = QStringLiteral("2.25.%1").arg(1000 + i);
        item.putAndInsertString(DCM_SOPInstanceUID, qPrintable(uid));
        item.putAndInsertUint16(DCM_PixelRepresentation, 1);
        const QString path = folder.filePath(QStringLiteral("%1.dcm").arg(i, 5, 10, QLatin1Char('0')));
        QFile file(path);
        const QByteArray bytes = test::encapsulatedFile(item, syntax, {streams[static_cast<size_t>(i) % 8]});
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            return {};
        requests.push_back({{InstanceUid(uid), 0}, path, kReduction});
    }
    return requests;
}

double workersMs(const dicom::WorkerPool& pool) {
    double sum = 0.0;
    for (const pid_t pid : pool.workerPids()) {
        clockid_t clock{};
        timespec time{};
        if (::clock_getcpuclockid(pid, &clock) == 0 && ::clock_gettime(clock, &time) == 0)
            sum += static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }
    return sum;
}

double ownMs() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

/// The library's own work on the same frames, in this process and without a border: processor time, ms.
double libraryMs(const std::vector<FrameRequest>& requests) {
    DicomPixelSource own;
    for (const FrameRequest& request : requests)
        (void)own.describe(request.path);
    const double start = ownMs();
    for (const FrameRequest& request : requests)
        if (const auto pixels = own.decodeReduced(request.path, 0, kReduction, {});
            !pixels || (*pixels)->columns != 128)
            return 0.0;
    return ownMs() - start;
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const double others = load();
    if (others >= kQuiet && application.arguments().contains(QStringLiteral("--quiet-only"))) {
        print(QStringLiteral("the machine is not quiet: load %1").arg(others));
        return 1;
    }
    DicomPixelSource own;
    const auto original =
        test::sharedData().isEmpty()
            ? Result<PixelBufferPtr>(fail(ErrorCode::NotFound, QStringLiteral("no third-party studies")))
            : own.decode(test::sharedData() + QStringLiteral("/cwil/testImages/CTImage.dcm"), 0, {});
    if (!original) {
        print(QStringLiteral("nothing to decode: ") + original.error().toString());
        return 0;
    }
    auto pool = std::make_shared<dicom::WorkerPool>(test::poolOptions(2));
    if (const Status started = pool->start(); !started) {
        print(started.error().toString());
        return 1;
    }
    auto source = std::make_shared<WorkerPixelSource>(pool);
    print(QStringLiteral("Load at the start %1%2. 512 files, 128 x 128 each; best of 5.")
              .arg(others)
              .arg(others < kQuiet ? QString() : QStringLiteral(" (NOT QUIET)")));
    print({});
    print(QStringLiteral(
        "| series | clock, ms | processor, desk + decoders, ms | half of it: two cores | the library alone, "
        "processor, ms | target, ms |"));
    print(QStringLiteral("|---|---|---|---|---|---|"));
    for (const bool isHtj2k : {false, true}) {
        const QTemporaryDir folder;
        const std::vector<FrameRequest> requests = writeSeries(
            folder, **original,
            isHtj2k ? QStringLiteral("1.2.840.10008.1.2.4.201") : QStringLiteral("1.2.840.10008.1.2.4.90"), isHtj2k);
        for (const FrameRequest& request : requests)
            if (const auto image = source->describe(request.path); !image || !(*image)->decodesReduced) {
                print(QStringLiteral("a file cannot be read"));
                return 1;
            }
        double wall = 1e9, processor = 1e9, library = 1e9;
        for (int round = 0; round < 5; ++round) {
            FrameLoader loader(source, qint64{1} << 30);
            int ready = 0, failed = 0;
            QEventLoop loop;
            QObject::connect(&loader, &FrameLoader::reducedReady, &loop, [&] {
                if (++ready == kSlices)
                    loop.quit();
            });
            QObject::connect(&loader, &FrameLoader::frameReady, &loop, [&] { loop.exit(++failed); });
            QObject::connect(&loader, &FrameLoader::frameFailed, &loop, [&] { loop.exit(++failed); });
            const double start = wallMs(), cpu = ownMs() + workersMs(*pool);
            loader.want(requests);
            loop.exec();
            if (failed > 0 || !loader.findReduced(requests.back().key) ||
                loader.findReduced(requests.back().key)->columns != 128) {
                print(QStringLiteral("a first picture failed"));
                return 1;
            }
            wall = std::min(wall, wallMs() - start);
            processor = std::min(processor, ownMs() + workersMs(*pool) - cpu);
            library = std::min(library, libraryMs(requests));
        }
        print(QStringLiteral("| %1 | %2 | %3 | %4 | %5 | %6 |")
                  .arg(isHtj2k ? QStringLiteral("HTJ2K") : QStringLiteral("JPEG 2000"))
                  .arg(wall, 0, 'f', 0)
                  .arg(processor, 0, 'f', 0)
                  .arg(processor / 2, 0, 'f', 0)
                  .arg(library, 0, 'f', 0)
                  .arg(isHtj2k ? 100 : 800));
    }
    return 0;
}
