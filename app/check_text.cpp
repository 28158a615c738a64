#include "check_text.h"

#include "uikit/format.h"

#include <QCoreApplication>
#include <cmath>

namespace yz {

namespace {

struct CheckText {
    Q_DECLARE_TR_FUNCTIONS(CheckText)
};

constexpr int kSoonDays = 30;
constexpr qint64 kClockSeconds = 60; // claims and signatures are compared by time

/// Names of PS3.6 annex A; they are names in any language.
struct UidName {
    const char* uid;
    const char* name;
};
constexpr UidName uidNames[] = {
    {"1.2.840.10008.1.1", "Verification"},
    {"1.2.840.10008.1.20.1", "Storage Commitment Push"},
    {"1.2.840.10008.5.1.4.1.2.2.1", "Study Root Query (FIND)"},
    {"1.2.840.10008.5.1.4.1.2.2.2", "Study Root Retrieve (MOVE)"},
    {"1.2.840.10008.5.1.4.1.2.2.3", "Study Root Retrieve (GET)"},
    {"1.2.840.10008.5.1.4.34.6.3", "Unified Procedure Step Pull"},
    {"1.2.840.10008.5.1.4.1.1.2", "CT Image Storage"},
    {"1.2.840.10008.5.1.4.1.1.88.11", "Basic Text SR Storage"},
    {"1.2.840.10008.5.1.4.1.1.88.22", "Enhanced SR Storage"},
    {"1.2.840.10008.5.1.4.1.1.88.33", "Comprehensive SR Storage"},
    {"1.2.840.10008.5.1.4.1.1.104.1", "Encapsulated PDF Storage"},
    {"1.2.840.10008.1.2", "Implicit VR Little Endian"},
    {"1.2.840.10008.1.2.1", "Explicit VR Little Endian"},
};

/// What a receiver of reports is, where a DICOM server would be said else.
bool isReceiver(const RoleCheck& check) { return check.role.startsWith(u"target/"); }
bool isMute(const RoleCheck& check) { return check.means == u"syslog" || check.means == u"mllp"; }

QString receiverProblem(const RoleCheck& check) {
    const Error& error = *check.problem;
    switch (error.code) {
    case ErrorCode::NotFound:
        return CheckText::tr("There is a web server, but nothing at this address.");
    case ErrorCode::AnswerUnexpected:
        return check.means == u"fhir" ? CheckText::tr("What answers there is no FHIR R4 server: %1.").arg(error.detail)
                                      : CheckText::tr("What answers there is no such receiver: %1.").arg(error.detail);
    case ErrorCode::PresentationContextRefused:
        return CheckText::tr("The receiver answers, but does not do what a report needs.");
    case ErrorCode::PeerError:
        return isMute(check) ? CheckText::tr("The receiver closed the connection at once. Does it know our "
                                             "certificate or address, and the same setting of TLS?")
                             : CheckText::tr("The receiver reports an error of its own: %1.").arg(error.detail);
    case ErrorCode::FileNotFound:
        return CheckText::tr("There is no such folder on this workstation.");
    case ErrorCode::FileUnreadable:
        return CheckText::tr("This workstation may not write into the folder.");
    default:
        return {};
    }
}

QString problemText(const RoleCheck& check) {
    const Error& error = *check.problem;
    if (isReceiver(check) || check.role == u"audit")
        if (const QString text = receiverProblem(check); !text.isEmpty())
            return text;
    switch (error.code) {
    case ErrorCode::PlatformUnreachable:
        return CheckText::tr("Nobody answers there. Is the host right, the port open, the server running?");
    case ErrorCode::NetworkTimeout:
        return CheckText::tr("The connection stands, but no answer came in time.");
    case ErrorCode::CalledAeTitleRefused:
        return CheckText::tr("The server does not go by this AE title. Correct the AE title of the server.");
    case ErrorCode::CallingAeTitleRefused:
        return CheckText::tr(
            "The server does not know this workstation. Its AE title, host and port must be registered "
            "there.");
    case ErrorCode::AssociationRefused:
        return CheckText::tr("The server refused the association.");
    case ErrorCode::AssociationAborted:
        return CheckText::tr("The connection was broken off. Does a DICOM server listen at this port, and with the "
                             "same setting of TLS?");
    case ErrorCode::PresentationContextRefused:
        return CheckText::tr("The server answers, but does not offer what this role needs.");
    case ErrorCode::ServerCertificateRefused:
    case ErrorCode::CertificateUntrusted:
        return CheckText::tr("The server's certificate is not trusted: %1.").arg(error.detail);
    case ErrorCode::TlsFailed:
        return CheckText::tr("No encrypted connection came about: %1.").arg(error.detail);
    case ErrorCode::CredentialsRefused:
        return CheckText::tr("The server does not accept user and password, or the token.");
    case ErrorCode::AccessForbidden:
        return CheckText::tr("The server knows the user, but does not allow this.");
    case ErrorCode::NotFound:
        return CheckText::tr("There is a web server, but no DICOMweb service at this address.");
    case ErrorCode::AnswerUnexpected:
        return CheckText::tr("What answers there is no DICOMweb service.");
    case ErrorCode::NotAllowed:
        return CheckText::tr("Not encrypted, and not allowed expressly; or a certificate file cannot be used.");
    case ErrorCode::InvalidArgument:
        return CheckText::tr("The settings of this server are not complete.");
    default:
        return CheckText::tr("It failed: %1.").arg(error.detail.isEmpty() ? errorName(error.code) : error.detail);
    }
}

void addLine(std::vector<CheckLine>& lines, Tone tone, const QString& text) { lines.push_back({tone, text}); }

void addCertificate(std::vector<CheckLine>& lines, const RoleCheck& check, const QDateTime& now) {
    if (!check.isEncrypted && check.certificateEnds.isValid()) { // shown, and refused
        const bool isOver = check.certificateEnds < now;
        addLine(lines, isOver ? Tone::Danger : Tone::Neutral,
                (isOver ? CheckText::tr("Its certificate, of %1, ended on %2.")
                        : CheckText::tr("Its certificate, of %1, is valid until %2."))
                    .arg(check.certificateName, formatDate(check.certificateEnds.toLocalTime().date())));
        return;
    }
    if (!check.isEncrypted) {
        if (!check.problem)
            addLine(lines, Tone::Warning, CheckText::tr("The line is not encrypted."));
        return;
    }
    const qint64 days = now.daysTo(check.certificateEnds);
    addLine(lines, days < kSoonDays ? Tone::Warning : Tone::Ok,
            CheckText::tr("Encrypted. Certificate of %1, valid until %2. Days left: %3.")
                .arg(check.certificateName, formatDate(check.certificateEnds.toLocalTime().date()))
                .arg(std::max<qint64>(days, 0)));
}

void addClock(std::vector<CheckLine>& lines, const RoleCheck& check) {
    if (!check.clockAhead) {
        if (!check.problem)
            addLine(lines, Tone::Neutral, CheckText::tr("The server does not tell its time."));
        return;
    }
    const qint64 seconds = check.clockAhead->count();
    if (std::abs(seconds) <= 1)
        addLine(lines, Tone::Ok, CheckText::tr("The server's clock agrees with ours."));
    else
        addLine(lines, std::abs(seconds) > kClockSeconds ? Tone::Warning : Tone::Ok,
                (seconds > 0 ? CheckText::tr("The server's clock is %1 s ahead of ours.")
                             : CheckText::tr("The server's clock is %1 s behind ours."))
                    .arg(std::abs(seconds)));
}

void addCharacterSet(std::vector<CheckLine>& lines, const RoleCheck& check) {
    if (check.role != u"worklist" && check.role != u"images")
        return;
    if (!check.characterSet) {
        if (!check.problem)
            addLine(lines, Tone::Neutral, CheckText::tr("No answer to judge the character set by."));
        return;
    }
    const QString declared = check.characterSet->isEmpty() ? QStringLiteral("ASCII") : *check.characterSet;
    if (check.repair.isEmpty())
        addLine(lines, Tone::Ok, CheckText::tr("Text comes in %1 and can be read.").arg(declared));
    else if (!check.repair.used.isEmpty())
        addLine(
            lines, Tone::Warning,
            CheckText::tr("Text is declared as %1, but comes in %2; it is read so.").arg(declared, check.repair.used));
    else
        addLine(lines, Tone::Warning,
                CheckText::tr("Text is declared as %1, but some of it cannot be read.").arg(declared));
}

} // namespace

QString sopClassText(const QString& uid) {
    for (const UidName& each : uidNames)
        if (uid == QLatin1String(each.uid))
            return QLatin1String(each.name);
    return uid;
}

QString checkStepText(CheckStep step) {
    return step == CheckStep::Connect ? CheckText::tr("Connecting…") : CheckText::tr("Asking for one entry…");
}

std::vector<CheckLine> checkLines(const RoleCheck& check, const QDateTime& now) {
    std::vector<CheckLine> lines;
    if (check.problem)
        addLine(lines, Tone::Danger, problemText(check));
    else if (check.means == u"syslog")
        addLine(lines, Tone::Ok,
                CheckText::tr("The repository takes connections (%1 ms). Nothing was sent.").arg(check.took.count()));
    else if (check.means == u"mllp")
        addLine(lines, Tone::Ok,
                CheckText::tr("The receiver takes connections (%1 ms). No message was sent: any could be kept as one.")
                    .arg(check.took.count()));
    else if (check.means == u"folder")
        addLine(lines, Tone::Ok, CheckText::tr("The folder is there and may be written to. Nothing was written."));
    else if (isReceiver(check))
        addLine(lines, Tone::Ok,
                CheckText::tr("The receiver answers (%1 ms). No report was sent.").arg(check.took.count()));
    else
        addLine(lines, Tone::Ok, CheckText::tr("It answers (%1 ms).").arg(check.took.count()));
    if (!check.asked.isEmpty() && !check.answered.isEmpty())
        addLine(lines, check.problem ? Tone::Danger : Tone::Ok,
                CheckText::tr("Asked: %1. Answered: %2.").arg(check.asked, check.answered));
    if (check.means != u"folder")
        addCertificate(lines, check, now);
    if (!isMute(check) && check.means != u"folder") {
        addClock(lines, check);
        addCharacterSet(lines, check);
    }
    if (!check.said.isEmpty())
        addLine(lines, Tone::Neutral, CheckText::tr("It says: %1.").arg(check.said));
    if (!check.offered.isEmpty())
        addLine(lines, Tone::Ok, CheckText::tr("Offered: %1.").arg(check.offered.join(QStringLiteral(", "))));
    if (!check.missing.isEmpty())
        addLine(lines, Tone::Danger, CheckText::tr("Missing: %1.").arg(check.missing.join(QStringLiteral(", "))));
    QStringList accepted;
    for (const QString& context : check.accepted) {
        const QStringList parts = context.split(QStringLiteral(", "));
        accepted.append(QStringLiteral("%1 (%2)").arg(sopClassText(parts.value(0)), sopClassText(parts.value(1))));
    }
    if (!accepted.isEmpty())
        addLine(lines, Tone::Ok, CheckText::tr("Accepted: %1.").arg(accepted.join(QStringLiteral(", "))));
    QStringList refused;
    for (const QString& uid : check.refused)
        refused.append(sopClassText(uid));
    if (!refused.isEmpty())
        addLine(lines, check.problem ? Tone::Danger : Tone::Warning,
                CheckText::tr("Not accepted: %1.").arg(refused.join(QStringLiteral(", "))));
    if (!check.problem && check.refused.contains(QStringLiteral("1.2.840.10008.1.20.1")))
        addLine(lines, Tone::Neutral,
                CheckText::tr("Without storage commitment, a query is the proof that a report has arrived."));
    return lines;
}

} // namespace yz
