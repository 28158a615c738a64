#include "crash_states.h"
#include "report_life.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <random>
#include <set>
#include <sqlite3.h>
#include <thread>

using namespace yz;
using namespace yz::test;

/// Power cuts in one report's life. What the desk's code asks of the disk is recorded, folders as a cut may leave them
/// are made from it, and the desk is opened on each: everything said to be kept is there, everything else is there
/// whole or not at all.
///
/// YZ_CRASH_STATES: how many states (2,400); YZ_CRASH_SEED: which ones (1).
class CrashReplayTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recordingMissesNothing();
    void powerCuts_data();
    void powerCuts();
    void powerCutsAfterAFailedSync();
    void lostWritesAreFound_data();
    void lostWritesAreFound();
};

namespace {

/// What a run of the harness takes away from the product, to see that it would be missed.
enum class Weakness { None, SynchronousNormal, FoldersNotSynced, FilesNotSynced };

/// A life as it was recorded, and what the desk knew after each step.
struct RecordedLife {
    std::vector<DiskOp> ops;
    std::vector<QByteArray> contents;
    DiskImage folder; ///< what lay in the folder at the end
    bool syncFailed = false;
    QString problem;
};

QString shmTemplate() {
    return (QFile::exists(QStringLiteral("/dev/shm")) ? QStringLiteral("/dev/shm") : QDir::tempPath()) +
           QStringLiteral("/yz-crash-XXXXXX");
}

int environment(const char* name, int fallback) {
    bool isNumber = false;
    const int value = qEnvironmentVariableIntValue(name, &isNumber);
    return isNumber ? value : fallback;
}

sqlite3* lastOpened = nullptr;

int noteOpened(sqlite3* handle, char**, const sqlite3_api_routines*) {
    lastOpened = handle;
    return SQLITE_OK;
}

/// Sends `pragma` to each database opened while it lives: called after the product has set its own.
class OpenedDatabases {
public:
    OpenedDatabases() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(noteOpened)); }
    ~OpenedDatabases() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(noteOpened)); }
    OpenedDatabases(const OpenedDatabases&) = delete;
    OpenedDatabases& operator=(const OpenedDatabases&) = delete;
    static bool set(const QByteArray& pragma) {
        return sqlite3_exec(lastOpened, pragma.constData(), nullptr, nullptr, nullptr) == SQLITE_OK;
    }
};

DiskImage imageOf(const QString& folder) {
    DiskImage image;
    QDirIterator walk(folder, QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        const QString path = walk.next();
        const std::string name = QFile::encodeName(path.mid(folder.size() + 1)).toStdString();
        if (walk.fileInfo().isDir()) {
            image[name + '/'];
            continue;
        }
        QFile file(path);
        if (file.open(QIODevice::ReadOnly))
            image[name] = file.readAll();
    }
    return image;
}

/// failingSync: the n-th sync of the life (from 1) says EIO, and the step it was in is run again; 0: none.
RecordedLife record(const QByteArray& pragma, int failingSync = 0) {
    RecordedLife life;
    const QTemporaryDir folder(shmTemplate());
    const OpenedDatabases opened;
    LifeDesk desk;
    desk.home = QDir(folder.path()).canonicalPath();
    DiskRecording recording(folder.path());
    const DiskFault fault(folder.path(), failingSync, EIO, DiskFault::Duration::Once, DiskFault::Calls::Syncs);
    for (size_t i = 0; i < reportLife().size(); ++i) {
        recording.mark(static_cast<int>(2 * i));
        const bool wasOpen = desk.store != nullptr;
        Status done = runStep(desk, i);
        if (!done && failingSync != 0)
            done = runStep(desk, i);
        if (!done) {
            life.problem = QLatin1String(reportLife()[i].name) + u": " + done.error().toString();
            return life;
        }
        if (!wasOpen && desk.store && !pragma.isEmpty() && !OpenedDatabases::set(pragma)) {
            life.problem = QStringLiteral("the pragma was refused");
            return life;
        }
        recording.mark(static_cast<int>(2 * i + 1));
        if (!desk.store) { // at night it knows what it knew
            life.contents.push_back(life.contents.back());
            continue;
        }
        const Result<QByteArray> content = deskContent(desk);
        if (!content) {
            life.problem = content.error().toString();
            return life;
        }
        life.contents.push_back(*content);
    }
    life.syncFailed = fault.fired();
    life.folder = imageOf(desk.home);
    life.ops = recording.take();
    return life;
}

/// The same recording without the syncs the product is to be without.
std::vector<DiskOp> weakened(std::vector<DiskOp> ops, Weakness weakness) {
    std::set<int> folders{kRootNode};
    std::set<int> databases;
    for (const DiskOp& op : ops) {
        if (op.kind == DiskOp::Kind::CreateFolder)
            folders.insert(op.node);
        if (op.kind == DiskOp::Kind::CreateFile && op.name.starts_with("desk.db"))
            databases.insert(op.node);
    }
    std::erase_if(ops, [&](const DiskOp& op) {
        if (op.kind != DiskOp::Kind::Sync)
            return false;
        return (weakness == Weakness::FoldersNotSynced && folders.contains(op.node)) ||
               (weakness == Weakness::FilesNotSynced && !folders.contains(op.node) && !databases.contains(op.node));
    });
    return ops;
}

/// The i-th state of a run: first every cut with nothing and with everything of what was not synced, then any.
PowerCut cutOf(size_t i, size_t operations, uint64_t seed) {
    PowerCut cut;
    cut.seed = (seed << 32) + i;
    if (i < 2 * operations) {
        cut.at = i / 2 + 1;
        cut.keep = i % 2 == 0 ? 1.0 : 0.0;
        return cut;
    }
    std::mt19937_64 dice(cut.seed);
    cut.at = 1 + dice() % operations;
    constexpr std::array keeps{0.1, 0.5, 0.9, 1.0};
    constexpr std::array sectors{0, 512, 4096};
    cut.keep = keeps[dice() % keeps.size()];
    cut.sector = sectors[dice() % sectors.size()];
    cut.noise = dice() % 2 == 0;
    return cut;
}

struct Verdict {
    enum class Kind { Fine, WillNotOpen, Broken, Lost, Mixed, Stuck };
    Kind kind = Kind::Fine;
    QString what;
};

Verdict judge(const RecordedLife& life, int mark, const QString& folder, bool goOn) {
    LifeDesk desk;
    desk.home = folder;
    if (const Status opened = desk.open(); !opened)
        return {Verdict::Kind::WillNotOpen, opened.error().toString()};
    if (const QString fault = deskFault(desk); !fault.isEmpty())
        return {Verdict::Kind::Broken, fault};
    const Result<QByteArray> content = deskContent(desk);
    if (!content)
        return {Verdict::Kind::Broken, content.error().toString()};
    const int begun = std::max(0, mark / 2);
    const int said = std::max(0, mark % 2 == 0 ? begun - 1 : begun);
    for (int i = static_cast<int>(life.contents.size()); i-- > 0;) {
        if (life.contents[static_cast<size_t>(i)] != *content || i > begun)
            continue;
        if (i < said)
            return {Verdict::Kind::Lost, QStringLiteral("\"%1\" was said to be kept, the state is that after \"%2\"")
                                             .arg(QLatin1String(reportLife()[static_cast<size_t>(said)].name),
                                                  QLatin1String(reportLife()[static_cast<size_t>(i)].name))};
        const QString stuck = goOn ? cannotGoOn(desk) : QString();
        return stuck.isEmpty() ? Verdict() : Verdict{Verdict::Kind::Stuck, stuck};
    }
    return {Verdict::Kind::Mixed,
            QStringLiteral("after \"%1\"").arg(QLatin1String(reportLife()[static_cast<size_t>(said)].name))};
}

struct Replay {
    size_t states = 0;   ///< judged, no two the same
    size_t repeated = 0; ///< made again and left out
    std::map<Verdict::Kind, size_t> counts;
    QString first; ///< the first that was not fine, with what makes it again

    [[nodiscard]] size_t bad() const {
        const auto fine = counts.find(Verdict::Kind::Fine);
        return states - (fine == counts.end() ? 0 : fine->second);
    }
    [[nodiscard]] size_t count(Verdict::Kind kind) const { return counts.contains(kind) ? counts.at(kind) : 0; }
};

Replay replay(const RecordedLife& life, const std::vector<DiskOp>& ops, size_t states, uint64_t seed) {
    const CrashStates crashes(ops);
    Replay result;
    std::mutex mutex;
    std::set<std::pair<size_t, int>> seen;
    std::atomic<size_t> next{0};
    std::atomic<size_t> left{states};
    const size_t most = 2 * ops.size() + 20 * states; // a short recording has only so many states
    const auto work = [&] {
        const QTemporaryDir folder(shmTemplate());
        for (size_t i = next++; i < most && left > 0; i = next++) {
            const PowerCut cut = cutOf(i, ops.size(), seed);
            const int mark = crashes.lastMark(cut.at);
            const DiskImage image = crashes.image(cut);
            size_t hash = 0;
            for (const auto& [name, content] : image)
                if (!name.ends_with("-shm"))
                    hash = qHash(content, qHash(QByteArrayView(name.data(), qsizetype(name.size())), hash + 1));
            {
                const std::lock_guard lock(mutex);
                if (!seen.emplace(hash, mark).second) {
                    ++result.repeated;
                    continue;
                }
            }
            if (left-- == 0) {
                ++left;
                return;
            }
            CrashStates::write(image, folder.path() + u"/state");
            const Verdict verdict = judge(life, mark, folder.path() + u"/state", i % 8 == 0);
            const std::lock_guard lock(mutex);
            ++result.states;
            ++result.counts[verdict.kind];
            if (verdict.kind != Verdict::Kind::Fine && result.first.isEmpty())
                result.first = QStringLiteral("state %1 of seed %2 (cut at %3 of %4, keep %5, sector %6): %7")
                                   .arg(i)
                                   .arg(seed)
                                   .arg(cut.at)
                                   .arg(ops.size())
                                   .arg(cut.keep)
                                   .arg(cut.sector)
                                   .arg(verdict.what);
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
        threads.emplace_back(work);
    for (std::thread& thread : threads)
        thread.join();
    return result;
}

QByteArray said(const Replay& replay) {
    using Kind = Verdict::Kind;
    return QStringLiteral("%1 states (%2 repeated): %3 will not open, %4 broken, %5 lost, %6 mixed, %7 stuck. %8")
        .arg(replay.states)
        .arg(replay.repeated)
        .arg(replay.count(Kind::WillNotOpen))
        .arg(replay.count(Kind::Broken))
        .arg(replay.count(Kind::Lost))
        .arg(replay.count(Kind::Mixed))
        .arg(replay.count(Kind::Stuck))
        .arg(replay.first)
        .toUtf8();
}

uint64_t seedOfRun() { return static_cast<uint64_t>(environment("YZ_CRASH_SEED", 1)); }

} // namespace

void CrashReplayTest::recordingMissesNothing() {
    RecordedLife life = record({});
    QVERIFY2(life.problem.isEmpty(), qPrintable(life.problem));
    PowerCut none;
    none.at = life.ops.size();
    DiskImage replayed = CrashStates(life.ops).image(none);
    const auto isIndex = [](const auto& file) { return file.first.ends_with("-shm"); };
    std::erase_if(replayed, isIndex);
    std::erase_if(life.folder, isIndex);
    QCOMPARE(replayed.size(), life.folder.size());
    for (const auto& [name, content] : life.folder)
        QVERIFY2(replayed.contains(name) && replayed.at(name) == content, name.c_str());
    QVERIFY(replayed.contains("var/desk/desk.db") && replayed.contains("site.json"));
}

void CrashReplayTest::powerCuts_data() {
    QTest::addColumn<QByteArray>("pragma");
    QTest::newRow("as it is") << QByteArray();
    QTest::newRow("log brought into the file at every turn") << QByteArray("PRAGMA wal_autocheckpoint = 12");
}

void CrashReplayTest::powerCuts() {
    QFETCH(const QByteArray, pragma);
    const RecordedLife life = record(pragma);
    QVERIFY2(life.problem.isEmpty(), qPrintable(life.problem));
    const auto states = static_cast<size_t>(environment("YZ_CRASH_STATES", 2400) / 2);
    const Replay result = replay(life, life.ops, states, seedOfRun());
    qInfo("%zu operations, %s", life.ops.size(), said(result).constData());
    QCOMPARE(result.states, states);
    QVERIFY2(result.bad() == 0, said(result));
}

/// A disk that could not write once: what the system then forgot must not be taken for kept by a later sync.
void CrashReplayTest::powerCutsAfterAFailedSync() {
    const auto states = static_cast<size_t>(environment("YZ_CRASH_STATES", 2400) / 48);
    int lives = 0;
    for (int n = 1;; n += 3) {
        const RecordedLife life = record({}, n);
        QVERIFY2(life.problem.isEmpty(), qPrintable(life.problem));
        if (!life.syncFailed)
            break;
        ++lives;
        const Replay result = replay(life, life.ops, states, seedOfRun() + static_cast<uint64_t>(n));
        QVERIFY2(result.bad() == 0, said(result));
    }
    qInfo("%d lives with a sync that failed, %zu states each", lives, states);
    QVERIFY(lives > 10);
}

void CrashReplayTest::lostWritesAreFound_data() {
    QTest::addColumn<QByteArray>("pragma");
    QTest::addColumn<Weakness>("weakness");
    QTest::newRow("synchronous NORMAL") << QByteArray("PRAGMA synchronous = NORMAL") << Weakness::SynchronousNormal;
    QTest::newRow("folders not synced") << QByteArray() << Weakness::FoldersNotSynced;
    QTest::newRow("files not synced") << QByteArray() << Weakness::FilesNotSynced;
}

/// The same harness on a desk that promises what it does not keep.
void CrashReplayTest::lostWritesAreFound() {
    QFETCH(const QByteArray, pragma);
    QFETCH(const Weakness, weakness);
    const RecordedLife life = record(pragma);
    QVERIFY2(life.problem.isEmpty(), qPrintable(life.problem));
    const Replay result = replay(life, weakened(life.ops, weakness), 400, seedOfRun());
    qInfo("%s", said(result).constData());
    QVERIFY2(result.count(Verdict::Kind::Lost) + result.count(Verdict::Kind::Mixed) > 20, said(result));
    if (weakness == Weakness::SynchronousNormal) { // what it loses it loses whole
        QVERIFY2(result.count(Verdict::Kind::Lost) > 10, said(result));
        QCOMPARE(result.count(Verdict::Kind::Lost) + result.count(Verdict::Kind::Mixed), result.bad());
    }
}

int main(int argc, char** argv) {
    qputenv("QTEST_FUNCTION_TIMEOUT", "86400000"); // the long mode takes its time
    QCoreApplication application(argc, argv);
    CrashReplayTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "crash_replay_test.moc"
