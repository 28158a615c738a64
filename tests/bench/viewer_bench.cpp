#include "../dicom/data/dicom_factory.h"
#include "../dicom/data/wavelet_streams.h"
#include "bench_clock.h"
#include "dicom/data/dicom_pixel_source.h"
#include "dicom/worker/worker_pixel_source.h"
#include "dicom/worker/worker_pool.h"
#include "jobs/jobs.h"
#include "support/shared_data.h"
#include "uikit/theme.h"
#include "viewer/viewer_controller.h"
#include "viewer_ui/viewport_grid.h"
#include "vtk_slice_view.h"

#include <QApplication>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <dcmtk/dcmjpeg/djencode.h>
#include <functional>

/// The viewer from an input event to painted pixels, over real files and the decoder process; on the CPU path, window
/// system "offscreen". Printed as Markdown for docs/BENCHMARKS.md. Each job is a process of its own, so that peaks of
/// memory are its own: --only NAME runs one. --large: 2,000 slices too (1 GB of files). --gl, under an X server: the
/// OpenGL path, and volume rendering. --vtk, under an X server: by turns with VTK's own way of showing slices.
using namespace yz;
using namespace yz::bench;

namespace {

constexpr int kSide = 512;

void print(const QString& text) {
    std::fputs(qPrintable(text + u'\n'), stdout);
    std::fflush(stdout);
}

bool writeFile(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

enum class Codec { Raw, JpegLossless, Jpeg2000 };

/// Real head slices where the shared data are there, else waves with noise: signed, 512 x 512.
std::vector<PixelBufferPtr> headSlices() {
    std::vector<PixelBufferPtr> slices;
    DicomPixelSource source;
    QStringList paths;
    for (QDirIterator files(test::sharedData() + QStringLiteral("/dcm_qa_ct/In/GE"), {QStringLiteral("*.dcm")});
         !test::sharedData().isEmpty() && files.hasNext();)
        paths << files.next();
    paths.sort();
    for (const QString& path : paths)
        if (auto pixels = source.decode(path, 0, {});
            pixels && (*pixels)->columns == kSide && (*pixels)->rows == kSide && (*pixels)->type == SampleType::Int16)
            slices.push_back(*pixels);
    if (!slices.empty())
        return slices;
    print(QStringLiteral("No shared data: made slices, harder to compress than real ones."));
    auto made = std::make_shared<PixelBuffer>();
    made->columns = made->rows = kSide;
    made->type = SampleType::Int16;
    made->data.resize(made->byteCount());
    auto* values = reinterpret_cast<std::int16_t*>(made->data.data());
    for (int i = 0; i < kSide * kSide; ++i)
        values[i] = static_cast<std::int16_t>(600.0 * std::sin(i % kSide * 0.03) + i * 7919 % 64);
    return {made};
}

/// A study of one series in files.
StudyRecord writeSeries(const QTemporaryDir& folder, const QString& modality, int slices, int columns, int rows,
                        Codec codec = Codec::Raw) {
    const bool isMammogram = modality == QLatin1String("MG");
    StudyRecord study;
    study.study = StudyUid(QStringLiteral("2.25.77"));
    study.patient.id = PatientId(QStringLiteral("BENCH"));
    study.patient.name = PersonName::fromDicom(QStringLiteral("Bench^One"));
    SeriesRecord series;
    series.series = SeriesUid(QStringLiteral("2.25.78"));
    series.modality = modality;
    series.seriesNumber = 1;
    const std::vector<PixelBufferPtr> heads = isMammogram ? std::vector<PixelBufferPtr>() : headSlices();
    std::vector<QByteArray> streams;
    for (const PixelBufferPtr& head : codec == Codec::Jpeg2000 ? heads : std::vector<PixelBufferPtr>()) {
        const auto* samples = head->as<std::int16_t>();
        streams.push_back(
            test::jpeg2000Stream({kSide, kSide, 1, 16, true, std::vector<int>(samples, samples + kSide * kSide)}, 6));
    }
    for (int i = 0; i < slices; ++i) {
        DcmDataset item;
        test::fillImage(item, rows, columns, isMammogram ? "MG" : "CT",
                        isMammogram ? UID_DigitalMammographyXRayImageStorageForPresentation : UID_CTImageStorage);
        const QString instance = QStringLiteral("2.25.%1").arg(100000 + i);
        item.putAndInsertString(DCM_PatientID, "BENCH");
        item.putAndInsertString(DCM_PatientName, "Bench^One");
        item.putAndInsertString(DCM_StudyInstanceUID, qPrintable(study.study.value()));
        item.putAndInsertString(DCM_SeriesInstanceUID, qPrintable(series.series.value()));
        item.putAndInsertString(DCM_SOPInstanceUID, qPrintable(instance));
        item.putAndInsertString(DCM_FrameOfReferenceUID, "2.25.79");
        item.putAndInsertString(DCM_InstanceNumber, qPrintable(QString::number(i + 1)));
        if (slices > 1) {
            item.putAndInsertUint16(DCM_PixelRepresentation, 1);
            item.putAndInsertString(DCM_PixelSpacing, "0.7\\0.7");
            item.putAndInsertString(DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
            item.putAndInsertString(DCM_ImagePositionPatient, qPrintable(QStringLiteral("0\\0\\%1").arg(i * 0.7)));
        }
        item.putAndInsertString(DCM_RescaleSlope, "1");
        item.putAndInsertString(DCM_RescaleIntercept, "0");
        item.putAndInsertString(DCM_WindowCenter, isMammogram ? "2000" : "40");
        item.putAndInsertString(DCM_WindowWidth, isMammogram ? "4000" : "400");
        std::vector<Uint16> pixels(static_cast<size_t>(columns) * static_cast<size_t>(rows));
        if (isMammogram) {
            for (size_t p = 0; p < pixels.size(); ++p)
                pixels[p] = static_cast<Uint16>((p * 7 + p / 3000 * 3) & 0x0FFF);
        } else {
            const auto* samples = heads[static_cast<size_t>(i) % heads.size()]->as<Uint16>();
            pixels.assign(samples, samples + kSide * kSide);
        }
        QByteArray bytes;
        if (codec == Codec::Jpeg2000) {
            bytes = test::encapsulatedFile(item, QStringLiteral("1.2.840.10008.1.2.4.90"),
                                           {streams[static_cast<size_t>(i) % streams.size()]});
        } else {
            test::putPixels(item, pixels);
            if (codec == Codec::JpegLossless && item.chooseRepresentation(EXS_JPEGProcess14SV1, nullptr).bad())
                return {};
            bytes = test::file(item, codec == Codec::Raw ? EXS_LittleEndianExplicit : EXS_JPEGProcess14SV1);
        }
        InstanceRecord record;
        record.study = study.study;
        record.series = series.series;
        record.instance = InstanceUid(instance);
        OFString sopClass;
        item.findAndGetOFString(DCM_SOPClassUID, sopClass);
        record.sopClass = SopClassUid(QString::fromLatin1(sopClass.c_str()));
        record.instanceNumber = i + 1;
        record.frameCount = 1;
        record.path = folder.filePath(QStringLiteral("%1.dcm").arg(i, 5, 10, QLatin1Char('0')));
        if (bytes.isEmpty() || !writeFile(record.path, bytes))
            return {};
        series.instances.push_back(record);
    }
    study.series = {series};
    return study;
}

/// Peak memory of the desk and of its decoders, bytes: all of it, the programs themselves and shared pages twice.
class PeakMemory {
public:
    explicit PeakMemory(const dicom::WorkerPool& pool) : m_pool(pool) {
        each([](const QString& folder) {
            QFile file(folder + QStringLiteral("/clear_refs"));
            if (file.open(QIODevice::WriteOnly))
                file.write("5");
        });
    }
    [[nodiscard]] double bytes() const {
        double sum = 0.0;
        each([&](const QString& folder) {
            QFile file(folder + QStringLiteral("/status"));
            if (!file.open(QIODevice::ReadOnly))
                return;
            for (const QByteArray& line : file.readAll().split('\n'))
                if (line.startsWith("VmHWM:"))
                    sum += line.simplified().split(' ').value(1).toDouble() * 1024.0;
        });
        return sum;
    }

private:
    template <typename Act> void each(Act act) const {
        act(QStringLiteral("/proc/self"));
        for (const pid_t pid : m_pool.workerPids())
            act(QStringLiteral("/proc/%1").arg(pid));
    }
    const dicom::WorkerPool& m_pool;
};

double processorMs() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

struct Times {
    std::vector<double> ms;
    double processor = 0.0; ///< of this program, all threads, for one step on the average
    [[nodiscard]] double share(double part) const {
        std::vector<double> sorted = ms;
        std::sort(sorted.begin(), sorted.end());
        return sorted.empty() ? 0.0
                              : sorted[std::min(sorted.size() - 1, static_cast<size_t>(part * double(sorted.size())))];
    }
};

void row(const QString& job, const Times& times, const QString& target) {
    print(QStringLiteral("| %1 | %2 | %3 | %4 | %5 |")
              .arg(job)
              .arg(times.share(0.5), 0, 'f', 2)
              .arg(times.share(0.99), 0, 'f', 2)
              .arg(times.processor, 0, 'f', 2)
              .arg(target));
}

DisplayPath displayPath() {
    return qApp->arguments().contains(QStringLiteral("--gl")) ? DisplayPath::Gl : DisplayPath::Cpu;
}

/// Counts what viewports paint.
class PaintCounter final : public QObject {
public:
    int counted = 0, seen = 0;
    PaintCounter() { qApp->installEventFilter(this); }
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Paint && watched->objectName().startsWith(QLatin1String("viewport")))
            ++counted;
        return false;
    }
};

/// A controller with its viewports, as the page has them, without what stands around.
struct Desk {
    PaintCounter paints;
    ViewerController controller;
    ViewportGrid grid;
    Desk(const std::shared_ptr<PixelSource>& source, int side, const std::vector<HangingProtocol>& protocols = {})
        : controller(source, protocols), grid(controller, displayPath()) {
        grid.resize(side, side);
        grid.show();
        QCoreApplication::processEvents();
    }
    /// Works off events as they come, as the desk does; looks every other millisecond, as counting frames costs.
    bool until(const std::function<bool()>& done, int limitMs = 120000) {
        QTimer tick;
        tick.start(2);
        const double end = wallMs() + limitMs;
        for (double next = 0.0; wallMs() < end;) {
            if (wallMs() >= next) {
                if (done())
                    return true;
                next = wallMs() + 2.0;
            }
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        return done();
    }
    [[nodiscard]] StackKey key() const { return {SeriesUid(QStringLiteral("2.25.78")), 0}; }
    /// Until a viewport has painted since the last call.
    void painted() {
        QElapsedTimer clock;
        clock.start();
        do
            QCoreApplication::processEvents();
        while (paints.seen == paints.counted && clock.elapsed() < 100);
        paints.seen = paints.counted;
    }
    void wheel(int viewport, int steps) {
        QWidget* widget = grid.viewportWidget(viewport);
        const QPointF at = widget->rect().center();
        QWheelEvent event(at, widget->mapToGlobal(at), {}, {0, -120 * steps}, Qt::NoButton, {}, Qt::NoScrollPhase,
                          false);
        QCoreApplication::sendEvent(widget, &event);
    }
    void mouse(int viewport, QEvent::Type type, QPointF at, Qt::MouseButton button) {
        QWidget* widget = grid.viewportWidget(viewport);
        QMouseEvent event(type, at, widget->mapToGlobal(at), type == QEvent::MouseMove ? Qt::NoButton : button,
                          type == QEvent::MouseButtonRelease ? Qt::MouseButtons() : Qt::MouseButtons(button), {});
        QCoreApplication::sendEvent(widget, &event);
    }
    /// From the event to painted pixels.
    template <typename Act> Times measure(int count, Act act) {
        Times times;
        const double processorStart = processorMs();
        for (int i = 0; i < count; ++i) {
            const double start = wallMs();
            act(i);
            painted();
            times.ms.push_back(wallMs() - start);
        }
        times.processor = (processorMs() - processorStart) / count;
        return times;
    }
};

/// From the click to the first picture on the screen and to every frame, as often as it takes to see the usual.
void openTimes(const std::shared_ptr<PixelSource>& source, int slices, Codec codec, const QString& name,
               const QString& target) {
    QTemporaryDir folder;
    const StudyRecord study = writeSeries(folder, QStringLiteral("CT"), slices, kSide, kSide, codec);
    Times first, all;
    const int rounds = codec == Codec::Raw ? 9 : 3;
    for (int round = 0; round < rounds; ++round) {
        Desk desk(source, 1024);
        desk.controller.setCacheBytes(qint64{4} << 30);
        const double start = wallMs(), processorStart = processorMs();
        desk.controller.open(study);
        desk.until([&] { return desk.controller.shown(0).drawn() != nullptr; });
        desk.painted();
        first.ms.push_back(wallMs() - start);
        desk.until([&] { return desk.controller.loadedFrames(desk.key()) == slices; });
        all.ms.push_back(wallMs() - start);
        all.processor += (processorMs() - processorStart) / rounds;
        desk.controller.close();
        jobs::waitForAll();
    }
    row(QStringLiteral("open %1 slices%2: first picture painted").arg(slices).arg(name), first, QStringLiteral("< 50"));
    row(QStringLiteral("to all of them (desk only, not its decoders)"), all, target);
}

void scrollAndWindow(Desk& desk, const QString& where) {
    desk.controller.scrollTo(0, 0);
    desk.painted();
    row(QStringLiteral("scroll through 512 slices, 1024 x 1024%1").arg(where),
        desk.measure(511, [&](int) { desk.wheel(0, 1); }), QStringLiteral("median <= 4, p99 < 16.7"));
    desk.mouse(0, QEvent::MouseButtonPress, {200, 200}, Qt::RightButton);
    row(QStringLiteral("window drag, 1024 x 1024%1").arg(where),
        desk.measure(300,
                     [&](int i) { desk.mouse(0, QEvent::MouseMove, QPointF(210 + i, 200 + i % 90), Qt::RightButton); }),
        QStringLiteral("median <= 4, p99 < 16.7"));
    desk.mouse(0, QEvent::MouseButtonRelease, {500, 200}, Qt::RightButton);
}

/// Turning a volume by the left button; the last picture, at rest, by itself.
void turnVolume(Desk& desk, const QString& name) {
    desk.until([&] { return desk.controller.sharedVolume(desk.key()) != nullptr; });
    desk.painted();
    desk.mouse(0, QEvent::MouseButtonPress, {300, 500}, Qt::LeftButton);
    row(QStringLiteral("%1, turned by the mouse, 1024 x 1024").arg(name),
        desk.measure(
            40, [&](int i) { desk.mouse(0, QEvent::MouseMove, QPointF(310 + 9 * i, 500 + i % 7), Qt::LeftButton); }),
        QStringLiteral("VTK 154 to 412"));
    desk.mouse(0, QEvent::MouseButtonRelease, {680, 500}, Qt::LeftButton);
    const double start = wallMs();
    desk.until([&] { return !desk.controller.isVolumeMoving(); });
    const double still = wallMs();
    desk.painted();
    print(QStringLiteral("| the fine picture after it (%1 ms later) | %2 | | | |")
              .arg(still - start, 0, 'f', 0)
              .arg(wallMs() - still, 0, 'f', 0));
}

void mpr(Desk& desk) {
    const auto three = [&](int i) { // a step through one plane and a move of the cross on it: all three change
        desk.wheel(0, i % 100 < 50 ? 1 : -1);
        desk.controller.setCrosshair(0, {150.0 + i % 200, 160.0 + i % 150});
    };
    row(QStringLiteral("MPR, all three planes change, 1024 x 1024 in all"), desk.measure(200, three),
        QStringLiteral("< 16.7"));
    desk.controller.turnCrosshair(0, 0.5);
    desk.controller.turnCrosshair(1, 0.4);
    desk.painted();
    row(QStringLiteral("the same, double oblique"), desk.measure(100, three), QStringLiteral("< 16.7"));
    row(QStringLiteral("turning the cross-hair, two oblique planes"),
        desk.measure(100, [&](int) { desk.controller.turnCrosshair(0, 0.01); }), QString());
    desk.controller.straightenCrosshair(0);
    for (const int viewport : {0, 1, 2})
        desk.controller.setSlab(viewport, {SlabMode::Mip, 10.0});
    desk.painted();
    row(QStringLiteral("MPR, three planes, MIP of 10 mm"), desk.measure(50, three), QString());
    for (const int viewport : {0, 1, 2})
        desk.controller.setSlab(viewport, {});
    desk.controller.setTool(ViewerTool::CurvedPath);
    for (int i = 0; i < 8; ++i)
        desk.controller.addPathPoint(0, {60.0 + 50 * i, 250.0 + (i % 2 ? 90.0 : -90.0)});
    if (desk.controller.finishPath(0)) {
        desk.painted();
        row(QStringLiteral("curved MPR, a point of the path is dragged"),
            desk.measure(60,
                         [&](int i) {
                             desk.controller.movePathPoint(0, 3, {210.0, 340.0 - i});
                         }),
            QString());
        desk.controller.clearPath(0);
    }
}

void openAndScroll(const std::shared_ptr<PixelSource>& source, const dicom::WorkerPool& pool, int slices) {
    QTemporaryDir folder;
    const StudyRecord study = writeSeries(folder, QStringLiteral("CT"), slices, kSide, kSide);
    const double data = 2.0 * kSide * kSide * slices;
    Desk desk(source, 1024);
    desk.controller.setCacheBytes(qint64{4} << 30);
    const PeakMemory memory(pool);
    desk.controller.open(study);
    desk.until([&] { return desk.controller.loadedFrames(desk.key()) == slices; });
    desk.painted();
    const double stackPeak = memory.bytes();
    if (slices == 512)
        scrollAndWindow(desk, {});
    const double mprStart = wallMs();
    desk.controller.toggleMpr();
    desk.until([&] {
        const VolumeBuilder* builder = desk.controller.volume(desk.key());
        return builder && builder->filledCount() == builder->sliceCount() && desk.controller.shown(0).pixels;
    });
    desk.painted();
    print(QStringLiteral("| MPR of %1 slices that are loaded, three planes painted | %2 | | | |")
              .arg(slices)
              .arg(wallMs() - mprStart, 0, 'f', 0));
    const double peak = memory.bytes();
    print(QStringLiteral(
              "| peak memory of desk and decoders: stack %1 MB, then MPR %2 MB; pixel data %3 MB | | | | %4 MB |")
              .arg(stackPeak / 1048576.0, 0, 'f', 0)
              .arg(peak / 1048576.0, 0, 'f', 0)
              .arg(data / 1048576.0, 0, 'f', 0)
              .arg(1.2 * data / 1048576.0 + 100, 0, 'f', 0));
    if (slices != 512)
        return;
    mpr(desk);
    desk.controller.toggleMpr();
    desk.controller.scrollTo(0, 0);
    desk.painted();
    row(QStringLiteral("scroll after MPR, slices out of the volume"), desk.measure(511, [&](int) { desk.wheel(0, 1); }),
        QStringLiteral("median <= 4, p99 < 16.7"));
    desk.controller.showVolume(0, true);
    turnVolume(desk, QStringLiteral("rotating MIP of 512 slices"));
}

/// Planes at once, before any frame was asked for: the volume is read straight from its files.
void openAsPlanes(const std::shared_ptr<PixelSource>& source, const dicom::WorkerPool& pool) {
    QTemporaryDir folder;
    const StudyRecord study = writeSeries(folder, QStringLiteral("CT"), 512, kSide, kSide);
    HangingProtocol protocol;
    protocol.id = QStringLiteral("planes");
    protocol.name = protocol.id;
    protocol.match = {{QStringLiteral("modality"), QStringLiteral("equals"), QStringLiteral("CT"), 1.0, true}};
    HangingStage stage;
    stage.name = protocol.id;
    stage.rows = stage.columns = 2;
    for (const char* kind : {"mpr-axial", "mpr-coronal", "mpr-sagittal"}) {
        HangingViewport viewport;
        viewport.row = static_cast<int>(stage.viewports.size()) / 2;
        viewport.column = static_cast<int>(stage.viewports.size()) % 2;
        viewport.kind = QString::fromLatin1(kind);
        stage.viewports.push_back(viewport);
    }
    protocol.stages = {stage};
    Desk desk(source, 1024, {protocol});
    const PeakMemory memory(pool);
    const double start = wallMs();
    desk.controller.open(study);
    const bool isThere = desk.until([&] {
        return desk.controller.state().viewports.size() == 3 && desk.controller.shown(1).pixels &&
               desk.controller.sharedVolume(desk.key());
    });
    desk.painted();
    print(QStringLiteral("| open 512 slices as three planes: all painted%1 | %2 | | | |")
              .arg(isThere ? QString() : QStringLiteral(" (NEVER)"))
              .arg(wallMs() - start, 0, 'f', 0));
    print(QStringLiteral("| peak memory of desk and decoders %1 MB; pixel data 256 MB | | | | 407 MB |")
              .arg(memory.bytes() / 1048576.0, 0, 'f', 0));
}

/// The same steps by turns: our viewport, from the event to painted pixels, and VTK's image slice mapper, drawing
/// alone.
void againstVtk(const std::shared_ptr<PixelSource>& source) {
    const auto ratio = [](const QString& job, const Times& ours, const Times& peer, const QString& target) {
        print(QStringLiteral("| %1 | %2 | %3 | %4 | %5 |")
                  .arg(job)
                  .arg(ours.share(0.5), 0, 'f', 2)
                  .arg(peer.share(0.5), 0, 'f', 2)
                  .arg(peer.share(0.5) / ours.share(0.5), 0, 'f', 1)
                  .arg(target));
    };
    const auto byTurns = [](Desk& desk, int count, const auto& act, const auto& peerAct, Times& ours, Times& peer) {
        for (int i = 0; i < count; ++i) {
            const Times one = desk.measure(1, [&](int) { act(i); });
            ours.ms.push_back(one.ms.front());
            const double start = wallMs();
            peerAct(i);
            peer.ms.push_back(wallMs() - start);
        }
    };
    print(QStringLiteral("| by turns | ours, ms | vtkImageSliceMapper, ms | ratio | target |\n|---|---|---|---|---|"));
    {
        constexpr int slices = 140;
        QTemporaryDir folder;
        const StudyRecord study = writeSeries(folder, QStringLiteral("CT"), slices, kSide, kSide);
        Desk desk(source, 1024);
        desk.controller.open(study);
        desk.until([&] { return desk.controller.loadedFrames(desk.key()) == slices; });
        std::vector<std::int16_t> voxels;
        const std::vector<PixelBufferPtr> heads = headSlices();
        for (int i = 0; i < slices; ++i) {
            const auto* samples = heads[static_cast<size_t>(i) % heads.size()]->as<std::int16_t>();
            voxels.insert(voxels.end(), samples, samples + kSide * kSide);
        }
        VtkSliceView vtk(voxels, kSide, kSide, slices, 1024);
        desk.controller.scrollTo(0, 0);
        desk.painted();
        Times ours, peer;
        byTurns(
            desk, slices - 1, [&](int) { desk.wheel(0, 1); }, [&](int i) { vtk.showSlice(i + 1); }, ours, peer);
        ratio(QStringLiteral("scroll, 1024 x 1024"), ours, peer, QStringLiteral("3.1"));
        Times oursWindow, peerWindow;
        desk.mouse(0, QEvent::MouseButtonPress, {200, 200}, Qt::RightButton);
        byTurns(
            desk, 100,
            [&](int i) { desk.mouse(0, QEvent::MouseMove, QPointF(210 + i, 200 + i % 90), Qt::RightButton); },
            [&](int i) { vtk.setWindow(40.0 + i % 90, 400.0 + 2 * i); }, oursWindow, peerWindow);
        desk.mouse(0, QEvent::MouseButtonRelease, {310, 200}, Qt::RightButton);
        ratio(QStringLiteral("window drag, 1024 x 1024"), oursWindow, peerWindow, QStringLiteral("3.1"));
    }
    QTemporaryDir folder;
    const StudyRecord study = writeSeries(folder, QStringLiteral("MG"), 1, 3000, 4000);
    Desk desk(source, 2048);
    desk.controller.open(study);
    desk.until([&] { return desk.controller.shown(0).pixels != nullptr; });
    desk.painted();
    const auto* samples = desk.controller.shown(0).pixels->as<std::int16_t>(); // 12 bits: the sign does not matter
    const std::vector<std::int16_t> voxels(samples, samples + 3000 * 4000);
    VtkSliceView vtk(voxels, 3000, 4000, 1, 2048);
    Times ours, peer;
    desk.mouse(0, QEvent::MouseButtonPress, {400, 400}, Qt::RightButton);
    byTurns(
        desk, 60, [&](int i) { desk.mouse(0, QEvent::MouseMove, QPointF(410 + i, 400 + i % 60), Qt::RightButton); },
        [&](int i) { vtk.setWindow(2000.0 + i, 4000.0 + i); }, ours, peer);
    desk.mouse(0, QEvent::MouseButtonRelease, {470, 400}, Qt::RightButton);
    ratio(QStringLiteral("window drag, 3000 x 4000 at 2048 x 2048"), ours, peer, QStringLiteral("3.7"));
}

/// What the machine itself can do: the figures of docs/BENCHMARKS.md are to be read against these.
void floors() {
    constexpr size_t bytes = size_t{256} << 20;
    const double start = wallMs();
    SampleBytes from(bytes, std::byte{1});
    const double fresh = wallMs() - start;
    SampleBytes to(bytes, std::byte{2});
    double best = 1e9;
    for (int round = 0; round < 5; ++round) {
        const double copyStart = wallMs();
        std::copy(from.begin(), from.end(), to.begin());
        best = std::min(best, wallMs() - copyStart);
    }
    print(QStringLiteral("Floors: 256 MB of fresh memory written %1 ms, copied %2 ms (one thread).\n")
              .arg(fresh, 0, 'f', 0)
              .arg(best, 0, 'f', 0));
}

/// The two by themselves, for a profiler; on a display with OpenGL through that, and volume rendering.
void scrollOnly(const std::shared_ptr<PixelSource>& source) {
    QTemporaryDir folder;
    const StudyRecord study = writeSeries(folder, QStringLiteral("CT"), 512, kSide, kSide);
    Desk desk(source, 1024);
    desk.controller.open(study);
    desk.until([&] { return desk.controller.loadedFrames(desk.key()) == 512; });
    desk.painted();
    const bool isGl = displayPath() == DisplayPath::Gl;
    scrollAndWindow(desk,
                    isGl ? QStringLiteral(", through OpenGL (%1)").arg(rendererName().section(u' ', 0, 0)) : QString());
    if (!isGl)
        return;
    desk.controller.showVolume(0, false);
    turnVolume(desk, QStringLiteral("volume rendering of 512 slices"));
}

void mammogram(const std::shared_ptr<PixelSource>& source) {
    QTemporaryDir folder;
    const StudyRecord study = writeSeries(folder, QStringLiteral("MG"), 1, 3000, 4000);
    Desk desk(source, 2048);
    const double start = wallMs();
    desk.controller.open(study);
    desk.until([&] { return desk.controller.shown(0).pixels != nullptr; });
    desk.painted();
    print(QStringLiteral("| open a mammogram of 3000 x 4000: painted | %1 | | | |").arg(wallMs() - start, 0, 'f', 1));
    desk.mouse(0, QEvent::MouseButtonPress, {400, 400}, Qt::RightButton);
    row(QStringLiteral("window drag on it, 2048 x 2048"),
        desk.measure(100,
                     [&](int i) { desk.mouse(0, QEvent::MouseMove, QPointF(410 + i, 400 + i % 60), Qt::RightButton); }),
        QStringLiteral("<= 12"));
    desk.mouse(0, QEvent::MouseButtonRelease, {600, 400}, Qt::RightButton);
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<QByteArray> given(argv + 1, argv + argc);
    const auto has = [&](const char* option) { return std::find(given.begin(), given.end(), option) != given.end(); };
    if (has("--gl"))
        setDefaultGlFormat();
    else
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    (void)applyTheme(application);
    DJEncoderRegistration::registerCodecs();
    const QStringList arguments = application.arguments();
    if (!has("--only")) {
        const double others = load();
        if (others >= kQuiet && has("--quiet-only")) {
            print(QStringLiteral("the machine is not quiet: load %1").arg(others));
            return 1;
        }
        print(QStringLiteral("Load at the start %1%2.\n")
                  .arg(others)
                  .arg(others < kQuiet ? QString() : QStringLiteral(" (NOT QUIET)")));
        print(QStringLiteral(
            "| job | median, ms | p99, ms | processor of the desk, ms a step | target, ms |\n|---|---|---|---|---|"));
        QStringList jobs;
        for (const char* name :
             {"open-140", "open-512", "jpeg-lossless", "jpeg2000", "512", "140", "planes", "mammogram"})
            jobs << QString::fromLatin1(name);
        if (has("--large"))
            jobs << QStringLiteral("open-2000") << QStringLiteral("2000");
        if (has("--gl"))
            jobs = QStringList{QStringLiteral("scroll")};
        if (has("--vtk"))
            jobs = QStringList{QStringLiteral("vtk")};
        if (!has("--gl") && !has("--vtk"))
            floors();
        for (const QString& job : jobs) {
            QStringList own{QStringLiteral("--only"), job};
            if (has("--gl"))
                own << QStringLiteral("--gl");
            if (QProcess::execute(application.applicationFilePath(), own) != 0)
                return 1;
        }
        return 0;
    }
    dicom::WorkerPool::Options options;
    options.program = dicom::decoderProgram();
    auto pool = std::make_shared<dicom::WorkerPool>(options);
    if (const Status started = pool->start(); !started) {
        print(QStringLiteral("no decoder: build yuanzhen-decoder"));
        return 1;
    }
    const auto source = std::make_shared<WorkerPixelSource>(pool);
    const QString job = arguments.value(arguments.indexOf(QStringLiteral("--only")) + 1);
    if (job == QLatin1String("mammogram"))
        mammogram(source);
    else if (job == QLatin1String("planes"))
        openAsPlanes(source, *pool);
    else if (job == QLatin1String("vtk"))
        againstVtk(source);
    else if (job == QLatin1String("scroll"))
        scrollOnly(source);
    else if (job == QLatin1String("jpeg-lossless"))
        openTimes(source, 512, Codec::JpegLossless, QStringLiteral(" of JPEG lossless"), QStringLiteral("< 700"));
    else if (job == QLatin1String("jpeg2000"))
        openTimes(source, 512, Codec::Jpeg2000, QStringLiteral(" of JPEG 2000"), QStringLiteral("< 4600"));
    else if (job.startsWith(QLatin1String("open-")))
        openTimes(source, job.mid(5).toInt(), Codec::Raw, {},
                  job == QLatin1String("open-512") ? QStringLiteral("< 80") : QString());
    else
        openAndScroll(source, *pool, job.toInt());
    jobs::waitForAll();
    return 0;
}
