#include "exchange/audit_message_writer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QXmlStreamWriter>

namespace yz::exchange {

namespace {

constexpr AuditEventRow rows[] = {
    {"user.login", "110114", "User Authentication", "110122", "Login", 'E'},
    {"user.logout", "110114", "User Authentication", "110123", "Logout", 'E'},
    {"task.claimed", "110111", "Procedure Record", nullptr, nullptr, 'U'},
    {"task.claim-lost", "110111", "Procedure Record", nullptr, nullptr, 'U'},
    {"task.released", "110111", "Procedure Record", nullptr, nullptr, 'U'},
    {"study.rejected", "110111", "Procedure Record", nullptr, nullptr, 'U'},
    {"report.submitted", "110103", "DICOM Instances Accessed", nullptr, nullptr, 'C'},
    {"report.approved", "110103", "DICOM Instances Accessed", nullptr, nullptr, 'C'},
    {"report.amended", "110103", "DICOM Instances Accessed", nullptr, nullptr, 'C'},
    {"report.returned", "110111", "Procedure Record", nullptr, nullptr, 'U'},
    {"report.approval-undone", "110111", "Procedure Record", nullptr, nullptr, 'U'},
    {"report.published", "110104", "DICOM Instances Transferred", nullptr, nullptr, 'C'},
    {"outbox.exported", "110106", "Export", nullptr, nullptr, 'R'},
};

const AuditEventRow* rowOf(const QString& event) {
    for (const AuditEventRow& row : rows)
        if (event == QLatin1String(row.event))
            return &row;
    return nullptr;
}

bool isTransfer(const AuditEventRow* row) {
    return row && (qstrcmp(row->code, "110104") == 0 || qstrcmp(row->code, "110106") == 0);
}

/// CodedValueType.
void writeCode(QXmlStreamWriter& xml, const QString& element, const QString& code, const QString& scheme,
               const QString& text) {
    xml.writeEmptyElement(element);
    xml.writeAttribute(QStringLiteral("csd-code"), code);
    xml.writeAttribute(QStringLiteral("codeSystemName"), scheme);
    xml.writeAttribute(QStringLiteral("originalText"), text);
}

void writeDicomCode(QXmlStreamWriter& xml, const QString& element, const char* code, const char* text) {
    writeCode(xml, element, QLatin1String(code), QStringLiteral("DCM"), QLatin1String(text));
}

void writeEvent(QXmlStreamWriter& xml, const AuditFact& fact, const AuditEventRow* row) {
    xml.writeStartElement(QStringLiteral("EventIdentification"));
    xml.writeAttribute(QStringLiteral("EventActionCode"), QString(QLatin1Char(row ? row->action : 'E')));
    xml.writeAttribute(QStringLiteral("EventDateTime"), fact.at.toUTC().toString(Qt::ISODateWithMs));
    xml.writeAttribute(QStringLiteral("EventOutcomeIndicator"),
                       fact.entry.success ? QStringLiteral("0") : QStringLiteral("4"));
    if (row)
        writeDicomCode(xml, QStringLiteral("EventID"), row->code, row->text);
    else
        writeCode(xml, QStringLiteral("EventID"), fact.entry.event, QStringLiteral("99YZ"), fact.entry.event);
    if (row && row->typeCode)
        writeDicomCode(xml, QStringLiteral("EventTypeCode"), row->typeCode, row->typeText);
    if (row)
        writeCode(xml, QStringLiteral("EventTypeCode"), fact.entry.event, QStringLiteral("99YZ"), fact.entry.event);
    if (!fact.entry.success)
        xml.writeTextElement(QStringLiteral("EventOutcomeDescription"),
                             fact.entry.details[QStringLiteral("reason")].toString());
    xml.writeEndElement();
}

struct Participant {
    QString id, alternative, name, host;
    bool isRequestor = false;
    const char* roleCode = nullptr;
    const char* roleText = nullptr;
};

void writeParticipant(QXmlStreamWriter& xml, const Participant& participant) {
    xml.writeStartElement(QStringLiteral("ActiveParticipant"));
    xml.writeAttribute(QStringLiteral("UserID"), participant.id);
    if (!participant.alternative.isEmpty())
        xml.writeAttribute(QStringLiteral("AlternativeUserID"), participant.alternative);
    if (!participant.name.isEmpty())
        xml.writeAttribute(QStringLiteral("UserName"), participant.name);
    xml.writeAttribute(QStringLiteral("UserIsRequestor"),
                       participant.isRequestor ? QStringLiteral("true") : QStringLiteral("false"));
    if (!participant.host.isEmpty()) {
        xml.writeAttribute(QStringLiteral("NetworkAccessPointID"), participant.host);
        xml.writeAttribute(QStringLiteral("NetworkAccessPointTypeCode"), QStringLiteral("1"));
    }
    if (participant.roleCode)
        writeDicomCode(xml, QStringLiteral("RoleIDCode"), participant.roleCode, participant.roleText);
    xml.writeEndElement();
}

void writeParticipants(QXmlStreamWriter& xml, const AuditFact& fact, const AuditOrigin& origin,
                       const AuditEventRow* row) {
    const QString& user = fact.entry.user.value();
    if (!user.isEmpty())
        writeParticipant(xml, {user, {}, fact.userName, origin.hostName, true, nullptr, nullptr});
    // A4.2.3: the AE title of a process is its alternative id.
    Participant desk{origin.station, u"AETITLES=" + origin.aeTitle, {}, origin.hostName, user.isEmpty(), "110150",
                     "Application"};
    if (isTransfer(row)) {
        desk.roleCode = "110153";
        desk.roleText = "Source Role ID";
    }
    writeParticipant(xml, desk);
    if (row && qstrcmp(row->code, "110104") == 0)
        writeParticipant(xml, {origin.platformAeTitle,
                               u"AETITLES=" + origin.platformAeTitle,
                               {},
                               {},
                               false,
                               "110152",
                               "Destination Role ID"});
    if (row && qstrcmp(row->code, "110106") == 0)
        writeParticipant(xml, {fact.entry.details[QStringLiteral("target")].toString(),
                               {},
                               {},
                               {},
                               false,
                               "110154",
                               "Destination Media"});
}

/// Everything the log says besides what has a place of its own, as base64 (A.5.1 ValuePair).
void writeDetails(QXmlStreamWriter& xml, const QJsonObject& details) {
    for (auto detail = details.begin(); detail != details.end(); ++detail) {
        if (detail.key() == u"study" || detail.key() == u"patient")
            continue;
        const QByteArray value = detail.value().isString()
                                     ? detail.value().toString().toUtf8()
                                     : QJsonDocument(QJsonArray{detail.value()}).toJson(QJsonDocument::Compact);
        xml.writeEmptyElement(QStringLiteral("ParticipantObjectDetail"));
        xml.writeAttribute(QStringLiteral("type"), detail.key());
        xml.writeAttribute(QStringLiteral("value"), QString::fromLatin1(value.toBase64()));
    }
}

struct Object {
    QString id;
    const char* typeCode;
    const char* role;
    const char* idCode;
    const char* idScheme;
    const char* idText;
    QString name;
};

void beginObject(QXmlStreamWriter& xml, const Object& object) {
    xml.writeStartElement(QStringLiteral("ParticipantObjectIdentification"));
    xml.writeAttribute(QStringLiteral("ParticipantObjectID"), object.id);
    xml.writeAttribute(QStringLiteral("ParticipantObjectTypeCode"), QLatin1String(object.typeCode));
    xml.writeAttribute(QStringLiteral("ParticipantObjectTypeCodeRole"), QLatin1String(object.role));
    writeCode(xml, QStringLiteral("ParticipantObjectIDTypeCode"), QLatin1String(object.idCode),
              QLatin1String(object.idScheme), QLatin1String(object.idText));
    xml.writeTextElement(QStringLiteral("ParticipantObjectName"), object.name);
}

void writeObjects(QXmlStreamWriter& xml, const AuditFact& fact) {
    const QString study = fact.entry.details[QStringLiteral("study")].toString();
    const QString patient = fact.entry.details[QStringLiteral("patient")].toString();
    const QString& subject = fact.entry.subject;
    const bool isReport = fact.entry.event.startsWith(QLatin1String("report."));
    if (!study.isEmpty()) {
        beginObject(xml, {study, "2", "3", "110180", "DCM", "Study Instance UID", QStringLiteral("study")});
        writeDetails(xml, fact.entry.details);
        if (isReport && !subject.isEmpty()) {
            xml.writeStartElement(QStringLiteral("ParticipantObjectDescription"));
            xml.writeStartElement(QStringLiteral("SOPClass"));
            xml.writeAttribute(QStringLiteral("UID"), kReportSrClass.value());
            xml.writeAttribute(QStringLiteral("NumberOfInstances"), QStringLiteral("1"));
            xml.writeEmptyElement(QStringLiteral("Instance"));
            xml.writeAttribute(QStringLiteral("UID"), subject);
            xml.writeEndElement();
            xml.writeEndElement();
        }
        xml.writeEndElement();
    } else if (!subject.isEmpty() || !fact.entry.details.isEmpty()) {
        beginObject(xml, {subject.isEmpty() ? fact.entry.event : subject, "2", "20", "99YZ-SUBJECT", "99YZ",
                          "Subject of the local audit entry", QStringLiteral("subject")});
        writeDetails(xml, fact.entry.details);
        xml.writeEndElement();
    }
    if (!patient.isEmpty()) {
        beginObject(xml, {patient, "1", "1", "2", "RFC-3881", "Patient Number", QStringLiteral("patient")});
        xml.writeEndElement();
    }
}

/// PRINTUSASCII of RFC 5424 for the header's fields.
QByteArray headerField(const QString& text, qsizetype longest) {
    QByteArray out;
    for (QChar c : text)
        if (c.unicode() > 0x20 && c.unicode() < 0x7f && out.size() < longest)
            out += static_cast<char>(c.unicode());
    return out.isEmpty() ? QByteArray("-") : out;
}

} // namespace

std::span<const AuditEventRow> auditEventRows() { return rows; }

QByteArray writeAuditMessage(const AuditFact& fact, const AuditOrigin& origin) {
    const AuditEventRow* row = rowOf(fact.entry.event);
    QByteArray bytes;
    QXmlStreamWriter xml(&bytes);
    xml.writeStartDocument();
    xml.writeStartElement(QStringLiteral("AuditMessage"));
    writeEvent(xml, fact, row);
    writeParticipants(xml, fact, origin, row);
    xml.writeStartElement(QStringLiteral("AuditSourceIdentification"));
    xml.writeAttribute(QStringLiteral("AuditEnterpriseSiteID"), origin.hospital);
    xml.writeAttribute(QStringLiteral("AuditSourceID"), origin.station);
    xml.writeEmptyElement(QStringLiteral("AuditSourceTypeCode"));
    xml.writeAttribute(QStringLiteral("csd-code"), QStringLiteral("1")); // end-user interface
    xml.writeEndElement();
    writeObjects(xml, fact);
    xml.writeEndElement();
    xml.writeEndDocument();
    return bytes;
}

QByteArray syslogMessage(const AuditFact& fact, const AuditOrigin& origin, const QByteArray& xml) {
    constexpr int kPriority = 10 * 8 + 5;
    const qint64 sequence = (fact.number - 1) % 2147483647 + 1; // RFC 5424 7.3.1
    return "<" + QByteArray::number(kPriority) + ">1 " + fact.at.toUTC().toString(Qt::ISODateWithMs).toLatin1() + ' ' +
           headerField(origin.hostName, 255) + " yuanzhen - DICOM+RFC3881 [meta sequenceId=\"" +
           QByteArray::number(sequence) + "\"] \xef\xbb\xbf" + xml;
}

} // namespace yz::exchange
