#include "postgres_server.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QThread>
#include <csignal>
#include <pwd.h>
#include <unistd.h>

namespace yz::test {

namespace {

QString binFolder() {
    const QDir versions(QStringLiteral("/usr/lib/postgresql"));
    const QStringList found = versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed);
    for (const QString& version : found)
        if (const QString bin = versions.filePath(version + QStringLiteral("/bin/"));
            QFile::exists(bin + QStringLiteral("initdb")) && QFile::exists(bin + QStringLiteral("postgres")))
            return bin;
    return {};
}

const passwd* owner() { return ::geteuid() == 0 ? ::getpwnam("postgres") : ::getpwuid(::geteuid()); }

/// What stands before a server program's name: another user for root, and an end when we end.
QStringList prefix() {
    QStringList words{QStringLiteral("setpriv"), QStringLiteral("--pdeathsig"), QStringLiteral("INT")};
    if (::geteuid() == 0)
        words << QStringLiteral("--reuid=postgres") << QStringLiteral("--regid=postgres")
              << QStringLiteral("--clear-groups");
    return words;
}

bool runToEnd(QStringList words, QString* output = nullptr) {
    QProcess process;
    process.setProcessChannelMode(output != nullptr ? QProcess::SeparateChannels : QProcess::MergedChannels);
    const QString program = words.takeFirst();
    process.start(program, words);
    const bool isDone = process.waitForFinished(120000) && process.exitCode() == 0;
    const QByteArray text = process.readAllStandardOutput();
    if (output != nullptr)
        *output = QString::fromUtf8(text);
    if (!isDone)
        qWarning("%s: %s %s", qPrintable(words.join(u' ')), text.constData(),
                 process.readAllStandardError().constData());
    return isDone;
}

} // namespace

PostgresServer::PostgresServer() : m_folder(QStringLiteral("/tmp/yzpg-XXXXXX")) {}

PostgresServer::~PostgresServer() {
    if (m_process.state() == QProcess::NotRunning)
        return;
    resume();
    ::kill(static_cast<pid_t>(m_process.processId()), SIGINT); // fast shutdown
    if (!m_process.waitForFinished(20000))
        stopAtOnce();
}

QString PostgresServer::missing() {
    if (binFolder().isEmpty())
        return QStringLiteral("PostgreSQL is not installed (Debian package postgresql)");
    if (owner() == nullptr)
        return QStringLiteral("there is no user postgres to run the server as");
    return {};
}

bool PostgresServer::start() {
    const QString data = m_folder.filePath(QStringLiteral("data"));
    if (!m_isMade) {
        const passwd* user = owner();
        if (!m_folder.isValid() || user == nullptr ||
            ::chown(m_folder.path().toLocal8Bit().constData(), user->pw_uid, user->pw_gid) != 0)
            return false;
        if (!runToEnd(prefix() << binFolder() + QStringLiteral("initdb") << QStringLiteral("-D") << data
                               << QStringLiteral("-U") << QStringLiteral("yz") << QStringLiteral("-A")
                               << QStringLiteral("trust") << QStringLiteral("-E") << QStringLiteral("UTF8")
                               << QStringLiteral("--locale=C") << QStringLiteral("--no-sync")))
            return false;
        m_isMade = true;
    }
    m_process.setStandardOutputFile(m_folder.filePath(QStringLiteral("log")), QIODevice::Append);
    m_process.setStandardErrorFile(m_folder.filePath(QStringLiteral("log")), QIODevice::Append);
    QStringList words = prefix();
    words << binFolder() + QStringLiteral("postgres") << QStringLiteral("-D") << data << QStringLiteral("-k")
          << m_folder.path() << QStringLiteral("-c") << QStringLiteral("listen_addresses=") << QStringLiteral("-c")
          << QStringLiteral("log_min_error_statement=panic");
    const QString program = words.takeFirst();
    m_process.start(program, words);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 60000 && m_process.state() != QProcess::NotRunning) {
        if (isAnswering())
            return true;
        QThread::msleep(50);
        m_process.waitForFinished(1);
    }
    qWarning("PostgreSQL did not start: %s", qPrintable(log()));
    return false;
}

bool PostgresServer::isAnswering() const {
    QProcess asked;
    asked.start(binFolder() + QStringLiteral("pg_isready"),
                {QStringLiteral("-q"), QStringLiteral("-h"), m_folder.path()});
    return asked.waitForFinished(10000) && asked.exitCode() == 0;
}

void PostgresServer::signalAll(int signal) const {
    ::kill(static_cast<pid_t>(m_process.processId()), signal); // first: it makes no more children then
    QFile list(QStringLiteral("/proc/%1/task/%1/children").arg(m_process.processId()));
    if (list.open(QIODevice::ReadOnly))
        for (const QByteArray& child : list.readAll().split(' '))
            if (const int pid = child.trimmed().toInt(); pid > 1)
                ::kill(pid, signal);
}

void PostgresServer::stopAtOnce() {
    ::kill(static_cast<pid_t>(m_process.processId()), SIGQUIT); // immediate shutdown: recovery at the next start
    m_process.waitForFinished(20000);
}

void PostgresServer::suspend() { signalAll(SIGSTOP); }
void PostgresServer::resume() { signalAll(SIGCONT); }

QString PostgresServer::makeDatabase() {
    const QString name = QStringLiteral("center%1").arg(++m_databases);
    sql(QStringLiteral("postgres"), u"CREATE DATABASE " + name);
    return QStringLiteral("postgresql://yz@/%1?host=%2").arg(name, m_folder.path());
}

QStringList PostgresServer::sql(const QString& database, const QString& statement) const {
    QString output;
    const bool isUrl = database.startsWith(u"postgresql:");
    QStringList words{QStringLiteral("psql"), QStringLiteral("-qAtX"),
                      QStringLiteral("-v"),   QStringLiteral("ON_ERROR_STOP=1"),
                      QStringLiteral("-c"),   statement};
    if (isUrl)
        words << database;
    else
        words << QStringLiteral("-h") << m_folder.path() << QStringLiteral("-U") << QStringLiteral("yz") << database;
    runToEnd(words, &output);
    return output.split(u'\n', Qt::SkipEmptyParts);
}

int PostgresServer::terminateConnections(const QString& url) const {
    return static_cast<int>(sql(url, QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"))
                                .size());
}

QString PostgresServer::log() const {
    QFile file(m_folder.filePath(QStringLiteral("log")));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace yz::test
