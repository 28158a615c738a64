#include "exchange/oru_writer.h"

#include "exchange/oru_mapping.h"

#include <QStringEncoder>
#include <QStringList>
#include <vector>

namespace yz::exchange {

namespace {

/// Fields, their components, their subcomponents.
using Segment = std::vector<std::vector<QStringList>>;

QString hl7Time(const QString& iso) {
    const QDateTime time = QDateTime::fromString(iso, Qt::ISODate);
    if (!time.isValid())
        return {};
    const int minutes = time.offsetFromUtc() / 60;
    return time.toString(QStringLiteral("yyyyMMddHHmmss")) + (minutes < 0 ? u'-' : u'+') +
           QStringLiteral("%1%2")
               .arg(qAbs(minutes) / 60, 2, 10, QChar(u'0'))
               .arg(qAbs(minutes) % 60, 2, 10, QChar(u'0'));
}

/// Family, given, middle, suffix, prefix: HL7 has the last two the other way round than DICOM (PS3.5 6.2.1).
QStringList nameParts(const QString& group) {
    QStringList parts = group.split(u'^');
    while (parts.size() < 5)
        parts.append(QString());
    parts.swapItemsAt(3, 4);
    parts = parts.mid(0, 5);
    for (QString& part : parts)
        part = escapedHl7(part.trimmed());
    return parts;
}

QString withoutEmptyEnd(QStringList parts, QChar separator) {
    while (parts.size() > 1 && parts.last().isEmpty())
        parts.removeLast();
    return parts.join(separator);
}

/// One repetition of an XPN or XCN with its name representation code (XPN.8, XCN.15; table 0465).
QString nameRepetition(const QString& group, bool isXcn, const QString& code) {
    QStringList components = isXcn ? QStringList{QString()} : QStringList();
    components += nameParts(group);
    while (components.size() < (isXcn ? 14 : 7))
        components.append(QString());
    components.append(code);
    return components.join(u'^');
}

QString nameField(const QString& value, Hl7Type type) {
    const PersonName name =
        value.contains(u'=') || value.contains(u'^') ? PersonName::fromDicom(value) : personNameFromText(value);
    if (type == Hl7Type::Cnn) {
        const QString& group = name.ideographic.isEmpty() ? name.alphabetic : name.ideographic;
        return withoutEmptyEnd(QStringList{QString()} + nameParts(group), u'&');
    }
    QStringList repetitions;
    if (!name.ideographic.isEmpty())
        repetitions.append(nameRepetition(name.ideographic, type == Hl7Type::Xcn, QStringLiteral("I")));
    if (!name.alphabetic.isEmpty())
        repetitions.append(nameRepetition(name.alphabetic, type == Hl7Type::Xcn, QStringLiteral("A")));
    return repetitions.join(u'~');
}

QString valueText(const OruRow& row, const QString& value) {
    if (row.literal)
        return QString::fromUtf8(row.literal);
    switch (row.type) {
    case Hl7Type::Plain:
    case Hl7Type::Text:
        return escapedHl7(value);
    case Hl7Type::Time:
        return hl7Time(value);
    case Hl7Type::Day:
        return QString(value).remove(u'-');
    case Hl7Type::Xpn:
    case Hl7Type::Xcn:
    case Hl7Type::Cnn:
        return nameField(value, row.type);
    }
    return {};
}

QString segmentText(const char* name, const Segment& segment) {
    QStringList fields{QLatin1String(name)};
    for (const std::vector<QStringList>& components : segment) {
        QStringList texts;
        for (const QStringList& subcomponents : components)
            texts.append(subcomponents.join(u'&'));
        fields.append(texts.join(u'^'));
    }
    return withoutEmptyEnd(fields, u'|');
}

/// Grows a list as far as `index` and gives that element.
template <typename List> auto& elementAt(List& list, size_t index) {
    if (static_cast<size_t>(list.size()) <= index)
        list.resize(static_cast<decltype(list.size())>(index + 1));
    return list[static_cast<decltype(list.size())>(index)];
}

QStringList mappedSegments(const MessageSource& source) {
    QStringList lines;
    const char* current = nullptr;
    Segment segment;
    const auto finish = [&] {
        if (current && !segment.empty())
            lines.append(segmentText(current, segment));
        segment.clear();
    };
    for (const OruRow& row : oruRows()) {
        if (!current || qstrcmp(current, row.segment) != 0) {
            finish();
            current = row.segment;
            if (qstrcmp(current, "MSH") == 0) // MSH-1 is the separator itself
                segment.push_back({QStringList{QStringLiteral("^~\\&")}});
        }
        const QString value = valueOf(row.source, source);
        if (value.isEmpty())
            continue;
        const bool isHeader = qstrcmp(row.segment, "MSH") == 0;
        std::vector<QStringList>& components = elementAt(segment, static_cast<size_t>(row.field - (isHeader ? 2 : 1)));
        QStringList& subcomponents = elementAt(components, static_cast<size_t>(qMax(row.component, 1) - 1));
        elementAt(subcomponents, static_cast<size_t>(qMax(row.sub, 1) - 1)) = valueText(row, value);
    }
    finish();
    return lines;
}

QString observationValue(const OruObservation& observation, const QString& value) {
    if (qstrcmp(observation.valueType, "ED") == 0) // source application, type, subtype, encoding, data
        return QStringLiteral("^application^pdf^Base64^") + value;
    if (qstrcmp(observation.valueType, "HD") == 0)
        return QString(u'^' + escapedHl7(value) + QStringLiteral("^ISO"));
    return escapedHl7(value);
}

QStringList observationSegments(const MessageSource& source) {
    QStringList lines;
    const QString status = valueOf(Field::StatusHl7, source);
    const QString observedAt = hl7Time(valueOf(Field::ExamTime, source));
    for (const OruObservation& observation : oruObservations()) {
        const QString value = valueOf(observation.source, source);
        if (value.isEmpty())
            continue;
        const QString identifier = QLatin1String(observation.code) + u'^' + QLatin1String(observation.text) + u'^' +
                                   QLatin1String(observation.system);
        QStringList fields{QStringLiteral("OBX"),
                           QString::number(lines.size() + 1),
                           QLatin1String(observation.valueType),
                           identifier,
                           {},
                           observationValue(observation, value)};
        const bool isText = qstrcmp(observation.valueType, "TX") == 0;
        const QString positivity = valueOf(Field::Positivity, source);
        while (fields.size() < 11)
            fields.append(QString());
        if (isText && observation.source == Field::Impression && !positivity.isEmpty())
            fields[8] = positivity == QLatin1String("positive") ? QStringLiteral("A") : QStringLiteral("N"); // 0078
        fields.append(status);
        fields.append({QString(), QString(), observedAt});
        while (fields.last().isEmpty())
            fields.removeLast();
        lines.append(fields.join(u'|'));
    }
    return lines;
}

Result<QByteArray> encoded(const QString& text, const QString& characterSet) {
    const char* codec = characterSet == QLatin1String("UNICODE UTF-8")   ? "UTF-8"
                        : characterSet == QLatin1String("GB 18030-2000") ? "GB18030"
                                                                         : nullptr;
    if (!codec)
        return fail(ErrorCode::InvalidArgument, u"MSH-18 " + characterSet);
    QStringEncoder encoder(codec);
    if (!encoder.isValid())
        return fail(ErrorCode::NotSupported, characterSet);
    const QByteArray bytes = encoder(text);
    if (encoder.hasError())
        return fail(ErrorCode::InvalidArgument, u"text that does not fit into " + characterSet);
    return bytes;
}

} // namespace

QString escapedHl7(const QString& text) {
    QString out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        switch (c.unicode()) {
        case u'|':
            out += QStringLiteral("\\F\\");
            break;
        case u'^':
            out += QStringLiteral("\\S\\");
            break;
        case u'&':
            out += QStringLiteral("\\T\\");
            break;
        case u'~':
            out += QStringLiteral("\\R\\");
            break;
        case u'\\':
            out += QStringLiteral("\\E\\");
            break;
        case u'\r':
            if (i + 1 < text.size() && text[i + 1] == u'\n')
                break;
            out += QStringLiteral("\\.br\\");
            break;
        case u'\n':
            out += QStringLiteral("\\.br\\");
            break;
        default:
            if (c.unicode() >= 0x20 && c.unicode() != 0x7f)
                out += c;
            else if (c == u'\t')
                out += u' ';
        }
    }
    return out;
}

QString unescapedHl7(const QString& text) {
    QString out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const qsizetype end = text[i] == u'\\' ? text.indexOf(u'\\', i + 1) : -1;
        if (end < 0) {
            out += text[i];
            continue;
        }
        const QStringView name = QStringView(text).mid(i + 1, end - i - 1);
        if (name == u"F")
            out += u'|';
        else if (name == u"S")
            out += u'^';
        else if (name == u"T")
            out += u'&';
        else if (name == u"R")
            out += u'~';
        else if (name == u"E")
            out += u'\\';
        else if (name == u".br")
            out += u'\n';
        i = end;
    }
    return out;
}

Result<QByteArray> writeOru(const MessageSource& source) {
    for (Field needed : {Field::PatientId, Field::StatusHl7, Field::MessageId, Field::SignedAt})
        if (valueOf(needed, source).isEmpty())
            return fail(ErrorCode::InvalidArgument, u"the report has no " + fieldName(needed));
    QStringList lines = mappedSegments(source);
    // OBX belongs to OBR and follows its notes.
    lines += observationSegments(source);
    return encoded(lines.join(u'\r') + u'\r', source.target.characterSet);
}

} // namespace yz::exchange
