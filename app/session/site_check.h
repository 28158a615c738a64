#pragma once

#include "core/cancel.h"
#include "core/clock.h"
#include "core/result.h"
#include "session/site.h"

#include <QDateTime>
#include <QStringList>
#include <chrono>
#include <optional>
#include <vector>

namespace yz {

/// What a node answered when it was tried for a role: what IT wants to know when a site is set up.
struct RoleCheck {
    QString role;  ///< "worklist", "images", "reports"
    QString node;  ///< empty: the platform
    QString means; ///< "c-get", "c-move", "wado-rs", "c-store", "stow-rs", "ups"
    std::optional<Error> problem;
    std::chrono::milliseconds took{0};
    bool isEncrypted = false;
    QString certificateName;                        ///< of the server; empty without TLS
    QDateTime certificateEnds;                      ///< UTC
    std::optional<std::chrono::seconds> clockAhead; ///< the server's clock against ours; none: it did not say
    QStringList accepted;                           ///< "SOP class, transfer syntax" of each context the peer took
    QStringList refused;                            ///< SOP classes it did not take
};

/// Tries each role's node: C-ECHO and the contexts of the role over DIMSE, a query for one study over DICOMweb.
/// Blocking; not for the GUI thread. Nothing is stored or changed anywhere.
[[nodiscard]] std::vector<RoleCheck> checkSite(const Site& site, const QString& home, const Clock& clock,
                                               const CancelToken& token);

} // namespace yz
