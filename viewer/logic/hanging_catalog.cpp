#include "viewer/hanging_catalog.h"

#include "core/log.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <algorithm>

namespace yz {

HangingCatalog::HangingCatalog(QString siteFolder, QString userFolder, QString shippedFolder)
    : m_siteFolder(std::move(siteFolder)), m_userFolder(std::move(userFolder)),
      m_shippedFolder(std::move(shippedFolder)) {
    reload();
}

void HangingCatalog::reload() {
    m_protocols.clear();
    m_origins.clear();
    m_files.clear();
    m_problems.clear();
    read(m_shippedFolder, Origin::Shipped);
    read(m_siteFolder, Origin::Site);
    read(m_userFolder, Origin::User);
}

void HangingCatalog::read(const QString& folder, Origin origin) {
    if (folder.isEmpty())
        return;
    const QDir directory(folder);
    for (const QString& name : directory.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        if (name.endsWith(QLatin1String(".schema.json")))
            continue;
        QFile file(directory.filePath(name));
        if (!file.open(QIODevice::ReadOnly)) {
            m_problems.push_back({file.fileName(), {ErrorCode::FileUnreadable, file.errorString()}});
            continue;
        }
        Result<HangingProtocol> protocol = parseHangingProtocol(file.readAll());
        if (!protocol) {
            qCWarning(logViewer).noquote() << "hanging protocol" << name << protocol.error().toString();
            m_problems.push_back({file.fileName(), protocol.error()});
            continue;
        }
        const auto same = std::find_if(m_protocols.begin(), m_protocols.end(),
                                       [&](const HangingProtocol& p) { return p.id == protocol->id; });
        const auto at = same - m_protocols.begin();
        if (same == m_protocols.end()) {
            m_protocols.push_back(std::move(*protocol));
            m_origins.push_back(origin);
            m_files.push_back(file.fileName());
        } else {
            *same = std::move(*protocol);
            m_origins[static_cast<size_t>(at)] = origin;
            m_files[static_cast<size_t>(at)] = file.fileName();
        }
    }
}

const HangingProtocol* HangingCatalog::find(const QString& id) const {
    const auto found =
        std::find_if(m_protocols.begin(), m_protocols.end(), [&](const HangingProtocol& p) { return p.id == id; });
    return found == m_protocols.end() ? nullptr : &*found;
}

HangingCatalog::Origin HangingCatalog::originOf(const QString& id) const {
    const HangingProtocol* protocol = find(id);
    return protocol ? m_origins[static_cast<size_t>(protocol - m_protocols.data())] : Origin::Shipped;
}

Status HangingCatalog::save(const HangingProtocol& protocol) {
    if (m_userFolder.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("no folder for the user's hanging protocols"));
    const QByteArray json = hangingProtocolJson(protocol);
    if (const auto checked = parseHangingProtocol(json); !checked)
        return fail(checked.error());
    // A file of another name may hold the user's protocol of this id.
    const QString path = find(protocol.id) && originOf(protocol.id) == Origin::User
                             ? m_files[static_cast<size_t>(find(protocol.id) - m_protocols.data())]
                             : QDir(m_userFolder).filePath(protocol.id + QStringLiteral(".json"));
    if (!QDir().mkpath(m_userFolder))
        return fail(ErrorCode::FileUnwritable, m_userFolder);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit())
        return fail(ErrorCode::FileUnwritable, file.errorString());
    reload();
    return {};
}

Status HangingCatalog::remove(const QString& id) {
    const HangingProtocol* protocol = find(id);
    if (!protocol || originOf(id) != Origin::User)
        return fail(ErrorCode::NotFound, QStringLiteral("no hanging protocol of the user's own with this id"));
    QFile file(m_files[static_cast<size_t>(protocol - m_protocols.data())]);
    if (!file.remove())
        return fail(ErrorCode::FileUnwritable, file.errorString());
    reload();
    return {};
}

} // namespace yz
