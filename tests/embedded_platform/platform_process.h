#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <csignal>

namespace yz::test {

/// The real executable.
class PlatformProcess {
public:
    PlatformProcess(const QString& dataFolder, const QStringList& more = {}) {
        m_process.start(qEnvironmentVariable("YZ_BIN_DIR") + QStringLiteral("/yuanzhen-platform"),
                        QStringList{"--data-dir", dataFolder, "--settle", "200"} + more);
    }
    ~PlatformProcess() {
        if (m_process.state() != QProcess::NotRunning) {
            m_process.terminate();
            if (!m_process.waitForFinished(10000))
                m_process.kill();
        }
    }
    [[nodiscard]] quint16 waitForPort() {
        while (m_process.canReadLine() || m_process.waitForReadyRead(20000)) {
            while (m_process.canReadLine()) {
                const QJsonObject event = QJsonDocument::fromJson(m_process.readLine()).object();
                if (event["event"].toString() == u"listening")
                    return static_cast<quint16>(event["port"].toInt());
            }
        }
        return 0;
    }
    void killHard() {
        ::kill(static_cast<pid_t>(m_process.processId()), SIGKILL);
        m_process.waitForFinished();
    }
    QProcess& process() { return m_process; }

private:
    QProcess m_process;
};

} // namespace yz::test
