#include "signed_reports.h"

#include "session/demo_site.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <algorithm>

namespace yz::test {

namespace {

bool copyFolder(const QString& from, const QString& to) {
    QDirIterator all(from, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        const QString source = all.next();
        const QString target = to + source.mid(from.size());
        if (!QDir().mkpath(QFileInfo(target).path()) || !QFile::copy(source, target))
            return false;
    }
    return true;
}

} // namespace

Status makeDemoDesk(const QString& home, const Site& site) {
    static const QTemporaryDir model;
    static bool isMade = false;
    if (!isMade) {
        const SystemClock clock;
        const auto store = DeskStore::open(model.path(), clock);
        if (!store)
            return fail(store.error());
        if (Status prepared = demo::prepare(**store, clock); !prepared)
            return prepared;
        isMade = true;
    }
    if (!QDir().mkpath(home) || !copyFolder(model.path(), home))
        return fail(ErrorCode::FileUnwritable, home);
    return site.save(home + QStringLiteral("/site.json"));
}

User demoUser(const char* loginName) {
    for (User& user : demo::users())
        if (user.loginName == QLatin1String(loginName))
            return user;
    return {};
}

ReportContent plainContent() {
    ReportContent content;
    content.title = QStringLiteral("胸部CT诊断报告");
    content.findings = QStringLiteral("双肺未见实变。");
    content.impression = QStringLiteral("胸部未见异常。");
    content.positivity = Positivity::Negative;
    return content;
}

ReportContext plainContext(const QString& study) {
    ReportContext context;
    context.order.study = StudyUid(study);
    context.order.patient.id = PatientId(QStringLiteral("T1"));
    context.order.patient.name = PersonName::fromDicom(QStringLiteral("Ceshi^Huanzhe=测试^患者"));
    context.order.patient.sex = Sex::Male;
    context.order.patient.birthDate = QDate(1970, 1, 1);
    context.order.accessionNumber = QStringLiteral("A-1");
    context.order.requestingHospital = QStringLiteral("测试卫生院");
    context.order.item = QStringLiteral("胸部CT平扫");
    context.order.modality = QStringLiteral("CT");
    context.order.bodyPart = QStringLiteral("CHEST");
    context.order.examTime = QDateTime(QDate(2026, 3, 1), QTime(2, 15), Qt::UTC);
    context.shownPatient = context.order.patient;
    context.shownStudy = context.order.study;
    return context;
}

Result<SignedReport> submitPlain(DeskServices& desk, const QString& study) {
    SubmitInput input;
    input.lock = {WorkitemUid(study + QStringLiteral(".7")), TransactionUid(study + QStringLiteral(".8"))};
    input.context = plainContext(study);
    for (int i = 1; i <= 2; ++i) {
        input.evidence.push_back({SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.2")),
                                  InstanceUid(study + QStringLiteral(".1.") + QString::number(i))});
        input.evidenceSeries.emplace_back(study + QStringLiteral(".1"));
    }
    input.content = plainContent();
    input.author = demoUser("zhangwei");
    input.pin = QLatin1String(demo::kPassword);
    return desk.signing().submit(input);
}

Result<SignedReport> approvePlain(DeskServices& desk, const SignedReport& submitted) {
    ApproveInput input;
    input.lock = {WorkitemUid(submitted.document.order.study.value() + QStringLiteral(".17")),
                  TransactionUid(submitted.document.order.study.value() + QStringLiteral(".18"))};
    input.received = submitted;
    input.content = submitted.document.content;
    input.content.impression = QStringLiteral("胸部CT未见异常。");
    input.context = plainContext(submitted.document.order.study.value());
    input.reviewer = demoUser("chenjun");
    input.pin = QLatin1String(demo::kPassword);
    return desk.signing().approve(input);
}

Result<ReadingTask> openTask(DeskServices& desk, const QString& study, const User& reader) {
    const CancelToken token;
    const Result<pipeline::Worklist> list = pipeline::refreshWorklist(desk.pipeline(), token);
    if (!list)
        return fail(list.error());
    if (list->offline)
        return fail(*list->offline);
    const auto task = std::find_if(list->tasks.begin(), list->tasks.end(), [&](const ReadingTask& candidate) {
        return candidate.order.study.value() == study && candidate.kind == TaskKind::Read;
    });
    if (task == list->tasks.end())
        return fail(ErrorCode::TaskGone, study);
    Result<ReadingTask> claimed = pipeline::claimTask(task->uid, reader, desk.pipeline(), token);
    if (!claimed)
        return claimed;
    if (const auto record = pipeline::acquireStudy(StudyUid(study), {}, {}, desk.pipeline(), token); !record)
        return fail(record.error());
    if (Status saved = desk.store().drafts().save(claimed->uid, reader.id, plainContent(), {}); !saved)
        return fail(saved.error());
    return claimed;
}

pipeline::SubmitRequest requestFor(DeskServices& desk, const ReadingTask& task, const User& author,
                                   const QString& pin) {
    pipeline::SubmitRequest request;
    request.task = task;
    if (const auto draft = desk.store().drafts().find(task.uid, author.id); draft && *draft)
        request.content = (*draft)->content;
    request.context.order = task.order;
    if (const auto study = desk.store().studies().study(task.order.study); study) {
        request.context.shownPatient = study->patient;
        request.context.shownStudy = study->study;
    }
    request.author = author;
    request.pin = pin;
    return request;
}

} // namespace yz::test
