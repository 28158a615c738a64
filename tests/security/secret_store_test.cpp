#include "security/secret_store.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;

class SecretStoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatItWasGiven();
    void nothingIsPlainOnTheDisk();
    void changedOrForeignFilesDoNotOpen();
    void aKeyIsMadeOnce();
    void whatCannotBeLookedAtIsNotWrittenOver();
};

namespace {

const QString kPassword = QStringLiteral("node/pacs/password");
const QByteArray kValue = QStringLiteral("口令-Kennwort-7731").toUtf8();

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool put(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace

void SecretStoreTest::keepsWhatItWasGiven() {
    const QTemporaryDir folder;
    {
        SecretStore store(folder.path());
        QCOMPARE(store.get(kPassword).error().code, ErrorCode::NotFound);
        QVERIFY(store.names()->isEmpty());
        QVERIFY(store.set(kPassword, "first"));
        QVERIFY(store.set(kPassword, kValue));
        QVERIFY(store.set(QStringLiteral("b"), QByteArray(100'000, '\0')));
    }
    SecretStore again(folder.path());
    QCOMPARE(again.get(kPassword).value_or(QByteArray()), kValue);
    QCOMPARE(again.get(QStringLiteral("b")).value_or(QByteArray()), QByteArray(100'000, '\0'));
    const QStringList both{QStringLiteral("b"), kPassword};
    QCOMPARE(again.names().value_or(QStringList()), both);
    QVERIFY(again.set(QStringLiteral("b"), {}));
    QCOMPARE(again.get(QStringLiteral("b")).error().code, ErrorCode::NotFound);
}

void SecretStoreTest::nothingIsPlainOnTheDisk() {
    const QTemporaryDir folder;
    SecretStore store(folder.path());
    QVERIFY(store.set(kPassword, kValue));
    const QByteArray before = bytesOf(folder.filePath(QStringLiteral("keys/secrets.bin")));
    QVERIFY(store.set(kPassword, kValue));
    QVERIFY(before != bytesOf(folder.filePath(QStringLiteral("keys/secrets.bin")))); // never twice with one nonce
    int files = 0;
    QDirIterator all(folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        const QString path = all.next();
        ++files;
        QVERIFY(!bytesOf(path).contains(kValue));
        QVERIFY(!bytesOf(path).contains(kPassword.toUtf8()));
        QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
    }
    QCOMPARE(files, 2);
}

void SecretStoreTest::changedOrForeignFilesDoNotOpen() {
    const QTemporaryDir folder;
    const QString secrets = folder.filePath(QStringLiteral("keys/secrets.bin"));
    const QString key = folder.filePath(QStringLiteral("keys/desk.key"));
    SecretStore store(folder.path());
    QVERIFY(store.set(kPassword, kValue));
    const QByteArray good = bytesOf(secrets);
    for (const qsizetype at : {qsizetype(0), qsizetype(12), good.size() / 2, good.size() - 1}) {
        QByteArray bad = good;
        bad[at] = char(bad[at] ^ 1);
        QVERIFY(put(secrets, bad));
        QCOMPARE(store.get(kPassword).error().code, ErrorCode::KeyUnavailable);
        QCOMPARE(store.set(kPassword, "x").error().code, ErrorCode::KeyUnavailable); // not written over
    }
    QVERIFY(put(secrets, good.left(good.size() - 1)));
    QCOMPARE(store.get(kPassword).error().code, ErrorCode::KeyUnavailable);
    QVERIFY(put(secrets, good));
    QCOMPARE(store.get(kPassword).value_or(QByteArray()), kValue);

    const QTemporaryDir other;
    SecretStore stranger(other.path());
    QVERIFY(stranger.set(kPassword, "theirs"));
    QVERIFY(put(other.filePath(QStringLiteral("keys/secrets.bin")), good));
    QCOMPARE(stranger.get(kPassword).error().code, ErrorCode::KeyUnavailable);
    QVERIFY(QFile::remove(key));
    QCOMPARE(store.get(kPassword).error().code, ErrorCode::KeyUnavailable);
}

void SecretStoreTest::aKeyIsMadeOnce() {
    const QTemporaryDir folder;
    const QString file = QStringLiteral("own.bin");
    const QString name = QStringLiteral("data");
    SecretStore store(folder.path(), file);
    const auto made = store.getOrMake(name, 32, {{QStringLiteral("mark"), "1"}});
    QVERIFY(made);
    QCOMPARE(made->value(name).size(), qsizetype(32));
    QCOMPARE(made->value(QStringLiteral("mark")), QByteArray("1"));
    QVERIFY(made->value(name) != QByteArray(32, '\0'));
    // Later, by another one, and with something else beside it: what is there stays.
    const auto again = SecretStore(folder.path(), file).getOrMake(name, 16, {{QStringLiteral("mark"), "2"}});
    QVERIFY(again);
    QVERIFY(*again == *made);
    // It is no secret of the desk's, and those do not touch it.
    SecretStore secrets(folder.path());
    QVERIFY(secrets.set(kPassword, kValue));
    QCOMPARE(secrets.names().value(), QStringList{kPassword});
    QVERIFY(*SecretStore(folder.path(), file).getOrMake(name, 32) == *made);
    // Another machine, and a broken file: refused, not made anew.
    QCOMPARE(SecretStore(folder.path(), file, "elsewhere").getOrMake(name, 32).error().code, ErrorCode::KeyUnavailable);
    const QString path = folder.filePath(QStringLiteral("keys/") + file);
    const QByteArray good = bytesOf(path);
    QVERIFY(put(path, good.left(30)));
    QCOMPARE(SecretStore(folder.path(), file).getOrMake(name, 32).error().code, ErrorCode::KeyUnavailable);
    QCOMPARE(bytesOf(path), good.left(30));
}

/// The keys lie on another volume, which is not there just now: nothing new is made in their place.
void SecretStoreTest::whatCannotBeLookedAtIsNotWrittenOver() {
    const QTemporaryDir folder, volume;
    const QString file = QStringLiteral("own.bin");
    const QString name = QStringLiteral("data");
    SecretStore store(folder.path(), file);
    const auto made = store.getOrMake(name, 32);
    QVERIFY(made);
    const QDir away(volume.path());
    for (const QString& each : {file, QStringLiteral("desk.key")}) {
        const QString here = folder.filePath(QStringLiteral("keys/") + each);
        QVERIFY(QFile::copy(here, away.filePath(each)));
        QVERIFY(QFile::remove(here));
        QVERIFY(QFile::link(away.filePath(QStringLiteral("mounted/") + each), here));
    }
    QCOMPARE(store.getOrMake(name, 32).error().code, ErrorCode::KeyUnavailable);
    QCOMPARE(store.get(name).error().code, ErrorCode::KeyUnavailable);
    QCOMPARE(store.set(QStringLiteral("other"), "x").error().code, ErrorCode::KeyUnavailable);
    QCOMPARE(SecretStore(folder.path()).set(kPassword, kValue).error().code, ErrorCode::KeyUnavailable);
    QVERIFY(QFile::link(away.path(), away.filePath(QStringLiteral("mounted"))));
    QVERIFY(*store.getOrMake(name, 32) == *made);
}

QTEST_GUILESS_MAIN(SecretStoreTest)
#include "secret_store_test.moc"
