#include "imaging/hanging_codes.h"

#include <algorithm>
#include <numeric>

namespace yz {
namespace {

using What = HangingLoss::What;
using hanging::ruleText;

QStringList valuesOf(const HangingRule& rule) {
    QStringList values;
    for (const QString& value : rule.op == QLatin1String("oneOf") ? rule.value.split(u'|') : QStringList{rule.value})
        if (const QString trimmed = value.trimmed(); !values.contains(trimmed))
            values << trimmed;
    return values;
}

bool isList(const HangingRule& rule) { return rule.op == QLatin1String("equals") || rule.op == QLatin1String("oneOf"); }

/// The rule that a list of values reads back as.
HangingRule listRule(const QString& attribute, const QStringList& values) {
    return {attribute, values.size() > 1 ? QStringLiteral("oneOf") : QStringLiteral("equals"), values.join(u'|'), 1.0,
            true};
}

class Exporter {
public:
    explicit Exporter(const HangingProtocol& protocol) : m_protocol(protocol) { m_out.carried = protocol; }

    Result<HangingExport> run() {
        name();
        definition();
        if (m_protocol.priors != HangingPriors{}) {
            lose(What::Priors, QStringLiteral("priors"), {});
            m_out.carried.priors = {};
        }
        if (m_modalities.isEmpty() && m_parts.isEmpty())
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("a DICOM hanging protocol needs a required rule \"equals\" or \"oneOf\" on the "
                                       "modality or on a coded body part"));
        imageSets();
        for (size_t stage = 0; stage < m_protocol.stages.size(); ++stage)
            exportStage(stage);
        return std::move(m_out);
    }

private:
    void lose(What what, const QString& where, const QString& detail) { m_out.losses.push_back({what, where, detail}); }

    void name() {
        constexpr qsizetype kNameLength = 16; // SH
        QString id = m_protocol.id.left(kNameLength);
        while (id.endsWith(u'-'))
            id.chop(1);
        if (id != m_protocol.id)
            lose(What::Name, QStringLiteral("id"), m_protocol.id);
        m_out.carried.id = m_out.object.name = id;
        m_out.carried.name = m_out.object.description = line(m_protocol.name, QStringLiteral("name"), What::Name);
    }

    /// Text of an LO attribute, cut and said when it does not fit.
    QString line(const QString& text, const QString& where, What what) {
        constexpr qsizetype kLength = 64;
        QString fitting = text.simplified();
        fitting.replace(u'\\', u'/');
        fitting = fitting.left(kLength).trimmed();
        if (fitting != text)
            lose(what, where, text);
        return fitting;
    }

    /// How a rule on a list of values is carried: it must hold and weighs one.
    void normalise(const HangingRule& rule, const QString& where) {
        if (rule.weight != 1.0)
            lose(What::Weight, where, QString(ruleText(rule) + QStringLiteral(" weight %1").arg(rule.weight)));
    }

    void definition() {
        QStringList lateralities;
        for (size_t i = 0; i < m_protocol.match.size(); ++i) {
            const HangingRule& rule = m_protocol.match[i];
            const QString where = QStringLiteral("match[%1]").arg(i);
            const QStringList values = valuesOf(rule);
            const bool isCarried = rule.required && isList(rule);
            const auto all = [&](const auto& holds) { return std::all_of(values.begin(), values.end(), holds); };
            if (isCarried && rule.attribute == QLatin1String("modality") && m_modalities.isEmpty() &&
                all(hanging::isCodeString)) {
                m_modalities = values;
                normalise(rule, where);
            } else if (isCarried && rule.attribute == QLatin1String("bodyPart") && m_parts.isEmpty() &&
                       all([](const QString& value) { return codeOf(value) != nullptr; })) {
                m_parts = values;
                normalise(rule, where);
            } else if (isCarried && rule.attribute == QLatin1String("laterality") && lateralities.isEmpty() &&
                       all([](const QString& value) {
                           return QStringLiteral("RLUB").contains(value) && value.size() == 1;
                       })) {
                lateralities = values;
                normalise(rule, where);
            } else if (rule.attribute == QLatin1String("screenCount") && rule.op == QLatin1String("equals") &&
                       rule.value.toInt() > 0 && m_out.object.screens == 0) {
                m_out.object.screens = rule.value.toInt();
                normalise(rule, where);
                if (rule.required)
                    lose(What::Optional, where, ruleText(rule));
            } else {
                lose(What::Rule, where, ruleText(rule));
            }
        }
        std::vector<HangingRule> match;
        if (!m_modalities.isEmpty())
            match.push_back(listRule(QStringLiteral("modality"), m_modalities));
        if (!m_parts.isEmpty())
            match.push_back(listRule(QStringLiteral("bodyPart"), m_parts));
        if (!lateralities.isEmpty())
            match.push_back(listRule(QStringLiteral("laterality"), lateralities));
        if (m_out.object.screens > 0)
            match.push_back({QStringLiteral("screenCount"), QStringLiteral("equals"),
                             QString::number(m_out.object.screens), 1.0, false});
        m_out.carried.match = std::move(match);
        // Every combination: an item means all that it says.
        const auto orNone = [](const QStringList& list) { return list.isEmpty() ? QStringList{QString()} : list; };
        for (const QString& modality : orNone(m_modalities))
            for (const QString& part : orNone(m_parts))
                for (const QString& side : orNone(lateralities)) {
                    HangingObjectDefinition item{modality, side, {}, 0};
                    if (const hanging::BodyPart* code = codeOf(part))
                        item.anatomy = {code->code, QStringLiteral("SCT"), code->meaning};
                    m_out.object.definitions.push_back(item);
                }
    }

    static const hanging::BodyPart* codeOf(const QString& part) {
        const auto parts = hanging::bodyParts();
        const auto found =
            std::find_if(parts.begin(), parts.end(), [&](const hanging::BodyPart& p) { return part == p.name; });
        return found == parts.end() ? nullptr : &*found;
    }

    void imageSets() {
        std::vector<HangingObjectSelector> selectors;
        if (!m_modalities.isEmpty())
            selectors.push_back({0x00080060, QStringLiteral("CS"), m_modalities, 1, {}, {}, false, false});
        if (!m_parts.isEmpty())
            selectors.push_back({0x00180015, QStringLiteral("CS"), m_parts, 1, {}, {}, false, true});
        int priors = 0;
        for (const HangingStage& stage : m_protocol.stages)
            for (const HangingViewport& viewport : stage.viewports)
                priors = std::max(priors, viewport.study);
        m_out.object.priors = priors;
        m_out.object.imageSets.push_back({1, selectors, QStringLiteral("RELATIVE_TIME"), 0, 0,
                                          QStringLiteral("MINUTES"), QStringLiteral("Current")});
        for (int prior = 1; prior <= priors; ++prior)
            m_out.object.imageSets.push_back({prior + 1,
                                              selectors,
                                              QStringLiteral("ABSTRACT_PRIOR"),
                                              prior,
                                              prior,
                                              {},
                                              QStringLiteral("Prior %1").arg(prior)});
    }

    void exportStage(size_t index) {
        const HangingStage& stage = m_protocol.stages[index];
        HangingStage& carried = m_out.carried.stages[index];
        const QString where = QStringLiteral("stages[%1]").arg(index);
        carried.name = line(stage.name, where + QStringLiteral(".name"), What::Name);
        reduceGrid(carried, where);
        std::vector<int> numbers;
        for (size_t i = 0; i < stage.viewports.size(); ++i) {
            HangingObjectDisplaySet set =
                displaySet(carried.viewports[i], QStringLiteral("%1.viewports[%2]").arg(where).arg(i));
            set.number = static_cast<int>(m_out.object.displaySets.size()) + 1;
            set.group = static_cast<int>(index) + 1;
            set.groupName = carried.name;
            const HangingViewport& viewport = carried.viewports[i];
            const double rows = carried.rows, columns = carried.columns;
            set.boxes = {{viewport.column / columns, 1.0 - viewport.row / rows,
                          (viewport.column + viewport.columnSpan) / columns,
                          1.0 - (viewport.row + viewport.rowSpan) / rows, QStringLiteral("STACK"), 1, 1}};
            numbers.push_back(set.number);
            m_out.object.displaySets.push_back(std::move(set));
        }
        const bool isLinked = stage.link == QLatin1String("position");
        if (isLinked && numbers.size() > 1) {
            m_out.object.scrollingGroups.push_back(numbers);
        } else if (stage.link != QLatin1String("none")) {
            lose(What::Link, where + QStringLiteral(".link"), stage.link);
            carried.link = QStringLiteral("none");
        }
    }

    /// Boxes say where they lie, not how many cells they span: the coarsest grid that gives the same places.
    void reduceGrid(HangingStage& stage, const QString& where) {
        int rows = stage.rows, columns = stage.columns;
        for (const HangingViewport& viewport : stage.viewports) {
            rows = std::gcd(rows, std::gcd(viewport.row, viewport.rowSpan));
            columns = std::gcd(columns, std::gcd(viewport.column, viewport.columnSpan));
        }
        if (rows == 1 && columns == 1)
            return;
        lose(What::Grid, where, QStringLiteral("%1 x %2").arg(stage.rows).arg(stage.columns));
        stage.rows /= rows;
        stage.columns /= columns;
        for (HangingViewport& viewport : stage.viewports) {
            viewport.row /= rows;
            viewport.rowSpan /= rows;
            viewport.column /= columns;
            viewport.columnSpan /= columns;
        }
    }

    HangingObjectDisplaySet displaySet(HangingViewport& viewport, const QString& where) {
        HangingObjectDisplaySet set;
        set.imageSet = viewport.study + 1;
        viewport.label = line(viewport.label, where + QStringLiteral(".label"), What::Label);
        set.label = viewport.label;
        if (!viewport.overlay.empty()) {
            lose(What::Blending, where + QStringLiteral(".overlay"), viewport.palette);
            viewport.overlay.clear();
        }
        viewport.palette.clear();
        viewport.opacityPercent = HangingViewport().opacityPercent;
        if (viewport.kind == QLatin1String("mip") || viewport.kind == QLatin1String("volume")) {
            lose(What::Reformatting, where, viewport.kind);
            viewport.kind = QStringLiteral("stack");
        }
        viewport.rendering.clear();
        if (viewport.kind != QLatin1String("stack")) {
            set.reformatting = QStringLiteral("MPR");
            set.thicknessMm = hanging::kThinMm;
            set.viewDirection = hanging::toStandard(hanging::viewDirections(), viewport.kind);
        }
        if (viewport.slab.isThick()) { // a thickness alone does not say maximum, minimum or mean
            lose(What::Reformatting, where,
                 QStringLiteral("%1 %2 mm").arg(slabName(viewport.slab.mode)).arg(viewport.slab.thicknessMm));
            viewport.slab = {};
        }
        set.voiType = hanging::toStandard(hanging::voiTypes(), viewport.preset);
        if (set.voiType.isEmpty() && !viewport.preset.isEmpty()) {
            lose(What::Preset, where, viewport.preset);
            viewport.preset.clear();
        }
        set.inverted = viewport.inverted;
        if (viewport.orientation.contains(u'\\')) {
            set.orientation = viewport.orientation;
        } else if (!viewport.orientation.isEmpty()) {
            lose(What::Orientation, where, viewport.orientation); // the attribute has two values
            viewport.orientation.clear();
        }
        set.horizontal = viewport.justify.toUpper();
        std::vector<HangingRule> carried;
        for (size_t i = 0; i < viewport.select.size(); ++i)
            filter(viewport.select[i], QStringLiteral("%1.select[%2]").arg(where).arg(i), set, carried);
        viewport.select = std::move(carried);
        return set;
    }

    void filter(const HangingRule& rule, const QString& where, HangingObjectDisplaySet& set,
                std::vector<HangingRule>& carried) {
        const QStringList values = valuesOf(rule);
        HangingObjectSelector filter;
        filter.op = QStringLiteral("MEMBER_OF");
        bool fits = rule.required && isList(rule);
        if (rule.attribute == QLatin1String("plane")) {
            filter.category = QStringLiteral("IMAGE_PLANE");
            filter.vr = QStringLiteral("CS");
            for (const QString& value : values)
                filter.values << hanging::toStandard(hanging::planes(), value);
            fits = fits && !filter.values.contains(QString());
        } else {
            const auto all = hanging::attributes();
            const auto attribute = std::find_if(all.begin(), all.end(),
                                                [&](const hanging::Attribute& a) { return rule.attribute == a.name; });
            if (attribute == all.end()) {
                fits = false;
            } else {
                filter.attribute = attribute->tag;
                filter.vr = attribute->vr;
                filter.valueNumber = attribute->valueNumber;
                filter.values = values;
                const bool isText = attribute->vr == QLatin1String("LO");
                fits = fits && std::all_of(values.begin(), values.end(), [&](const QString& value) {
                           return isText ? hanging::isLongString(value) : hanging::isCodeString(value);
                       });
            }
        }
        if (!fits) {
            lose(What::Rule, where, ruleText(rule));
            return;
        }
        normalise(rule, where);
        set.filters.push_back(filter);
        carried.push_back(listRule(rule.attribute, values));
    }

    const HangingProtocol& m_protocol;
    HangingExport m_out;
    QStringList m_modalities, m_parts;
};

} // namespace

Result<HangingExport> toHangingObject(const HangingProtocol& protocol) { return Exporter(protocol).run(); }

} // namespace yz
