#include "security/openssl_values.h"

#include "security/signature_algorithm.h"

#include <QFile>
#include <QStringList>
#include <ctime>
#include <openssl/err.h>
#include <openssl/pem.h>

namespace yz {

namespace {

QString nameEntry(const X509_NAME* name, int nid) {
    const int index = X509_NAME_get_index_by_NID(name, nid, -1);
    if (index < 0)
        return {};
    unsigned char* utf8 = nullptr;
    const int length = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
    QString text;
    if (length > 0)
        text = QString::fromUtf8(reinterpret_cast<const char*>(utf8), length);
    OPENSSL_free(utf8);
    return text;
}

QString keyName(EVP_PKEY* key) {
    if (key == nullptr)
        return {};
    if (EVP_PKEY_is_a(key, "SM2") == 1)
        return QStringLiteral("SM2");
    if (EVP_PKEY_is_a(key, "RSA") == 1)
        return QStringLiteral("RSA %1").arg(EVP_PKEY_get_bits(key));
    char group[80] = "";
    if (EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1) {
        const char* nist = EC_curve_nid2nist(OBJ_sn2nid(group));
        return u"EC " + QString::fromLatin1(nist != nullptr ? nist : group);
    }
    return QString::fromLatin1(EVP_PKEY_get0_type_name(key));
}

/// Reads objects until the bundle ends; anything else than its end is an error.
template <typename Ptr, typename Read> Result<std::vector<Ptr>> allOf(const QByteArray& pem, Read read) {
    std::vector<Ptr> objects;
    const BioPtr memory = memoryOf(pem);
    ERR_clear_error();
    while (auto* object = read(memory.get()))
        objects.emplace_back(object);
    const unsigned long last = ERR_peek_last_error();
    if (last != 0 && (ERR_GET_LIB(last) != ERR_LIB_PEM || ERR_GET_REASON(last) != PEM_R_NO_START_LINE))
        return fail(opensslError(ErrorCode::CertificateUntrusted, "PEM bundle"));
    ERR_clear_error();
    return objects;
}

} // namespace

Error opensslError(ErrorCode code, const char* what) {
    QStringList reasons;
    while (const unsigned long error = ERR_get_error()) {
        char text[256];
        ERR_error_string_n(error, text, sizeof text);
        reasons.append(QString::fromLatin1(text));
    }
    QString detail = QString::fromLatin1(what);
    if (!reasons.isEmpty())
        detail += u": " + reasons.join(QStringLiteral("; "));
    return {code, detail};
}

QDateTime fromAsn1Time(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    return {QDate(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday),
            QTime(parts.tm_hour, parts.tm_min, parts.tm_sec), Qt::UTC};
}

TimePtr toAsn1Time(const QDateTime& time) {
    return TimePtr(ASN1_TIME_set(nullptr, static_cast<time_t>(time.toSecsSinceEpoch())));
}

QByteArray derOf(const X509* certificate) {
    unsigned char* der = nullptr;
    const int length = i2d_X509(certificate, &der);
    const QByteArray bytes(reinterpret_cast<const char*>(der), length > 0 ? length : 0);
    OPENSSL_free(der);
    return bytes;
}

QString serialText(const X509* certificate) {
    const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    char* hex = number ? BN_bn2hex(number.get()) : nullptr;
    const QString text = QString::fromLatin1(hex);
    OPENSSL_free(hex);
    return text;
}

CertificateInfo infoOf(const X509* certificate) {
    CertificateInfo info;
    const X509_NAME* subject = X509_get_subject_name(certificate);
    info.subject = nameEntry(subject, NID_commonName);
    info.issuer = nameEntry(X509_get_issuer_name(certificate), NID_commonName);
    info.serial = serialText(certificate);
    info.notBefore = fromAsn1Time(X509_get0_notBefore(certificate));
    info.notAfter = fromAsn1Time(X509_get0_notAfter(certificate));
    info.keyAlgorithm = keyName(X509_get0_pubkey(certificate));
    info.isDemo = nameEntry(subject, NID_organizationName).contains(u"DEMO");
    return info;
}

CertificatePtr share(X509* certificate) {
    X509_up_ref(certificate);
    return CertificatePtr(certificate);
}

bool readFile(const QString& path, QByteArray& bytes) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return false;
    bytes = file.readAll();
    return file.error() == QFile::NoError;
}

QByteArray bytesOf(BIO* memory) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(memory, &data);
    return {data, length};
}

BioPtr memoryOf(const QByteArray& bytes) {
    return BioPtr(BIO_new_mem_buf(bytes.constData(), static_cast<int>(bytes.size())));
}

Result<std::vector<CertificatePtr>> certificatesFromPem(const QByteArray& pem) {
    auto certificates =
        allOf<CertificatePtr>(pem, [](BIO* memory) { return PEM_read_bio_X509(memory, nullptr, nullptr, nullptr); });
    if (certificates)
        for (const CertificatePtr& certificate : *certificates)
            setDistinguishingId(certificate.get());
    return certificates;
}

Result<std::vector<CrlPtr>> crlsFromPem(const QByteArray& pem) {
    return allOf<CrlPtr>(pem, [](BIO* memory) { return PEM_read_bio_X509_CRL(memory, nullptr, nullptr, nullptr); });
}

} // namespace yz
