#include "command.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonObject>
#include <QThread>
#include <cstdio>
#include <limits>

namespace yz::cli {

namespace {

QString timeText(const QDateTime& time) {
    return time.isValid() ? time.toUTC().toString(Qt::ISODateWithMs) : QString();
}

QJsonObject itemJson(const OutboxItem& item) {
    QJsonObject json{{"number", item.number},
                     {"kind", outboxKindName(item.kind)},
                     {"state", outboxStateName(item.state)},
                     {"studyUid", item.study.value()},
                     {"task", item.task.value()},
                     {"srInstance", item.reportInstance.value()},
                     {"target", item.target},
                     {"receipt", item.receipt},
                     {"attempts", item.attempts},
                     {"createdAt", timeText(item.createdAt)},
                     {"notBefore", timeText(item.notBefore)},
                     {"deliveredAt", timeText(item.deliveredAt)}};
    if (item.lastError)
        json["lastError"] = cli::toJson(*item.lastError);
    return json;
}

Result<Answer> deliver(Context& context) {
    const Result<DeskServices*> desk = context.services();
    if (!desk)
        return fail(desk.error());
    const Result<int> waitSeconds = context.arguments().integer("wait", 0, 0, 86400);
    if (!waitSeconds)
        return fail(waitSeconds.error());
    QElapsedTimer timer;
    timer.start();
    QJsonArray list;
    int pending = 0;
    while (true) {
        const Result<std::vector<DeliveryOutcome>> outcomes =
            pipeline::deliverDue((*desk)->pipeline(), context.token());
        if (!outcomes)
            return fail(outcomes.error());
        for (const DeliveryOutcome& outcome : *outcomes) {
            QJsonObject json = itemJson(outcome.item);
            json["state"] = outboxStateName(outcome.state);
            if (outcome.problem)
                json["problem"] = cli::toJson(*outcome.problem);
            list.append(json);
        }
        const Result<int> waiting = (*desk)->store().outbox().pendingCount();
        if (!waiting)
            return fail(waiting.error());
        pending = *waiting;
        if (pending == 0 || timer.elapsed() >= *waitSeconds * 1000LL)
            break;
        QThread::msleep(200);
    }
    return Answer{QJsonObject{{"items", list}, {"pending", pending}}, pending == 0 ? kDone : kAnswerIsNo};
}

Result<Answer> outbox(Context& context) {
    const Result<DeskServices*> desk = context.services();
    if (!desk)
        return fail(desk.error());
    if (context.arguments().has("retry")) {
        const Result<int> number = context.arguments().integer("retry", 0, 1, std::numeric_limits<int>::max());
        if (!number)
            return fail(number.error());
        if (Status requeued = (*desk)->store().outbox().requeue(*number); !requeued)
            return fail(requeued.error());
    }
    if (context.arguments().has("hold")) {
        const Result<int> number = context.arguments().integer("hold", 0, 1, std::numeric_limits<int>::max());
        if (!number)
            return fail(number.error());
        if (Status held = (*desk)->store().outbox().hold(*number); !held)
            return fail(held.error());
    }
    const Result<std::vector<OutboxItem>> all = (*desk)->store().outbox().all();
    if (!all)
        return fail(all.error());
    QJsonArray list;
    for (const OutboxItem& item : *all)
        list.append(itemJson(item));
    return Answer{list};
}

Result<Answer> reports(Context& context) {
    const Result<DeskServices*> desk = context.services();
    if (!desk)
        return fail(desk.error());
    const Result<std::vector<ReportStore::Summary>> all = (*desk)->store().reports().all();
    if (!all)
        return fail(all.error());
    QJsonArray list;
    for (const ReportStore::Summary& summary : *all) {
        const ReportDocument& document = summary.document;
        QJsonObject json{{"reportId", document.report.value()},
                         {"version", document.version},
                         {"state", stateName(summary.state)},
                         {"versionState", stateName(document.state)},
                         {"undone", summary.undone},
                         {"studyUid", document.order.study.value()},
                         {"srInstance", document.srInstance.value()},
                         {"pdfInstance", document.pdfInstance.value()},
                         {"author", document.author.name},
                         {"reviewer", document.reviewer ? document.reviewer->name : QString()}};
        const auto receipt = pipeline::receiptOf(document.srInstance, (*desk)->pipeline());
        if (receipt && *receipt)
            json["receipt"] =
                QJsonObject{{"at", timeText((*receipt)->at)}, {"commitment", (*receipt)->commitment.value()}};
        list.append(json);
    }
    return Answer{list};
}

Result<Answer> exportReport(Context& context) {
    const Result<DeskServices*> desk = context.services();
    if (!desk)
        return fail(desk.error());
    const Result<SignedReport> report =
        (*desk)->store().reports().version(InstanceUid(context.arguments().positional(0)));
    if (!report)
        return fail(report.error());
    const QString folder = context.arguments().has("out") ? context.arguments().option("out") : QStringLiteral(".");
    const QString sr = folder + QStringLiteral("/report-sr.dcm");
    const QString pdfObject = folder + QStringLiteral("/report-pdf.dcm");
    const QString pdf = folder + QStringLiteral("/report.pdf");
    for (const auto& [path, bytes] :
         {std::pair{sr, report->srFile}, std::pair{pdfObject, report->pdfFile}, std::pair{pdf, report->pdf}})
        if (Status written = writeFileDurably(path, bytes); !written)
            return fail(written.error());
    return Answer{QJsonObject{{"sr", sr}, {"pdfObject", pdfObject}, {"pdf", pdf}}};
}

Result<Answer> verify(Context& context) {
    const Arguments& arguments = context.arguments();
    QString trust = arguments.option("trust");
    if (trust.isEmpty()) {
        const Result<QString> home = context.home();
        if (!home)
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("say --trust DIR (with trust/ca.pem in it) or --home DIR"));
        trust = *home;
    }
    const Result<QByteArray> sr = readFile(arguments.positional(0));
    if (!sr)
        return fail(sr.error());
    QByteArray pdf;
    if (arguments.positionalCount() == 2) {
        const Result<QByteArray> read = readFile(arguments.positional(1));
        if (!read)
            return fail(read.error());
        pdf = *read;
    }
    const VerificationReport report = verifyOffline(trust, *sr, pdf);
    return Answer{toJson(report), report.ok ? kDone : kAnswerIsNo};
}

} // namespace

std::vector<Command> deliveryCommands() {
    return {
        {"deliver",
         "[--wait SECONDS]",
         "send what is due; 3 when something is still waiting",
         {{"wait", "SECONDS", "keep trying that long"}},
         deliver},
        {"outbox",
         "",
         "every item with its state and the platform's last answer",
         {{"retry", "NUMBER", "try a parked item again, let a held one go"}, {"hold", "NUMBER", "hold an item back"}},
         outbox},
        {"reports", "", "every signed version on this workstation, with its receipt", {}, reports},
        {"export",
         "SR-INSTANCE [--out DIR]",
         "write SR, PDF object and PDF of a version",
         {{"out", "DIR", "folder"}},
         exportReport,
         1,
         1},
        {"verify",
         "SR.dcm [PDF.dcm]",
         "who signed what and when, and what is wrong (offline)",
         {{"trust", "DIR", "folder with trust/ca.pem and trust/crl.pem in it; else the workstation's"}},
         verify,
         1,
         2},
    };
}

} // namespace yz::cli
