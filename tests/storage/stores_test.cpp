#include "storage/desk_store.h"
#include "storage/schema.h"

#include "sample_report.h"
#include "support/fake_clock.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace std::chrono_literals;

namespace {

User doctor() {
    return {UserId(QStringLiteral("u1")),   QStringLiteral("zhangwei"),
            QStringLiteral("张伟"),         QStringLiteral("主治医师"),
            QStringLiteral("县人民医院"),   QStringLiteral("影像科"),
            {Role::Reader, Role::Reviewer}, true};
}

ReadingTask task(const QString& uid) {
    ReadingTask task;
    task.uid = WorkitemUid(uid);
    task.kind = TaskKind::Review;
    task.priority = Priority::Emergency;
    task.order.patient.name = PersonName::fromDicom(QStringLiteral("Li^Na=李^娜"));
    task.order.clinicalDiagnosis = QStringLiteral("咳嗽三天");
    task.order.study = StudyUid(QStringLiteral("1.2"));
    task.dueTime = QDateTime(QDate(2026, 3, 2), QTime(4, 0), Qt::UTC);
    return task;
}

DataSetHeader header(const QString& study, const QString& series, const QString& instance, int number,
                     const QString& patient = QStringLiteral("P1")) {
    DataSetHeader header;
    header.study.study = StudyUid(study);
    header.study.patient.id = PatientId(patient);
    header.study.patient.name = PersonName::fromDicom(QStringLiteral("Li^Na=李^娜"));
    header.study.patient.sex = Sex::Female;
    header.study.patient.birthDate = QDate(1980, 2, 29);
    header.study.time = QDateTime(QDate(2026, 3, 1), QTime(9, 30)); // local, as DICOM says it
    header.study.description = QStringLiteral("胸部CT平扫");
    header.series.series = SeriesUid(series);
    header.series.modality = QStringLiteral("CT");
    header.series.seriesNumber = 2;
    header.instance = {StudyUid(study),
                       SeriesUid(series),
                       InstanceUid(instance),
                       SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.2")),
                       QStringLiteral("1.2.840.10008.1.2.1"),
                       number,
                       1,
                       u"/vault/" + instance + u".dcm"};
    return header;
}

} // namespace

class StoresTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_parent;
    int m_count = 0;
    QString m_folder;
    test::FakeClock m_clock;
    std::unique_ptr<DeskStore> m_desk;

    void reopen() {
        m_desk.reset();
        m_desk = DeskStore::open(m_folder, m_clock).value();
    }

private Q_SLOTS:
    void init() {
        m_folder = m_parent.filePath(QStringLiteral("desk%1/store").arg(++m_count));
        m_clock = {};
        reopen();
    }

    void folderIsTheOwnersAlone() {
        const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                            QFile::WriteOther | QFile::ExeOther;
        QCOMPARE(QFileInfo(m_folder).permissions() & others, QFile::Permissions());
    }

    void everyOlderSchemaBecomesTheNewest() {
        const auto& migrations = deskMigrations();
        for (size_t from = 1; from < migrations.size(); ++from) {
            const QString path = m_parent.filePath(QStringLiteral("old%1.db").arg(from));
            QVERIFY(Database::open(path, {migrations.begin(), migrations.begin() + qsizetype(from)}));
            const auto database = Database::open(path, migrations);
            QVERIFY(database);
            QVERIFY(AuditStore(*database, m_clock).append(test::sampleAudit()));
        }
    }

    void users() {
        UserStore& users = m_desk->users();
        QVERIFY(users.add(doctor(), QStringLiteral("$argon2id$...")));
        QCOMPARE(users.add(doctor(), {}).error().code, ErrorCode::AlreadyExists);
        User sameLogin = doctor();
        sameLogin.id = UserId(QStringLiteral("u2"));
        sameLogin.loginName = QStringLiteral("ZhangWei"); // the same name to a person
        QCOMPARE(users.add(sameLogin, {}).error().code, ErrorCode::AlreadyExists);
        reopen();
        const auto found = m_desk->users().byLoginName(QStringLiteral("zhangwei"));
        QVERIFY(found);
        QCOMPARE(found->user, doctor());
        QCOMPARE(found->passwordHash, QStringLiteral("$argon2id$..."));
        QVERIFY(!found->disabled && !found->lockedUntil.isValid());
        QCOMPARE(m_desk->users().byLoginName(QStringLiteral("nobody")).error().code, ErrorCode::UserUnknown);
        QCOMPARE(m_desk->users().byId(UserId(QStringLiteral("x"))).error().code, ErrorCode::UserUnknown);
        User changed = doctor();
        changed.roles = {Role::QaSupervisor};
        QVERIFY(m_desk->users().update(changed));
        QVERIFY(m_desk->users().setDisabled(changed.id, true));
        QCOMPARE(m_desk->users().byId(changed.id).value(), changed);
        QVERIFY(m_desk->users().byLoginName(QStringLiteral("zhangwei"))->disabled);
        QCOMPARE(m_desk->users().all()->size(), size_t(1));
        changed.id = UserId(QStringLiteral("x"));
        QCOMPARE(m_desk->users().update(changed).error().code, ErrorCode::UserUnknown);
    }

    void lockAfterWrongPasswords() {
        UserStore& users = m_desk->users();
        QVERIFY(users.add(doctor(), {}));
        const UserId id = doctor().id;
        const auto credentials = [&] { return users.byLoginName(QStringLiteral("zhangwei")).value(); };
        for (int i = 0; i < 4; ++i)
            QVERIFY(users.recordFailure(id, 5, 15min));
        QVERIFY(!credentials().lockedUntil.isValid());
        QVERIFY(users.recordFailure(id, 5, 15min));
        QCOMPARE(credentials().lockedUntil, m_clock.nowUtc().addSecs(900));
        QCOMPARE(credentials().failedAttempts, 5);
        QVERIFY(users.recordSuccess(id));
        QVERIFY(!credentials().lockedUntil.isValid());
        QCOMPARE(credentials().failedAttempts, 0);
        QCOMPARE(users.recordFailure(UserId(QStringLiteral("x")), 5, 15min).error().code, ErrorCode::UserUnknown);
    }

    void tasks() {
        QVERIFY(!m_desk->tasks().all()->asOf.isValid());
        QVERIFY(m_desk->tasks().replaceAll({task(QStringLiteral("2")), task(QStringLiteral("1"))}));
        const QDateTime asOf = m_clock.nowUtc();
        m_clock.advance(1h);
        ReadingTask changed = task(QStringLiteral("1"));
        changed.state = UpsState::InProgress;
        QVERIFY(m_desk->tasks().put(changed));
        QVERIFY(m_desk->tasks().put(task(QStringLiteral("3"))));
        reopen();
        const auto snapshot = m_desk->tasks().all();
        QCOMPARE(snapshot->asOf, asOf); // one task put is not a refresh
        QCOMPARE(snapshot->tasks.size(), size_t(3));
        QCOMPARE(snapshot->tasks[0], task(QStringLiteral("2"))); // the platform's order
        QCOMPARE(snapshot->tasks[1], changed);
        QCOMPARE(m_desk->tasks().get(changed.uid).value(), changed);
        QVERIFY(m_desk->tasks().replaceAll({}));
        QCOMPARE(m_desk->tasks().get(changed.uid).error().code, ErrorCode::NotFound);
        QCOMPARE(m_desk->tasks().all()->asOf, m_clock.nowUtc());
    }

    void claimKeepsItsTransactionUid() {
        const WorkitemUid work(QStringLiteral("1.2.3"));
        const UserId user(QStringLiteral("u1"));
        const auto claim = m_desk->claims().begin(work, TransactionUid(QStringLiteral("1.1")), user);
        QCOMPARE(claim->transaction.value(), QStringLiteral("1.1"));
        reopen(); // the answer was lost in a crash
        const auto again = m_desk->claims().begin(work, TransactionUid(QStringLiteral("2.2")), user);
        QCOMPARE(again->transaction.value(), QStringLiteral("1.1"));
        QCOMPARE(again->settled, ClaimStore::Settled::Asked);
        QVERIFY(m_desk->claims().markHeld(work));
        reopen();
        QCOMPARE(m_desk->claims().find(work).value()->settled, ClaimStore::Settled::Held);
        QCOMPARE(m_desk->claims().begin(work, TransactionUid(QStringLiteral("3.3")), user)->transaction.value(),
                 QStringLiteral("1.1"));
        QCOMPARE(m_desk->claims().unfinished()->size(), size_t(1));
        QVERIFY(m_desk->claims().markFinished(work));
        QVERIFY(!m_desk->claims().find(work)->has_value());
        QVERIFY(m_desk->claims().unfinished()->empty());
        QCOMPARE(m_desk->claims().markHeld(work).error().code, ErrorCode::TaskNotClaimed);
        QCOMPARE(m_desk->claims().begin(work, TransactionUid(QStringLiteral("4.4")), user)->transaction.value(),
                 QStringLiteral("4.4"));
    }

    void drafts() {
        const WorkitemUid work(QStringLiteral("1.2.3"));
        const UserId user(QStringLiteral("u1"));
        const ReportContent content = test::sampleReport().document.content;
        QVERIFY(m_desk->drafts().save(work, user, {}, {}));
        m_clock.advance(2s);
        QVERIFY(m_desk->drafts().save(work, user, content, {{"zoom", 2.5}}));
        QVERIFY(m_desk->drafts().save(work, UserId(QStringLiteral("u2")), {}, {}));
        reopen();
        const auto draft = m_desk->drafts().find(work, user).value();
        QVERIFY(draft);
        QCOMPARE(draft->content, content); // pictures too
        QCOMPARE(draft->viewState.value(u"zoom").toDouble(), 2.5);
        QCOMPARE(draft->savedAt, m_clock.nowUtc());
        QCOMPARE(m_desk->drafts().all()->size(), size_t(2));
        QVERIFY(!m_desk->drafts().find(work, UserId(QStringLiteral("u3")))->has_value());
    }

    void settings() {
        QCOMPARE(m_desk->settings().value(QStringLiteral("absent"), 7).toInt(), 7);
        QVERIFY(m_desk->settings().set(QStringLiteral("window"), QJsonArray{1, QStringLiteral("肺窗")}));
        QVERIFY(m_desk->settings().set(QStringLiteral("undo"), 0));
        reopen();
        QCOMPARE(m_desk->settings().value(QStringLiteral("window")).toArray().at(1).toString(), QStringLiteral("肺窗"));
        QCOMPARE(m_desk->settings().value(QStringLiteral("undo"), 600).toInt(), 0);
    }

    void studies() {
        StudyStore& studies = m_desk->studies();
        const StudyUid study(QStringLiteral("1.2"));
        QVERIFY(studies.setExpectedCount(study, 3));
        QCOMPARE(studies.completeness(study)->have, 0);
        QVERIFY(studies.add(header(QStringLiteral("1.2"), QStringLiteral("1.2.1"), QStringLiteral("1.2.1.2"), 2)));
        QVERIFY(studies.add(header(QStringLiteral("1.2"), QStringLiteral("1.2.1"), QStringLiteral("1.2.1.1"), 1)));
        QVERIFY(!studies.completeness(study)->isComplete());
        DataSetHeader replaced = header(QStringLiteral("1.2"), QStringLiteral("1.2.1"), QStringLiteral("1.2.1.1"), 1);
        replaced.instance.path = QStringLiteral("/elsewhere.dcm");
        QVERIFY(studies.add(replaced));
        QCOMPARE(studies.completeness(study)->have, 2);
        QVERIFY(studies.add(header(QStringLiteral("1.2"), QStringLiteral("1.2.7"), QStringLiteral("1.2.7.1"), 1)));
        QVERIFY(studies.completeness(study)->isComplete());
        reopen();
        const auto record = m_desk->studies().study(study);
        QVERIFY(record);
        StudyRecord expected = replaced.study;
        expected.series = {replaced.series, replaced.series};
        expected.series[0].instances = {
            replaced.instance,
            header(QStringLiteral("1.2"), QStringLiteral("1.2.1"), QStringLiteral("1.2.1.2"), 2).instance};
        expected.series[1].series = SeriesUid(QStringLiteral("1.2.7"));
        expected.series[1].instances = {
            header(QStringLiteral("1.2"), QStringLiteral("1.2.7"), QStringLiteral("1.2.7.1"), 1).instance};
        QCOMPARE(*record, expected);
        QCOMPARE(m_desk->studies().all()->size(), size_t(1));
        QCOMPARE(m_desk->studies().instancesOf(study)->size(), size_t(3));
        QCOMPARE(m_desk->studies().study(StudyUid(QStringLiteral("9"))).error().code, ErrorCode::NotFound);
        QCOMPARE(m_desk->studies().completeness(StudyUid(QStringLiteral("9")))->expected, -1);
    }

    /// A presentation state or report made elsewhere names its maker's hospital and, in another zone, another day.
    void whatIsMadeOfAStudyDoesNotDescribeIt() {
        StudyStore& studies = m_desk->studies();
        const auto one = [](const char* study, const char* series, const char* modality, const char* hospital,
                            int day) {
            DataSetHeader made =
                header(QLatin1String(study), QLatin1String(series), QLatin1String(series) + u".1"_qs, 1);
            made.series.modality = QLatin1String(modality);
            made.study.institution = QString::fromUtf8(hospital);
            made.study.time = QDateTime(QDate(2026, 3, day), QTime(9, 30));
            return made;
        };
        const DataSetHeader image = one("1.5", "1.5.1", "CT", "东河镇中心卫生院", 1);
        DataSetHeader state = one("1.5", "1.5.2", "PR", "县人民医院", 2);
        state.study.accessionNumber = QStringLiteral("A9"); // what was empty is filled
        QVERIFY(studies.add(image));
        QVERIFY(studies.add(state));
        const auto found = studies.study(StudyUid(QStringLiteral("1.5")));
        QVERIFY(found);
        QCOMPARE(found->institution, image.study.institution);
        QCOMPARE(found->time, image.study.time);
        QCOMPARE(found->accessionNumber, QStringLiteral("A9"));
        // The other way round: the image has the last word.
        const DataSetHeader report = one("1.6", "1.6.2", "SR", "县人民医院", 2);
        const DataSetHeader late = one("1.6", "1.6.1", "CT", "东河镇中心卫生院", 1);
        QVERIFY(studies.add(report));
        QCOMPARE(studies.study(StudyUid(QStringLiteral("1.6")))->institution, report.study.institution);
        QVERIFY(studies.add(late));
        QCOMPARE(studies.study(StudyUid(QStringLiteral("1.6")))->institution, late.study.institution);
        QCOMPARE(studies.study(StudyUid(QStringLiteral("1.6")))->time, late.study.time);
    }

    void anotherPatientsPictureIsRefused() {
        StudyStore& studies = m_desk->studies();
        QVERIFY(studies.add(header(QStringLiteral("1.2"), QStringLiteral("1.2.1"), QStringLiteral("1.2.1.1"), 1)));
        const DataSetHeader wrong =
            header(QStringLiteral("1.2"), QStringLiteral("1.2.1"), QStringLiteral("1.2.1.2"), 2, QStringLiteral("P2"));
        const Status refused = studies.add(wrong);
        QCOMPARE(refused.error().code, ErrorCode::PatientMismatch);
        QVERIFY(!refused.error().detail.contains(u"P2")); // no patient data in details
        QCOMPARE(studies.add(header(QStringLiteral("1.3"), QStringLiteral("1.2.1"), QStringLiteral("1.3.1"), 1))
                     .error()
                     .code,
                 ErrorCode::StudyMismatch);
        QCOMPARE(studies.add(header(QStringLiteral("1.2"), QStringLiteral("1.2.9"), QStringLiteral("1.2.1.1"), 1))
                     .error()
                     .code,
                 ErrorCode::StudyMismatch);
        QCOMPARE(studies.instancesOf(StudyUid(QStringLiteral("1.2")))->size(), size_t(1));
        QCOMPARE(studies.all()->size(), size_t(1)); // the refused ones left nothing behind
        const StudyUid study(QStringLiteral("1.2"));
        QVERIFY(studies.setAside(study, {wrong.instance.instance, refused.error()}));
        QVERIFY(studies.setAside(study, {wrong.instance.instance, refused.error()}));
        const auto aside = studies.setAsideOf(study);
        QCOMPARE(aside->size(), size_t(1));
        QCOMPARE(aside->front().reason, refused.error());
        QVERIFY(studies.add(header(QStringLiteral("1.2"), QStringLiteral("1.2.1"), QStringLiteral("1.2.1.2"), 2)));
        QVERIFY(studies.setAsideOf(study)->empty());
    }

    void vault() {
        const FileVault& vault = m_desk->vault();
        const StudyUid study(QStringLiteral("1.2"));
        const InstanceUid instance(QStringLiteral("1.2.3"));
        const auto path = vault.put(study, instance, "first");
        QVERIFY(path);
        QCOMPARE(*path, vault.pathOf(study, instance));
        QVERIFY(path->startsWith(m_folder));
        QVERIFY(vault.put(study, instance, "second"));
        QCOMPARE(vault.read(study, instance).value(), QByteArray("second"));
        QCOMPARE(QFileInfo(*path).dir().entryList(QDir::Files).size(), 1); // no temporary file stays
        QVERIFY(vault.freeBytes() > 0);
        for (const QString& hostile : {QStringLiteral(".."), QStringLiteral("../../x"), QStringLiteral("/etc/x"),
                                       QStringLiteral("."), QString(), QString(65, u'1')}) {
            QCOMPARE(vault.put(StudyUid(hostile), instance, "x").error().code, ErrorCode::InvalidArgument);
            QCOMPARE(vault.put(study, InstanceUid(hostile), "x").error().code, ErrorCode::InvalidArgument);
        }
    }

    void durableFile() {
        const QString path = m_parent.filePath(QStringLiteral("钥匙.bin"));
        QVERIFY(writeFileDurably(path, QByteArray(100000, 'a')));
        QVERIFY(writeFileDurably(path, "b"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("b"));
        QCOMPARE(writeFileDurably(m_parent.filePath(QStringLiteral("no/folder")), "x").error().code,
                 ErrorCode::FileUnwritable);
        // A target that cannot be replaced: the old one stays, no temporary file is left.
        QDir(m_parent.path()).mkpath(QStringLiteral("taken/inside"));
        QVERIFY(!writeFileDurably(m_parent.filePath(QStringLiteral("taken")), "x"));
        QVERIFY(QDir(m_parent.path()).entryList({QStringLiteral("*.tmp")}, QDir::Files).isEmpty());
    }
};

QTEST_GUILESS_MAIN(StoresTest)
#include "stores_test.moc"
