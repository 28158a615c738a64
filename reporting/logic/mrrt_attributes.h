#pragma once

#include "core/result.h"
#include "reporting/report_template.h"

#include <QHash>
#include <QString>
#include <vector>

namespace yz {

/// The XML island in the head of an MRRT file.
struct MrrtAttributes {
    struct Term {
        QString type; ///< "modality", "body part", ...
        TemplateCode code;
    };
    std::vector<Term> terms;
    QHash<QString, TemplateCode> codes; ///< element id (ORIGTXT) -> its code
};

/// `firstLine`: line of the island in the file, for the places in errors (TemplateBroken).
[[nodiscard]] Result<MrrtAttributes> readMrrtAttributes(const QString& xml, int firstLine);

/// DICOM defined terms for coded modalities and body parts, from the code or its meaning; empty when not known.
[[nodiscard]] QString modalityTerm(const TemplateCode& code);
[[nodiscard]] QString bodyPartTerm(const TemplateCode& code);

} // namespace yz
