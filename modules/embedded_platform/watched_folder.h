#pragma once

#include "embedded_platform/object_intake.h"
#include "embedded_platform/task_desk.h"

#include <QDateTime>
#include <QHash>

namespace yz::platform {

/// The township's upload: what is dropped into the folder becomes studies. A file is taken when it kept its size from
/// one look to the next, and removed once it is in the archive; broken ones go to the set-aside folder with the reason.
/// `order.json` beside or above the files says what was ordered; `withdraw/<study UID>` takes a study back.
class WatchedFolder {
public:
    WatchedFolder(QString folder, QString setAsideFolder, ObjectIntake& intake, ArchiveStore& archive, TaskDesk& desk);
    /// One look; called from one thread at regular times.
    void look();

private:
    struct Seen {
        qint64 size = -1;
        QDateTime changed;
    };
    void takeWithdrawals();
    void takeFile(const QString& path);
    void takeOrder(const QString& path);
    void setAside(const QString& path, const Error& why);
    [[nodiscard]] bool isStable(const QString& path);

    QString m_folder, m_setAsideFolder;
    ObjectIntake& m_intake;
    ArchiveStore& m_archive;
    TaskDesk& m_desk;
    QHash<QString, Seen> m_seen;
    QHash<QString, QString> m_studyOfFolder;
};

/// Takes every DICOM file below `folder` into the index where it lies; nothing in the folder is changed.
struct ImportSummary {
    int taken = 0;
    int known = 0;
    int refused = 0; ///< DICOM by its mark, but not usable
    int ignored = 0; ///< no DICOM
};
[[nodiscard]] ImportSummary importFolder(const QString& folder, ObjectIntake& intake);

/// The nearest order.json at or above the file, up to `root`; empty when there is none.
[[nodiscard]] QJsonObject orderBeside(const QString& path, const QString& root);

} // namespace yz::platform
