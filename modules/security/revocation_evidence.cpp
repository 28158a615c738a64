#include "security/revocation_evidence.h"

#include "security/openssl_values.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>
#include <map>
#include <openssl/x509.h>

namespace yz {

Result<QDateTime> revocationEvidenceAsOf(const QString& folder) {
    const QString path = QDir(folder).filePath(QStringLiteral("trust/crl.pem"));
    if (!QFileInfo::exists(path))
        return QDateTime();
    QByteArray pem;
    if (!readFile(path, pem))
        return fail(ErrorCode::CertificateUntrusted, QStringLiteral("trust/crl.pem cannot be read"));
    const Result<std::vector<CrlPtr>> lists = crlsFromPem(pem);
    if (!lists)
        return fail(lists.error());
    std::map<QByteArray, QDateTime> newest; // by the authority's name
    for (const CrlPtr& list : *lists) {
        unsigned char* der = nullptr;
        const int size = i2d_X509_NAME(X509_CRL_get_issuer(list.get()), &der);
        if (size < 0)
            return fail(ErrorCode::CertificateUntrusted, QStringLiteral("a revocation list without an issuer"));
        const QByteArray issuer(reinterpret_cast<const char*>(der), size);
        OPENSSL_free(der);
        const QDateTime made = fromAsn1Time(X509_CRL_get0_lastUpdate(list.get()));
        QDateTime& known = newest[issuer];
        if (!known.isValid() || known < made)
            known = made;
    }
    QDateTime asOf;
    for (const auto& [issuer, made] : newest)
        asOf = asOf.isValid() ? std::min(asOf, made) : made;
    return asOf;
}

} // namespace yz
