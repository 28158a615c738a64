#include "imaging/hanging.h"
#include "imaging/hanging_terms.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

namespace yz {
namespace {

bool isNumberRule(const HangingRule& rule) {
    return std::find(hanging::kNumberAttributes.begin(), hanging::kNumberAttributes.end(), rule.attribute) !=
           hanging::kNumberAttributes.end();
}

QJsonArray toJson(const std::vector<HangingRule>& rules) {
    QJsonArray list;
    for (const HangingRule& rule : rules) {
        QJsonObject json{{QStringLiteral("attribute"), rule.attribute}, {QStringLiteral("op"), rule.op}};
        json.insert(QStringLiteral("value"),
                    isNumberRule(rule) ? QJsonValue(rule.value.toInt()) : QJsonValue(rule.value));
        if (rule.weight != 1.0)
            json.insert(QStringLiteral("weight"), rule.weight);
        if (rule.required)
            json.insert(QStringLiteral("required"), true);
        list.append(json);
    }
    return list;
}

void put(QJsonObject& json, const char* key, const QString& text) {
    if (!text.isEmpty())
        json.insert(QLatin1String(key), text);
}
void put(QJsonObject& json, const char* key, int number, int fallback) {
    if (number != fallback)
        json.insert(QLatin1String(key), number);
}

QJsonObject toJson(const HangingViewport& viewport) {
    QJsonObject json{{QStringLiteral("row"), viewport.row}, {QStringLiteral("column"), viewport.column}};
    put(json, "rowSpan", viewport.rowSpan, 1);
    put(json, "columnSpan", viewport.columnSpan, 1);
    put(json, "study", viewport.study, 0);
    put(json, "label", viewport.label);
    if (!viewport.select.empty())
        json.insert(QStringLiteral("select"), toJson(viewport.select));
    put(json, "kind", viewport.kind);
    put(json, "preset", viewport.preset);
    if (viewport.inverted)
        json.insert(QStringLiteral("inverted"), true);
    put(json, "orientation", viewport.orientation);
    put(json, "justify", viewport.justify);
    if (!viewport.overlay.empty())
        json.insert(QStringLiteral("overlay"), toJson(viewport.overlay));
    put(json, "palette", viewport.palette);
    put(json, "opacity", viewport.opacityPercent, 50);
    put(json, "rendering", viewport.rendering);
    if (viewport.slab.isThick()) {
        put(json, "slab", slabName(viewport.slab.mode));
        put(json, "slabMm", std::max(1, static_cast<int>(std::lround(viewport.slab.thicknessMm))), 10);
    }
    return json;
}

} // namespace

QByteArray hangingProtocolJson(const HangingProtocol& protocol) {
    QJsonArray stages;
    for (const HangingStage& stage : protocol.stages) {
        QJsonArray viewports;
        for (const HangingViewport& viewport : stage.viewports)
            viewports.append(toJson(viewport));
        stages.append(QJsonObject{{QStringLiteral("name"), stage.name},
                                  {QStringLiteral("rows"), stage.rows},
                                  {QStringLiteral("columns"), stage.columns},
                                  {QStringLiteral("link"), stage.link},
                                  {QStringLiteral("viewports"), viewports}});
    }
    QJsonObject json{{QStringLiteral("id"), protocol.id},
                     {QStringLiteral("name"), protocol.name},
                     {QStringLiteral("match"), toJson(protocol.match)},
                     {QStringLiteral("stages"), stages}};
    if (protocol.priors != HangingPriors{}) {
        QJsonObject priors{{QStringLiteral("sameModality"), protocol.priors.sameModality},
                           {QStringLiteral("samePart"), protocol.priors.samePart}};
        put(priors, "withinMonths", protocol.priors.withinMonths, 0);
        json.insert(QStringLiteral("priors"), priors);
    }
    return QJsonDocument(json).toJson(QJsonDocument::Indented);
}

} // namespace yz
