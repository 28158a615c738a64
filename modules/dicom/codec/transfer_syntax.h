#pragma once

#include "dicom/codec/codec_table.h"
#include "dicom/data/limits.h"

#include <QString>

namespace yz::dicom {

/// One row of the table transfer syntax -> codec.
struct TransferSyntax {
    const char* uid;
    const char* name;
    Encoding encoding;
    bool isEncapsulated;
    bool isDeflated;
    bool isLossy;    ///< the process always loses something
    CodecId codecId; ///< None: known but not decoded here (video, pixels on another server, ...)

    /// Null for None.
    [[nodiscard]] const Codec* codec() const { return codecOf(codecId); }
};

/// The row of a UID, null when it is not known.
[[nodiscard]] const TransferSyntax* findTransferSyntax(const QString& uid);

[[nodiscard]] std::span<const TransferSyntax> allTransferSyntaxes();

/// "1.2.840... (name)" for error details.
[[nodiscard]] QString describeTransferSyntax(const QString& uid);

} // namespace yz::dicom
