#include "embedded_platform/node_store.h"
#include "embedded_platform/platform_server.h"

#include <dcmtk/oflog/oflog.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonDocument>
#include <QLoggingCategory>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <optional>

namespace {

using namespace yz;
using namespace yz::platform;

void printLine(const QJsonObject& event) {
    static std::mutex mutex;
    const std::scoped_lock lock(mutex);
    std::fprintf(stdout, "%s\n", QJsonDocument(event).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
}

int refuse(const QString& why) {
    std::fprintf(stderr, "yuanzhen-platform: %s\n", qPrintable(why));
    return 2;
}

void addOptions(QCommandLineParser& parser) {
    parser.setApplicationDescription(QStringLiteral(
        "The regional platform on this computer: worklist (UPS), archive (C-STORE, C-FIND, C-GET, C-MOVE) and storage\n"
        "commitment on one DICOM port. For demonstration, training and tests; not a registered medical device.\n\n"
        "Prints one JSON object a line: {\"event\":\"listening\",\"port\":N,...} as soon as peers may connect and\n"
        "{\"event\":\"ready\"} when the studies to serve are in the worklist. Ends on SIGINT or SIGTERM."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        {QStringLiteral("data-dir"), QStringLiteral("Folder of the index and the received files (needed)."),
         QStringLiteral("DIR")},
        {QStringLiteral("database"),
         QStringLiteral(
             "postgresql://[user@]host/name: keep the worklist there and share it with the other platforms of "
             "the\ncenter on the same database. Passwords: PGPASSFILE; over a network: sslmode=verify-full. "
             "Default: in\nthe data folder. Images stay in the data folder."),
         QStringLiteral("URL")},
        {QStringLiteral("port"), QStringLiteral("TCP port; 0, the default, lets the system choose."),
         QStringLiteral("N"), QStringLiteral("0")},
        {QStringLiteral("bind"), QStringLiteral("IPv4 address to listen on (default 127.0.0.1)."),
         QStringLiteral("ADDRESS"), QStringLiteral("127.0.0.1")},
        {QStringLiteral("aet"), QStringLiteral("AE title (default YZPLATFORM); another called title is rejected."),
         QStringLiteral("AET"), QStringLiteral("YZPLATFORM")},
        {QStringLiteral("web-port"),
         QStringLiteral("Serve the worklist over the web too (UPS-RS) below http(s)://ADDRESS:N/dicom-web; 0 lets the "
                        "system\nchoose. Default: not."),
         QStringLiteral("N")},
        {QStringLiteral("web-certificate"), QStringLiteral("PEM file: certificate of the web door, with its chain."),
         QStringLiteral("FILE")},
        {QStringLiteral("web-key"), QStringLiteral("PEM file: its private key, not encrypted."),
         QStringLiteral("FILE")},
        {QStringLiteral("web-client-authority"),
         QStringLiteral("PEM file: clients of the web door must show a certificate signed by these."),
         QStringLiteral("FILE")},
        {QStringLiteral("web-credentials"),
         QStringLiteral("File with a line for each who may use the web door: \"basic USER:PASSWORD\" or \"bearer "
                        "TOKEN\".\nNeeded with any other address than this computer's own."),
         QStringLiteral("FILE")},
        {QStringLiteral("web-plain"),
         QStringLiteral("Allow the web door without TLS on an address that is not this computer's own.")},
        {QStringLiteral("allow"),
         QStringLiteral("Accept this calling AE title only; may be repeated. Default: everybody."),
         QStringLiteral("AET")},
        {QStringLiteral("node"),
         QStringLiteral("A peer for C-MOVE, storage commitment and events; may be repeated, kept in the index."),
         QStringLiteral("AET:host:port")},
        {QStringLiteral("nodes-file"),
         QStringLiteral("JSON file {\"AET\":\"host:port\"} of further peers, read again when it changes."),
         QStringLiteral("FILE")},
        {QStringLiteral("watch"),
         QStringLiteral("Upload folder: files dropped there become studies and reading tasks. order.json beside them "
                        "says\nwhat was ordered; withdraw/<study UID> takes a study back."),
         QStringLiteral("DIR")},
        {QStringLiteral("watch-archive"),
         QStringLiteral(
             "Make reading tasks from the new studies of this archive (C-FIND), whose images stay there; may "
             "be\nrepeated. For archives without a work list of their own. Of several platforms on one "
             "database that\nwatch it, one asks."),
         QStringLiteral("AET:host:port")},
        {QStringLiteral("watch-orders"),
         QStringLiteral("Modality Worklist with the orders of those studies; may be repeated."),
         QStringLiteral("AET:host:port")},
        {QStringLiteral("archive-interval"),
         QStringLiteral("Seconds between two questions to the archive (default 15)."), QStringLiteral("S"),
         QStringLiteral("15")},
        {QStringLiteral("archive-days"),
         QStringLiteral("How many days back a study may be dated that newly appears there and be a task (default 3); "
                        "an\nolder one is a prior."),
         QStringLiteral("N"), QStringLiteral("3")},
        {QStringLiteral("import"),
         QStringLiteral("Serve the studies in DIR; nothing in it is changed. May be repeated."), QStringLiteral("DIR")},
        {QStringLiteral("samples"), QStringLiteral("Serve the generated sample studies; they are made in DIR/samples "
                                                   "of the data folder at the first start.")},
        {QStringLiteral("review"),
         QStringLiteral("on (default): a completed reading makes a review task; off: it does not."),
         QStringLiteral("on|off"), QStringLiteral("on")},
        {QStringLiteral("settle"),
         QStringLiteral("Milliseconds without a new object after which a study becomes a task (default 2000)."),
         QStringLiteral("MS"), QStringLiteral("2000")},
        {QStringLiteral("lease"),
         QStringLiteral("Seconds after which a claimed task may be taken over (default 86400)."), QStringLiteral("S"),
         QStringLiteral("86400")},
        {QStringLiteral("max-associations"), QStringLiteral("Associations at a time (default 32)."),
         QStringLiteral("N"), QStringLiteral("32")},
        {QStringLiteral("verbose"), QStringLiteral("Log what happens to standard error.")},
    });
}

/// Empty with a message in `why` when an option makes no sense.
std::optional<PlatformOptions> optionsOf(const QCommandLineParser& parser, QString& why) {
    PlatformOptions options;
    options.dataFolder = parser.value(QStringLiteral("data-dir"));
    options.database = parser.value(QStringLiteral("database"));
    if (!options.database.isEmpty() && !options.database.startsWith(u"postgresql://") &&
        !options.database.startsWith(u"postgres://"))
        why = QStringLiteral("--database takes postgresql://...");
    options.bindAddress = parser.value(QStringLiteral("bind"));
    options.aeTitle = parser.value(QStringLiteral("aet"));
    options.allowedCallers = parser.values(QStringLiteral("allow"));
    options.nodesFile = parser.value(QStringLiteral("nodes-file"));
    options.watchFolder = parser.value(QStringLiteral("watch"));
    options.importFolders = parser.values(QStringLiteral("import"));
    options.samples = parser.isSet(QStringLiteral("samples"));
    const auto number = [&](const char* name, int from, int to) {
        bool isNumber = false;
        const int value = parser.value(QLatin1String(name)).toInt(&isNumber);
        if (!isNumber || value < from || value > to)
            why = QStringLiteral("--%1 must be a number from %2 to %3").arg(QLatin1String(name)).arg(from).arg(to);
        return value;
    };
    options.port = static_cast<quint16>(number("port", 0, 65535));
    options.settleTime = std::chrono::milliseconds(number("settle", 0, 3'600'000));
    options.lease = std::chrono::seconds(number("lease", 1, 366 * 86400));
    options.maxAssociations = number("max-associations", 1, 200);
    options.web = parser.isSet(QStringLiteral("web-port"));
    if (options.web)
        options.webPort = static_cast<quint16>(number("web-port", 0, 65535));
    options.webCertificate = parser.value(QStringLiteral("web-certificate"));
    options.webKey = parser.value(QStringLiteral("web-key"));
    options.webClientAuthority = parser.value(QStringLiteral("web-client-authority"));
    options.webCredentials = parser.value(QStringLiteral("web-credentials"));
    options.webPlainAllowed = parser.isSet(QStringLiteral("web-plain"));
    const QString review = parser.value(QStringLiteral("review"));
    options.review = review == u"on";
    if (review != u"on" && review != u"off")
        why = QStringLiteral("--review takes on or off");
    if (options.dataFolder.isEmpty())
        why = QStringLiteral("--data-dir is needed");
    if (options.aeTitle.isEmpty() || options.aeTitle.size() > 16)
        why = QStringLiteral("--aet takes 1 to 16 characters");
    options.archiveInterval = std::chrono::seconds(number("archive-interval", 1, 3600));
    options.archiveDays = number("archive-days", 0, 36500);
    const auto peers = [&](const char* name) {
        std::vector<PeerAddress> found;
        for (const QString& text : parser.values(QLatin1String(name))) {
            if (const std::optional<PeerAddress> peer = NodeStore::parse(text))
                found.push_back(*peer);
            else
                why = QStringLiteral("--%1 takes AET:host:port, not %2").arg(QLatin1String(name), text);
        }
        return found;
    };
    options.nodes = peers("node");
    options.watchedArchives = peers("watch-archive");
    options.orderWorklists = peers("watch-orders");
    if (!options.orderWorklists.empty() && options.watchedArchives.empty())
        why = QStringLiteral("--watch-orders needs --watch-archive");
    if (!why.isEmpty())
        return std::nullopt;
    return options;
}

} // namespace

int main(int argc, char* argv[]) {
    // Signals are waited for below; no thread may be interrupted by them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("yuanzhen-platform"));
    QCoreApplication::setApplicationVersion(QStringLiteral("0.1.0"));
    QCommandLineParser parser;
    addOptions(parser);
    parser.process(application);
    if (!parser.positionalArguments().isEmpty())
        return refuse(u"unexpected argument " + parser.positionalArguments().constFirst());
    OFLog::configure(OFLogger::FATAL_LOG_LEVEL);
    if (parser.isSet(QStringLiteral("verbose")))
        QLoggingCategory::setFilterRules(QStringLiteral("yz.*.info=true"));
    QString why;
    const std::optional<PlatformOptions> options = optionsOf(parser, why);
    if (!options)
        return refuse(why);

    const SystemClock clock;
    RandomUidSource uids;
    PlatformServer server(*options, clock, uids, printLine);
    if (const Status started = server.start(); !started) {
        std::fprintf(stderr, "yuanzhen-platform: %s\n", qPrintable(started.error().toString()));
        return 1;
    }
    QJsonObject listening{{"event", "listening"},
                          {"port", server.port()},
                          {"aet", options->aeTitle},
                          {"host", options->bindAddress},
                          {"pid", static_cast<qint64>(QCoreApplication::applicationPid())}};
    if (options->web)
        listening["webPort"] = server.webPort();
    printLine(listening);
    int received = 0;
    sigwait(&signals, &received);
    // A second one ends at once: whatever is cut off then is made good at the next start.
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    server.stop();
    return 0;
}
