#pragma once

#include "dicom/data/text.h"
#include "domain/person.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

/// Text of DCMTK items. Inside the dicom target only.
namespace yz::dicom {

/// The decoder for an item by its own (0008,0005), or by `inherited` where the item names none. It has weighed the
/// item's values (TextDecoder::learn), those of its sequences not.
[[nodiscard]] TextDecoder textDecoderFor(DcmItem& item, const QByteArray& inherited = {});

/// How values of a VR are delimited.
[[nodiscard]] TextKind textKindOf(DcmEVR vr);

/// Raw value with backslashes; empty when the element is absent or no string.
[[nodiscard]] QByteArray rawValue(DcmItem& item, const DcmTagKey& tag);
[[nodiscard]] QByteArray rawValue(DcmElement& element);
[[nodiscard]] QString text(DcmItem& item, const DcmTagKey& tag, TextDecoder& decoder);
[[nodiscard]] QStringList textList(DcmItem& item, const DcmTagKey& tag, TextDecoder& decoder);
[[nodiscard]] PersonName personName(DcmItem& item, const DcmTagKey& tag, TextDecoder& decoder);

/// Writes text as UTF-8; the data set must say ISO_IR 192 (see markUtf8).
void putText(DcmItem& item, const DcmTag& tag, const QString& value);
void putPersonName(DcmItem& item, const DcmTag& tag, const PersonName& value);
/// (0008,0005) = ISO_IR 192, the character set of everything written here.
void markUtf8(DcmItem& item);

} // namespace yz::dicom
