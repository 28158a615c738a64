#pragma once

#include "domain/performed_procedure.h"

#include <QJsonObject>
#include <QStringList>

/// Reading task <-> Unified Procedure Step in the DICOM JSON Model. The table is that of dicom/net/ups_mapping_dcmtk.h:
/// the same work item gives the same task over DIMSE and over the web.
namespace yz::workitem_json {

/// AttributeMissing when it has no SOP Instance UID.
[[nodiscard]] Result<ReadingTask> task(const QJsonObject& workitem);
/// False where it tells none of the four states.
bool state(const QJsonObject& workitem, UpsState& state);

/// The tags a query asks for: all that the table names.
[[nodiscard]] QStringList returnKeys();

/// Puts (0074,1216) into a data set of changes.
void putPerformedProcedure(const ups::PerformedProcedure& performed, QJsonObject& changes);
/// What (0074,1216) of a work item says; an empty value when there is none.
[[nodiscard]] ups::PerformedProcedure performedProcedure(const QJsonObject& workitem);

/// Puts the reason and the time of a cancellation (0074,1002) into a data set of changes.
void putCancellation(const QString& reason, const QDateTime& at, QJsonObject& changes);

} // namespace yz::workitem_json
