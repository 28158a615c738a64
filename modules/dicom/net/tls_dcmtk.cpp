#include "dicom/net/tls_dcmtk.h"

#include "core/bandwidth.h"

#include <dcmtk/dcmtls/tlslayer.h>
#include <dcmtk/ofstd/ofstd.h>

#include <QDateTime>
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <unistd.h>
#include <vector>

namespace yz {

namespace {

using std::chrono::milliseconds;

template <auto Free> struct Freed {
    template <typename T> void operator()(T* object) const { Free(object); }
};
using BioPtr = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using CertificatePtr = std::unique_ptr<X509, Freed<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

/// Never asks for a password: the desk starts by itself.
int noPassword(char*, int, int, void*) { return -1; }

QString opensslReason() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return QString::fromLatin1(reason != nullptr ? reason : "no reason given");
}

BioPtr memoryOf(const QByteArray& bytes) {
    return BioPtr(BIO_new_mem_buf(bytes.constData(), static_cast<int>(bytes.size())));
}

std::vector<CertificatePtr> certificatesOf(const QByteArray& pem) {
    std::vector<CertificatePtr> list;
    const BioPtr memory = memoryOf(pem);
    while (X509* each = PEM_read_bio_X509(memory.get(), nullptr, noPassword, nullptr))
        list.emplace_back(each);
    ERR_clear_error(); // the end of the text is one
    return list;
}

Status useAuthorities(SSL_CTX* context, const QByteArray& pem) {
    if (pem.isEmpty()) {
        SSL_CTX_set_default_verify_paths(context);
        return {};
    }
    const std::vector<CertificatePtr> authorities = certificatesOf(pem);
    if (authorities.empty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("no certificate among the authorities"));
    for (const CertificatePtr& each : authorities)
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), each.get());
    return {};
}

Status useCertificate(SSL_CTX* context, const DicomTls& tls) {
    if (tls.certificate.isEmpty())
        return {};
    std::vector<CertificatePtr> chain = certificatesOf(tls.certificate);
    const BioPtr memory = memoryOf(tls.key);
    const KeyPtr key(PEM_read_bio_PrivateKey(memory.get(), nullptr, noPassword, nullptr));
    if (chain.empty() || !key || SSL_CTX_use_certificate(context, chain.front().get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, key.get()) != 1)
        return fail(ErrorCode::InvalidArgument, QString(u"our certificate or its key: " + opensslReason()));
    for (size_t i = 1; i < chain.size(); ++i)
        if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1)
            return fail(ErrorCode::InvalidArgument, QString(u"our certificate: " + opensslReason()));
    return {};
}

QString commonNameOf(const X509* certificate) {
    char text[256] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text, sizeof text);
    return QString::fromUtf8(text);
}

QDateTime timeOf(const ASN1_TIME* time) {
    std::tm broken{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &broken) != 1)
        return {};
    return QDateTime(QDate(broken.tm_year + 1900, broken.tm_mon + 1, broken.tm_mday),
                     QTime(broken.tm_hour, broken.tm_min, broken.tm_sec), Qt::UTC);
}

class TlsConnection final : public DcmTransportConnection {
public:
    TlsConnection(DcmNativeSocketType socket, SSL* ssl, std::shared_ptr<TransportState> state)
        : DcmTransportConnection(socket), m_ssl(ssl), m_state(std::move(state)) {
        prepareSocket(*m_state, socket);
        ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
        SSL_set_fd(m_ssl, socket);
    }
    ~TlsConnection() override { TlsConnection::close(); }

    OFCondition serverSideHandshake() override { return EC_IllegalCall; }
    OFCondition clientSideHandshake() override;
    OFCondition renegotiate(const char*) override { return EC_IllegalCall; }
    ssize_t read(void* buffer, size_t size) override;
    ssize_t write(void* buffer, size_t size) override;
    void close() override;
    void closeTransportConnection() override { close(); }
    unsigned long getPeerCertificateLength() override { return 0; }
    unsigned long getPeerCertificate(void*, unsigned long) override { return 0; }
    OFBool networkDataAvailable(int timeoutSeconds) override;
    OFBool isTransparentConnection() override { return OFFalse; }
    OFString& dumpConnectionParameters(OFString& text) override {
        text = SSL_get_version(m_ssl);
        return text;
    }

private:
    /// Waits for what the last call of OpenSSL lacked; false: there is nothing to wait for, or no longer.
    bool waitAfter(int result, milliseconds limit) {
        switch (SSL_get_error(m_ssl, result)) {
        case SSL_ERROR_WANT_READ:
            return waitForSocket(*m_state, getSocket(), POLLIN, limit);
        case SSL_ERROR_WANT_WRITE:
            return waitForSocket(*m_state, getSocket(), POLLOUT, limit);
        default:
            return false;
        }
    }

    SSL* m_ssl;
    std::shared_ptr<TransportState> m_state;
};

OFCondition TlsConnection::clientSideHandshake() {
    ERR_clear_error();
    int result = 0;
    while ((result = SSL_connect(m_ssl)) != 1)
        if (!waitAfter(result, m_state->handshakeTimeout))
            break;
    if (result == 1) {
        const CertificatePtr certificate(SSL_get1_peer_certificate(m_ssl));
        m_state->certificateName = commonNameOf(certificate.get());
        m_state->certificateEnds = timeOf(X509_get0_notAfter(certificate.get()));
        m_state->isEncrypted = true;
        return EC_Normal;
    }
    if (m_state->timedOut || m_state->cancelled)
        return makeOFCondition(OFM_dcmtls, 1, OF_error, "no TLS handshake in time");
    const long verdict = SSL_get_verify_result(m_ssl);
    m_state->tlsProblem = verdict != X509_V_OK ? Error{ErrorCode::ServerCertificateRefused,
                                                       QString::fromLatin1(X509_verify_cert_error_string(verdict))}
                                               : Error{ErrorCode::TlsFailed, opensslReason()};
    return makeOFCondition(OFM_dcmtls, 2, OF_error, "TLS handshake failed");
}

ssize_t TlsConnection::read(void* buffer, size_t size) {
    if (!waitForLeave(*m_state)) {
        errno = ETIMEDOUT;
        return -1;
    }
    ERR_clear_error();
    while (true) {
        const int count = SSL_read(m_ssl, buffer, static_cast<int>(std::min<size_t>(size, 1 << 30)));
        if (count > 0) {
            if (m_state->limiter)
                m_state->limiter->spend(count);
            return count;
        }
        if (SSL_get_error(m_ssl, count) == SSL_ERROR_ZERO_RETURN)
            return 0;
        if (!waitAfter(count, m_state->ioTimeout)) {
            // TLS 1.3: a client learns only now that its certificate is not wanted.
            if (!m_state->timedOut && !m_state->cancelled && ERR_peek_error() != 0)
                m_state->tlsProblem = Error{ErrorCode::TlsFailed, opensslReason()};
            errno = ETIMEDOUT;
            return -1;
        }
    }
}

ssize_t TlsConnection::write(void* buffer, size_t size) {
    ERR_clear_error();
    const auto* bytes = static_cast<const char*>(buffer);
    size_t written = 0;
    while (written < size) {
        const int count =
            SSL_write(m_ssl, bytes + written, static_cast<int>(std::min<size_t>(size - written, 1 << 30)));
        if (count > 0)
            written += static_cast<size_t>(count);
        else if (!waitAfter(count, m_state->ioTimeout))
            return -1;
    }
    return static_cast<ssize_t>(written);
}

OFBool TlsConnection::networkDataAvailable(int timeoutSeconds) {
    const auto limit = std::chrono::seconds(std::max(0, timeoutSeconds));
    char byte = 0;
    while (true) {
        ERR_clear_error();
        const int count = SSL_peek(m_ssl, &byte, 1); // records without data (tickets) are no data
        if (count > 0)
            return OFTrue;
        const int why = SSL_get_error(m_ssl, count);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
            return OFTrue; // the read that follows tells the end or the error
        if (!waitAfter(count, limit))
            return OFFalse;
    }
}

void TlsConnection::close() {
    if (m_ssl == nullptr)
        return;
    SSL_shutdown(m_ssl); // one way: the socket goes with it
    SSL_free(m_ssl);
    m_ssl = nullptr;
    ERR_clear_error();
    if (getSocket() != -1) {
        ::close(getSocket());
        setSocket(-1);
    }
}

class TlsLayer final : public DcmTransportLayer {
public:
    TlsLayer(QString host, std::shared_ptr<TransportState> state)
        : m_tls(NET_REQUESTOR, nullptr, OFTrue), m_host(std::move(host)), m_state(std::move(state)) {}

    Status prepare(const DicomTls& tls) {
        if (m_tls.setTLSProfile(TSP_Profile_BCP195_ND).bad() || m_tls.activateCipherSuites().bad())
            return fail(ErrorCode::Internal, QStringLiteral("the TLS profile cannot be set"));
        SSL_CTX* context = m_tls.getNativeHandle();
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
        SSL_CTX_set_max_proto_version(context, 0);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
        SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        if (const Status set = useAuthorities(context, tls.authorities); !set)
            return set;
        return useCertificate(context, tls);
    }

    DcmTransportConnection* createConnection(DcmNativeSocketType socket, OFBool useSecureLayer) override {
        if (!useSecureLayer)
            return nullptr; // never in the clear where TLS was asked for
        SSL* ssl = SSL_new(m_tls.getNativeHandle());
        if (ssl == nullptr)
            return nullptr;
        const QByteArray host = m_host.toLatin1();
        in6_addr address{}; // as large as either
        const bool isAddress = ::inet_pton(AF_INET, host.constData(), &address) == 1 ||
                               ::inet_pton(AF_INET6, host.constData(), &address) == 1;
        if (!isAddress) {
            SSL_set1_host(ssl, host.constData());
            SSL_set_tlsext_host_name(ssl, host.constData());
        } else {
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.constData());
        }
        return new TlsConnection(socket, ssl, m_state);
    }

private:
    DcmTLSTransportLayer m_tls;
    QString m_host;
    std::shared_ptr<TransportState> m_state;
};

} // namespace

Result<std::unique_ptr<DcmTransportLayer>> makeTlsLayer(const DicomTls& tls, const QString& host,
                                                        std::shared_ptr<TransportState> state) {
    auto layer = std::make_unique<TlsLayer>(host, std::move(state));
    if (const Status prepared = layer->prepare(tls); !prepared)
        return fail(prepared.error());
    return std::unique_ptr<DcmTransportLayer>(std::move(layer));
}

} // namespace yz
