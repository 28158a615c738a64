#pragma once

#include "core/result.h"

#include <QProcess>
#include <QString>
#include <QStringList>
#include <functional>
#include <memory>

namespace yz {

/// A TCP port nobody on this machine listens at now; 0 when the system gives none.
[[nodiscard]] int freeLoopbackPort();

/// The embedded platform as a child process of a demo desk: started beside it, ended with it.
class PlatformProcess {
public:
    struct Options {
        QString dataFolder;
        QString importFolder; ///< studies to serve instead of the samples; empty: samples
        QString deskAeTitle;
        int deskEventPort = 0; ///< where the platform reports events to the desk
    };
    /// Blocks until the platform listens (the samples take up to a minute the first time). `progress` gets its lines.
    [[nodiscard]] static Result<std::unique_ptr<PlatformProcess>>
    start(const Options& options, const std::function<void(const QString&)>& progress);
    ~PlatformProcess();

    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }
    /// Folder whose contents become studies and tasks (the township's upload).
    [[nodiscard]] const QString& watchedFolder() const { return m_watchedFolder; }
    void stop();

private:
    PlatformProcess() = default;
    QProcess m_process;
    QString m_watchedFolder;
    int m_port = 0;
};

} // namespace yz
