#pragma once

#include "core/result.h"
#include "embedded_platform/data_set_scan.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcsequen.h>

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <memory>
#include <optional>

/// Data sets as the platform handles them: bytes <-> DCMTK, and text that is UTF-8 inside.
namespace yz::platform {

using DataSetPtr = std::unique_ptr<DcmDataset>;

enum class ParseExtent { Whole, HeaderOnly }; ///< HeaderOnly stops before Pixel Data

/// Scans against the limits, then parses. DataSetTruncated, DataSetBroken, LimitExceeded.
[[nodiscard]] Result<DataSetPtr> parseDataSet(const QByteArray& bytes, E_TransferSyntax syntax,
                                              ParseExtent extent = ParseExtent::Whole, const ScanLimits& limits = {});
/// Explicit lengths, no group lengths (unless asked for: command sets). NotSupported when it cannot be written so.
[[nodiscard]] Result<QByteArray> encodeDataSet(DcmDataset& dataSet, E_TransferSyntax syntax, bool groupLengths = false);

/// Decodes all text to UTF-8 and says so in (0008,0005). Undeclared text is taken as UTF-8 where it is valid, else as
/// GB18030; what cannot be decoded as declared falls back in the same way.
void toUtf8(std::unique_ptr<DcmDataset>& dataSet);

/// Text of an element of an UTF-8 data set: values joined by backslashes, padding trimmed; empty when absent.
[[nodiscard]] QString textOf(DcmItem& item, const DcmTagKey& tag);
[[nodiscard]] quint16 unsignedOf(DcmItem& item, const DcmTagKey& tag);
/// Writes UTF-8 text; empty text makes an element without value.
void putText(DcmItem& item, const DcmTagKey& tag, const QString& text);
/// The index-th item of a sequence, null when absent.
[[nodiscard]] DcmItem* itemOf(DcmItem& item, const DcmTagKey& sequence, int index = 0);
[[nodiscard]] int itemCount(DcmItem& item, const DcmTagKey& sequence);
/// Appends an item; makes the sequence when needed, also in the place of what has its tag and is none.
DcmItem& addItem(DcmItem& item, const DcmTagKey& sequence);
[[nodiscard]] DataSetPtr copyOf(DcmDataset& dataSet);

[[nodiscard]] E_TransferSyntax syntaxFromUid(const QString& uid); ///< EXS_Unknown when DCMTK does not know it
[[nodiscard]] QString syntaxUid(E_TransferSyntax syntax);
/// "00100010"; nothing when it is not eight hexadecimal digits.
[[nodiscard]] std::optional<DcmTagKey> tagOfHex(const QString& digits);
[[nodiscard]] QByteArray uidBytes(const QString& uid);
/// Digits and dots, at most 64: safe as a file name, though real devices break the finer rules of PS3.5 9.1.
[[nodiscard]] bool isUsableUid(const QString& uid);

} // namespace yz::platform
