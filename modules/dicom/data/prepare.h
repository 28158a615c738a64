#pragma once

namespace yz::dicom {

/// Loads what DCMTK and glibc load lazily (data dictionary, character set tables) and sets DCMTK's reading options.
/// Called once by whoever comes first; call it before the process locks itself down. Thread-safe.
void prepareDicom();

} // namespace yz::dicom
