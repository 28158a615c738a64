#include "exchange/oru_mapping.h"

namespace yz::exchange {

namespace {

using F = Field;
using T = Hl7Type;

constexpr OruRow rows[] = {
    // MSH-1 and MSH-2 are the separators.
    {"MSH", 3, 0, 0, F::SendingApplication, T::Plain, nullptr},
    {"MSH", 4, 0, 0, F::SendingFacility, T::Plain, nullptr},
    {"MSH", 5, 0, 0, F::ReceivingApplication, T::Plain, nullptr},
    {"MSH", 6, 0, 0, F::ReceivingFacility, T::Plain, nullptr},
    {"MSH", 7, 0, 0, F::SignedAt, T::Time, nullptr},
    {"MSH", 9, 1, 0, F::Always, T::Plain, "ORU"},
    {"MSH", 9, 2, 0, F::Always, T::Plain, "R01"},
    {"MSH", 9, 3, 0, F::Always, T::Plain, "ORU_R01"},
    {"MSH", 10, 0, 0, F::MessageId, T::Plain, nullptr},
    {"MSH", 11, 0, 0, F::ProcessingId, T::Plain, nullptr},
    {"MSH", 12, 0, 0, F::Always, T::Plain, "2.5.1"},
    {"MSH", 17, 0, 0, F::Always, T::Plain, "CHN"},
    {"MSH", 18, 0, 0, F::CharacterSet, T::Plain, nullptr},
    {"PID", 1, 0, 0, F::Always, T::Plain, "1"},
    {"PID", 3, 1, 0, F::PatientId, T::Plain, nullptr},
    {"PID", 3, 4, 1, F::PatientIdIssuer, T::Plain, nullptr},
    {"PID", 3, 4, 2, F::PatientIdSystem, T::Plain, nullptr},
    {"PID", 3, 4, 3, F::PatientIdSystem, T::Plain, "ISO"},
    {"PID", 3, 5, 0, F::PatientId, T::Plain, "PI"},
    {"PID", 5, 0, 0, F::PatientNamePn, T::Xpn, nullptr},
    {"PID", 7, 0, 0, F::PatientBirthDate, T::Day, nullptr},
    {"PID", 8, 0, 0, F::PatientSex, T::Plain, nullptr},
    {"PID", 19, 0, 0, F::PatientNationalId, T::Plain, nullptr},
    {"PV1", 1, 0, 0, F::Always, T::Plain, "1"},
    {"PV1", 2, 0, 0, F::Always, T::Plain, "U"},
    {"PV1", 3, 1, 0, F::RequestingDepartment, T::Plain, nullptr},
    {"PV1", 3, 4, 0, F::RequestingHospital, T::Plain, nullptr},
    {"ORC", 1, 0, 0, F::Always, T::Plain, "RE"},
    {"ORC", 2, 0, 0, F::AccessionNumber, T::Plain, nullptr},
    {"ORC", 3, 0, 0, F::ReportId, T::Plain, nullptr},
    {"ORC", 12, 0, 0, F::RequestingPhysician, T::Xcn, nullptr},
    {"ORC", 17, 2, 0, F::RequestingDepartment, T::Plain, nullptr},
    {"ORC", 21, 1, 0, F::RequestingHospital, T::Plain, nullptr},
    {"OBR", 1, 0, 0, F::Always, T::Plain, "1"},
    {"OBR", 2, 0, 0, F::AccessionNumber, T::Plain, nullptr},
    {"OBR", 3, 0, 0, F::ReportId, T::Plain, nullptr},
    {"OBR", 4, 1, 0, F::Always, T::Plain, "18748-4"},
    {"OBR", 4, 2, 0, F::Always, T::Plain, "Diagnostic imaging study"},
    {"OBR", 4, 3, 0, F::Always, T::Plain, "LN"},
    {"OBR", 4, 5, 0, F::ExamItem, T::Plain, nullptr},
    {"OBR", 7, 0, 0, F::ExamTime, T::Time, nullptr},
    {"OBR", 13, 0, 0, F::ClinicalDiagnosis, T::Text, nullptr},
    {"OBR", 16, 0, 0, F::RequestingPhysician, T::Xcn, nullptr},
    {"OBR", 18, 0, 0, F::AccessionNumber, T::Plain, nullptr},
    {"OBR", 22, 0, 0, F::SignedAt, T::Time, nullptr},
    {"OBR", 24, 0, 0, F::Always, T::Plain, "RAD"},
    {"OBR", 25, 0, 0, F::StatusHl7, T::Plain, nullptr},
    {"OBR", 32, 1, 0, F::ReviewerName, T::Cnn, nullptr},
    {"OBR", 33, 1, 0, F::AuthorName, T::Cnn, nullptr},
    {"NTE", 1, 0, 0, F::AmendReason, T::Plain, "1"},
    {"NTE", 2, 0, 0, F::AmendReason, T::Plain, "L"},
    {"NTE", 3, 0, 0, F::AmendReason, T::Text, nullptr},
};

constexpr OruObservation observations[] = {
    {"HD", "113014", "DICOM Study", "DCM", F::StudyUid},
    {"HD", "YZ-SR", "DICOM SR instance of this report", "99YZ", F::SrInstance},
    {"HD", "YZ-PRED", "SR instance replaced or added to", "99YZ", F::PredecessorSr},
    {"TX", "59776-5", "Procedure findings Narrative", "LN", F::Findings},
    {"TX", "19005-8", "Radiology Imaging study [Impression] (narrative)", "LN", F::Impression},
    {"TX", "18783-1", "Radiology Study recommendation (narrative)", "LN", F::Recommendation},
    {"TX", "55111-9", "Current imaging procedure descriptions Document", "LN", F::Technique},
    {"TX", "18834-2", "Radiology Comparison study (narrative)", "LN", F::Comparison},
    {"TX", "YZ-MEAS", "Measurements", "99YZ", F::Measurements},
    {"TX", "YZ-CRIT", "Critical values", "99YZ", F::CriticalValues},
    {"TX", "18748-4", "Diagnostic imaging study", "LN", F::WholeText},
    {"ED", "18748-4", "Diagnostic imaging study", "LN", F::Pdf},
};

} // namespace

std::span<const OruRow> oruRows() { return rows; }
std::span<const OruObservation> oruObservations() { return observations; }

} // namespace yz::exchange
