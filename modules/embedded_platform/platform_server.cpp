#include "embedded_platform/platform_server.h"

#include "core/log.h"
#include "embedded_platform/archive_watch.h"
#include "embedded_platform/center_clock.h"
#include "embedded_platform/event_relay.h"
#include "embedded_platform/listener.h"
#include "embedded_platform/platform_schema.h"
#include "embedded_platform/postgres_state_database.h"
#include "embedded_platform/samples/sample_studies.h"
#include "embedded_platform/session.h"
#include "embedded_platform/sqlite_state_database.h"
#include "embedded_platform/watched_folder.h"
#include "embedded_platform/web_listener.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmnet/dul.h>

#include <QDir>
#include <QLockFile>
#include <QUuid>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <optional>
#include <thread>

namespace yz::platform {

namespace {

constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::minutes kCommitmentRetry{10};
constexpr std::chrono::seconds kFollowUpLook{2};
constexpr std::chrono::seconds kFollowUpAge{5}; ///< longer than a follow-up takes while its platform lives

void prepareToolkit() {
    static std::once_flag once;
    std::call_once(once, [] {
        std::signal(SIGPIPE, SIG_IGN); // a peer that goes away is an error code, not the end
        dcmDisableGethostbyaddr.set(OFTrue);
        dcmConnectionTimeout.set(5);
    });
}

} // namespace

/// The parts in the order they need each other.
struct PlatformServer::Parts {
    Parts(PlatformOptions given, const Clock& time, UidSource& uidSource, Notice tell)
        : options(std::move(given)), clock(time), uids(uidSource), notice(std::move(tell)) {}

    PlatformOptions options;
    const Clock& clock;
    UidSource& uids;
    Notice notice;

    std::unique_ptr<QLockFile> folderLock;
    std::shared_ptr<Database> database;
    std::shared_ptr<StateDatabase> state;
    std::optional<CenterClock> centerClock;
    std::optional<ArchiveStore> archive;
    std::optional<ObjectIntake> intake;
    std::optional<WorkitemStore> workitems;
    std::optional<SubscriptionStore> subscriptions;
    std::optional<NodeStore> nodes;
    std::optional<EventSender> sender;
    std::optional<EventRelay> relay;
    std::optional<TaskDesk> desk;
    std::optional<UpsService> ups;
    std::optional<QueryService> query;
    std::optional<RetrieveService> retrieve;
    std::optional<CommitmentService> commitment;
    std::optional<Services> services;
    std::optional<WatchedFolder> watched;
    std::atomic<bool> isEnding = false;
    std::vector<std::unique_ptr<ArchiveWatch>> archiveWatches;
    std::unique_ptr<Listener> listener;
    std::optional<WebWorklist> webWorklist;
    std::unique_ptr<WebListener> webListener;

    std::mutex mutex;
    std::condition_variable wake;
    bool isStopping = false;
    std::thread housekeeper;

    [[nodiscard]] Status openStores();
    [[nodiscard]] Status openState();
    void makeServices();
    void makeArchiveWatches(const QString& holder);
    [[nodiscard]] std::unique_ptr<QueryPort> queryPort(const PeerAddress& peer, const char* model);
    [[nodiscard]] Status listen();
    [[nodiscard]] Status listenOnTheWeb();
    void keepHouse();
    void resumeFollowUps(std::chrono::milliseconds age);
    void makeSamples();
    void importFolders();
    void settleStudies(const QDateTime& until);
    void tell(const QJsonObject& event) const {
        if (notice)
            notice(event);
    }
};

Status PlatformServer::Parts::openStores() {
    QDir folder(options.dataFolder);
    if (options.dataFolder.isEmpty() || !folder.mkpath(QStringLiteral(".")) || !folder.mkpath(QStringLiteral("files")))
        return fail(ErrorCode::FileUnwritable, u"data folder: " + options.dataFolder);
    folderLock = std::make_unique<QLockFile>(folder.absoluteFilePath(QStringLiteral("platform.lock")));
    folderLock->setStaleLockTime(0);
    if (!folderLock->tryLock(0))
        return fail(ErrorCode::StoreInUse, u"another platform serves " + options.dataFolder);
    auto opened = Database::open(folder.absoluteFilePath(QStringLiteral("platform.db")), platformMigrations());
    if (!opened)
        return fail(opened.error());
    database = *opened;
    archive.emplace(database, clock);
    intake.emplace(*archive, folder.absoluteFilePath(QStringLiteral("files")));
    const Result<int> reconciled = intake->reconcile();
    if (!reconciled)
        return fail(reconciled.error());
    if (*reconciled > 0)
        qCInfo(logPlatform) << *reconciled << "files of an interrupted run taken in";
    if (Status shared = openState(); !shared)
        return shared;
    workitems.emplace(state, *centerClock);
    subscriptions.emplace(state);
    nodes.emplace(state, options.nodesFile);
    for (const PeerAddress& node : options.nodes)
        if (Status put = nodes->put(node); !put)
            return put;
    return {};
}

Status PlatformServer::Parts::openState() {
    if (options.database.isEmpty()) {
        state = std::make_shared<SqliteStateDatabase>(database);
    } else {
        PostgresStateDatabase::Settings settings;
        settings.url = options.database;
        settings.listen = options.databaseNotices;
        auto opened = PostgresStateDatabase::open(settings, clock);
        if (!opened)
            return fail(opened.error());
        state = *opened;
    }
    centerClock.emplace(clock, state->clockDifferenceMs());
    return {};
}

void PlatformServer::Parts::makeServices() {
    EventSender::Settings sending;
    sending.aeTitle = options.aeTitle;
    sender.emplace(sending, *nodes);
    EventRelay::Settings relaying;
    if (!options.database.isEmpty()) // alone, a platform takes up what it left at its last end
        relaying.holder = QUuid::createUuid().toString(QUuid::WithoutBraces);
    relay.emplace(relaying, state, *nodes, *sender, *centerClock);
    desk.emplace(TaskDesk::Settings{options.review}, *archive, *workitems, *subscriptions, *sender, *centerClock, uids);
    ups.emplace(UpsService::Settings{options.lease}, *workitems, *subscriptions, *nodes, *desk, *centerClock, uids);
    query.emplace(*archive);
    retrieve.emplace(*archive, *nodes, options.aeTitle);
    commitment.emplace(database, *archive, *nodes, *sender, clock);
    services.emplace(Services{*intake, *query, *retrieve, *ups, *commitment, options.aeTitle});
    if (!options.watchFolder.isEmpty()) {
        QDir().mkpath(options.watchFolder);
        watched.emplace(QDir(options.watchFolder).absolutePath(),
                        QDir(options.dataFolder).absoluteFilePath(QStringLiteral("set-aside")), *intake, *archive,
                        *desk);
    }
    makeArchiveWatches(relaying.holder);
}

std::unique_ptr<QueryPort> PlatformServer::Parts::queryPort(const PeerAddress& peer, const char* model) {
    QueryClient::Settings settings;
    settings.peer = peer;
    settings.aeTitle = options.aeTitle;
    settings.model = QLatin1String(model);
    return std::make_unique<QueryClient>(std::move(settings), [this] { return isEnding.load(); });
}

void PlatformServer::Parts::makeArchiveWatches(const QString& holder) {
    for (const PeerAddress& watchedOne : options.watchedArchives) {
        ArchiveWatch::Settings settings;
        settings.aeTitle = watchedOne.aeTitle;
        settings.interval = options.archiveInterval;
        settings.settleTime = options.settleTime;
        settings.days = options.archiveDays;
        std::vector<std::unique_ptr<QueryPort>> orders;
        for (const PeerAddress& worklist : options.orderWorklists)
            orders.push_back(queryPort(worklist, UID_FINDModalityWorklistInformationModel));
        archiveWatches.push_back(std::make_unique<ArchiveWatch>(
            std::move(settings), queryPort(watchedOne, UID_FINDStudyRootQueryRetrieveInformationModel),
            std::move(orders), WatchStore(state, *centerClock, holder), *desk, *centerClock));
    }
}

Status PlatformServer::Parts::listen() {
    Listener::Settings settings;
    settings.bindAddress = options.bindAddress;
    settings.port = options.port;
    settings.aeTitle = options.aeTitle;
    settings.allowedCallers = options.allowedCallers;
    settings.maxAssociations = options.maxAssociations;
    listener = std::make_unique<Listener>(
        settings,
        [this](T_ASC_Parameters* parameters) {
            negotiateContexts(parameters, archive->storedSyntaxes().value_or(StoredSyntaxes()));
        },
        [this](Association& association) { Session(*services, association).run(); });
    return listener->start();
}

Status PlatformServer::Parts::listenOnTheWeb() {
    WebListener::Settings settings;
    settings.bindAddress = options.bindAddress;
    settings.port = options.webPort;
    settings.certificateFile = options.webCertificate;
    settings.keyFile = options.webKey;
    settings.clientAuthorityFile = options.webClientAuthority;
    settings.plainAllowed = options.webPlainAllowed;
    if (!options.webCredentials.isEmpty()) {
        const Result<QList<QByteArray>> read = readWebCredentials(options.webCredentials);
        if (!read)
            return fail(read.error());
        settings.authorizations = *read;
    }
    webWorklist.emplace(*ups);
    webListener = std::make_unique<WebListener>(settings, *webWorklist);
    return webListener->start();
}

/// Made beside its place and moved there when it is whole, so that an interrupted start begins anew.
void PlatformServer::Parts::makeSamples() {
    QDir data(options.dataFolder);
    const QString folder = data.absoluteFilePath(QStringLiteral("samples"));
    if (!QFileInfo::exists(folder)) {
        const QString partial = folder + QStringLiteral(".part");
        QDir(partial).removeRecursively();
        const auto progress = [this](const QString& what, int done, int total) {
            tell({{"event", "samples"}, {"study", what}, {"done", done}, {"total", total}});
        };
        const Status written = samples::writeSampleStudies(partial, clock.nowUtc(), progress);
        if (!written || !data.rename(partial, folder)) {
            tell({{"event", "error"},
                  {"text", written ? QStringLiteral("samples: rename") : written.error().toString()}});
            return;
        }
    }
    options.importFolders.prepend(folder);
}

void PlatformServer::Parts::importFolders() {
    if (options.samples)
        makeSamples();
    for (const QString& folder : std::as_const(options.importFolders)) {
        const ImportSummary summary = importFolder(folder, *intake);
        tell({{"event", "imported"},
              {"folder", folder},
              {"taken", summary.taken},
              {"known", summary.known},
              {"refused", summary.refused},
              {"ignored", summary.ignored}});
    }
    settleStudies(clock.nowUtc());
    tell({{"event", "ready"}});
}

void PlatformServer::Parts::settleStudies(const QDateTime& until) {
    const Result<QStringList> quiet = archive->quietStudies(until);
    if (!quiet)
        return;
    for (const QString& study : *quiet)
        if (const Status settled = desk->studySettled(study); !settled)
            qCWarning(logPlatform).noquote() << "study" << study << settled.error().toString();
}

void PlatformServer::Parts::resumeFollowUps(std::chrono::milliseconds age) {
    if (const Status resumed = desk->resumeFollowUps(age); !resumed)
        qCWarning(logPlatform).noquote() << "follow-ups:" << resumed.error().toString();
}

void PlatformServer::Parts::keepHouse() {
    // Alone, nobody else can be at them.
    resumeFollowUps(options.database.isEmpty() ? std::chrono::seconds(0) : kFollowUpAge);
    desk->announceStart();
    importFolders();
    auto nextLook = std::chrono::steady_clock::now();
    auto nextCommitments = nextLook;
    auto nextFollowUps = nextLook + kFollowUpLook;
    std::unique_lock lock(mutex);
    while (!isStopping) {
        lock.unlock();
        const auto now = std::chrono::steady_clock::now();
        settleStudies(clock.nowUtc().addMSecs(-options.settleTime.count()));
        if (watched && now >= nextLook) {
            watched->look();
            nextLook = now + options.watchInterval;
        }
        if (now >= nextFollowUps) {
            resumeFollowUps(kFollowUpAge);
            nextFollowUps = now + kFollowUpLook;
        }
        if (now >= nextCommitments) {
            commitment->settlePending();
            nextCommitments = now + kCommitmentRetry;
        }
        lock.lock();
        wake.wait_for(lock, kTick, [this] { return isStopping; });
    }
}

PlatformServer::PlatformServer(PlatformOptions options, const Clock& clock, UidSource& uids, Notice notice)
    : m_parts(std::make_unique<Parts>(std::move(options), clock, uids, std::move(notice))) {}

PlatformServer::~PlatformServer() { stop(); }

Status PlatformServer::start() {
    prepareToolkit();
    if (Status opened = m_parts->openStores(); !opened)
        return opened;
    m_parts->makeServices();
    if (Status listening = m_parts->listen(); !listening)
        return listening;
    if (m_parts->options.web)
        if (Status listening = m_parts->listenOnTheWeb(); !listening)
            return listening;
    m_parts->sender->start();
    m_parts->relay->start();
    m_parts->housekeeper = std::thread([parts = m_parts.get()] { parts->keepHouse(); });
    for (const std::unique_ptr<ArchiveWatch>& watch : m_parts->archiveWatches)
        watch->start();
    return {};
}

void PlatformServer::stop() {
    m_parts->isEnding = true;
    if (m_parts->webListener)
        m_parts->webListener->stop();
    if (m_parts->listener)
        m_parts->listener->stop();
    {
        const std::scoped_lock lock(m_parts->mutex);
        m_parts->isStopping = true;
    }
    m_parts->wake.notify_all();
    if (m_parts->housekeeper.joinable())
        m_parts->housekeeper.join();
    for (const std::unique_ptr<ArchiveWatch>& watch : m_parts->archiveWatches)
        watch->stop();
    if (m_parts->relay)
        m_parts->relay->stop();
    if (m_parts->sender)
        m_parts->sender->stop();
}

quint16 PlatformServer::webPort() const { return m_parts->webListener ? m_parts->webListener->port() : quint16(0); }

quint16 PlatformServer::port() const { return m_parts->listener ? m_parts->listener->port() : quint16(0); }

} // namespace yz::platform
