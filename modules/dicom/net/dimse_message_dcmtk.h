#pragma once

#include "core/result.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdatset.h>

#include <QByteArray>
#include <QString>
#include <memory>
#include <optional>

namespace yz {

/// Command Field (0000,0100), PS3.7 E.1. A response has bit 15 set.
enum class Dimse : quint16 {
    CStoreRq = 0x0001,
    CStoreRsp = 0x8001,
    CGetRq = 0x0010,
    CGetRsp = 0x8010,
    CFindRq = 0x0020,
    CFindRsp = 0x8020,
    CMoveRq = 0x0021,
    CMoveRsp = 0x8021,
    CEchoRq = 0x0030,
    CEchoRsp = 0x8030,
    CCancelRq = 0x0FFF,
    NEventReportRq = 0x0100,
    NEventReportRsp = 0x8100,
    NGetRq = 0x0110,
    NGetRsp = 0x8110,
    NSetRq = 0x0120,
    NSetRsp = 0x8120,
    NActionRq = 0x0130,
    NActionRsp = 0x8130,
    NCreateRq = 0x0140,
    NCreateRsp = 0x8140,
};

/// One DIMSE message: the command's values and the data set as the bytes of its transfer syntax. Data sets stay bytes
/// so that a stored object goes out and comes in unchanged, and so that nothing is parsed before it was checked.
struct DimseMessage {
    quint8 context = 0; ///< presentation context id
    Dimse command = Dimse::CEchoRq;
    quint16 messageId = 0;   ///< of a request
    quint16 respondedTo = 0; ///< of a response and of C-CANCEL
    int status = 0;          ///< of a response
    bool withPriority = false;
    QString moveDestination; ///< AE title, of a C-MOVE request
    QString affectedSopClass, affectedInstance;
    QString requestedSopClass, requestedInstance;
    std::optional<int> eventType, actionType;
    std::optional<int> remaining, completed, failed, warnings; ///< sub-operations
    bool hasData = false;
    QByteArray data;

    [[nodiscard]] bool isResponse() const { return (static_cast<quint16>(command) & 0x8000) != 0; }
    [[nodiscard]] static Dimse responseTo(Dimse request) {
        return static_cast<Dimse>(static_cast<quint16>(request) | 0x8000);
    }
};

/// The command set, Implicit VR Little Endian with its group length.
Result<QByteArray> encodeCommand(const DimseMessage& message);
/// DataSetBroken and relatives for bytes that are no command set.
Result<DimseMessage> decodeCommand(const QByteArray& bytes);

} // namespace yz
