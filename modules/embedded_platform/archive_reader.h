#pragma once

#include "embedded_platform/archive_store.h"
#include "embedded_platform/query_client.h"

namespace yz::platform {

/// What the studies of another archive are, asked by C-FIND in the Study Root (PS3.4 C.6.2). Nothing it answers is
/// taken for a study that was not asked for. Errors as QueryPort.
class ArchiveReader {
public:
    explicit ArchiveReader(QueryPort& port) : m_port(port) {}

    /// Study-level rows with UID, date, time and number of instances. Empty keys: any.
    [[nodiscard]] Result<Matches> list(const QString& dateKey, const QString& timeKey, const QString& studyUid);
    /// Number of instances of a row of `list`; counted from its series and images where the archive does not say.
    [[nodiscard]] Result<qint64> instancesOf(DcmDataset& row);
    /// Everything a task is made of. Null: it is not there, or without series.
    [[nodiscard]] Result<std::optional<ArchivedStudy>> study(const QString& studyUid);
    /// The patient's other studies: the same ID, and nothing that contradicts.
    [[nodiscard]] Result<std::vector<ArchivedStudy>> othersOf(const ArchivedStudy& study);

    /// Whether a name came without some of its characters: the archive answers in a character set that lacks them
    /// (Orthanc always uses its DefaultEncoding). Such groups of the name are left out.
    [[nodiscard]] bool hasCutNames() const { return m_hasCutNames; }

private:
    [[nodiscard]] Result<std::vector<DataSetPtr>> series(const QString& studyUid);

    QueryPort& m_port;
    bool m_hasCutNames = false;
};

} // namespace yz::platform
