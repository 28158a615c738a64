#include "archive_process.h"

#include <QDir>
#include <QFile>
#include <QThread>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace yz::test {

namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    return address;
}

void end(QProcess& process) {
    process.terminate();
    if (!process.waitForFinished(3000))
        process.kill();
    process.waitForFinished(3000);
}

bool begin(QProcess& process, const QString& program, const QStringList& arguments, int port) {
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    return process.waitForStarted(5000) && waitForPort(port);
}

} // namespace

int freePort() {
    const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    ::bind(probe, reinterpret_cast<sockaddr*>(&address), length);
    ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length);
    ::close(probe);
    return ntohs(address.sin_port);
}

NetworkSettings settingsFor(int port, const QString& aeTitle) {
    NetworkSettings settings;
    settings.callingAeTitle = QStringLiteral("YUANZHEN");
    settings.platform = {aeTitle, QStringLiteral("127.0.0.1"), port};
    settings.connectTimeout = std::chrono::seconds(2);
    settings.acseTimeout = std::chrono::seconds(2);
    settings.dimseTimeout = std::chrono::seconds(3);
    return settings;
}

bool waitForPort(int port) {
    for (int i = 0; i < 100; ++i) {
        const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
        const sockaddr_in address = loopback(port);
        const bool open = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        ::close(probe);
        if (open)
            return true;
        QThread::msleep(50);
    }
    return false;
}

ArchiveProcess::ArchiveProcess(int deskPort) : m_port(freePort()) {
    const QByteArray desk = QByteArray::number(deskPort);
    QDir(m_dir.path()).mkdir(QStringLiteral("area"));
    QFile config(m_dir.filePath(QStringLiteral("qr.cfg")));
    if (!config.open(QIODevice::WriteOnly))
        return;
    config.write("NetworkTCPPort = " + QByteArray::number(m_port) +
                 "\nMaxPDUSize = 131072\nMaxAssociations = 16\n"
                 "HostTable BEGIN\nreader = (YUANZHEN, localhost, " +
                 desk + "), (YUANZHEN, 127.0.0.1, " + desk +
                 ")\nHostTable END\n"
                 "VendorTable BEGIN\nVendorTable END\n"
                 "AETable BEGIN\nARCHIVE " +
                 m_dir.filePath(QStringLiteral("area")).toLocal8Bit() + " RW (100, 1024mb) reader\nAETable END\n");
    config.close();
    m_running = begin(m_process, QStringLiteral("dcmqrscp"),
                      {QStringLiteral("-c"), config.fileName(), QStringLiteral("+xv")}, m_port);
}

ArchiveProcess::~ArchiveProcess() { end(m_process); }

StoreProcess::StoreProcess() : m_port(freePort()) {
    m_running = begin(m_process, QStringLiteral("storescp"),
                      {QStringLiteral("-B"), QStringLiteral("+xa"), QStringLiteral("-aet"), QStringLiteral("STORESCP"),
                       QStringLiteral("-od"), m_dir.path(), QString::number(m_port)},
                      m_port);
}

StoreProcess::~StoreProcess() { end(m_process); }

QList<QByteArray> StoreProcess::files() const {
    QList<QByteArray> list;
    for (const QFileInfo& info : QDir(m_dir.path()).entryInfoList(QDir::Files)) {
        QFile file(info.filePath());
        if (file.open(QIODevice::ReadOnly))
            list.append(file.readAll());
    }
    return list;
}

} // namespace yz::test
