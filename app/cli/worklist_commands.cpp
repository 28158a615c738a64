#include "command.h"

#include "session/demo_site.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonObject>

namespace yz::cli {

namespace {

Result<Answer> setup(Context& context) {
    const Arguments& arguments = context.arguments();
    const Result<QString> home = context.home();
    if (!home)
        return fail(home.error());
    if (!arguments.has("demo"))
        return fail(
            ErrorCode::InvalidArgument,
            QStringLiteral("only the demo can be set up here: say --demo (invented users, a CA of this machine)"));
    const QString path = *home + QStringLiteral("/site.json");
    Result<Site> known = Site::load(path);
    if (!known && known.error().code != ErrorCode::FileNotFound)
        return fail(known.error());
    Site site = std::move(known).value_or(Site{});
    site.isDemo = true;
    if (site.diagnosingHospital.isEmpty()) {
        site.diagnosingHospital = demo::users().front().hospital;
        site.department = demo::users().front().department;
    }
    if (arguments.has("platform")) {
        const QStringList parts = arguments.option("platform").split(u':');
        if (parts.size() != 3)
            return fail(ErrorCode::InvalidArgument, QStringLiteral("--platform wants AET:HOST:PORT"));
        site.platformAeTitle = parts[0];
        site.platformHost = parts[1];
        bool isNumber = false;
        site.platformPort = parts[2].toInt(&isNumber);
        if (!isNumber || site.platformPort < 1 || site.platformPort > 65535 || site.platformHost.isEmpty())
            return fail(ErrorCode::InvalidArgument, QStringLiteral("--platform wants AET:HOST:PORT"));
    }
    if (arguments.has("aet"))
        site.aeTitle = arguments.option("aet");
    if (arguments.has("station"))
        site.stationName = arguments.option("station");
    for (const QString& title : {site.aeTitle, site.platformAeTitle})
        if (title.trimmed().isEmpty() || title.size() > 16)
            return fail(ErrorCode::InvalidArgument, QStringLiteral("an AE title has 1 to 16 characters"));
    const Result<int> eventPort = arguments.integer("event-port", site.eventPort, 0, 65535);
    if (!eventPort)
        return fail(eventPort.error());
    site.eventPort = *eventPort;
    const Result<int> undoSeconds =
        arguments.integer("undo-window", static_cast<int>(site.undoWindow.count()), 0, 86400);
    if (!undoSeconds)
        return fail(undoSeconds.error());
    site.undoWindow = std::chrono::seconds(*undoSeconds);
    if (!QDir().mkpath(*home))
        return fail(ErrorCode::FileUnwritable, *home);
    if (Status saved = site.save(path); !saved)
        return fail(saved.error());
    const Result<DeskServices*> desk = context.services();
    if (!desk)
        return fail(desk.error());
    if (Status prepared = demo::prepare((*desk)->store(), context.clock()); !prepared)
        return fail(prepared.error());
    QJsonArray users;
    for (const User& user : demo::users())
        users.append(user.loginName);
    return Answer{QJsonObject{{"home", *home}, {"users", users}, {"password", QLatin1String(demo::kPassword)}}};
}

Result<Answer> worklist(Context& context) {
    const Result<DeskServices*> desk = context.services();
    if (!desk)
        return fail(desk.error());
    const Result<pipeline::Worklist> list = pipeline::refreshWorklist((*desk)->pipeline(), context.token());
    if (!list)
        return fail(list.error());
    QJsonArray tasks;
    for (const ReadingTask& task : list->tasks)
        tasks.append(yz::toJson(task));
    QJsonObject json{{"tasks", tasks}, {"asOf", list->asOf.toString(Qt::ISODateWithMs)}};
    if (list->offline)
        json["offline"] = cli::toJson(*list->offline);
    return Answer{json};
}

Result<Answer> claim(Context& context) {
    const Result<User> user = context.user();
    if (!user)
        return fail(user.error());
    DeskServices& desk = **context.services();
    const Result<ReadingTask> task =
        pipeline::claimTask(WorkitemUid(context.arguments().positional(0)), *user, desk.pipeline(), context.token());
    if (!task)
        return fail(task.error());
    return Answer{yz::toJson(*task)};
}

Result<Answer> release(Context& context) {
    const Result<User> user = context.user();
    if (!user)
        return fail(user.error());
    DeskServices& desk = **context.services();
    const Result<ReadingTask> task =
        desk.worklist().get(WorkitemUid(context.arguments().positional(0)), context.token());
    if (!task)
        return fail(task.error());
    if (Status released = desk.claims().release(*task, *user, context.arguments().option("reason"), context.token());
        !released)
        return fail(released.error());
    return Answer{QJsonObject{{"released", task->uid.value()}}};
}

} // namespace

std::vector<Command> worklistCommands() {
    return {
        {"setup",
         "--home DIR --demo [--platform AET:HOST:PORT]",
         "make a workstation folder (demo users and certificates)",
         {{"demo", nullptr, "invented users and a CA made on this machine; everything is marked as demo"},
          {"platform", "AET:HOST:PORT", "where the platform is"},
          {"aet", "AET", "our AE title"},
          {"station", "NAME", "name of the workstation shown to others"},
          {"event-port", "PORT", "where the platform reports events"},
          {"undo-window", "SECONDS", "time between the reviewer's signature and delivery"}},
         setup},
        {"worklist", "", "the reading tasks, from the platform or, when it is away, as last seen", {}, worklist},
        {"claim", "TASK", "take a task; the lock is in the database before the platform is asked", {}, claim, 1, 1},
        {"release", "TASK", "give a task back", {{"reason", "TEXT", "said to the others"}}, release, 1, 1},
    };
}

} // namespace yz::cli
