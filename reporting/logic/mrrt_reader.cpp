#include "reporting/mrrt_reader.h"

#include "reporting/mrrt_attributes.h"

#include <QFile>
#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QStringDecoder>
#include <algorithm>
#include <libxml/HTMLparser.h>
#include <libxml/tree.h>
#include <memory>
#include <optional>

namespace yz {

namespace {

constexpr qint64 kLargestFile = 4 * 1024 * 1024;
constexpr int kDeepest = 60;

struct FreeDocument {
    void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};

tl::unexpected<Error> broken(const xmlNode* node, const QString& reason) {
    const long line = node ? xmlGetLineNo(const_cast<xmlNode*>(node)) : 1;
    return fail(ErrorCode::TemplateBroken, QStringLiteral("line %1: %2").arg(line).arg(reason));
}

QString nameOf(const xmlNode* node) {
    return node->type == XML_ELEMENT_NODE ? QString::fromUtf8(reinterpret_cast<const char*>(node->name)).toLower()
                                          : QString();
}

QString attribute(const xmlNode* node, const char* name) {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> value(xmlGetProp(node, reinterpret_cast<const xmlChar*>(name)),
                                                            xmlFree);
    return value ? QString::fromUtf8(reinterpret_cast<const char*>(value.get())).trimmed() : QString();
}
bool hasAttribute(const xmlNode* node, const char* name) {
    return xmlHasProp(node, reinterpret_cast<const xmlChar*>(name)) != nullptr;
}

QString rawText(const xmlNode* node) {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> value(xmlNodeGetContent(node), xmlFree);
    return value ? QString::fromUtf8(reinterpret_cast<const char*>(value.get())) : QString();
}
QString text(const xmlNode* node) { return rawText(node).simplified(); }

void collect(const xmlNode* from, const QString& name, std::vector<const xmlNode*>& out, int depth = 0) {
    for (const xmlNode* node = from; node && depth < kDeepest; node = node->next) {
        if (nameOf(node) == name)
            out.push_back(node);
        collect(node->children, name, out, depth + 1);
    }
}

Positivity positivityOf(const QString& word) {
    return word == u"positive"   ? Positivity::Positive
           : word == u"negative" ? Positivity::Negative
                                 : Positivity::Unstated;
}

bool isField(const QString& name) { return name == u"input" || name == u"select" || name == u"textarea"; }
bool isBlock(const QString& name) {
    static const QSet<QString> blocks{QStringLiteral("p"),    QStringLiteral("div"),   QStringLiteral("li"),
                                      QStringLiteral("ul"),   QStringLiteral("ol"),    QStringLiteral("table"),
                                      QStringLiteral("tr"),   QStringLiteral("tbody"), QStringLiteral("fieldset"),
                                      QStringLiteral("form"), QStringLiteral("h1"),    QStringLiteral("h2"),
                                      QStringLiteral("h3"),   QStringLiteral("main"),  QStringLiteral("article")};
    return blocks.contains(name);
}

std::optional<ReportSection> targetOf(const QString& words) {
    const QString w = words.toLower();
    const auto has = [&](std::initializer_list<const char*> list) {
        return std::any_of(list.begin(), list.end(),
                           [&](const char* word) { return w.contains(QString::fromUtf8(word)); });
    };
    if (has({"59776-5", "findings", "所见", "befund"}))
        return ReportSection::Findings;
    if (has({"19005-8", "impression", "conclusion", "诊断意见", "影像诊断", "提示", "beurteilung"}))
        return ReportSection::Impression;
    if (has({"18783-1", "recommendation", "建议", "empfehlung"}))
        return ReportSection::Recommendation;
    if (has({"18834-2", "comparison", "对比", "vergleich"}))
        return ReportSection::Comparison;
    if (has({"55111-9", "technique", "procedure", "技术", "technik", "检查方法"}))
        return ReportSection::Technique;
    if (has({"clinical information", "indication", "临床"}))
        return ReportSection::Other;
    return std::nullopt;
}

/// Walks the body and fills the sections.
class BodyReader {
public:
    BodyReader(ReportTemplate& out, const MrrtAttributes& attributes, const xmlNode* body)
        : m_out(out), m_attributes(attributes) {
        std::vector<const xmlNode*> labels;
        collect(body, QStringLiteral("label"), labels);
        for (const xmlNode* label : labels)
            if (const QString target = attribute(label, "for"); !target.isEmpty())
                m_labels.insert(target, label);
    }

    Status read(const xmlNode* body) {
        walk(body->children, 0, 0);
        endLine();
        if (m_error)
            return fail(*m_error);
        return {};
    }

private:
    TemplateSection& section() {
        if (m_out.sections.empty())
            m_out.sections.emplace_back();
        return m_out.sections.back();
    }

    void problem(const xmlNode* node, const QString& reason) {
        if (!m_error)
            m_error = broken(node, reason).value();
    }

    void endLine() {
        const bool says = std::any_of(m_line.pieces.begin(), m_line.pieces.end(), [](const TemplatePiece& piece) {
            return piece.field >= 0 || !piece.text.trimmed().isEmpty();
        });
        if (says)
            section().lines.push_back(m_line);
        m_line = {};
    }

    void walk(const xmlNode* from, int level, int depth) {
        if (depth > kDeepest) {
            problem(from, QStringLiteral("elements are nested too deeply"));
            return;
        }
        for (const xmlNode* node = from; node && !m_error; node = node->next) {
            if (node->type == XML_TEXT_NODE) {
                addText(rawText(node));
                continue;
            }
            const QString name = nameOf(node);
            if (name.isEmpty() || name == u"script" || name == u"style")
                continue;
            if (name == u"section") {
                beginSection(node, level + 1);
                walk(node->children, level + 1, depth + 1);
                endLine();
            } else if (name == u"header") {
                if (section().title.isEmpty())
                    section().title = text(node);
            } else if (name == u"label") {
                // The words of a label are the form's; its field, when it stands inside, is read here.
                walkLabel(node->children, level, depth + 1);
            } else if (isField(name)) {
                addField(node, name);
            } else if (name == u"br") {
                endLine();
            } else if (isBlock(name)) {
                endLine();
                m_line.impression = attribute(node, "data-yz-impression");
                m_line.positivity = positivityOf(attribute(node, "data-yz-positivity"));
                walk(node->children, level, depth + 1);
                endLine();
            } else {
                walk(node->children, level, depth + 1);
            }
        }
    }

    void walkLabel(const xmlNode* from, int level, int depth) {
        for (const xmlNode* node = from; node && !m_error && depth < kDeepest; node = node->next) {
            if (isField(nameOf(node)))
                addField(node, nameOf(node));
            else
                walkLabel(node->children, level, depth + 1);
        }
    }

    void beginSection(const xmlNode* node, int level) {
        endLine();
        const ReportSection inherited =
            level > 1 && !m_out.sections.empty() ? section().target : ReportSection::Findings;
        TemplateSection next;
        next.id = attribute(node, "id");
        next.title = attribute(node, "data-section-name");
        next.level = level;
        next.code = m_attributes.codes.value(next.id);
        const QString own = attribute(node, "data-yz-target");
        std::optional<ReportSection> target = targetOf(own);
        if (!target)
            target = targetOf(next.code.value);
        if (!target)
            target = targetOf(next.title + u' ' + next.id);
        next.target = target.value_or(inherited);
        m_out.sections.push_back(std::move(next));
    }

    void addText(const QString& raw) {
        QString words = raw;
        static const QRegularExpression space(QStringLiteral("\\s+"));
        words.replace(space, QStringLiteral(" "));
        if (words.trimmed().isEmpty() && (m_line.pieces.empty() || m_line.pieces.back().field >= 0))
            return;
        // A line break in the source is no space in Chinese text.
        if (words == u" " && raw.contains(u'\n') && !m_line.pieces.back().text.isEmpty() &&
            m_line.pieces.back().text.back().unicode() >= 0x2E80)
            return;
        if (m_line.pieces.empty())
            words = words.trimmed().isEmpty() ? QString() : words.mid(words[0] == u' ' ? 1 : 0);
        m_line.pieces.push_back({words, -1});
    }

    const xmlNode* labelOf(const xmlNode* node) const {
        if (const xmlNode* named = m_labels.value(attribute(node, "id")))
            return named;
        for (const xmlNode* up = node->parent; up; up = up->parent)
            if (nameOf(up) == u"label")
                return up;
        return nullptr;
    }

    void addField(const xmlNode* node, const QString& name) {
        const QString type = attribute(node, "type").toLower();
        if (name == u"input" && (type == u"hidden" || type == u"button" || type == u"submit" || type == u"reset"))
            return;
        const QString id = attribute(node, "id");
        const QString group = attribute(node, "name");
        const bool grouped = type == u"radio" || (type == u"checkbox" && !group.isEmpty() && group != id);
        const QString fieldId = grouped && !group.isEmpty() ? group : id.isEmpty() ? group : id;
        if (fieldId.isEmpty()) {
            problem(node, name + u" has neither id nor name");
            return;
        }
        const xmlNode* labelNode = labelOf(node);
        const QString label = labelNode ? text(labelNode) : QString();
        if (grouped && addToGroup(node, fieldId, label, type))
            return;
        if (m_out.field(fieldId)) {
            problem(node, QStringLiteral("two fields have the id ") + fieldId);
            return;
        }
        TemplateField field;
        field.id = fieldId;
        field.label = grouped ? QString() : label.isEmpty() ? attribute(node, "title") : label;
        field.labelIsWritten = !labelNode || attribute(labelNode, "data-yz-label") != u"form";
        field.optional = hasAttribute(node, "data-yz-optional");
        field.unit = attribute(node, "data-field-units");
        field.minimum = attribute(node, "min");
        field.maximum = attribute(node, "max");
        field.step = attribute(node, "step");
        field.code = m_attributes.codes.value(id);
        const QString mrrtType = attribute(node, "data-field-type").toUpper();
        if (name == u"select")
            readSelect(node, field);
        else if (name == u"textarea") {
            field.kind = FieldKind::TextArea;
            field.defaultValue = rawText(node).trimmed();
        } else {
            field.defaultValue = attribute(node, "value");
            if (type == u"number" || mrrtType == u"NUMBER")
                field.kind = FieldKind::Number;
            else if (type == u"date" || mrrtType == u"DATE")
                field.kind = FieldKind::Date;
            else if (type == u"time" || mrrtType == u"TIME")
                field.kind = FieldKind::Time;
            else if (type == u"checkbox" || type == u"radio")
                readBox(node, field, grouped, type, label);
        }
        if (field.kind == FieldKind::Number && !field.defaultValue.isEmpty()) {
            bool isNumber = false;
            (void)field.defaultValue.toDouble(&isNumber);
            if (!isNumber) {
                problem(node, QStringLiteral("default of number field ") + fieldId + u" is not a number");
                return;
            }
        }
        TemplateSection& target = section();
        target.fields.push_back(std::move(field));
        m_line.pieces.push_back({QString(), static_cast<int>(target.fields.size()) - 1});
    }

    void readSelect(const xmlNode* node, TemplateField& field) {
        field.kind = hasAttribute(node, "multiple") ? FieldKind::MultipleChoice : FieldKind::Choice;
        std::vector<const xmlNode*> options;
        collect(node->children, QStringLiteral("option"), options);
        if (options.empty()) {
            problem(node, QStringLiteral("select has no option"));
            return;
        }
        bool anySelected = false;
        for (const xmlNode* each : options) {
            FieldOption option = optionOf(each, text(each));
            if (!hasAttribute(each, "value"))
                option.value = option.label;
            if (hasAttribute(each, "selected")) {
                field.defaultValue = option.value;
                anySelected = true;
            }
            field.options.push_back(std::move(option));
        }
        // A browser shows the first option of a single choice when none is marked.
        if (!anySelected && field.kind == FieldKind::Choice)
            field.defaultValue = field.options.front().value;
    }

    FieldOption optionOf(const xmlNode* node, const QString& label) const {
        return {attribute(node, "value"), label, positivityOf(attribute(node, "data-yz-positivity")),
                attribute(node, "data-yz-impression"), m_attributes.codes.value(attribute(node, "id"))};
    }

    void readBox(const xmlNode* node, TemplateField& field, bool grouped, const QString& type, const QString& label) {
        FieldOption option = optionOf(node, label);
        if (option.value.isEmpty() || option.value == u"on" || option.value == u"true")
            option.value = label;
        const bool checked = hasAttribute(node, "checked");
        field.kind = type == u"radio" ? FieldKind::Choice : grouped ? FieldKind::MultipleChoice : FieldKind::CheckBox;
        field.defaultValue = field.kind == FieldKind::CheckBox ? (checked ? QStringLiteral("true") : QString())
                             : checked                         ? option.value
                                                               : QString();
        if (field.kind == FieldKind::CheckBox)
            field.labelIsWritten = false; // what is ticked is what is written
        field.options.push_back(std::move(option));
    }

    /// True when the group was there already and has one option more now.
    bool addToGroup(const xmlNode* node, const QString& fieldId, const QString& label, const QString& type) {
        for (TemplateSection& each : m_out.sections)
            for (TemplateField& field : each.fields)
                if (field.id == fieldId) {
                    const FieldKind before = field.kind;
                    const QString chosen = field.defaultValue;
                    readBox(node, field, true, type, label);
                    field.kind = before;
                    if (field.defaultValue.isEmpty())
                        field.defaultValue = chosen;
                    return true;
                }
        return false;
    }

    ReportTemplate& m_out;
    const MrrtAttributes& m_attributes;
    QHash<QString, const xmlNode*> m_labels;
    TemplateLine m_line;
    std::optional<Error> m_error;
};

Status readMeta(const xmlNode* head, ReportTemplate& out) {
    std::vector<const xmlNode*> titles, metas;
    collect(head->children, QStringLiteral("title"), titles);
    collect(head->children, QStringLiteral("meta"), metas);
    if (titles.size() != 1 || text(titles.front()).isEmpty())
        return broken(head, QStringLiteral("head needs one title element"));
    bool hasCharset = false, hasDublinCore = false;
    for (const xmlNode* meta : metas) {
        if (hasAttribute(meta, "charset")) {
            hasCharset = attribute(meta, "charset").compare(u"utf-8", Qt::CaseInsensitive) == 0;
            if (!hasCharset)
                return broken(meta, QStringLiteral("charset is not UTF-8"));
        }
        const QString name = attribute(meta, "name").toLower();
        const QString content = attribute(meta, "content");
        hasDublinCore |= name.startsWith(u"dcterms.");
        if (name == u"dcterms.title")
            out.title = content;
        else if (name == u"dcterms.identifier")
            out.id = content;
        else if (name == u"dcterms.description")
            out.description = content;
        else if (name == u"dcterms.language")
            out.language = content;
        else if (name == u"dcterms.publisher")
            out.publisher = content;
        else if (name == u"dcterms.creator")
            out.creator = content;
        else if (name == u"dcterms.license")
            out.license = content;
        else if (name == u"dcterms.date")
            out.date = content;
    }
    if (!hasCharset)
        return broken(head, QStringLiteral("head has no meta charset element"));
    if (!hasDublinCore)
        return broken(head, QStringLiteral("head has no Dublin Core meta element (dcterms.*)"));
    if (out.title.isEmpty() || out.id.isEmpty())
        return broken(head, QStringLiteral("dcterms.title or dcterms.identifier is missing"));
    return {};
}

Result<MrrtAttributes> readIsland(const xmlNode* head) {
    std::vector<const xmlNode*> scripts, islands;
    collect(head->children, QStringLiteral("script"), scripts);
    for (const xmlNode* script : scripts)
        if (attribute(script, "type").compare(u"text/xml", Qt::CaseInsensitive) == 0)
            islands.push_back(script);
    if (islands.empty())
        return broken(head, QStringLiteral("head has no script element of type text/xml"));
    if (islands.size() > 1)
        return broken(islands[1], QStringLiteral("more than one script element of type text/xml"));
    return readMrrtAttributes(rawText(islands.front()),
                              static_cast<int>(xmlGetLineNo(const_cast<xmlNode*>(islands.front()))));
}

} // namespace

Result<ReportTemplate> MrrtReader::read(const QByteArray& html) {
    if (html.size() > kLargestFile)
        return fail(ErrorCode::TemplateBroken, QStringLiteral("file is larger than 4 MiB"));
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder(html);
    if (decoder.hasError() || decoded.contains(QChar::Null))
        return fail(ErrorCode::TemplateBroken, QStringLiteral("file is not UTF-8 text"));
    const std::unique_ptr<xmlDoc, FreeDocument> document(
        htmlReadMemory(html.constData(), static_cast<int>(html.size()), nullptr, "UTF-8",
                       HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                           HTML_PARSE_NOIMPLIED | HTML_PARSE_NODEFDTD));
    const xmlNode* root = document ? xmlDocGetRootElement(document.get()) : nullptr;
    if (!root || nameOf(root) != u"html")
        return fail(ErrorCode::TemplateBroken, QStringLiteral("line 1: file has no html element"));
    std::vector<const xmlNode*> heads, bodies;
    for (const xmlNode* node = root->children; node; node = node->next) {
        if (nameOf(node) == u"head")
            heads.push_back(node);
        if (nameOf(node) == u"body")
            bodies.push_back(node);
    }
    if (heads.size() != 1)
        return broken(root, QStringLiteral("file needs one head element"));
    ReportTemplate out;
    if (const Status meta = readMeta(heads.front(), out); !meta)
        return fail(meta.error());
    const Result<MrrtAttributes> attributes = readIsland(heads.front());
    if (!attributes)
        return fail(attributes.error());
    if (bodies.size() != 1)
        return broken(root, QStringLiteral("file needs one body element"));
    for (const MrrtAttributes::Term& term : attributes->terms) {
        if (term.type == u"modality")
            if (const QString name = modalityTerm(term.code); !name.isEmpty() && !out.modalities.contains(name))
                out.modalities.append(name);
        if (term.type == u"body part")
            if (const QString name = bodyPartTerm(term.code); !name.isEmpty() && !out.bodyParts.contains(name))
                out.bodyParts.append(name);
    }
    if (const Status body = BodyReader(out, *attributes, bodies.front()).read(bodies.front()); !body)
        return fail(body.error());
    if (out.sections.empty())
        return broken(bodies.front(), QStringLiteral("body holds neither text nor fields"));
    return out;
}

Result<ReportTemplate> MrrtReader::readFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::FileUnreadable, path);
    return read(file.read(kLargestFile + 1));
}

} // namespace yz
