#include "core/clock.h"
#include "core/ids.h"
#include "core/points.h"
#include "core/result.h"
#include "core/uid.h"

#include <QSet>
#include <QTest>
#include <QUuid>

using namespace yz;

class CoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void uuidBecomesDecimalUid() {
        // The example of PS3.5 B.2: f81d4fae-7dec-11d0-a765-00a0c91e6bf6.
        const QUuid uuid(QStringLiteral("{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}"));
        QCOMPARE(uidFromUuidBytes(uuid.toRfc4122()), QStringLiteral("2.25.329800735698586629295641978511506172918"));
        QCOMPARE(uidFromUuidBytes(QByteArray(16, '\0')), QStringLiteral("2.25.0"));
    }

    void randomUidsAreValidAndDistinct() {
        RandomUidSource source;
        QSet<QString> seen;
        for (int i = 0; i < 200; ++i) {
            const QString uid = source.next();
            QVERIFY2(isValidUid(uid), qPrintable(uid));
            seen.insert(uid);
        }
        QCOMPARE(seen.size(), 200);
    }

    void validity_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("valid");
        QTest::newRow("plain") << "1.2.840.10008.1.1" << true;
        QTest::newRow("zero component") << "1.0.3" << true;
        QTest::newRow("leading zero") << "1.02.3" << false;
        QTest::newRow("empty component") << "1..3" << false;
        QTest::newRow("letter") << "1.2.a" << false;
        QTest::newRow("empty") << "" << false;
        QTest::newRow("64 characters") << QString("1." + QString(62, u'7')) << true;
        QTest::newRow("65 characters") << QString("1." + QString(63, u'7')) << false;
    }
    void validity() {
        QFETCH(QString, text);
        QFETCH(bool, valid);
        QCOMPARE(isValidUid(text), valid);
    }

    void everyCodeHasItsOwnName() {
        QSet<QString> names;
        int count = 0;
#define YZ_COUNT(name)                                                                                                 \
    names.insert(errorName(ErrorCode::name));                                                                          \
    ++count;
        YZ_ERROR_CODES(YZ_COUNT)
#undef YZ_COUNT
        QCOMPARE(names.size(), count);
    }

    void errorsCarryCodeAndDetail() {
        const auto failing = []() -> Result<int> { return fail(ErrorCode::DiskFull, QStringLiteral("vault")); };
        const Result<int> result = failing();
        QVERIFY(!result);
        QCOMPARE(result.error().toString(), QStringLiteral("DiskFull: vault"));
    }

    void crossProductIsRightHanded() {
        const PatientVector left{1, 0, 0};
        const PatientVector posterior{0, 1, 0};
        QVERIFY((left.cross(posterior) == PatientVector{0, 0, 1}));
        QCOMPARE((PatientVector{3, 4, 0}.normalized().length()), 1.0);
        QVERIFY((PatientVector{}.normalized() == PatientVector{}));
    }
};

QTEST_GUILESS_MAIN(CoreTest)
#include "core_test.moc"
