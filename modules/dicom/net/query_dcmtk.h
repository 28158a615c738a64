#pragma once

#include "dicom/net/association.h"

#include <functional>

namespace yz {

/// C-FIND: calls `onMatch` for each pending answer, with its text as UTF-8. An error from it ends the query (the
/// association is then aborted). LimitExceeded after 200 000 answers.
Status runFind(Association& association, const AcceptedContext& context, DcmDataset& identifier,
               const std::function<Status(DcmDataset&)>& onMatch);

/// Sets level, character set and the keys of a Study Root query: values match, empty ones are returned.
struct QueryKey {
    DcmTagKey tag;
    QString value;
};
Status putKeys(DcmDataset& identifier, const char* level, const std::vector<QueryKey>& keys);

} // namespace yz
