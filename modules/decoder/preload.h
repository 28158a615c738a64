#pragma once

/// Loads what libraries load when they first need it and could not load any more after the lock-down.
namespace yz::decoder {

/// DCMTK's dictionary and tables, the C library's conversions for every character set DICOM names and those met under
/// wrong labels, the time zone. Makes no threads.
void preload();

} // namespace yz::decoder
