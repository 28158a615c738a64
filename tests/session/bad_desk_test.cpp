#include "signed_reports.h"

#include "security/certificate_authority.h"
#include "session/demo_site.h"
#include "storage/desk_store.h"

#include "support/fake_clock.h"
#include "support/small_study.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <map>

using namespace yz;
using namespace yz::test;

/// What goes wrong at the desk itself: passwords, keys and certificates, objects that do not belong to a study, a full
/// disk. The right code is said, nothing is lost and nothing is half-published.
class BadDeskTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wrongPasswords();
    void lockOutWhenTheClockJumps();
    void keysAndCertificates_data();
    void keysAndCertificates();
    void objectsThatDoNotBelong();
    void acquireGoesOnWhereItStopped();
    void lostFilesAreFetchedAgain();
    void damagedFilesAreFetchedAgain_data();
    void damagedFilesAreFetchedAgain();
    void fullDisk();

private:
    QTemporaryDir m_folder;
    RandomUidSource m_uids;
};

namespace {

const CancelToken kNever;
const QString kStudy = QStringLiteral("2.25.7001");
const WorkitemUid kTask(QStringLiteral("2.25.7001.7"));

QByteArray said(const Error& error) { return error.toString().toUtf8(); }
template <typename T> QByteArray said(const Result<T>& result) {
    return result ? QByteArray("no error") : said(result.error());
}

Result<std::unique_ptr<DeskServices>> openDesk(const QString& home, const Clock& clock, UidSource& uids) {
    Site site;
    site.isDemo = true;
    site.diagnosingHospital = demo::users().front().hospital;
    if (!QFile::exists(home + QStringLiteral("/site.json")))
        if (Status made = makeDemoDesk(home, site); !made)
            return fail(made.error());
    return DeskServices::open({home, site, false}, clock, uids);
}

bool write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size();
}

QByteArray read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A platform with the objects it is given, which may break off after some of them.
class FakeStudies final : public StudySource {
public:
    std::vector<std::pair<InstanceRecord, QByteArray>> objects;
    std::vector<InstanceUid> given; ///< over all retrievals
    int breakOffAfter = -1;
    bool isAway = false;

    Result<std::vector<StudySummary>> findStudies(const StudyQuery& query, const CancelToken&) override {
        StudySummary summary;
        summary.patient.id = PatientId(QStringLiteral("T1"));
        static_cast<void>(query);
        return std::vector{summary};
    }
    Result<std::vector<InstanceRecord>> findInstances(const StudyUid&, const CancelToken&) override {
        if (isAway)
            return fail(ErrorCode::PlatformUnreachable);
        std::vector<InstanceRecord> records;
        for (const auto& [record, file] : objects)
            records.push_back(record);
        return records;
    }
    Status retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink&,
                    const CancelToken& token) override {
        for (const auto& [record, file] : objects) {
            const auto& wanted = request.listed;
            if (std::none_of(wanted.begin(), wanted.end(), [&](const InstanceRecord& one) {
                    return one.series == record.series && one.instance == record.instance;
                }))
                continue;
            if (token.isCancelled())
                return fail(ErrorCode::Cancelled);
            if (breakOffAfter-- == 0)
                return fail(ErrorCode::AssociationAborted);
            given.push_back(record.instance);
            if (Status taken = sink({record.instance, record.sopClass, file}); !taken)
                return taken;
        }
        return {};
    }
};

/// The files of a small study as the platform would list them, under the UIDs `claimed` where given.
void addFiles(FakeStudies& platform, const QString& folder, const QString& studyOfFiles, int count, int first = 0) {
    const QDir dir(folder);
    QStringList names = dir.entryList(QDir::Files, QDir::Name);
    for (int i = 0; i < count; ++i) {
        InstanceRecord record;
        record.study = StudyUid(kStudy);
        record.series = SeriesUid(studyOfFiles + QStringLiteral(".1"));
        record.sopClass = SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.2"));
        const QByteArray file = read(dir.filePath(names.at(first + i)));
        const qsizetype at = file.indexOf((studyOfFiles + QStringLiteral(".1.")).toLatin1());
        const qsizetype end = at + studyOfFiles.size() + 3;
        qsizetype stop = end;
        while (stop < file.size() && file.at(stop) >= '0' && file.at(stop) <= '9')
            ++stop;
        record.instance = InstanceUid(QString::fromLatin1(file.mid(at, stop - at)));
        platform.objects.emplace_back(record, file);
    }
}

} // namespace

void BadDeskTest::wrongPasswords() {
    FakeClock clock;
    const auto desk = openDesk(m_folder.filePath(QStringLiteral("passwords")), clock, m_uids);
    QVERIFY2(desk, said(desk));
    LoginService& login = (*desk)->login();
    QCOMPARE(login.logIn(QStringLiteral("nobody"), QStringLiteral("x")).error().code, ErrorCode::PasswordWrong);
    for (int i = 1; i < LoginService::kFailureLimit; ++i)
        QCOMPARE(login.logIn(QStringLiteral("zhangwei"), QStringLiteral("x")).error().code, ErrorCode::PasswordWrong);
    QCOMPARE(login.logIn(QStringLiteral("zhangwei"), QStringLiteral("x")).error().code, ErrorCode::AccountLocked);
    const QString right = QLatin1String(demo::kPassword);
    QCOMPARE(login.logIn(QStringLiteral("zhangwei"), right).error().code, ErrorCode::AccountLocked);
    QVERIFY(login.logIn(QStringLiteral("chenjun"), right)); // another one's account is not touched
    clock.advance(LoginService::kLockTime + std::chrono::seconds(1));
    const auto user = login.logIn(QStringLiteral("zhangwei"), right);
    QVERIFY2(user, said(user));
    QCOMPARE(user->id, demoUser("zhangwei").id);
    QVERIFY((*desk)->store().audit().verifyChain());
}

void BadDeskTest::lockOutWhenTheClockJumps() {
    FakeClock clock;
    const auto desk = openDesk(m_folder.filePath(QStringLiteral("clock")), clock, m_uids);
    QVERIFY2(desk, said(desk));
    LoginService& login = (*desk)->login();
    const QString name = QStringLiteral("zhangwei");
    const QString right = QLatin1String(demo::kPassword);
    const QDateTime now = clock.nowUtc();
    clock.setNowUtc(now.addYears(10));
    for (int i = 0; i < LoginService::kFailureLimit; ++i)
        QVERIFY(!login.logIn(name, QStringLiteral("x")));
    QCOMPARE(login.logIn(name, right).error().code, ErrorCode::AccountLocked);
    // Put right: nobody is locked out for ten years, and guessing does not get easier.
    clock.setNowUtc(now);
    QCOMPARE(login.logIn(name, QStringLiteral("x")).error().code, ErrorCode::AccountLocked);
    QCOMPARE(login.logIn(name, right).error().code, ErrorCode::AccountLocked);
    clock.advance(LoginService::kLockTime + std::chrono::seconds(1));
    QVERIFY(login.logIn(name, right));
    // A small step back keeps the lock.
    for (int i = 0; i < LoginService::kFailureLimit; ++i)
        QVERIFY(!login.logIn(name, QStringLiteral("x")));
    clock.advance(std::chrono::minutes(1));
    clock.advance(-std::chrono::seconds(30));
    QCOMPARE(login.logIn(name, right).error().code, ErrorCode::AccountLocked);
    QVERIFY((*desk)->store().audit().verifyChain());
}

void BadDeskTest::keysAndCertificates_data() {
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, ErrorCode code) { QTest::newRow(name) << static_cast<int>(code); };
    row("expired", ErrorCode::CertificateExpired);
    row("not yet valid", ErrorCode::CertificateNotYetValid);
    row("revoked", ErrorCode::CertificateRevoked);
    row("of an authority nobody knows", ErrorCode::CertificateUntrusted);
    row("key of another", ErrorCode::KeyDoesNotMatchCertificate);
    row("wrong PIN", ErrorCode::PasswordWrong);
    row("no key", ErrorCode::KeyUnavailable);
    row("broken key", ErrorCode::KeyUnavailable);
    row("no certificate", ErrorCode::CertificateMissing);
}

void BadDeskTest::keysAndCertificates() {
    QFETCH(int, code);
    const QString fault = QString::fromLatin1(QTest::currentDataTag());
    const FakeClock clock;
    const QDateTime now = clock.nowUtc();
    const QString home = m_folder.filePath(fault);
    const auto desk = openDesk(home, clock, m_uids);
    QVERIFY2(desk, said(desk));
    const User author = demoUser("zhangwei");
    QVERIFY((*desk)->store().drafts().save(kTask, author.id, plainContent(), {}));

    const Validity years{now.addYears(-3), now.addYears(3)};
    auto authority = CertificateAuthority::create(KeyType::P256, {QStringLiteral("Test"), {}, {}}, years);
    QVERIFY2(authority, said(authority));
    Validity validity = years;
    if (fault == u"expired")
        validity.notAfter = now.addDays(-1);
    if (fault == u"not yet valid")
        validity.notBefore = now.addDays(1);
    const QString pin = QLatin1String(demo::kPassword);
    const auto issue = [&](const Validity& when, const QString& with) {
        return authority->issue({author.displayName, {}, {}}, when, with, 1000).value();
    };
    const IssuedKey good = issue(years, pin);
    const IssuedKey bad = issue(validity, fault == u"wrong PIN" ? QStringLiteral("another") : pin);
    if (fault == u"revoked")
        authority->revoke(bad.serial, now.addDays(-1));
    const QString trust = home + QStringLiteral("/trust/");
    const QByteArray known = authority->certificatesPem().value();
    const QByteArray lists = authority->revocationListsPem(now.addDays(-1), now.addDays(30)).value();
    if (fault != u"of an authority nobody knows") {
        QVERIFY(write(trust + QStringLiteral("ca.pem"), known));
        QVERIFY(write(trust + QStringLiteral("crl.pem"), lists));
    }
    const QString key = home + QStringLiteral("/keys/%1.key.pem").arg(author.id.value());
    const QString certificate = home + QStringLiteral("/keys/%1.cert.pem").arg(author.id.value());
    QVERIFY(QFile::exists(key) && QFile::exists(certificate));
    QVERIFY(write(key, fault == u"key of another" ? good.keyPem : bad.keyPem));
    QVERIFY(write(certificate, bad.certificatePem));
    if (fault == u"no key")
        QVERIFY(QFile::remove(key));
    if (fault == u"broken key")
        QVERIFY(write(key, bad.keyPem.left(bad.keyPem.size() / 2)));
    if (fault == u"no certificate")
        QVERIFY(QFile::remove(certificate));

    const auto refused = submitPlain(**desk, kStudy);
    QVERIFY(!refused);
    QVERIFY2(refused.error().code == static_cast<ErrorCode>(code), said(refused));
    DeskStore& store = (*desk)->store();
    QVERIFY(store.reports().all()->empty());
    QVERIFY(store.outbox().all()->empty());
    const auto draft = store.drafts().find(kTask, author.id);
    QVERIFY(draft && *draft && (*draft)->content == plainContent());
    QVERIFY(store.audit().verifyChain());

    // With the right ones in place the same report goes through.
    QVERIFY(write(trust + QStringLiteral("ca.pem"), known));
    QVERIFY(write(trust + QStringLiteral("crl.pem"), lists));
    QVERIFY(write(key, good.keyPem));
    QVERIFY(write(certificate, good.certificatePem));
    const auto report = submitPlain(**desk, kStudy);
    QVERIFY2(report, said(report));
    QCOMPARE(store.reports().all()->size(), size_t(1));
}

void BadDeskTest::objectsThatDoNotBelong() {
    const FakeClock clock;
    const auto desk = openDesk(m_folder.filePath(QStringLiteral("mixed")), clock, m_uids);
    QVERIFY2(desk, said(desk));
    const QString good = m_folder.filePath(QStringLiteral("good files"));
    writeSmallStudy(good, kStudy, 8);
    SmallStudyOptions stranger;
    stranger.patientId = QStringLiteral("T2");
    writeSmallStudy(m_folder.filePath(QStringLiteral("strangers")), kStudy, 8, stranger);
    writeSmallStudy(m_folder.filePath(QStringLiteral("elsewhere")), QStringLiteral("2.25.7002"), 1);

    FakeStudies platform;
    addFiles(platform, good, kStudy, 4);
    addFiles(platform, m_folder.filePath(QStringLiteral("strangers")), kStudy, 1, 4);
    addFiles(platform, m_folder.filePath(QStringLiteral("elsewhere")), QStringLiteral("2.25.7002"), 1);
    addFiles(platform, good, kStudy, 3, 5);
    platform.objects[6].second.truncate(300); // in the header
    platform.objects[7].second = "this is no DICOM file";
    platform.objects[8].first.instance = InstanceUid(QStringLiteral("2.25.7001.1.99")); // says another UID

    AcquireService acquire((*desk)->store(), platform, (*desk)->pixels());
    std::vector<InstanceUid> seen;
    AcquireProgress last;
    const auto record = acquire.acquire(
        StudyUid(kStudy), [&](const DataSetHeader& header) { seen.push_back(header.instance.instance); },
        [&](const AcquireProgress& progress) { last = progress; }, kNever);
    QVERIFY2(record, said(record));
    QCOMPARE(seen.size(), size_t(4));
    QCOMPARE(record->patient.id.value(), QStringLiteral("T1"));
    QCOMPARE(record->series.size(), size_t(1));
    QCOMPARE(record->series[0].instances.size(), size_t(4));
    QCOMPARE(last.have, 4);
    QCOMPARE(last.setAside, 5);
    const auto aside = (*desk)->store().studies().setAsideOf(StudyUid(kStudy));
    QVERIFY(aside);
    std::map<QString, ErrorCode> codes;
    for (const auto& object : *aside)
        codes[object.instance.value()] = object.reason.code;
    QCOMPARE(codes.size(), size_t(5));
    QCOMPARE(codes[platform.objects[4].first.instance.value()], ErrorCode::PatientMismatch);
    QCOMPARE(codes[platform.objects[5].first.instance.value()], ErrorCode::StudyMismatch);
    QCOMPARE(codes[platform.objects[6].first.instance.value()], ErrorCode::DataSetTruncated);
    QCOMPARE(codes[platform.objects[7].first.instance.value()], ErrorCode::NotDicom);
    QCOMPARE(codes[platform.objects[8].first.instance.value()], ErrorCode::DataSetBroken);

    // What was refused is not fetched again, and the study counts as complete with what is right.
    platform.given.clear();
    QVERIFY(acquire.acquire(StudyUid(kStudy), {}, {}, kNever));
    QVERIFY(platform.given.empty());
    QVERIFY((*desk)->store().studies().completeness(StudyUid(kStudy))->isComplete());
}

void BadDeskTest::acquireGoesOnWhereItStopped() {
    const FakeClock clock;
    const auto desk = openDesk(m_folder.filePath(QStringLiteral("resume")), clock, m_uids);
    QVERIFY2(desk, said(desk));
    const QString folder = m_folder.filePath(QStringLiteral("resume files"));
    writeSmallStudy(folder, kStudy, 8);
    FakeStudies platform;
    addFiles(platform, folder, kStudy, 8);
    AcquireService acquire((*desk)->store(), platform, (*desk)->pixels());

    platform.breakOffAfter = 3;
    const auto broken = acquire.acquire(StudyUid(kStudy), {}, {}, kNever);
    QVERIFY2(!broken && broken.error().code == ErrorCode::AssociationAborted, said(broken));
    QVERIFY(!(*desk)->store().studies().completeness(StudyUid(kStudy))->isComplete());

    platform.breakOffAfter = -1;
    CancelToken token;
    const auto cancelled = acquire.acquire(
        StudyUid(kStudy), {},
        [&](const AcquireProgress& progress) {
            if (progress.have == 6)
                token.cancel();
        },
        token);
    QVERIFY2(!cancelled && cancelled.error().code == ErrorCode::Cancelled, said(cancelled));

    const auto record = acquire.acquire(StudyUid(kStudy), {}, {}, kNever);
    QVERIFY2(record, said(record));
    QCOMPARE(record->series[0].instances.size(), size_t(8));
    // Each object came once.
    QCOMPARE(platform.given.size(), size_t(8));
    QCOMPARE(std::set<InstanceUid>(platform.given.begin(), platform.given.end()).size(), size_t(8));
}

/// What a power cut took is not said to be here.
void BadDeskTest::lostFilesAreFetchedAgain() {
    const FakeClock clock;
    const auto desk = openDesk(m_folder.filePath(QStringLiteral("lost")), clock, m_uids);
    QVERIFY2(desk, said(desk));
    const QString folder = m_folder.filePath(QStringLiteral("lost files"));
    writeSmallStudy(folder, kStudy, 6);
    FakeStudies platform;
    addFiles(platform, folder, kStudy, 6);
    AcquireService acquire((*desk)->store(), platform, (*desk)->pixels());
    const auto whole = acquire.acquire(StudyUid(kStudy), {}, {}, kNever);
    QVERIFY2(whole, said(whole));
    const InstanceRecord lost = whole->series[0].instances[2];
    QVERIFY(QFile::remove(lost.path));
    platform.given.clear();
    const auto again = acquire.acquire(StudyUid(kStudy), {}, {}, kNever);
    QVERIFY2(again, said(again));
    QCOMPARE(platform.given, std::vector{lost.instance});
    QCOMPARE(again->series[0].instances.size(), size_t(6));
    QVERIFY(QFile::exists(lost.path));
}

namespace {

/// The child, on a file system of 24 MB of its own: exit status 0 when all went as it must.
int workOnSmallDisk(const QString& folder) {
    const SystemClock clock; // the demo certificates are valid from now on
    RandomUidSource uids;
    const auto desk = openDesk(folder + QStringLiteral("/desk"), clock, uids);
    if (!desk)
        return 10;
    DeskStore& store = (*desk)->store();
    const User author = demoUser("zhangwei");
    if (!store.drafts().save(kTask, author.id, plainContent(), {}))
        return 11;

    // Something else on this computer takes all but some room.
    const QString filler = folder + QStringLiteral("/filler");
    QFile file(filler);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        return 12;
    const QByteArray block(4096, 'x');
    while (file.write(block) == block.size())
        ;
    file.close();

    const auto refused = submitPlain(**desk, kStudy);
    if (refused || refused.error().code != ErrorCode::DiskFull) {
        std::fprintf(stderr, "%s\n", said(refused).constData());
        return 13;
    }
    if (!store.reports().all()->empty() || !store.outbox().all()->empty())
        return 14;
    FakeStudies platform;
    SmallStudyOptions large;
    large.size = 128;
    QTemporaryDir elsewhere(QDir::homePath() + QStringLiteral("/small-disk-XXXXXX"));
    writeSmallStudy(elsewhere.path(), kStudy, 3, large);
    addFiles(platform, elsewhere.path(), kStudy, 3);
    AcquireService acquire(store, platform, (*desk)->pixels());
    const auto acquired = acquire.acquire(StudyUid(kStudy), {}, {}, kNever);
    if (acquired || acquired.error().code != ErrorCode::DiskFull)
        return 15;

    // The room is back: the same goes through.
    if (!QFile::remove(filler))
        return 16;
    const auto draft = store.drafts().find(kTask, author.id);
    if (!draft || !*draft || (*draft)->content != plainContent())
        return 17;
    if (!acquire.acquire(StudyUid(kStudy), {}, {}, kNever))
        return 18;
    if (!submitPlain(**desk, kStudy) || store.reports().all()->size() != 1 || store.outbox().all()->size() != 3)
        return 19;
    return store.audit().verifyChain() ? 0 : 20;
}

} // namespace

void BadDeskTest::damagedFilesAreFetchedAgain_data() {
    QTest::addColumn<QString>("damage");
    for (const char* damage : {"one bit of a pixel", "cut short", "zeros at the end", "another image", "empty"})
        QTest::newRow(damage) << QString::fromLatin1(damage);
}

/// A file that changed on the disk is noticed when its study is used: it is not shown, that is said, and it is fetched
/// again as soon as there is a line.
void BadDeskTest::damagedFilesAreFetchedAgain() {
    QFETCH(QString, damage);
    const FakeClock clock;
    const auto desk = openDesk(m_folder.filePath(u"damaged " + damage), clock, m_uids);
    QVERIFY2(desk, said(desk));
    const QString folder = m_folder.filePath(u"damaged files " + damage);
    writeSmallStudy(folder, kStudy, 6);
    FakeStudies platform;
    addFiles(platform, folder, kStudy, 6);
    AcquireService acquire((*desk)->store(), platform, (*desk)->pixels());
    const auto whole = acquire.acquire(StudyUid(kStudy), {}, {}, kNever);
    QVERIFY2(whole, said(whole));
    const InstanceRecord hit = whole->series[0].instances[2];
    const QByteArray right = read(hit.path);
    QByteArray wrong = right;
    if (damage.startsWith(u"one bit"))
        wrong[wrong.size() - 700] = static_cast<char>(wrong.at(wrong.size() - 700) ^ 0x10);
    if (damage == u"cut short")
        wrong.chop(100);
    if (damage == u"zeros at the end")
        wrong = wrong.left(wrong.size() / 2).leftJustified(wrong.size(), '\0');
    if (damage == u"another image")
        wrong = read(whole->series[0].instances[3].path);
    if (damage == u"empty")
        wrong.clear();
    QVERIFY(wrong != right);
    QVERIFY(write(hit.path, wrong));

    // No line: what is whole is there, what is damaged is not, and it is said how many.
    int seen = 0;
    const auto watch = [&](const AcquireProgress& progress) { seen = std::max(seen, progress.damaged); };
    platform.isAway = true;
    const auto without = acquire.acquire(StudyUid(kStudy), {}, watch, kNever);
    QVERIFY2(!without && without.error().code == ErrorCode::PlatformUnreachable, said(without));
    QCOMPARE(seen, 1);
    QVERIFY(!(*desk)->store().studies().instancesOf(StudyUid(kStudy))->contains(hit.instance));
    QVERIFY(!QFile::exists(hit.path));
    const auto completeness = (*desk)->store().studies().completeness(StudyUid(kStudy));
    QVERIFY(!completeness->isComplete());

    platform.isAway = false;
    platform.given.clear();
    const auto again = acquire.acquire(StudyUid(kStudy), {}, {}, kNever);
    QVERIFY2(again, said(again));
    QCOMPARE(platform.given, std::vector{hit.instance});
    const FileVault& vault = (*desk)->store().vault();
    QVERIFY(vault.checksum(StudyUid(kStudy), hit.instance));
    QVERIFY(read(hit.path) != right); // never sealed twice with one salt
    // And nothing is checked in vain: the whole study stays.
    seen = 0;
    platform.given.clear();
    QVERIFY(acquire.acquire(StudyUid(kStudy), {}, watch, kNever));
    QCOMPARE(seen, 0);
    QVERIFY(platform.given.empty());
}

void BadDeskTest::fullDisk() {
    QTemporaryDir folder;
    const auto onSmallDisk = [&](const QStringList& command) {
        QProcess child;
        child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        child.start(
            QStringLiteral("unshare"),
            QStringList{QStringLiteral("-rm"), QStringLiteral("sh"), QStringLiteral("-c"),
                        QStringLiteral("mount -t tmpfs -o size=24m tmpfs \"$1\" || exit 99; shift; exec \"$@\""),
                        QStringLiteral("sh"), folder.path()} +
                command);
        return child.waitForFinished(60000) && child.exitStatus() == QProcess::NormalExit ? child.exitCode() : 98;
    };
    if (onSmallDisk({QStringLiteral("true")}) != 0)
        QSKIP("no file system of our own may be mounted here");
    QCOMPARE(onSmallDisk({QCoreApplication::applicationFilePath(), QStringLiteral("--small-disk"), folder.path()}), 0);
}

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() == 3 && arguments[1] == u"--small-disk")
        return workOnSmallDisk(arguments[2]);
    BadDeskTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "bad_desk_test.moc"
