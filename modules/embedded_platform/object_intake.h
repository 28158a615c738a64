#pragma once

#include "core/result.h"
#include "embedded_platform/archive_store.h"

#include <QJsonObject>
#include <array>
#include <mutex>
#include <vector>

namespace yz::platform {

/// Takes received objects into the archive: checked against the limits, written durably, then indexed. Thread-safe.
class ObjectIntake {
public:
    ObjectIntake(ArchiveStore& archive, QString filesFolder);

    /// A data set as it came over the network.
    struct Received {
        QByteArray dataSet;
        QString transferSyntax;
        QString sopClass, sopInstance; ///< of the request
        QString sender;                ///< AE title, noted in the file
    };
    enum class Outcome { Stored, Unchanged };
    /// AlreadyExists (another object has this UID), DiskFull, NotDicom, DataSet*, LimitExceeded, AttributeMissing,
    /// StudyMismatch, InvalidArgument (the request names another object).
    [[nodiscard]] Result<Outcome> take(const Received& received);

    struct FileOutcome {
        Outcome outcome = Outcome::Stored;
        QString studyUid, instanceUid;
    };
    /// A Part 10 file, copied into the archive. NotSupported: a DICOMDIR.
    [[nodiscard]] Result<FileOutcome> takeFile(const QString& path, const QJsonObject& order = {});

    struct FileToIndex {
        QString path;
        QJsonObject order;
    };
    /// Part 10 files indexed where they are and never written to, many in one transaction. One result for each.
    [[nodiscard]] std::vector<Result<FileOutcome>> indexFiles(const std::vector<FileToIndex>& files);

    /// Makes files and index agree after a crash: a complete file that was not indexed yet is taken in, a temporary one
    /// is removed. Returns how many were taken in.
    [[nodiscard]] Result<int> reconcile();

    /// The data set of an archived object, and whether the file still is what was received.
    [[nodiscard]] static Result<QByteArray> readDataSet(const ArchivedInstance& instance);
    [[nodiscard]] static Status verifyFile(const ArchivedInstance& instance);

private:
    struct Part10 {
        QByteArray meta; ///< preamble to the end of group 0002
        QByteArray dataSet;
        QString transferSyntax;
        QString sopClass, sopInstance;
    };
    struct ReadFile {
        QByteArray bytes;
        Part10 part;
        ArchiveStore::NewInstance added;
    };
    [[nodiscard]] static Result<Part10> splitFile(const QByteArray& bytes);
    [[nodiscard]] Result<ReadFile> readPart10(const QString& path, const QJsonObject& order) const;
    [[nodiscard]] Status meetKnown(const ArchivedInstance& known, const ReadFile& file, const QString& path);
    [[nodiscard]] Result<ArchiveStore::NewInstance> describe(const QByteArray& dataSet,
                                                             const QString& transferSyntax) const;
    [[nodiscard]] Result<Outcome> compareWith(const ArchivedInstance& known, const QByteArray& dataSet,
                                              const QString& transferSyntax) const;
    [[nodiscard]] QString pathOf(const ArchivedInstance& instance) const;
    [[nodiscard]] std::mutex& lockOf(const QString& instanceUid);

    ArchiveStore& m_archive;
    QString m_filesFolder;
    std::array<std::mutex, 16> m_locks; ///< two senders of one instance wait for each other
};

/// Reports, presentation states and key object selections: not images to be read.
[[nodiscard]] bool isDerivedObject(const QString& sopClass);
[[nodiscard]] bool isStructuredReport(const QString& sopClass);

} // namespace yz::platform
