#include "exchange/cda_writer.h"

#include "exchange/cda_mapping.h"

#include <QStringList>
#include <QXmlStreamWriter>
#include <memory>
#include <vector>

namespace yz::exchange {

namespace {

struct Element {
    QString key; ///< name and index: "id[1]"
    std::vector<std::pair<QString, QString>> attributes;
    QString text;
    bool hasLines = false;
    std::vector<std::unique_ptr<Element>> children;

    [[nodiscard]] QString name() const { return key.section(u'[', 0, 0); }
    Element& child(const QString& childKey) {
        for (const std::unique_ptr<Element>& known : children)
            if (known->key == childKey)
                return *known;
        children.push_back(std::make_unique<Element>());
        children.back()->key = childKey;
        return *children.back();
    }
    void setAttribute(const QString& attribute, const QString& value) {
        for (auto& [known, text_] : attributes)
            if (known == attribute) {
                text_ = value;
                return;
            }
        attributes.emplace_back(attribute, value);
    }
};

/// XML 1.0 has no place for other control characters (2.2).
QString xmlText(const QString& text) {
    QString out;
    out.reserve(text.size());
    for (QChar c : text)
        if (c.unicode() >= 0x20 || c == u'\n' || c == u'\t')
            if (c.unicode() < 0xfffe)
                out += c;
    return out;
}

QString cdaTime(const QString& iso) {
    const QDateTime time = QDateTime::fromString(iso, Qt::ISODate);
    return time.isValid() ? time.toString(QStringLiteral("yyyyMMddHHmmss")) : QString();
}

QString gbSex(const QString& dicomSex, bool asName) {
    if (dicomSex == QLatin1String("M"))
        return asName ? QStringLiteral("男性") : QStringLiteral("1");
    if (dicomSex == QLatin1String("F"))
        return asName ? QStringLiteral("女性") : QStringLiteral("2");
    if (dicomSex == QLatin1String("O"))
        return asName ? QStringLiteral("未说明的性别") : QStringLiteral("9");
    return asName ? QStringLiteral("未知的性别") : QStringLiteral("0");
}

QString textOf(const CdaRow& row, const QString& value, const MessageSource& source) {
    if (row.literal)
        return QString::fromUtf8(row.literal);
    switch (row.form) {
    case CdaForm::Text:
    case CdaForm::Lines:
    case CdaForm::Base64:
        return xmlText(value);
    case CdaForm::Time:
        return cdaTime(value);
    case CdaForm::Day:
        return QString(value).remove(u'-');
    case CdaForm::GbSex:
    case CdaForm::GbSexName:
        return gbSex(valueOf(Field::PatientSex, source), row.form == CdaForm::GbSexName);
    }
    return {};
}

void put(Element& root, const CdaRow& row, const QString& text) {
    const QString path = QString::fromLatin1(row.path);
    Element* element = &root;
    for (const QString& key : path.section(u'@', 0, 0).split(u'/'))
        element = &element->child(key);
    if (path.contains(u'@')) {
        element->setAttribute(path.section(u'@', 1), text);
        return;
    }
    element->text = text;
    element->hasLines = row.form == CdaForm::Lines;
}

void write(QXmlStreamWriter& xml, const Element& element) {
    xml.writeStartElement(element.name());
    for (const auto& [name, value] : element.attributes)
        xml.writeAttribute(name, value);
    if (element.hasLines) {
        const QStringList lines = element.text.split(u'\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (i > 0)
                xml.writeEmptyElement(QStringLiteral("br"));
            xml.writeCharacters(lines[i]);
        }
    } else if (!element.text.isEmpty()) {
        xml.writeCharacters(element.text);
    }
    for (const std::unique_ptr<Element>& child : element.children)
        write(xml, *child);
    xml.writeEndElement();
}

} // namespace

Result<QByteArray> writeCda(const MessageSource& source) {
    for (Field needed : {Field::PatientId, Field::PatientIdSystem, Field::SrInstance, Field::AuthorName,
                         Field::AuthorSignedAt, Field::SignedAt})
        if (valueOf(needed, source).isEmpty())
            return fail(ErrorCode::InvalidArgument, u"there is no " + fieldName(needed));
    Element root;
    for (const CdaRow& row : cdaRows()) {
        const QString value = valueOf(row.source, source);
        if (value.isEmpty())
            continue;
        if (const QString text = textOf(row, value, source); !text.isEmpty())
            put(root, row, text);
    }
    QByteArray bytes;
    QXmlStreamWriter xml(&bytes);
    xml.writeStartDocument();
    xml.writeStartElement(QStringLiteral("ClinicalDocument"));
    xml.writeDefaultNamespace(QStringLiteral("urn:hl7-org:v3"));
    xml.writeNamespace(QStringLiteral("http://www.w3.org/2001/XMLSchema-instance"), QStringLiteral("xsi"));
    for (const std::unique_ptr<Element>& child : root.children)
        write(xml, *child);
    xml.writeEndElement();
    xml.writeEndDocument();
    return bytes;
}

} // namespace yz::exchange
