#pragma once

#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace yz::test {

/// Debian's Orthanc with its DICOMweb plug-in on free loopback ports; everything it keeps goes with its folder. The one
/// user is desk / password(). Plain HTTP: Debian's 1.10.1 dies (SIGSEGV) of the first HTTPS connection, so that HTTPS
/// is tested against a server of our own (FakeWebServer).
class OrthancProcess {
public:
    /// Why there is none here; empty when both packages are installed.
    [[nodiscard]] static QString whyNot();

    /// `deskPort`: where AE YUANZHEN takes objects (C-MOVE). withPassword: only the user is let in.
    /// isOpen: machines besides this one are, and any AE title. `more`: settings besides.
    explicit OrthancProcess(int deskPort, bool withPassword = true, bool isOpen = false, const QJsonObject& more = {});
    ~OrthancProcess();
    [[nodiscard]] bool isRunning() const { return m_running; }
    void stop();
    void start(); ///< again, on what it had
    [[nodiscard]] int dicomPort() const { return m_dicomPort; }
    [[nodiscard]] int httpPort() const { return m_httpPort; }
    [[nodiscard]] QString root() const; ///< DICOMweb service root
    [[nodiscard]] static QString password() { return QStringLiteral("geheim-7731"); }
    [[nodiscard]] QString log();

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    int m_dicomPort = 0, m_httpPort = 0;
    bool m_running = false;
};

} // namespace yz::test
