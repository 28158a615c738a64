#include "dicom/net/event_listener.h"

#include "core/log.h"
#include "core/uid.h"
#include "dicom/data/part10_dcmtk.h"
#include "dicom/net/association.h"
#include "dicom/net/event_report.h"
#include "dicom/net/transport_dcmtk.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmnet/assoc.h>

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <list>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace yz {

namespace {

constexpr size_t kMaxSessions = 16;
constexpr int kPollMs = 50;
constexpr std::chrono::seconds kRequestLimit{10}; // for a peer's association request to arrive whole
constexpr std::chrono::seconds kIdleLimit{600};   // platforms keep an association open for the next event

const char* const kServed[] = {UID_VerificationSOPClass,
                               UID_StorageCommitmentPushModelSOPClass,
                               UID_UnifiedProcedureStepEventSOPClass,
                               UID_UnifiedProcedureStepPushSOPClass,
                               UID_UnifiedProcedureStepWatchSOPClass,
                               UID_UnifiedProcedureStepPullSOPClass};

bool isStorageClass(const QString& abstractSyntax) {
    return abstractSyntax.startsWith(QLatin1String("1.2.840.10008.5.1.4.1.1."));
}

// Tries a port (0: any, set to the one the system chose) and gives it back: DCMTK opens ports by number, does not tell
// which one it got for 0, nor why one cannot be had. Returns the system's error, 0 when the port is free.
int probePort(int& port) {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0)
        return errno;
    const int reuse = 1;
    (void)::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    address.sin_port = htons(static_cast<uint16_t>(port));
    socklen_t length = sizeof address;
    int error = 0;
    if (::bind(probe, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        error = errno;
    else
        port = ntohs(address.sin_port);
    ::close(probe);
    return error;
}

void refuse(T_ASC_Association*& association, T_ASC_RejectParametersResult result, T_ASC_RejectParametersSource source,
            T_ASC_RejectParametersReason reason) {
    const T_ASC_RejectParameters parameters{result, source, reason};
    ASC_rejectAssociation(association, &parameters);
    ASC_dropSCPAssociation(association, 1);
    ASC_destroyAssociation(&association);
}

} // namespace

class EventListener::Server {
public:
    Server(NetworkSettings settings, EventHandler onEvent)
        : m_settings(std::move(settings)), m_onEvent(std::move(onEvent)) {}

    Status start();
    void stop();
    [[nodiscard]] int port() const { return m_port; }
    CommitmentBoard board;
    ArrivalBoard arrivals;

private:
    struct Session {
        std::thread thread;
        std::atomic<bool> done{false};
    };

    void acceptLoop();
    void acceptOne();
    bool admit(T_ASC_Association*& association);
    void serve(Association& association);
    int takeObject(Association& association, DimseMessage& store);
    void joinFinished(bool all);

    NetworkSettings m_settings;
    EventHandler m_onEvent;
    T_ASC_Network* m_network = nullptr;
    QuickTransportLayer* m_layer = nullptr; // owned by m_network
    std::atomic<int> m_port{0};
    CancelToken m_stop;
    std::thread m_acceptor;
    std::list<Session> m_sessions; // acceptor thread only, until it is joined
};

Status EventListener::Server::start() {
    if (m_network != nullptr)
        return {};
    initializeDicomNetwork();
    m_stop = CancelToken();
    int port = 0;
    OFCondition opened;
    for (int attempt = 0; attempt < 3; ++attempt) { // a port that was free may be taken by the time it is opened
        port = m_settings.eventPort;
        if (const int error = probePort(port); error != 0)
            return fail(error == EACCES ? ErrorCode::NotAllowed : ErrorCode::EventPortTaken,
                        QStringLiteral("port %1: %2").arg(port).arg(qt_error_string(error)));
        opened = ASC_initializeNetwork(NET_ACCEPTOR, port, static_cast<int>(kRequestLimit.count()), &m_network);
        if (opened.good() || m_settings.eventPort != 0)
            break;
    }
    if (opened.bad()) {
        m_network = nullptr;
        return fail(ErrorCode::EventPortTaken,
                    QStringLiteral("port %1: %2").arg(port).arg(QLatin1String(opened.text())));
    }
    auto layer = std::make_unique<QuickTransportLayer>(std::make_shared<TransportState>());
    m_layer = layer.release();
    ASC_setTransportLayer(m_network, m_layer, 1);
    m_port = port;
    m_acceptor = std::thread([this] { acceptLoop(); });
    return {};
}

void EventListener::Server::stop() {
    m_stop.cancel();
    if (m_acceptor.joinable())
        m_acceptor.join();
    joinFinished(true);
    if (m_network != nullptr)
        ASC_dropNetwork(&m_network);
    m_network = nullptr;
    m_layer = nullptr;
    m_port = 0;
}

void EventListener::Server::joinFinished(bool all) {
    for (auto it = m_sessions.begin(); it != m_sessions.end();) {
        if (!all && !it->done) {
            ++it;
            continue;
        }
        it->thread.join();
        it = m_sessions.erase(it);
    }
}

void EventListener::Server::acceptLoop() {
    while (!m_stop.isCancelled()) {
        pollfd descriptor{DUL_networkSocket(m_network->network), POLLIN, 0};
        const int ready = ::poll(&descriptor, 1, kPollMs);
        joinFinished(false);
        if (ready > 0)
            acceptOne();
    }
}

void EventListener::Server::acceptOne() {
    auto state = std::make_shared<TransportState>();
    state->token = m_stop;
    state->ioTimeout = kRequestLimit;
    state->deadline = std::chrono::steady_clock::now() + kRequestLimit;
    m_layer->setState(state);
    T_ASC_Association* association = nullptr;
    const OFCondition received = ASC_receiveAssociation(m_network, &association, m_settings.maxPdu, nullptr, nullptr,
                                                        OFFalse, DUL_NOBLOCK, static_cast<int>(kRequestLimit.count()));
    if (received.bad()) {
        if (association != nullptr) {
            ASC_dropSCPAssociation(association, 0);
            ASC_destroyAssociation(&association);
        }
        return;
    }
    if (!admit(association))
        return;
    state->deadline.reset();
    std::shared_ptr<Association> adopted = Association::adopt(association, state, kIdleLimit);
    Session& session = m_sessions.emplace_back();
    session.thread = std::thread([this, adopted = std::move(adopted), &session]() mutable {
        serve(*adopted);
        adopted.reset();
        session.done = true;
    });
}

bool EventListener::Server::admit(T_ASC_Association*& association) {
    char calling[17] = {};
    char called[17] = {};
    char responding[17] = {};
    ASC_getAPTitles(association->params, calling, sizeof calling, called, sizeof called, responding, sizeof responding);
    const QString caller = QString::fromLatin1(calling).trimmed();
    if (m_sessions.size() >= kMaxSessions) {
        refuse(association, ASC_RESULT_REJECTEDTRANSIENT, ASC_SOURCE_SERVICEPROVIDER_PRESENTATION_RELATED,
               ASC_REASON_SP_PRES_TEMPORARYCONGESTION);
        return false;
    }
    if (QString::fromLatin1(called).trimmed() != m_settings.callingAeTitle) {
        refuse(association, ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER,
               ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED);
        return false;
    }
    if (caller != m_settings.platform.aeTitle && !m_settings.eventSenders.contains(caller)) {
        refuse(association, ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER,
               ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED);
        return false;
    }
    for (int i = 0; i < ASC_countPresentationContexts(association->params); ++i) {
        T_ASC_PresentationContext context{};
        if (ASC_getPresentationContext(association->params, i, &context).bad())
            continue;
        const bool isStorage = isStorageClass(QString::fromLatin1(context.abstractSyntax));
        const bool served = (isStorage && arrivals.isExpecting()) ||
                            std::any_of(std::begin(kServed), std::end(kServed), [&](const char* uid) {
                                return std::string_view(context.abstractSyntax) == uid;
                            });
        // Objects come as the archive has them: what it proposes first.
        const QStringList syntaxes = isStorage && context.transferSyntaxCount > 0
                                         ? QStringList{QLatin1String(context.proposedTransferSyntaxes[0])}
                                         : messageTransferSyntaxes();
        const char* chosen = nullptr;
        for (int k = 0; k < context.transferSyntaxCount && chosen == nullptr; ++k)
            if (syntaxes.contains(QLatin1String(context.proposedTransferSyntaxes[k])))
                chosen = context.proposedTransferSyntaxes[k];
        if (!served || chosen == nullptr)
            ASC_refusePresentationContext(association->params, context.presentationContextID,
                                          served ? ASC_P_TRANSFERSYNTAXESNOTSUPPORTED
                                                 : ASC_P_ABSTRACTSYNTAXNOTSUPPORTED);
        else // the reporting side is the SCP; some propose the role, some do not
            ASC_acceptPresentationContext(
                association->params, context.presentationContextID, chosen,
                context.proposedRole == ASC_SC_ROLE_DEFAULT ? ASC_SC_ROLE_DEFAULT : context.proposedRole, OFTrue);
    }
    if (ASC_acknowledgeAssociation(association).bad()) {
        ASC_dropSCPAssociation(association, 0);
        ASC_destroyAssociation(&association);
        return false;
    }
    return true;
}

void EventListener::Server::serve(Association& association) {
    constexpr int kUnrecognizedOperation = 0x0211;
    const bool takesObjects =
        std::any_of(association.contexts().begin(), association.contexts().end(),
                    [](const AcceptedContext& context) { return isStorageClass(context.abstractSyntax); });
    const qint64 largest = takesObjects ? Association::kMaxObjectBytes : Association::kMaxMessageBytes;
    while (true) {
        Result<DimseMessage> message = association.receive(largest);
        if (!message) {
            if (!association.releasedByPeer() && message.error().code != ErrorCode::Cancelled)
                qCDebug(logNet) << "event association ended:" << message.error().toString();
            return;
        }
        if (message->isResponse())
            continue;
        int status = kUnrecognizedOperation;
        if (message->command == Dimse::CEchoRq)
            status = 0;
        else if (message->command == Dimse::NEventReportRq)
            status = handleEventReport(association, *message, &board, m_onEvent);
        else if (message->command == Dimse::CStoreRq)
            status = takeObject(association, *message);
        if (!association.respond(*message, status))
            return;
    }
}

int EventListener::Server::takeObject(Association& association, DimseMessage& store) {
    constexpr int kCannotUnderstand = 0xC000;
    const AcceptedContext* context = association.find(store.context);
    if (context == nullptr || !store.hasData || !isStorageClass(context->abstractSyntax) ||
        !isValidUid(store.affectedInstance) || !isValidUid(store.affectedSopClass))
        return kCannotUnderstand;
    ReceivedObject object{
        InstanceUid(store.affectedInstance), SopClassUid(store.affectedSopClass),
        dicom::part10FromBytes(store.affectedSopClass, store.affectedInstance, context->transferSyntax, store.data)};
    store.data.clear();
    return arrivals.deliver(std::move(object));
}

EventListener::EventListener(NetworkSettings settings, EventHandler onEvent)
    : m_server(std::make_unique<Server>(std::move(settings), std::move(onEvent))) {}

EventListener::~EventListener() { stop(); }

Status EventListener::start() { return m_server->start(); }
void EventListener::stop() { m_server->stop(); }
int EventListener::port() const { return m_server->port(); }
CommitmentBoard& EventListener::commitments() { return m_server->board; }
ArrivalBoard& EventListener::arrivals() { return m_server->arrivals; }

} // namespace yz
