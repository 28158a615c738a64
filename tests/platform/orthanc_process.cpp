#include "orthanc_process.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

namespace yz::test {

namespace {

QString pluginPath() {
    for (const char* folder : {"/usr/share/orthanc/plugins", "/usr/lib/orthanc", "/usr/lib/x86_64-linux-gnu/orthanc"})
        if (const QString path = QLatin1String(folder) + QStringLiteral("/libOrthancDicomWeb.so");
            QFileInfo::exists(path))
            return path;
    return {};
}

QString programPath() {
    const QString found = QStandardPaths::findExecutable(QStringLiteral("Orthanc"));
    return found.isEmpty() ? QStandardPaths::findExecutable(QStringLiteral("Orthanc"), {QStringLiteral("/usr/sbin")})
                           : found;
}

int freePort() {
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost);
    return probe.serverPort();
}

bool answers(int port) {
    QTcpSocket probe;
    probe.connectToHost(QHostAddress(QHostAddress::LocalHost), static_cast<quint16>(port));
    return probe.waitForConnected(200);
}

bool write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace

QString OrthancProcess::whyNot() {
    return programPath().isEmpty() || pluginPath().isEmpty()
               ? QStringLiteral("Debian's orthanc and orthanc-dicomweb are not installed")
               : QString();
}

OrthancProcess::OrthancProcess(int deskPort, bool withPassword, bool isOpen, const QJsonObject& more)
    : m_dicomPort(freePort()), m_httpPort(freePort()) {
    QJsonObject configuration{{"Name", "test"},
                              {"StorageDirectory", m_folder.filePath(QStringLiteral("storage"))},
                              {"IndexDirectory", m_folder.filePath(QStringLiteral("index"))},
                              {"HttpPort", m_httpPort},
                              {"DicomPort", m_dicomPort},
                              {"DicomAet", "ORTHANC"},
                              {"RemoteAccessAllowed", isOpen},
                              {"DicomAlwaysAllowGet", isOpen},
                              {"AuthenticationEnabled", withPassword},
                              {"Plugins", QJsonArray{pluginPath()}},
                              {"DicomModalities", QJsonObject{{"desk", QJsonArray{"YUANZHEN", "127.0.0.1", deskPort}},
                                                              {"platform", QJsonArray{"YZPLATFORM", "127.0.0.1", 1}},
                                                              {"tool", QJsonArray{"TOOL", "127.0.0.1", 1}}}},
                              {"DicomWeb", QJsonObject{{"Enable", true}, {"Root", "/dicom-web/"}}}};
    if (withPassword)
        configuration["RegisteredUsers"] = QJsonObject{{"desk", password()}};
    for (auto it = more.begin(); it != more.end(); ++it)
        configuration[it.key()] = it.value();
    if (write(m_folder.filePath(QStringLiteral("orthanc.json")), QJsonDocument(configuration).toJson()))
        start();
}

void OrthancProcess::start() {
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(m_folder.filePath(QStringLiteral("orthanc.log")));
    m_process.start(programPath(), {m_folder.filePath(QStringLiteral("orthanc.json"))});
    if (!m_process.waitForStarted(10000))
        return;
    for (int i = 0; i < 600 && m_process.state() == QProcess::Running && !m_running; ++i) {
        m_running = answers(m_dicomPort) && answers(m_httpPort);
        if (!m_running)
            QThread::msleep(50);
    }
}

void OrthancProcess::stop() {
    m_running = false;
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(10000))
        m_process.kill();
    m_process.waitForFinished(3000);
}

OrthancProcess::~OrthancProcess() { stop(); }

QString OrthancProcess::root() const { return QStringLiteral("http://127.0.0.1:%1/dicom-web").arg(m_httpPort); }

QString OrthancProcess::log() {
    QFile file(m_folder.filePath(QStringLiteral("orthanc.log")));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll().right(3000)) : QString();
}

} // namespace yz::test
