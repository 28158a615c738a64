#include "embedded_platform/web_listener.h"

#include "core/log.h"
#include "embedded_platform/web_connection.h"

#include <QDateTime>
#include <QFile>
#include <QLocale>
#include <QUrl>
#include <arpa/inet.h>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <httplib.h>
#include <limits>
#include <mutex>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <set>
#include <thread>

namespace yz::platform {

namespace {

constexpr std::chrono::seconds kReopenPause{1};
constexpr unsigned char kTlsSessions[] = "yuanzhen-platform";
constexpr char kJson[] = "application/dicom+json";

/// A fixed number of threads and a bounded queue: whoever accepts connections waits while it is full.
class BoundedPool final : public httplib::TaskQueue {
public:
    BoundedPool(int threads, int waiting) : m_waiting(static_cast<size_t>(waiting)) {
        for (int i = 0; i < threads; ++i)
            m_threads.emplace_back([this] { work(); });
    }
    void enqueue(std::function<void()> task) override {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_tasks.size() < m_waiting; });
        m_tasks.push_back(std::move(task));
        m_changed.notify_all();
    }
    void shutdown() override {
        {
            const std::scoped_lock lock(m_mutex);
            m_isStopping = true;
        }
        m_changed.notify_all();
        for (std::thread& thread : m_threads)
            thread.join();
    }

private:
    void work() {
        for (;;) {
            std::function<void()> task;
            {
                std::unique_lock lock(m_mutex);
                m_changed.wait(lock, [this] { return m_isStopping || !m_tasks.empty(); });
                if (m_tasks.empty())
                    return;
                task = std::move(m_tasks.front());
                m_tasks.pop_front();
            }
            m_changed.notify_all();
            task();
        }
    }

    size_t m_waiting;
    std::vector<std::thread> m_threads;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::function<void()>> m_tasks;
    bool m_isStopping = false;
};

/// httplib's server, which reads and writes through connections of ours.
class DoorServer final : public httplib::Server {
public:
    struct FreeContext {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };
    using TlsContext = std::unique_ptr<SSL_CTX, FreeContext>;
    DoorServer(TlsContext tls, const WebPatience& patience) : m_tls(std::move(tls)), m_patience(patience) {}

    /// Serves until `close()`. False: it ended by itself, as the system took no more connections for it.
    bool serve() {
        listen_after_bind();
        if (!m_isStopping)
            svr_sock_ = INVALID_SOCKET; // httplib has closed it
        return m_isStopping;
    }
    void close() {
        m_isStopping = true;
        if (const socket_t socket = svr_sock_.exchange(INVALID_SOCKET); socket != INVALID_SOCKET) {
            ::shutdown(socket, SHUT_RDWR);
            ::close(socket);
        }
    }

private:
    bool process_and_close_socket(socket_t socket) override {
        WebConnection connection(socket, m_tls.get(), m_patience, m_isStopping);
        if (m_isStopping || !connection.open())
            return false;
        std::int64_t bodyBytes = 0;
        bool isClosed = false;
        bool isAnswered = false;
        try {
            isAnswered = process_request(connection, true, isClosed, [&](httplib::Request& request) {
                request.ranges.clear(); // parts of an answer, thousands of them if one likes, are not given
                bodyBytes = announcedBody(request);
            });
        } catch (const std::exception& error) { // out of memory, say: of this request, not of the platform
            qCWarning(logPlatform) << "web request:" << error.what();
        }
        connection.finish(bodyBytes);
        return isAnswered;
    }

    static std::int64_t announcedBody(const httplib::Request& request) {
        if (request.has_header("Transfer-Encoding"))
            return -1;
        const auto told = request.get_header_value<std::uint64_t>("Content-Length");
        return std::int64_t(std::min<std::uint64_t>(told, std::numeric_limits<std::int64_t>::max()));
    }

    TlsContext m_tls;
    WebPatience m_patience;
    std::atomic<bool> m_isStopping{false};
};

bool isLoopback(const QString& address) { return address.startsWith(u"127."); }

/// TLS by BCP 195: 1.2 and 1.3, forward secrecy.
bool setUpTls(SSL_CTX& context, const WebListener::Settings& settings) {
    SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
    SSL_CTX_set_options(&context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    const bool isOurs =
        SSL_CTX_set_cipher_list(&context, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL") == 1 &&
        SSL_CTX_use_certificate_chain_file(&context, QFile::encodeName(settings.certificateFile).constData()) == 1 &&
        SSL_CTX_use_PrivateKey_file(&context, QFile::encodeName(settings.keyFile).constData(), SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_check_private_key(&context) == 1;
    if (!isOurs || settings.clientAuthorityFile.isEmpty())
        return isOurs;
    const QByteArray authorities = QFile::encodeName(settings.clientAuthorityFile);
    // Without a name OpenSSL refuses who comes back with a ticket, where certificates are asked for.
    SSL_CTX_set_session_id_context(&context, kTlsSessions, sizeof kTlsSessions - 1);
    SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_client_CA_list(&context, SSL_load_client_CA_file(authorities.constData()));
    return SSL_CTX_load_verify_locations(&context, authorities.constData(), nullptr) == 1;
}

QByteArray header(const httplib::Request& request, const char* name) {
    return QByteArray::fromStdString(request.get_header_value(name));
}

/// The name of the scheme is the same in whatever case (RFC 9110 11.1).
QByteArray canonicalAuthorization(const QByteArray& given) {
    const qsizetype space = given.indexOf(' ');
    for (const QByteArray& scheme : {QByteArray("Basic "), QByteArray("Bearer ")})
        if (given.left(space + 1).compare(scheme, Qt::CaseInsensitive) == 0)
            return scheme + given.mid(space + 1).trimmed();
    return given;
}

bool isAuthorized(const QList<QByteArray>& accepted, const QByteArray& given) {
    bool isKnown = accepted.isEmpty();
    for (const QByteArray& each : accepted) // all of them, in the same time whether and where they differ
        isKnown |= each.size() == given.size() &&
                   CRYPTO_memcmp(each.constData(), given.constData(), static_cast<size_t>(each.size())) == 0;
    return isKnown;
}

/// A name of a web page that was pointed at us is no address (DNS rebinding).
bool isHostAddress(const QByteArray& host) {
    const QByteArray name = host.left(host.lastIndexOf(':') < 0 ? host.size() : host.lastIndexOf(':'));
    in_addr address{};
    return name.isEmpty() || name == "localhost" || inet_pton(AF_INET, name.constData(), &address) == 1;
}

QString decoded(const std::string& text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

void send(const WebAnswer& answer, httplib::Response& response) {
    response.status = answer.status;
    if (!answer.warning.isEmpty()) {
        QByteArray words = answer.warning.toUtf8();
        for (char& c : words) // a header is one line
            if (static_cast<unsigned char>(c) < 0x20)
                c = ' ';
        response.set_header("Warning", "299 yuanzhen-platform: " + words.toStdString());
    }
    if (!answer.location.isEmpty())
        response.set_header("Location", std::string(WebListener::kRoot) + '/' + answer.location.toStdString());
    if (!answer.contentLocation.isEmpty())
        response.set_header("Content-Location",
                            std::string(WebListener::kRoot) + '/' + answer.contentLocation.toStdString());
    if (!answer.body.isEmpty())
        response.set_content(answer.body.constData(), static_cast<size_t>(answer.body.size()), kJson);
}

} // namespace

struct WebListener::Server {
    Server(Settings given, WebWorklist& served) : settings(std::move(given)), worklist(served) {}

    [[nodiscard]] Status checkSettings() const {
        const bool isOpen = !isLoopback(settings.bindAddress);
        if (settings.certificateFile.isEmpty() != settings.keyFile.isEmpty())
            return fail(ErrorCode::InvalidArgument, QStringLiteral("a certificate and its key are needed together"));
        if (!settings.clientAuthorityFile.isEmpty() && settings.certificateFile.isEmpty())
            return fail(ErrorCode::InvalidArgument, QStringLiteral("client certificates need TLS"));
        if (isOpen && settings.certificateFile.isEmpty() && !settings.plainAllowed)
            return fail(ErrorCode::NotAllowed, QStringLiteral("beyond this computer the web door needs TLS"));
        if (isOpen && settings.authorizations.isEmpty() && settings.clientAuthorityFile.isEmpty())
            return fail(ErrorCode::NotAllowed, QStringLiteral("beyond this computer the web door needs credentials"));
        return {};
    }

    void setUp() {
        http->new_task_queue = [this] { return new BoundedPool(settings.threads, settings.waiting); };
        http->set_payload_max_length(static_cast<size_t>(settings.mostBodyBytes));
        http->set_tcp_nodelay(true);
        // Not SO_REUSEPORT, which the library sets: a second platform on the port would take every other connection.
        http->set_socket_options([](socket_t socket) {
            const int on = 1;
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        });
        http->set_exception_handler(
            [](const httplib::Request&, httplib::Response& response, std::exception_ptr) { response.status = 500; });
        http->set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
            response.set_header("Date",
                                QLocale::c()
                                    .toString(QDateTime::currentDateTimeUtc(), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'")
                                    .toStdString());
            response.set_header("Cache-Control", "no-store");
            response.set_header("X-Content-Type-Options", "nosniff");
        });
        // Before anything of a body is read, for every method.
        http->set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
            return isAllowed(request, response) && isReadable(request, response)
                       ? httplib::Server::HandlerResponse::Unhandled
                       : httplib::Server::HandlerResponse::Handled;
        });
        const auto bare = [this](const httplib::Request& request, httplib::Response& response) {
            serve(request, {}, response);
        };
        const auto withBody = [this](const httplib::Request& request, httplib::Response& response,
                                     const httplib::ContentReader& read) {
            QByteArray body;
            bool isTooLarge = false;
            // The library bounds a body whose length is told; one in chunks is bounded here.
            const bool isWhole = read([&](const char* bytes, size_t count) {
                isTooLarge = body.size() + static_cast<qint64>(count) > settings.mostBodyBytes;
                if (!isTooLarge)
                    body.append(bytes, static_cast<qsizetype>(count));
                return !isTooLarge;
            });
            if (isTooLarge)
                response.status = 413;
            else if (isWhole)
                serve(request, body, response);
            else if (response.status < 400)
                response.status = 400;
        };
        http->Get(".*", bare);
        http->Delete(".*", bare);
        http->Post(".*", withBody);
        http->Put(".*", withBody);
    }

    [[nodiscard]] bool isAllowed(const httplib::Request& request, httplib::Response& response) const {
        if (!isAuthorized(settings.authorizations, canonicalAuthorization(header(request, "Authorization")))) {
            response.status = 401;
            response.set_header("WWW-Authenticate", "Basic realm=\"yuanzhen-platform\", charset=\"UTF-8\"");
            return false;
        }
        // Without credentials whoever is on this computer may ask, but not a page in its browser; nor may a page use
        // the certificate of its reader. With certificates the door may have a name.
        const bool isNamed = settings.clientAuthorityFile.isEmpty() && !isHostAddress(header(request, "Host"));
        const bool isPage = request.has_header("Origin") || isNamed;
        if (settings.authorizations.isEmpty() && isPage) {
            response.status = 403;
            return false;
        }
        return true;
    }

    /// Others the library would read whole, however long they are.
    [[nodiscard]] static bool isReadable(const httplib::Request& request, httplib::Response& response) {
        static const std::set<std::string> methods{"GET", "HEAD", "POST", "PUT", "DELETE"};
        if (!methods.contains(request.method)) {
            response.status = 405;
            response.set_header("Allow", "GET, HEAD, POST, PUT, DELETE");
            return false;
        }
        if (request.is_multipart_form_data())
            response.status = 415;
        return response.status != 415;
    }

    void serve(const httplib::Request& request, const QByteArray& body, httplib::Response& response) {
        WebRequest asked;
        asked.method = QByteArray::fromStdString(request.method);
        if (asked.method == "HEAD")
            asked.method = "GET";
        const QString path = decoded(request.path);
        const QString root = QLatin1String(kRoot);
        if (!path.startsWith(root) || (path.size() > root.size() && path[root.size()] != u'/')) {
            response.status = 404;
            return;
        }
        asked.path = path.mid(root.size()).split(u'/', Qt::SkipEmptyParts);
        for (const auto& [name, value] : request.params)
            asked.query.emplace_back(decoded(name), decoded(value));
        asked.contentType = header(request, "Content-Type");
        asked.accept = header(request, "Accept");
        asked.body = body;
        send(worklist.answer(asked), response);
    }

    /// A system that is short of something for a moment, or a network that fails, ends httplib's loop (accept(2) gives
    /// their errors too). The platform has its door open again then.
    void keepOpen() {
        while (!http->serve()) {
            qCWarning(logPlatform) << "the web door could take no connection; it is opened again";
            std::unique_lock lock(mutex);
            while (!wake.wait_for(lock, kReopenPause, [this] { return isStopping; }) && !bind())
                ;
            if (isStopping)
                return;
        }
    }

    [[nodiscard]] bool bind() {
        const std::string address = settings.bindAddress.toStdString();
        const int wanted = port != 0 ? port : settings.port;
        const int bound = wanted == 0                           ? http->bind_to_any_port(address)
                          : http->bind_to_port(address, wanted) ? wanted
                                                                : -1;
        if (bound > 0 && port == 0)
            port = static_cast<quint16>(bound);
        return bound > 0;
    }

    Settings settings;
    WebWorklist& worklist;
    std::unique_ptr<DoorServer> http;
    std::thread thread;
    std::mutex mutex;
    std::condition_variable wake;
    bool isStopping = false;
    quint16 port = 0;
};

WebListener::WebListener(Settings settings, WebWorklist& worklist)
    : m_server(std::make_unique<Server>(std::move(settings), worklist)) {}

WebListener::~WebListener() { stop(); }

Status WebListener::start() {
    Server& server = *m_server;
    if (const Status checked = server.checkSettings(); !checked)
        return checked;
    DoorServer::TlsContext tls;
    if (!server.settings.certificateFile.isEmpty()) {
        tls.reset(SSL_CTX_new(TLS_server_method()));
        if (tls == nullptr || !setUpTls(*tls, server.settings))
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("certificate or key of the web door cannot be used"));
    }
    WebPatience patience;
    patience.silence = server.settings.silence;
    patience.grace = server.settings.grace;
    patience.mostBytes = 4 * server.settings.mostBodyBytes;
    server.http = std::make_unique<DoorServer>(std::move(tls), patience);
    server.setUp();
    if (!server.bind())
        return fail(ErrorCode::NotAllowed, QStringLiteral("cannot listen on %1:%2 for the web door")
                                               .arg(server.settings.bindAddress)
                                               .arg(server.settings.port));
    server.thread = std::thread([&server] { server.keepOpen(); });
    return {};
}

void WebListener::stop() {
    Server& server = *m_server;
    {
        const std::scoped_lock lock(server.mutex);
        server.isStopping = true;
    }
    server.wake.notify_all();
    if (server.http)
        server.http->close();
    if (server.thread.joinable())
        server.thread.join();
    server.http.reset();
}

quint16 WebListener::port() const { return m_server->port; }

Result<QList<QByteArray>> readWebCredentials(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::FileUnreadable, path);
    QList<QByteArray> accepted;
    int number = 0;
    for (const QByteArray& each : file.readAll().split('\n')) {
        ++number;
        const QByteArray line = each.trimmed();
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        if (line.startsWith("bearer ") && line.size() > 7)
            accepted.append("Bearer " + line.mid(7).trimmed());
        else if (line.startsWith("basic ") && line.indexOf(':') > 6)
            accepted.append("Basic " + line.mid(6).trimmed().toBase64());
        else
            return fail(ErrorCode::InvalidArgument, QStringLiteral("%1, line %2").arg(path).arg(number));
    }
    if (accepted.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("%1: no credentials").arg(path));
    return accepted;
}

} // namespace yz::platform
