#pragma once

#include "core/result.h"
#include "embedded_platform/data_set.h"

#include <QString>
#include <vector>

namespace yz::platform {

/// Command field (0000,0100), PS3.7 E.1. A response has the top bit set.
enum class Command : quint16 {
    CStore = 0x0001,
    CGet = 0x0010,
    CFind = 0x0020,
    CMove = 0x0021,
    CEcho = 0x0030,
    CCancel = 0x0FFF,
    NEventReport = 0x0100,
    NGet = 0x0110,
    NSet = 0x0120,
    NAction = 0x0130,
    NCreate = 0x0140,
    NDelete = 0x0150,
};

/// Counts of C-GET and C-MOVE responses (0000,1020-1023).
struct SubOperations {
    int remaining = 0;
    int completed = 0;
    int failed = 0;
    int warnings = 0;
};

/// A DIMSE command set, requests and responses of all services. Fields a command does not have stay empty.
struct Message {
    quint8 context = 0; ///< presentation context ID it came in or goes out on
    Command command = Command::CEcho;
    bool isResponse = false;
    quint16 id = 0;     ///< Message ID, of a response: the request it answers
    quint16 status = 0; ///< responses
    QString sopClass;   ///< affected or requested, whatever the command has
    QString sopInstance;
    quint16 typeId = 0; ///< Event Type ID or Action Type ID
    QString moveDestination;
    std::vector<DcmTagKey> attributes; ///< N-GET
    bool hasDataSet = false;
    QString errorComment;
    bool hasCounts = false;
    SubOperations counts;
};

[[nodiscard]] Result<Message> messageFromCommandSet(DcmDataset& commandSet, quint8 context);
[[nodiscard]] DataSetPtr commandSetOf(const Message& message);
/// A response to `request`: same context, ids and SOP.
[[nodiscard]] Message responseTo(const Message& request, quint16 status, const QString& comment = {});

} // namespace yz::platform
