#pragma once

#include "core/clock.h"
#include "domain/user.h"
#include "session/site_draft.h"

namespace yz {

class DeskStore;

/// The settings of a site as they are kept: site.json, the desk's secrets, the prefetch policy. Blocking; one thread at
/// a time. Only an administrator changes anything (docs: WORKFLOW).
class SiteSettings {
public:
    SiteSettings(DeskStore& store, QString home, const Clock& clock)
        : m_store(store), m_home(std::move(home)), m_clock(clock) {}

    struct Loaded {
        SiteDraft draft;
        SiteFaults faults;              ///< of the file
        std::optional<Error> noSecrets; ///< those kept do not open: they have to be entered again
    };
    /// Errors of the file.
    [[nodiscard]] Result<Loaded> load() const;

    struct Import {
        SiteDraft draft;   ///< the file in place of `current`, whose prefetch policy stays; secrets stay with the names
        SiteFaults faults; ///< what is wrong with the file; where it is not empty, the draft is `current`
    };
    /// FileUnreadable, FileNotFound.
    [[nodiscard]] Result<Import> import(const QString& path, const SiteDraft& current) const;
    /// Writes the site of a draft, without secrets. InvalidArgument when something is wrong with it.
    [[nodiscard]] Status exportTo(const QString& path, const SiteDraft& draft) const;

    struct Saved {
        bool isDone = false;
        SiteFaults faults;             ///< why not
        bool wasChangedBefore = false; ///< or: somebody else has changed the file since `before` was read
        bool needsRestart = false;
    };
    /// All or nothing. RoleForbids; errors of the disk and of the secrets, after which everything is as it was.
    /// Prefetch takes effect within half a minute, everything else when the desk is started again.
    [[nodiscard]] Result<Saved> save(const SiteDraft& draft, const SiteDraft& before, const User& user) const;

private:
    [[nodiscard]] QString path() const { return m_home + QStringLiteral("/site.json"); }

    DeskStore& m_store;
    QString m_home;
    const Clock& m_clock;
};

} // namespace yz
