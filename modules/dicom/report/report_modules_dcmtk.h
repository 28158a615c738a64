#pragma once

#include "core/result.h"
#include "dicom/data/text_dcmtk.h"
#include "domain/report.h"

/// Attributes that the SR and the encapsulated PDF of a report share. Inside the dicom target only.
namespace yz::dicom {

/// DA, TM and DT in China Standard Time, whatever the workstation's zone is, so that the bytes do not depend on it.
[[nodiscard]] QString dicomDate(const QDateTime& time);
[[nodiscard]] QString dicomTime(const QDateTime& time);
[[nodiscard]] QString dicomDateTime(const QDateTime& time);

/// When the version came to be: the last signature, else its creation.
[[nodiscard]] QDateTime reportTime(const ReportDocument& document);
/// Who the report is about: as the data sets say; the order only where nothing was read.
[[nodiscard]] const Patient& reportPatient(const ReportDocument& document);
/// Cut to what a VR of limited length takes, without backslashes and line breaks.
[[nodiscard]] QString oneLine(const QString& text, qsizetype characters = 64);

/// ReportIncomplete when an identifier that every object needs is absent.
[[nodiscard]] Status checkIdentity(const ReportDocument& document);

/// Patient, General Study, General Equipment and SOP Common modules.
void putCommonModules(DcmItem& item, const ReportDocument& document);
void putSeries(DcmItem& item, const ReportDocument& document, const char* modality, const SeriesUid& series,
               int seriesNumber);
/// One item of code sequence `tag`.
void putCode(DcmItem& item, const DcmTagKey& tag, const char* value, const char* scheme, const char* meaning);

} // namespace yz::dicom
