#include "imaging/hanging_codes.h"
#include "imaging/hanging_terms.h"

#include <QMap>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>

namespace yz {
namespace {

using What = HangingLoss::What;

/// An id out of any name.
QString idOf(const QString& name) {
    if (isHangingId(name))
        return name;
    QString id = name.toLower();
    id.replace(QRegularExpression(QStringLiteral("[^a-z0-9]+")), QStringLiteral("-"));
    while (id.startsWith(u'-'))
        id.remove(0, 1);
    while (id.endsWith(u'-'))
        id.chop(1);
    return id.isEmpty() ? QStringLiteral("imported") : id;
}

/// The fewest equal parts of 0 to 1 in which all edges lie on a line; 0 when there are none up to the largest grid.
int partsOf(const std::vector<double>& edges) {
    constexpr double kNear = 0.02;
    for (int parts = 1; parts <= hanging::kLargestGrid; ++parts)
        if (std::all_of(edges.begin(), edges.end(),
                        [&](double edge) { return std::abs(edge * parts - std::round(edge * parts)) < kNear * parts; }))
            return parts;
    return 0;
}

class Importer {
public:
    explicit Importer(const HangingObject& object) : m_object(object) {}

    Result<HangingImport> run() {
        HangingProtocol& protocol = m_out.protocol;
        protocol.id = idOf(m_object.name);
        if (protocol.id != m_object.name)
            lose(What::Name, QStringLiteral("name"), m_object.name);
        protocol.name =
            m_object.description.trimmed().isEmpty() ? m_object.name.trimmed() : m_object.description.trimmed();
        if (protocol.name.isEmpty())
            protocol.name = protocol.id;
        definitions();
        stages();
        if (m_object.navigationIndicators > 0)
            lose(What::Navigation, {}, QString::number(m_object.navigationIndicators));
        // The same check as for a file: what is given back can be saved.
        const auto checked = parseHangingProtocol(hangingProtocolJson(protocol));
        if (!checked)
            return fail(checked.error());
        return std::move(m_out);
    }

private:
    void lose(What what, const QString& where, const QString& detail) { m_out.losses.push_back({what, where, detail}); }

    static HangingRule listRule(const QString& attribute, const QStringList& values) {
        return {attribute, values.size() > 1 ? QStringLiteral("oneOf") : QStringLiteral("equals"), values.join(u'|'),
                1.0, true};
    }

    void definitions() {
        QStringList lateralities;
        bool someLackModality = false, someLackPart = false, someLackSide = false;
        for (const HangingObjectDefinition& item : m_object.definitions) {
            const auto add = [](QStringList& list, const QString& value, bool& lacks) {
                lacks = lacks || value.isEmpty();
                if (!value.isEmpty() && !list.contains(value))
                    list << value;
            };
            add(m_modalities, item.modality, someLackModality);
            add(lateralities, item.laterality, someLackSide);
            QString part;
            if (!item.anatomy.value.isEmpty()) {
                const auto parts = hanging::bodyParts();
                const auto known = std::find_if(parts.begin(), parts.end(), [&](const hanging::BodyPart& p) {
                    return item.anatomy.value == p.code && item.anatomy.scheme == QLatin1String("SCT");
                });
                if (known == parts.end())
                    lose(What::Anatomy, QStringLiteral("definition"),
                         QString(item.anatomy.value + u' ' + item.anatomy.scheme + u' ' + item.anatomy.meaning));
                else
                    part = known->name;
            }
            add(m_parts, part, someLackPart);
            if (item.otherCodes > 0)
                lose(What::Codes, QStringLiteral("definition"), QString::number(item.otherCodes));
        }
        // A part that some items leave open is no condition of the whole.
        for (auto& [list, lacks] : {std::pair<QStringList*, bool>{&m_modalities, someLackModality},
                                    {&m_parts, someLackPart},
                                    {&lateralities, someLackSide}})
            if (lacks && !list->isEmpty()) {
                lose(What::Definition, QStringLiteral("definition"), list->join(u'|'));
                list->clear();
            }
        const auto atLeastOne = [](const QStringList& list) { return std::max<qsizetype>(1, list.size()); };
        const qsizetype product = atLeastOne(m_modalities) * atLeastOne(m_parts) * atLeastOne(lateralities);
        std::vector<HangingObjectDefinition> distinct;
        for (const HangingObjectDefinition& item : m_object.definitions)
            if (std::find(distinct.begin(), distinct.end(), item) == distinct.end())
                distinct.push_back(item);
        if (static_cast<qsizetype>(distinct.size()) < product)
            lose(What::Definition, QStringLiteral("definition"),
                 QStringLiteral("%1 of %2").arg(distinct.size()).arg(product));
        auto& match = m_out.protocol.match;
        if (!m_modalities.isEmpty())
            match.push_back(listRule(QStringLiteral("modality"), m_modalities));
        if (!m_parts.isEmpty())
            match.push_back(listRule(QStringLiteral("bodyPart"), m_parts));
        if (!lateralities.isEmpty())
            match.push_back(listRule(QStringLiteral("laterality"), lateralities));
        if (m_object.screens > 0)
            match.push_back({QStringLiteral("screenCount"), QStringLiteral("equals"), QString::number(m_object.screens),
                             1.0, false});
    }

    void stages() {
        QMap<int, std::vector<const HangingObjectDisplaySet*>> groups;
        for (const HangingObjectDisplaySet& set : m_object.displaySets)
            groups[set.group].push_back(&set);
        for (const auto& sets : groups) {
            HangingStage stage;
            for (const HangingObjectDisplaySet* set : sets)
                if (stage.name.isEmpty())
                    stage.name = set->groupName.trimmed();
            if (stage.name.isEmpty())
                stage.name = QString::number(m_out.protocol.stages.size() + 1);
            for (const HangingObjectDisplaySet* set : sets)
                stage.viewports.push_back(viewport(*set));
            place(stage, sets);
            stage.link = QLatin1String(isLinked(sets) ? "position" : "none");
            m_out.protocol.stages.push_back(std::move(stage));
        }
    }

    [[nodiscard]] bool isLinked(const std::vector<const HangingObjectDisplaySet*>& sets) {
        bool isAny = false, isAll = true;
        for (const std::vector<int>& numbers : m_object.scrollingGroups) {
            const auto belongs = [&](const HangingObjectDisplaySet* set) {
                return std::find(numbers.begin(), numbers.end(), set->number) != numbers.end();
            };
            const auto count = std::count_if(sets.begin(), sets.end(), belongs);
            if (count < 2)
                continue;
            isAny = true;
            isAll = count == static_cast<std::ptrdiff_t>(sets.size());
        }
        if (isAny && !isAll)
            lose(What::Link, where(*sets.front()), {});
        return isAny;
    }

    static QString where(const HangingObjectDisplaySet& set) {
        return QStringLiteral("display set %1").arg(set.number);
    }

    HangingViewport viewport(const HangingObjectDisplaySet& set) {
        HangingViewport viewport;
        viewport.label = set.label;
        imageSet(set, viewport);
        for (const HangingObjectSelector& filter : set.filters)
            if (const auto rule = ruleOf(filter); rule && filter.op == QLatin1String("MEMBER_OF") && !filter.isOptional)
                viewport.select.push_back(*rule);
            else
                lose(What::Filter, where(set), textOf(filter));
        if (!set.reformatting.isEmpty()) {
            const QString kind = set.reformatting == QLatin1String("MPR")
                                     ? hanging::fromStandard(hanging::viewDirections(), set.viewDirection)
                                     : QString();
            if (kind.isEmpty())
                lose(What::Reformatting, where(set), QString(set.reformatting + u' ' + set.viewDirection).trimmed());
            else
                viewport.kind = kind;
        }
        if (set.thicknessMm > hanging::kThinMm)
            lose(What::Reformatting, where(set), QStringLiteral("%1 mm").arg(set.thicknessMm));
        if (!set.rendering.isEmpty())
            lose(What::Reformatting, where(set), set.rendering);
        viewport.preset = hanging::fromStandard(hanging::voiTypes(), set.voiType);
        if (viewport.preset.isEmpty() && !set.voiType.isEmpty())
            lose(What::Preset, where(set), set.voiType);
        viewport.inverted = set.inverted;
        static const QRegularExpression orientation(QStringLiteral("^[LRAPHF]{1,3}\\\\[LRAPHF]{1,3}$"));
        if (orientation.match(set.orientation).hasMatch())
            viewport.orientation = set.orientation;
        else if (!set.orientation.isEmpty())
            lose(What::Orientation, where(set), set.orientation);
        if (set.horizontal == QLatin1String("LEFT") || set.horizontal == QLatin1String("RIGHT"))
            viewport.justify = set.horizontal.toLower();
        if (!set.vertical.isEmpty() && set.vertical != QLatin1String("CENTER"))
            lose(What::Justification, where(set), set.vertical);
        if (set.sortings > 0)
            lose(What::Sorting, where(set), {});
        if (!set.blending.isEmpty())
            lose(What::Blending, where(set), set.blending);
        if (!set.pseudoColour.isEmpty())
            lose(What::Colour, where(set), set.pseudoColour);
        return viewport;
    }

    void imageSet(const HangingObjectDisplaySet& set, HangingViewport& viewport) {
        const auto found = std::find_if(m_object.imageSets.begin(), m_object.imageSets.end(),
                                        [&](const HangingObjectImageSet& each) { return each.number == set.imageSet; });
        if (found == m_object.imageSets.end()) {
            lose(What::ImageSet, where(set), QString::number(set.imageSet));
            return;
        }
        if (found->category == QLatin1String("ABSTRACT_PRIOR")) {
            viewport.study = std::clamp(found->first, 1, hanging::kMostPriors);
            if (found->first != found->last || found->first != viewport.study)
                lose(What::ImageSet, where(set), QStringLiteral("%1..%2").arg(found->first).arg(found->last));
        } else if (found->first != 0 || found->last != 0) {
            viewport.study = 1;
            lose(What::ImageSet, where(set),
                 QStringLiteral("%1..%2 %3").arg(found->first).arg(found->last).arg(found->units));
        }
        for (const HangingObjectSelector& selector : found->selectors) {
            // What the definition says already.
            const bool isModality = selector.attribute == 0x00080060 && selector.values == m_modalities;
            const bool isPart = selector.attribute == 0x00180015 && selector.values == m_parts;
            if ((isModality || isPart) && !selector.isNested)
                continue;
            const auto rule = ruleOf(selector);
            if (rule)
                viewport.select.push_back(*rule);
            if (!rule || selector.isOptional)
                lose(What::Selector, where(set), textOf(selector));
        }
    }

    static std::optional<HangingRule> ruleOf(const HangingObjectSelector& selector) {
        if (selector.isNested || selector.values.isEmpty() || selector.values.contains(QString()) ||
            std::any_of(selector.values.begin(), selector.values.end(),
                        [](const QString& value) { return value.contains(u'|'); }))
            return std::nullopt;
        if (selector.category == QLatin1String("IMAGE_PLANE")) {
            QStringList planes;
            for (const QString& value : selector.values)
                planes << hanging::fromStandard(hanging::planes(), value);
            return planes.contains(QString()) ? std::nullopt : std::optional(listRule(QStringLiteral("plane"), planes));
        }
        if (!selector.category.isEmpty())
            return std::nullopt;
        if (selector.attribute == 0x00200060) // Laterality of the series stands for that of its images
            return listRule(QStringLiteral("laterality"), selector.values);
        for (const hanging::Attribute& attribute : hanging::attributes())
            if (selector.attribute == attribute.tag)
                return listRule(attribute.name, selector.values);
        return std::nullopt;
    }

    static QString textOf(const HangingObjectSelector& selector) {
        const QString what = selector.category.isEmpty()
                                 ? QStringLiteral("(%1,%2)")
                                       .arg(selector.attribute >> 16, 4, 16, QLatin1Char('0'))
                                       .arg(selector.attribute & 0xFFFF, 4, 16, QLatin1Char('0'))
                                 : selector.category;
        return QString(what + u' ' + selector.op + u' ' + selector.values.join(u'|')).simplified();
    }

    /// Rows and columns out of the places of the boxes.
    void place(HangingStage& stage, const std::vector<const HangingObjectDisplaySet*>& sets) {
        std::vector<HangingObjectBox> boxes;
        std::vector<double> across, down;
        bool isWhole = true;
        for (const HangingObjectDisplaySet* set : sets) {
            isWhole = isWhole && !set->boxes.empty();
            HangingObjectBox all = set->boxes.empty() ? HangingObjectBox{} : set->boxes.front();
            for (const HangingObjectBox& box : set->boxes) {
                all.left = std::min(all.left, box.left);
                all.right = std::max(all.right, box.right);
                all.top = std::max(all.top, box.top);
                all.bottom = std::min(all.bottom, box.bottom);
            }
            if (set->boxes.size() > 1 || all.tileColumns * all.tileRows > 1)
                lose(What::Boxes, where(*set), {});
            isWhole = isWhole && all.left >= -0.01 && all.bottom >= -0.01 && all.right <= 1.01 && all.top <= 1.01 &&
                      all.left < all.right && all.bottom < all.top;
            boxes.push_back(all);
            across.insert(across.end(), {all.left, all.right});
            down.insert(down.end(), {1.0 - all.top, 1.0 - all.bottom});
        }
        stage.columns = isWhole ? partsOf(across) : 0;
        stage.rows = isWhole ? partsOf(down) : 0;
        std::vector<char> taken(static_cast<size_t>(std::max(0, stage.rows * stage.columns)), 0);
        bool isGrid = stage.columns > 0 && stage.rows > 0;
        for (size_t i = 0; isGrid && i < boxes.size(); ++i) {
            const auto line = [](double edge, int parts) { return static_cast<int>(std::lround(edge * parts)); };
            HangingViewport& viewport = stage.viewports[i];
            viewport.column = line(boxes[i].left, stage.columns);
            viewport.columnSpan = line(boxes[i].right, stage.columns) - viewport.column;
            viewport.row = line(1.0 - boxes[i].top, stage.rows);
            viewport.rowSpan = line(1.0 - boxes[i].bottom, stage.rows) - viewport.row;
            isGrid = viewport.columnSpan > 0 && viewport.rowSpan > 0;
            for (int row = viewport.row; isGrid && row < viewport.row + viewport.rowSpan; ++row)
                for (int column = viewport.column; isGrid && column < viewport.column + viewport.columnSpan; ++column) {
                    char& cell = taken[static_cast<size_t>(row * stage.columns + column)];
                    isGrid = cell == 0;
                    cell = 1;
                }
        }
        if (isGrid)
            return;
        // Side by side in their order.
        lose(What::Grid, where(*sets.front()), {});
        constexpr size_t kMost = size_t{hanging::kLargestGrid} * hanging::kLargestGrid;
        if (stage.viewports.size() > kMost)
            stage.viewports.resize(kMost);
        const auto count = static_cast<double>(stage.viewports.size());
        stage.columns = static_cast<int>(std::ceil(std::sqrt(count)));
        stage.rows = static_cast<int>(std::ceil(count / stage.columns));
        for (size_t i = 0; i < stage.viewports.size(); ++i) {
            HangingViewport& viewport = stage.viewports[i];
            viewport.row = static_cast<int>(i) / stage.columns;
            viewport.column = static_cast<int>(i) % stage.columns;
            viewport.rowSpan = viewport.columnSpan = 1;
        }
    }

    const HangingObject& m_object;
    HangingImport m_out;
    QStringList m_modalities, m_parts;
};

} // namespace

Result<HangingImport> fromHangingObject(const HangingObject& object) { return Importer(object).run(); }

} // namespace yz
