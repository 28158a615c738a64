#include "embedded_platform/web_listener.h"

#include "core/log.h"

#include <QDateTime>
#include <QFile>
#include <QLocale>
#include <QUrl>
#include <arpa/inet.h>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <httplib.h>
#include <mutex>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <thread>

namespace yz::platform {

namespace {

constexpr time_t kSilenceSeconds = 5; ///< without a byte, while a request is read or an answer written
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
    SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_client_CA_list(&context, SSL_load_client_CA_file(authorities.constData()));
    return SSL_CTX_load_verify_locations(&context, authorities.constData(), nullptr) == 1;
}

QByteArray header(const httplib::Request& request, const char* name) {
    return QByteArray::fromStdString(request.get_header_value(name));
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
        http->set_keep_alive_max_count(1);
        http->set_read_timeout(kSilenceSeconds);
        http->set_write_timeout(kSilenceSeconds);
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
        const auto bare = [this](const httplib::Request& request, httplib::Response& response) {
            if (isAllowed(request, response))
                serve(request, {}, response);
        };
        const auto withBody = [this](const httplib::Request& request, httplib::Response& response,
                                     const httplib::ContentReader& read) {
            if (!isAllowed(request, response))
                return;
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
        if (!isAuthorized(settings.authorizations, header(request, "Authorization"))) {
            response.status = 401;
            response.set_header("WWW-Authenticate", "Basic realm=\"yuanzhen-platform\", charset=\"UTF-8\"");
            return false;
        }
        // Without credentials whoever is on this computer may ask, but not a page in its browser.
        const bool isPage = request.has_header("Origin") || !isHostAddress(header(request, "Host"));
        if (settings.authorizations.isEmpty() && isPage) {
            response.status = 403;
            return false;
        }
        return true;
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

    Settings settings;
    WebWorklist& worklist;
    std::unique_ptr<httplib::Server> http;
    std::thread thread;
    std::atomic<bool> hasEnded{false};
    quint16 port = 0;
};

WebListener::WebListener(Settings settings, WebWorklist& worklist)
    : m_server(std::make_unique<Server>(std::move(settings), worklist)) {}

WebListener::~WebListener() { stop(); }

Status WebListener::start() {
    Server& server = *m_server;
    if (const Status checked = server.checkSettings(); !checked)
        return checked;
    if (server.settings.certificateFile.isEmpty())
        server.http = std::make_unique<httplib::Server>();
    else
        server.http = std::make_unique<httplib::SSLServer>(
            [&server](SSL_CTX& context) { return setUpTls(context, server.settings); });
    if (!server.http->is_valid())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("certificate or key of the web door cannot be used"));
    server.setUp();
    const std::string address = server.settings.bindAddress.toStdString();
    const int bound = server.settings.port == 0 ? server.http->bind_to_any_port(address)
                      : server.http->bind_to_port(address, server.settings.port) ? server.settings.port
                                                                                 : -1;
    if (bound <= 0)
        return fail(ErrorCode::NotAllowed, QStringLiteral("cannot listen on %1:%2 for the web door")
                                               .arg(server.settings.bindAddress)
                                               .arg(server.settings.port));
    server.port = static_cast<quint16>(bound);
    server.thread = std::thread([&server] {
        server.http->listen_after_bind();
        server.hasEnded = true;
    });
    // It can be stopped only once it runs.
    while (!server.http->is_running() && !server.hasEnded)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return {};
}

void WebListener::stop() {
    Server& server = *m_server;
    if (server.http)
        server.http->stop();
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
