#pragma once

#include "core/result.h"
#include "domain/text_repair.h"

#include <QDate>
#include <QString>

namespace yz {

class Association;

/// What a peer's answers are written in, judged by the first answer of a query.
struct CharacterSetAnswer {
    bool hasAnswer = false; ///< it had nothing to tell
    QString declared;       ///< (0008,0005) as sent; empty: the default repertoire (ASCII)
    TextRepair repair;      ///< where the text is not in what was declared
};

/// Asks over an open association for the studies of the days from `since` on (Study Root FIND), or for any work item
/// (UPS Pull), reads the first answer and leaves the rest: the association is aborted. Errors of Association.
[[nodiscard]] Result<CharacterSetAnswer> characterSetOfStudies(Association& association, const QDate& since);
[[nodiscard]] Result<CharacterSetAnswer> characterSetOfWorkitems(Association& association);

} // namespace yz
