#include "signed_reports.h"

#include "jobs/jobs.h"
#include "session/demo_site.h"
#include "session/desk_services.h"
#include "session/prefetch_controller.h"
#include "storage/desk_store.h"
#include "support/fake_clock.h"
#include "support/small_study.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <functional>
#include <map>
#include <sys/resource.h>

using namespace yz;
using namespace yz::test;

/// A desk whose received files lie sealed: it shows what was received, nothing of it lies open on the disk, and what an
/// earlier version left open goes on being used until it is sealed.
class SealedCacheTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_desk.reset(); }

    void picturesAreThoseReceived();
    void nothingLiesOpen();
    void aDamagedFileIsNotShown();
    void anotherMachinesCopyIsNotTakenForDamage();
    void anEarlierVersionsCache();
    void aLackOfDescriptorsIsNoDamage();
    void aDeskWithoutItsDecoderSetsNothingAside();

private:
    void openDesk();
    /// As the version before would have left the vault.
    void unseal();
    void comparePictures();
    [[nodiscard]] int openFiles() const;

    FakeClock m_clock;
    RandomUidSource m_uids;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<DeskServices> m_desk;
    QString m_received; ///< the files as the platform has them
    StudyRecord m_study;
};

namespace {

constexpr int kSlices = 6;
const CancelToken kNever;
const QString kStudy = QStringLiteral("2.25.7101");

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size();
}

/// Gives the files of a folder.
class FolderPlatform final : public StudySource {
public:
    FolderPlatform(const QString& folder, PixelSource& pixels) {
        for (const QString& name : QDir(folder).entryList(QDir::Files)) {
            const auto header = pixels.readHeader(QDir(folder).filePath(name));
            if (header)
                m_objects.push_back(header->instance);
        }
    }
    bool isAway = false;
    int given = 0;
    std::function<void()> beforeGiving; ///< called with the object in hand

    Result<std::vector<StudySummary>> findStudies(const StudyQuery&, const CancelToken&) override {
        StudySummary summary;
        summary.patient.id = PatientId(QStringLiteral("T1"));
        return std::vector{summary};
    }
    Result<std::vector<InstanceRecord>> findInstances(const StudyUid&, const CancelToken&) override {
        return isAway ? fail(ErrorCode::PlatformUnreachable) : Result<std::vector<InstanceRecord>>(m_objects);
    }
    Status retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink&,
                    const CancelToken&) override {
        for (const InstanceRecord& wanted : request.listed)
            for (const InstanceRecord& object : m_objects)
                if (object.instance == wanted.instance) {
                    ++given;
                    ReceivedObject received{object.instance, object.sopClass, bytesOf(object.path)};
                    if (beforeGiving)
                        beforeGiving();
                    if (Status taken = sink(std::move(received)); !taken)
                        return taken;
                }
        return {};
    }

private:
    std::vector<InstanceRecord> m_objects;
};

} // namespace

void SealedCacheTest::openDesk() {
    m_desk.reset();
    const QString home = m_folder->filePath(QStringLiteral("desk"));
    Site site;
    site.isDemo = true;
    site.diagnosingHospital = demo::users().front().hospital;
    if (!QFile::exists(home + QStringLiteral("/site.json")))
        QVERIFY(makeDemoDesk(home, site));
    auto desk = DeskServices::open({home, site, false}, m_clock, m_uids);
    QVERIFY2(desk, desk ? "" : qPrintable(desk.error().toString()));
    m_desk = std::move(*desk);
}

void SealedCacheTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_received = m_folder->filePath(QStringLiteral("received"));
    writeSmallStudy(m_received, kStudy, kSlices);
    openDesk();
    FolderPlatform platform(m_received, m_desk->pixels());
    AcquireService acquire(m_desk->store(), platform, m_desk->pixels());
    const auto study = acquire.acquire(StudyUid(kStudy), {}, {}, kNever);
    QVERIFY2(study, study ? "" : qPrintable(study.error().toString()));
    m_study = *study;
    QCOMPARE(m_study.series.at(0).instances.size(), size_t(kSlices));
}

void SealedCacheTest::comparePictures() {
    PixelSource& pixels = m_desk->pixels();
    std::map<InstanceUid, QString> plain;
    for (const QString& name : QDir(m_received).entryList(QDir::Files)) {
        const QString path = QDir(m_received).filePath(name);
        plain[pixels.readHeader(path)->instance.instance] = path; // a folder of the user's own: read where it lies
    }
    QStringList paths;
    for (const InstanceRecord& instance : m_study.series.at(0).instances)
        paths.append(instance.path);
    const std::vector<DescribedFile> files = pixels.describeFiles(paths, kNever);
    for (size_t i = 0; i < files.size(); ++i) {
        const InstanceRecord& instance = m_study.series.at(0).instances[i];
        QVERIFY2(files[i].header, files[i].header ? "" : qPrintable(files[i].header.error().toString()));
        QVERIFY(files[i].image);
        QCOMPARE(files[i].header->instance.instance, instance.instance);
        const auto expected = pixels.decode(plain.at(instance.instance), 0, kNever);
        const auto decoded = pixels.decode(instance.path, 0, kNever);
        QVERIFY(expected && decoded);
        QVERIFY((*decoded)->data == (*expected)->data);
        std::vector<std::byte> place((*expected)->data.size());
        const auto into = pixels.decodeInto(instance.path, 0, place, kNever);
        QVERIFY(into && !*into);
        QVERIFY(std::equal(place.begin(), place.end(), (*expected)->data.begin()));
        QCOMPARE(m_desk->store().vault().read(StudyUid(kStudy), instance.instance).value(),
                 bytesOf(plain.at(instance.instance)));
    }
}

int SealedCacheTest::openFiles() const {
    const QByteArray name = QStringLiteral("Ceshi^Huanzhe").toUtf8();
    const QByteArray chinese = QStringLiteral("测试").toUtf8();
    int open = 0;
    QDirIterator all(m_desk->home() + QStringLiteral("/vault"), QDir::Files | QDir::Hidden,
                     QDirIterator::Subdirectories);
    while (all.hasNext()) {
        const QByteArray bytes = bytesOf(all.next());
        open += bytes.contains("DICM") || bytes.contains(name) || bytes.contains(chinese) ? 1 : 0;
    }
    return open;
}

void SealedCacheTest::picturesAreThoseReceived() {
    comparePictures();
    openDesk(); // and after the next start
    comparePictures();
}

void SealedCacheTest::nothingLiesOpen() {
    comparePictures();
    QCOMPARE(openFiles(), 0);
    int files = 0;
    QDirIterator all(m_desk->home() + QStringLiteral("/vault"), QDir::Files | QDir::Hidden,
                     QDirIterator::Subdirectories);
    while (all.hasNext()) {
        const QString path = all.next();
        ++files;
        QCOMPARE(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }
    QCOMPARE(files, kSlices);
    // The test itself sees one.
    unseal();
    QCOMPARE(openFiles(), kSlices);
}

void SealedCacheTest::unseal() {
    const FileVault& vault = m_desk->store().vault();
    for (const InstanceRecord& instance : m_study.series.at(0).instances) {
        const QByteArray file = vault.read(StudyUid(kStudy), instance.instance).value();
        QVERIFY(write(instance.path, file));
    }
}

/// Changed after the study was opened: not one pixel of it is shown, and opening it again brings it back.
void SealedCacheTest::aDamagedFileIsNotShown() {
    PixelSource& pixels = m_desk->pixels();
    const InstanceRecord& hit = m_study.series[0].instances[2];
    QVERIFY(pixels.decode(hit.path, 0, kNever));
    QByteArray bytes = bytesOf(hit.path);
    bytes[bytes.size() - 300] = static_cast<char>(bytes.at(bytes.size() - 300) ^ 4);
    QVERIFY(write(hit.path, bytes));
    QCOMPARE(pixels.decode(hit.path, 0, kNever).error().code, ErrorCode::FileUnreadable);
    std::vector<std::byte> place(32 * 32 * 2);
    QCOMPARE(pixels.decodeInto(hit.path, 0, place, kNever).error().code, ErrorCode::FileUnreadable);
    FolderPlatform platform(m_received, pixels);
    AcquireService acquire(m_desk->store(), platform, pixels);
    QVERIFY(acquire.acquire(StudyUid(kStudy), {}, {}, kNever));
    QCOMPARE(platform.given, 1);
    comparePictures();
}

void SealedCacheTest::anotherMachinesCopyIsNotTakenForDamage() {
    const QString key = m_desk->home() + QStringLiteral("/keys/desk.key");
    const QByteArray right = bytesOf(key);
    QByteArray other = right;
    other[0] = static_cast<char>(other.at(0) ^ 1);
    QVERIFY(write(key, other));
    openDesk(); // what is not sealed can be worked with
    FolderPlatform platform(m_received, m_desk->pixels());
    AcquireService acquire(m_desk->store(), platform, m_desk->pixels());
    QCOMPARE(acquire.acquire(StudyUid(kStudy), {}, {}, kNever).error().code, ErrorCode::KeyUnavailable);
    QCOMPARE(m_desk->pixels().decode(m_study.series[0].instances[0].path, 0, kNever).error().code,
             ErrorCode::KeyUnavailable);
    QCOMPARE(platform.given, 0);
    // The key is back: nothing was thrown away.
    QVERIFY(write(key, right));
    openDesk();
    comparePictures();
}

void SealedCacheTest::anEarlierVersionsCache() {
    unseal();
    QVERIFY(QFile::remove(m_desk->home() + QStringLiteral("/keys/vault.bin"))); // that version had none
    openDesk();
    QVERIFY(m_desk->store().vault().hasPlainFiles());
    FolderPlatform platform(m_received, m_desk->pixels());
    platform.isAway = true;
    AcquireService acquire(m_desk->store(), platform, m_desk->pixels());
    QVERIFY(acquire.acquire(StudyUid(kStudy), {}, {}, kNever)); // complete, without a line
    comparePictures();
    QCOMPARE(openFiles(), kSlices);

    // The desk seals them while it is used.
    {
        PrefetchController controller({m_desk->store(), acquire, m_desk->clock()});
        controller.start();
        jobs::waitForAll();
        QTRY_VERIFY(!m_desk->store().vault().hasPlainFiles());
        controller.stop();
    }
    QCOMPARE(openFiles(), 0);
    comparePictures();
    QVERIFY(acquire.acquire(StudyUid(kStudy), {}, {}, kNever)); // the checksums are still those received
    QCOMPARE(platform.given, 0);
    openDesk();
    QVERIFY(!m_desk->store().vault().hasPlainFiles());
    comparePictures();
}

/// A busy moment of the machine throws nothing away that is whole.
void SealedCacheTest::aLackOfDescriptorsIsNoDamage() {
    FolderPlatform platform(m_received, m_desk->pixels());
    AcquireService acquire(m_desk->store(), platform, m_desk->pixels());
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit none = before;
    none.rlim_cur = 3; // what is open stays open
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const auto opened = acquire.acquire(StudyUid(kStudy), {}, {}, kNever);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Internal);
    QVERIFY(m_desk->store().studies().completeness(StudyUid(kStudy))->isComplete());
    QVERIFY(acquire.acquire(StudyUid(kStudy), {}, {}, kNever));
    QCOMPARE(platform.given, 0);
    comparePictures();
}

namespace {
/// A desk that cannot start its decoder.
class NoDecoder final : public PixelSource {
public:
    Result<DataSetHeader> readHeader(const QString&) override { return fail(ErrorCode::DecoderUnavailable); }
    Result<DataSetHeader> readHeader(const QByteArray&) override { return fail(ErrorCode::DecoderUnavailable); }
    Result<ImageDescriptionPtr> describe(const QString&) override { return fail(ErrorCode::DecoderUnavailable); }
    Result<PixelBufferPtr> decode(const QString&, int, const CancelToken&) override {
        return fail(ErrorCode::DecoderUnavailable);
    }
    Result<PixelBufferPtr> decodeReduced(const QString&, int, int, const CancelToken&) override {
        return fail(ErrorCode::DecoderUnavailable);
    }
    Result<PresentationStatePtr> presentationState(const QString&) override {
        return fail(ErrorCode::DecoderUnavailable);
    }
};
} // namespace

/// What is set aside is never fetched again: it must be the object's own fault.
void SealedCacheTest::aDeskWithoutItsDecoderSetsNothingAside() {
    for (const InstanceRecord& instance : m_study.series.at(0).instances)
        QVERIFY(m_desk->store().studies().forget(instance.instance));
    FolderPlatform platform(m_received, m_desk->pixels());
    NoDecoder none;
    AcquireService without(m_desk->store(), platform, none);
    QCOMPARE(without.acquire(StudyUid(kStudy), {}, {}, kNever).error().code, ErrorCode::DecoderUnavailable);
    QVERIFY(m_desk->store().studies().setAsideOf(StudyUid(kStudy))->empty());
    AcquireService acquire(m_desk->store(), platform, m_desk->pixels());
    // Nor one that cannot hand the object over.
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    rlimit no = before;
    no.rlim_cur = 3;
    platform.beforeGiving = [&no] { (void)::setrlimit(RLIMIT_NOFILE, &no); };
    const auto broken = acquire.acquire(StudyUid(kStudy), {}, {}, kNever);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
    QVERIFY(!broken);
    QCOMPARE(broken.error().code, ErrorCode::DecoderUnavailable);
    QVERIFY(m_desk->store().studies().setAsideOf(StudyUid(kStudy))->empty());
    platform.beforeGiving = {};
    QVERIFY(acquire.acquire(StudyUid(kStudy), {}, {}, kNever));
    comparePictures();
}

QTEST_GUILESS_MAIN(SealedCacheTest)
#include "sealed_cache_test.moc"
