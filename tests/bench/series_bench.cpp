#include "../dicom/data/dicom_factory.h"
#include "bench_clock.h"
#include "dicom/data/byte_source.h"
#include "dicom/data/dicom_pixel_source.h"
#include "dicom/worker/worker_pixel_source.h"
#include "dicom/worker/worker_pool.h"
#include "imaging/volume_load.h"
#include "session/vault_opener.h"
#include "storage/file_vault.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <functional>
#include <thread>
#include <unistd.h>
#include <vtkDICOMImageReader.h>
#include <vtkImageData.h>
#include <vtkNew.h>

/// Whole series: files on disk (in the page cache) to one volume, a header scan of 1,000 files, against VTK and GDCM.
/// --sealed: from the desk's vault against a plain folder. Printed as Markdown for docs/BENCHMARKS.md.
using namespace yz;
using namespace yz::bench;

namespace {

constexpr int kSlices = 512;
constexpr int kRounds = 9;

void print(const QString& text) {
    std::fputs(qPrintable(text + u'\n'), stdout);
    std::fflush(stdout);
}

double clockMs(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

/// The desk and the decoder's workers: new ones each time, so that nothing of the files is remembered. As on a desk
/// that has opened a study before, they have read something already.
struct Workers {
    std::shared_ptr<dicom::WorkerPool> pool;
    WorkerPixelSource source;
    explicit Workers(const QStringList& readBefore, std::shared_ptr<dicom::FileOpener> opener = {})
        : Workers(start(), std::move(opener)) {
        const QStringList some = readBefore.mid(0, 32);
        std::thread other([&] { (void)source.describeFiles(some, {}); });
        (void)source.describeFiles(some, {});
        other.join();
        (void)source.readHeaders(readBefore, {});
    }
    [[nodiscard]] double processorMs() const {
        double sum = 0.0;
        for (const pid_t pid : pool->workerPids()) {
            clockid_t clock{};
            if (::clock_getcpuclockid(pid, &clock) == 0)
                sum += clockMs(clock);
        }
        return sum;
    }

private:
    Workers(std::shared_ptr<dicom::WorkerPool> made, std::shared_ptr<dicom::FileOpener> opener)
        : pool(std::move(made)), source(pool, std::move(opener)) {}
    static std::shared_ptr<dicom::WorkerPool> start() {
        dicom::WorkerPool::Options options;
        options.program = dicom::decoderProgram();
        auto pool = std::make_shared<dicom::WorkerPool>(options);
        if (!pool->start())
            print(QStringLiteral("no decoder: build yuanzhen-decoder"));
        return pool;
    }
};

/// Best of the rounds, each figure by itself, ms.
struct Time {
    double processor = 1e9; ///< of this program, and of the decoder's workers, user and system
    double wall = 1e9;

    /// False when the work says so.
    bool take(const std::function<bool()>& work, const Workers* workers = nullptr) {
        const auto spent = [workers] {
            return clockMs(CLOCK_PROCESS_CPUTIME_ID) + (workers ? workers->processorMs() : 0.0);
        };
        const double processorStart = spent();
        const double start = wallMs();
        const bool isGood = work();
        wall = std::min(wall, wallMs() - start);
        processor = std::min(processor, spent() - processorStart);
        return isGood;
    }
};

bool writeFile(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

void fillSliceHeader(DcmDataset& item, int slice) {
    test::fillImage(item, 512, 512);
    item.putAndInsertString(DCM_SOPInstanceUID, qPrintable(QStringLiteral("2.25.%1").arg(1000 + slice)));
    item.putAndInsertString(DCM_InstanceNumber, qPrintable(QString::number(slice + 1)));
    item.putAndInsertString(DCM_PixelSpacing, "0.7\\0.7");
    item.putAndInsertString(DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
    item.putAndInsertString(DCM_ImagePositionPatient, qPrintable(QStringLiteral("0\\0\\%1").arg(slice)));
    item.putAndInsertString(DCM_RescaleSlope, "1");
    item.putAndInsertString(DCM_RescaleIntercept, "-1024");
}

QStringList writeRawSeries(const QTemporaryDir& folder) {
    QStringList paths;
    std::vector<Uint16> pixels(512 * 512);
    for (int i = 0; i < kSlices; ++i) {
        for (size_t p = 0; p < pixels.size(); ++p)
            pixels[p] = static_cast<Uint16>((p * 7 + static_cast<size_t>(i) * 3) & 0x0FFF);
        DcmDataset item;
        fillSliceHeader(item, i);
        test::putPixels(item, pixels);
        paths.append(folder.filePath(QStringLiteral("%1.dcm").arg(i, 5, 10, QLatin1Char('0'))));
        if (!writeFile(paths.back(), test::file(item)))
            return {};
    }
    return paths;
}

/// Calls work(i) for each of `count`, on `threads` threads.
void sideBySide(int threads, size_t count, const std::function<void(size_t)>& work) {
    std::atomic<size_t> next = 0;
    const auto run = [&] {
        for (size_t i = next++; i < count; i = next++)
            work(i);
    };
    std::vector<std::thread> helpers;
    for (int i = 1; i < threads; ++i)
        helpers.emplace_back(run);
    run();
    for (std::thread& helper : helpers)
        helper.join();
}

/// Describe, sort, read and convert, as the desk does.
bool openOurs(PixelSource& source, const QStringList& paths, int threads) {
    constexpr qsizetype kFilesAJob = 32; // as StudySet
    std::vector<ImageDescriptionPtr> images(static_cast<size_t>(paths.size()));
    sideBySide(threads, static_cast<size_t>((paths.size() + kFilesAJob - 1) / kFilesAJob), [&](size_t job) {
        const qsizetype first = static_cast<qsizetype>(job) * kFilesAJob;
        const std::vector<DescribedFile> files = source.describeFiles(paths.mid(first, kFilesAJob), {});
        for (size_t i = 0; i < files.size(); ++i)
            if (files[i].image)
                images[static_cast<size_t>(first) + i] = *files[i].image;
    });
    std::map<InstanceUid, QString> pathOf;
    for (size_t i = 0; i < images.size(); ++i) {
        if (!images[i])
            return false;
        pathOf[images[i]->instance] = paths[static_cast<qsizetype>(i)];
    }
    const std::vector<Stack> stacks = assembleStacks(std::move(images));
    if (stacks.size() != 1)
        return false;
    const auto volume =
        loadVolume(stacks[0], source, [&](const InstanceUid& instance) { return pathOf.at(instance); }, threads, {});
    if (!volume)
        return false;
    // The right values in the right place: what writeRawSeries wrote, as Hounsfield units.
    const auto& voxels = (*volume)->voxels;
    for (size_t i = 0; i < voxels.size(); i += 4099) {
        const size_t slice = i / (512 * 512);
        const auto stored = static_cast<double>((i % (512 * 512) * 7 + slice * 3) & 0x0FFF);
        if (voxels[i] * (*volume)->rescaleSlope + (*volume)->rescaleIntercept != stored - 1024.0)
            return false;
    }
    return true;
}

bool openVtk(const QTemporaryDir& folder) {
    vtkNew<vtkDICOMImageReader> reader;
    reader->SetDirectoryName(QFile::encodeName(folder.path()).constData());
    reader->Update();
    return reader->GetOutput()->GetDimensions()[2] == kSlices;
}

bool scanOurs(PixelSource& source, const QStringList& paths) {
    const auto headers = source.readHeaders(paths, {});
    return std::all_of(headers.begin(), headers.end(), [](const auto& header) { return header.has_value(); });
}

/// Processor time of gdcmscanner over a folder, ms; 0 when it is not there or fails.
double scanGdcm(const QString& folder) {
    const double before = childrenMs(true);
    QProcess process;
    QStringList arguments{QStringLiteral("-d"), folder};
    for (const char* tag : {"8,16", "8,18", "20,d", "20,e", "10,10", "10,20", "8,60", "20,11", "20,13"})
        arguments << QStringLiteral("-t") << QLatin1String(tag);
    process.start(QStringLiteral("gdcmscanner"), arguments);
    const bool isDone = process.waitForFinished(120000) && process.exitCode() == 0;
    return isDone ? childrenMs(true) - before : 0.0;
}

QString ms(double value) { return QString::number(value, 'f', value < 100.0 ? 1 : 0); }
QString ratio(double peer, double ours) { return QString::number(peer / ours, 'f', 1); }

/// What no program can do without: the bytes of the series out of the page cache into memory of its own.
bool readAlone(const QStringList& paths) {
    constexpr size_t kSlice = size_t{512} * 512 * 2;
    VoxelArray memory(kSlice / 2 * kSlices);
    const auto target = std::as_writable_bytes(std::span(memory));
    for (int i = 0; i < kSlices; ++i) {
        const auto file = dicom::openFileSource(paths[i]);
        if (!file || (*file)->read(0, target.subspan(kSlice * static_cast<size_t>(i), kSlice)).value_or(0) != kSlice)
            return false;
    }
    return true;
}

/// A line of /proc/self/status, MB.
double statusMb(const QByteArray& name) {
    QFile file(QStringLiteral("/proc/self/status"));
    if (file.open(QIODevice::ReadOnly))
        for (const QByteArray& line : file.readAll().split('\n'))
            if (line.startsWith(QByteArray(name + ':')))
                return line.mid(name.size() + 1).simplified().split(' ').value(0).toDouble() / 1024.0;
    return 0.0;
}

/// The most memory this process held while it worked beyond what it had, MB; below 0 when the work failed.
double mostMemory(const std::function<bool()>& work) {
    QFile peak(QStringLiteral("/proc/self/clear_refs"));
    if (!peak.open(QIODevice::WriteOnly) || peak.write("5") != 1) // from here on anew
        return -1.0;
    peak.close();
    const double before = statusMb("VmRSS");
    return work() ? statusMb("VmHWM") - before : -1.0;
}

/// The same series from the desk's vault and from a plain folder, and what opening a study checks of its files before.
bool sealedSeries() {
    const QTemporaryDir folder;
    const QStringList paths = writeRawSeries(folder);
    const QTemporaryDir before;
    const QStringList readBefore = writeRawSeries(before);
    const QTemporaryDir home;
    const auto opened = FileVault::open(home.path());
    if (!opened)
        return false;
    const FileVault& vault = **opened;
    const StudyUid study(QStringLiteral("2.25.11"));
    QStringList sealedPaths;
    std::vector<InstanceUid> instances;
    for (int i = 0; i < kSlices; ++i) {
        QFile file(paths[i]);
        instances.emplace_back(QStringLiteral("2.25.%1").arg(1000 + i));
        const auto path = file.open(QIODevice::ReadOnly) ? vault.put(study, instances.back(), file.readAll())
                                                         : Result<QString>(fail(ErrorCode::FileUnreadable));
        if (!path)
            return false;
        sealedPaths.append(*path);
    }
    Time plain;
    Time sealed;
    Time plainCheck;
    Time sealedCheck;
    for (int round = 0; round < kRounds; ++round) {
        Workers open(readBefore);
        Workers closed(readBefore, std::make_shared<VaultOpener>(vault));
        if (!plain.take([&] { return openOurs(open.source, paths, 2); }, &open) ||
            !sealed.take([&] { return openOurs(closed.source, sealedPaths, 2); }, &closed) || !plainCheck.take([&] {
                return std::all_of(paths.begin(), paths.end(), [](const QString& path) {
                    QFile file(path);
                    return file.open(QIODevice::ReadOnly) && !checksumOf(file.readAll()).isEmpty();
                });
            }) ||
            !sealedCheck.take([&] {
                return std::all_of(instances.begin(), instances.end(), [&](const InstanceUid& instance) {
                    return vault.checksum(study, instance).has_value();
                });
            }))
            return false;
    }
    const auto row = [&](const char* name, const Time& one, const Time& other) {
        print(QStringLiteral("| %1 | %2 | %3 | %4 | %5 | %6 | %7 |")
                  .arg(QLatin1String(name), ms(one.processor), ms(other.processor),
                       QString::number(one.processor / other.processor, 'f', 2), ms(one.wall), ms(other.wall),
                       QString::number(one.wall / other.wall, 'f', 2)));
    };
    row("512 raw slices to one volume, both cores", sealed, plain);
    row("the check of all files before a study is opened, one thread", sealedCheck, plainCheck);
    Workers open(readBefore);
    Workers closed(readBefore, std::make_shared<VaultOpener>(vault));
    const double plainMb = mostMemory([&] { return openOurs(open.source, paths, 2); });
    const double sealedMb = mostMemory([&] { return openOurs(closed.source, sealedPaths, 2); });
    if (plainMb < 0.0 || sealedMb < 0.0)
        return false;
    print(QStringLiteral("\nMost memory while the volume (268 MB) is made: sealed %1 MB, plain %2 MB.")
              .arg(sealedMb, 0, 'f', 0)
              .arg(plainMb, 0, 'f', 0));
    return true;
}

bool rawSeries() {
    const QTemporaryDir folder;
    const QStringList paths = writeRawSeries(folder);
    const QTemporaryDir before;
    const QStringList readBefore = writeRawSeries(before);
    Time alone;
    Time both;
    Time vtk;
    Time floor;
    for (int round = 0; round < kRounds; ++round) { // in turns, so that other load meets each
        DicomPixelSource own;
        Workers workers(readBefore);
        WorkerPixelSource& source = workers.source;
        if (!floor.take([&] { return readAlone(paths); }) || !alone.take([&] { return openOurs(own, paths, 1); }) ||
            !vtk.take([&] { return openVtk(folder); }) ||
            !both.take([&] { return openOurs(source, paths, 2); }, &workers))
            return false;
    }
    const auto row = [&](const char* name, const Time& ours) {
        print(QStringLiteral("| %1 | %2 | %3 | %4 | %5 | %6 | %7 |")
                  .arg(QLatin1String(name), ms(ours.processor), ms(vtk.processor), ratio(vtk.processor, ours.processor),
                       ms(ours.wall), ms(vtk.wall), ratio(vtk.wall, ours.wall)));
    };
    row("512 raw slices to one volume: in the process, one thread; vtkDICOMImageReader", alone);
    row("the same through the decoder, both cores", both);
    row("the floor: its bytes read into fresh memory, one thread", floor);

    const QTemporaryDir many; // 1,000 names of the 512 files
    const QTemporaryDir one;
    QStringList names;
    for (int i = 0; i < 1000; ++i) {
        names.append(many.filePath(QString::number(i)));
        if (::link(QFile::encodeName(paths[i % kSlices]).constData(), QFile::encodeName(names.back()).constData()) != 0)
            return false;
    }
    if (!QFile::copy(paths[0], one.filePath(QStringLiteral("0"))))
        return false;
    Time scanAlone;
    Time scanBoth;
    double gdcm = 1e9;
    double gdcmStart = 1e9;
    for (int round = 0; round < kRounds; ++round) {
        DicomPixelSource own;
        Workers workers(readBefore);
        WorkerPixelSource& source = workers.source;
        if (!scanAlone.take([&] { return scanOurs(own, names); }) ||
            !scanBoth.take([&] { return scanOurs(source, names); }, &workers))
            return false;
        gdcm = std::min(gdcm, scanGdcm(many.path()));
        gdcmStart = std::min(gdcmStart, scanGdcm(one.path()));
    }
    const auto scanRow = [&](const char* name, const Time& ours) {
        print(QStringLiteral("| %1 | %2 | %3 (%4 without its start) | %5 (%6) | %7 | | |")
                  .arg(QLatin1String(name), ms(ours.processor), ms(gdcm), ms(gdcm - gdcmStart),
                       ratio(gdcm, ours.processor), ratio(gdcm - gdcmStart, ours.processor), ms(ours.wall)));
    };
    scanRow("header scan of 1,000 files: in the process, one thread; gdcmscanner, nine tags", scanAlone);
    scanRow("the same through the decoder, both cores", scanBoth);
    return true;
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const double others = load();
    const bool isQuiet = others < kQuiet;
    if (!isQuiet && application.arguments().contains(QStringLiteral("--quiet-only"))) {
        print(QStringLiteral("the machine is not quiet: load %1").arg(others));
        return 1;
    }
    print(
        QStringLiteral("Load at the start %1%2. Processor time is user and system, desk and decoder; best of %3; files "
                       "in the page cache.")
            .arg(others)
            .arg(isQuiet ? QString() : QStringLiteral(" (NOT QUIET: wall-clock figures are too high)"))
            .arg(kRounds));
    print({});
    const bool sealed = application.arguments().contains(QStringLiteral("--sealed"));
    print(sealed ? QStringLiteral("| job | sealed, processor ms | plain | ratio | sealed, wall ms | plain | ratio |")
                 : QStringLiteral(
                       "| job | ours, processor ms | peer | peer / ours | ours, wall ms | peer | peer / ours |"));
    print(QStringLiteral("|---|---|---|---|---|---|---|"));
    const bool isGood = sealed ? sealedSeries() : rawSeries();
    if (!isGood)
        print(QStringLiteral("WRONG: a job did not give what it should"));
    return isGood ? 0 : 1;
}
