// CT objects from an unmodified Orthanc of Debian: our clients against DCMTK's getscu and curl, in turns in one run.
// Nothing is written to disk by anybody. Without arguments: 512 objects, Orthanc on loopback.
// --serve COUNT: fills an Orthanc for everybody, says where it is, and waits.
// --at HOST:DICOM:HTTP COUNT [ROUNDS [NAME]]: that one, from elsewhere (another end of a slow line); only the clients
// whose name has NAME in it.
#include "bench_clock.h"

#include "dicom/net/report_client.h"
#include "dicom/net/study_client.h"
#include "orthanc_process.h"
#include "platform/web_study_client.h"
#include "support/small_study.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QProcess>
#include <QTemporaryDir>
#include <cstdio>
#include <functional>

using namespace yz;
using namespace yz::bench;
using namespace yz::test;

namespace {

constexpr int kSlices = 512;
int slices = kSlices;
const QString kStudy = QStringLiteral("1.2.826.0.1.3680043.10.1409.512");

struct Runner {
    const char* name;
    std::function<bool()> run;
    double best = 1e9;
    // Ours; the others do not ask what there is.
    double query = 1e9;
    double first = 1e9; ///< after the query, until the first object
};

double queryMs = 0;
double firstMs = 0;

bool fetch(StudySource& source) {
    int count = 0;
    qint64 bytes = 0;
    const double start = wallMs();
    const Status got = source.retrieve({StudyUid(kStudy), {}, {}},
                                       [&](ReceivedObject&& object) -> Status {
                                           if (++count == 1)
                                               firstMs = wallMs() - start;
                                           bytes += object.file.size();
                                           return {};
                                       },
                                       {}, {});
    if (!got)
        std::printf("failed: %s\n", qPrintable(got.error().toString()));
    return got && count == slices && bytes > slices * 524288LL;
}

/// From a client that knows nothing of the study yet and has no connection, as when a reader opens one.
template <class Client, class Settings> bool fetch(Settings settings, int Settings::*lines, int count) {
    settings.*lines = count;
    Client client(settings);
    const double start = wallMs();
    if (const auto listed = client.findInstances(StudyUid(kStudy), {}); !listed || listed->size() != size_t(slices))
        return false;
    queryMs = wallMs() - start;
    return fetch(client);
}

/// What is shown before the first image where the line is slow.
bool preview(const WebNode& web, const InstanceRecord& object) {
    constexpr int kSide = 512;
    const auto picture = WebStudyClient(web).rendered(object, kSide, {});
    return picture && !picture->jpeg.isEmpty();
}

bool tool(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(program, arguments);
    return process.waitForFinished(120000) && process.exitCode() == 0;
}

/// By Orthanc's own REST: storescu needs 50 ms an object.
bool fill(const OrthancProcess& orthanc, const QString& folder) {
    if (!orthanc.isRunning())
        return false;
    QFile list(folder + QStringLiteral(".curl"));
    if (!list.open(QIODevice::WriteOnly))
        return false;
    QDirIterator files(folder, QDir::Files);
    for (bool isFirst = true; files.hasNext(); isFirst = false)
        list.write(
            QStringLiteral("%1url = \"http://127.0.0.1:%2/instances\"\ndata-binary = \"@%3\"\noutput = /dev/null\n")
                .arg(isFirst ? QString() : QStringLiteral("next\n"))
                .arg(orthanc.httpPort())
                .arg(files.next())
                .toUtf8());
    list.close();
    return tool(QStringLiteral("curl"), {"-sS", "-K", list.fileName()});
}

int serve(int count) {
    const QTemporaryDir folder;
    SmallStudyOptions options;
    options.size = 512;
    options.noise = 64; // who lets the server compress shall gain no more than with real pixels
    writeSmallStudy(folder.filePath(QStringLiteral("ct")), kStudy, count, options);
    OrthancProcess orthanc(1, false, true);
    if (!fill(orthanc, folder.filePath(QStringLiteral("ct")))) {
        std::printf("Orthanc could not be filled\n");
        return 1;
    }
    std::printf("%d:%d\n", orthanc.dicomPort(), orthanc.httpPort());
    std::fflush(stdout);
    return std::getchar() == EOF ? 0 : 0; // until its input ends
}

int measure(const QString& host, int dicomPort, int httpPort, int rounds, const QString& only = {}) {
    const double before = load();
    const QTemporaryDir folder;
    NetworkSettings dimse;
    dimse.platform = {QStringLiteral("ORTHANC"), host, dicomPort};
    const QString root = QStringLiteral("http://%1:%2/dicom-web").arg(host).arg(httpPort);
    WebNode web;
    web.root = QUrl(root);
    web.plainAllowed = true;
    const auto instances = WebStudyClient(web).findInstances(StudyUid(kStudy), {});
    if (!instances || instances->size() != size_t(slices))
        return 1;
    const QString study = root + QStringLiteral("/studies/") + kStudy;
    QFile list(folder.filePath(QStringLiteral("urls")));
    if (!list.open(QIODevice::WriteOnly))
        return 1;
    for (const InstanceRecord& record : *instances)
        list.write(QStringLiteral("url = \"%1/series/%2/instances/%3\"\noutput = /dev/null\n")
                       .arg(study, record.series.value(), record.instance.value())
                       .toUtf8());
    list.close();
    const QString accept = QStringLiteral("Accept: multipart/related; type=\"application/dicom\"; transfer-syntax=*");
    const auto curl = [&](int connections) {
        return [&, connections] {
            return connections == 1 ? tool(QStringLiteral("curl"), {"-sf", "-o", "/dev/null", "-H", accept, study})
                                    : tool(QStringLiteral("curl"),
                                           {"-sf", "--parallel", "--parallel-max", QString::number(connections), "-H",
                                            accept, "-K", list.fileName()});
        };
    };
    std::vector<Runner> runners{
        {"C-GET, ours, 1 association",
         [&] { return fetch<DicomStudyClient>(dimse, &NetworkSettings::associations, 1); }},
        {"C-GET, ours, 4 associations",
         [&] { return fetch<DicomStudyClient>(dimse, &NetworkSettings::associations, 4); }},
        {"C-GET, ours, 6 associations",
         [&] { return fetch<DicomStudyClient>(dimse, &NetworkSettings::associations, 6); }},
        {"C-GET, getscu",
         [&] {
             return tool(QStringLiteral("getscu"),
                         {"-S", "-aet", "TOOL", "-aec", "ORTHANC", "--ignore", "-k", "QueryRetrieveLevel=STUDY", "-k",
                          "StudyInstanceUID=" + kStudy, host, QString::number(dicomPort)});
         }},
        {"WADO-RS, ours, one answer", [&] { return fetch<WebStudyClient>(web, &WebNode::connections, 1); }},
        {"WADO-RS, ours, 4 connections", [&] { return fetch<WebStudyClient>(web, &WebNode::connections, 4); }},
        {"WADO-RS, ours, 6 connections", [&] { return fetch<WebStudyClient>(web, &WebNode::connections, 6); }},
        {"WADO-RS, ours, preview", [&] { return preview(web, instances->at(size_t(slices) / 2)); }},
        {"WADO-RS, curl, one answer", curl(1)},
        {"WADO-RS, curl, 4 connections", curl(4)},
        {"WADO-RS, curl, 8 connections", curl(8)}};
    std::erase_if(runners, [&](const Runner& runner) { return !QString::fromLatin1(runner.name).contains(only); });
    for (int round = 0; round < rounds; ++round)
        for (Runner& runner : runners) {
            const double start = wallMs();
            queryMs = firstMs = 0;
            if (!runner.run()) {
                std::printf("%s failed\n", runner.name);
                return 1;
            }
            runner.best = std::min(runner.best, wallMs() - start - queryMs);
            if (firstMs > 0) {
                runner.query = std::min(runner.query, queryMs);
                runner.first = std::min(runner.first, firstMs);
            }
        }
    std::printf(
        "%d CT of 524 KB, best of %d in turns, wall ms: all, first object, query before it (load before: %.1f)\n",
        slices, rounds, before);
    for (const Runner& runner : runners)
        if (runner.first < 1e9)
            std::printf("%-32s %9.0f %9.0f %9.0f\n", runner.name, runner.best, runner.first, runner.query);
        else
            std::printf("%-32s %9.0f\n", runner.name, runner.best);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"--at") {
        const QStringList where = arguments.value(2).split(u':');
        slices = arguments.value(3).toInt();
        return measure(where.value(0), where.value(1).toInt(), where.value(2).toInt(),
                       std::max(1, arguments.value(4).toInt()), arguments.value(5));
    }
    if (const QString why = OrthancProcess::whyNot(); !why.isEmpty()) {
        std::printf("skipped: %s\n", qPrintable(why));
        return 0;
    }
    if (arguments.value(1) == u"--serve")
        return serve(arguments.value(2).toInt());
    const QTemporaryDir folder;
    SmallStudyOptions options;
    options.size = 512;
    writeSmallStudy(folder.filePath(QStringLiteral("ct")), kStudy, slices, options);
    const OrthancProcess orthanc(1, false);
    if (!fill(orthanc, folder.filePath(QStringLiteral("ct")))) {
        std::printf("Orthanc could not be filled\n");
        return 1;
    }
    return measure(QStringLiteral("127.0.0.1"), orthanc.dicomPort(), orthanc.httpPort(), 3);
}
