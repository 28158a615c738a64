#include "../dicom/data/dicom_factory.h"
#include "bench_clock.h"
#include "dicom/data/dicom_pixel_source.h"
#include "imaging/volume_load.h"
#include "support/shared_data.h"

#include <QCoreApplication>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <atomic>
#include <cstdio>
#include <thread>
#include <vtkDICOMImageReader.h>
#include <vtkImageData.h>
#include <vtkNew.h>

/// Whole series: files on disk (in the page cache) to one volume, and a header scan of 1,000 files, against VTK and
/// GDCM. Printed as Markdown for docs/BENCHMARKS.md.
using namespace yz;
using namespace yz::bench;

namespace {

constexpr int kSlices = 512;

void print(const QString& text) {
    std::fputs(qPrintable(text + u'\n'), stdout);
    std::fflush(stdout);
}

/// Processor time of the whole program, user and system, ms.
double processMs() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

QStringList writeSeries(const QTemporaryDir& folder, int count) {
    QStringList paths;
    std::vector<Uint16> pixels(512 * 512);
    for (int i = 0; i < count; ++i) {
        for (size_t p = 0; p < pixels.size(); ++p)
            pixels[p] = static_cast<Uint16>((p * 7 + static_cast<size_t>(i) * 3) & 0x0FFF);
        DcmDataset item;
        test::fillImage(item, 512, 512);
        item.putAndInsertString(DCM_SOPInstanceUID, qPrintable(QStringLiteral("2.25.%1").arg(1000 + i)));
        item.putAndInsertString(DCM_InstanceNumber, qPrintable(QString::number(i + 1)));
        item.putAndInsertString(DCM_PixelSpacing, "0.7\\0.7");
        item.putAndInsertString(DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
        item.putAndInsertString(DCM_ImagePositionPatient, qPrintable(QStringLiteral("0\\0\\%1").arg(i)));
        item.putAndInsertString(DCM_RescaleSlope, "1");
        item.putAndInsertString(DCM_RescaleIntercept, "-1024");
        test::putPixels(item, pixels);
        const QString path = folder.filePath(QStringLiteral("%1.dcm").arg(i, 5, 10, QLatin1Char('0')));
        QFile file(path);
        const QByteArray bytes = test::file(item);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            return {};
        paths.append(path);
    }
    return paths;
}

/// Describe, sort, decode and fill, as the desk does; -1 when something is wrong.
qint64 openOurs(const QStringList& paths, int threads) {
    DicomPixelSource source;
    std::vector<ImageDescriptionPtr> images;
    std::map<InstanceUid, QString> pathOf;
    for (const QString& path : paths)
        if (const auto image = source.describe(path)) {
            images.push_back(*image);
            pathOf[(*image)->instance] = path;
        }
    const std::vector<Stack> stacks = assembleStacks(std::move(images));
    if (stacks.size() != 1) {
        print(QStringLiteral("%1 stacks").arg(stacks.size()));
        return -1;
    }
    const auto volume =
        loadVolume(stacks[0], source, [&](const InstanceUid& instance) { return pathOf[instance]; }, threads, {});
    if (!volume) {
        print(volume.error().toString());
        return -1;
    }
    quint64 sum = 0; // a checksum: the work was done
    for (size_t i = 0; i < (*volume)->voxels.size(); i += 4099)
        sum += static_cast<quint16>((*volume)->voxels[i]);
    return static_cast<qint64>(sum);
}

bool openVtk(const QTemporaryDir& folder) {
    vtkNew<vtkDICOMImageReader> reader;
    reader->SetDirectoryName(QFile::encodeName(folder.path()).constData());
    reader->Update();
    return reader->GetOutput()->GetDimensions()[2] == kSlices;
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
    const QTemporaryDir folder;
    QStringList paths = writeSeries(folder, kSlices);
    if (paths.isEmpty())
        return 1;
    print(QStringLiteral("Load at the start %1%2. Processor time, user and system, best of 3; files in the page cache.")
              .arg(others)
              .arg(isQuiet ? QString() : QStringLiteral(" (NOT QUIET: no wall-clock figures)")));
    print({});
    print(QStringLiteral("| job | ours, ms | peer, ms | peer / ours |"));
    print(QStringLiteral("|---|---|---|---|"));
    double ours = 1e9;
    double peer = 1e9;
    double wall = 1e9;
    for (int round = 0; round < 3; ++round) {
        double start = processMs();
        if (openOurs(paths, 1) < 0)
            return 1;
        ours = std::min(ours, processMs() - start);
        start = processMs();
        if (!openVtk(folder))
            return 1;
        peer = std::min(peer, processMs() - start);
        start = wallMs();
        (void)openOurs(paths, 2);
        wall = std::min(wall, wallMs() - start);
    }
    print(QStringLiteral("| 512 raw slices to one volume, one thread; vtkDICOMImageReader | %1 | %2 | %3 |")
              .arg(ours, 0, 'f', 0)
              .arg(peer, 0, 'f', 0)
              .arg(peer / ours, 0, 'f', 2));
    if (isQuiet)
        print(QStringLiteral("| the same on two threads, wall clock | %1 | | |").arg(wall, 0, 'f', 0));

    const QTemporaryDir many; // 1,000 names of the 512 files
    QStringList names;
    for (int i = 0; i < 1000; ++i) {
        names.append(many.filePath(QString::number(i)));
        if (!QFile::link(paths[i % kSlices], names.back()))
            return 1;
    }
    ours = 1e9;
    for (int round = 0; round < 3; ++round) {
        DicomPixelSource source;
        const double start = processMs();
        for (const QString& name : names)
            if (!source.readHeader(name))
                return 1;
        ours = std::min(ours, processMs() - start);
    }
    peer = 0.0;
    if (!QStandardPaths::findExecutable(QStringLiteral("gdcmscanner")).isEmpty()) {
        peer = 1e9;
        for (int round = 0; round < 3; ++round) {
            const double before = childrenMs(true);
            QProcess process;
            QStringList arguments{QStringLiteral("-d"), many.path()};
            for (const char* tag : {"8,16", "8,18", "20,d", "20,e", "10,10", "10,20", "8,60", "20,11", "20,13"})
                arguments << QStringLiteral("-t") << QLatin1String(tag);
            process.start(QStringLiteral("gdcmscanner"), arguments);
            if (!process.waitForFinished(120000) || process.exitCode() != 0)
                return 1;
            peer = std::min(peer, childrenMs(true) - before);
        }
    }
    print(QStringLiteral("| header scan of 1,000 files, one thread; gdcmscanner (nine tags) | %1 | %2 | %3 |")
              .arg(ours, 0, 'f', 0)
              .arg(peer, 0, 'f', 0)
              .arg(peer / ours, 0, 'f', 2));
    return 0;
}
