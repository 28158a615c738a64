#pragma once

#include "core/clock.h"
#include "core/uid.h"
#include "embedded_platform/association.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <chrono>
#include <functional>
#include <memory>

namespace yz::platform {

struct PlatformOptions {
    QString dataFolder; ///< platform.db, files/, set-aside/
    /// postgresql://...: work items, subscriptions and nodes live there, shared with the other platforms of the center.
    /// Empty: in platform.db. Images and storage commitment stay in the data folder in both cases.
    QString database;
    bool databaseNotices = true; ///< false: look for events of other platforms from time to time only
    QString aeTitle = QStringLiteral("YZPLATFORM");
    QString bindAddress = QStringLiteral("127.0.0.1");
    quint16 port = 0;           ///< 0: chosen by the system
    QStringList allowedCallers; ///< empty: every calling AE title
    int maxAssociations = 32;
    bool web = false;                                   ///< the worklist over the web too (UPS-RS)
    quint16 webPort = 0;                                ///< 0: chosen by the system
    QString webCertificate, webKey, webClientAuthority; ///< PEM files
    QString webCredentials;                             ///< file, see readWebCredentials(); empty: everybody
    bool webPlainAllowed = false;                       ///< without TLS beyond this computer
    std::vector<PeerAddress> nodes;
    QString nodesFile;                        ///< {"AET": "host:port"}, read again when it changes; empty: none
    QString watchFolder;                      ///< empty: none
    std::vector<PeerAddress> watchedArchives; ///< their new studies become tasks (docs/adr/0010)
    std::vector<PeerAddress> orderWorklists;  ///< Modality Worklists with the orders of those studies
    std::chrono::milliseconds archiveInterval{15'000};
    int archiveDays = 3;       ///< study dates before today that count as new
    QStringList importFolders; ///< served in place, never written to
    bool samples = false;      ///< serve the generated sample studies, made in dataFolder/samples at the first start
    bool review = true;
    std::chrono::milliseconds settleTime{2000};
    std::chrono::milliseconds watchInterval{500};
    std::chrono::seconds lease = std::chrono::hours(24);
};

/// The regional platform in one object: archive, worklist and task manager behind one DICOM port. Several may live in
/// one process. start and stop from one thread.
class PlatformServer {
public:
    /// Called on a thread of the server: {"event": "samples" | "imported" | "ready" | "error", ...}.
    using Notice = std::function<void(const QJsonObject&)>;

    PlatformServer(PlatformOptions options, const Clock& clock, UidSource& uids, Notice notice = {});
    ~PlatformServer();
    PlatformServer(const PlatformServer&) = delete;
    PlatformServer& operator=(const PlatformServer&) = delete;

    /// StoreInUse when another platform serves the folder, Database*, NotAllowed when the port is taken.
    [[nodiscard]] Status start();
    void stop();
    [[nodiscard]] quint16 port() const;
    [[nodiscard]] quint16 webPort() const; ///< 0 without it

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace yz::platform
