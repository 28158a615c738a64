#include "embedded_platform/query_service.h"

#include "core/log.h"
#include "embedded_platform/matching.h"

#include <optional>

namespace yz::platform {

namespace {

std::optional<ArchiveStore::Level> levelOf(DcmDataset& keys) {
    const QString level = textOf(keys, DCM_QueryRetrieveLevel).trimmed();
    if (level == u"STUDY")
        return ArchiveStore::Level::Study;
    if (level == u"SERIES")
        return ArchiveStore::Level::Series;
    if (level == u"IMAGE")
        return ArchiveStore::Level::Image;
    return std::nullopt;
}

QStringList uidsOf(DcmDataset& keys, const DcmTagKey& tag) {
    const QString text = textOf(keys, tag);
    return text.contains(u'*') ? QStringList() : text.split(u'\\', Qt::SkipEmptyParts);
}

/// A key the index can compare by itself.
QString exactKey(DcmDataset& keys, const DcmTagKey& tag) {
    const QString text = textOf(keys, tag);
    return text.contains(u'*') || text.contains(u'?') || text.contains(u'\\') ? QString() : text;
}

DataSetPtr dataSetOf(const QJsonObject& attributes) {
    auto dataSet = std::make_unique<DcmDataset>();
    for (auto it = attributes.begin(); it != attributes.end(); ++it) {
        const uint tag = it.key().toUInt(nullptr, 16);
        putText(*dataSet, DcmTagKey(static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF)),
                it.value().toString());
    }
    return dataSet;
}

} // namespace

quint16 QueryService::find(DcmDataset& keys, const QString& aeTitle,
                           const std::function<bool(DcmDataset&)>& found) const {
    DataSetPtr wanted = copyOf(keys);
    toUtf8(wanted);
    const std::optional<ArchiveStore::Level> level = levelOf(*wanted);
    if (!level)
        return 0xA900;
    ArchiveStore::Filter filter;
    filter.studies = uidsOf(*wanted, DCM_StudyInstanceUID);
    filter.series = uidsOf(*wanted, DCM_SeriesInstanceUID);
    filter.instances = uidsOf(*wanted, DCM_SOPInstanceUID);
    filter.patientId = exactKey(*wanted, DCM_PatientID);
    filter.accession = exactKey(*wanted, DCM_AccessionNumber);
    const Result<std::vector<QJsonObject>> rows = m_archive.rows(*level, filter);
    if (!rows) {
        qCWarning(logPlatform).noquote() << "query:" << rows.error().toString();
        return 0xC000;
    }
    for (const QJsonObject& row : *rows) {
        const DataSetPtr stored = dataSetOf(row);
        if (!dataSetMatches(*wanted, *stored))
            continue;
        DcmDataset match;
        copyRequested(*wanted, *stored, match);
        putText(match, DCM_QueryRetrieveLevel, textOf(*wanted, DCM_QueryRetrieveLevel));
        putText(match, DCM_RetrieveAETitle, aeTitle);
        putText(match, DCM_InstanceAvailability, QStringLiteral("ONLINE"));
        putText(match, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
        if (!found(match))
            return 0xFE00;
    }
    return 0;
}

} // namespace yz::platform
