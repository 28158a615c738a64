#include "reporting/report_template.h"

#include <QJsonArray>
#include <algorithm>
#include <optional>

namespace yz {

namespace {

const FieldOption* optionOf(const TemplateField& field, const QString& value) {
    const auto it = std::find_if(field.options.begin(), field.options.end(),
                                 [&](const FieldOption& option) { return option.value == value; });
    return it == field.options.end() ? nullptr : &*it;
}

/// Values chosen: one for most fields, several for a multiple choice, none for an empty field.
QStringList chosen(const TemplateField& field, const QJsonObject& answers) {
    const QJsonValue answer = answers[field.id];
    QStringList values;
    if (answer.isArray()) {
        const QJsonArray array = answer.toArray();
        for (const QJsonValue& item : array)
            values.append(item.toString());
    } else if (answer.isBool()) {
        if (answer.toBool())
            values.append(field.options.empty() ? field.label : field.options.front().value);
    } else if (answer.isDouble()) {
        values.append(QString::number(answer.toDouble(), 'g', 10));
    } else {
        values.append(answer.toString().trimmed());
    }
    values.removeAll(QString());
    return values;
}

QString written(const TemplateField& field, const QJsonObject& answers) {
    return chosen(field, answers).join(QStringLiteral("、"));
}

struct WrittenLine {
    QString text;
    QString impression;
    Positivity positivity = Positivity::Unstated;
};

/// Nothing: the line says nothing with these answers.
std::optional<WrittenLine> write(const TemplateSection& section, const TemplateLine& line, const QJsonObject& answers) {
    WrittenLine out;
    bool hasRequired = false;
    bool anyValue = false;
    for (const TemplatePiece& piece : line.pieces)
        if (piece.field >= 0) {
            const TemplateField& field = section.fields[static_cast<size_t>(piece.field)];
            hasRequired |= !field.optional;
            anyValue |= !written(field, answers).isEmpty();
        }
    const bool hasFields = std::any_of(line.pieces.begin(), line.pieces.end(),
                                       [](const TemplatePiece& piece) { return piece.field >= 0; });
    if (hasFields && !anyValue)
        return std::nullopt;
    QString impression = line.impression;
    QString afterOptional;
    for (const TemplatePiece& piece : line.pieces) {
        if (piece.field < 0) {
            out.text += piece.text;
            continue;
        }
        const TemplateField& field = section.fields[static_cast<size_t>(piece.field)];
        QString value = written(field, answers);
        if (value.isEmpty() && field.optional)
            continue;
        if (value.isEmpty())
            value = u"【" + (field.label.isEmpty() ? field.id : field.label) + u"】";
        if (field.kind == FieldKind::Number && !field.unit.isEmpty())
            value += field.unit;
        out.text += field.labelIsWritten && !field.label.isEmpty() ? field.label + u"：" + value : value;
        impression.replace(u'{' + field.id + u'}', value);
        const QStringList values = chosen(field, answers);
        for (const QString& each : values)
            if (const FieldOption* option = optionOf(field, each)) {
                if (!option->impression.isEmpty())
                    out.impression +=
                        (out.impression.isEmpty() ? QString() : QStringLiteral("\n")) + option->impression;
                out.positivity = std::max(out.positivity, option->positivity);
            }
    }
    out.text = out.text.trimmed();
    if (!impression.isEmpty() && (anyValue || !hasFields))
        out.impression += (out.impression.isEmpty() ? QString() : QStringLiteral("\n")) + impression;
    if (anyValue || !hasRequired)
        out.positivity = std::max(out.positivity, line.positivity);
    if (out.text.isEmpty() && out.impression.isEmpty())
        return std::nullopt;
    return out;
}

using Paragraphs = std::vector<QStringList>; ///< one list for each ReportSection

struct Written {
    Paragraphs paragraphs = Paragraphs(6);
    Positivity positivity = Positivity::Unstated;
};

Written writeAll(const ReportTemplate& reportTemplate, const QJsonObject& answers) {
    Written out;
    QStringList derived; // impression lines that follow from chosen findings
    for (const TemplateSection& section : reportTemplate.sections) {
        QStringList& target = out.paragraphs[static_cast<size_t>(section.target)];
        for (const TemplateLine& line : section.lines) {
            const std::optional<WrittenLine> text = write(section, line, answers);
            if (!text)
                continue;
            out.positivity = std::max(out.positivity, text->positivity);
            if (!text->text.isEmpty())
                target.append(text->text);
            if (!text->impression.isEmpty())
                derived += text->impression.split(u'\n');
        }
    }
    QStringList& impression = out.paragraphs[static_cast<size_t>(ReportSection::Impression)];
    derived.removeDuplicates();
    // What the impression section says by itself is the normal case; a finding that was chosen takes its place.
    if (!derived.isEmpty())
        impression = derived;
    if (impression.size() > 1)
        for (qsizetype i = 0; i < impression.size(); ++i)
            impression[i] = QString::number(i + 1) + u". " + impression[i];
    return out;
}

QString textOf(const Written& written, ReportSection section) {
    return written.paragraphs[static_cast<size_t>(section)].join(u'\n');
}

/// Replaces the paragraphs of one part; see applyAnswers.
QString merged(const QString& text, const QStringList& before, const QStringList& after, QStringList& left) {
    if (text == before.join(u'\n'))
        return after.join(u'\n');
    QStringList lines = text.split(u'\n');
    for (const QString& old : before)
        if (!after.contains(old) && !lines.removeOne(old))
            left.append(old);
    qsizetype place = 0; // after the neighbour that was written before it
    for (const QString& paragraph : after) {
        if (const qsizetype found = lines.indexOf(paragraph); found >= 0) {
            place = found + 1;
        } else if (!before.contains(paragraph)) {
            lines.insert(std::min(place, lines.size()), paragraph);
            ++place;
        }
    }
    while (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    return lines.join(u'\n');
}

} // namespace

const TemplateField* ReportTemplate::field(const QString& fieldId) const {
    for (const TemplateSection& section : sections)
        for (const TemplateField& candidate : section.fields)
            if (candidate.id == fieldId)
                return &candidate;
    return nullptr;
}

QJsonObject defaultAnswers(const ReportTemplate& reportTemplate) {
    QJsonObject answers;
    for (const TemplateSection& section : reportTemplate.sections)
        for (const TemplateField& field : section.fields) {
            if (field.kind == FieldKind::CheckBox)
                answers[field.id] = field.defaultValue == u"true";
            else if (field.kind == FieldKind::MultipleChoice)
                answers[field.id] = field.defaultValue.isEmpty() ? QJsonArray() : QJsonArray{field.defaultValue};
            else if (field.kind == FieldKind::Number && !field.defaultValue.isEmpty())
                answers[field.id] = field.defaultValue.toDouble();
            else
                answers[field.id] = field.defaultValue;
        }
    return answers;
}

ComposedReport compose(const ReportTemplate& reportTemplate, const QJsonObject& answers) {
    const Written written = writeAll(reportTemplate, answers);
    return {textOf(written, ReportSection::Technique),      textOf(written, ReportSection::Comparison),
            textOf(written, ReportSection::Findings),       textOf(written, ReportSection::Impression),
            textOf(written, ReportSection::Recommendation), written.positivity};
}

void startFromTemplate(ReportContent& content, const ReportTemplate& reportTemplate) {
    content.templateId = reportTemplate.id;
    content.title = reportTemplate.title;
    content.answers = defaultAnswers(reportTemplate);
    const ComposedReport text = compose(reportTemplate, content.answers);
    content.technique = text.technique;
    content.comparison = text.comparison;
    content.findings = text.findings;
    content.impression = text.impression;
    content.recommendation = text.recommendation;
    content.positivity = text.positivity;
}

QStringList applyAnswers(ReportContent& content, const ReportTemplate& reportTemplate, const QJsonObject& answers) {
    const Written before = writeAll(reportTemplate, content.answers);
    const Written after = writeAll(reportTemplate, answers);
    QStringList left;
    const auto apply = [&](QString& text, ReportSection section) {
        const auto index = static_cast<size_t>(section);
        text = merged(text, before.paragraphs[index], after.paragraphs[index], left);
    };
    apply(content.technique, ReportSection::Technique);
    apply(content.comparison, ReportSection::Comparison);
    apply(content.findings, ReportSection::Findings);
    apply(content.impression, ReportSection::Impression);
    apply(content.recommendation, ReportSection::Recommendation);
    // A flag the reader set against the form stays.
    if (content.positivity == before.positivity)
        content.positivity = after.positivity;
    content.answers = answers;
    return left;
}

} // namespace yz
