#include "signing_desk.h"

using namespace yz;
using namespace yz::test;

class SignatureTest : public QObject {
    Q_OBJECT

    const QByteArray m_content = QByteArray("{\"findings\":\"右肺上叶见结节\",\r\n\"x\":0}") + '\0' + "tail";

private Q_SLOTS:
    void signAndVerify_data() { keyTypeRows(); }
    void signAndVerify() {
        QFETCH(const KeyType, type);
        SigningDesk desk(type);
        const QDateTime at(QDate(2026, 3, 2), QTime(9, 30, 15, 250), Qt::UTC);
        const Result<QByteArray> cms = desk.sign(m_content, at);
        QVERIFY2(cms, cms ? "" : qPrintable(cms.error().toString()));
        const SignatureVerdict verdict = desk.verifier.verify(m_content, *cms);
        QVERIFY2(verdict.valid, verdict.problem ? qPrintable(verdict.problem->toString()) : "");
        QVERIFY(!verdict.problem);
        QCOMPARE(verdict.signedAt, at.addMSecs(-250)); // whole seconds
        QCOMPARE(verdict.signer.subject, QStringLiteral("张伟"));
        QCOMPARE(verdict.signer.issuer, QStringLiteral("测试机构 CA"));
        QCOMPARE(verdict.signer.serial, desk.serial);
        QCOMPARE(verdict.signer.notBefore, SigningDesk::validity().notBefore);
        QCOMPARE(verdict.signer.notAfter, SigningDesk::validity().notAfter);
        QCOMPARE(verdict.signer.keyAlgorithm, type == KeyType::Sm2    ? QStringLiteral("SM2")
                                              : type == KeyType::P256 ? QStringLiteral("EC P-256")
                                                                      : QStringLiteral("RSA 3072"));
        QVERIFY(!verdict.signer.isDemo);
        QCOMPARE(desk.signer.certificate(desk.user)->serial, desk.serial);

        QByteArray changed = m_content;
        changed[5] = 'F';
        QCOMPARE(desk.verifier.verify(changed, *cms).problem->code, ErrorCode::SignatureInvalid);
        QVERIFY(!desk.verifier.verify(m_content + '\n', *cms).valid);
        QVERIFY(!desk.verifier.verify({}, *cms).valid);
        QVERIFY(desk.verifier.verify({}, desk.sign({}).value()).valid); // empty content can be signed as well
    }

    void digestIsSm3() {
        // GB/T 32905-2016, example A.1.
        QCOMPARE(CmsSignatureVerifier({}).digest("abc").toHex(),
                 QByteArray("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"));
    }

    void notASignature_data() {
        QTest::addColumn<QByteArray>("cms");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("not DER at all");
        QTest::newRow("sequence of nothing") << QByteArray("\x30\x00", 2);
        QTest::newRow("huge length") << QByteArray("\x30\x84\x7f\xff\xff\xff\x06\x09", 8);
        QTest::newRow("large") << QByteArray(1 << 20, '\x30');
    }
    void notASignature() {
        QFETCH(const QByteArray, cms);
        SigningDesk desk(KeyType::P256);
        const SignatureVerdict verdict = desk.verifier.verify(m_content, cms);
        QVERIFY(!verdict.valid);
        QCOMPARE(verdict.problem->code, ErrorCode::SignatureInvalid);
    }

    void wrongPin_data() { curveRows(); }
    void wrongPin() {
        QFETCH(const KeyType, type);
        SigningDesk desk(type);
        // Often enough that garbage with good padding comes up as well (one in 256).
        for (int i = 0; i < 300; ++i)
            QCOMPARE(desk.signer.sign(desk.user, QString::number(i), m_content, day(2026, 3, 2)).error().code,
                     ErrorCode::PasswordWrong);
        QCOMPARE(desk.signer.sign(desk.user, {}, m_content, day(2026, 3, 2)).error().code, ErrorCode::PasswordWrong);
    }

    void keyFiles() {
        SigningDesk desk(KeyType::Sm2);
        const QByteArray key = read(desk.keyFile(desk.user));
        QVERIFY(key.startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
        const auto code = [&] { return desk.sign(m_content).error().code; };

        const UserId other(QStringLiteral("d2"));
        desk.addDoctor(other, SigningDesk::validity());
        write(desk.keyFile(desk.user), read(desk.keyFile(other)));
        QCOMPARE(code(), ErrorCode::KeyDoesNotMatchCertificate);
        write(desk.keyFile(desk.user), "garbage");
        QCOMPARE(code(), ErrorCode::KeyUnavailable);
        QFile::remove(desk.keyFile(desk.user));
        QCOMPARE(code(), ErrorCode::KeyUnavailable);
        // An open key is refused: it is nobody's alone.
        write(desk.keyFile(desk.user), "-----BEGIN PRIVATE KEY-----\n"
                                       "MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgAAAAAAAAAAAAAAAA\n"
                                       "-----END PRIVATE KEY-----\n");
        QCOMPARE(code(), ErrorCode::KeyUnavailable);
        write(desk.certificateFile(desk.user), "garbage");
        QCOMPARE(code(), ErrorCode::CertificateMissing);
        QFile::remove(desk.certificateFile(desk.user));
        QCOMPARE(code(), ErrorCode::CertificateMissing);
        QCOMPARE(desk.signer.certificate(desk.user).error().code, ErrorCode::CertificateMissing);
        QCOMPARE(desk.signer.certificate(UserId(QStringLiteral("../keys/d2"))).error().code,
                 ErrorCode::CertificateMissing);
    }

    void keyOfAnotherKind() {
        SigningDesk desk(KeyType::Sm2);
        SigningDesk rsa(KeyType::Rsa3072);
        write(desk.keyFile(desk.user), read(rsa.keyFile(rsa.user)));
        QCOMPARE(desk.sign(m_content).error().code, ErrorCode::KeyDoesNotMatchCertificate);
    }

    void validityPeriod_data() { curveRows(); }
    void validityPeriod() {
        QFETCH(const KeyType, type);
        SigningDesk desk(type, false);
        desk.addDoctor(desk.user, {day(2026, 1, 1), day(2027, 1, 1)});
        QCOMPARE(desk.sign(m_content, day(2025, 12, 31)).error().code, ErrorCode::CertificateNotYetValid);
        QCOMPARE(desk.sign(m_content, day(2027, 1, 2)).error().code, ErrorCode::CertificateExpired);
        QCOMPARE(desk.sign(m_content, day(2036, 1, 1)).error().code, ErrorCode::CertificateExpired);
        const QByteArray cms = desk.sign(m_content, day(2026, 6, 1)).value();
        // Whenever it is looked at later, the signing time counts.
        QVERIFY(desk.verifier.verify(m_content, cms).valid);
    }

    void revocation_data() { keyTypeRows(); }
    void revocation() {
        QFETCH(const KeyType, type);
        SigningDesk desk(type);
        const QByteArray before = desk.sign(m_content, day(2026, 3, 2)).value();
        const QByteArray after = desk.sign(m_content, day(2026, 3, 20)).value();
        desk.authority.revoke(desk.serial, day(2026, 3, 10));
        desk.writeLists(day(2026, 3, 11), day(2026, 4, 11));
        QCOMPARE(desk.sign(m_content, day(2026, 3, 12)).error().code, ErrorCode::CertificateRevoked);
        QCOMPARE(desk.verifier.verify(m_content, after).problem->code, ErrorCode::CertificateRevoked);
        // Signed before, and the list is later than the signature: it stays good.
        const SignatureVerdict verdict = desk.verifier.verify(m_content, before);
        QVERIFY2(verdict.valid, verdict.problem ? qPrintable(verdict.problem->toString()) : "");
        // A list from after the signature still counts where it says "before", and so does one that is past its time.
        desk.writeLists(day(2026, 4, 1), day(2026, 5, 1));
        QCOMPARE(desk.verifier.verify(m_content, after).problem->code, ErrorCode::CertificateRevoked);
        QVERIFY(desk.verifier.verify(m_content, before).valid);
        QCOMPARE(desk.sign(m_content, day(2026, 5, 3)).error().code, ErrorCode::CertificateRevoked);
        desk.writeLists(day(2026, 3, 11), day(2026, 4, 11));
        // Another doctor of the same authority is not touched.
        desk.addDoctor(desk.user, SigningDesk::validity());
        QVERIFY(desk.sign(m_content, day(2026, 3, 12)));
    }

    void revocationLists_data() { curveRows(); }
    void revocationLists() {
        QFETCH(const KeyType, type);
        SigningDesk desk(type); // lists end on 2027-01-01
        QVERIFY(desk.sign(m_content, day(2027, 1, 5)));
        QCOMPARE(desk.sign(m_content, day(2027, 1, 20)).error().code, ErrorCode::CertificateUntrusted);
        // A list that somebody else signed, or that was changed, is none.
        SigningDesk other(type);
        const QString path = desk.folder.filePath(QStringLiteral("trust/crl.pem"));
        const QByteArray good = read(path);
        write(path, read(other.folder.filePath(QStringLiteral("trust/crl.pem"))));
        QCOMPARE(desk.sign(m_content).error().code, ErrorCode::CertificateUntrusted);
        write(path, "garbage");
        QVERIFY(!desk.sign(m_content)); // a bundle without any list: no list for the issuer
        QList<QByteArray> lines = good.split('\n');
        QByteArray der;
        for (int i = 1; !lines[i].startsWith("-----END"); ++i)
            der += QByteArray::fromBase64(lines[i]);
        for (const int at : {int(der.size()) / 2, int(der.size()) - 3}) { // in the list, in its signature
            QByteArray bad = der;
            bad[at] = static_cast<char>(bad[at] ^ 1);
            QByteArray pem = "-----BEGIN X509 CRL-----\n" + bad.toBase64() + "\n-----END X509 CRL-----\n";
            // The intermediate's list, which is the second, stays as it is.
            pem += good.mid(good.indexOf("-----BEGIN", 10));
            write(path, pem);
            QVERIFY(!desk.sign(m_content));
        }
        write(path, good);
        QVERIFY(desk.sign(m_content));
    }

    void strangersAuthority_data() { curveRows(); }
    void strangersAuthority() {
        QFETCH(const KeyType, type);
        SigningDesk ours(type);
        SigningDesk theirs(type); // the same names, other keys
        const QByteArray cms = theirs.sign(m_content).value();
        QVERIFY(theirs.verifier.verify(m_content, cms).valid);
        const SignatureVerdict verdict = ours.verifier.verify(m_content, cms);
        QVERIFY(!verdict.valid);
        QCOMPARE(verdict.problem->code, ErrorCode::CertificateUntrusted);
        QCOMPARE(verdict.signer.subject, QStringLiteral("张伟")); // said, but as not valid
        write(ours.certificateFile(ours.user), read(theirs.certificateFile(theirs.user)));
        write(ours.keyFile(ours.user), read(theirs.keyFile(theirs.user)));
        QCOMPARE(ours.sign(m_content).error().code, ErrorCode::CertificateUntrusted);
        QFile::remove(ours.folder.filePath(QStringLiteral("trust/ca.pem")));
        QCOMPARE(ours.verifier.verify(m_content, cms).problem->code, ErrorCode::CertificateUntrusted);
    }

    void onlyRootsAreAnchors() {
        SigningDesk desk(KeyType::Sm2, false);
        const QByteArray cms = desk.sign(m_content).value();
        const QString path = desk.folder.filePath(QStringLiteral("trust/ca.pem"));
        const QByteArray both = read(path);
        const qsizetype second = both.indexOf("-----BEGIN", 10);
        write(path, both.left(second)); // the root alone: the signature brings its intermediate
        QVERIFY(desk.verifier.verify(m_content, cms).valid);
        QCOMPARE(desk.sign(m_content).error().code, ErrorCode::CertificateUntrusted);
        write(path, both.mid(second)); // the intermediate alone is no anchor
        QCOMPARE(desk.verifier.verify(m_content, cms).problem->code, ErrorCode::CertificateUntrusted);
    }

    void doctorsCertificateIsNoAuthority() {
        // A chain through a certificate that is not for issuing must not hold: put the doctor's where the CA should be.
        SigningDesk desk(KeyType::P256, false);
        const QString path = desk.folder.filePath(QStringLiteral("trust/ca.pem"));
        write(path, read(desk.certificateFile(desk.user)));
        QCOMPARE(desk.sign(m_content).error().code, ErrorCode::CertificateUntrusted);
    }
};

QTEST_GUILESS_MAIN(SignatureTest)
#include "signature_test.moc"
