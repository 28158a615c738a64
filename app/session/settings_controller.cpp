#include "session/settings_controller.h"

#include "jobs/jobs.h"
#include "storage/desk_store.h"

#include <algorithm>
#include <utility>

namespace yz {

namespace {

constexpr int kTickMs = 100;

/// "PACS", "PACS 2", ...: one that is free.
template <typename IsTaken> QString freeName(const QString& stem, const QString& separator, const IsTaken& isTaken) {
    QString name = stem;
    for (int i = 2; isTaken(name); ++i)
        name = stem + separator + QString::number(i);
    return name;
}

} // namespace

SettingsController::SettingsController(Deps deps, QObject* parent) : QObject(parent), m_deps(std::move(deps)) {
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &SettingsController::saySteps);
}

SettingsController::~SettingsController() {
    for (const Running& check : std::as_const(m_checks))
        check.token.cancel();
}

void SettingsController::setBusy(bool isBusy) {
    if (std::exchange(m_isBusy, isBusy) != isBusy)
        Q_EMIT busyChanged();
}

void SettingsController::judge() {
    m_faults = faultsOf(m_draft, m_deps.clock.nowUtc());
    m_faults.add(m_fileFaults);
    Q_EMIT draftChanged();
}

void SettingsController::load() {
    setBusy(true);
    jobs::whenDone(jobs::start(jobs::Lane::Storage, [settings = settings()] { return settings.load(); }), this,
                   [this](const Result<SiteSettings::Loaded>& result) {
                       setBusy(false);
                       if (!result) {
                           Q_EMIT failed(result.error());
                           return;
                       }
                       m_draft = m_saved = result->draft;
                       m_fileFaults = {};
                       judge();
                       Q_EMIT loaded();
                       if (result->noSecrets)
                           Q_EMIT failed(*result->noSecrets);
                   });
}

void SettingsController::edit(const std::function<void(SiteDraft& draft)>& change) {
    if (!mayChange())
        return;
    if (m_isBusy) { // what is being saved stays as it is; the fields go back to it
        Q_EMIT draftChanged();
        return;
    }
    change(m_draft);
    m_fileFaults = {};
    judge();
}

void SettingsController::discard() {
    edit([this](SiteDraft& draft) { draft = m_saved; });
}

void SettingsController::addNode() {
    edit([](SiteDraft& draft) {
        NodeEdit edit;
        edit.node.name = freeName(QStringLiteral("PACS"), QStringLiteral(" "), [&](const QString& name) {
            return std::any_of(draft.nodes.begin(), draft.nodes.end(),
                               [&](const NodeEdit& each) { return each.node.name == name; });
        });
        draft.nodes.push_back(edit);
    });
}

void SettingsController::removeNode(size_t index) {
    edit([index](SiteDraft& draft) {
        if (index < draft.nodes.size())
            draft.nodes.erase(draft.nodes.begin() + static_cast<std::ptrdiff_t>(index));
    });
}

void SettingsController::renameNode(size_t index, const QString& name) {
    edit([&](SiteDraft& draft) {
        if (index >= draft.nodes.size())
            return;
        QString before = std::exchange(draft.nodes[index].node.name, name);
        if (before.isEmpty() && m_emptiedIndex == index)
            before = std::exchange(m_emptied, {});
        if (name.isEmpty()) {
            m_emptied = before;
            m_emptiedIndex = index;
        }
        const bool isShared = std::any_of(draft.nodes.begin(), draft.nodes.end(),
                                          [&](const NodeEdit& each) { return each.node.name == before; });
        if (before.isEmpty() || name.isEmpty() || isShared)
            return;
        for (QString* role : {&draft.site.roles.worklist, &draft.site.roles.images, &draft.site.roles.reports})
            if (*role == before)
                *role = name;
    });
}

void SettingsController::addTarget(ReportTarget::Form form) {
    edit([form](SiteDraft& draft) {
        TargetEdit edit;
        edit.isNew = true;
        edit.target.form = form;
        edit.target.isOn = false; // until it is set up
        const char* const stem = form == ReportTarget::Form::Hl7Oru       ? "his"
                                 : form == ReportTarget::Form::FhirBundle ? "fhir"
                                                                          : "cda";
        edit.target.id = freeName(QLatin1String(stem), QStringLiteral("-"), [&](const QString& id) {
            return std::any_of(draft.targets.begin(), draft.targets.end(),
                               [&](const TargetEdit& each) { return each.target.id == id; });
        });
        draft.targets.push_back(edit);
    });
}

void SettingsController::removeTarget(size_t index) {
    edit([index](SiteDraft& draft) {
        if (index < draft.targets.size())
            draft.targets.erase(draft.targets.begin() + static_cast<std::ptrdiff_t>(index));
    });
}

void SettingsController::save() {
    if (m_isBusy)
        return;
    setBusy(true);
    jobs::whenDone(jobs::start(jobs::Lane::Storage, [settings = settings(), draft = m_draft, before = m_saved,
                                                     user = m_user] { return settings.save(draft, before, user); }),
                   this, [this](const Result<SiteSettings::Saved>& result) {
                       setBusy(false);
                       if (!result) {
                           Q_EMIT failed(result.error());
                           return;
                       }
                       if (!result->isDone) {
                           m_fileFaults = result->faults;
                           judge();
                           Q_EMIT refused(result->faults, result->wasChangedBefore);
                           return;
                       }
                       m_needsRestart = m_needsRestart || result->needsRestart;
                       Q_EMIT saved(result->needsRestart);
                       load(); // which secrets there are now
                   });
}

void SettingsController::importFrom(const QString& path) {
    if (!mayChange() || m_isBusy)
        return;
    setBusy(true);
    jobs::whenDone(jobs::start(jobs::Lane::Storage, [settings = settings(), path,
                                                     current = m_draft] { return settings.import(path, current); }),
                   this, [this](const Result<SiteSettings::Import>& result) {
                       setBusy(false);
                       if (!result) {
                           Q_EMIT failed(result.error());
                       } else if (!result->faults.isEmpty()) {
                           Q_EMIT refused(result->faults, false);
                       } else {
                           m_draft = result->draft;
                           m_fileFaults = {};
                           judge();
                           Q_EMIT imported();
                       }
                   });
}

void SettingsController::exportTo(const QString& path) {
    jobs::whenDone(jobs::start(jobs::Lane::Storage, [settings = settings(), path,
                                                     draft = m_draft] { return settings.exportTo(path, draft); }),
                   this, [this, path](const Status& status) {
                       if (status)
                           Q_EMIT exported(path);
                       else
                           Q_EMIT failed(status.error());
                   });
}

void SettingsController::check(const QString& role) {
    if (!mayChange() || m_checks.contains(role))
        return;
    const Running running{CancelToken(), std::make_shared<std::atomic<int>>(0)};
    m_checks.insert(role, running);
    saySteps();
    m_tick.start();
    jobs::whenDone(jobs::start(jobs::Lane::Network,
                               [role, draft = m_draft, home = m_deps.home, &clock = m_deps.clock, token = running.token,
                                step = running.step] {
                                   const SecretReader secrets = secretsOf(draft, secretsOf(home));
                                   return checkRole(role, siteOf(draft), secrets, clock, token,
                                                    [step](CheckStep now) { step->store(static_cast<int>(now)); });
                               }),
                   this, [this, token = running.token](const RoleCheck& check) {
                       if (token.isCancelled()) // said when it was cancelled
                           return;
                       m_checks.remove(check.role);
                       Q_EMIT checked(check);
                   });
}

void SettingsController::saySteps() {
    for (auto it = m_checks.begin(); it != m_checks.end(); ++it)
        if (const int step = it->step->load(); std::exchange(it->said, step) != step)
            Q_EMIT checkStep(it.key(), static_cast<CheckStep>(step));
    if (m_checks.isEmpty())
        m_tick.stop();
}

void SettingsController::cancelCheck(const QString& role) {
    const auto it = m_checks.find(role);
    if (it == m_checks.end())
        return;
    it->token.cancel();
    m_checks.erase(it);
    Q_EMIT checkCancelled(role);
}

} // namespace yz
