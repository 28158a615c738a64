#pragma once

#include "core/result.h"
#include "domain/ports.h"

#include <QByteArray>

namespace yz::dicom {

/// Parts of a received report file: ReportEncoder::open. It parses the file, so a stranger's goes through a worker.
[[nodiscard]] Result<OpenedReportFile> openReportFile(const QByteArray& part10File);

} // namespace yz::dicom
