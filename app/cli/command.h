#pragma once

#include "core/result.h"
#include "session/desk_services.h"

#include <QCommandLineParser>
#include <QJsonValue>
#include <functional>
#include <vector>

/// The subcommands of yuanzhen-cli. Each prints one JSON value on standard output; errors go to standard error as
/// {"error": code, "detail": ...}. Exit codes: 0 done, 1 failed, 2 wrong use, 3 done but the answer is no.
namespace yz::cli {

enum ExitCode { kDone = 0, kFailed = 1, kWrongUse = 2, kAnswerIsNo = 3 };

struct Answer {
    QJsonValue json;
    int exitCode = kDone;
};

/// Arguments of one call, after the parser has seen them.
class Arguments {
public:
    explicit Arguments(const QCommandLineParser& parser) : m_parser(parser) {}
    [[nodiscard]] QString positional(int index) const { return m_parser.positionalArguments().value(index + 1); }
    [[nodiscard]] int positionalCount() const { return static_cast<int>(m_parser.positionalArguments().size()) - 1; }
    [[nodiscard]] QString option(const char* name) const { return m_parser.value(QLatin1String(name)); }
    [[nodiscard]] bool has(const char* name) const { return m_parser.isSet(QLatin1String(name)); }
    /// "40,400" -> {40, 400}; InvalidArgument unless there are `count` numbers.
    [[nodiscard]] Result<std::vector<double>> numbers(const char* name, int count) const;
    /// A whole number, `fallback` when the option is not there; InvalidArgument outside the limits.
    [[nodiscard]] Result<int> integer(const char* name, int fallback, int lowest, int highest) const;

private:
    const QCommandLineParser& m_parser;
};

/// Builds the desk's services for the call (--home) once, on first use.
class Context {
public:
    Context(const Arguments& arguments, const Clock& clock, UidSource& uids)
        : m_arguments(arguments), m_clock(clock), m_uids(uids) {}
    [[nodiscard]] Result<DeskServices*> services();
    /// For these files: the desk's where one lies in its vault, else one of the call's own that needs no desk.
    [[nodiscard]] Result<PixelSource*> pixelsOf(const QStringList& paths);
    /// The user of --user, checked with the password; commands that write need one.
    [[nodiscard]] Result<User> user();
    /// From --pin-file, else YZ_PIN. Never an argument: those are seen by every process.
    [[nodiscard]] Result<QString> pin() const;
    [[nodiscard]] const Arguments& arguments() const { return m_arguments; }
    [[nodiscard]] const Clock& clock() const { return m_clock; }
    [[nodiscard]] UidSource& uids() { return m_uids; }
    [[nodiscard]] const CancelToken& token() const { return m_token; }
    [[nodiscard]] Result<QString> home() const;

private:
    const Arguments& m_arguments;
    const Clock& m_clock;
    UidSource& m_uids;
    CancelToken m_token;
    std::unique_ptr<DeskServices> m_services;
    std::unique_ptr<PixelSource> m_pixels;
};

struct Option {
    const char* name;
    const char* valueName; ///< null: a flag
    const char* help;
};

struct Command {
    const char* name;
    const char* arguments; ///< for the usage line
    const char* summary;
    std::vector<Option> options;
    std::function<Result<Answer>(Context&)> run;
    int fewest = 0, most = 0; ///< words that are no options
};

[[nodiscard]] std::vector<Command> worklistCommands(); ///< setup, worklist, claim, release
[[nodiscard]] std::vector<Command> prefetchCommands(); ///< prefetch
[[nodiscard]] std::vector<Command> imageCommands();    ///< acquire, studies, render, pixels
[[nodiscard]] std::vector<Command> hangingCommands();  ///< hanging
[[nodiscard]] std::vector<Command> inspectCommands();  ///< inspect
[[nodiscard]] std::vector<Command> mprCommands();      ///< mpr
[[nodiscard]] std::vector<Command> textCommands();     ///< text
[[nodiscard]] std::vector<Command> reportCommands();   ///< report, sign, review, amend
[[nodiscard]] std::vector<Command> siteCommands();     ///< site
[[nodiscard]] std::vector<Command> deliveryCommands(); ///< deliver, outbox, reports, export, verify

[[nodiscard]] QJsonObject toJson(const Error& error);
[[nodiscard]] Result<QByteArray> readFile(const QString& path);

} // namespace yz::cli
