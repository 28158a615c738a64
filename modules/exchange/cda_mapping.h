#pragma once

#include "exchange/report_fields.h"

#include <span>

namespace yz::exchange {

enum class CdaForm {
    Text,
    Lines, ///< narrative: line ends become <br/>
    Time,  ///< YYYYMMDDHHMMSS, local
    Day,   ///< YYYYMMDD
    GbSex, ///< GB/T 2261.1: 1 male, 2 female, 0 unknown, 9 not stated
    GbSexName,
    Base64, ///< text content in base64 already
};

/// One attribute ("a/b[1]/c@name") or text ("a/b") under ClinicalDocument. Elements come in the order in which the
/// table first names them; [n] tells elements of one name apart. `literal` where there is one (written if `field` is
/// not empty), else the field's value.
struct CdaRow {
    const char* path;
    Field source;
    CdaForm form;
    const char* literal;
};

[[nodiscard]] std::span<const CdaRow> cdaRows();

} // namespace yz::exchange
