#pragma once

#include "dicom/net/node.h"

#include <QProcess>
#include <QTemporaryDir>

namespace yz::test {

/// A port of 127.0.0.1 that was free a moment ago.
int freePort();
/// Settings for a peer on this machine; short time-outs.
NetworkSettings settingsFor(int port, const QString& aeTitle);
/// True once something listens there.
bool waitForPort(int port);

/// DCMTK's image archive (dcmqrscp) with one empty storage area "ARCHIVE", open to the AE "YUANZHEN".
class ArchiveProcess {
public:
    /// `deskPort`: where AE YUANZHEN takes objects (C-MOVE).
    explicit ArchiveProcess(int deskPort = 1);
    ~ArchiveProcess();
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] NetworkSettings settings() const { return settingsFor(m_port, QStringLiteral("ARCHIVE")); }

private:
    QTemporaryDir m_dir;
    QProcess m_process;
    int m_port = 0;
    bool m_running = false;
};

/// DCMTK's storescp, which writes what it receives bit by bit.
class StoreProcess {
public:
    StoreProcess();
    ~StoreProcess();
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] NetworkSettings settings() const { return settingsFor(m_port, QStringLiteral("STORESCP")); }
    /// The files written so far.
    [[nodiscard]] QList<QByteArray> files() const;

private:
    QTemporaryDir m_dir;
    QProcess m_process;
    int m_port = 0;
    bool m_running = false;
};

} // namespace yz::test
