#pragma once

#include "imaging/palette.h"
#include "imaging/volume_preset.h"

namespace yz {

/// Palettes and rendering presets that the desk ships as data, in the order they are offered.
class DisplayCatalog {
public:
    /// Files that cannot be read are left out and logged.
    explicit DisplayCatalog(const QString& folder = QStringLiteral(":/yz"));

    [[nodiscard]] const std::vector<ColourPalette>& palettes() const { return m_palettes; }
    [[nodiscard]] const std::vector<VolumePreset>& renderings() const { return m_renderings; }
    /// The first where the id is not known; plain grey where there is none at all.
    [[nodiscard]] ColourPalette palette(const QString& id) const;
    /// The first where the id is not known; null where there is none at all.
    [[nodiscard]] const VolumePreset* rendering(const QString& id) const;

private:
    std::vector<ColourPalette> m_palettes;
    std::vector<VolumePreset> m_renderings;
};

} // namespace yz
