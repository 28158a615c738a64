#pragma once

#include "core/result.h"
#include "dicom/data/byte_source.h"
#include "domain/study.h"

namespace yz::dicom {

/// The index's view of a file: parseHeader and buildHeader in a fifth of the time, by the walk that checks the limits
/// alone. It keeps the values the index wants and stops before the pixel data. Whatever is not written by the book
/// (DataSetOutline::isRegular, an unexpected VR, a value that is not plainly what it should be, deflated and big endian
/// syntaxes) is left to the full parse, so that both always say the same. Errors of parseHeader and buildHeader.
[[nodiscard]] Result<DataSetHeader> scanHeader(ByteSourcePtr source);

} // namespace yz::dicom
