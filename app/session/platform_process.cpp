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

Result<std::unique_ptr<PlatformProcess>> PlatformProcess::start(const Options& options,
                                                                const std::function<void(const QString&)>& progress) {
    std::unique_ptr<PlatformProcess> platform(new PlatformProcess);
    const QString program = QCoreApplication::applicationDirPath() + QStringLiteral("/yuanzhen-platform");
    platform->m_watchedFolder = options.dataFolder + QStringLiteral("/inbox");
    if (!QDir().mkpath(platform->m_watchedFolder))
        return fail(ErrorCode::FileUnwritable, platform->m_watchedFolder);

    QStringList arguments{QStringLiteral("--data-dir"),
                          options.dataFolder,
                          QStringLiteral("--port"),
                          QStringLiteral("0"),
                          QStringLiteral("--watch"),
                          platform->m_watchedFolder,
                          QStringLiteral("--node"),
                          QStringLiteral("%1:127.0.0.1:%2").arg(options.deskAeTitle).arg(options.deskEventPort)};
    if (options.importFolder.isEmpty())
        arguments << QStringLiteral("--samples");
    else
        arguments << QStringLiteral("--import") << options.importFolder;

    QProcess& process = platform->m_process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    // The platform ends with the desk even when the desk is killed.
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    process.start(program, arguments);
    if (!process.waitForStarted(10000))
        return fail(ErrorCode::PlatformUnreachable, program + u": " + process.errorString());

    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 300000) {
        if (!process.canReadLine() && !process.waitForReadyRead(1000)) {
            if (process.state() == QProcess::NotRunning)
                return fail(ErrorCode::PlatformUnreachable,
                            QStringLiteral("the platform ended with code %1").arg(process.exitCode()));
            continue;
        }
        while (process.canReadLine()) {
            const QByteArray line = process.readLine().trimmed();
            const QJsonObject event = QJsonDocument::fromJson(line).object();
            if (progress)
                progress(QString::fromUtf8(line));
            if (event["event"].toString() == u"listening") {
                platform->m_port = event["port"].toInt();
                return platform;
            }
        }
    }
    return fail(ErrorCode::NetworkTimeout, QStringLiteral("the platform did not start listening"));
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

PlatformProcess::~PlatformProcess() { stop(); }

} // namespace yz
