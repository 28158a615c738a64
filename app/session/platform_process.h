#pragma once

#include "core/result.h"

#include <QObject>
#include <QProcess>
#include <QString>

namespace yz {

/// A TCP port nobody on this machine listens at now; 0 when the system gives none.
[[nodiscard]] int freeLoopbackPort();

/// The embedded platform as a child process of a demo desk: started beside it, ended with it (even when the desk is
/// killed). Lives on the thread that made it.
class PlatformProcess final : public QObject {
    Q_OBJECT
public:
    struct Options {
        QString dataFolder;
        QString importFolder; ///< studies to serve instead of the samples; empty: samples
        QString deskAeTitle;
        int deskEventPort = 0; ///< where the platform reports events to the desk
        int port = 0;          ///< 0: chosen by the system
    };
    explicit PlatformProcess(Options options, QObject* parent = nullptr);
    ~PlatformProcess() override;

    void start();
    /// Blocks until its studies are in the work list; for programs without a window. PlatformUnreachable,
    /// NetworkTimeout.
    [[nodiscard]] Status waitUntilReady(int timeoutMs);
    void stop();

    [[nodiscard]] int port() const { return m_port; } ///< 0 until it listens
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }
    /// Folder whose contents become studies and tasks (the township's upload).
    [[nodiscard]] QString watchedFolder() const { return m_options.dataFolder + QStringLiteral("/inbox"); }

Q_SIGNALS:
    void progress(const QString& what, int done, int total);
    void ready(int port); ///< it listens and its studies are in the work list
    void failed(const yz::Error& error);

private:
    void readLines();

    Options m_options;
    QProcess m_process;
    int m_port = 0;
    bool m_ready = false;
};

} // namespace yz
