#pragma once

#include "core/result.h"
#include "domain/performed_procedure.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdatset.h>

// clang-format off: the table keeps its lines
/// Reading task <-> Unified Procedure Step (PS3.3 B.26, PS3.4 CC.2.5, IHE RRR-WF), both directions. The platform maps
/// by the same table. Text is written as UTF-8 with (0008,0005) ISO_IR 192; on reading any declared character set is
/// decoded.
///
/// ReadingTask              | attribute
/// -------------------------|------------------------------------------------------------------------------------------
/// uid                      | SOP Instance UID (0008,0018); SOP Class UID (0008,0016) is always UPS Push
/// kind                     | Scheduled Workitem Code Sequence (0040,4018), one item, scheme 99YZ: READ REVIEW
///                          | SECONDLOOK CONSULT (ups_codes.h); meaning in English
/// state                    | Procedure Step State (0074,1000): SCHEDULED, IN PROGRESS, COMPLETED, CANCELED
/// priority                 | Scheduled Procedure Step Priority (0074,1200): LOW routine, MEDIUM urgent, HIGH emergency
/// scheduledTime            | Scheduled Procedure Step Start DateTime (0040,4005), DT in UTC with "+0000"
/// dueTime                  | Expected Completion DateTime (0040,4011), the same form; absent when there is none
/// imagesComplete           | Input Readiness State (0040,4041): READY when true, else INCOMPLETE. Absent reads as true
/// holderName               | Unified Procedure Step Performed Procedure Sequence (0074,1216) > Actual Human Performers
///                          | Sequence (0040,4035) > Human Performer's Name (0040,4037). A Chinese name stands in the
///                          | ideographic group ("=王小东")
/// holderStation            | (0074,1216) > Performed Station Name Code Sequence (0040,4028): Code Value = first 16
///                          | characters, Code Meaning = the whole name, scheme 99YZ
/// reason                   | Procedure Step Progress Information Sequence (0074,1002) > Reason For Cancellation
///                          | (0074,1238); read at top level too
/// authorName               | Name of Physician(s) Reading Study (0008,1060), same form as holderName
/// reports                  | Input Information Sequence (0040,4021): one item per series with Type of Instances
///                          | (0040,E020) DICOM, Study UID, Series UID, Referenced SOP Sequence (0008,1199). Read back
///                          | from there and from Output Information Sequence (0040,4033), at top level and inside
///                          | (0074,1216): every reference whose SOP class is an SR or an encapsulated document
/// (kind of query)          | WorklistQuery.scheduledStationName matches Scheduled Station Name Code Sequence
///                          | (0040,4025) > Code Value (0008,0100)
/// order.patient            | name (0010,0010), id (0010,0020), issuer (0010,0021), birth date (0010,0030), sex
///                          | (0010,0040), age (0010,1010); nationalId: Other Patient IDs Sequence (0010,1002) item
///                          with | Patient ID and Issuer "NATIONAL"
/// order.study              | Referenced Request Sequence (0040,A370) > Study Instance UID (0020,000D), and an item of
///                          | Input Information Sequence with that study and no Referenced SOP Sequence
/// order.accessionNumber    | (0040,A370) > Accession Number (0008,0050)
/// order.item               | Procedure Step Label (0074,1204) and (0040,A370) > Requested Procedure Description
///                          | (0032,1060)
/// order.requestingHospital | (0040,A370) > Institution Name (0008,0080)
/// order.requestingDepartment | (0040,A370) > Requesting Service (0032,1033)
/// order.requestingPhysician | (0040,A370) > Requesting Physician (0032,1032), PN
/// order.modality           | Modality (0008,0060)
/// order.bodyPart           | Body Part Examined (0018,0015)
/// order.clinicalDiagnosis  | Admitting Diagnoses Description (0008,1080); several values are joined by "; "
/// order.history            | Additional Patient History (0010,21B0)
/// order.imageQualityRemarks | Comments on the Scheduled Procedure Step (0040,0400)
/// order.examTime           | Study Date (0008,0020) and Time (0008,0030) in the zone of Timezone Offset From UTC
///                          | (0008,0201); without that attribute: this computer's zone
/// order.priors             | Relevant Information Sequence (0040,4022), one item per study: Study UID, Study Date,
///                          | Modality, Study Description (0008,1030), Accession Number
///
/// The attributes shown inside (0040,A370) are read from the top level where the item lacks them.
/// LO and SH values cannot hold a backslash or a line break: they are written as "/" and as a space.
// clang-format on
namespace yz::ups {

/// Writes every field of the task. Errors: InvalidArgument (no uid), Internal (DCMTK refused a value).
Status toDataset(const ReadingTask& task, DcmItem& dataset);

/// Reads a C-FIND or N-GET answer; the data set may be any peer's. AttributeMissing when it has no SOP Instance UID.
Result<ReadingTask> fromDataset(DcmItem& dataset);

/// The identifier of a UPS C-FIND: every attribute of the table as a return key, `state` and `station` as matching keys
/// where they are not empty.
Status toQuery(const QString& state, const QString& station, DcmItem& dataset);

/// Replaces (0074,1216) of the data set.
Status putPerformedProcedure(const PerformedProcedure& performed, DcmItem& dataset);
/// What (0074,1216) of an N-GET answer says; an empty value when there is none.
[[nodiscard]] PerformedProcedure performedProcedure(DcmItem& dataset);

} // namespace yz::ups
