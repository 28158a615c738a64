#pragma once

#include "core/ids.h"
#include "dicom/net/association.h"

#include <vector>

namespace yz {

/// Presentation contexts for receiving stored objects by C-GET. The objects' own transfer syntaxes are offered one by
/// one where there is room, so that the peer can send each object as it has it; an association holds 128 contexts, one
/// of which the request itself needs. An empty list of classes: the common ones.
[[nodiscard]] std::vector<ContextProposal> storageContexts(const std::vector<SopClassUid>& classes);

/// The same with one transfer syntax (or near relatives) for all, for peers that use the first context of a class
/// whatever the object's syntax is. `index` counts from 0; empty behind the last.
[[nodiscard]] std::vector<ContextProposal> storageContextsOfOneSyntax(const std::vector<SopClassUid>& classes,
                                                                      size_t index);

/// For an association that is opened before it is known what will come: every syntax on its own, as storageContexts()
/// has it, for the few classes that most studies consist of.
[[nodiscard]] std::vector<ContextProposal> readyStorageContexts();
[[nodiscard]] bool isReadyClass(const SopClassUid& name);

} // namespace yz
