#pragma once

#include "imaging/hanging.h"
#include "viewer/viewer_state.h"

namespace yz {

/// What is on the screen as a stage that finds the like again in another examination: empty viewports that no protocol
/// named are left out. `name` is the stage's.
[[nodiscard]] HangingStage capturedStage(const ViewerState& state, const HangingInput& input, const QString& name);

/// A protocol of one stage, for examinations of this kind and part; its rules weigh more than the shipped ones'. The id
/// is made of kind and part; `taken` are ids that are not to be used.
[[nodiscard]] HangingProtocol capturedProtocol(const ViewerState& state, const HangingInput& input, const QString& name,
                                               const QString& stageName, const QStringList& taken);

} // namespace yz
