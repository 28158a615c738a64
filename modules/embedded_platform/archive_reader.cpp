#include "embedded_platform/archive_reader.h"

#include "embedded_platform/attributes.h"
#include "embedded_platform/order_matching.h"
#include "embedded_platform/task_desk.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <span>

namespace yz::platform {

namespace {

const DcmTagKey kListTags[] = {{0x0008, 0x0020}, {0x0008, 0x0030}, {0x0020, 0x1208}};
// What every archive has at hand; the first ten also of the other studies of the patient.
const DcmTagKey kStudyTags[] = {
    {0x0008, 0x0020}, {0x0008, 0x0030}, {0x0008, 0x0050}, {0x0008, 0x0061}, {0x0008, 0x1030}, {0x0010, 0x0010},
    {0x0010, 0x0020}, {0x0010, 0x0021}, {0x0010, 0x0030}, {0x0010, 0x0040}, {0x0008, 0x0080}, {0x0008, 0x0090},
    {0x0008, 0x0201}, {0x0008, 0x1080}, {0x0010, 0x1010}, {0x0032, 0x1032}, {0x0032, 0x1033}, {0x0032, 0x1060}};
constexpr size_t kOfOthers = 10;
const DcmTagKey kSeriesTags[] = {{0x0008, 0x0060}, {0x0008, 0x103E}, {0x0008, 0x0080},
                                 {0x0018, 0x0015}, {0x0020, 0x0011}, {0x0020, 0x1209}};

std::unique_ptr<DcmDataset> keysOf(const char* level) {
    auto keys = std::make_unique<DcmDataset>();
    // Also says what we read: some answer in the character set of the question.
    putText(*keys, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    putText(*keys, DCM_QueryRetrieveLevel, QLatin1String(level));
    keys->insertEmptyElement(DCM_StudyInstanceUID);
    return keys;
}

/// -1 where nothing is said.
qint64 numberIn(DcmItem& row, const DcmTagKey& tag) {
    bool isNumber = false;
    const qint64 number = textOf(row, tag).trimmed().toLongLong(&isNumber);
    return isNumber && number >= 0 ? number : -1;
}

QString uidIn(DcmItem& row, const DcmTagKey& tag) { return textOf(row, tag).trimmed(); }

int seriesNumber(DcmItem& row) { return textOf(row, DCM_SeriesNumber).trimmed().toInt(); }

ArchivedStudy studyOfRow(DcmItem& row) {
    ArchivedStudy study;
    study.studyUid = uidIn(row, DCM_StudyInstanceUID);
    study.attributes = attributesOf(row, kStudyTags);
    study.patientId = study.attributes[QStringLiteral("00100020")].toString();
    study.modalities = study.attributes.take(QStringLiteral("00080061")).toString().split(u'\\', Qt::SkipEmptyParts);
    for (QString& modality : study.modalities)
        modality = modality.trimmed();
    return study;
}

/// "Wang^Ming=^": nothing was left of the second group.
bool isCutGroup(const QString& group) {
    return std::none_of(group.begin(), group.end(), [](QChar c) { return c.isLetterOrNumber() || c.isSurrogate(); }) ||
           group.contains(QChar::ReplacementCharacter);
}

/// The groups that came whole; one that is empty stays, as it says that the next is another.
QString wholeGroups(const QString& name, bool& isCut) {
    QStringList groups = name.split(u'=');
    isCut = name.isEmpty();
    for (QString& group : groups)
        if (!group.isEmpty() && isCutGroup(group)) {
            isCut = true;
            group.clear();
        }
    while (!groups.isEmpty() && groups.constLast().isEmpty())
        groups.removeLast();
    return groups.join(u'=');
}

} // namespace

Result<Matches> ArchiveReader::list(const QString& dateKey, const QString& timeKey, const QString& studyUid) {
    const auto keys = keysOf("STUDY");
    for (const DcmTagKey& tag : kListTags)
        keys->insertEmptyElement(tag);
    putText(*keys, DCM_StudyDate, dateKey);
    putText(*keys, DCM_StudyTime, timeKey);
    putText(*keys, DCM_StudyInstanceUID, studyUid);
    return m_port.find(*keys);
}

Result<std::vector<DataSetPtr>> ArchiveReader::series(const QString& studyUid) {
    const auto keys = keysOf("SERIES");
    for (const DcmTagKey& tag : kSeriesTags)
        keys->insertEmptyElement(tag);
    keys->insertEmptyElement(DCM_SeriesInstanceUID);
    putText(*keys, DCM_StudyInstanceUID, studyUid);
    Result<Matches> found = m_port.find(*keys);
    if (!found)
        return fail(found.error());
    std::vector<DataSetPtr> rows;
    for (DataSetPtr& row : found->rows)
        if (const QString owner = uidIn(*row, DCM_StudyInstanceUID); owner.isEmpty() || owner == studyUid)
            rows.push_back(std::move(row));
    std::stable_sort(rows.begin(), rows.end(), [](const DataSetPtr& a, const DataSetPtr& b) {
        return std::pair(seriesNumber(*a), uidIn(*a, DCM_SeriesInstanceUID)) <
               std::pair(seriesNumber(*b), uidIn(*b, DCM_SeriesInstanceUID));
    });
    return rows;
}

Result<qint64> ArchiveReader::instancesOf(DcmDataset& row) {
    if (const qint64 said = numberIn(row, DCM_NumberOfStudyRelatedInstances); said >= 0)
        return said;
    const QString study = uidIn(row, DCM_StudyInstanceUID);
    const Result<std::vector<DataSetPtr>> all = series(study);
    if (!all)
        return fail(all.error());
    qint64 count = 0;
    for (const DataSetPtr& one : *all) {
        if (const qint64 said = numberIn(*one, DCM_NumberOfSeriesRelatedInstances); said >= 0) {
            count += said;
            continue;
        }
        const auto keys = keysOf("IMAGE");
        putText(*keys, DCM_StudyInstanceUID, study);
        putText(*keys, DCM_SeriesInstanceUID, uidIn(*one, DCM_SeriesInstanceUID));
        keys->insertEmptyElement(DCM_SOPInstanceUID);
        const Result<Matches> images = m_port.find(*keys);
        if (!images)
            return fail(images.error());
        count += static_cast<qint64>(images->rows.size());
    }
    return count;
}

Result<std::optional<ArchivedStudy>> ArchiveReader::study(const QString& studyUid) {
    const auto keys = keysOf("STUDY");
    for (const DcmTagKey& tag : kStudyTags)
        keys->insertEmptyElement(tag);
    putText(*keys, DCM_StudyInstanceUID, studyUid);
    const Result<Matches> found = m_port.find(*keys);
    if (!found)
        return fail(found.error());
    const auto its = std::find_if(found->rows.begin(), found->rows.end(),
                                  [&](const DataSetPtr& row) { return uidIn(*row, DCM_StudyInstanceUID) == studyUid; });
    const Result<std::vector<DataSetPtr>> all = its == found->rows.end() ? std::vector<DataSetPtr>() : series(studyUid);
    if (!all)
        return fail(all.error());
    if (all->empty())
        return std::optional<ArchivedStudy>();
    ArchivedStudy study = studyOfRow(**its);
    const QString nameTag = QStringLiteral("00100010");
    bool isCut = false;
    study.attributes.insert(nameTag, wholeGroups(study.attributes[nameTag].toString(), isCut));
    m_hasCutNames = m_hasCutNames || isCut;
    study.modalities.clear();
    for (const DataSetPtr& one : *all) {
        const QString modality = textOf(*one, DCM_Modality).trimmed();
        if (!modality.isEmpty() && !study.modalities.contains(modality))
            study.modalities.append(modality);
        if (study.firstSeries.isEmpty() && modality == imageModality(study))
            study.firstSeries = attributesOf(*one, kSeriesTags);
    }
    const QString institution = QStringLiteral("00080080");
    if (!study.attributes.contains(institution) && study.firstSeries.contains(institution))
        study.attributes.insert(institution, study.firstSeries[institution]);
    return std::optional(std::move(study));
}

Result<std::vector<ArchivedStudy>> ArchiveReader::othersOf(const ArchivedStudy& study) {
    std::vector<ArchivedStudy> others;
    if (!isPlainKey(study.patientId))
        return others;
    const auto keys = keysOf("STUDY");
    for (const DcmTagKey& tag : std::span(kStudyTags).first(kOfOthers))
        keys->insertEmptyElement(tag);
    putText(*keys, DCM_PatientID, study.patientId);
    const Result<Matches> found = m_port.find(*keys);
    if (!found)
        return fail(found.error());
    for (const DataSetPtr& row : found->rows)
        if (ArchivedStudy other = studyOfRow(*row); isUsableUid(other.studyUid) && other.studyUid != study.studyUid &&
                                                    isSamePatient(study.attributes, other.attributes))
            others.push_back(std::move(other));
    return others;
}

} // namespace yz::platform
