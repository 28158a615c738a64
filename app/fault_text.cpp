#include "fault_text.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace yz {

namespace {

struct FaultText {
    Q_DECLARE_TR_FUNCTIONS(FaultText)
};

struct Field {
    const char* key;
    const char* text;
};
constexpr Field fields[] = {
    {"name", QT_TRANSLATE_NOOP("FaultText", "Name")},
    {"aeTitle", QT_TRANSLATE_NOOP("FaultText", "AE title")},
    {"host", QT_TRANSLATE_NOOP("FaultText", "Host")},
    {"port", QT_TRANSLATE_NOOP("FaultText", "Port")},
    {"url", QT_TRANSLATE_NOOP("FaultText", "DICOMweb address")},
    {"authorization", QT_TRANSLATE_NOOP("FaultText", "Log-in")},
    {"user", QT_TRANSLATE_NOOP("FaultText", "User")},
    {"secret", QT_TRANSLATE_NOOP("FaultText", "Password or token")},
    {"authorities", QT_TRANSLATE_NOOP("FaultText", "Trusted authorities")},
    {"certificate", QT_TRANSLATE_NOOP("FaultText", "Our certificate")},
    {"key", QT_TRANSLATE_NOOP("FaultText", "Key of our certificate")},
    {"connections", QT_TRANSLATE_NOOP("FaultText", "Requests at a time")},
    {"maxObjectBytes", QT_TRANSLATE_NOOP("FaultText", "Largest object")},
    {"id", QT_TRANSLATE_NOOP("FaultText", "Id")},
    {"form", QT_TRANSLATE_NOOP("FaultText", "Form")},
    {"address", QT_TRANSLATE_NOOP("FaultText", "Address")},
    {"tls.caFile", QT_TRANSLATE_NOOP("FaultText", "Trusted authorities")},
    {"tls.certificateFile", QT_TRANSLATE_NOOP("FaultText", "Our certificate")},
    {"timeoutMs", QT_TRANSLATE_NOOP("FaultText", "Time-out")},
    {"perSecond", QT_TRANSLATE_NOOP("FaultText", "Messages a second")},
    {"roles.worklist.node", QT_TRANSLATE_NOOP("FaultText", "Work list, server")},
    {"roles.worklist.by", QT_TRANSLATE_NOOP("FaultText", "Work list, by")},
    {"roles.images.node", QT_TRANSLATE_NOOP("FaultText", "Images, server")},
    {"roles.images.by", QT_TRANSLATE_NOOP("FaultText", "Images, by")},
    {"roles.reports.node", QT_TRANSLATE_NOOP("FaultText", "Reports, server")},
    {"roles.reports.by", QT_TRANSLATE_NOOP("FaultText", "Reports, by")},
    {"diagnosingHospital", QT_TRANSLATE_NOOP("FaultText", "Diagnosing hospital")},
    {"department", QT_TRANSLATE_NOOP("FaultText", "Department")},
    {"stationName", QT_TRANSLATE_NOOP("FaultText", "Name of this workstation")},
    {"platformAeTitle", QT_TRANSLATE_NOOP("FaultText", "Platform, AE title")},
    {"platformHost", QT_TRANSLATE_NOOP("FaultText", "Platform, host")},
    {"platformPort", QT_TRANSLATE_NOOP("FaultText", "Platform, port")},
    {"eventPort", QT_TRANSLATE_NOOP("FaultText", "Event port")},
    {"undoWindowSeconds", QT_TRANSLATE_NOOP("FaultText", "Time to undo an approval")},
    {"refreshSeconds", QT_TRANSLATE_NOOP("FaultText", "Refresh of the list")},
    {"commitmentTimeoutMs", QT_TRANSLATE_NOOP("FaultText", "Wait for storage commitment")},
    {"bandwidth", QT_TRANSLATE_NOOP("FaultText", "Bandwidth")},
    {"outboxAlarmSeconds", QT_TRANSLATE_NOOP("FaultText", "Outbox alarm")},
};

QString fieldText(const QString& key) {
    for (const Field& field : fields)
        if (key == QLatin1String(field.key))
            return FaultText::tr(field.text);
    return key;
}

} // namespace

QString faultText(const SiteFault& fault) {
    switch (fault.reason) {
    case FaultReason::NotJson:
        return FaultText::tr("This is not a site file (JSON): %1.").arg(fault.detail);
    case FaultReason::WrongType:
        return FaultText::tr("It is of the wrong kind, text in place of a number or the like.");
    case FaultReason::Missing:
        return FaultText::tr("Is needed.");
    case FaultReason::TooLong:
        return FaultText::tr("At most %1 characters.").arg(fault.detail);
    case FaultReason::NotPlainText:
        return FaultText::tr("Letters without accents, digits and signs only, no \\.");
    case FaultReason::OutOfRange:
        return fault.detail.isEmpty() ? FaultText::tr("Out of range.")
                                      : FaultText::tr("Must be in the range %1.").arg(fault.detail);
    case FaultReason::UnknownValue:
        return FaultText::tr("This word is not known here.");
    case FaultReason::Taken:
        return FaultText::tr("Another one has this name already.");
    case FaultReason::BadName:
        return fault.detail == u"/" ? FaultText::tr("May not have a / in it.")
                                    : FaultText::tr("Only %1, at most 32.").arg(fault.detail);
    case FaultReason::BadAddress:
        return FaultText::tr("Not an address of the form shown; no user, password or query in it.");
    case FaultReason::PlainRefused:
        return FaultText::tr("Not encrypted. Use TLS, or allow it expressly below.");
    case FaultReason::NodeUnknown:
        return FaultText::tr("There is no server of this name.");
    case FaultReason::NodeWithoutDimse:
        return FaultText::tr("This server has no AE title and host.");
    case FaultReason::NodeWithoutWeb:
        return FaultText::tr("This server has no DICOMweb address.");
    case FaultReason::MoveInTheClear:
        return FaultText::tr("By C-MOVE the images would come unencrypted; use C-GET.");
    case FaultReason::SecretMissing:
        return FaultText::tr("Was never entered on this workstation.");
    case FaultReason::FileUnreadable:
        return FaultText::tr("The file cannot be read.");
    case FaultReason::NoCertificate:
        return FaultText::tr("No certificate (PEM) in it.");
    case FaultReason::CertificateExpired:
        return FaultText::tr("A certificate in it has ended on %1.").arg(fault.detail);
    case FaultReason::KeyMissing:
        return FaultText::tr("The certificate needs its key.");
    case FaultReason::KeyDoesNotFit:
        return FaultText::tr("Not the key of this certificate, or it has a password.");
    case FaultReason::CertificateMissing:
        return FaultText::tr("A key without its certificate.");
    case FaultReason::FolderMissing:
        return FaultText::tr("There is no such folder.");
    case FaultReason::BadWindow:
        return FaultText::tr("Needs two times of day (08:00) and a limit.");
    case FaultReason::NeverApplies:
        return FaultText::tr("Never applies: the rows above have all of its time.");
    }
    return {};
}

QString faultPlace(const QString& key) {
    static const QRegularExpression indexed(QStringLiteral("^(nodes|reportTargets)\\[(\\d+)\\]\\.(.+)$"));
    if (const auto match = indexed.match(key); match.hasMatch()) {
        const int number = match.captured(2).toInt() + 1;
        return (match.captured(1) == u"nodes" ? FaultText::tr("Server %1, %2") : FaultText::tr("Receiver %1, %2"))
            .arg(number)
            .arg(fieldText(match.captured(3)));
    }
    static const QRegularExpression window(QStringLiteral("^bandwidth\\.windows\\[(\\d+)\\]$"));
    if (const auto match = window.match(key); match.hasMatch())
        return FaultText::tr("Bandwidth, time %1").arg(match.captured(1).toInt() + 1);
    if (key.startsWith(u"auditRepository."))
        return FaultText::tr("Audit messages, %1").arg(fieldText(key.mid(16)));
    if (key == u"site.json")
        return FaultText::tr("File");
    return fieldText(key);
}

} // namespace yz
