#pragma once

#include "core/result.h"
#include "reporting/report_template.h"

#include <QByteArray>
#include <QString>

namespace yz {

/// Reads report templates of IHE MRRT (Management of Radiology Report Templates, HTML5 with coded content).
/// TemplateBroken with "line N: reason" when the file is not what the profile asks for: one head with title, charset
/// and Dublin Core (dcterms.title, dcterms.identifier), one <script type="text/xml"> holding one template_attributes
/// with one coded_content and one code in each term, one body, fields that have an id of their own.
///
/// Own attributes, all optional and ignored by others: data-yz-label="form" (the label is not written into the text),
/// data-yz-optional, data-yz-positivity="negative|positive" and data-yz-impression (of an option or a paragraph),
/// data-yz-target (part of the report a section goes into).
class MrrtReader {
public:
    [[nodiscard]] static Result<ReportTemplate> read(const QByteArray& html);
    [[nodiscard]] static Result<ReportTemplate> readFile(const QString& path); ///< also FileUnreadable
};

} // namespace yz
