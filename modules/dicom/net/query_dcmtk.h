#pragma once

#include "dicom/net/association.h"
#include "domain/name_query.h"

#include <functional>

namespace yz {

/// C-FIND: calls `onMatch` for each pending answer, with its text as UTF-8. An error from it ends the query (the
/// association is then aborted). LimitExceeded after 200 000 answers or 32 MB of them.
Status runFind(Association& association, const AcceptedContext& context, DcmDataset& identifier,
               const std::function<Status(DcmDataset&)>& onMatch);

/// What the keys are written in. Every peer should know UTF-8; archives that compare bytes with what they stored answer
/// only to the character set of the stored objects.
enum class KeyCharacterSet { Utf8, Gb18030 };

/// Sets level, character set and the keys of a Study Root query: values match, empty ones are returned.
struct QueryKey {
    DcmTagKey tag;
    QString value;
};
Status putKeys(DcmDataset& identifier, const char* level, const std::vector<QueryKey>& keys,
               KeyCharacterSet characterSet = KeyCharacterSet::Utf8);

} // namespace yz
