#include "exchange/fhir_mapping.h"

namespace yz::exchange {

namespace {

using F = Field;
using T = FhirForm;

constexpr FhirEntry entries[] = {
    {"Patient", T::PatientIdSystem, F::PatientIdSystem, nullptr, F::PatientId, T::Text},
    {"ServiceRequest", T::Text, F::OrderIdSystem, nullptr, F::AccessionNumber, T::Text},
    {"ImagingStudy", T::Text, F::Always, "urn:dicom:uid", F::StudyUid, T::OidUrn},
    {"DiagnosticReport", T::Text, F::Always, "urn:dicom:uid", F::SrInstance, T::OidUrn},
};

constexpr FhirRow rows[] = {
    {"Patient", "meta.security[0].system", F::Demo, T::Text, "http://terminology.hl7.org/CodeSystem/v3-ActReason"},
    {"Patient", "meta.security[0].code", F::Demo, T::Text, "HTEST"},
    {"Patient", "identifier[0].use", F::Always, T::Text, "usual"},
    {"Patient", "identifier[0].system", F::PatientIdSystem, T::PatientIdSystem, nullptr},
    {"Patient", "identifier[0].value", F::PatientId, T::Text, nullptr},
    {"Patient", "identifier[0].assigner.display", F::PatientIdIssuer, T::Text, nullptr},
    {"Patient", "identifier[1].use", F::PatientNationalId, T::Text, "official"},
    {"Patient", "identifier[1].value", F::PatientNationalId, T::Text, nullptr},
    {"Patient", "name[0].text", F::PatientName, T::Text, nullptr},
    {"Patient", "name[0].family", F::PatientNamePn, T::FamilyName, nullptr},
    {"Patient", "name[0].given[0]", F::PatientNamePn, T::GivenName, nullptr},
    {"Patient", "gender", F::Always, T::Gender, nullptr},
    {"Patient", "birthDate", F::PatientBirthDate, T::Text, nullptr},

    {"ServiceRequest", "identifier[0].type.coding[0].system", F::AccessionNumber, T::Text,
     "http://terminology.hl7.org/CodeSystem/v2-0203"},
    {"ServiceRequest", "identifier[0].type.coding[0].code", F::AccessionNumber, T::Text, "ACSN"},
    {"ServiceRequest", "identifier[0].system", F::OrderIdSystem, T::Text, nullptr},
    {"ServiceRequest", "identifier[0].value", F::AccessionNumber, T::Text, nullptr},
    {"ServiceRequest", "status", F::Always, T::Text, "completed"},
    {"ServiceRequest", "intent", F::Always, T::Text, "order"},
    {"ServiceRequest", "code.text", F::ExamItem, T::Text, nullptr},
    {"ServiceRequest", "subject", F::PatientId, T::Reference, "Patient"},
    {"ServiceRequest", "requester.display", F::RequestingPhysician, T::Text, nullptr},
    {"ServiceRequest", "performer[0].display", F::DiagnosingHospital, T::Text, nullptr},
    {"ServiceRequest", "reasonCode[0].text", F::ClinicalDiagnosis, T::Text, nullptr},
    {"ServiceRequest", "note[0].text", F::History, T::Text, nullptr},

    {"ImagingStudy", "identifier[0].system", F::Always, T::Text, "urn:dicom:uid"},
    {"ImagingStudy", "identifier[0].value", F::StudyUid, T::OidUrn, nullptr},
    {"ImagingStudy", "status", F::Always, T::Text, "available"},
    {"ImagingStudy", "modality[0].system", F::Modality, T::Text, "http://dicom.nema.org/resources/ontology/DCM"},
    {"ImagingStudy", "modality[0].code", F::Modality, T::Text, nullptr},
    {"ImagingStudy", "subject", F::PatientId, T::Reference, "Patient"},
    {"ImagingStudy", "started", F::ExamTime, T::Time, nullptr},
    {"ImagingStudy", "basedOn[0]", F::AccessionNumber, T::Reference, "ServiceRequest"},
    {"ImagingStudy", "description", F::ExamItem, T::Text, nullptr},

    {"DiagnosticReport", "meta.security[0].system", F::Demo, T::Text,
     "http://terminology.hl7.org/CodeSystem/v3-ActReason"},
    {"DiagnosticReport", "meta.security[0].code", F::Demo, T::Text, "HTEST"},
    {"DiagnosticReport", "language", F::Always, T::Text, "zh-CN"},
    {"DiagnosticReport", "text.status", F::WholeText, T::Text, "generated"},
    {"DiagnosticReport", "text.div", F::WholeText, T::Narrative, nullptr},
    {"DiagnosticReport", "extension[0].url", F::ReplacedSr, T::Text,
     "http://hl7.org/fhir/StructureDefinition/diagnosticReport-replaces"},
    {"DiagnosticReport", "extension[0].valueReference.identifier.system", F::ReplacedSr, T::Text, "urn:dicom:uid"},
    {"DiagnosticReport", "extension[0].valueReference.identifier.value", F::ReplacedSr, T::OidUrn, nullptr},
    {"DiagnosticReport", "extension[0].url", F::AddendedSr, T::Text,
     "http://hl7.org/fhir/StructureDefinition/diagnosticReport-addendumOf"},
    {"DiagnosticReport", "extension[0].valueReference.identifier.system", F::AddendedSr, T::Text, "urn:dicom:uid"},
    {"DiagnosticReport", "extension[0].valueReference.identifier.value", F::AddendedSr, T::OidUrn, nullptr},
    {"DiagnosticReport", "identifier[0].system", F::Always, T::Text, "urn:dicom:uid"},
    {"DiagnosticReport", "identifier[0].value", F::SrInstance, T::OidUrn, nullptr},
    {"DiagnosticReport", "identifier[1].type.text", F::ReportId, T::Text, "report"},
    {"DiagnosticReport", "identifier[1].system", F::ReportId, T::Text, "urn:ietf:rfc:3986"},
    {"DiagnosticReport", "identifier[1].value", F::ReportId, T::OidUrn, nullptr},
    {"DiagnosticReport", "basedOn[0]", F::AccessionNumber, T::Reference, "ServiceRequest"},
    {"DiagnosticReport", "status", F::StatusFhir, T::Text, nullptr},
    {"DiagnosticReport", "category[0].coding[0].system", F::Always, T::Text,
     "http://terminology.hl7.org/CodeSystem/v2-0074"},
    {"DiagnosticReport", "category[0].coding[0].code", F::Always, T::Text, "RAD"},
    {"DiagnosticReport", "code.coding[0].system", F::Always, T::Text, "http://loinc.org"},
    {"DiagnosticReport", "code.coding[0].code", F::Always, T::Text, "18748-4"},
    {"DiagnosticReport", "code.coding[0].display", F::Always, T::Text, "Diagnostic imaging study"},
    {"DiagnosticReport", "code.text", F::Title, T::Text, nullptr},
    {"DiagnosticReport", "subject", F::PatientId, T::Reference, "Patient"},
    {"DiagnosticReport", "effectiveDateTime", F::ExamTime, T::Time, nullptr},
    {"DiagnosticReport", "issued", F::SignedAt, T::Time, nullptr},
    {"DiagnosticReport", "performer[0].display", F::DiagnosingHospital, T::Text, nullptr},
    {"DiagnosticReport", "resultsInterpreter[0].display", F::AuthorName, T::Text, nullptr},
    {"DiagnosticReport", "resultsInterpreter[1].display", F::ReviewerName, T::Text, nullptr},
    {"DiagnosticReport", "imagingStudy[0]", F::StudyUid, T::Reference, "ImagingStudy"},
    {"DiagnosticReport", "conclusion", F::Impression, T::Text, nullptr},
    {"DiagnosticReport", "conclusionCode[0].coding[0].system", F::Positivity, T::Text,
     "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"},
    {"DiagnosticReport", "conclusionCode[0].coding[0].code", F::Positivity, T::Interpretation, nullptr},
    {"DiagnosticReport", "presentedForm[0].contentType", F::Pdf, T::Text, "application/pdf"},
    {"DiagnosticReport", "presentedForm[0].language", F::Pdf, T::Text, "zh-CN"},
    {"DiagnosticReport", "presentedForm[0].data", F::Pdf, T::Text, nullptr},
    {"DiagnosticReport", "presentedForm[0].hash", F::PdfSha1, T::Text, nullptr},
    {"DiagnosticReport", "presentedForm[0].title", F::Title, T::Text, nullptr},
    {"DiagnosticReport", "presentedForm[0].creation", F::SignedAt, T::Time, nullptr},
    {"DiagnosticReport", "presentedForm[1].contentType", F::WholeText, T::Text, "text/plain; charset=utf-8"},
    {"DiagnosticReport", "presentedForm[1].language", F::WholeText, T::Text, "zh-CN"},
    {"DiagnosticReport", "presentedForm[1].data", F::WholeText, T::Base64Text, nullptr},
};

} // namespace

std::span<const FhirEntry> fhirEntries() { return entries; }
std::span<const FhirRow> fhirRows() { return rows; }

} // namespace yz::exchange
