#include "dicom/net/retrieve_request.h"

#include "dicom/net/query_dcmtk.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>
#include <map>

namespace yz {

namespace {

constexpr int kSuccess = 0x0000;
constexpr int kPending = 0xFF00;
constexpr int kCancelled = 0xFE00;
constexpr int kSomeFailed = 0xB000;
constexpr int kDestinationUnknown = 0xA801;

} // namespace

Result<DimseMessage> retrieveRequest(Dimse command, Association& association, const AcceptedContext& context,
                                     const StudyUid& study, const SeriesUid& series,
                                     const std::vector<InstanceUid>& instances) {
    QStringList uids;
    for (const InstanceUid& instance : instances)
        uids.append(instance.value());
    const char* level = !uids.isEmpty() ? "IMAGE" : !series.isEmpty() ? "SERIES" : "STUDY";
    std::vector<QueryKey> keys{{DCM_StudyInstanceUID, study.value()}};
    if (!series.isEmpty())
        keys.push_back({DCM_SeriesInstanceUID, series.value()});
    if (!uids.isEmpty())
        keys.push_back({DCM_SOPInstanceUID, uids.join(u'\\')});
    DcmDataset identifier;
    if (const Status put = putKeys(identifier, level, keys); !put)
        return fail(put.error());
    DimseMessage request;
    request.command = command;
    request.affectedSopClass = context.abstractSyntax;
    request.withPriority = true;
    request.messageId = association.nextMessageId();
    if (const Status set = setDataSet(context, identifier, request); !set)
        return fail(set.error());
    return request;
}

bool isPending(const DimseMessage& response) { return response.status == kPending; }

Status retrieveVerdict(const DimseMessage& response, const QString& what) {
    switch (response.status) {
    case kSuccess:
        return {};
    case kSomeFailed:
        return fail(ErrorCode::StudyIncomplete,
                    QStringLiteral("%1 objects could not be sent").arg(response.failed.value_or(0)));
    case kCancelled:
        return fail(ErrorCode::Cancelled);
    case kDestinationUnknown:
        return fail(ErrorCode::CallingAeTitleRefused, what + QStringLiteral(": destination unknown"));
    default:
        return fail(statusError(response.status, what));
    }
}

bool isLineError(ErrorCode code) {
    return code == ErrorCode::PlatformUnreachable || code == ErrorCode::NetworkTimeout ||
           code == ErrorCode::AssociationAborted;
}

Status checkRequest(const RetrieveRequest& request) {
    const bool isNamed = std::all_of(request.listed.begin(), request.listed.end(), [](const InstanceRecord& object) {
        return !object.series.isEmpty() && !object.instance.isEmpty();
    });
    if (request.study.isEmpty() || (!request.instances.empty() && request.series.isEmpty()) || !isNamed)
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("study, and series for single instances, must be given"));
    return {};
}

std::vector<InstanceRecord> wantedObjects(const RetrieveRequest& request, const std::vector<InstanceRecord>& known) {
    if (!request.listed.empty())
        return request.listed;
    std::vector<InstanceRecord> wanted;
    if (request.instances.empty()) {
        std::copy_if(known.begin(), known.end(), std::back_inserter(wanted), [&](const InstanceRecord& record) {
            return request.series.isEmpty() || record.series == request.series;
        });
        return wanted;
    }
    std::map<InstanceUid, const InstanceRecord*> byName;
    for (const InstanceRecord& record : known)
        byName[record.instance] = &record;
    for (const InstanceUid& instance : request.instances) {
        InstanceRecord object;
        if (const auto it = byName.find(instance); it != byName.end())
            object = *it->second;
        object.study = request.study;
        object.series = request.series;
        object.instance = instance;
        wanted.push_back(std::move(object));
    }
    return wanted;
}

bool namesObjects(const RetrieveRequest& request) { return !request.listed.empty() || !request.instances.empty(); }

std::vector<InstanceUid> sameSeries(const std::vector<InstanceRecord>& objects, size_t most) {
    std::vector<InstanceUid> names;
    for (const InstanceRecord& object : objects) {
        if (names.size() == most || object.series != objects.front().series)
            break;
        names.push_back(object.instance);
    }
    return names;
}

} // namespace yz
