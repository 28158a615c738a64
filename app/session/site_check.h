#pragma once

#include "core/cancel.h"
#include "core/clock.h"
#include "core/result.h"
#include "domain/text_repair.h"
#include "session/site.h"
#include "session/site_adapters.h"

#include <QDateTime>
#include <QStringList>
#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace yz {

/// What a node answered when it was tried for a role: what IT wants to know when a site is set up.
struct RoleCheck {
    QString role;  ///< "worklist", "images", "reports", "audit", or a receiver of reports: targetRole()
    QString node;  ///< empty: the platform
    QString means; ///< "c-get", "c-move", "wado-rs", "c-store", "stow-rs", "ups", "ups-rs", "syslog", "mllp", "fhir",
                   ///< "documents", "folder"
    std::optional<Error> problem;
    std::chrono::milliseconds took{0};
    QString asked;    ///< over the web: the request line, without secrets
    QString answered; ///< over the web: HTTP status and media type; empty: no answer
    bool isEncrypted = false;
    QString certificateName;                        ///< of the server, also one that is refused; empty without TLS
    QDateTime certificateEnds;                      ///< UTC
    std::optional<std::chrono::seconds> clockAhead; ///< the server's clock against ours; none: it did not say
    QStringList accepted;                           ///< "SOP class, transfer syntax" of each context the peer took
    QStringList refused;                            ///< SOP classes it did not take
    /// (0008,0005) of the first answer to a query, empty for plain ASCII; none: no answer to judge by.
    std::optional<QString> characterSet;
    TextRepair repair;            ///< where the text of that answer is in another one
    QString said;                 ///< a receiver of reports in its own words, a line
    QStringList offered, missing; ///< of what a report needs there: "transaction", "DiagnosticReport", "PUT"
};

/// What is being done just now.
enum class CheckStep { Connect, Query };

/// The role of a receiver of reports.
[[nodiscard]] QString targetRole(const QString& targetId);

/// The roles checkSite() tries: worklist, images, reports, audit where the site has a repository, and each receiver of
/// reports that is on.
[[nodiscard]] QStringList rolesOf(const Site& site);

/// Tries the node of one role: C-ECHO, the contexts of the role and the first answer of a query over DIMSE, a query for
/// one study, or one work item, over DICOMweb, a handshake with the audit repository, exchange/target_probe.h for
/// receivers. Blocking; not for the GUI thread. Nothing is stored or changed anywhere.
[[nodiscard]] RoleCheck checkRole(const QString& role, const Site& site, const SecretReader& secrets,
                                  const Clock& clock, const CancelToken& token,
                                  const std::function<void(CheckStep)>& onStep = {});
/// All of them, with the secrets of the desk in `home`.
[[nodiscard]] std::vector<RoleCheck> checkSite(const Site& site, const QString& home, const Clock& clock,
                                               const CancelToken& token);

} // namespace yz
