#pragma once

#include "domain/report.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <vector>

/// A report template as the form and the composer need it, whatever file it came from.
namespace yz {

struct TemplateCode {
    QString value;
    QString scheme; ///< coding scheme designator: "LN", "SCT", "DCM", "RADLEX"
    QString meaning;

    bool operator==(const TemplateCode&) const = default;
    [[nodiscard]] bool isEmpty() const { return value.isEmpty(); }
};

struct FieldOption {
    QString value;                                ///< what goes into the report
    QString label;                                ///< what the form shows
    Positivity positivity = Positivity::Unstated; ///< what choosing it says about the study
    QString impression;                           ///< line it contributes to the impression, may be empty
    TemplateCode code;
};

enum class FieldKind { Text, TextArea, Number, Choice, MultipleChoice, CheckBox, Date, Time };

struct TemplateField {
    QString id;
    FieldKind kind = FieldKind::Text;
    QString label;
    bool labelIsWritten = true; ///< "label: value" in the text, else the value alone
    bool optional = false;      ///< its line is complete without it
    QString unit;               ///< of a number, UCUM or as given
    QString defaultValue;       ///< text, number, or the value of the chosen option; "true" of a ticked box
    QString minimum, maximum, step;
    std::vector<FieldOption> options;
    TemplateCode code;
};

/// Text and fields of one line in their order; `field` is an index into the section's fields, -1 for text.
struct TemplatePiece {
    QString text;
    int field = -1;
};
struct TemplateLine {
    std::vector<TemplatePiece> pieces;
    QString impression;                           ///< pattern with {fieldId}, written when the line is; may be empty
    Positivity positivity = Positivity::Unstated; ///< what the line says when it is written
};

/// Which part of the report a section's text goes into.
enum class ReportSection { Technique, Comparison, Findings, Impression, Recommendation, Other };

struct TemplateSection {
    QString id;
    QString title;
    int level = 1; ///< 1: a part of the report, 2 and more: a heading inside it
    ReportSection target = ReportSection::Findings;
    TemplateCode code;
    std::vector<TemplateField> fields;
    std::vector<TemplateLine> lines;
};

struct ReportTemplate {
    QString id; ///< dcterms.identifier
    QString title;
    QString description;
    QString language;
    QString publisher, creator, license, date;
    QStringList modalities;                ///< DICOM defined terms, empty: any
    QStringList bodyParts;                 ///< DICOM defined terms, empty: any
    std::vector<TemplateSection> sections; ///< in reading order, nesting by level

    [[nodiscard]] const TemplateField* field(const QString& fieldId) const;
};

/// Answers of an untouched form: field id -> string, number, bool, or an array of strings.
[[nodiscard]] QJsonObject defaultAnswers(const ReportTemplate& reportTemplate);

/// What answers say: text of each part, one line a paragraph. Pure and deterministic.
struct ComposedReport {
    QString technique, comparison, findings, impression, recommendation;
    Positivity positivity = Positivity::Unstated;
};
/// A line is written when all its fields that are not optional have a value, and left out when none has; a value that
/// is missing among others is written as 【label】, which the checks find.
[[nodiscard]] ComposedReport compose(const ReportTemplate& reportTemplate, const QJsonObject& answers);

/// Starts a report from a template: texts from its default answers. Key images, measurements and critical values stay.
void startFromTemplate(ReportContent& content, const ReportTemplate& reportTemplate);

/// Brings changed answers into texts that may have been edited by hand since: only paragraphs that still stand as the
/// old answers made them are replaced; new ones go after their neighbour. Returns the paragraphs that were not found
/// any more and so were left as the reader wrote them.
QStringList applyAnswers(ReportContent& content, const ReportTemplate& reportTemplate, const QJsonObject& answers);

} // namespace yz
