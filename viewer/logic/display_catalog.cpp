#include "viewer/display_catalog.h"

#include "core/log.h"

#include <QDir>
#include <QFile>
#include <algorithm>

namespace yz {

namespace {

template <typename Item, typename Parse> std::vector<Item> readAll(const QString& folder, const Parse& parse) {
    std::vector<Item> items;
    const QDir directory(folder);
    for (const QString& name : directory.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        QFile file(directory.filePath(name));
        Result<Item> item = file.open(QIODevice::ReadOnly)
                                ? parse(file.readAll())
                                : Result<Item>(fail(ErrorCode::FileUnreadable, file.errorString()));
        if (item)
            items.push_back(std::move(*item));
        else
            qCWarning(logViewer).noquote() << file.fileName() << item.error().toString();
    }
    std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.order < b.order; });
    return items;
}

} // namespace

DisplayCatalog::DisplayCatalog(const QString& folder)
    : m_palettes(readAll<ColourPalette>(folder + QStringLiteral("/palettes"), parsePalette)),
      m_renderings(readAll<VolumePreset>(folder + QStringLiteral("/rendering"), parseVolumePreset)) {}

ColourPalette DisplayCatalog::palette(const QString& id) const {
    const auto found =
        std::find_if(m_palettes.begin(), m_palettes.end(), [&](const ColourPalette& each) { return each.id == id; });
    if (found != m_palettes.end())
        return *found;
    if (!m_palettes.empty())
        return m_palettes.front();
    ColourPalette grey;
    for (std::uint32_t level = 0; level < 256; ++level)
        grey.argb[level] = 0xff000000u | level * 0x010101u;
    return grey;
}

const VolumePreset* DisplayCatalog::rendering(const QString& id) const {
    const auto found =
        std::find_if(m_renderings.begin(), m_renderings.end(), [&](const VolumePreset& each) { return each.id == id; });
    if (found != m_renderings.end())
        return &*found;
    return m_renderings.empty() ? nullptr : &m_renderings.front();
}

} // namespace yz
