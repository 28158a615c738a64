#include "embedded_platform/node_store.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

namespace yz::platform {

NodeStore::NodeStore(std::shared_ptr<StateDatabase> database, QString file)
    : m_database(std::move(database)), m_file(std::move(file)) {}

Status NodeStore::put(const PeerAddress& node) {
    const Result<StateAnswer> done = m_database->run(
        StateQuery{QStringLiteral("INSERT INTO nodes (ae_title, host, port) VALUES (?1, ?2, ?3) "
                                  "ON CONFLICT (ae_title) DO UPDATE SET host = excluded.host, port = excluded.port"),
                   {node.aeTitle, node.host, qint64(node.port)},
                   {}});
    return done ? Status() : fail(done.error());
}

void NodeStore::readFile() {
    const QFileInfo info(m_file);
    if (m_file.isEmpty() || !info.exists() || info.lastModified() == m_fileTime)
        return;
    QFile file(m_file);
    if (!file.open(QIODevice::ReadOnly))
        return;
    const QJsonObject nodes = QJsonDocument::fromJson(file.readAll()).object();
    m_fileTime = info.lastModified();
    m_fromFile.clear();
    for (auto it = nodes.begin(); it != nodes.end(); ++it)
        if (const auto node = parse(it.key() + u':' + it.value().toString()))
            m_fromFile.push_back(*node);
}

Result<std::optional<PeerAddress>> NodeStore::find(const QString& aeTitle) {
    {
        const std::scoped_lock lock(m_mutex);
        readFile();
        for (const PeerAddress& node : m_fromFile)
            if (node.aeTitle == aeTitle)
                return std::optional(node);
    }
    const Result<StateAnswer> found = m_database->run(
        StateQuery{QStringLiteral("SELECT ae_title, host, port FROM nodes WHERE ae_title = ?1"), {aeTitle}, "tti"});
    if (!found)
        return fail(found.error());
    if (found->rows.empty())
        return std::optional<PeerAddress>();
    return std::optional(PeerAddress{found->text(0, 0), found->text(0, 1), static_cast<quint16>(found->integer(0, 2))});
}

std::optional<PeerAddress> NodeStore::parse(const QString& text) {
    const QStringList parts = text.split(u':');
    bool isNumber = false;
    const uint port = parts.value(2).toUInt(&isNumber);
    if (parts.size() != 3 || parts[0].isEmpty() || parts[0].size() > 16 || parts[1].isEmpty() || !isNumber ||
        port == 0 || port > 65535)
        return std::nullopt;
    return PeerAddress{parts[0], parts[1], static_cast<quint16>(port)};
}

} // namespace yz::platform
