#include "security/certificate_authority.h"

#include "security/key_file.h"
#include "security/openssl_values.h"
#include "security/signature_algorithm.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

namespace yz {

namespace {

struct Authority {
    PkeyPtr key;
    CertificatePtr certificate;
};

struct Revocation {
    QString serial;
    QDateTime at;
};

PkeyPtr newKey(KeyType type) {
    switch (type) {
    case KeyType::Sm2:
        return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"));
    case KeyType::P256:
        return PkeyPtr(EVP_EC_gen("P-256"));
    case KeyType::Rsa3072:
        break;
    }
    return PkeyPtr(EVP_RSA_gen(3072));
}

bool addName(X509_NAME* name, int nid, const QString& text) {
    const QByteArray utf8 = text.toUtf8();
    return text.isEmpty() || X509_NAME_add_entry_by_NID(name, nid, V_ASN1_UTF8STRING,
                                                        reinterpret_cast<const unsigned char*>(utf8.constData()),
                                                        static_cast<int>(utf8.size()), -1, 0) == 1;
}

bool setSubject(X509* certificate, const CertificateSubject& subject) {
    X509_NAME* name = X509_get_subject_name(certificate);
    return X509_NAME_add_entry_by_NID(name, NID_countryName, V_ASN1_PRINTABLESTRING,
                                      reinterpret_cast<const unsigned char*>("CN"), -1, -1, 0) == 1 &&
           addName(name, NID_organizationName, subject.organization) &&
           addName(name, NID_organizationalUnitName, subject.unit) && addName(name, NID_commonName, subject.commonName);
}

bool addExtension(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const OpensslPtr<X509_EXTENSION, X509_EXTENSION_free> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool setSerial(X509* certificate) {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40); // positive, always 16 bytes (RFC 5280 4.1.2.2)
    const BignumPtr number(BN_bin2bn(bytes, sizeof bytes, nullptr));
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

enum class Profile { Root, Intermediate, Signer };

/// A certificate for `key`, signed by `issuer`, or by the key itself when there is none.
Result<CertificatePtr> makeCertificate(Profile profile, EVP_PKEY* key, const CertificateSubject& subject,
                                       const Validity& validity, const Authority* issuer) {
    CertificatePtr certificate(X509_new());
    X509* const raw = certificate.get();
    X509* const issuing = issuer != nullptr ? issuer->certificate.get() : raw;
    const TimePtr notBefore = toAsn1Time(validity.notBefore);
    const TimePtr notAfter = toAsn1Time(validity.notAfter);
    bool done = raw != nullptr && X509_set_version(raw, X509_VERSION_3) == 1 && setSerial(raw) &&
                setSubject(raw, subject) && X509_set_issuer_name(raw, X509_get_subject_name(issuing)) == 1 &&
                notBefore && notAfter && X509_set1_notBefore(raw, notBefore.get()) == 1 &&
                X509_set1_notAfter(raw, notAfter.get()) == 1 && X509_set_pubkey(raw, key) == 1 &&
                addExtension(raw, issuing, NID_subject_key_identifier, "hash") &&
                addExtension(raw, issuing, NID_authority_key_identifier, "keyid:always");
    if (profile == Profile::Signer)
        done = done && addExtension(raw, issuing, NID_basic_constraints, "critical,CA:FALSE") &&
               addExtension(raw, issuing, NID_key_usage, "critical,digitalSignature,nonRepudiation");
    else
        done = done &&
               addExtension(raw, issuing, NID_basic_constraints,
                            profile == Profile::Root ? "critical,CA:TRUE" : "critical,CA:TRUE,pathlen:0") &&
               addExtension(raw, issuing, NID_key_usage, "critical,keyCertSign,cRLSign");
    const SigningContext context = signingContext(issuer != nullptr ? issuer->key.get() : key);
    if (!done || !context.digest || X509_sign_ctx(raw, context.digest.get()) <= 0)
        return fail(opensslError(ErrorCode::Internal, "issuing a certificate"));
    setDistinguishingId(raw);
    return certificate;
}

bool addRevocation(X509_CRL* crl, const Revocation& revocation) {
    BIGNUM* bignum = nullptr;
    BN_hex2bn(&bignum, revocation.serial.toLatin1().constData());
    const BignumPtr number(bignum);
    const OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free> serial(BN_to_ASN1_INTEGER(number.get(), nullptr));
    const TimePtr at = toAsn1Time(revocation.at);
    OpensslPtr<X509_REVOKED, X509_REVOKED_free> entry(X509_REVOKED_new());
    if (!serial || !at || !entry || X509_REVOKED_set_serialNumber(entry.get(), serial.get()) != 1 ||
        X509_REVOKED_set_revocationDate(entry.get(), at.get()) != 1 || X509_CRL_add0_revoked(crl, entry.get()) != 1)
        return false;
    static_cast<void>(entry.release()); // the list owns it now
    return true;
}

bool writeCrl(BIO* out, const Authority& issuer, const std::vector<Revocation>& revocations, long number,
              const QDateTime& thisUpdate, const QDateTime& nextUpdate) {
    const CrlPtr crl(X509_CRL_new());
    const TimePtr from = toAsn1Time(thisUpdate);
    const TimePtr to = toAsn1Time(nextUpdate);
    if (!crl || !from || !to || X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) != 1 ||
        X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(issuer.certificate.get())) != 1 ||
        X509_CRL_set1_lastUpdate(crl.get(), from.get()) != 1 || X509_CRL_set1_nextUpdate(crl.get(), to.get()) != 1)
        return false;
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer.certificate.get(), nullptr, nullptr, crl.get(), 0);
    const OpensslPtr<X509_EXTENSION, X509_EXTENSION_free> keyId(
        X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
    const OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free> crlNumber(ASN1_INTEGER_new());
    if (!keyId || X509_CRL_add_ext(crl.get(), keyId.get(), -1) != 1 || ASN1_INTEGER_set(crlNumber.get(), number) != 1 ||
        X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, crlNumber.get(), 0, 0) != 1)
        return false;
    for (const Revocation& revocation : revocations)
        if (!addRevocation(crl.get(), revocation))
            return false;
    X509_CRL_sort(crl.get());
    const SigningContext signing = signingContext(issuer.key.get());
    return signing.digest && X509_CRL_sign_ctx(crl.get(), signing.digest.get()) > 0 &&
           PEM_write_bio_X509_CRL(out, crl.get()) == 1;
}

} // namespace

struct CertificateAuthority::State {
    KeyType type = KeyType::Sm2;
    Authority root, intermediate;
    std::vector<Revocation> revocations;
    long crlNumber = 0;
};

CertificateAuthority::CertificateAuthority(std::unique_ptr<State> state) : m_state(std::move(state)) {}
CertificateAuthority::~CertificateAuthority() = default;
CertificateAuthority::CertificateAuthority(CertificateAuthority&&) noexcept = default;
CertificateAuthority& CertificateAuthority::operator=(CertificateAuthority&&) noexcept = default;

Result<CertificateAuthority> CertificateAuthority::create(KeyType type, const CertificateSubject& subject,
                                                          const Validity& validity) {
    auto state = std::make_unique<State>();
    state->type = type;
    state->root.key = newKey(type);
    state->intermediate.key = newKey(type);
    if (!state->root.key || !state->intermediate.key)
        return fail(opensslError(ErrorCode::Internal, "key generation"));
    CertificateSubject named = subject;
    named.commonName = subject.commonName + u" Root";
    Result<CertificatePtr> root = makeCertificate(Profile::Root, state->root.key.get(), named, validity, nullptr);
    if (!root)
        return fail(root.error());
    state->root.certificate = std::move(*root);
    named.commonName = subject.commonName + u" CA";
    Result<CertificatePtr> intermediate =
        makeCertificate(Profile::Intermediate, state->intermediate.key.get(), named, validity, &state->root);
    if (!intermediate)
        return fail(intermediate.error());
    state->intermediate.certificate = std::move(*intermediate);
    return CertificateAuthority(std::move(state));
}

Result<IssuedKey> CertificateAuthority::issue(const CertificateSubject& subject, const Validity& validity,
                                              const QString& pin, int iterations) {
    const PkeyPtr key = newKey(m_state->type);
    if (!key)
        return fail(opensslError(ErrorCode::Internal, "key generation"));
    const Result<CertificatePtr> certificate =
        makeCertificate(Profile::Signer, key.get(), subject, validity, &m_state->intermediate);
    if (!certificate)
        return fail(certificate.error());
    const Result<QByteArray> keyPem = encryptKey(key.get(), pin, iterations);
    if (!keyPem)
        return fail(keyPem.error());
    const BioPtr memory(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_X509(memory.get(), certificate->get()) != 1)
        return fail(opensslError(ErrorCode::Internal, "writing a certificate"));
    return IssuedKey{bytesOf(memory.get()), *keyPem, serialText(certificate->get())};
}

void CertificateAuthority::revoke(const QString& serial, const QDateTime& at) {
    m_state->revocations.push_back({serial, at});
}

Result<QByteArray> CertificateAuthority::certificatesPem() const {
    const BioPtr memory(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_X509(memory.get(), m_state->root.certificate.get()) != 1 ||
        PEM_write_bio_X509(memory.get(), m_state->intermediate.certificate.get()) != 1)
        return fail(opensslError(ErrorCode::Internal, "writing certificates"));
    return bytesOf(memory.get());
}

Result<QByteArray> CertificateAuthority::revocationListsPem(const QDateTime& thisUpdate, const QDateTime& nextUpdate) {
    ++m_state->crlNumber;
    const BioPtr memory(BIO_new(BIO_s_mem()));
    if (!writeCrl(memory.get(), m_state->root, {}, m_state->crlNumber, thisUpdate, nextUpdate) ||
        !writeCrl(memory.get(), m_state->intermediate, m_state->revocations, m_state->crlNumber, thisUpdate,
                  nextUpdate))
        return fail(opensslError(ErrorCode::Internal, "writing revocation lists"));
    return bytesOf(memory.get());
}

} // namespace yz
