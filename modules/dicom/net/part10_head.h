#pragma once

#include "core/result.h"
#include "domain/reading_task.h"

#include <QByteArray>
#include <QString>

namespace yz {

/// What the file meta information (PS3.10 7.1) says, and where the data set starts.
struct Part10Head {
    SopReference object;
    QString transferSyntax;
    qsizetype dataSetAt = 0; ///< byte offset
};

/// NotDicom, DataSetBroken, DataSetTruncated, AttributeMissing. The data set is not looked at.
Result<Part10Head> readPart10Head(const QByteArray& file);

} // namespace yz
