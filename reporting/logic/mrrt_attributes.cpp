#include "reporting/mrrt_attributes.h"

#include <QXmlStreamReader>
#include <array>

namespace yz {

namespace {

tl::unexpected<Error> broken(qint64 line, const QString& reason) {
    return fail(ErrorCode::TemplateBroken, QStringLiteral("line %1: %2").arg(line).arg(reason));
}

/// The reader over the island with its place in the file. Lines are counted by line feeds alone, as everywhere else in
/// the file: QXmlStreamReader counts a lone carriage return too.
struct Island {
    QXmlStreamReader xml;
    QString text;
    int firstLine = 1;

    [[nodiscard]] qint64 line() const {
        return firstLine + QStringView(text).left(static_cast<qsizetype>(xml.characterOffset())).count(u'\n');
    }
};

/// Code of the one <code> in a term; the reader stands on <term> and ends on </term>.
Result<MrrtAttributes::Term> readTerm(Island& island) {
    QXmlStreamReader& xml = island.xml;
    MrrtAttributes::Term term;
    const qint64 line = island.line();
    term.type = xml.attributes().value(QLatin1String("type")).toString().trimmed();
    int codes = 0;
    while (xml.readNextStartElement()) {
        if (xml.name() == u"code") {
            ++codes;
            const QXmlStreamAttributes attributes = xml.attributes();
            term.code = {attributes.value(QLatin1String("value")).toString().trimmed(),
                         attributes.value(QLatin1String("scheme")).toString().trimmed(),
                         attributes.value(QLatin1String("meaning")).toString().trimmed()};
        }
        xml.skipCurrentElement();
    }
    if (codes != 1)
        return broken(line, QStringLiteral("term has %1 code elements, one is needed").arg(codes));
    return term;
}

Status readCodedContent(Island& island, MrrtAttributes& out) {
    QXmlStreamReader& xml = island.xml;
    while (xml.readNextStartElement()) {
        if (xml.name() != u"entry") {
            xml.skipCurrentElement();
            continue;
        }
        const QString origin = xml.attributes().value(QLatin1String("ORIGTXT")).toString().trimmed();
        if (origin.isEmpty())
            return broken(island.line(), QStringLiteral("entry of coded_content has no ORIGTXT"));
        while (xml.readNextStartElement()) {
            if (xml.name() != u"term") {
                xml.skipCurrentElement();
                continue;
            }
            const Result<MrrtAttributes::Term> term = readTerm(island);
            if (!term)
                return fail(term.error());
            if (!out.codes.contains(origin))
                out.codes.insert(origin, term->code);
        }
    }
    return {};
}

struct Synonym {
    const char* word;
    const char* term;
};
constexpr std::array<Synonym, 22> kModalities{{{"CT", "CT"},
                                               {"RID10321", "CT"},
                                               {"computed tomography", "CT"},
                                               {"MR", "MR"},
                                               {"RID10312", "MR"},
                                               {"magnetic resonance", "MR"},
                                               {"MRI", "MR"},
                                               {"DX", "DX"},
                                               {"CR", "DX"},
                                               {"XR", "DX"},
                                               {"RID10345", "DX"},
                                               {"radiography", "DX"},
                                               {"projection radiography", "DX"},
                                               {"US", "US"},
                                               {"RID10326", "US"},
                                               {"ultrasound", "US"},
                                               {"ultrasonography", "US"},
                                               {"MG", "MG"},
                                               {"mammography", "MG"},
                                               {"RID10357", "MG"},
                                               {"PT", "PT"},
                                               {"NM", "NM"}}};
constexpr std::array<Synonym, 29> kBodyParts{
    {{"CHEST", "CHEST"},       {"51185008", "CHEST"}, {"RID1243", "CHEST"},   {"thorax", "CHEST"},
     {"lung", "CHEST"},        {"HEAD", "HEAD"},      {"69536005", "HEAD"},   {"RID9080", "HEAD"},
     {"BRAIN", "BRAIN"},       {"12738006", "BRAIN"}, {"RID6434", "BRAIN"},   {"ABDOMEN", "ABDOMEN"},
     {"818981001", "ABDOMEN"}, {"RID56", "ABDOMEN"},  {"PELVIS", "PELVIS"},   {"12921003", "PELVIS"},
     {"816092008", "PELVIS"},  {"NECK", "NECK"},      {"45048000", "NECK"},   {"BREAST", "BREAST"},
     {"76752008", "BREAST"},   {"SPINE", "SPINE"},    {"421060004", "SPINE"}, {"KNEE", "KNEE"},
     {"72696002", "KNEE"},     {"HEART", "HEART"},    {"80891009", "HEART"},  {"LIVER", "LIVER"},
     {"10200004", "LIVER"}}};

template <size_t N> QString termOf(const TemplateCode& code, const std::array<Synonym, N>& table) {
    for (const QString& text : {code.value, code.meaning})
        for (const Synonym& synonym : table)
            if (text.compare(QLatin1String(synonym.word), Qt::CaseInsensitive) == 0)
                return QString::fromLatin1(synonym.term);
    return {};
}

} // namespace

Result<MrrtAttributes> readMrrtAttributes(const QString& text, int firstLine) {
    Island island{QXmlStreamReader(text), text, firstLine};
    QXmlStreamReader& xml = island.xml;
    const auto place = [&] { return island.line(); };
    if (!xml.readNextStartElement() || xml.name() != u"template_attributes")
        return broken(place(), QStringLiteral("script holds no template_attributes element"));
    MrrtAttributes out;
    int codedContents = 0;
    while (xml.readNextStartElement()) {
        if (xml.name() == u"term") {
            Result<MrrtAttributes::Term> term = readTerm(island);
            if (xml.hasError())
                break;
            if (!term)
                return fail(term.error());
            out.terms.push_back(std::move(*term));
        } else if (xml.name() == u"coded_content") {
            if (++codedContents > 1)
                return broken(place(), QStringLiteral("more than one coded_content element"));
            if (const Status read = readCodedContent(island, out); !read && !xml.hasError())
                return fail(read.error());
        } else {
            xml.skipCurrentElement();
        }
    }
    if (!xml.hasError())
        xml.readNext(); // a second root element is an error of the XML
    while (!xml.hasError() && !xml.atEnd())
        xml.readNext();
    if (xml.hasError())
        return broken(place(), QStringLiteral("template_attributes is not well-formed: ") + xml.errorString());
    if (codedContents == 0)
        return broken(firstLine, QStringLiteral("template_attributes has no coded_content element"));
    return out;
}

QString modalityTerm(const TemplateCode& code) { return termOf(code, kModalities); }
QString bodyPartTerm(const TemplateCode& code) { return termOf(code, kBodyParts); }

} // namespace yz
