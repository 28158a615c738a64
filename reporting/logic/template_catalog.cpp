#include "reporting/template_catalog.h"

#include "reporting/mrrt_reader.h"

#include <QDir>
#include <algorithm>

namespace yz {

namespace {

// CR and DX are one kind of picture to a reader; so are the parts that one examination covers.
QString modalityFamily(const QString& modality) {
    return modality == u"CR" || modality == u"DX" || modality == u"RG" || modality == u"RF" ? QStringLiteral("DX")
                                                                                            : modality;
}
QString bodyPartFamily(const QString& part) {
    if (part == u"HEAD" || part == u"SKULL" || part == u"BRAIN")
        return QStringLiteral("HEAD");
    if (part == u"LUNG" || part == u"THORAX" || part == u"CHEST")
        return QStringLiteral("CHEST");
    if (part == u"LIVER" || part == u"KIDNEY" || part == u"GALLBLADDER" || part == u"ABDOMEN" ||
        part == u"ABDOMENPELVIS")
        return QStringLiteral("ABDOMEN");
    return part;
}

template <typename Family> bool holds(const QStringList& list, const QString& term, Family family) {
    return std::any_of(list.begin(), list.end(), [&](const QString& each) { return family(each) == family(term); });
}

/// Negative: for another kind of study.
int fit(const ReportTemplate& each, const QString& modality, const QString& bodyPart) {
    int score = 0;
    if (!each.modalities.isEmpty())
        score += holds(each.modalities, modality, modalityFamily) ? 4 : -10;
    if (!each.bodyParts.isEmpty())
        score += holds(each.bodyParts, bodyPart, bodyPartFamily) ? 8 : -10;
    return score;
}

} // namespace

QString TemplateCatalog::shippedFolder() { return QStringLiteral(":/yz/templates"); }

TemplateCatalog TemplateCatalog::load(const QStringList& folders) {
    TemplateCatalog catalog;
    for (const QString& folder : folders) {
        const QDir dir(folder);
        const QStringList files = dir.entryList({QStringLiteral("*.html")}, QDir::Files, QDir::Name);
        for (const QString& name : files) {
            const QString path = dir.filePath(name);
            Result<ReportTemplate> read = MrrtReader::readFile(path);
            if (!read) {
                catalog.m_broken.push_back({path, read.error()});
                continue;
            }
            const auto same = std::find_if(catalog.m_templates.begin(), catalog.m_templates.end(),
                                           [&](const ReportTemplate& each) { return each.id == read->id; });
            if (same != catalog.m_templates.end())
                *same = std::move(*read);
            else
                catalog.m_templates.push_back(std::move(*read));
        }
    }
    return catalog;
}

const ReportTemplate* TemplateCatalog::find(const QString& id) const {
    const auto it =
        std::find_if(m_templates.begin(), m_templates.end(), [&](const ReportTemplate& each) { return each.id == id; });
    return it == m_templates.end() ? nullptr : &*it;
}

std::vector<const ReportTemplate*> TemplateCatalog::rankedFor(const QString& modality, const QString& bodyPart) const {
    const QString m = modality.toUpper(), part = bodyPart.toUpper();
    std::vector<const ReportTemplate*> ranked;
    for (const ReportTemplate& each : m_templates)
        ranked.push_back(&each);
    std::stable_sort(ranked.begin(), ranked.end(), [&](const ReportTemplate* a, const ReportTemplate* b) {
        return fit(*a, m, part) > fit(*b, m, part);
    });
    return ranked;
}

const ReportTemplate* TemplateCatalog::bestFor(const QString& modality, const QString& bodyPart) const {
    const std::vector<const ReportTemplate*> ranked = rankedFor(modality, bodyPart);
    if (ranked.empty() || fit(*ranked.front(), modality.toUpper(), bodyPart.toUpper()) < 0)
        return nullptr;
    return ranked.front();
}

} // namespace yz
