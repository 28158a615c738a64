// 512 CT objects from an unmodified Orthanc of Debian on loopback: our clients against DCMTK's getscu and curl, in
// turns in one run. Nothing is written to disk by anybody.
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
const QString kStudy = QStringLiteral("1.2.826.0.1.3680043.10.1409.512");

struct Runner {
    const char* name;
    std::function<bool()> run;
    double best = 1e9;
};

bool fetch(StudySource& source) {
    int count = 0;
    qint64 bytes = 0;
    const Status got = source.retrieve({StudyUid(kStudy), {}, {}},
                                       [&](ReceivedObject&& object) -> Status {
                                           ++count;
                                           bytes += object.file.size();
                                           return {};
                                       },
                                       {}, {});
    if (!got)
        std::printf("failed: %s\n", qPrintable(got.error().toString()));
    return got && count == kSlices && bytes > 512LL * 524288;
}

bool tool(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(program, arguments);
    return process.waitForFinished(120000) && process.exitCode() == 0;
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    if (const QString why = OrthancProcess::whyNot(); !why.isEmpty()) {
        std::printf("skipped: %s\n", qPrintable(why));
        return 0;
    }
    const double before = load();
    const QTemporaryDir folder;
    SmallStudyOptions options;
    options.size = 512;
    writeSmallStudy(folder.filePath(QStringLiteral("ct")), kStudy, kSlices, options);
    OrthancProcess orthanc(1, false);
    if (!orthanc.isRunning() || !tool(QStringLiteral("storescu"),
                                      {"-aet", "TOOL", "-aec", "ORTHANC", "+sd", "+r", "127.0.0.1",
                                       QString::number(orthanc.dicomPort()), folder.filePath(QStringLiteral("ct"))})) {
        std::printf("Orthanc could not be filled\n");
        return 1;
    }
    NetworkSettings dimse;
    dimse.platform = {QStringLiteral("ORTHANC"), QStringLiteral("127.0.0.1"), orthanc.dicomPort()};
    WebNode web;
    web.root = QUrl(orthanc.root());
    web.plainAllowed = true;
    DicomStudyClient get(dimse);
    std::vector<std::unique_ptr<WebStudyClient>> clients;
    for (const int connections : {1, 4, 6}) {
        web.connections = connections;
        clients.push_back(std::make_unique<WebStudyClient>(web));
    }
    const auto instances = clients[0]->findInstances(StudyUid(kStudy), {});
    if (!instances || instances->size() != size_t(kSlices))
        return 1;
    const QString study = orthanc.root() + QStringLiteral("/studies/") + kStudy;
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
    std::vector<Runner> runners{{"C-GET, ours", [&] { return fetch(get); }},
                                {"C-GET, getscu",
                                 [&] {
                                     return tool(QStringLiteral("getscu"),
                                                 {"-S", "-aet", "TOOL", "-aec", "ORTHANC", "--ignore", "-k",
                                                  "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=" + kStudy,
                                                  "127.0.0.1", QString::number(orthanc.dicomPort())});
                                 }},
                                {"WADO-RS, ours, one answer", [&] { return fetch(*clients[0]); }},
                                {"WADO-RS, ours, 4 connections", [&] { return fetch(*clients[1]); }},
                                {"WADO-RS, ours, 6 connections", [&] { return fetch(*clients[2]); }},
                                {"WADO-RS, curl, one answer", curl(1)},
                                {"WADO-RS, curl, 4 connections", curl(4)},
                                {"WADO-RS, curl, 8 connections", curl(8)}};
    for (int round = 0; round < 3; ++round)
        for (Runner& runner : runners) {
            const double start = wallMs();
            if (!runner.run()) {
                std::printf("%s failed\n", runner.name);
                return 1;
            }
            runner.best = std::min(runner.best, wallMs() - start);
        }
    std::printf("512 CT of 524 KB, best of 3 in turns, wall ms (load before: %.1f)\n", before);
    for (const Runner& runner : runners)
        std::printf("%-32s %9.0f\n", runner.name, runner.best);
    return 0;
}
