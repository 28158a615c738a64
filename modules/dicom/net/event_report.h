#pragma once

#include "dicom/net/association.h"
#include "dicom/net/commitment_board.h"
#include "domain/ports.h"

#include <functional>

namespace yz {

using WorklistEventHandler = std::function<void(const WorklistEvent&)>;

/// Deals with one N-EVENT-REPORT: a commitment result goes to the board, a worklist event to the handler. Returns the
/// status to answer with. Either receiver may be null.
int handleEventReport(const Association& association, const DimseMessage& message, CommitmentBoard* board,
                      const WorklistEventHandler& handler);

} // namespace yz
