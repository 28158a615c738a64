#pragma once

#include "domain/ports.h"

namespace yz::ups {

/// Item of the Unified Procedure Step Performed Procedure Sequence (0074,1216), PS3.3 C.30.3.
struct PerformedProcedure {
    QDateTime start;
    QDateTime end; ///< invalid while the work goes on
    Performer performer;
    TaskKind kind = TaskKind::Read;
    std::vector<ReportReference> output;

    /// Whether all is there that PS3.4 table CC.2.5-3 wants of a step that is COMPLETED.
    [[nodiscard]] bool isFinal() const { return start.isValid() && end.isValid() && !performer.stationName.isEmpty(); }
};

} // namespace yz::ups
