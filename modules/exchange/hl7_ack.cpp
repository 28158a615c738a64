#include "exchange/hl7_ack.h"

#include <QByteArrayList>

namespace yz::exchange {

namespace {

constexpr const char* knownCodes[] = {"AA", "AE", "AR", "CA", "CE", "CR"};

/// Codes and ids are ASCII and stand before any text, so the message is cut as bytes, whatever its character set.
QString fieldAt(const QByteArrayList& fields, qsizetype index) { return QString::fromLatin1(fields.value(index)); }

bool isWord(const QString& text, qsizetype longest) {
    if (text.size() > longest)
        return false;
    for (QChar c : text)
        if (c.unicode() < 0x21 || c.unicode() > 0x7e)
            return false;
    return true;
}

} // namespace

Result<Hl7Ack> parseAck(const QByteArray& message) {
    if (!message.startsWith("MSH") || message.size() < 8)
        return fail(ErrorCode::PeerError, QStringLiteral("no MSH"));
    const char separator = message[3];
    const char component = message[4];
    Hl7Ack ack;
    QByteArray text = message;
    text.replace('\n', '\r');
    for (const QByteArray& line : text.split('\r')) {
        const QByteArrayList fields = line.split(separator);
        if (fields.first() == "MSA" && ack.code.isEmpty()) {
            ack.code = fieldAt(fields, 1);
            ack.controlId = fieldAt(fields, 2);
        } else if (fields.first() == "ERR" && ack.error.isEmpty()) {
            ack.error = QString::fromLatin1(fields.value(3).split(component).value(0));
            if (ack.error.isEmpty()) // before 2.5: ERR-1 is segment^sequence^field^code&text
                ack.error = QString::fromLatin1(fields.value(1).split(component).value(3).split('&').value(0));
        }
    }
    bool isKnown = false;
    for (const char* code : knownCodes)
        isKnown = isKnown || ack.code == QLatin1String(code);
    if (!isKnown || !isWord(ack.controlId, 199))
        return fail(ErrorCode::PeerError, QStringLiteral("no MSA"));
    if (!isWord(ack.error, 20))
        ack.error.clear();
    return ack;
}

Hl7Verdict verdictOn(const Hl7Ack& ack) {
    if (ack.code == QLatin1String("AA") || ack.code == QLatin1String("CA"))
        return Hl7Verdict::Accepted;
    // Table 0357: 206 record locked, 207 internal error; 100 to 205 are about the message.
    const int error = ack.error.toInt();
    if (error == 206 || error == 207)
        return Hl7Verdict::TryAgain;
    if (error >= 100 && error <= 205)
        return Hl7Verdict::Refused;
    return ack.code == QLatin1String("AR") || ack.code == QLatin1String("CE") ? Hl7Verdict::TryAgain
                                                                              : Hl7Verdict::Refused;
}

} // namespace yz::exchange
