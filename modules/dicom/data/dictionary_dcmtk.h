#pragma once

#include <QtGlobal>

/// What DCMTK's dictionary decides while it parses. Inside the dicom target only.
namespace yz::dicom {

/// DCMTK reads the value of this attribute (group, element) as a sequence where no VR is written or UN is: its
/// dictionary says SQ, for a private attribute under some creator at least. Thread-safe.
[[nodiscard]] bool mayBeSequence(quint32 tag);

} // namespace yz::dicom
