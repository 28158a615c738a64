#include "session/presentation_service.h"

#include "session/site.h"
#include "storage/desk_store.h"

#include <QJsonArray>

namespace yz {

Result<ObjectOrigin> PresentationService::origin(const StudyUid& study, const User& user) {
    Result<StudyRecord> record = m_store.studies().study(study);
    if (!record)
        return fail(record.error());
    ObjectOrigin origin;
    int others = 0; // numbers count up through the reader's objects of the study
    for (const SeriesRecord& series : record->series)
        if (series.modality == QLatin1String("PR") || series.modality == QLatin1String("KO"))
            others += static_cast<int>(series.instances.size());
    origin.study = std::move(*record);
    origin.study.series.clear();
    origin.series = SeriesUid(m_uids.next());
    origin.instance = InstanceUid(m_uids.next());
    origin.instanceNumber = others + 1;
    origin.createdAt = m_clock.nowUtc();
    origin.creator = user.displayName;
    origin.institution = m_site.diagnosingHospital.isEmpty() ? user.hospital : m_site.diagnosingHospital;
    origin.isDemo = m_site.isDemo || user.isDemo;
    return origin;
}

Result<DataSetHeader> PresentationService::savePresentation(const StudyUid& study, const PresentationState& state,
                                                            const std::vector<ReferencedFrames>& images,
                                                            const User& user) {
    const Result<ObjectOrigin> from = origin(study, user);
    if (!from)
        return fail(from.error());
    PresentationState named = state;
    if (named.label.isEmpty()) // CS: what the reader calls it is the description
        named.label = QStringLiteral("READING %1").arg(from->instanceNumber);
    const Result<QByteArray> file = m_writer.encodePresentationState(*from, named, images);
    if (!file)
        return fail(file.error());
    return keep(*file, *from, named.kind == PresentationKind::Colour ? kColourStateClass : kGrayscaleStateClass, user);
}

Result<DataSetHeader> PresentationService::saveKeyObjects(const StudyUid& study, const KeyObjectSelection& selection,
                                                          const User& user) {
    const Result<ObjectOrigin> from = origin(study, user);
    if (!from)
        return fail(from.error());
    // The states that items name, with the series they lie in.
    const Result<StudyRecord> record = m_store.studies().study(study);
    if (!record)
        return fail(record.error());
    std::vector<ReferencedFrames> states;
    for (const SeriesRecord& series : record->series)
        for (const InstanceRecord& instance : series.instances)
            if (series.modality == QLatin1String("PR"))
                states.push_back({series.series, {instance.sopClass, instance.instance}, {}});
    const Result<QByteArray> file = m_writer.encodeKeyObjects(*from, selection, states);
    if (!file)
        return fail(file.error());
    return keep(*file, *from, kKeyObjectClass, user);
}

Result<DataSetHeader> PresentationService::keep(const QByteArray& file, const ObjectOrigin& origin,
                                                const SopClassUid& sopClass, const User& user) {
    // Read as anything that arrives: what is kept here can be read again.
    Result<DataSetHeader> header = m_pixels.readHeader(file);
    if (!header)
        return header;
    if (const Status belongs = m_store.studies().belongs(*header); !belongs)
        return fail(belongs.error());
    const StudyUid& study = origin.study.study;
    const Result<QString> path = m_store.vault().put(study, origin.instance, file);
    if (!path)
        return fail(path.error());
    header->instance.path = *path;
    const Result<StudyStore::Completeness> before = m_store.studies().completeness(study);
    if (!before)
        return fail(before.error());
    // The outbox first: an object that is shown here must never be one that nobody sends.
    OutboxItem item;
    item.kind = OutboxItem::Kind::StoreObjects;
    item.details = {
        {QStringLiteral("study"), study.value()},
        {QStringLiteral("objects"), QJsonArray{QJsonObject{{QStringLiteral("class"), sopClass.value()},
                                                           {QStringLiteral("series"), origin.series.value()},
                                                           {QStringLiteral("instance"), origin.instance.value()}}}}};
    if (const Result<qint64> queued = m_store.outbox().add(item); !queued)
        return fail(queued.error());
    if (const Status added = m_store.studies().add(*header); !added)
        return fail(added.error());
    // It is no part of what the platform has yet: the study is as complete as it was.
    if (before->expected >= 0)
        if (const Status noted = m_store.studies().setExpectedCount(study, before->expected + 1); !noted)
            return fail(noted.error());
    const AuditEntry audit{sopClass == kKeyObjectClass ? QStringLiteral("keyimages.saved")
                                                       : QStringLiteral("presentation.saved"),
                           user.id,
                           origin.instance.value(),
                           true,
                           {{QStringLiteral("study"), study.value()}}};
    if (const Status noted = m_store.audit().append(audit); !noted)
        return fail(noted.error());
    return header;
}

Result<std::vector<ObjectToSend>> objectsOf(const OutboxItem& item, const FileVault& vault) {
    std::vector<ObjectToSend> objects;
    const StudyUid study(item.details[u"study"].toString());
    for (const QJsonValue& value : item.details[u"objects"].toArray()) {
        ObjectToSend object{{SopClassUid(value[u"class"].toString()), InstanceUid(value[u"instance"].toString())},
                            study,
                            SeriesUid(value[u"series"].toString()),
                            {}};
        Result<QByteArray> file = vault.read(study, object.object.instance);
        if (!file)
            return file.error().code == ErrorCode::FileNotFound
                       ? fail(ErrorCode::NotFound, object.object.instance.value())
                       : fail(file.error());
        object.file = std::move(*file);
        objects.push_back(std::move(object));
    }
    if (objects.empty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("nothing to send"));
    return objects;
}

} // namespace yz
