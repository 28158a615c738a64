#include "imaging/palette.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

namespace yz {
namespace {

constexpr int kLast = 255;

tl::unexpected<Error> broken(const QString& reason) { return fail(ErrorCode::TemplateBroken, reason); }

bool isLevel(double value) { return value >= 0.0 && value <= kLast && value == std::floor(value); }

/// One channel of all levels.
Result<std::array<std::uint32_t, 256>> channel(const QJsonObject& json, const QString& key, bool roundsDown) {
    const QJsonArray corners = json[key].toArray();
    std::array<std::uint32_t, 256> values{};
    int at = -1, value = 0;
    for (const QJsonValue& corner : corners) {
        const double level = corner[0].toDouble(-1), height = corner[1].toDouble(-1);
        if (!isLevel(level) || !isLevel(height) || level <= at || (at < 0 && level != 0))
            return broken(key + QStringLiteral(": levels must grow from 0 to 255, values lie within 0 and 255"));
        const int nextAt = static_cast<int>(level), next = static_cast<int>(height);
        for (int i = std::max(at, 0); i <= nextAt; ++i) {
            const int span = std::max(nextAt - at, 1);
            const double exact = at < 0 ? next : value + static_cast<double>((next - value) * (i - at)) / span;
            values[static_cast<size_t>(i)] =
                static_cast<std::uint32_t>(roundsDown ? std::floor(exact + 1e-9) : std::lround(exact));
        }
        at = nextAt;
        value = next;
    }
    if (at != kLast)
        return broken(key + QStringLiteral(": the last corner must be at level 255"));
    return values;
}

} // namespace

Result<ColourPalette> parsePalette(const QByteArray& text) {
    QJsonParseError syntax;
    const QJsonObject json = QJsonDocument::fromJson(text, &syntax).object();
    if (syntax.error != QJsonParseError::NoError)
        return broken(syntax.errorString());
    ColourPalette palette;
    palette.id = json[u"id"].toString();
    palette.name = json[u"name"].toString();
    palette.uid = json[u"uid"].toString();
    palette.order = json[u"order"].toInt();
    if (palette.id.isEmpty() || palette.name.isEmpty())
        return broken(QStringLiteral("id and name are needed"));
    const auto colourOf = [](std::uint32_t red, std::uint32_t green, std::uint32_t blue) {
        return 0xff000000u | red << 16 | green << 8 | blue;
    };
    if (const QJsonArray steps = json[u"steps"].toArray(); !steps.isEmpty()) {
        const int count = static_cast<int>(steps.size());
        for (int i = 0; i <= kLast; ++i) {
            const QJsonValue step = steps.at(std::min(count - 1, i * count / kLast));
            for (int c = 0; c < 3; ++c)
                if (!isLevel(step[c].toDouble(-1)))
                    return broken(QStringLiteral("steps: three values within 0 and 255 each"));
            palette.argb[static_cast<size_t>(i)] =
                colourOf(static_cast<std::uint32_t>(step[0].toInt()), static_cast<std::uint32_t>(step[1].toInt()),
                         static_cast<std::uint32_t>(step[2].toInt()));
        }
        return palette;
    }
    const bool roundsDown = json[u"rounding"].toString() == u"down";
    const auto red = channel(json, QStringLiteral("red"), roundsDown);
    const auto green = channel(json, QStringLiteral("green"), roundsDown);
    const auto blue = channel(json, QStringLiteral("blue"), roundsDown);
    for (const auto* one : {&red, &green, &blue})
        if (!*one)
            return fail(one->error());
    for (size_t i = 0; i < palette.argb.size(); ++i)
        palette.argb[i] = colourOf((*red)[i], (*green)[i], (*blue)[i]);
    return palette;
}

} // namespace yz
