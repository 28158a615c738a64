#include "session/platform_process.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <csignal>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace yz {

int freeLoopbackPort() {
    const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (handle < 0)
        return 0;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    int port = 0;
    if (::bind(handle, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
        ::getsockname(handle, reinterpret_cast<sockaddr*>(&address), &length) == 0)
        port = ntohs(address.sin_port);
    ::close(handle);
    return port;
}

PlatformProcess::PlatformProcess(Options options, QObject* parent) : QObject(parent), m_options(std::move(options)) {
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &PlatformProcess::readLines);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            Q_EMIT failed({ErrorCode::PlatformUnreachable, m_process.program() + u": " + m_process.errorString()});
    });
    connect(&m_process, &QProcess::finished, this, [this](int code) {
        if (!m_ready)
            Q_EMIT failed(
                {ErrorCode::PlatformUnreachable, QStringLiteral("the platform ended with code %1").arg(code)});
    });
}

PlatformProcess::~PlatformProcess() {
    m_process.disconnect(this);
    stop();
}

void PlatformProcess::start() {
    if (!QDir().mkpath(watchedFolder())) {
        Q_EMIT failed({ErrorCode::FileUnwritable, watchedFolder()});
        return;
    }
    QStringList arguments{QStringLiteral("--data-dir"),
                          m_options.dataFolder,
                          QStringLiteral("--port"),
                          QString::number(m_options.port),
                          QStringLiteral("--watch"),
                          watchedFolder(),
                          QStringLiteral("--node"),
                          QStringLiteral("%1:127.0.0.1:%2").arg(m_options.deskAeTitle).arg(m_options.deskEventPort)};
    if (m_options.importFolder.isEmpty())
        arguments << QStringLiteral("--samples");
    else
        arguments << QStringLiteral("--import") << m_options.importFolder;
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    m_process.start(QCoreApplication::applicationDirPath() + QStringLiteral("/yuanzhen-platform"), arguments);
}

void PlatformProcess::readLines() {
    while (m_process.canReadLine()) {
        const QJsonObject event = QJsonDocument::fromJson(m_process.readLine()).object();
        const QString name = event["event"].toString();
        if (name == u"listening") {
            m_port = event["port"].toInt();
        } else if (name == u"samples") {
            Q_EMIT progress(event["study"].toString(), event["done"].toInt(), event["total"].toInt());
        } else if (name == u"ready" && !m_ready) {
            m_ready = true;
            Q_EMIT ready(m_port);
        }
    }
}

Status PlatformProcess::waitUntilReady(int timeoutMs) {
    QElapsedTimer timer;
    timer.start();
    while (!m_ready) {
        if (timer.elapsed() >= timeoutMs)
            return fail(ErrorCode::NetworkTimeout, QStringLiteral("the platform did not get ready"));
        if (!m_process.waitForReadyRead(200) && m_process.state() == QProcess::NotRunning)
            return fail(ErrorCode::PlatformUnreachable, m_process.errorString());
        readLines();
    }
    return {};
}

void PlatformProcess::stop() {
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(5000)) {
        m_process.kill();
        m_process.waitForFinished(2000);
    }
}

} // namespace yz
