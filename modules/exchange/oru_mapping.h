#pragma once

#include "exchange/report_fields.h"

#include <span>

namespace yz::exchange {

/// HL7 data types of v2.5.1 chapter 2A as far as a row needs them.
enum class Hl7Type {
    Plain, ///< ST, IS, ID, SI, EI.1 ...: the text, escaped
    Time,  ///< TS: YYYYMMDDHHMMSS+ZZZZ
    Day,   ///< TS of a date: YYYYMMDD
    Xpn,   ///< from a DICOM PN: the ideographic group first, then the alphabetic one as a repetition
    Xcn,   ///< a person at work, the same
    Cnn,   ///< NDL.1: the parts of a name as subcomponents
    Text,  ///< TX: lines separated by \.br\ (2.7.1)
};

/// One component of one field: `literal` where there is one (written if `field` is not empty), else the field's value.
/// component 0: the field has only one; sub 0: the component has only one.
struct OruRow {
    const char* segment;
    int field;
    int component;
    int sub;
    Field source;
    Hl7Type type;
    const char* literal;
};

/// One OBX segment, written if `source` is not empty.
struct OruObservation {
    const char* valueType; ///< OBX-2: TX, HD or ED
    const char* code;      ///< OBX-3
    const char* text;
    const char* system;
    Field source;
};

/// The whole of ORU^R01 but for OBX; segments in the order of the table (MSH PID PV1 ORC OBR NTE, v2.5.1 7.3.1).
[[nodiscard]] std::span<const OruRow> oruRows();
[[nodiscard]] std::span<const OruObservation> oruObservations();

} // namespace yz::exchange
