#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <vector>

namespace yz {

/// How a volume is rendered: colour and opacity over the modality value, linear between the corners.
struct VolumePreset {
    struct Corner {
        double value = 0.0;                        ///< modality value (HU)
        double opacity = 0.0;                      ///< 0 to 1 over one millimetre
        double red = 0.0, green = 0.0, blue = 0.0; ///< 0 to 1
    };
    QString id, name; ///< name is a Chinese title, shown as data
    QString modality; ///< it is made for; values of others are spread over its range
    int order = 0;
    std::vector<Corner> corners; ///< by value
    double ambient = 0.2, diffuse = 0.7, specular = 0.2, shininess = 10.0;
    bool isShaded = true;
};

/// Parses a preset file (resources/rendering); TemplateBroken with the reason.
[[nodiscard]] Result<VolumePreset> parseVolumePreset(const QByteArray& json);

} // namespace yz
