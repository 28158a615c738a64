#pragma once

#include "dicom/codec/frame_layout.h"
#include "dicom/data/limits.h"

#include <QString>

namespace yz::dicom {

/// One row of the table transfer syntax -> decoder.
struct TransferSyntax {
    const char* uid;
    const char* name;
    Encoding encoding;
    bool isEncapsulated;
    bool isDeflated;
    bool isLossy;         ///< the process always loses something
    FrameDecoder decoder; ///< null: known but not decoded here (video)
};

/// The row of a UID, null when it is not known.
[[nodiscard]] const TransferSyntax* findTransferSyntax(const QString& uid);

/// "1.2.840... (name)" for error details.
[[nodiscard]] QString describeTransferSyntax(const QString& uid);

} // namespace yz::dicom
