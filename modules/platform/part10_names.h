#pragma once

#include "core/result.h"
#include "domain/reading_task.h"

#include <QByteArray>

namespace yz {

/// Class and instance that the file meta information (PS3.10 7.1) of a received file names. Only these are read, with
/// every length checked; the data set is for the decoder. NotDicom, DataSetBroken, AttributeMissing.
[[nodiscard]] Result<SopReference> readPart10Names(const QByteArray& file);

} // namespace yz
