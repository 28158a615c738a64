#include "security/certificate_facts.h"

#include "security/openssl_values.h"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace yz {

namespace {

QString nameOf(const X509_NAME* name, int part) {
    const int at = X509_NAME_get_index_by_NID(name, part, -1);
    if (at < 0)
        return {};
    unsigned char* utf8 = nullptr;
    const int length = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (length < 0)
        return {};
    QString text = QString::fromUtf8(reinterpret_cast<const char*>(utf8), length);
    OPENSSL_free(utf8);
    return text;
}

QString shownName(const X509_NAME* name) {
    const QString common = nameOf(name, NID_commonName);
    return common.isEmpty() ? nameOf(name, NID_organizationName) : common;
}

/// Never asks for a password: a key that is encrypted cannot be used by a desk that starts by itself.
int noPassword(char*, int, int, void*) { return -1; }

} // namespace

Result<CertificateFacts> certificateFacts(const QByteArray& pem) {
    const Result<std::vector<CertificatePtr>> certificates = certificatesFromPem(pem);
    if (!certificates || certificates->empty())
        return fail(ErrorCode::CertificateMissing, QStringLiteral("no certificate"));
    const X509* first = certificates->front().get();
    CertificateFacts facts{shownName(X509_get_subject_name(first)),
                           shownName(X509_get_issuer_name(first)),
                           {},
                           static_cast<int>(certificates->size())};
    for (const CertificatePtr& each : *certificates) {
        const QDateTime ends = fromAsn1Time(X509_get0_notAfter(each.get()));
        if (!facts.ends.isValid() || ends < facts.ends)
            facts.ends = ends;
    }
    return facts;
}

Status keyFits(const QByteArray& certificatePem, const QByteArray& keyPem) {
    const Result<std::vector<CertificatePtr>> certificates = certificatesFromPem(certificatePem);
    if (!certificates || certificates->empty())
        return fail(ErrorCode::CertificateMissing, QStringLiteral("no certificate"));
    const BioPtr memory = memoryOf(keyPem);
    const PkeyPtr key(PEM_read_bio_PrivateKey(memory.get(), nullptr, noPassword, nullptr));
    if (!key)
        return fail(opensslError(ErrorCode::KeyUnavailable, "private key"));
    if (X509_check_private_key(certificates->front().get(), key.get()) != 1) {
        ERR_clear_error();
        return fail(ErrorCode::KeyDoesNotMatchCertificate);
    }
    return {};
}

} // namespace yz
