#include "storage/desk_store.h"

#include "storage/schema.h"

#include <QDir>
#include <QFile>

namespace yz {

DeskStore::DeskStore(QString folder, std::shared_ptr<Database> database, std::unique_ptr<FileVault> vault,
                     const Clock& clock)
    : m_folder(std::move(folder)), m_database(std::move(database)), m_users(m_database, clock),
      m_tasks(m_database, clock), m_claims(m_database, clock), m_conflicts(m_database, clock),
      m_studies(m_database, clock), m_drafts(m_database, clock), m_outbox(m_database, clock),
      m_audit(m_database, clock), m_reports(m_database, clock), m_settings(m_database), m_vault(std::move(vault)) {}

Result<std::unique_ptr<DeskStore>> DeskStore::open(const QString& folder, const Clock& clock) {
    const QDir root(QDir(folder).absolutePath());
    const bool isNew = !root.exists();
    // SQLite makes sure of the names inside the folder, nobody else of the folder's own.
    if (const Status made = makeFolderDurably(root.path()); !made)
        return fail(made.error());
    if (isNew) // patient data: the owner's alone
        QFile::setPermissions(root.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    Result<std::shared_ptr<Database>> database =
        Database::open(root.absoluteFilePath(QStringLiteral("desk.db")), deskMigrations());
    if (!database)
        return fail(database.error());
    Result<std::unique_ptr<FileVault>> vault = FileVault::open(root.path());
    if (!vault)
        return fail(vault.error());
    return std::unique_ptr<DeskStore>(new DeskStore(root.path(), std::move(*database), std::move(*vault), clock));
}

} // namespace yz
