#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QSysInfo>
#include <mutex>

namespace yz {

/// Passwords, tokens and private keys of this desk for the servers it talks to: name -> bytes, in one file that is
/// encrypted as a whole (AES-256-GCM). Its key is derived (HKDF-SHA-256) from a random key file of this desk and the
/// identity of this machine. That keeps the secrets out of site files, exports, backups of the database and copies of
/// the folder on another machine; it does not keep them from who may read the whole disk of this one. Thread-safe.
class SecretStore {
public:
    /// `folder`: the desk's; keys/desk.key and keys/`file` live in it and are made when first written. `machine`: what
    /// tells this machine from others.
    explicit SecretStore(QString folder, QString file = QStringLiteral("secrets.bin"),
                         QByteArray machine = QSysInfo::machineUniqueId());

    /// NotFound; KeyUnavailable when the file is there but does not open with this desk's key (another machine, key
    /// lost, file changed).
    [[nodiscard]] Result<QByteArray> get(const QString& name) const;
    /// An empty value removes the name. DiskFull, FileUnwritable, KeyUnavailable.
    [[nodiscard]] Status set(const QString& name, const QByteArray& value);
    /// Several at once: all of them or, on an error, none.
    [[nodiscard]] Status set(const QMap<QString, QByteArray>& values);
    /// All there is, with `bytes` random bytes under `name`: where nothing is kept under it they are made, with
    /// `beside` next to them, once even if several processes ask at the same time. After success a power cut takes
    /// nothing of it back. DiskFull, FileUnwritable, KeyUnavailable.
    [[nodiscard]] Result<QMap<QString, QByteArray>> getOrMake(const QString& name, qsizetype bytes,
                                                              const QMap<QString, QByteArray>& beside = {});
    [[nodiscard]] Result<QStringList> names() const;

private:
    using Entries = QMap<QString, QByteArray>;
    [[nodiscard]] Result<Entries> read() const;
    [[nodiscard]] Status write(const Entries& entries) const;
    [[nodiscard]] Result<QByteArray> key(bool make) const;

    [[nodiscard]] QString filePath() const;

    QString m_folder;
    QString m_file;
    QByteArray m_machine;
    mutable std::mutex m_mutex;
};

} // namespace yz
