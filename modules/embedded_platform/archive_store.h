#pragma once

#include "core/clock.h"
#include "core/ids.h"
#include "embedded_platform/negotiation.h"
#include "storage/database.h"

#include <QJsonObject>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

namespace yz::platform {

/// One object of the archive.
struct ArchivedInstance {
    QString instanceUid, sopClass, seriesUid, studyUid;
    QString transferSyntax;
    int number = 0;
    QString path;
    bool isOurs = true; ///< false: a file of an imported folder, read where it is
    qint64 size = 0;
    qint64 dataOffset = 0; ///< where the data set starts in the file
    QByteArray fileSha256;
};

struct ArchivedStudy {
    QString studyUid;
    QString patientId;
    QJsonObject attributes; ///< study and patient level
    QJsonObject order;      ///< what the township's order file said; empty when there was none
    QStringList modalities;
    QJsonObject firstSeries; ///< attributes of one image series: body part, institution
    bool isWithdrawn = false;
};

/// The index of studies, series and instances. Thread-safe.
class ArchiveStore {
public:
    ArchiveStore(std::shared_ptr<Database> database, const Clock& clock);

    struct NewInstance {
        ArchivedInstance instance;
        QString modality;
        QJsonObject studyAttributes, seriesAttributes, instanceAttributes;
        QJsonObject order;     ///< empty: keep what is there
        bool isReport = false; ///< reports and other derived objects do not make a study unsettled
    };
    /// AlreadyExists when the instance is there; StudyMismatch when its series belongs to another study.
    [[nodiscard]] Status add(const NewInstance& added);
    /// All in one transaction, or none.
    [[nodiscard]] Status addAll(const std::vector<NewInstance>& added);
    /// The file of an instance is now another one with the same data set.
    [[nodiscard]] Status setFile(const ArchivedInstance& instance);
    [[nodiscard]] Status setOrder(const QString& studyUid, const QJsonObject& order);

    [[nodiscard]] Result<std::optional<ArchivedInstance>> instance(const QString& instanceUid) const;
    [[nodiscard]] Result<bool> knowsPath(const QString& path) const;
    [[nodiscard]] Result<std::optional<ArchivedStudy>> study(const QString& studyUid) const;
    [[nodiscard]] Result<std::vector<ArchivedStudy>> studiesOf(const QString& patientId) const;

    /// Instances to send; empty lists do not restrict, but at least one list must be given.
    [[nodiscard]] Result<std::vector<ArchivedInstance>> select(const QStringList& studies, const QStringList& series,
                                                               const QStringList& instances) const;

    enum class Level { Study, Series, Image };
    struct Filter {
        QStringList studies, series, instances; ///< exact, empty: any
        QString patientId, accession;           ///< exact
    };
    /// Rows of a level with the attributes of the levels above; counts and lists are filled in.
    [[nodiscard]] Result<std::vector<QJsonObject>> rows(Level level, const Filter& filter) const;

    /// Studies whose last object came at or before `until` and that nobody has looked at since; they count as settled
    /// once `markSettled` was called.
    [[nodiscard]] Result<QStringList> quietStudies(const QDateTime& until) const;
    [[nodiscard]] Status markSettled(const QString& studyUid);
    [[nodiscard]] Status markWithdrawn(const QString& studyUid);
    [[nodiscard]] Result<StoredSyntaxes> storedSyntaxes() const;

private:
    [[nodiscard]] Status insert(Transaction& transaction, const NewInstance& added);

    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

} // namespace yz::platform
