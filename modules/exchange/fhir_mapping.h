#pragma once

#include "exchange/report_fields.h"

#include <span>

namespace yz::exchange {

/// How a field becomes a JSON value of FHIR R4.
enum class FhirForm {
    Text,
    Time,       ///< dateTime, instant
    Gender,     ///< administrative-gender
    FamilyName, ///< of the ideographic group, else the alphabetic one
    GivenName,
    OidUrn,          ///< urn:oid:1.2.3
    PatientIdSystem, ///< the target's URI; an issuer of the id makes it narrower
    Interpretation,  ///< POS, NEG of v3-ObservationInterpretation
    Narrative,       ///< XHTML of the text
    Base64Text,      ///< the text in UTF-8 as base64Binary
    Number,
    Reference, ///< to the entry of the resource that `literal` names
};

/// One element of one resource: `literal` where there is one (written if `field` is not empty), else the field's value.
struct FhirRow {
    const char* resource;
    const char* path; ///< "name[0].text"
    Field source;
    FhirForm form;
    const char* literal;
};

/// A resource of the bundle, by what it is found again (If-None-Exist) and when it is there at all.
struct FhirEntry {
    const char* resource;
    FhirForm systemForm;
    Field systemField;
    const char* systemLiteral; ///< instead of systemField
    Field value;               ///< empty: no such entry
    FhirForm valueForm;
};

[[nodiscard]] std::span<const FhirEntry> fhirEntries();
[[nodiscard]] std::span<const FhirRow> fhirRows();

} // namespace yz::exchange
