#pragma once

#include "session/site_check.h"
#include "session/site_settings.h"

#include <QHash>
#include <QObject>
#include <QTimer>
#include <atomic>
#include <memory>

namespace yz {

/// What the settings page stands on: a draft, what is wrong with it, and the work that waits for disk or network done
/// in jobs. GUI thread; the store and the clock must outlive the jobs.
class SettingsController final : public QObject {
    Q_OBJECT
public:
    struct Deps {
        DeskStore& store;
        QString home;
        const Clock& clock;
    };
    explicit SettingsController(Deps deps, QObject* parent = nullptr);
    ~SettingsController() override;

    void setUser(const User& user) { m_user = user; }
    [[nodiscard]] bool mayChange() const { return m_user.has(Role::Administrator); }

    /// Reads what is kept; the draft is lost. loaded() or failed().
    void load();
    [[nodiscard]] const SiteDraft& draft() const { return m_draft; }
    [[nodiscard]] const SiteFaults& faults() const { return m_faults; }
    [[nodiscard]] bool isChanged() const { return m_draft != m_saved; }
    [[nodiscard]] bool isBusy() const { return m_isBusy; }
    [[nodiscard]] bool needsRestart() const { return m_needsRestart; }

    /// Changes the draft; draftChanged() and new faults at once. Nothing for who may not.
    void edit(const std::function<void(SiteDraft& draft)>& change);
    void discard();
    void addNode();
    void removeNode(size_t index);
    /// With it, the roles that refer to it by name follow.
    void renameNode(size_t index, const QString& name);
    void addTarget(ReportTarget::Form form);
    void removeTarget(size_t index);

    /// saved(), refused() or failed().
    void save();
    /// imported() or refused(); the draft is changed, nothing is kept yet.
    void importFrom(const QString& path);
    /// exported() or failed().
    void exportTo(const QString& path);

    /// Tries a role with the draft as it is, secrets that were just entered too. checkStep(), then checked().
    void check(const QString& role);
    void cancelCheck(const QString& role);
    [[nodiscard]] bool isChecking(const QString& role) const { return m_checks.contains(role); }

Q_SIGNALS:
    void loaded();
    void draftChanged();
    void busyChanged();
    void saved(bool needsRestart);
    /// Nothing was saved or taken; `changedElsewhere`: the file is not what it was when it was read.
    void refused(const yz::SiteFaults& faults, bool changedElsewhere);
    void imported();
    void exported(const QString& path);
    void failed(const yz::Error& error);
    void checkStep(const QString& role, yz::CheckStep step);
    void checked(const yz::RoleCheck& check);
    void checkCancelled(const QString& role);

private:
    void setBusy(bool isBusy);
    void judge();
    void saySteps();
    [[nodiscard]] SiteSettings settings() const { return {m_deps.store, m_deps.home, m_deps.clock}; }

    Deps m_deps;
    User m_user;
    SiteDraft m_draft, m_saved;
    SiteFaults m_faults;
    SiteFaults m_fileFaults; ///< found when saving; they hold until the draft changes
    struct Running {
        CancelToken token;
        std::shared_ptr<std::atomic<int>> step; ///< written by the job
        int said = -1;
    };
    QHash<QString, Running> m_checks;
    QTimer m_tick;             ///< looks at the steps
    QString m_emptied;         ///< a name that is just being typed anew
    size_t m_emptiedIndex = 0; ///< of that node
    bool m_isBusy = false;
    bool m_needsRestart = false;
};

} // namespace yz
