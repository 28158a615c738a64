#pragma once

#include <QByteArray>

/// What DCMTK's dictionary decides while it parses. Inside the dicom target only, thread-safe.
namespace yz::dicom {

/// DCMTK reads the value of this attribute (group, element) as a sequence where no VR is written or UN is: its
/// dictionary says SQ. `creator` reserved the block of a private attribute (PS3.5 7.8.1), without padding.
[[nodiscard]] bool isDictionarySequence(quint32 tag, const QByteArray& creator = {});

/// The dictionary has sequences under this private creator.
[[nodiscard]] bool ownsDictionarySequences(const QByteArray& creator);

/// DCMTK reads a 4-byte length behind these two letters. It has names of its own beside the standard's VRs ("lt", "ox"),
/// which a file may hold like any other letters.
[[nodiscard]] bool hasLongLengthForDcmtk(const char* vr);

} // namespace yz::dicom
