#include "imaging/display_chain.h"
#include "imaging/hanging.h"
#include "imaging/hanging_terms.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonParseError>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <span>

namespace yz {
namespace {

using hanging::kLargestGrid;
using hanging::kMostPriors;

constexpr int kMostMonths = 1200;

enum class RulePlace { Match, Select };

template <size_t N> bool isAmong(const QString& word, const std::array<QLatin1String, N>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// "P\\F": one or two parts of at most three letters, no letter with its opposite.
bool isOrientation(const QString& text) {
    static const QRegularExpression pattern(QStringLiteral("^[LRAPHF]{1,3}(\\\\[LRAPHF]{1,3})?$"));
    return pattern.match(text).hasMatch();
}

/// Reads one file and remembers the first thing that is wrong, with its place.
class Parser {
public:
    [[nodiscard]] bool hasFailed() const { return !m_error.isEmpty(); }
    [[nodiscard]] QString error() const { return m_error; }

    HangingProtocol protocol(const QJsonObject& json) {
        knownKeys(json, QString(), {"$schema", "id", "name", "match", "priors", "stages"});
        HangingProtocol protocol;
        protocol.id = text(json, "id", QString(), true);
        protocol.name = text(json, "name", QString(), true);
        if (!isHangingId(protocol.id))
            wrong(QStringLiteral("id"), QStringLiteral("'%1' is not lower-case words joined by '-'").arg(protocol.id));
        protocol.match = rules(json, "match", QString(), RulePlace::Match);
        if (protocol.match.empty())
            wrong(QStringLiteral("match"), QStringLiteral("needs at least one rule"));
        if (json.contains(QLatin1String("priors")))
            protocol.priors = priors(object(json[QLatin1String("priors")], QStringLiteral("priors")));
        const QJsonArray stages = array(json, "stages", QString(), true);
        if (stages.isEmpty())
            wrong(QStringLiteral("stages"), QStringLiteral("needs at least one stage"));
        for (int i = 0; i < stages.size(); ++i)
            protocol.stages.push_back(
                stage(object(stages.at(i), place(QStringLiteral("stages"), i)), place(QStringLiteral("stages"), i)));
        return protocol;
    }

private:
    static QString place(const QString& list, int index) { return QStringLiteral("%1[%2]").arg(list).arg(index); }
    static QString place(const QString& parent, const char* key) {
        return parent.isEmpty() ? QString::fromLatin1(key) : parent + u'.' + QLatin1String(key);
    }

    void wrong(const QString& where, const QString& reason) {
        if (m_error.isEmpty())
            m_error = where + QStringLiteral(": ") + reason;
    }

    void knownKeys(const QJsonObject& json, const QString& where, std::initializer_list<const char*> keys) {
        for (auto it = json.begin(); it != json.end(); ++it) {
            const bool isKnown =
                std::any_of(keys.begin(), keys.end(), [&](const char* key) { return it.key() == QLatin1String(key); });
            if (!isKnown)
                wrong(where.isEmpty() ? it.key() : QString(where + u'.' + it.key()), QStringLiteral("unknown key"));
        }
    }

    QJsonObject object(const QJsonValue& value, const QString& where) {
        if (!value.isObject())
            wrong(where, QStringLiteral("must be an object"));
        return value.toObject();
    }

    QJsonArray array(const QJsonObject& json, const char* key, const QString& where, bool required) {
        const QJsonValue value = json[QLatin1String(key)];
        if (value.isUndefined() ? required : !value.isArray())
            wrong(place(where, key),
                  value.isUndefined() ? QStringLiteral("is missing") : QStringLiteral("must be a list"));
        return value.toArray();
    }

    QString text(const QJsonObject& json, const char* key, const QString& where, bool required) {
        const QJsonValue value = json[QLatin1String(key)];
        if (value.isUndefined()) {
            if (required)
                wrong(place(where, key), QStringLiteral("is missing"));
            return {};
        }
        if (!value.isString() || (required && value.toString().trimmed().isEmpty()))
            wrong(place(where, key), QStringLiteral("must be a text"));
        return value.toString();
    }

    /// Id of a data file of the desk.
    QString name(const QJsonObject& json, const char* key, const QString& where) {
        const QString value = text(json, key, where, false);
        if (!value.isEmpty() && !isHangingId(value))
            wrong(place(where, key), QStringLiteral("'%1' is not lower-case words joined by '-'").arg(value));
        return value;
    }

    int number(const QJsonObject& json, const char* key, const QString& where, int fallback, int low, int high) {
        const QJsonValue value = json[QLatin1String(key)];
        if (value.isUndefined())
            return fallback;
        const double number = value.toDouble(-1e9);
        if (!value.isDouble() || number != std::floor(number) || number < low || number > high) {
            wrong(place(where, key), QStringLiteral("must be a whole number from %1 to %2").arg(low).arg(high));
            return fallback;
        }
        return static_cast<int>(number);
    }

    bool flag(const QJsonObject& json, const char* key, const QString& where, bool fallback = false) {
        const QJsonValue value = json[QLatin1String(key)];
        if (!value.isUndefined() && !value.isBool())
            wrong(place(where, key), QStringLiteral("must be true or false"));
        return value.toBool(fallback);
    }

    void oneOf(const QString& value, std::span<const QLatin1String> allowed, const QString& where) {
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            wrong(where, QStringLiteral("'%1' is not known").arg(value));
    }

    HangingPriors priors(const QJsonObject& json) {
        const QString where = QStringLiteral("priors");
        knownKeys(json, where, {"sameModality", "samePart", "withinMonths"});
        return {flag(json, "sameModality", where, true), flag(json, "samePart", where, true),
                number(json, "withinMonths", where, 0, 0, kMostMonths)};
    }

    std::vector<HangingRule> rules(const QJsonObject& json, const char* key, const QString& where, RulePlace role) {
        std::vector<HangingRule> rules;
        const QJsonArray list = array(json, key, where, false);
        for (int i = 0; i < list.size(); ++i) {
            const QString at = place(place(where, key), i);
            rules.push_back(rule(object(list.at(i), at), at, role));
        }
        return rules;
    }

    HangingRule rule(const QJsonObject& json, const QString& where, RulePlace role) {
        knownKeys(json, where, {"attribute", "op", "value", "weight", "required"});
        HangingRule rule;
        rule.attribute = text(json, "attribute", where, true);
        rule.op = text(json, "op", where, true);
        const bool isNumber = isAmong(rule.attribute, hanging::kNumberAttributes);
        const bool isOfDesk = isAmong(rule.attribute, hanging::kDeskAttributes);
        if (role == RulePlace::Select && (isOfDesk || (isNumber && rule.attribute != hanging::kFrameCount)))
            wrong(place(where, "attribute"), QStringLiteral("'%1' says nothing about a series").arg(rule.attribute));
        const QJsonValue value = json[QLatin1String("value")];
        if (isNumber) {
            oneOf(rule.op, hanging::kNumberOps, place(where, "op"));
            if (!value.isDouble() || value.toDouble() != std::floor(value.toDouble()) || value.toDouble() < 0.0)
                wrong(place(where, "value"), QStringLiteral("must be a whole number"));
            rule.value = QString::number(value.toInt());
        } else {
            const QStringList parts = isOfDesk ? QStringList() : rule.attribute.split(u'|');
            for (const QString& part : parts)
                oneOf(part, hanging::kTextAttributes, place(where, "attribute"));
            oneOf(rule.op, hanging::kTextOps, place(where, "op"));
            rule.value = text(json, "value", where, true);
        }
        if (rule.op == QLatin1String("matches")) {
            const QRegularExpression expression(rule.value);
            if (!expression.isValid())
                wrong(place(where, "value"), QStringLiteral("not a regular expression: %1 at character %2")
                                                 .arg(expression.errorString())
                                                 .arg(expression.patternErrorOffset()));
        }
        const QJsonValue weight = json[QLatin1String("weight")];
        if (!weight.isUndefined() && !weight.isDouble())
            wrong(place(where, "weight"), QStringLiteral("must be a number"));
        rule.weight = weight.toDouble(1.0);
        rule.required = flag(json, "required", where);
        return rule;
    }

    HangingStage stage(const QJsonObject& json, const QString& where) {
        knownKeys(json, where, {"name", "rows", "columns", "link", "viewports"});
        HangingStage stage;
        stage.name = text(json, "name", where, true);
        stage.rows = number(json, "rows", where, 1, 1, kLargestGrid);
        stage.columns = number(json, "columns", where, 1, 1, kLargestGrid);
        stage.link = text(json, "link", where, false);
        if (stage.link.isEmpty())
            stage.link = QStringLiteral("none");
        oneOf(stage.link, hanging::kLinks, place(where, "link"));
        const QJsonArray viewports = array(json, "viewports", where, true);
        if (viewports.isEmpty())
            wrong(place(where, "viewports"), QStringLiteral("needs at least one viewport"));
        std::vector<int> owner(static_cast<size_t>(stage.rows * stage.columns), -1);
        for (int i = 0; i < viewports.size(); ++i) {
            const QString at = place(place(where, "viewports"), i);
            stage.viewports.push_back(viewport(object(viewports.at(i), at), at));
            claim(stage, stage.viewports.back(), i, at, owner);
        }
        return stage;
    }

    void claim(const HangingStage& stage, const HangingViewport& viewport, int index, const QString& where,
               std::vector<int>& owner) {
        if (viewport.row + viewport.rowSpan > stage.rows || viewport.column + viewport.columnSpan > stage.columns) {
            wrong(where, QStringLiteral("reaches beyond the grid of %1 x %2").arg(stage.rows).arg(stage.columns));
            return;
        }
        for (int row = viewport.row; row < viewport.row + viewport.rowSpan; ++row) {
            for (int column = viewport.column; column < viewport.column + viewport.columnSpan; ++column) {
                int& cell = owner[static_cast<size_t>(row * stage.columns + column)];
                if (cell >= 0)
                    wrong(where, QStringLiteral("covers viewport %1").arg(cell));
                cell = index;
            }
        }
    }

    HangingViewport viewport(const QJsonObject& json, const QString& where) {
        // "emptyText" stood in the first files; the desk says by itself what is missing.
        knownKeys(json, where,
                  {"row", "column", "rowSpan", "columnSpan", "study", "label", "select", "kind", "preset", "inverted",
                   "orientation", "justify", "overlay", "palette", "opacity", "rendering", "slab", "slabMm",
                   "emptyText"});
        HangingViewport viewport;
        viewport.row = number(json, "row", where, 0, 0, kLargestGrid - 1);
        viewport.column = number(json, "column", where, 0, 0, kLargestGrid - 1);
        viewport.rowSpan = number(json, "rowSpan", where, 1, 1, kLargestGrid);
        viewport.columnSpan = number(json, "columnSpan", where, 1, 1, kLargestGrid);
        viewport.study = number(json, "study", where, 0, 0, kMostPriors);
        viewport.label = text(json, "label", where, false);
        viewport.select = rules(json, "select", where, RulePlace::Select);
        viewport.kind = text(json, "kind", where, false);
        if (viewport.kind.isEmpty())
            viewport.kind = QStringLiteral("stack");
        oneOf(viewport.kind, hanging::kViewportKinds, place(where, "kind"));
        viewport.preset = text(json, "preset", where, false);
        const auto presets = windowPresets();
        const bool isPreset = std::any_of(presets.begin(), presets.end(),
                                          [&](const WindowPreset& preset) { return preset.id == viewport.preset; });
        if (!viewport.preset.isEmpty() && !isPreset)
            wrong(place(where, "preset"), QStringLiteral("'%1' is not known").arg(viewport.preset));
        viewport.inverted = flag(json, "inverted", where);
        viewport.overlay = rules(json, "overlay", where, RulePlace::Select);
        viewport.palette = name(json, "palette", where);
        viewport.opacityPercent = number(json, "opacity", where, 50, 0, 100);
        viewport.rendering = name(json, "rendering", where);
        if (!viewport.overlay.empty() &&
            (viewport.kind == QLatin1String("mip") || viewport.kind == QLatin1String("volume")))
            wrong(place(where, "overlay"), QStringLiteral("a volume seen from outside carries no overlay"));
        viewport.orientation = text(json, "orientation", where, false);
        if (!viewport.orientation.isEmpty() && !isOrientation(viewport.orientation))
            wrong(place(where, "orientation"),
                  QStringLiteral("'%1' is no pair of patient directions like P\\F").arg(viewport.orientation));
        viewport.justify = text(json, "justify", where, false);
        oneOf(viewport.justify, hanging::kJustifications, place(where, "justify"));
        const QString slab = text(json, "slab", where, false);
        oneOf(slab, hanging::kSlabs, place(where, "slab"));
        if (!slab.isEmpty()) {
            viewport.slab = {slabOfName(slab),
                             static_cast<double>(number(json, "slabMm", where, 10, 1, hanging::kThickestMm))};
            if (!viewport.kind.startsWith(QLatin1String("mpr-")))
                wrong(place(where, "slab"), QStringLiteral("only a plane of MPR can be thick"));
        }
        return viewport;
    }

    QString m_error;
};

} // namespace

bool isHangingId(const QString& id) {
    static const QRegularExpression pattern(QStringLiteral("^[a-z0-9]+(-[a-z0-9]+)*$"));
    return pattern.match(id).hasMatch();
}

Result<HangingProtocol> parseHangingProtocol(const QByteArray& json) {
    QJsonParseError syntax;
    const QJsonDocument document = QJsonDocument::fromJson(json, &syntax);
    if (syntax.error != QJsonParseError::NoError) {
        const auto line = json.left(syntax.offset).count('\n') + 1;
        return fail(ErrorCode::TemplateBroken, QStringLiteral("line %1: %2").arg(line).arg(syntax.errorString()));
    }
    if (!document.isObject())
        return fail(ErrorCode::TemplateBroken, QStringLiteral("line 1: the file must hold one object"));
    Parser parser;
    HangingProtocol protocol = parser.protocol(document.object());
    if (parser.hasFailed())
        return fail(ErrorCode::TemplateBroken, parser.error());
    return protocol;
}

} // namespace yz
