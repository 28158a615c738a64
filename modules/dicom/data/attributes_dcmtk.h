#pragma once

#include "core/result.h"
#include "dicom/data/text_dcmtk.h"

#include <QDateTime>
#include <optional>
#include <vector>

/// Typed reading of DCMTK items. Absent, empty and unreadable values are all "none". Inside the dicom target only.
namespace yz::dicom {

/// DS, IS, FL, FD, US, SS, UL, SL: finite numbers only.
[[nodiscard]] std::optional<double> number(DcmItem& item, const DcmTagKey& tag, unsigned long index = 0);
/// Every number of a value; empty when any of them is unreadable.
[[nodiscard]] std::vector<double> numbers(DcmItem& item, const DcmTagKey& tag);
[[nodiscard]] std::optional<int> integer(DcmItem& item, const DcmTagKey& tag, unsigned long index = 0);
/// CS, UI, SH and the like: first value, trimmed, as Latin-1.
[[nodiscard]] QString code(DcmItem& item, const DcmTagKey& tag);
/// The same of a raw value.
[[nodiscard]] QString codeOf(const QByteArray& value);
[[nodiscard]] QStringList codes(DcmItem& item, const DcmTagKey& tag);
[[nodiscard]] QDate date(DcmItem& item, const DcmTagKey& tag);
/// DA and TM joined; the time zone of (0008,0201) when there is one, else local time.
[[nodiscard]] QDateTime dateTime(DcmItem& item, const DcmTagKey& dateTag, const DcmTagKey& timeTag);
/// The same of their codes.
[[nodiscard]] QDate dateOf(QString date);
[[nodiscard]] QDateTime dateTimeOf(const QString& date, const QString& time, const QString& zone);
/// First item of a sequence, null when there is none.
[[nodiscard]] DcmItem* firstItem(DcmItem& item, const DcmTagKey& sequence);
[[nodiscard]] std::vector<DcmItem*> items(DcmItem& item, const DcmTagKey& sequence);
/// Bytes of an OB, OW or UN value; empty when absent.
[[nodiscard]] QByteArray rawBytes(DcmItem& item, const DcmTagKey& tag);
/// Words of LUT data, whatever VR they came in; at most `limit`.
[[nodiscard]] std::vector<quint16> words(DcmItem& item, const DcmTagKey& tag, size_t limit);

} // namespace yz::dicom
