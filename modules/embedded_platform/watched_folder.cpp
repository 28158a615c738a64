#include "embedded_platform/watched_folder.h"

#include "core/log.h"
#include "storage/file_vault.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>

namespace yz::platform {

namespace {

constexpr const char* kOrderFile = "order.json";

/// Files that come along with a study and are none of its objects.
bool isSidecar(const QString& name) {
    return name.endsWith(u".json", Qt::CaseInsensitive) || name.endsWith(u".txt", Qt::CaseInsensitive) ||
           name.endsWith(u".part") || name.endsWith(u".tmp") || name.startsWith(u'.');
}

QJsonObject readOrder(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.read(1024 * 1024)).object();
}

void removeEmptyFolders(const QString& root) {
    QStringList folders;
    QDirIterator all(root, QDir::Dirs | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
    while (all.hasNext())
        folders.prepend(all.next());
    std::sort(folders.begin(), folders.end(), [](const QString& a, const QString& b) { return a.size() > b.size(); });
    for (const QString& folder : std::as_const(folders)) {
        const QStringList left = QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
        const bool isOld = QFileInfo(folder).lastModified().secsTo(QDateTime::currentDateTime()) > 60;
        if (left.isEmpty() && isOld)
            QDir().rmdir(folder);
    }
}

} // namespace

QJsonObject orderBeside(const QString& path, const QString& root) {
    QDir folder(QFileInfo(path).absolutePath());
    const QString top = QDir(root).absolutePath();
    for (;;) {
        if (folder.exists(QLatin1String(kOrderFile)))
            return readOrder(folder.absoluteFilePath(QLatin1String(kOrderFile)));
        if (folder.absolutePath() == top || !folder.absolutePath().startsWith(top) || !folder.cdUp())
            return {};
    }
}

WatchedFolder::WatchedFolder(QString folder, QString setAsideFolder, ObjectIntake& intake, ArchiveStore& archive,
                             TaskDesk& desk)
    : m_folder(std::move(folder)), m_setAsideFolder(std::move(setAsideFolder)), m_intake(intake), m_archive(archive),
      m_desk(desk) {}

bool WatchedFolder::isStable(const QString& path) {
    const QFileInfo info(path);
    Seen& seen = m_seen[path];
    const bool same = seen.size == info.size() && seen.changed == info.lastModified();
    seen = {info.size(), info.lastModified()};
    return same;
}

void WatchedFolder::look() {
    takeWithdrawals();
    QStringList found;
    QStringList orders;
    const QString withdrawals = m_folder + QStringLiteral("/withdraw/");
    QDirIterator files(m_folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        const QString name = QFileInfo(path).fileName();
        if (name == QLatin1String(kOrderFile))
            orders.append(path);
        else if (!path.startsWith(withdrawals) && !isSidecar(name))
            found.append(path);
    }
    std::sort(found.begin(), found.end());
    for (const QString& path : std::as_const(found))
        if (isStable(path))
            takeFile(path);
    for (const QString& path : std::as_const(orders))
        if (isStable(path))
            takeOrder(path);
    for (auto it = m_seen.begin(); it != m_seen.end();)
        it = QFile::exists(it.key()) ? std::next(it) : m_seen.erase(it);
    removeEmptyFolders(m_folder);
}

void WatchedFolder::takeFile(const QString& path) {
    const QJsonObject order = orderBeside(path, m_folder);
    const Result<ObjectIntake::FileOutcome> taken = m_intake.takeFile(path, order);
    if (taken) {
        m_studyOfFolder.insert(QFileInfo(path).absolutePath(), taken->studyUid);
        QFile::remove(path);
        return;
    }
    switch (taken.error().code) {
    case ErrorCode::NotSupported: // a DICOMDIR lists files, it is none of the study's
        QFile::remove(path);
        return;
    case ErrorCode::DiskFull:
    case ErrorCode::FileUnwritable:
    case ErrorCode::DatabaseError:
    case ErrorCode::DatabaseBusy:
        qCWarning(logPlatform).noquote() << "upload waits:" << taken.error().toString();
        return;
    case ErrorCode::FileNotFound:
        return;
    default:
        setAside(path, taken.error());
    }
}

void WatchedFolder::takeOrder(const QString& path) {
    const QString folder = QFileInfo(path).absolutePath();
    const QStringList others = QDir(folder).entryList(QDir::Files);
    for (const QString& name : others)
        if (!isSidecar(name))
            return; // still needed by a file beside it
    const QJsonObject order = readOrder(path);
    const QString named = order["studyUid"].toString();
    const QString studyUid = named.isEmpty() ? m_studyOfFolder.value(folder) : named;
    const Result<std::optional<ArchivedStudy>> study = m_archive.study(studyUid);
    if (!study || !*study)
        return; // the files may be on their way
    if (const Status kept = m_archive.setOrder(studyUid, order); kept)
        QFile::remove(path);
}

void WatchedFolder::setAside(const QString& path, const Error& why) {
    QDir().mkpath(m_setAsideFolder);
    const QString name = QFileInfo(path).fileName();
    QString target = m_setAsideFolder + u'/' + name;
    for (int i = 2; QFile::exists(target); ++i)
        target = m_setAsideFolder + u'/' + QStringLiteral("%1-%2").arg(i).arg(name);
    if (!QFile::rename(path, target)) {
        qCWarning(logPlatform) << "broken file cannot be set aside";
        return;
    }
    const QJsonObject reason{{"file", QDir(m_folder).relativeFilePath(path)},
                             {"code", errorName(why.code)},
                             {"text", why.detail},
                             {"at", QDateTime::currentDateTimeUtc().toString(Qt::ISODate)}};
    const QString reasonFile = target + QStringLiteral(".reason.json");
    if (const Status written = writeFileDurably(reasonFile, QJsonDocument(reason).toJson()); !written)
        qCWarning(logPlatform).noquote() << "reason not written:" << written.error().toString();
}

void WatchedFolder::takeWithdrawals() {
    const QDir folder(m_folder + QStringLiteral("/withdraw"));
    const QStringList names = folder.entryList(QDir::Files);
    for (const QString& name : names) {
        QFile file(folder.absoluteFilePath(name));
        QString reason;
        if (file.open(QIODevice::ReadOnly))
            reason = QString::fromUtf8(file.read(1024)).trimmed();
        file.close();
        const Status done =
            m_desk.withdrawStudy(name, reason.isEmpty() ? QStringLiteral("withdrawn by the sender") : reason.left(64));
        if (!done && done.error().code != ErrorCode::NotFound) {
            qCWarning(logPlatform).noquote() << "withdrawal:" << done.error().toString();
            continue;
        }
        if (!done)
            setAside(file.fileName(), done.error());
        else
            file.remove();
    }
}

ImportSummary importFolder(const QString& folder, ObjectIntake& intake) {
    ImportSummary summary;
    QStringList found;
    QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories | QDirIterator::FollowSymlinks);
    while (files.hasNext())
        found.append(files.next());
    std::sort(found.begin(), found.end());
    QHash<QString, QJsonObject> orders; // by folder
    std::vector<ObjectIntake::FileToIndex> toIndex;
    for (const QString& path : std::as_const(found)) {
        if (isSidecar(QFileInfo(path).fileName())) {
            ++summary.ignored;
            continue;
        }
        const QString parent = QFileInfo(path).absolutePath();
        if (!orders.contains(parent))
            orders.insert(parent, orderBeside(path, folder));
        toIndex.push_back({QFileInfo(path).absoluteFilePath(), orders.value(parent)});
    }
    const std::vector<Result<ObjectIntake::FileOutcome>> results = intake.indexFiles(toIndex);
    for (size_t i = 0; i < results.size(); ++i) {
        if (results[i]) {
            ++(results[i]->outcome == ObjectIntake::Outcome::Stored ? summary.taken : summary.known);
        } else if (results[i].error().code == ErrorCode::NotDicom ||
                   results[i].error().code == ErrorCode::NotSupported) {
            ++summary.ignored;
        } else {
            ++summary.refused;
            qCWarning(logPlatform).noquote()
                << "not imported:" << QFileInfo(toIndex[i].path).fileName() << results[i].error().toString();
        }
    }
    return summary;
}

} // namespace yz::platform
