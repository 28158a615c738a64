#include "viewer/hanging_catalog.h"

#include "core/log.h"

#include <QDir>
#include <QFile>
#include <algorithm>

namespace yz {

HangingCatalog::HangingCatalog(const QString& userFolder, const QString& shippedFolder) {
    read(shippedFolder);
    if (!userFolder.isEmpty())
        read(userFolder);
}

void HangingCatalog::read(const QString& folder) {
    const QDir directory(folder);
    for (const QString& name : directory.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
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
        if (same != m_protocols.end())
            *same = std::move(*protocol);
        else
            m_protocols.push_back(std::move(*protocol));
    }
}

} // namespace yz
