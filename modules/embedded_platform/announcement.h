#pragma once

#include "embedded_platform/workitem_store.h"

/// UPS Event Reports (PS3.4 CC.2.4) as they are put beside a change of a work item and written down with it. Each adds
/// one to `item.announcements`; what cannot be encoded is logged and left out.
namespace yz::platform {

enum EventType : quint16 { kStateReport = 1, kCancelRequested = 2, kProgressReport = 3, kScpStatus = 4, kAssigned = 5 };

void announceState(Workitem& item);
void announceProgress(Workitem& item);
void announceCancelRequest(Workitem& item, const QString& requester, const QString& reason);
/// Only when a person is scheduled (0040,4034).
void announceAssignment(Workitem& item);

/// The data set of a state report on its own.
[[nodiscard]] Result<QByteArray> stateReport(Workitem& item);

} // namespace yz::platform
