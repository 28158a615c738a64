#pragma once

#include "domain/preview.h"
#include "imaging/hanging.h"

#include <vector>

namespace yz {

/// The series of a study that is still to come, in the order in which the hanging protocol will show them: the slots of
/// the best protocol's first stage, then what it leaves out by series number. By what a platform lists; what the images
/// themselves would add (planes, laterality) is not known yet, and the page is hung anew when they come.
/// `desk`: task and screens; its studies are not looked at.
[[nodiscard]] std::vector<SeriesUid> seriesInHangingOrder(const std::vector<HangingProtocol>& protocols,
                                                          const HangingInput& desk,
                                                          const std::vector<ListedSeries>& listed);

} // namespace yz
