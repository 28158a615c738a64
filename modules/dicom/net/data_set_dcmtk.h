#pragma once

#include "core/result.h"
#include "domain/dicom_time.h"
#include "domain/text_repair.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdatset.h>

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <memory>
#include <vector>

/// Data sets between the wire's bytes, DCMTK and Qt. Only what is sent and received as a message (identifiers,
/// attribute lists); stored objects pass through as bytes and are never parsed here.
namespace yz {

/// Checks the structure of hostile bytes first (data/limits.h), then parses, then converts all text to UTF-8.
/// DataSetBroken, DataSetTruncated, LimitExceeded. `explicitVr` false: Implicit VR Little Endian.
Result<std::unique_ptr<DcmDataset>> parseDataSet(const QByteArray& bytes, bool explicitVr);

/// Little endian without group lengths.
Result<QByteArray> encodeDataSet(DcmDataset& dataset, bool explicitVr);

/// Converts every text of the data set to UTF-8 in place, wrongly declared character sets repaired (data/text.h).
/// Returns what had to be repaired, the first of it.
TextRepair convertTextToUtf8(DcmItem& dataset);
/// What parseDataSet() repaired in the text of a data set it returned; empty for others.
[[nodiscard]] TextRepair textRepairOf(DcmItem& received);

// Values. The data set's text is UTF-8. Absent reads as empty.
[[nodiscard]] QString getText(DcmItem& item, const DcmTagKey& tag);
[[nodiscard]] int getNumber(DcmItem& item, const DcmTagKey& tag);      ///< IS and US; 0 when absent or no number
[[nodiscard]] DcmItem* firstItem(DcmItem& item, const DcmTagKey& tag); ///< null when there is none
[[nodiscard]] std::vector<DcmItem*> itemsOf(DcmItem& item, const DcmTagKey& tag);
/// DT in UTC (without a zone: this computer's); invalid when absent or broken.
[[nodiscard]] QDateTime getDateTime(DcmItem& item, const DcmTagKey& tag);

/// False when DCMTK refuses. An empty text writes the attribute without a value.
bool putText(DcmItem& item, const DcmTagKey& tag, const QString& text);
/// LO and SH: one line, no backslash.
bool putLine(DcmItem& item, const DcmTagKey& tag, const QString& text);
/// UTC with "+0000"; nothing is written for an invalid time.
bool putDateTime(DcmItem& item, const DcmTagKey& tag, const QDateTime& time);
/// Appends an item; null when DCMTK refuses.
[[nodiscard]] DcmItem* addItem(DcmItem& item, const DcmTagKey& tag);

} // namespace yz
