#pragma once

#include "core/clock.h"
#include "storage/audit_store.h"
#include "storage/claim_store.h"
#include "storage/conflict_store.h"
#include "storage/draft_store.h"
#include "storage/file_vault.h"
#include "storage/outbox_store.h"
#include "storage/report_store.h"
#include "storage/settings_store.h"
#include "storage/study_store.h"
#include "storage/task_store.h"
#include "storage/user_store.h"

namespace yz {

/// Everything one workstation keeps: the database and the folder of received files, opened together.
class DeskStore {
public:
    /// `folder` is created when absent; desk.db, vault/ and the vault's key in keys/ live in it.
    [[nodiscard]] static Result<std::unique_ptr<DeskStore>> open(const QString& folder, const Clock& clock);

    UserStore& users() { return m_users; }
    TaskStore& tasks() { return m_tasks; }
    ClaimStore& claims() { return m_claims; }
    ConflictStore& conflicts() { return m_conflicts; }
    StudyStore& studies() { return m_studies; }
    DraftStore& drafts() { return m_drafts; }
    ReportStore& reports() { return m_reports; }
    OutboxStore& outbox() { return m_outbox; }
    AuditStore& audit() { return m_audit; }
    SettingsStore& settings() { return m_settings; }
    FileVault& vault() { return *m_vault; }
    [[nodiscard]] const QString& folder() const { return m_folder; }

private:
    DeskStore(QString folder, std::shared_ptr<Database> database, std::unique_ptr<FileVault> vault, const Clock& clock);

    QString m_folder;
    std::shared_ptr<Database> m_database;
    UserStore m_users;
    TaskStore m_tasks;
    ClaimStore m_claims;
    ConflictStore m_conflicts;
    StudyStore m_studies;
    DraftStore m_drafts;
    OutboxStore m_outbox;
    AuditStore m_audit;
    ReportStore m_reports;
    SettingsStore m_settings;
    std::unique_ptr<FileVault> m_vault;
};

} // namespace yz
