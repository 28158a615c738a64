#pragma once

#include "security/certificate_authority.h"
#include "security/cms_report_signer.h"
#include "security/cms_verifier.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace yz::test {

inline void write(const QString& path, const QByteArray& bytes) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write a test file");
}

inline QByteArray read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QDateTime day(int year, int month, int dayOfMonth) {
    return {QDate(year, month, dayOfMonth), QTime(8, 0), Qt::UTC};
}

/// A folder of keys and trust with one authority and the doctor "d1" (PIN 123456), all valid through 2025-2035.
struct SigningDesk {
    explicit SigningDesk(KeyType type, bool withLists = true)
        : authority(CertificateAuthority::create(type, subject(QStringLiteral("测试机构")), validity()).value()),
          signer(folder.path()), verifier(folder.path()) {
        write(folder.filePath(QStringLiteral("trust/ca.pem")), authority.certificatesPem().value());
        if (withLists)
            writeLists(day(2026, 1, 1), day(2027, 1, 1));
        serial = addDoctor(user, validity());
    }

    static CertificateSubject subject(const QString& name) {
        return {name, QStringLiteral("County Hospital 县医院"), QStringLiteral("影像科")};
    }
    static Validity validity() { return {day(2025, 1, 1), day(2035, 1, 1)}; }

    QString addDoctor(const UserId& id, const Validity& valid) {
        const IssuedKey issued = authority.issue(subject(QStringLiteral("张伟")), valid, pin, 1000).value();
        write(keyFile(id), issued.keyPem);
        write(certificateFile(id), issued.certificatePem);
        return issued.serial;
    }
    void writeLists(const QDateTime& thisUpdate, const QDateTime& nextUpdate) {
        write(folder.filePath(QStringLiteral("trust/crl.pem")),
              authority.revocationListsPem(thisUpdate, nextUpdate).value());
    }
    [[nodiscard]] QString keyFile(const UserId& id) const {
        return folder.filePath(u"keys/" + id.value() + u".key.pem");
    }
    [[nodiscard]] QString certificateFile(const UserId& id) const {
        return folder.filePath(u"keys/" + id.value() + u".cert.pem");
    }
    Result<QByteArray> sign(const QByteArray& bytes, const QDateTime& at = day(2026, 3, 2)) {
        return signer.sign(user, pin, bytes, at);
    }

    QTemporaryDir folder;
    CertificateAuthority authority;
    CmsReportSigner signer;
    CmsSignatureVerifier verifier;
    UserId user{QStringLiteral("d1")};
    QString pin = QStringLiteral("123456");
    QString serial;
};

inline void keyTypeRows() {
    QTest::addColumn<KeyType>("type");
    QTest::newRow("SM2") << KeyType::Sm2;
    QTest::newRow("P-256") << KeyType::P256;
    QTest::newRow("RSA-3072") << KeyType::Rsa3072;
}

/// SM2, which has ways of its own in the code, and one of the others; RSA keys take seconds to make.
inline void curveRows() {
    QTest::addColumn<KeyType>("type");
    QTest::newRow("SM2") << KeyType::Sm2;
    QTest::newRow("P-256") << KeyType::P256;
}

} // namespace yz::test

Q_DECLARE_METATYPE(yz::KeyType)
