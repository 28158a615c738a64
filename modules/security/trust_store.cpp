#include "security/trust_store.h"

#include "security/openssl_values.h"
#include "security/signature_algorithm.h"

#include <QDir>
#include <QFileInfo>
#include <openssl/err.h>

namespace yz {

namespace {

/// How long a revocation list is still relied on after its nextUpdate, so that a desk without a line goes on working.
constexpr qint64 staleCrlGraceSeconds = 7 * 24 * 3600;

/// OpenSSL forgets the current list once its time was complained about, before it looks at signature and entries.
struct LateList {
    X509_CRL* crl = nullptr;
    int level = -1;
};

X509_CRL* currentCrl(X509_STORE_CTX* context) {
    if (X509_CRL* crl = X509_STORE_CTX_get0_current_crl(context); crl != nullptr)
        return crl;
    const auto* late = static_cast<const LateList*>(X509_STORE_CTX_get_app_data(context));
    return late->level == X509_STORE_CTX_get_error_depth(context) ? late->crl : nullptr;
}

QByteArray tbsOf(X509_CRL* crl) {
    unsigned char* der = nullptr;
    const int length = i2d_re_X509_CRL_tbs(crl, &der);
    const QByteArray bytes(reinterpret_cast<const char*>(der), length > 0 ? length : 0);
    OPENSSL_free(der);
    return bytes;
}

/// OpenSSL 3.0 has no way to give X509_CRL_verify the distinguishing identifier, so SM2 lists are verified here.
bool sm2CrlVerifies(X509_STORE_CTX* context) {
    X509* issuer = X509_STORE_CTX_get0_current_issuer(context);
    if (issuer == nullptr) {
        const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context);
        const int above = X509_STORE_CTX_get_error_depth(context) + 1;
        issuer = sk_X509_value(chain, above < sk_X509_num(chain) ? above : above - 1);
    }
    X509_CRL* crl = currentCrl(context);
    EVP_PKEY* key = issuer != nullptr ? X509_get0_pubkey(issuer) : nullptr;
    if (crl == nullptr || key == nullptr || !isSm2(key))
        return false;
    const ASN1_BIT_STRING* signature = nullptr;
    const X509_ALGOR* algorithm = nullptr;
    X509_CRL_get0_signature(crl, &signature, &algorithm);
    const ASN1_OBJECT* object = nullptr;
    X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
    return OBJ_obj2nid(object) == NID_SM2_with_SM3 &&
           verifyBytes(key, tbsOf(crl), QByteArray(reinterpret_cast<const char*>(signature->data), signature->length));
}

/// Since when the current certificate must not be relied on: the revocation date, or the earlier date from which its
/// key is said to have been in other hands (RFC 5280 5.3.2).
QDateTime revokedSince(X509_STORE_CTX* context) {
    X509_REVOKED* entry = nullptr;
    X509_CRL* crl = currentCrl(context);
    if (crl == nullptr || X509_CRL_get0_by_cert(crl, &entry, X509_STORE_CTX_get_current_cert(context)) != 1)
        return {};
    QDateTime since = fromAsn1Time(X509_REVOKED_get0_revocationDate(entry));
    const OpensslPtr<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free> invalidity(
        static_cast<ASN1_GENERALIZEDTIME*>(X509_REVOKED_get_ext_d2i(entry, NID_invalidity_date, nullptr, nullptr)));
    if (invalidity)
        since = std::min(since, fromAsn1Time(invalidity.get()));
    return since;
}

bool isTolerated(X509_STORE_CTX* context, int error, const QDateTime& at) {
    if (error == X509_V_ERR_CRL_NOT_YET_VALID || error == X509_V_ERR_CRL_HAS_EXPIRED)
        *static_cast<LateList*>(X509_STORE_CTX_get_app_data(context)) = {X509_STORE_CTX_get0_current_crl(context),
                                                                         X509_STORE_CTX_get_error_depth(context)};
    switch (error) {
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
        return sm2CrlVerifies(context);
    case X509_V_ERR_CRL_NOT_YET_VALID: // a list made after the signature knows more, not less
        return true;
    case X509_V_ERR_CRL_HAS_EXPIRED: {
        const X509_CRL* crl = X509_STORE_CTX_get0_current_crl(context);
        const QDateTime next = crl != nullptr ? fromAsn1Time(X509_CRL_get0_nextUpdate(crl)) : QDateTime();
        return next.isValid() && at <= next.addSecs(staleCrlGraceSeconds);
    }
    case X509_V_ERR_CERT_REVOKED: {
        const QDateTime since = revokedSince(context);
        return since.isValid() && since > at;
    }
    default:
        return false;
    }
}

int onVerify(int ok, X509_STORE_CTX* context) {
    if (ok != 0)
        return ok;
    const QDateTime at = QDateTime::fromSecsSinceEpoch(
        static_cast<qint64>(X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(context))), Qt::UTC);
    if (!isTolerated(context, X509_STORE_CTX_get_error(context), at))
        return 0;
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
}

ErrorCode codeOf(int verifyError) {
    switch (verifyError) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return ErrorCode::CertificateExpired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return ErrorCode::CertificateNotYetValid;
    case X509_V_ERR_CERT_REVOKED:
        return ErrorCode::CertificateRevoked;
    default:
        return ErrorCode::CertificateUntrusted;
    }
}

bool isSelfSigned(X509* certificate) { return X509_self_signed(certificate, 0) == 1; }

} // namespace

Result<TrustStore> TrustStore::load(const QString& folder) {
    const QDir trust(QDir(folder).filePath(QStringLiteral("trust")));
    QByteArray pem;
    if (!readFile(trust.filePath(QStringLiteral("ca.pem")), pem))
        return fail(ErrorCode::CertificateUntrusted, QStringLiteral("trust/ca.pem cannot be read"));
    Result<std::vector<CertificatePtr>> authorities = certificatesFromPem(pem);
    if (!authorities)
        return fail(authorities.error());
    TrustStore trusted;
    trusted.m_store.reset(X509_STORE_new());
    for (CertificatePtr& authority : *authorities) {
        if (isSelfSigned(authority.get()))
            X509_STORE_add_cert(trusted.m_store.get(), authority.get());
        else
            trusted.m_intermediates.push_back(std::move(authority));
    }
    unsigned long flags = X509_V_FLAG_CHECK_SS_SIGNATURE;
    if (const QString path = trust.filePath(QStringLiteral("crl.pem")); QFileInfo::exists(path)) {
        // A list that is there but cannot be read must not pass for "nothing revoked".
        if (!readFile(path, pem))
            return fail(ErrorCode::CertificateUntrusted, QStringLiteral("trust/crl.pem cannot be read"));
        const Result<std::vector<CrlPtr>> crls = crlsFromPem(pem);
        if (!crls)
            return fail(crls.error());
        for (const CrlPtr& crl : *crls)
            X509_STORE_add_crl(trusted.m_store.get(), crl.get());
        flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
    }
    X509_STORE_set_flags(trusted.m_store.get(), flags);
    X509_STORE_set_verify_cb(trusted.m_store.get(), onVerify);
    return trusted;
}

Result<std::vector<CertificatePtr>>
TrustStore::chainOf(X509* certificate, const std::vector<CertificatePtr>& intermediates, const QDateTime& at) const {
    const CertificateStackPtr untrusted(sk_X509_new_null());
    for (const CertificatePtr& intermediate : intermediates)
        sk_X509_push(untrusted.get(), share(intermediate.get()).release());
    const StoreContextPtr context(X509_STORE_CTX_new());
    if (X509_STORE_CTX_init(context.get(), m_store.get(), certificate, untrusted.get()) != 1)
        return fail(opensslError(ErrorCode::CertificateUntrusted, "chain"));
    X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(at.toSecsSinceEpoch()));
    X509_VERIFY_PARAM_set_auth_level(parameters, 2); // 112 bits: no SHA-1, no short RSA key
    LateList late;
    X509_STORE_CTX_set_app_data(context.get(), &late);
    if (X509_verify_cert(context.get()) != 1) {
        const int error = X509_STORE_CTX_get_error(context.get());
        ERR_clear_error();
        return fail(codeOf(error), QStringLiteral("%1 (level %2 of the chain)")
                                       .arg(QLatin1String(X509_verify_cert_error_string(error)))
                                       .arg(X509_STORE_CTX_get_error_depth(context.get())));
    }
    // GB/T 20518: the signing certificate of a pair, never the one for encryption.
    if ((X509_get_key_usage(certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
        return fail(ErrorCode::CertificateUntrusted, QStringLiteral("the certificate is not for signatures"));
    std::vector<CertificatePtr> chain;
    const STACK_OF(X509)* built = X509_STORE_CTX_get0_chain(context.get());
    for (int i = 0; i + 1 < sk_X509_num(built); ++i)
        chain.push_back(share(sk_X509_value(built, i)));
    ERR_clear_error();
    if (chain.empty())
        return fail(ErrorCode::CertificateUntrusted, QStringLiteral("the certificate is itself a root"));
    return chain;
}

} // namespace yz
