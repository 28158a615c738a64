#include "signing_desk.h"

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

using namespace yz;
using namespace yz::test;

namespace {

CMS_ContentInfo* parse(const QByteArray& der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.constData());
    return d2i_CMS_ContentInfo(nullptr, &bytes, long(der.size()));
}

QByteArray encode(CMS_ContentInfo* cms) {
    unsigned char* der = nullptr;
    const int length = i2d_CMS_ContentInfo(cms, &der);
    const QByteArray bytes(reinterpret_cast<const char*>(der), length);
    OPENSSL_free(der);
    return bytes;
}

X509* certificate(const QByteArray& pem) {
    BIO* memory = BIO_new_mem_buf(pem.constData(), int(pem.size()));
    X509* x509 = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
    BIO_free(memory);
    return x509;
}

EVP_PKEY* key(const QByteArray& pem, const char* pin) {
    BIO* memory = BIO_new_mem_buf(pem.constData(), int(pem.size()));
    EVP_PKEY* pkey = PEM_read_bio_PrivateKey(memory, nullptr, nullptr, const_cast<char*>(pin));
    BIO_free(memory);
    return pkey;
}

CMS_SignerInfo* signer(CMS_ContentInfo* cms) { return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0); }

/// The SET OF of the signed attributes as it is signed, put together by hand (RFC 5652 5.4).
QByteArray attributesOf(CMS_SignerInfo* info) {
    std::vector<QByteArray> parts;
    qsizetype length = 0;
    for (int i = 0; i < CMS_signed_get_attr_count(info); ++i) {
        unsigned char* der = nullptr;
        const int n = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(info, i), &der);
        parts.emplace_back(reinterpret_cast<const char*>(der), n);
        OPENSSL_free(der);
        length += n;
    }
    std::sort(parts.begin(), parts.end(), [](const QByteArray& a, const QByteArray& b) {
        return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                            [](char x, char y) { return uchar(x) < uchar(y); });
    });
    QByteArray set("\x31\x82", 2);
    set += char(length >> 8);
    set += char(length & 0xff);
    for (const QByteArray& part : parts)
        set += part;
    return set;
}

QByteArray sm2Sign(EVP_PKEY* pkey, const QByteArray& bytes, const char* id) {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* keyContext = EVP_PKEY_CTX_new(pkey, nullptr);
    EVP_PKEY_CTX_set1_id(keyContext, id, int(qstrlen(id)));
    EVP_MD_CTX_set_pkey_ctx(context, keyContext);
    QByteArray signature(128, '\0');
    size_t length = 128;
    const bool done =
        EVP_DigestSignInit(context, nullptr, EVP_sm3(), nullptr, pkey) == 1 &&
        EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &length,
                       reinterpret_cast<const unsigned char*>(bytes.constData()), size_t(bytes.size())) == 1;
    signature.truncate(done ? qsizetype(length) : 0);
    EVP_MD_CTX_free(context);
    EVP_PKEY_CTX_free(keyContext);
    return signature;
}

} // namespace

class TamperTest : public QObject {
    Q_OBJECT

    const QByteArray m_content = "{\"sr\":\"...\",\"pdf\":\"...\"}";

private Q_SLOTS:
    void everyByte_data() { keyTypeRows(); }
    void everyByte() {
        QFETCH(const KeyType, type);
        SigningDesk desk(type);
        const QByteArray cms = desk.sign(m_content).value();
        QVERIFY(desk.verifier.verify(m_content, cms).valid);
        for (const int mask : {0x01, 0x80})
            for (qsizetype i = 0; i < cms.size(); ++i) {
                QByteArray changed = cms;
                changed[i] = static_cast<char>(changed[i] ^ mask);
                const SignatureVerdict verdict = desk.verifier.verify(m_content, changed);
                QVERIFY2(!verdict.valid && verdict.problem,
                         qPrintable(QStringLiteral("byte %1 of %2, mask %3").arg(i).arg(cms.size()).arg(mask)));
            }
        for (qsizetype i = 0; i < cms.size(); i += 7)
            QVERIFY(!desk.verifier.verify(m_content, cms.left(i)).valid);
        QVERIFY(!desk.verifier.verify(m_content, cms + '\0').valid);
        QVERIFY(!desk.verifier.verify(m_content, cms + cms).valid);
    }

    void additions_data() { keyTypeRows(); }
    void additions() {
        QFETCH(const KeyType, type);
        SigningDesk desk(type);
        const QByteArray cms = desk.sign(m_content).value();
        const auto verdictOf = [&](auto change) {
            CMS_ContentInfo* parsed = parse(cms);
            change(parsed);
            const QByteArray changed = encode(parsed);
            CMS_ContentInfo_free(parsed);
            return changed == cms ? true : desk.verifier.verify(m_content, changed).valid;
        };
        QVERIFY(verdictOf([](CMS_ContentInfo*) {})); // parsing and writing alone changes nothing
        QVERIFY2(!verdictOf([](CMS_ContentInfo* c) {
            CMS_unsigned_add1_attr_by_NID(signer(c), NID_pkcs9_unstructuredName, V_ASN1_UTF8STRING, "x", 1);
        }),
                 "unsigned attribute");
        QVERIFY2(!verdictOf([](CMS_ContentInfo* c) {
            CMS_signed_add1_attr_by_NID(signer(c), NID_pkcs9_unstructuredName, V_ASN1_UTF8STRING, "x", 1);
        }),
                 "signed attribute");
        QVERIFY2(!verdictOf([](CMS_ContentInfo* c) { X509_ATTRIBUTE_free(CMS_signed_delete_attr(signer(c), 0)); }),
                 "attribute taken out");
        const QByteArray bundle = desk.authority.certificatesPem().value();
        QVERIFY2(!verdictOf([&](CMS_ContentInfo* c) { CMS_add0_cert(c, certificate(bundle)); }), "the root");
        desk.addDoctor(UserId(QStringLiteral("d2")), SigningDesk::validity());
        const QByteArray colleague = read(desk.certificateFile(UserId(QStringLiteral("d2"))));
        QVERIFY2(!verdictOf([&](CMS_ContentInfo* c) { CMS_add0_cert(c, certificate(colleague)); }), "a colleague's");
        QVERIFY2(!verdictOf([](CMS_ContentInfo* c) {
            ASN1_OCTET_STRING** content = CMS_get0_content(c);
            *content = ASN1_OCTET_STRING_new();
            ASN1_OCTET_STRING_set(*content, reinterpret_cast<const unsigned char*>("other"), 5);
        }),
                 "content inside");
    }

    void twoSigners() {
        SigningDesk desk(KeyType::P256);
        desk.addDoctor(UserId(QStringLiteral("d2")), SigningDesk::validity());
        const QByteArray cms = desk.sign(m_content).value();
        CMS_ContentInfo* parsed = parse(cms);
        X509* x509 = certificate(read(desk.certificateFile(UserId(QStringLiteral("d2")))));
        EVP_PKEY* pkey = key(read(desk.keyFile(UserId(QStringLiteral("d2")))), "123456");
        QVERIFY(x509 && pkey);
        BIO* data = BIO_new_mem_buf(m_content.constData(), int(m_content.size()));
        QVERIFY(CMS_add1_signer(parsed, x509, pkey, EVP_sha256(), CMS_CADES | CMS_NOSMIMECAP) != nullptr);
        CMS_final(parsed, data, nullptr, CMS_BINARY | CMS_DETACHED);
        const SignatureVerdict verdict = desk.verifier.verify(m_content, encode(parsed));
        QVERIFY(!verdict.valid);
        QVERIFY(verdict.problem->detail.contains(u"one signer"));
        BIO_free(data);
        X509_free(x509);
        EVP_PKEY_free(pkey);
        CMS_ContentInfo_free(parsed);
    }

    void colleaguesCertificateUnderOurSignature() {
        // The attribute signingCertificateV2 ties the signature to one certificate, also to none of the same key.
        SigningDesk desk(KeyType::P256);
        SigningDesk other(KeyType::P256);
        const QByteArray cms = desk.sign(m_content).value();
        CMS_ContentInfo* ours = parse(cms);
        CMS_ContentInfo* theirs = parse(other.sign(m_content).value());
        const ASN1_OCTET_STRING* from = CMS_SignerInfo_get0_signature(signer(ours));
        ASN1_STRING_set(CMS_SignerInfo_get0_signature(signer(theirs)), from->data, from->length);
        QVERIFY(!other.verifier.verify(m_content, encode(theirs)).valid);
        CMS_ContentInfo_free(ours);
        CMS_ContentInfo_free(theirs);
    }

    void sm2WithoutDistinguishingId() {
        SigningDesk desk(KeyType::Sm2);
        CMS_ContentInfo* cms = parse(desk.sign(m_content).value());
        EVP_PKEY* pkey = key(read(desk.keyFile(desk.user)), "123456");
        QVERIFY(pkey);
        const QByteArray attributes = attributesOf(signer(cms));
        const auto verdictWith = [&](const char* id) {
            const QByteArray signature = sm2Sign(pkey, attributes, id);
            ASN1_STRING_set(CMS_SignerInfo_get0_signature(signer(cms)), signature.constData(), int(signature.size()));
            return desk.verifier.verify(m_content, encode(cms));
        };
        QVERIFY(verdictWith("1234567812345678").valid); // the same way of signing, so that the next lines say something
        const SignatureVerdict refused = verdictWith("");
        QVERIFY(!refused.valid);
        QCOMPARE(refused.problem->code, ErrorCode::SignatureInvalid);
        QVERIFY(!verdictWith("1234567812345679").valid);
        EVP_PKEY_free(pkey);
        CMS_ContentInfo_free(cms);
    }
};

QTEST_GUILESS_MAIN(TamperTest)
#include "tamper_test.moc"
