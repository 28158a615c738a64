#include "security/certificate_authority.h"
#include "security/cms_report_signer.h"
#include "security/key_file.h"
#include "security/openssl_values.h"
#include "security/trust_store.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

namespace yz {

namespace {

constexpr int demoYears = 10;

Status writeFile(const QString& path, const QByteArray& bytes, bool secret) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(ErrorCode::FileUnwritable, file.errorString());
    if (secret)
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    if (file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::FileUnwritable, file.errorString());
    return {};
}

bool isComplete(const QString& folder, const DemoSigner& signer, const Result<TrustStore>& trust,
                const QDateTime& now) {
    const Result<CertificatePtr> certificate = loadCertificate(folder, signer.user);
    return trust && certificate && QFileInfo::exists(keyPath(folder, signer.user)) &&
           trust->chainOf(certificate->get(), trust->intermediates(), now);
}

/// Puts the new authority beside the ones that are there: what they signed stays verifiable.
Status addToTrust(const QString& folder, CertificateAuthority& authority, const Validity& validity) {
    const Result<QByteArray> certificates = authority.certificatesPem();
    const Result<QByteArray> lists = authority.revocationListsPem(validity.notBefore, validity.notAfter);
    if (!certificates || !lists)
        return fail(certificates ? lists.error() : certificates.error());
    const QDir trust(QDir(folder).filePath(QStringLiteral("trust")));
    QByteArray earlierCertificates;
    QByteArray earlierLists;
    const bool hasCertificates = readFile(trust.filePath(QStringLiteral("ca.pem")), earlierCertificates);
    const bool hasLists = readFile(trust.filePath(QStringLiteral("crl.pem")), earlierLists);
    // Authorities put there without lists are not checked for revocation; a first list would make that an error.
    if (hasLists || !hasCertificates)
        if (Status done = writeFile(trust.filePath(QStringLiteral("crl.pem")), earlierLists + *lists, false); !done)
            return done;
    return writeFile(trust.filePath(QStringLiteral("ca.pem")), earlierCertificates + *certificates, false);
}

} // namespace

Status createDemoTrust(const QString& folder, const std::vector<DemoSigner>& signers, const Clock& clock,
                       int iterations) {
    const QDateTime now = clock.nowUtc();
    const Result<TrustStore> trust = TrustStore::load(folder);
    std::vector<DemoSigner> missing;
    for (const DemoSigner& signer : signers) {
        if (keyPath(folder, signer.user).isEmpty())
            return fail(ErrorCode::InvalidArgument, QStringLiteral("user id that cannot be a file name"));
        if (!isComplete(folder, signer, trust, now))
            missing.push_back(signer);
    }
    if (missing.empty() && (trust || !signers.empty()))
        return {};
    const QDir root(folder);
    if (!root.mkpath(QStringLiteral("trust")) || !root.mkpath(QStringLiteral("keys")))
        return fail(ErrorCode::FileUnwritable, QStringLiteral("cannot make the folders of keys"));
    QFile::setPermissions(root.filePath(QStringLiteral("keys")),
                          QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);

    // A day back: clocks of the county's desks differ.
    const Validity validity{now.addDays(-1), now.addYears(demoYears)};
    const CertificateSubject subject{QStringLiteral("Yuanzhen DEMO"), QStringLiteral("Yuanzhen DEMO 演示"),
                                     QStringLiteral("DEMO 演示, not for patients")};
    Result<CertificateAuthority> authority = CertificateAuthority::create(KeyType::Sm2, subject, validity);
    if (!authority)
        return fail(authority.error());
    if (Status done = addToTrust(folder, *authority, validity); !done)
        return done;
    for (const DemoSigner& signer : missing) {
        CertificateSubject own = subject;
        own.commonName = signer.name;
        const Result<IssuedKey> issued = authority->issue(own, validity, signer.pin, iterations);
        if (!issued)
            return fail(issued.error());
        Status done = writeFile(keyPath(folder, signer.user), issued->keyPem, true);
        if (done)
            done = writeFile(certificatePath(folder, signer.user), issued->certificatePem, false);
        if (!done)
            return done;
    }
    return {};
}

} // namespace yz
