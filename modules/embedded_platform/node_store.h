#pragma once

#include "embedded_platform/association.h"
#include "embedded_platform/state_database.h"

#include <QDateTime>
#include <mutex>
#include <optional>

namespace yz::platform {

/// Where the application entities we may call are. Kept in the shared state; a JSON file of {"AET": "host:port"} may
/// add to it while the platform runs (a desk that listens on a port of the system's choice writes itself in).
/// Thread-safe.
class NodeStore {
public:
    NodeStore(std::shared_ptr<StateDatabase> database, QString file);

    [[nodiscard]] Status put(const PeerAddress& node);
    [[nodiscard]] Result<std::optional<PeerAddress>> find(const QString& aeTitle);

    /// "AET:host:port"
    [[nodiscard]] static std::optional<PeerAddress> parse(const QString& text);

private:
    void readFile();

    std::shared_ptr<StateDatabase> m_database;
    QString m_file;
    std::mutex m_mutex;
    QDateTime m_fileTime;
    std::vector<PeerAddress> m_fromFile;
};

} // namespace yz::platform
