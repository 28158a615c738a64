#include "storage/file_vault.h"

#include "security/secret_store.h"
#include "storage/desk_store.h"
#include "support/fake_clock.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>
#include <array>
#include <random>
#include <set>
#include <sys/resource.h>
#include <thread>

using namespace yz;

/// How image files lie in the vault: sealed, bound to the store, the study and the instance, and nothing that was done
/// to one of them stays unseen.
class VaultFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_vault = opened(*m_folder);
        QVERIFY(m_vault);
    }

    void whatIsPutComesBack_data();
    void whatIsPutComesBack();
    void anyPieceIsReadAlone();
    void nothingIsPlainOnTheDisk();
    void everyBitIsWatched();
    void everyCutIsFound();
    void filesCannotChangePlaces();
    void chunksCannotChangePlaces();
    void anotherStoreAnotherMachine();
    void anUnsealedFileIsNoFile();
    void keysAreNotMadeAnew();
    void twoOpenersOneKey();
    void oldFilesAreSealed();
    void whatWasLeftHalfGoes();
    void sealingGoesOnWhereItStopped();
    void aFileTheDiskDoesNotGive();
    void aLackOfDescriptorsIsNoDamage();

private:
    static std::unique_ptr<FileVault> opened(const QTemporaryDir& folder) {
        Result<std::unique_ptr<FileVault>> vault = FileVault::open(folder.path());
        return vault ? std::move(*vault) : nullptr;
    }
    [[nodiscard]] ErrorCode problem() const {
        const Result<QByteArray> file = m_vault->read(kStudy, kInstance);
        return file ? ErrorCode::Cancelled : file.error().code; // Cancelled: none
    }

    const StudyUid kStudy{QStringLiteral("1.2")};
    const InstanceUid kInstance{QStringLiteral("1.2.3")};
    const InstanceUid kOther{QStringLiteral("1.2.4")};
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FileVault> m_vault;
};

namespace {

constexpr qsizetype kChunk = VaultFile::kChunkBytes;
constexpr qsizetype kHead = 56;
constexpr qsizetype kTag = 16;

/// A Part 10 file as far as its first bytes tell, with a name in it.
QByteArray picture(qsizetype size) {
    QByteArray bytes(size, '\0');
    std::mt19937 dice(static_cast<unsigned>(size));
    for (char& byte : bytes)
        byte = static_cast<char>(dice());
    const QByteArray start = QByteArray(128, '\0') + "DICM" + "Wang^XiaoDong";
    return start.left(size) + bytes.mid(std::min(size, start.size()));
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

bool write(const QString& path, const QByteArray& bytes) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace

void VaultFileTest::whatIsPutComesBack_data() {
    QTest::addColumn<int>("size");
    for (const qsizetype size : {qsizetype(0), qsizetype(1), qsizetype(300), kChunk - 1, kChunk, kChunk + 1, 2 * kChunk,
                                 3 * kChunk + 77, qsizetype(3'000'000)})
        QTest::addRow("%d bytes", int(size)) << int(size);
}

void VaultFileTest::whatIsPutComesBack() {
    QFETCH(const int, size);
    const QByteArray file = picture(size);
    const Result<QString> path = m_vault->put(kStudy, kInstance, file);
    QVERIFY(path);
    QCOMPARE(m_vault->read(kStudy, kInstance).value(), file);
    QCOMPARE(m_vault->checksum(kStudy, kInstance).value(), checksumOf(file));
    const auto opened = m_vault->openPath(*path);
    QVERIFY(opened);
    QCOMPARE((*opened)->size(), qint64(size));
    // A second desk of the same folder, as after a start.
    QCOMPARE(VaultFileTest::opened(*m_folder)->read(kStudy, kInstance).value(), file);
    // Another version under the name; who has the first open goes on with it.
    QVERIFY(m_vault->put(kStudy, kInstance, "second"));
    QCOMPARE(m_vault->read(kStudy, kInstance).value(), QByteArray("second"));
    QByteArray kept(size, '\0');
    QCOMPARE((*opened)->read(0, std::as_writable_bytes(std::span(kept.data(), size_t(size)))).value(), size_t(size));
    QCOMPARE(kept, file);
}

void VaultFileTest::anyPieceIsReadAlone() {
    const QByteArray file = picture(3 * kChunk + 1000);
    QVERIFY(m_vault->put(kStudy, kInstance, file));
    const auto opened = m_vault->open(kStudy, kInstance).value();
    std::mt19937 dice(1);
    const auto check = [&](qsizetype offset, qsizetype count) {
        QByteArray piece(count, '?');
        const auto got = opened->read(offset, std::as_writable_bytes(std::span(piece.data(), size_t(count))));
        return got && piece.left(qsizetype(*got)) == file.mid(offset, count);
    };
    for (const qsizetype border : {qsizetype(0), kChunk, 2 * kChunk, 3 * kChunk, file.size()})
        for (const qsizetype shift : {-1, 0, 1})
            for (const qsizetype count : {qsizetype(0), qsizetype(1), qsizetype(2), kChunk, kChunk + 2})
                if (border + shift >= 0)
                    QVERIFY(check(border + shift, count));
    for (int i = 0; i < 300; ++i)
        QVERIFY(check(qsizetype(dice() % unsigned(file.size())), qsizetype(dice() % unsigned(file.size()))));
    QCOMPARE(opened->read(-1, {}).error().code, ErrorCode::InvalidArgument);
}

void VaultFileTest::nothingIsPlainOnTheDisk() {
    const QByteArray file = picture(2 * kChunk);
    QVERIFY(m_vault->put(kStudy, kInstance, file));
    const QByteArray first = bytesOf(m_vault->pathOf(kStudy, kInstance));
    QCOMPARE(first.size(), kHead + file.size() + 2 * kTag);
    QVERIFY(m_vault->put(kStudy, kInstance, file));
    const QByteArray second = bytesOf(m_vault->pathOf(kStudy, kInstance));
    // Never two with one key: no 16 bytes of one are in the other.
    std::set<QByteArray> blocks;
    for (qsizetype at = kHead; at + 16 <= first.size(); ++at)
        blocks.insert(first.mid(at, 16));
    for (qsizetype at = kHead; at + 16 <= second.size(); at += 16)
        QVERIFY(!blocks.contains(second.mid(at, 16)));
    int files = 0;
    QDirIterator all(m_folder->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        const QByteArray bytes = bytesOf(all.next());
        ++files;
        QVERIFY(!bytes.contains("DICM"));
        QVERIFY(!bytes.contains("Wang"));
        QVERIFY(!bytes.contains(file.mid(5000, 16)));
    }
    QCOMPARE(files, 3); // the picture, the desk's key, the vault's
}

void VaultFileTest::everyBitIsWatched() {
    const QByteArray file = picture(kChunk + 100);
    QVERIFY(m_vault->put(kStudy, kInstance, file.left(400)));
    const QString path = m_vault->pathOf(kStudy, kInstance);
    const QByteArray small = bytesOf(path);
    for (qsizetype at = 0; at < small.size(); ++at)
        for (const char flip : {char(1), char(0x80)}) {
            QByteArray changed = small;
            changed[at] = char(changed[at] ^ flip);
            QVERIFY(write(path, changed));
            QVERIFY2(problem() == ErrorCode::FileUnreadable, qPrintable(QString::number(at)));
            QCOMPARE(m_vault->checksum(kStudy, kInstance).error().code, ErrorCode::FileUnreadable);
        }
    QVERIFY(m_vault->put(kStudy, kInstance, file)); // two chunks: some of their bytes
    const QByteArray large = bytesOf(path);
    for (qsizetype at = 0; at < large.size(); at += at < 200 ? 1 : 499) {
        QByteArray changed = large;
        changed[at] = char(changed[at] ^ 0x10);
        QVERIFY(write(path, changed));
        QVERIFY2(problem() == ErrorCode::FileUnreadable, qPrintable(QString::number(at)));
    }
    QVERIFY(write(path, large));
    QCOMPARE(m_vault->read(kStudy, kInstance).value(), file);
}

void VaultFileTest::everyCutIsFound() {
    const QByteArray file = picture(3 * kChunk);
    QVERIFY(m_vault->put(kStudy, kInstance, file));
    const QString path = m_vault->pathOf(kStudy, kInstance);
    const QByteArray whole = bytesOf(path);
    std::set<qsizetype> cuts;
    for (int chunk = 0; chunk <= 3; ++chunk)
        for (const qsizetype shift : {-17, -16, -15, -1, 0, 1, 100})
            cuts.insert(kHead + chunk * (kChunk + kTag) + shift);
    for (qsizetype at = 0; at < kHead; ++at)
        cuts.insert(at);
    for (const qsizetype cut : cuts) {
        if (cut >= whole.size())
            continue;
        QVERIFY(write(path, whole.left(cut)));
        // Found when it is opened: no part of it is given away.
        QCOMPARE(m_vault->open(kStudy, kInstance).error().code, ErrorCode::FileUnreadable);
        QVERIFY(write(path, whole.left(cut).leftJustified(whole.size(), '\0')));
        QCOMPARE(problem(), ErrorCode::FileUnreadable);
    }
    // A length that was made to fit the cut.
    for (int chunks = 0; chunks < 3; ++chunks) {
        QByteArray shorter = whole.left(kHead + chunks * (kChunk + kTag));
        qToLittleEndian<qint64>(chunks * kChunk, shorter.data() + 16);
        QVERIFY(write(path, shorter));
        QCOMPARE(problem(), ErrorCode::FileUnreadable);
    }
    QVERIFY(write(path, whole + '\0'));
    QCOMPARE(problem(), ErrorCode::FileUnreadable);
    // Cut while it is open.
    QVERIFY(write(path, whole));
    const auto opened = m_vault->open(kStudy, kInstance).value();
    QVERIFY(QFile::resize(path, whole.size() - kChunk));
    QByteArray piece(10, '\0');
    QVERIFY(opened->read(5, std::as_writable_bytes(std::span(piece.data(), 10))));
    QCOMPARE(opened->read(2 * kChunk + 5, std::as_writable_bytes(std::span(piece.data(), 10))).error().code,
             ErrorCode::FileUnreadable);
}

void VaultFileTest::filesCannotChangePlaces() {
    const StudyUid otherStudy(QStringLiteral("1.3"));
    QVERIFY(m_vault->put(kStudy, kInstance, picture(500)));
    QVERIFY(m_vault->put(kStudy, kOther, picture(500)));
    QVERIFY(m_vault->put(otherStudy, kInstance, picture(500)));
    const QByteArray own = bytesOf(m_vault->pathOf(kStudy, kInstance));
    QVERIFY(write(m_vault->pathOf(kStudy, kInstance), bytesOf(m_vault->pathOf(kStudy, kOther))));
    QCOMPARE(problem(), ErrorCode::FileUnreadable);
    QVERIFY(write(m_vault->pathOf(kStudy, kInstance), bytesOf(m_vault->pathOf(otherStudy, kInstance))));
    QCOMPARE(problem(), ErrorCode::FileUnreadable);
    QVERIFY(write(m_vault->pathOf(kStudy, kInstance), own));
    QCOMPARE(m_vault->read(kStudy, kInstance).value(), picture(500));
}

void VaultFileTest::chunksCannotChangePlaces() {
    QVERIFY(m_vault->put(kStudy, kInstance, picture(4 * kChunk)));
    const QString path = m_vault->pathOf(kStudy, kInstance);
    const QByteArray whole = bytesOf(path);
    const auto chunk = [](const QByteArray& file, int i) {
        return file.mid(kHead + i * (kChunk + kTag), kChunk + kTag);
    };
    for (const auto& order : {std::array{1, 0, 2, 3}, std::array{0, 2, 1, 3}, std::array{0, 1, 3, 2},
                              std::array{0, 0, 2, 3}, std::array{0, 1, 2, 2}}) {
        QByteArray mixed = whole.left(kHead);
        for (const int i : order)
            mixed += chunk(whole, i);
        QVERIFY(write(path, mixed));
        QCOMPARE(problem(), ErrorCode::FileUnreadable);
    }
    // Of the same file, sealed another time.
    QVERIFY(m_vault->put(kStudy, kInstance, picture(4 * kChunk)));
    QVERIFY(
        write(path, whole.left(kHead) + chunk(whole, 0) + chunk(bytesOf(path), 1) + chunk(whole, 2) + chunk(whole, 3)));
    QCOMPARE(problem(), ErrorCode::FileUnreadable);
}

void VaultFileTest::anotherStoreAnotherMachine() {
    QVERIFY(m_vault->put(kStudy, kInstance, picture(500)));
    const QByteArray sealed = bytesOf(m_vault->pathOf(kStudy, kInstance));
    const QTemporaryDir otherFolder;
    const auto other = opened(otherFolder);
    QVERIFY(write(other->pathOf(kStudy, kInstance), sealed));
    QCOMPARE(other->read(kStudy, kInstance).error().code, ErrorCode::FileUnreadable);
    // With the vault's key beside it, but not the desk's.
    const QString vaultKey = QStringLiteral("keys/vault.bin");
    QVERIFY(write(otherFolder.filePath(vaultKey), bytesOf(m_folder->filePath(vaultKey))));
    const auto copied = opened(otherFolder);
    QCOMPARE(copied->read(kStudy, kInstance).error().code, ErrorCode::KeyUnavailable);
    QCOMPARE(copied->put(kStudy, kOther, "x").error().code, ErrorCode::KeyUnavailable);
    QCOMPARE(copied->checksum(kStudy, kInstance).error().code, ErrorCode::KeyUnavailable);
    // All of the folder, on a machine that says it is another.
    SecretStore elsewhere(m_folder->path(), QStringLiteral("vault.bin"), "another machine");
    QCOMPARE(elsewhere.names().error().code, ErrorCode::KeyUnavailable);
    QVERIFY(SecretStore(m_folder->path(), QStringLiteral("vault.bin")).names());
}

void VaultFileTest::anUnsealedFileIsNoFile() {
    QVERIFY(m_vault->put(kStudy, kOther, "x"));
    QVERIFY(write(m_vault->pathOf(kStudy, kInstance), picture(500)));
    QCOMPARE(problem(), ErrorCode::FileUnreadable);
    QCOMPARE(m_vault->open(kStudy, InstanceUid(QStringLiteral("9"))).error().code, ErrorCode::FileNotFound);
    QCOMPARE(m_vault->openPath(m_folder->filePath(QStringLiteral("keys/desk.key"))).error().code,
             ErrorCode::InvalidArgument);
    QVERIFY(!m_vault->holds(m_folder->filePath(QStringLiteral("vault/../keys/desk.key"))));
    QVERIFY(!m_vault->holds(m_folder->filePath(QStringLiteral("vaults/1.dcm"))));
    QVERIFY(QFile::link(m_folder->path(), m_folder->path() + QStringLiteral(".link")));
    const QString linked = m_folder->path() + QStringLiteral(".link/vault/1.2/1.2.4.dcm");
    QVERIFY(m_vault->holds(linked));
    QVERIFY(m_vault->openPath(linked));
    QVERIFY(QFile::remove(m_folder->path() + QStringLiteral(".link")));
}

void VaultFileTest::keysAreNotMadeAnew() {
    QVERIFY(m_vault->put(kStudy, kInstance, picture(500)));
    const QString deskKey = m_folder->filePath(QStringLiteral("keys/desk.key"));
    const QString vaultKey = m_folder->filePath(QStringLiteral("keys/vault.bin"));
    const QByteArray key = bytesOf(vaultKey);
    QVERIFY(QFile::rename(deskKey, deskKey + QStringLiteral(".away")));
    auto without = opened(*m_folder);
    QCOMPARE(without->read(kStudy, kInstance).error().code, ErrorCode::KeyUnavailable);
    // Nothing else that is kept under the desk's key brings a new one into the world.
    QCOMPARE(SecretStore(m_folder->path()).set(QStringLiteral("a"), "b").error().code, ErrorCode::KeyUnavailable);
    QVERIFY(!QFile::exists(deskKey));
    QVERIFY(QFile::rename(deskKey + QStringLiteral(".away"), deskKey));
    QCOMPARE(opened(*m_folder)->read(kStudy, kInstance).value(), picture(500));
    QByteArray broken = key;
    broken[20] = char(broken[20] ^ 1);
    QVERIFY(write(vaultKey, broken));
    QCOMPARE(opened(*m_folder)->read(kStudy, kInstance).error().code, ErrorCode::KeyUnavailable);
    QCOMPARE(bytesOf(vaultKey), broken);
    // A desk without it works otherwise; its reports are in the database.
    const test::FakeClock clock;
    QVERIFY(DeskStore::open(m_folder->path(), clock));
    // Taken away on purpose, there is a new one, and what lies there is fetched again.
    QVERIFY(QFile::remove(vaultKey));
    QCOMPARE(opened(*m_folder)->read(kStudy, kInstance).error().code, ErrorCode::FileUnreadable);
}

void VaultFileTest::twoOpenersOneKey() {
    const QTemporaryDir folder;
    std::vector<std::thread> threads;
    std::array<Result<std::unique_ptr<FileVault>>, 8> vaults;
    for (auto& vault : vaults)
        threads.emplace_back([&] { vault = FileVault::open(folder.path()); });
    for (std::thread& thread : threads)
        thread.join();
    for (size_t i = 0; i < vaults.size(); ++i)
        QVERIFY(vaults[i] && (*vaults[i])->put(kStudy, InstanceUid(QString::number(i)), "x"));
    for (const auto& vault : vaults)
        for (size_t i = 0; i < vaults.size(); ++i)
            QCOMPARE((*vault)->read(kStudy, InstanceUid(QString::number(i))).value(), QByteArray("x"));
}

/// A cache as the version before left it.
void VaultFileTest::oldFilesAreSealed() {
    const QTemporaryDir folder;
    const auto pathOf = [&](int i) { return folder.filePath(QStringLiteral("vault/1.2/1.2.%1.dcm").arg(i)); };
    for (int i = 0; i < 5; ++i)
        QVERIFY(write(pathOf(i), picture(1000 + i)));
    QVERIFY(write(folder.filePath(QStringLiteral("vault/1.3/1.3.1.dcm")), "no picture, and no Part 10 file"));
    auto vault = opened(folder);
    QVERIFY(vault->hasPlainFiles());
    // They are used as they are, by the next start too, until they have been sealed.
    QCOMPARE(vault->read(kStudy, InstanceUid(QStringLiteral("1.2.3"))).value(), picture(1003));
    QCOMPARE(vault->checksum(kStudy, InstanceUid(QStringLiteral("1.2.3"))).value(), checksumOf(picture(1003)));
    QCOMPARE(vault->read(StudyUid(QStringLiteral("1.3")), InstanceUid(QStringLiteral("1.3.1"))).error().code,
             ErrorCode::FileUnreadable);
    vault = opened(folder);
    QVERIFY(vault->hasPlainFiles());
    QVERIFY(vault->put(kStudy, InstanceUid(QStringLiteral("1.2.4")), picture(1004))); // fetched again
    QCOMPARE(vault->sealPlainFiles({}).value(), 5);
    QVERIFY(!vault->hasPlainFiles());
    for (int pass = 0; pass < 2; ++pass) {
        for (int i = 0; i < 5; ++i) {
            QVERIFY(!bytesOf(pathOf(i)).contains("DICM"));
            QCOMPARE(vault->read(kStudy, InstanceUid(QStringLiteral("1.2.%1").arg(i))).value(), picture(1000 + i));
        }
        vault = opened(folder);
        QVERIFY(!vault->hasPlainFiles());
        QCOMPARE(vault->sealPlainFiles({}).value(), 0);
    }
    // From now on one that is not sealed was put there by somebody else.
    QVERIFY(write(pathOf(1), picture(1001)));
    QCOMPARE(vault->read(kStudy, InstanceUid(QStringLiteral("1.2.1"))).error().code, ErrorCode::FileUnreadable);
}

void VaultFileTest::whatWasLeftHalfGoes() {
    const QTemporaryDir folder;
    const QString left = folder.filePath(QStringLiteral("vault/1.2/1.2.1.dcm.77.3.tmp"));
    QVERIFY(write(left, picture(1000).left(700)));
    QVERIFY(write(folder.filePath(QStringLiteral("vault/1.2/1.2.1.dcm")), picture(1000)));
    // A study that is coming just now, to this desk or the other one of the folder: opened, nothing written yet.
    const QString coming = folder.filePath(QStringLiteral("vault/1.2/1.2.2.dcm.78.1.tmp"));
    QVERIFY(write(coming, {}));
    const auto vault = opened(folder);
    QVERIFY(vault->sealPlainFiles({}));
    QVERIFY(!QFile::exists(left));
    QVERIFY(QFile::exists(coming));
    QCOMPARE(vault->read(kStudy, InstanceUid(QStringLiteral("1.2.1"))).value(), picture(1000));
}

void VaultFileTest::sealingGoesOnWhereItStopped() {
    const QTemporaryDir folder;
    for (int i = 0; i < 6; ++i)
        QVERIFY(write(folder.filePath(QStringLiteral("vault/1.2/1.2.%1.dcm").arg(i)), picture(1000 + i)));
    auto vault = opened(folder);
    int asked = 0;
    QCOMPARE(vault->sealPlainFiles([&asked] { return ++asked > 3; }).error().code, ErrorCode::Cancelled);
    QVERIFY(vault->hasPlainFiles());
    vault = opened(folder); // the next start
    for (int i = 0; i < 6; ++i)
        QCOMPARE(vault->read(kStudy, InstanceUid(QStringLiteral("1.2.%1").arg(i))).value(), picture(1000 + i));
    QCOMPARE(vault->sealPlainFiles({}).value(), 3);
    QVERIFY(!vault->hasPlainFiles());
}

/// One bad place of the disk does not leave all the others open.
void VaultFileTest::aFileTheDiskDoesNotGive() {
    const QTemporaryDir folder;
    for (const int i : {0, 1, 3, 4})
        QVERIFY(write(folder.filePath(QStringLiteral("vault/1.2/1.2.%1.dcm").arg(i)), picture(1000 + i)));
    // Reading its first byte is EIO.
    QVERIFY(QFile::link(QStringLiteral("/proc/self/mem"), folder.filePath(QStringLiteral("vault/1.2/1.2.2.dcm"))));
    const auto vault = opened(folder);
    QCOMPARE(vault->read(kStudy, InstanceUid(QStringLiteral("1.2.2"))).error().code, ErrorCode::FileUnreadable);
    QVERIFY(vault->sealPlainFiles({}));
    QVERIFY(!vault->hasPlainFiles());
    for (const int i : {0, 1, 3, 4}) {
        QVERIFY(!bytesOf(folder.filePath(QStringLiteral("vault/1.2/1.2.%1.dcm").arg(i))).contains("DICM"));
        QCOMPARE(vault->read(kStudy, InstanceUid(QStringLiteral("1.2.%1").arg(i))).value(), picture(1000 + i));
    }
    QCOMPARE(vault->read(kStudy, InstanceUid(QStringLiteral("1.2.2"))).error().code, ErrorCode::FileUnreadable);
}

/// What counts as damaged is thrown away and fetched again: this must not.
void VaultFileTest::aLackOfDescriptorsIsNoDamage() {
    QVERIFY(m_vault->put(kStudy, kInstance, picture(500)));
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit none = before;
    none.rlim_cur = 3; // what is open stays open
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const ErrorCode opened = problem();
    const auto summed = m_vault->checksum(kStudy, kInstance);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
    QCOMPARE(opened, ErrorCode::Internal);
    QVERIFY(!summed);
    QCOMPARE(summed.error().code, ErrorCode::Internal);
    QCOMPARE(m_vault->read(kStudy, kInstance).value(), picture(500));
}

QTEST_GUILESS_MAIN(VaultFileTest)
#include "vault_file_test.moc"
