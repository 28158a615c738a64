#pragma once

#include "dicom/net/association.h"
#include "domain/ports.h"

#include <QStringList>

namespace yz {

/// What C-GET and C-MOVE have in common (PS3.4 C.4.2, C.4.3).

inline constexpr size_t kUidsPerRequest = 100;

/// The request at level STUDY, SERIES (series given) or IMAGE (instances given); its message id is set.
Result<DimseMessage> retrieveRequest(Dimse command, Association& association, const AcceptedContext& context,
                                     const StudyUid& study, const SeriesUid& series,
                                     const std::vector<InstanceUid>& instances);
/// What a final response says. StudyIncomplete (some sub-operations failed), Cancelled, CallingAeTitleRefused (C-MOVE:
/// the archive does not know where we are), PeerRefusedObject, PeerOutOfResources, PeerError. `what` names the
/// operation.
Status retrieveVerdict(const DimseMessage& response, const QString& what);
[[nodiscard]] bool isPending(const DimseMessage& response);

/// Whether an error is the line's: what was asked for may still come over another association.
[[nodiscard]] bool isLineError(ErrorCode code);

/// InvalidArgument for a request that names no study, or instances without their series.
Status checkRequest(const RetrieveRequest& request);
/// The objects a request asks for, in its order, with what is known of them. `known`: every object of the study, or
/// none.
[[nodiscard]] std::vector<InstanceRecord> wantedObjects(const RetrieveRequest& request,
                                                        const std::vector<InstanceRecord>& known);
/// True when it names its objects: any other that comes is dropped.
[[nodiscard]] bool namesObjects(const RetrieveRequest& request);

/// The first of `objects` that share a series, at most `most`.
[[nodiscard]] std::vector<InstanceUid> sameSeries(const std::vector<InstanceRecord>& objects, size_t most);

} // namespace yz
