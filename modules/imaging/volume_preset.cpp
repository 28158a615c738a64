#include "imaging/volume_preset.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace yz {

Result<VolumePreset> parseVolumePreset(const QByteArray& text) {
    const auto broken = [](const QString& reason) { return fail(ErrorCode::TemplateBroken, reason); };
    QJsonParseError syntax;
    const QJsonObject json = QJsonDocument::fromJson(text, &syntax).object();
    if (syntax.error != QJsonParseError::NoError)
        return broken(syntax.errorString());
    VolumePreset preset;
    preset.id = json[u"id"].toString();
    preset.name = json[u"name"].toString();
    preset.modality = json[u"modality"].toString();
    preset.order = json[u"order"].toInt();
    preset.ambient = json[u"ambient"].toDouble(preset.ambient);
    preset.diffuse = json[u"diffuse"].toDouble(preset.diffuse);
    preset.specular = json[u"specular"].toDouble(preset.specular);
    preset.shininess = json[u"shininess"].toDouble(preset.shininess);
    preset.isShaded = json[u"shaded"].toBool(true);
    if (preset.id.isEmpty() || preset.name.isEmpty())
        return broken(QStringLiteral("id and name are needed"));
    for (const QJsonValue& value : json[u"corners"].toArray()) {
        const QJsonArray colour = value[u"colour"].toArray();
        VolumePreset::Corner corner;
        corner.value = value[u"value"].toDouble();
        corner.opacity = value[u"opacity"].toDouble(-1.0);
        corner.red = colour.at(0).toDouble(-1.0) / 255.0;
        corner.green = colour.at(1).toDouble(-1.0) / 255.0;
        corner.blue = colour.at(2).toDouble(-1.0) / 255.0;
        for (const double part : {corner.opacity, corner.red, corner.green, corner.blue})
            if (part < 0.0 || part > 1.0)
                return broken(QStringLiteral("corners: opacity within 0 and 1, colour within 0 and 255"));
        if (!preset.corners.empty() && corner.value <= preset.corners.back().value)
            return broken(QStringLiteral("corners: values must grow"));
        preset.corners.push_back(corner);
    }
    if (preset.corners.size() < 2)
        return broken(QStringLiteral("corners: at least two"));
    return preset;
}

} // namespace yz
