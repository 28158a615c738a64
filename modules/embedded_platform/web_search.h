#pragma once

#include "embedded_platform/data_set.h"

#include <utility>
#include <vector>

namespace yz::platform {

/// What a search asks for (PS3.18 8.3.4, 11.9): the keys of the same query over DIMSE, and which of its matches.
struct WebSearch {
    DataSetPtr keys; ///< with values: to be matched; without: to be returned
    int offset = 0;
    int limit = 0;
    bool isLimited = false; ///< by who asks, not by us
    QString warning;        ///< of the answer; empty: none

    /// `query`: names and values, decoded. Attributes are named by keyword or by tag, those within sequences with dots.
    /// Without "includefield" the return keys of PS3.4 table CC.2.5-3 are asked for, with "all" of it everything the
    /// desk of this product reads too. InvalidArgument: an attribute nobody knows, a limit that is no number.
    [[nodiscard]] static Result<WebSearch> parse(const std::vector<std::pair<QString, QString>>& query);
};

} // namespace yz::platform
