#pragma once

#include "core/result.h"
#include "reporting/report_template.h"

#include <QString>
#include <vector>

namespace yz {

/// The templates of this desk: those the product ships (":/yz/templates") and those in the site's folder. A site's
/// template with the identifier of a shipped one takes its place.
class TemplateCatalog {
public:
    struct Broken {
        QString file;
        Error error;
    };

    /// Reads every *.html of the folders, later folders win; an absent folder is empty.
    [[nodiscard]] static TemplateCatalog load(const QStringList& folders);
    [[nodiscard]] static QString shippedFolder(); ///< ":/yz/templates"

    [[nodiscard]] const std::vector<ReportTemplate>& templates() const { return m_templates; }
    [[nodiscard]] const std::vector<Broken>& broken() const { return m_broken; }
    [[nodiscard]] const ReportTemplate* find(const QString& id) const;
    /// Best fit first: modality and body part, modality alone, general ones; templates of other modalities come last.
    [[nodiscard]] std::vector<const ReportTemplate*> rankedFor(const QString& modality, const QString& bodyPart) const;
    /// The first of rankedFor when it fits at all.
    [[nodiscard]] const ReportTemplate* bestFor(const QString& modality, const QString& bodyPart) const;

private:
    std::vector<ReportTemplate> m_templates;
    std::vector<Broken> m_broken;
};

} // namespace yz
