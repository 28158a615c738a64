#pragma once

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace yz::test {

/// Debian's Orthanc with its DICOMweb plug-in on free loopback ports, everything it keeps in a folder that goes with
/// it. HTTPS with a certificate for 127.0.0.1 of an authority made for the run; the one user is desk / password().
class OrthancProcess {
public:
    /// Why there is none here; empty when both packages are installed.
    [[nodiscard]] static QString whyNot();

    /// `deskPort`: where AE YUANZHEN takes objects (C-MOVE). withTls: HTTPS and the password; else plain and open.
    explicit OrthancProcess(int deskPort, bool withTls = true);
    ~OrthancProcess();
    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] int dicomPort() const { return m_dicomPort; }
    [[nodiscard]] int httpPort() const { return m_httpPort; }
    [[nodiscard]] QString root() const; ///< DICOMweb service root
    [[nodiscard]] QByteArray authority() const { return m_authority; }
    [[nodiscard]] static QString password() { return QStringLiteral("geheim-7731"); }
    [[nodiscard]] QString log();

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    QByteArray m_authority;
    int m_dicomPort = 0, m_httpPort = 0;
    bool m_withTls = true, m_running = false;
};

} // namespace yz::test
