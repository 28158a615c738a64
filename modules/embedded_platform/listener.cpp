#include "embedded_platform/listener.h"

#include "core/log.h"
#include "embedded_platform/transport.h"

#include <dcmtk/dcmnet/cond.h>
#include <dcmtk/dcmnet/dul.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace yz::platform {

namespace {

constexpr int kAcceptTimeoutSeconds = 10;
constexpr int kRejecting = 8; ///< connections beyond the limit that are answered with a rejection at a time

QString systemError() { return QString::fromLocal8Bit(std::strerror(errno)); }

void reject(T_ASC_Association* association, T_ASC_RejectParametersResult result, T_ASC_RejectParametersSource source,
            T_ASC_RejectParametersReason reason) {
    const T_ASC_RejectParameters parameters{result, source, reason};
    ASC_rejectAssociation(association, &parameters);
}

} // namespace

Listener::Listener(Settings settings, Negotiate negotiate, Serve serve)
    : m_settings(std::move(settings)), m_negotiate(std::move(negotiate)), m_serve(std::move(serve)) {}

Listener::~Listener() { stop(); }

Status Listener::start() {
    m_socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (m_socket < 0)
        return fail(ErrorCode::Internal, systemError());
    const int on = 1;
    setsockopt(m_socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(m_settings.port);
    if (inet_pton(AF_INET, m_settings.bindAddress.toLatin1().constData(), &address.sin_addr) != 1)
        return fail(ErrorCode::InvalidArgument, u"not an IPv4 address: " + m_settings.bindAddress);
    if (bind(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(m_socket, 64) != 0)
        return fail(ErrorCode::NotAllowed, QStringLiteral("cannot listen on %1:%2: %3")
                                               .arg(m_settings.bindAddress)
                                               .arg(m_settings.port)
                                               .arg(systemError()));
    socklen_t length = sizeof address;
    getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &length);
    m_port = ntohs(address.sin_port);
    startThread();
    return {};
}

void Listener::stop() {
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
        for (const int open : std::as_const(m_openSockets))
            ::shutdown(open, SHUT_RDWR);
    }
    m_changed.notify_all();
    for (;;) {
        std::thread thread;
        {
            const std::scoped_lock lock(m_mutex);
            if (m_threads.empty())
                break;
            thread = std::move(m_threads.front());
            m_threads.pop_front();
        }
        thread.join();
    }
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
}

void Listener::reap() {
    // Called with the lock held, by a thread that is not finished.
    for (const std::thread::id& id : m_finished) {
        const auto found = std::ranges::find(m_threads, id, &std::thread::get_id);
        if (found != m_threads.end()) {
            found->join();
            m_threads.erase(found);
        }
    }
    m_finished.clear();
}

void Listener::startThread() {
    const std::scoped_lock lock(m_mutex);
    if (m_isStopping)
        return;
    reap();
    m_threads.emplace_back([this] { takeTurn(); });
}

bool Listener::waitForConnection() {
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_isStopping || m_serving < m_settings.maxAssociations + kRejecting; });
    }
    for (;;) {
        {
            const std::scoped_lock lock(m_mutex);
            if (m_isStopping)
                return false;
        }
        pollfd waiting{m_socket, POLLIN, 0};
        if (poll(&waiting, 1, 200) > 0)
            return true;
    }
}

void Listener::takeTurn() {
    while (waitForConnection()) {
        T_ASC_Network* network = nullptr;
        if (ASC_initializeNetwork(NET_ACCEPTOR, 0, kAcceptTimeoutSeconds, &network).good()) {
            receive(network);
            break;
        }
        // Out of sockets: the turn is kept until there are some again.
        qCWarning(logPlatform) << "no network object for a connection";
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    const std::scoped_lock lock(m_mutex);
    m_finished.push_back(std::this_thread::get_id());
}

void Listener::receive(T_ASC_Network* network) {
    // DCMTK opened a socket of its own on all interfaces; ours takes its place.
    dup3(m_socket, DUL_networkSocket(network->network), O_CLOEXEC);
    bool handedOn = false;
    {
        const std::scoped_lock lock(m_mutex);
        ++m_serving;
    }
    const auto opened = [this, &handedOn](int socket) {
        {
            const std::scoped_lock lock(m_mutex);
            m_openSockets.insert(socket);
            if (m_isStopping)
                ::shutdown(socket, SHUT_RDWR);
        }
        handedOn = true;
        startThread();
    };
    const auto closed = [this](int socket) {
        const std::scoped_lock lock(m_mutex);
        m_openSockets.remove(socket);
    };
    ASC_setTransportLayer(network, new QuickTransport(opened, closed), 1); // DCMTK owns it
    T_ASC_Association* association = nullptr;
    const OFCondition received = ASC_receiveAssociation(network, &association, ASC_MAXIMUMPDUSIZE, nullptr, nullptr,
                                                        OFFalse, DUL_NOBLOCK, kAcceptTimeoutSeconds);
    if (!handedOn)
        startThread();
    if (received.good()) {
        answer(association, network);
    } else {
        if (association != nullptr) {
            ASC_dropAssociation(association);
            ASC_destroyAssociation(&association);
        }
        ASC_dropNetwork(&network);
    }
    {
        const std::scoped_lock lock(m_mutex);
        --m_serving;
    }
    m_changed.notify_all();
}

void Listener::answer(T_ASC_Association* association, T_ASC_Network* network) {
    char calling[DUL_LEN_TITLE + 1] = {};
    char called[DUL_LEN_TITLE + 1] = {};
    char applicationContext[DUL_LEN_NAME + 1] = {};
    ASC_getAPTitles(association->params, calling, sizeof calling, called, sizeof called, nullptr, 0);
    ASC_getApplicationContextName(association->params, applicationContext, sizeof applicationContext);
    bool isFull = false;
    {
        const std::scoped_lock lock(m_mutex);
        isFull = m_serving > m_settings.maxAssociations;
    }
    const auto refuse = [&](T_ASC_RejectParametersResult result, T_ASC_RejectParametersSource source,
                            T_ASC_RejectParametersReason reason) {
        reject(association, result, source, reason);
        ASC_dropSCPAssociation(association, 1);
        ASC_destroyAssociation(&association);
        ASC_dropNetwork(&network);
    };
    if (isFull) {
        refuse(ASC_RESULT_REJECTEDTRANSIENT, ASC_SOURCE_SERVICEPROVIDER_PRESENTATION_RELATED,
               ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED);
    } else if (QLatin1String(applicationContext) != QLatin1String(UID_StandardApplicationContext)) {
        refuse(ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, ASC_REASON_SU_APPCONTEXTNAMENOTSUPPORTED);
    } else if (QString::fromLatin1(called).trimmed() != m_settings.aeTitle) {
        refuse(ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED);
    } else if (!m_settings.allowedCallers.isEmpty() &&
               !m_settings.allowedCallers.contains(QString::fromLatin1(calling).trimmed())) {
        refuse(ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED);
    } else {
        m_negotiate(association->params);
        if (ASC_acknowledgeAssociation(association).bad()) {
            ASC_dropAssociation(association);
            ASC_destroyAssociation(&association);
            ASC_dropNetwork(&network);
            return;
        }
        Association served(association, network, true);
        m_serve(served);
    }
}

} // namespace yz::platform
