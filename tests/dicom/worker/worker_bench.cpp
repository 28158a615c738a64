#include "dicom/data/dicom_pixel_source.h"
#include "dicom_factory.h"
#include "support/shared_data.h"
#include "worker_fixture.h"

#include <QTest>
#include <algorithm>
#include <csignal>
#include <ctime>
#include <malloc.h>

using namespace yz;

namespace {

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Time a process was on a processor, ms; other programs on the machine do not count.
double processorMs(pid_t pid) {
    clockid_t clock{};
    timespec time{};
    if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0)
        return 0.0;
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

} // namespace

/// What the border costs: the same frames through a worker and in this process, one after the other in one run.
class WorkerBench : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void frames_data() {
        QTest::addColumn<QString>("path");
        if (test::sharedData().isEmpty())
            QSKIP("no third-party studies");
        const QString folder = test::sharedData() + QStringLiteral("/cwil/testImages/");
        for (const QString& name : QDir(folder).entryList({QStringLiteral("CTImage.dcm*")}, QDir::Files))
            QTest::newRow(qPrintable(name)) << folder + name;
    }
    void frames() {
        QFETCH(QString, path);
        // As the decoder does (modules/decoder/main.cpp): else this process would pay for fresh memory each time.
        (void)::mallopt(M_MMAP_THRESHOLD, 32 << 20);
        (void)::mallopt(M_TRIM_THRESHOLD, 64 << 20);
        DicomPixelSource own;
        WorkerPixelSource source(m_pool);
        if (const auto first = source.decode(path, 0, {}); !first)
            QSKIP(qPrintable(first.error().toString()));
        QVERIFY(own.decode(path, 0, {}).has_value());
        std::vector<double> inside;
        std::vector<double> outside;
        std::vector<double> cpuInside;
        std::vector<double> cpuOutside;
        constexpr int kRounds = 15;
        constexpr int kFrames = 16; // as a series is read: one frame after the other, each side with its caches warm
        const pid_t worker = m_pool->workerPids().at(0);
        for (int i = 0; i < kRounds; ++i) { // in turns, so that other load meets both
            const double before = processorMs(::getpid());
            const test::Stopwatch a;
            for (int frame = 0; frame < kFrames; ++frame)
                QVERIFY(own.decode(path, 0, {}).has_value());
            inside.push_back(a.ms() / kFrames);
            const double between = processorMs(::getpid());
            const double workerBefore = processorMs(worker);
            const test::Stopwatch b;
            for (int frame = 0; frame < kFrames; ++frame)
                QVERIFY(source.decode(path, 0, {}).has_value());
            outside.push_back(b.ms() / kFrames);
            cpuInside.push_back((between - before) / kFrames);
            cpuOutside.push_back((processorMs(::getpid()) - between + processorMs(worker) - workerBefore) / kFrames);
        }
        std::printf("%-90s processor: in process %.3f, desk and worker %.3f ms: %+.1f %%\n",
                    qPrintable(path.section(u'/', -1)), median(cpuInside), median(cpuOutside),
                    100.0 * (median(cpuOutside) / median(cpuInside) - 1.0));
        const double less = *std::min_element(inside.begin(), inside.end());
        const double more = *std::min_element(outside.begin(), outside.end());
        std::printf(
            "%-90s in process %7.3f (min %7.3f) worker %7.3f (min %7.3f) ms: %+.1f %% (min %+.1f %%, %+.0f us)\n",
            qPrintable(path.section(u'/', -1)), median(inside), less, median(outside), more,
            100.0 * (median(outside) / median(inside) - 1.0), 100.0 * (more / less - 1.0), 1000.0 * (more - less));
        std::fflush(stdout);
    }
    void headers() {
        if (test::sharedData().isEmpty())
            QSKIP("no third-party studies");
        const QString path = test::sharedData() + QStringLiteral("/cwil/testImages/CTImage.dcm");
        DicomPixelSource own;
        WorkerPixelSource source(m_pool);
        std::vector<double> inside;
        std::vector<double> outside;
        for (int i = 0; i < 201; ++i) {
            const test::Stopwatch a;
            QVERIFY(own.readHeader(path).has_value());
            inside.push_back(a.ms());
            const test::Stopwatch b;
            QVERIFY(source.readHeader(path).has_value());
            outside.push_back(b.ms());
        }
        std::printf("header: in process %.3f, worker %.3f ms\n", median(inside), median(outside));
    }
    void respawn() {
        if (test::sharedData().isEmpty())
            QSKIP("no third-party studies");
        const QString path = test::sharedData() + QStringLiteral("/cwil/testImages/CTImage.dcm");
        WorkerPixelSource source(m_pool);
        QVERIFY(source.decode(path, 0, {}).has_value());
        std::vector<double> times;
        for (int i = 0; i < 51; ++i) {
            for (const pid_t pid : m_pool->workerPids())
                ::kill(pid, SIGKILL);
            const test::Stopwatch watch;
            QVERIFY(source.decode(path, 0, {}).has_value());
            times.push_back(watch.ms());
        }
        std::printf("killed worker to its next frame: median %.2f, worst %.2f ms\n", median(times),
                    *std::max_element(times.begin(), times.end()));
        std::vector<double> starts;
        for (int i = 0; i < 11; ++i) {
            const test::Stopwatch watch;
            dicom::WorkerPool pool(test::poolOptions(1));
            QVERIFY(pool.start().has_value());
            starts.push_back(watch.ms());
        }
        std::printf("program start to a worker that is ready: median %.1f ms\n", median(starts));
        std::fflush(stdout);
    }

private:
    std::shared_ptr<dicom::WorkerPool> m_pool = std::make_shared<dicom::WorkerPool>(test::poolOptions(1));
};

QTEST_GUILESS_MAIN(WorkerBench)
#include "worker_bench.moc"
