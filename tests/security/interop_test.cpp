#include "signing_desk.h"

#include <QProcess>
#include <QStandardPaths>
#include <openssl/cms.h>

using namespace yz;
using namespace yz::test;

/// The judges here are programs of others.
class InteropTest : public QObject {
    Q_OBJECT

    const QByteArray m_content = QByteArray("line\r\nline\n\0binary\x80", 20);
    QString m_openssl = QStandardPaths::findExecutable(QStringLiteral("openssl"));

    struct Outcome {
        int exitCode;
        QByteArray output;
    };
    [[nodiscard]] Outcome openssl(const QStringList& arguments) const {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(m_openssl, arguments);
        if (!process.waitForFinished())
            return {-1, "did not finish"};
        return {process.exitCode(), process.readAll()};
    }

private Q_SLOTS:
    void initTestCase() {
        if (m_openssl.isEmpty())
            QSKIP("no openssl program");
    }

    void opensslVerifiesCades_data() {
        QTest::addColumn<KeyType>("type");
        QTest::newRow("P-256") << KeyType::P256;
        QTest::newRow("RSA-3072") << KeyType::Rsa3072;
    }
    void opensslVerifiesCades() {
        QFETCH(const KeyType, type);
        SigningDesk desk(type);
        const QString cms = desk.folder.filePath(QStringLiteral("report.p7s"));
        const QString content = desk.folder.filePath(QStringLiteral("content.bin"));
        write(cms, desk.sign(m_content).value());
        write(content, m_content);
        const QString at = QString::number(day(2026, 3, 2).toSecsSinceEpoch());
        const QStringList arguments{QStringLiteral("cms"),      QStringLiteral("-verify"),
                                    QStringLiteral("-cades"),   QStringLiteral("-binary"),
                                    QStringLiteral("-inform"),  QStringLiteral("DER"),
                                    QStringLiteral("-in"),      cms,
                                    QStringLiteral("-content"), content,
                                    QStringLiteral("-CAfile"),  desk.folder.filePath(QStringLiteral("trust/ca.pem")),
                                    QStringLiteral("-attime"),  at,
                                    QStringLiteral("-purpose"), QStringLiteral("any"),
                                    QStringLiteral("-out"),     QStringLiteral("/dev/null")};
        const Outcome good = openssl(arguments);
        QVERIFY2(good.exitCode == 0, good.output.constData());
        QVERIFY2(good.output.contains("CAdES Verification successful"), good.output.constData());
        write(content, m_content + '!');
        QVERIFY(openssl(arguments).exitCode != 0);
    }

    void opensslVerifiesSm2() {
        SigningDesk desk(KeyType::Sm2);
        const QByteArray der = desk.sign(m_content).value();
        const auto* bytes = reinterpret_cast<const unsigned char*>(der.constData());
        CMS_ContentInfo* cms = d2i_CMS_ContentInfo(nullptr, &bytes, long(der.size()));
        const ASN1_OCTET_STRING* value =
            CMS_SignerInfo_get0_signature(sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0));
        const QByteArray signature(reinterpret_cast<const char*>(value->data), value->length);
        CMS_ContentInfo_free(cms);
        // The attributes stand in the file as [0] IMPLICIT right before the signature's algorithm; signed is the SET.
        const QByteArray contentType = QByteArray::fromHex("06092a864886f70d010903"); // starts the first attribute
        qsizetype start = der.indexOf(contentType) - 2;
        QVERIFY(start > 0);
        // Its header: a1/a0 with a length of one or two bytes more.
        qsizetype header = -1;
        qsizetype length = 0;
        for (const qsizetype size : {2, 3, 4}) {
            const auto at = [&](qsizetype i) { return uchar(der[start - size + i]); };
            if (at(0) != 0xa0)
                continue;
            const bool fits = size == 2 ? at(1) < 0x80 : size == 3 ? at(1) == 0x81 : at(1) == 0x82;
            if (!fits)
                continue;
            length = size == 2 ? at(1) : size == 3 ? at(2) : (at(2) << 8) + at(3);
            header = size;
        }
        QVERIFY(header > 0);
        QByteArray attributes = der.mid(start - header, header + length);
        attributes[0] = '\x31';

        const auto path = [&](const char* name) { return desk.folder.filePath(QLatin1String(name)); };
        write(path("attributes.der"), attributes);
        write(path("signature.bin"), signature);
        const Outcome publicKey =
            openssl({QStringLiteral("x509"), QStringLiteral("-in"), desk.certificateFile(desk.user),
                     QStringLiteral("-pubkey"), QStringLiteral("-noout"), QStringLiteral("-out"), path("public.pem")});
        QVERIFY2(publicKey.exitCode == 0, publicKey.output.constData());
        const auto verify = [&](const char* id) {
            return openssl({QStringLiteral("dgst"), QStringLiteral("-sm3"), QStringLiteral("-verify"),
                            path("public.pem"), QStringLiteral("-signature"), path("signature.bin"),
                            QStringLiteral("-sigopt"), u"distid:" + QLatin1String(id), path("attributes.der")});
        };
        const Outcome good = verify("1234567812345678");
        QVERIFY2(good.exitCode == 0 && good.output.contains("Verified OK"), good.output.constData());
        QVERIFY(verify("").exitCode != 0);
    }

    void opensslVerifiesTheChain_data() { keyTypeRows(); }
    void opensslVerifiesTheChain() {
        QFETCH(const KeyType, type);
        SigningDesk desk(type);
        const QString bundle = desk.folder.filePath(QStringLiteral("trust/ca.pem"));
        const QByteArray both = read(bundle);
        const qsizetype second = both.indexOf("-----BEGIN", 10);
        const QString root = desk.folder.filePath(QStringLiteral("root.pem"));
        const QString intermediate = desk.folder.filePath(QStringLiteral("intermediate.pem"));
        write(root, both.left(second));
        write(intermediate, both.mid(second));
        const QString at = QString::number(day(2026, 3, 2).toSecsSinceEpoch());
        QStringList arguments{QStringLiteral("verify"), QStringLiteral("-attime"), at, QStringLiteral("-x509_strict")};
        // The program gives SM2's identifier to one level only: each certificate is checked against its issuer.
        if (type == KeyType::Sm2)
            arguments += {QStringLiteral("-partial_chain"), QStringLiteral("-vfyopt"),
                          QStringLiteral("distid:1234567812345678"), QStringLiteral("-trusted"), intermediate};
        else
            arguments += {QStringLiteral("-CAfile"), root, QStringLiteral("-untrusted"), intermediate};
        const Outcome good = openssl(arguments + QStringList{desk.certificateFile(desk.user)});
        QVERIFY2(good.exitCode == 0, good.output.constData());
    }

    void namesAreUtf8() {
        SigningDesk desk(KeyType::Sm2);
        const Outcome text = openssl({QStringLiteral("x509"), QStringLiteral("-in"), desk.certificateFile(desk.user),
                                      QStringLiteral("-noout"), QStringLiteral("-subject"), QStringLiteral("-nameopt"),
                                      QStringLiteral("utf8,show_type,sep_comma_plus")});
        QVERIFY2(text.output.contains("CN=UTF8STRING:张伟"), text.output.constData());
    }

    void keyFileIsPbes2WithAes256() {
        SigningDesk desk(KeyType::Sm2);
        const Outcome text = openssl({QStringLiteral("asn1parse"), QStringLiteral("-in"), desk.keyFile(desk.user)});
        QVERIFY2(text.output.contains("PBES2") && text.output.contains("aes-256-cbc") &&
                     text.output.contains("hmacWithSHA256"),
                 text.output.constData());
    }
};

QTEST_GUILESS_MAIN(InteropTest)
#include "interop_test.moc"
