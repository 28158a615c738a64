#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>

namespace yz::exchange {

/// MSA and ERR of an acknowledgement (HL7 v2.5.1 2.9, 2.15.5, 2.15.8), as far as delivery needs them. Free text is
/// left out: it may name the patient.
struct Hl7Ack {
    QString code;      ///< MSA-1: AA AE AR CA CE CR
    QString controlId; ///< MSA-2
    QString error;     ///< ERR-3.1 (table 0357), else the code of ERR-1 as older versions have it
    bool operator==(const Hl7Ack&) const = default;
};

enum class Hl7Verdict {
    Accepted,
    TryAgain, ///< nothing is wrong with the message
    Refused,  ///< the same message would be refused again
};

/// PeerError when it is no acknowledgement.
[[nodiscard]] Result<Hl7Ack> parseAck(const QByteArray& message);

/// AA and CA are accepted. AR and CE say that the system, not the message, was the trouble (2.9.2.2, 2.9.3.2) unless
/// the error is one of those about the message; AE and CR blame the message unless the error is a locked record or an
/// internal error.
[[nodiscard]] Hl7Verdict verdictOn(const Hl7Ack& ack);

} // namespace yz::exchange
