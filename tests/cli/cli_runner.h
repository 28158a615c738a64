#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

/// yuanzhen-cli as its user runs it: a process, its answer on standard output, its fault on standard error.
namespace yz::test {

struct Reply {
    int exitCode = -1;
    QByteArray out, err;

    [[nodiscard]] QJsonObject object() const;
    [[nodiscard]] QJsonArray list() const;
    [[nodiscard]] QString error() const;  ///< code of the fault, "TaskClaimedByOther"
    [[nodiscard]] QString detail() const; ///< what it says beside the code
    /// Everything, for the message of a failed check.
    [[nodiscard]] QByteArray text() const;
};

/// One workstation folder and the commands given there.
class CliDesk {
public:
    explicit CliDesk(QString home) : m_home(std::move(home)) {}
    [[nodiscard]] const QString& home() const { return m_home; }

    /// `user`: null for commands that need none; `pin`: what YZ_PIN says.
    [[nodiscard]] Reply run(const QStringList& arguments, const char* user = nullptr,
                            const QString& pin = QStringLiteral("demo-2026")) const;
    /// The one task of a study that waits or is held and is of a kind ("read", "review"); empty when there is not one.
    [[nodiscard]] QJsonObject task(const QString& study, const QString& kind) const;

private:
    QString m_home;
};

/// A program of the house, or another one; both streams in one.
struct ToolRun {
    int exitCode = -1;
    QString out, err;
};
[[nodiscard]] ToolRun runTool(const QString& program, const QStringList& arguments);

[[nodiscard]] bool writeJson(const QString& path, const QJsonObject& json);
[[nodiscard]] QByteArray bytesOf(const QString& path);

} // namespace yz::test
