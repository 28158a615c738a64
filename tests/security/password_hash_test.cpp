#include "security/password_hash.h"

#include <QElapsedTimer>
#include <QTest>

using namespace yz;

class PasswordHashTest : public QObject {
    Q_OBJECT

    static constexpr PasswordHashCost cheap{1, 64, 1};

private Q_SLOTS:
    void rightAndWrong() {
        const QString encoded = hashPassword(QStringLiteral("影像科2026"), cheap).value();
        QVERIFY(encoded.startsWith(u"$argon2id$v=19$m=64,t=1,p=1$"));
        QVERIFY(!encoded.contains(u"2026"));
        QVERIFY(verifyPassword(QStringLiteral("影像科2026"), encoded));
        QCOMPARE(verifyPassword(QStringLiteral("影像科2027"), encoded).error().code, ErrorCode::PasswordWrong);
        QCOMPARE(verifyPassword(QString(), encoded).error().code, ErrorCode::PasswordWrong);
        QCOMPARE(verifyPassword(QStringLiteral("x"), QStringLiteral("plain")).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(verifyPassword(QStringLiteral("x"), QString()).error().code, ErrorCode::InvalidArgument);
    }

    void saltsDiffer() {
        QVERIFY(hashPassword(QStringLiteral("same"), cheap).value() !=
                hashPassword(QStringLiteral("same"), cheap).value());
    }

    void composedAndDecomposedAreOnePassword() {
        const QString encoded = hashPassword(QStringLiteral("\u00e9tage12"), cheap).value();
        QVERIFY(verifyPassword(QStringLiteral("e\u0301tage12"), encoded));
    }

    void productCost() {
        const QString encoded = hashPassword(QStringLiteral("secret12")).value();
        QVERIFY2(encoded.startsWith(u"$argon2id$v=19$m=65536,t=3,p=1$"), qPrintable(encoded));
        QVERIFY(verifyPassword(QStringLiteral("secret12"), encoded));
    }

    void strangersString() {
        // Made by the reference command line program: argon2 somesalt -id -t 2 -m 16 -p 1, password "password".
        QVERIFY(
            verifyPassword(QStringLiteral("password"), QStringLiteral("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
                                                                      "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")));
    }

    void strength_data() {
        QTest::addColumn<QString>("password");
        QTest::addColumn<bool>("strong");
        QTest::newRow("short") << "abc1234" << false;
        QTest::newRow("eight") << "abc12345" << true;
        QTest::newRow("eight characters, four of them pairs of code units") << QStringLiteral("𠮷𠮷𠮷𠮷") << false;
        QTest::newRow("login") << "zhangwei" << false;
        QTest::newRow("login in capitals") << "ZhangWei" << false;
        QTest::newRow("login and more") << "zhangwei7!" << true;
        QTest::newRow("repeated") << "11111111" << false;
        QTest::newRow("empty") << "" << false;
    }
    void strength() {
        QFETCH(const QString, password);
        QFETCH(const bool, strong);
        const Status status = checkPasswordStrength(password, QStringLiteral("zhangwei"));
        QCOMPARE(status.has_value(), strong);
        if (!strong)
            QCOMPARE(status.error().code, ErrorCode::PasswordTooWeak);
    }
};

QTEST_GUILESS_MAIN(PasswordHashTest)
#include "password_hash_test.moc"
