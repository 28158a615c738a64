#include "security/cms_envelope.h"

#include "security/openssl_values.h"
#include "security/signature_algorithm.h"

#include <algorithm>
#include <openssl/asn1t.h>
#include <openssl/err.h>

namespace yz {

namespace {

constexpr qsizetype largestCms = 256 * 1024;

// DER of a SET OF Attribute with its elements in order, as they are signed (RFC 5652 5.4).
ASN1_ITEM_TEMPLATE(SIGNED_ATTRIBUTES) = ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SET_ORDER, 0, SIGNED_ATTRIBUTES, X509_ATTRIBUTE)
    ASN1_ITEM_TEMPLATE_END(SIGNED_ATTRIBUTES)

        tl::unexpected<Error> broken(const char* what) {
    return fail(opensslError(ErrorCode::SignatureInvalid, what));
}

Result<QByteArray> digestOf(const QByteArray& content, const EVP_MD* digest) {
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (EVP_Digest(content.constData(), static_cast<size_t>(content.size()), hash, &length, digest, nullptr) != 1)
        return fail(opensslError(ErrorCode::Internal, "digest"));
    return QByteArray(reinterpret_cast<const char*>(hash), length);
}

bool addAttributes(CMS_SignerInfo* signer, const QByteArray& digest, const ASN1_TIME* time) {
    return CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data), -1) ==
               1 &&
           CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest.constData(),
                                       static_cast<int>(digest.size())) == 1 &&
           CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, time->type, time, -1) == 1;
}

const ASN1_TIME* signingTimeOf(CMS_SignerInfo* signer) {
    const ASN1_OBJECT* object = OBJ_nid2obj(NID_pkcs9_signingTime);
    void* time = CMS_signed_get0_data_by_OBJ(signer, object, -3, V_ASN1_UTCTIME);
    if (time == nullptr)
        time = CMS_signed_get0_data_by_OBJ(signer, object, -3, V_ASN1_GENERALIZEDTIME);
    return static_cast<const ASN1_TIME*>(time);
}

} // namespace

Result<CmsEnvelope> CmsEnvelope::build(const std::vector<CertificatePtr>& chain, const QByteArray& content,
                                       const QDateTime& signingTime) {
    EVP_PKEY* key = chain.empty() ? nullptr : X509_get0_pubkey(chain.front().get());
    if (!isSupported(key))
        return fail(ErrorCode::NotSupported, QStringLiteral("key of another kind than SM2, EC or RSA"));
    const EVP_MD* md = digestFor(key);
    const Result<QByteArray> digest = digestOf(content, md);
    if (!digest)
        return fail(digest.error());
    CmsPtr cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, CMS_BINARY | CMS_DETACHED | CMS_PARTIAL));
    // With the public key alone: the private one may be in a token and only ever sees signedBytes().
    CMS_SignerInfo* signer =
        cms ? CMS_add1_signer(cms.get(), chain.front().get(), key, md, CMS_CADES | CMS_NOSMIMECAP) : nullptr;
    if (signer == nullptr)
        return broken("CMS signer");
    if (isSm2(key)) { // OpenSSL 3.0 leaves the algorithm empty for SM2
        X509_ALGOR* algorithm = nullptr;
        CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, nullptr, &algorithm);
        X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_SM2_with_SM3), V_ASN1_UNDEF, nullptr);
    }
    for (size_t i = 1; i < chain.size(); ++i)
        if (CMS_add1_cert(cms.get(), chain[i].get()) != 1)
            return broken("CMS certificate");
    const TimePtr time = toAsn1Time(signingTime);
    if (!time || !addAttributes(signer, *digest, time.get()))
        return broken("CMS attributes");
    return CmsEnvelope(std::move(cms));
}

CMS_SignerInfo* CmsEnvelope::signer() const { return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(m_cms.get()), 0); }

Result<QByteArray> CmsEnvelope::signedBytes() const {
    const OpensslPtr<STACK_OF(X509_ATTRIBUTE), [](STACK_OF(X509_ATTRIBUTE) * s) { sk_X509_ATTRIBUTE_free(s); }>
        attributes(sk_X509_ATTRIBUTE_new_null());
    for (int i = 0; i < CMS_signed_get_attr_count(signer()); ++i)
        sk_X509_ATTRIBUTE_push(attributes.get(), CMS_signed_get_attr(signer(), i));
    unsigned char* der = nullptr;
    const int length =
        ASN1_item_i2d(reinterpret_cast<const ASN1_VALUE*>(attributes.get()), &der, ASN1_ITEM_rptr(SIGNED_ATTRIBUTES));
    if (length <= 0)
        return broken("CMS attributes");
    const QByteArray bytes(reinterpret_cast<const char*>(der), length);
    OPENSSL_free(der);
    return bytes;
}

Result<QByteArray> CmsEnvelope::encode(const QByteArray& signature) const {
    ASN1_STRING_set(CMS_SignerInfo_get0_signature(signer()), signature.constData(), static_cast<int>(signature.size()));
    unsigned char* der = nullptr;
    const int length = i2d_CMS_ContentInfo(m_cms.get(), &der);
    if (length <= 0)
        return broken("CMS");
    const QByteArray bytes(reinterpret_cast<const char*>(der), length);
    OPENSSL_free(der);
    return bytes;
}

Result<CmsParts> takeApart(const QByteArray& der) {
    if (der.isEmpty() || der.size() > largestCms)
        return fail(ErrorCode::SignatureInvalid, QStringLiteral("size of the CMS"));
    ERR_clear_error();
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.constData());
    const CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &bytes, static_cast<long>(der.size())));
    if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed)
        return broken("not a CMS SignedData");
    STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms.get());
    if (sk_CMS_SignerInfo_num(signers) != 1)
        return broken("not exactly one signer");
    CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(signers, 0);
    const ASN1_TIME* time = signingTimeOf(signer);
    CmsParts parts;
    parts.signingTime = fromAsn1Time(time);
    if (!parts.signingTime.isValid())
        return broken("no signing time");
    const ASN1_OCTET_STRING* signature = CMS_SignerInfo_get0_signature(signer);
    parts.signature = QByteArray(reinterpret_cast<const char*>(signature->data), signature->length);
    const CertificateStackPtr certificates(CMS_get1_certs(cms.get()));
    for (int i = 0; i < sk_X509_num(certificates.get()); ++i) {
        X509* certificate = sk_X509_value(certificates.get(), i);
        setDistinguishingId(certificate);
        parts.certificates.push_back(share(certificate));
    }
    const auto own = std::find_if(parts.certificates.begin(), parts.certificates.end(), [&](const CertificatePtr& c) {
        return CMS_SignerInfo_cert_cmp(signer, c.get()) == 0;
    });
    if (own == parts.certificates.end())
        return broken("the signer's certificate is not in the CMS");
    std::iter_swap(parts.certificates.begin(), own);
    return parts;
}

} // namespace yz
