#pragma once

#include "session/prefetch_plan.h"
#include "session/site.h"
#include "session/site_adapters.h"

#include <QByteArray>
#include <QDateTime>
#include <QMap>
#include <functional>
#include <optional>
#include <vector>

namespace yz {

/// What a person who sets the site up knows of a secret: whether there is one, and what is to become of it. What is
/// kept is never read back.
struct SecretEdit {
    bool isKept = false;             ///< one is in the desk's secrets
    std::optional<QByteArray> value; ///< entered now; empty: the kept one is to go

    [[nodiscard]] bool isThere() const { return value ? !value->isEmpty() : isKept; }
    bool operator==(const SecretEdit&) const = default;
};

struct NodeEdit {
    SiteNode node;
    QString keptAs; ///< the name its secrets are kept under; empty: a new node
    SecretEdit secret, key;
    bool operator==(const NodeEdit&) const = default;
};

struct TargetEdit {
    ReportTarget target; ///< its address: see below
    QString address;     ///< as it was typed
    bool isNew = false;  ///< of others the id is fixed: messages already sent are named by it
    SecretEdit secret, key;
    bool operator==(const TargetEdit&) const = default;
};

/// Everything the settings page edits, as it stands there: also what is not right yet.
struct SiteDraft {
    Site site; ///< without nodes, targets and the address of the audit repository, which are below
    std::vector<NodeEdit> nodes;
    std::vector<TargetEdit> targets;
    QString auditAddress;
    SecretEdit auditKey;
    PrefetchPolicy prefetch;

    bool operator==(const SiteDraft&) const = default;
};

/// `isKept`: whether the desk's secrets have one of that name.
[[nodiscard]] SiteDraft draftOf(const Site& site, const PrefetchPolicy& prefetch,
                                const std::function<bool(const QString& name)>& isKept);
[[nodiscard]] Site siteOf(const SiteDraft& draft);

/// Everything that is wrong with the values: the rules of a site file, and what a file may leave open but a desk that
/// is to work may not (secrets that are missing, keys that do not fit, addresses without TLS nobody allowed).
/// Looks at no file. `now`: a certificate that has run out is pointed out.
[[nodiscard]] SiteFaults faultsOf(const SiteDraft& draft, const QDateTime& now);
/// Files the site names: those of certificates and the folders of documents. Blocking.
[[nodiscard]] SiteFaults fileFaultsOf(const SiteDraft& draft, const QDateTime& now);

/// The secrets that change, by name; empty: goes. Renamed nodes take theirs along: `kept` reads one.
using SecretChanges = QMap<QString, QByteArray>;
[[nodiscard]] Result<SecretChanges> secretChanges(const SiteDraft& draft, const SiteDraft& before,
                                                  const SecretReader& kept);

/// Secrets as they would be after saving.
[[nodiscard]] SecretReader secretsOf(const SiteDraft& draft, const SecretReader& kept);

/// Whether a connection leaves this machine in the clear.
[[nodiscard]] bool isLoopback(const QString& host);
/// The DIMSE side of a node, or its DICOMweb side, goes over the line openly.
[[nodiscard]] bool isDimseOpen(const SiteNode& node);
[[nodiscard]] bool isWebOpen(const SiteNode& node);

/// Keys of site.json that differ ("nodes", "roles", "prefetch"), secrets as "secrets". For the audit log.
[[nodiscard]] QStringList changedKeys(const SiteDraft& draft, const SiteDraft& before);

} // namespace yz
