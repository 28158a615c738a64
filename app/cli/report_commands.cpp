#include "command.h"

#include "reporting/report_template.h"
#include "reporting/template_catalog.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace yz::cli {

namespace {

Result<QJsonObject> jsonFile(const QString& path) {
    const Result<QByteArray> bytes = readFile(path);
    if (!bytes)
        return fail(bytes.error());
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(*bytes, &error);
    if (!document.isObject())
        return fail(ErrorCode::InvalidArgument, path + u": " + error.errorString());
    return document.object();
}

/// Texts of the file over what is there; "answers" go through the template first.
ReportContent merged(ReportContent content, const QJsonObject& json, const TemplateCatalog& catalog) {
    if (json.contains("answers"))
        if (const ReportTemplate* reportTemplate = catalog.find(content.templateId)) {
            QJsonObject answers = content.answers; // a field that is not named keeps its answer
            const QJsonObject given = json["answers"].toObject();
            for (auto it = given.begin(); it != given.end(); ++it)
                answers[it.key()] = it.value();
            applyAnswers(content, *reportTemplate, answers);
        }
    QJsonObject all = toJson(content);
    for (auto it = json.begin(); it != json.end(); ++it)
        if (it.key() != u"answers" && it.key() != u"acknowledge")
            all[it.key()] = it.value();
    return reportContentFromJson(all);
}

std::vector<Acknowledgement> acknowledgementsOf(const QJsonObject& json) {
    std::vector<Acknowledgement> all;
    const QJsonObject given = json["acknowledge"].toObject();
    for (auto it = given.begin(); it != given.end(); ++it)
        all.push_back({it.key(), it.value().toString()});
    return all;
}

/// What stands on this workstation for the study is what was shown: the CLI has no screen to ask.
Result<ReportContext> contextOf(const Order& order, DeskServices& desk) {
    const Result<StudyRecord> study = desk.store().studies().study(order.study);
    if (!study)
        return fail(study.error());
    ReportContext context;
    context.order = order;
    context.shownPatient = study->patient;
    context.shownStudy = study->study;
    return context;
}

QJsonArray findingsJson(const std::vector<CheckFinding>& findings) {
    QJsonArray list;
    for (const CheckFinding& finding : findings)
        list.append(QJsonObject{{"code", checkCodeName(finding.code)},
                                {"hard", finding.severity == CheckSeverity::Hard},
                                {"key", finding.key()},
                                {"parameters", QJsonArray::fromStringList(finding.parameters)}});
    return list;
}

QJsonObject versionJson(const SignedReport& report) {
    const ReportDocument& document = report.document;
    return {{"reportId", document.report.value()},         {"version", document.version},
            {"state", stateName(document.state)},          {"srInstance", document.srInstance.value()},
            {"pdfInstance", document.pdfInstance.value()}, {"signatures", static_cast<int>(report.signatures.size())}};
}

Result<Answer> report(Context& context) {
    const Arguments& arguments = context.arguments();
    const Result<User> user = context.user();
    if (!user)
        return fail(user.error());
    DeskServices& desk = **context.services();
    const WorkitemUid uid(arguments.positional(0));
    Result<ReadingTask> task = desk.worklist().get(uid, context.token());
    if (!task)
        task = desk.store().tasks().get(uid);
    if (!task)
        return fail(task.error());

    const TemplateCatalog catalog =
        TemplateCatalog::load({TemplateCatalog::shippedFolder(), desk.home() + QStringLiteral("/templates")});
    const Result<std::optional<DraftStore::Draft>> draft = desk.store().drafts().find(uid, user->id);
    if (!draft)
        return fail(draft.error());
    ReportContent content;
    bool isBegun = draft->has_value();
    if (isBegun) {
        content = (*draft)->content;
    } else {
        Result<std::optional<ReportContent>> returned = pipeline::returnedContent(*task, *user, desk.pipeline());
        if (!returned)
            return fail(returned.error());
        isBegun = returned->has_value();
        content = std::move(*returned).value_or(ReportContent());
    }
    if (!isBegun || arguments.has("template")) {
        const ReportTemplate* chosen = arguments.has("template")
                                           ? catalog.find(arguments.option("template"))
                                           : catalog.bestFor(task->order.modality, task->order.bodyPart);
        if (!chosen)
            return fail(ErrorCode::NotFound, QStringLiteral("no such template"));
        startFromTemplate(content, *chosen);
    }
    QJsonObject json;
    if (arguments.has("answers")) {
        const Result<QJsonObject> read = jsonFile(arguments.option("answers"));
        if (!read)
            return fail(read.error());
        json = *read;
        content = merged(content, json, catalog);
    }
    const QJsonObject viewState = *draft ? (*draft)->viewState : QJsonObject();
    if (Status saved = desk.store().drafts().save(uid, user->id, content, viewState); !saved)
        return fail(saved.error());
    QJsonObject answer{{"task", uid.value()}, {"content", toJson(content)}};
    if (const Result<ReportContext> facts = contextOf(task->order, desk); facts)
        answer["checks"] = findingsJson(checkReport(content, *facts));
    return Answer{answer};
}

Result<Answer> sign(Context& context) {
    const Result<User> user = context.user();
    if (!user)
        return fail(user.error());
    DeskServices& desk = **context.services();
    const WorkitemUid uid(context.arguments().positional(0));
    Result<ReadingTask> task = desk.worklist().get(uid, context.token());
    if (!task)
        task = desk.store().tasks().get(uid);
    if (!task)
        return fail(task.error());
    const Result<std::optional<DraftStore::Draft>> draft = desk.store().drafts().find(uid, user->id);
    if (!draft)
        return fail(draft.error());
    if (!*draft)
        return fail(ErrorCode::ReportIncomplete, QStringLiteral("there is no draft of this task: use report first"));
    const Result<ReportContext> facts = contextOf(task->order, desk);
    if (!facts)
        return fail(facts.error());
    pipeline::SubmitRequest request{*task, (*draft)->content, *facts, *user, *context.pin(), {}};
    if (context.arguments().has("acknowledge")) {
        const Result<QJsonObject> given = jsonFile(context.arguments().option("acknowledge"));
        if (!given)
            return fail(given.error());
        request.acknowledgements = acknowledgementsOf({{"acknowledge", *given}});
    }
    const Result<SignedReport> signedReport = pipeline::submitReport(request, desk.pipeline());
    if (!signedReport)
        return fail(signedReport.error());
    return Answer{versionJson(*signedReport)};
}

Result<Answer> review(Context& context) {
    const Arguments& arguments = context.arguments();
    const QString what = arguments.positional(1);
    if (what != u"take" && what != u"approve" && what != u"return")
        return fail(ErrorCode::InvalidArgument, QStringLiteral("say TASK take, approve or return"));
    const Result<User> user = context.user();
    if (!user)
        return fail(user.error());
    DeskServices& desk = **context.services();
    // Taking again what one holds is how the case is opened; the same Transaction UID is used.
    const Result<pipeline::ReviewCase> taken =
        pipeline::takeForReview(WorkitemUid(arguments.positional(0)), *user, desk.pipeline(), context.token());
    if (!taken)
        return fail(taken.error());
    if (what == u"take") {
        QJsonObject json = versionJson(taken->report);
        json["content"] = toJson(taken->report.document.content, false);
        json["author"] = taken->report.document.author.name;
        return Answer{json};
    }
    if (what == u"return") {
        if (Status returned = pipeline::returnReport(*taken, *user, arguments.option("reason"), desk.pipeline());
            !returned)
            return fail(returned.error());
        return Answer{QJsonObject{{"returned", taken->task.uid.value()}}};
    }
    const Result<ReportContext> facts = contextOf(taken->task.order, desk);
    if (!facts)
        return fail(facts.error());
    pipeline::ApproveRequest request{*taken, taken->report.document.content, *facts, *user, *context.pin(), {}};
    if (arguments.has("edit")) {
        const Result<QJsonObject> edit = jsonFile(arguments.option("edit"));
        if (!edit)
            return fail(edit.error());
        const TemplateCatalog catalog = TemplateCatalog::load({TemplateCatalog::shippedFolder()});
        request.content = merged(request.content, *edit, catalog);
        request.acknowledgements = acknowledgementsOf(*edit);
    }
    const Result<SignedReport> approved = pipeline::approveReport(request, desk.pipeline());
    if (!approved)
        return fail(approved.error());
    QJsonObject json = versionJson(*approved);
    if (approved->document.reviewer)
        json["undoUntil"] =
            desk.signing().undoDeadline(approved->document.reviewer->signedAt).toUTC().toString(Qt::ISODateWithMs);
    return Answer{json};
}

Result<Answer> undo(Context& context) {
    const Result<User> user = context.user();
    if (!user)
        return fail(user.error());
    DeskServices& desk = **context.services();
    const InstanceUid instance(context.arguments().positional(0));
    if (Status undone = desk.signing().undoApproval(instance, *user); !undone)
        return fail(undone.error());
    return Answer{QJsonObject{{"undone", instance.value()}}};
}

Result<Answer> amend(Context& context) {
    const Arguments& arguments = context.arguments();
    const Result<User> user = context.user();
    if (!user)
        return fail(user.error());
    DeskServices& desk = **context.services();
    const Result<SignedReport> published = desk.store().reports().version(InstanceUid(arguments.positional(0)));
    if (!published)
        return fail(published.error());
    const Result<QJsonObject> json = jsonFile(arguments.option("text"));
    if (!json)
        return fail(json.error());
    const Result<ReportContext> facts = contextOf(published->document.order, desk);
    if (!facts)
        return fail(facts.error());
    AmendInput input;
    input.published = *published;
    input.kind = arguments.has("correction") ? ReportVersionKind::Correction : ReportVersionKind::Addendum;
    input.content = merged(published->document.content, *json, TemplateCatalog::load({}));
    input.reason = arguments.option("reason");
    input.context = *facts;
    if (input.kind == ReportVersionKind::Addendum)
        input.context.addendumOf = published->document.content;
    input.author = *user;
    input.pin = *context.pin();
    input.acknowledgements = acknowledgementsOf(*json);
    const Result<SignedReport> amended = desk.signing().amend(input);
    if (!amended)
        return fail(amended.error());
    return Answer{versionJson(*amended)};
}

/// An amendment has no work item on the platform: the second doctor signs it from the list of reports.
Result<Answer> approveAmendment(Context& context) {
    const Result<User> user = context.user();
    if (!user)
        return fail(user.error());
    DeskServices& desk = **context.services();
    const Result<SignedReport> received =
        desk.store().reports().version(InstanceUid(context.arguments().positional(0)));
    if (!received)
        return fail(received.error());
    const Result<ReportContext> facts = contextOf(received->document.order, desk);
    if (!facts)
        return fail(facts.error());
    ApproveInput input;
    input.received = *received;
    input.content = received->document.content;
    input.context = *facts;
    input.reviewer = *user;
    input.pin = *context.pin();
    const Result<SignedReport> approved = desk.signing().approve(input);
    if (!approved)
        return fail(approved.error());
    return Answer{versionJson(*approved)};
}

} // namespace

std::vector<Command> reportCommands() {
    return {
        {"report",
         "TASK [--answers JSON]",
         "write the draft of a task from a JSON of texts and answers",
         {{"template", "ID", "start from this template; else the best one for modality and part"},
          {"answers", "FILE",
           R"(JSON: findings, impression, positivity ("negative", "positive"), answers {field: value}, ...)"}},
         report,
         1,
         1},
        {"sign",
         "TASK",
         "the author signs the draft; it goes to review",
         {{"acknowledge", "FILE", "JSON: check key -> reason, for checks that may be acknowledged"}},
         sign,
         1,
         1},
        {"review",
         "TASK take|approve|return",
         "the second doctor: take it, sign it, or send it back",
         {{"edit", "FILE", "approve: JSON of texts to change, and acknowledge {key: reason}"},
          {"reason", "TEXT", "return: why"}},
         review,
         2,
         2},
        {"undo", "SR-INSTANCE", "take an approval back inside the undo window", {}, undo, 1, 1},
        {"amend",
         "SR-INSTANCE --text JSON --reason TEXT",
         "sign an addendum (or --correction) to a published report",
         {{"text", "FILE", "JSON of the whole texts"},
          {"reason", "TEXT", "why"},
          {"correction", nullptr, "replaces instead of adding"}},
         amend,
         1,
         1},
        {"approve-amendment", "SR-INSTANCE", "the second doctor signs an amendment", {}, approveAmendment, 1, 1},
    };
}

} // namespace yz::cli
