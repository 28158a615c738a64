#include "signing_desk.h"
#include "support/fake_clock.h"

#include <QDirIterator>

using namespace yz;
using namespace yz::test;

class DemoTrustTest : public QObject {
    Q_OBJECT

    static constexpr int cheap = 1000;
    const DemoSigner m_author{UserId(QStringLiteral("demo-reader")), QStringLiteral("张伟"), QStringLiteral("111111")};
    const DemoSigner m_reviewer{UserId(QStringLiteral("demo-reviewer")), QStringLiteral("李娜"),
                                QStringLiteral("222222")};

    static QMap<QString, QByteArray> contents(const QString& folder) {
        QMap<QString, QByteArray> files;
        QDirIterator walk(folder, QDir::Files, QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            const QString path = walk.next();
            files[path] = read(path);
        }
        return files;
    }

private Q_SLOTS:
    void makesUsableKeysOnce() {
        QTemporaryDir folder;
        FakeClock clock;
        QVERIFY(createDemoTrust(folder.path(), {m_author, m_reviewer}, clock, cheap));
        const auto before = contents(folder.path());
        QCOMPARE(before.size(), 6); // two keys, two certificates, authorities, lists
        QVERIFY(createDemoTrust(folder.path(), {m_author, m_reviewer}, clock, cheap));
        QCOMPARE(contents(folder.path()), before);
        clock.advance(std::chrono::hours(24 * 365));
        QVERIFY(createDemoTrust(folder.path(), {m_reviewer}, clock, cheap));
        QCOMPARE(contents(folder.path()), before);

        CmsReportSigner signer(folder.path());
        CmsSignatureVerifier verifier(folder.path());
        const QByteArray cms = signer.sign(m_author.user, m_author.pin, "report", clock.nowUtc()).value();
        const SignatureVerdict verdict = verifier.verify("report", cms);
        QVERIFY(verdict.valid);
        QVERIFY(verdict.signer.isDemo);
        QCOMPARE(verdict.signer.subject, m_author.name);
        QCOMPARE(verdict.signer.keyAlgorithm, QStringLiteral("SM2"));
        QVERIFY(signer.certificate(m_reviewer.user)->isDemo);
        QCOMPARE(signer.sign(m_author.user, m_reviewer.pin, "report", clock.nowUtc()).error().code,
                 ErrorCode::PasswordWrong);
        const auto permissions = QFile::permissions(folder.filePath(QStringLiteral("keys/demo-reader.key.pem")));
        QVERIFY(!(permissions & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther)));
    }

    void aLaterUserJoinsAndOldSignaturesStay() {
        QTemporaryDir folder;
        FakeClock clock;
        QVERIFY(createDemoTrust(folder.path(), {m_author}, clock, cheap));
        CmsReportSigner signer(folder.path());
        CmsSignatureVerifier verifier(folder.path());
        const QByteArray authors = signer.sign(m_author.user, m_author.pin, "report", clock.nowUtc()).value();
        clock.advance(std::chrono::hours(48));
        QVERIFY(createDemoTrust(folder.path(), {m_author, m_reviewer}, clock, cheap));
        const Result<QByteArray> reviewers = signer.sign(m_reviewer.user, m_reviewer.pin, "report", clock.nowUtc());
        QVERIFY2(reviewers, reviewers ? "" : qPrintable(reviewers.error().toString()));
        QVERIFY(verifier.verify("report", authors).valid);
        QVERIFY(verifier.verify("report", *reviewers).valid);
        QVERIFY(signer.sign(m_author.user, m_author.pin, "report", clock.nowUtc()));
    }

    void damagedSetIsCompleted() {
        QTemporaryDir folder;
        FakeClock clock;
        QVERIFY(createDemoTrust(folder.path(), {m_author, m_reviewer}, clock, cheap));
        QFile::remove(folder.filePath(QStringLiteral("keys/demo-reader.key.pem")));
        QVERIFY(createDemoTrust(folder.path(), {m_author, m_reviewer}, clock, cheap));
        CmsReportSigner signer(folder.path());
        QVERIFY(signer.sign(m_author.user, m_author.pin, "report", clock.nowUtc()));
        QVERIFY(signer.sign(m_reviewer.user, m_reviewer.pin, "report", clock.nowUtc()));
        clock.advance(std::chrono::hours(24 * 366 * 11)); // all expired
        QVERIFY(!signer.sign(m_author.user, m_author.pin, "report", clock.nowUtc()));
        QVERIFY(createDemoTrust(folder.path(), {m_author, m_reviewer}, clock, cheap));
        QVERIFY(signer.sign(m_author.user, m_author.pin, "report", clock.nowUtc()));
    }

    void unusableNamesAndFolders() {
        QTemporaryDir folder;
        FakeClock clock;
        DemoSigner hostile = m_author;
        hostile.user = UserId(QStringLiteral("../evil"));
        QCOMPARE(createDemoTrust(folder.path(), {hostile}, clock, cheap).error().code, ErrorCode::InvalidArgument);
        write(folder.filePath(QStringLiteral("file")), "x");
        QCOMPARE(createDemoTrust(folder.filePath(QStringLiteral("file")), {m_author}, clock, cheap).error().code,
                 ErrorCode::FileUnwritable);
    }
};

QTEST_GUILESS_MAIN(DemoTrustTest)
#include "demo_trust_test.moc"
