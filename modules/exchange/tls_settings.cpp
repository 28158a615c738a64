#include "exchange/tls_settings.h"

#include <QFile>
#include <QHostAddress>
#include <QSslCertificate>
#include <QSslKey>

namespace yz::exchange {

namespace {

Result<QByteArray> contentOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotAllowed, u"cannot read " + path);
    return file.readAll();
}

} // namespace

Result<QSslConfiguration> tlsConfiguration(const TlsIdentity& identity) {
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!identity.caFile.isEmpty()) {
        const Result<QByteArray> pem = contentOf(identity.caFile);
        if (!pem)
            return fail(pem.error());
        const QList<QSslCertificate> authorities = QSslCertificate::fromData(*pem, QSsl::Pem);
        if (authorities.isEmpty())
            return fail(ErrorCode::NotAllowed, u"no certificate in " + identity.caFile);
        configuration.setCaCertificates(authorities);
    }
    if (!identity.certificateFile.isEmpty()) {
        const Result<QByteArray> chain = contentOf(identity.certificateFile);
        if (!chain)
            return fail(chain.error());
        QSslKey key(identity.key, QSsl::Rsa);
        if (key.isNull())
            key = QSslKey(identity.key, QSsl::Ec);
        const QList<QSslCertificate> certificates = QSslCertificate::fromData(*chain, QSsl::Pem);
        if (key.isNull() || certificates.isEmpty())
            return fail(ErrorCode::NotAllowed, u"no key and certificate in " + identity.certificateFile);
        configuration.setLocalCertificateChain(certificates);
        configuration.setPrivateKey(key);
    }
    return configuration;
}

Status mayGoPlain(const QUrl& address, bool plainAllowed) {
    const QString host = address.host();
    if (plainAllowed || host == QLatin1String("localhost") || QHostAddress(host).isLoopback())
        return {};
    return fail(ErrorCode::NotAllowed, QStringLiteral("a connection without TLS was not allowed"));
}

} // namespace yz::exchange
