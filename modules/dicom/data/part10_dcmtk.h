#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

/// Part 10 files out of data sets. Inside the dicom target only.
namespace yz::dicom {

/// Implementation class UID and version name of everything this program writes (PS3.10 7.1, PS3.7 D.3.3.2).
inline constexpr const char* kImplementationClassUid = "2.25.276190613406254711190733414420894377461";
inline constexpr const char* kImplementationVersionName = "YUANZHEN_1";

/// Preamble, meta header and the data set, in its own transfer syntax when `syntax` is EXS_Unknown. The same data set
/// gives the same bytes: fixed meta header, explicit lengths, no group lengths.
[[nodiscard]] Result<QByteArray> toPart10(DcmDataset& dataSet, E_TransferSyntax syntax = EXS_Unknown);

/// The data set alone, encoded the same way.
[[nodiscard]] Result<QByteArray> encodeDataSet(DcmDataset& dataSet, E_TransferSyntax syntax);

/// Puts a meta header in front of a data set received as bytes; nothing is parsed or re-encoded.
[[nodiscard]] QByteArray part10FromBytes(const QString& sopClass, const QString& sopInstance,
                                         const QString& transferSyntax, const QByteArray& dataSet);

} // namespace yz::dicom
