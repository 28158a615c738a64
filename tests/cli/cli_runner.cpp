#include "cli_runner.h"

#include <QFile>
#include <QJsonDocument>
#include <QProcess>

namespace yz::test {

namespace {

QJsonObject faultOf(const QByteArray& err) {
    // Progress lines and log lines come before it; the fault is the last thing said.
    return QJsonDocument::fromJson(err.mid(err.lastIndexOf("{\n"))).object();
}

} // namespace

QJsonObject Reply::object() const { return QJsonDocument::fromJson(out).object(); }
QJsonArray Reply::list() const { return QJsonDocument::fromJson(out).array(); }
QString Reply::error() const { return faultOf(err)["error"].toString(); }
QString Reply::detail() const { return faultOf(err)["detail"].toString(); }
QByteArray Reply::text() const { return "exit code " + QByteArray::number(exitCode) + "\n" + out + err; }

Reply CliDesk::run(const QStringList& arguments, const char* user, const QString& pin) const {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("YZ_HOME"), m_home);
    environment.insert(QStringLiteral("YZ_PIN"), pin);
    process.setProcessEnvironment(environment);
    QStringList all = arguments;
    if (user)
        all << QStringLiteral("--user") << QLatin1String(user);
    process.start(qEnvironmentVariable("YZ_BIN_DIR") + QStringLiteral("/yuanzhen-cli"), all);
    if (!process.waitForFinished(120000)) {
        process.kill();
        process.waitForFinished();
        return {-1, process.readAllStandardOutput(), "did not end: " + process.errorString().toUtf8()};
    }
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -process.exitCode();
    return {code, process.readAllStandardOutput(), process.readAllStandardError()};
}

QJsonObject CliDesk::task(const QString& study, const QString& kind) const {
    QJsonObject found;
    int count = 0;
    const QJsonArray tasks = run({QStringLiteral("worklist")}).object()["tasks"].toArray();
    for (const QJsonValue& value : tasks) {
        const QJsonObject one = value.toObject();
        if (one["order"].toObject()["studyUid"].toString() != study || one["kind"].toString() != kind)
            continue;
        found = one;
        ++count;
    }
    return count == 1 ? found : QJsonObject();
}

ToolRun runTool(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(60000))
        return {-1, {}, process.errorString()};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

bool writeJson(const QString& path, const QJsonObject& json) {
    QFile file(path);
    const QByteArray bytes = QJsonDocument(json).toJson();
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace yz::test
