#include "command.h"

#include "core/clock.h"
#include "core/uid.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cstdio>

using namespace yz;
using namespace yz::cli;

namespace {

std::vector<Command> allCommands() {
    std::vector<Command> all;
    for (auto* group : {worklistCommands, prefetchCommands, imageCommands, hangingCommands, inspectCommands, mprCommands,
                        textCommands, reportCommands, siteCommands, deliveryCommands})
        for (Command& command : group())
            all.push_back(std::move(command));
    return all;
}

void printUsage(const std::vector<Command>& commands, FILE* stream) {
    std::fputs("yuanzhen-cli COMMAND [options]    the desk's work without a screen; answers are JSON\n\n", stream);
    for (const Command& command : commands)
        std::fprintf(stream, "  %-10s %s\n", command.name, command.summary);
    std::fputs(
        "\nyuanzhen-cli COMMAND --help says more. Exit codes: 0 done, 1 failed, 2 wrong use, 3 the answer is no.\n"
        "Yuanzhen is not a registered medical device.\n",
        stream);
}

void print(const QJsonValue& value, FILE* stream) {
    const QJsonDocument document = value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    std::fputs(document.toJson().constData(), stream);
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("yuanzhen-cli"));
    QCoreApplication::setApplicationVersion(QStringLiteral(YZ_VERSION));

    const std::vector<Command> commands = allCommands();
    const QString name = QString::fromLocal8Bit(argc > 1 ? argv[1] : "");
    if (name == u"--version") {
        std::puts("yuanzhen-cli " YZ_VERSION);
        return kDone;
    }
    const auto command =
        std::find_if(commands.begin(), commands.end(), [&](const Command& c) { return name == QLatin1String(c.name); });
    if (command == commands.end()) {
        const bool asked = name == u"--help" || name == u"-h" || name == u"help";
        printUsage(commands, asked ? stdout : stderr);
        return asked ? kDone : kWrongUse;
    }

    QCommandLineParser parser;
    parser.setApplicationDescription(QString::fromUtf8(command->summary));
    parser.addHelpOption();
    parser.addPositionalArgument(name, {}, name + u' ' + QString::fromUtf8(command->arguments));
    parser.addOption(
        {QStringLiteral("home"), QStringLiteral("folder of the workstation (or YZ_HOME)"), QStringLiteral("DIR")});
    parser.addOption(
        {QStringLiteral("user"), QStringLiteral("log-in name, for commands that write"), QStringLiteral("NAME")});
    parser.addOption(
        {QStringLiteral("pin-file"), QStringLiteral("file with the password (or YZ_PIN)"), QStringLiteral("FILE")});
    for (const Option& option : command->options) {
        QCommandLineOption entry(QString::fromLatin1(option.name), QString::fromUtf8(option.help));
        if (option.valueName)
            entry.setValueName(QString::fromLatin1(option.valueName));
        parser.addOption(entry);
    }
    if (!parser.parse(QCoreApplication::arguments())) {
        std::fprintf(stderr, "%s\n", qPrintable(parser.errorText()));
        return kWrongUse;
    }
    if (parser.isSet(QStringLiteral("help"))) {
        std::fputs(qPrintable(parser.helpText()), stdout);
        return kDone;
    }

    const Arguments arguments(parser);
    if (arguments.positionalCount() < command->fewest || arguments.positionalCount() > command->most) {
        std::fprintf(stderr, "usage: yuanzhen-cli %s %s\n", command->name, command->arguments);
        return kWrongUse;
    }
    const SystemClock clock;
    RandomUidSource uids;
    Context context(arguments, clock, uids);
    const Result<Answer> answer = command->run(context);
    if (!answer) {
        print(cli::toJson(answer.error()), stderr);
        return answer.error().code == ErrorCode::InvalidArgument ? kWrongUse : kFailed;
    }
    print(answer->json, stdout);
    return answer->exitCode;
}
