#include "exchange/fhir_bundle_writer.h"

#include "exchange/fhir_mapping.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStringList>
#include <QUrl>
#include <QUuid>

namespace yz::exchange {

namespace {

QString entryUrn(const MessageSource& source, const char* resource) {
    // RFC 4122 version 5: the same report gives the same bytes.
    static const QUuid space(QStringLiteral("{8a1d3e02-6a64-5b51-9a57-0c7f31a3c9d4}"));
    return QStringLiteral("urn:uuid:") +
           QUuid::createUuidV5(space, QString(source.messageId + u'/' + QLatin1String(resource)))
               .toString(QUuid::WithoutBraces);
}

QString narrative(const QString& text) {
    QString body = text.toHtmlEscaped();
    body.replace(u'\n', QStringLiteral("<br/>"));
    return QStringLiteral("<div xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"zh-CN\" xml:lang=\"zh-CN\"><p>") + body +
           QStringLiteral("</p></div>");
}

QString gender(const QString& dicomSex) {
    return dicomSex == QLatin1String("M")   ? QStringLiteral("male")
           : dicomSex == QLatin1String("F") ? QStringLiteral("female")
           : dicomSex == QLatin1String("O") ? QStringLiteral("other")
                                            : QStringLiteral("unknown");
}

QString namePart(const QString& pn, int part) {
    const PersonName name = PersonName::fromDicom(pn);
    return (name.ideographic.isEmpty() ? name.alphabetic : name.ideographic).section(u'^', part, part).trimmed();
}

QString patientIdSystem(const MessageSource& source) {
    const QString& system = source.target.patientIdSystem;
    const QString issuer = valueOf(Field::PatientIdIssuer, source);
    if (issuer.isEmpty() || !system.startsWith(QLatin1String("http"))) // a URN names one authority already
        return system;
    return system + (system.endsWith(u'/') ? QString() : QStringLiteral("/")) +
           QString::fromLatin1(QUrl::toPercentEncoding(issuer));
}

/// Control characters that JSON could carry but FHIR's string may not (datatypes.html#string).
QString fhirText(QString text) {
    text.remove(QRegularExpression(QStringLiteral("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]")));
    return text;
}

QString textOf(FhirForm form, Field field, const MessageSource& source) {
    const QString value = fhirText(valueOf(field, source));
    switch (form) {
    case FhirForm::Text:
    case FhirForm::Time:
    case FhirForm::Number:
    case FhirForm::Reference:
        return value;
    case FhirForm::Gender:
        return gender(valueOf(Field::PatientSex, source));
    case FhirForm::FamilyName:
        return namePart(value, 0);
    case FhirForm::GivenName:
        return namePart(value, 1);
    case FhirForm::OidUrn:
        return value.isEmpty() ? QString() : QString(u"urn:oid:" + value);
    case FhirForm::PatientIdSystem:
        return patientIdSystem(source);
    case FhirForm::Interpretation:
        return value.isEmpty()                      ? QString()
               : value == QLatin1String("positive") ? QStringLiteral("POS")
                                                    : QStringLiteral("NEG");
    case FhirForm::Narrative:
        return narrative(value);
    case FhirForm::Base64Text:
        return QString::fromLatin1(value.toUtf8().toBase64());
    }
    return {};
}

/// Puts a value at a path like "a.b[0].c" and gives the changed whole.
QJsonValue withValueAt(const QJsonValue& whole, const QStringList& path, qsizetype at, const QJsonValue& value) {
    if (at == path.size())
        return value;
    bool isIndex = false;
    const int index = path[at].toInt(&isIndex);
    if (isIndex) {
        QJsonArray array = whole.toArray();
        while (array.size() <= index)
            array.append(QJsonValue());
        array[index] = withValueAt(array[index], path, at + 1, value);
        return array;
    }
    QJsonObject object = whole.toObject();
    object[path[at]] = withValueAt(object[path[at]], path, at + 1, value);
    return object;
}

QStringList splitPath(const char* path) {
    return QString::fromLatin1(path).split(QRegularExpression(QStringLiteral("[.\\[\\]]")), Qt::SkipEmptyParts);
}

QByteArray identifierQuery(const QString& system, const QString& value) {
    return "identifier=" + QUrl::toPercentEncoding(system) + "%7C" + QUrl::toPercentEncoding(value);
}

bool isThere(const char* resource, const MessageSource& source) {
    for (const FhirEntry& entry : fhirEntries())
        if (qstrcmp(entry.resource, resource) == 0)
            return !valueOf(entry.value, source).isEmpty();
    return false;
}

QJsonObject resourceOf(const FhirEntry& entry, const MessageSource& source) {
    QJsonValue resource = QJsonObject{{QStringLiteral("resourceType"), QLatin1String(entry.resource)}};
    for (const FhirRow& row : fhirRows()) {
        if (qstrcmp(row.resource, entry.resource) != 0 || valueOf(row.source, source).isEmpty())
            continue;
        if (row.form == FhirForm::Reference) {
            if (isThere(row.literal, source))
                resource = withValueAt(resource, splitPath(row.path), 0,
                                       QJsonObject{{QStringLiteral("reference"), entryUrn(source, row.literal)}});
            continue;
        }
        const QString text = row.literal ? QString::fromUtf8(row.literal) : textOf(row.form, row.source, source);
        if (text.isEmpty())
            continue;
        const QJsonValue value = row.form == FhirForm::Number ? QJsonValue(text.toInt()) : QJsonValue(text);
        resource = withValueAt(resource, splitPath(row.path), 0, value);
    }
    return resource.toObject();
}

} // namespace

QByteArray fhirReportQuery(const InstanceUid& srInstance) {
    return identifierQuery(QStringLiteral("urn:dicom:uid"), QString(u"urn:oid:" + srInstance.value()));
}

Result<QByteArray> writeFhirBundle(const MessageSource& source) {
    for (Field needed : {Field::PatientId, Field::PatientIdSystem, Field::SrInstance, Field::StudyUid, Field::SignedAt})
        if (valueOf(needed, source).isEmpty())
            return fail(ErrorCode::InvalidArgument, u"there is no " + fieldName(needed));
    if (!valueOf(Field::AccessionNumber, source).isEmpty() && source.target.orderIdSystem.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("there is no OrderIdSystem"));
    QJsonArray entries;
    for (const FhirEntry& entry : fhirEntries()) {
        const QString id = textOf(entry.valueForm, entry.value, source);
        if (id.isEmpty())
            continue;
        const QString system = entry.systemLiteral ? QLatin1String(entry.systemLiteral)
                                                   : textOf(entry.systemForm, entry.systemField, source);
        entries.append(QJsonObject{
            {QStringLiteral("fullUrl"), entryUrn(source, entry.resource)},
            {QStringLiteral("resource"), resourceOf(entry, source)},
            {QStringLiteral("request"),
             QJsonObject{{QStringLiteral("method"), QStringLiteral("POST")},
                         {QStringLiteral("url"), QLatin1String(entry.resource)},
                         {QStringLiteral("ifNoneExist"), QString::fromLatin1(identifierQuery(system, id))}}}});
    }
    const QJsonObject bundle{{QStringLiteral("resourceType"), QStringLiteral("Bundle")},
                             {QStringLiteral("id"), source.messageId.toLower()},
                             {QStringLiteral("type"), QStringLiteral("transaction")},
                             {QStringLiteral("timestamp"), valueOf(Field::SignedAt, source)},
                             {QStringLiteral("entry"), entries}};
    return QJsonDocument(bundle).toJson(QJsonDocument::Compact);
}

} // namespace yz::exchange
