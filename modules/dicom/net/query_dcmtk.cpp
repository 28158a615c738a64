#include "dicom/net/query_dcmtk.h"

#include "dicom/net/data_set_dcmtk.h"

#include <dcmtk/dcmdata/dcdeftag.h>

namespace yz {

namespace {

constexpr int kMaxAnswers = 200'000;

bool isPending(int status) { return status == 0xFF00 || status == 0xFF01; }

} // namespace

Status runFind(Association& association, const AcceptedContext& context, DcmDataset& identifier,
               const std::function<Status(DcmDataset&)>& onMatch) {
    DimseMessage request;
    request.command = Dimse::CFindRq;
    request.affectedSopClass = context.abstractSyntax;
    request.messageId = association.nextMessageId();
    request.withPriority = true;
    if (const Status set = setDataSet(context, identifier, request); !set)
        return set;
    if (const Status sent = association.send(request); !sent)
        return sent;
    for (int answers = 0; answers < kMaxAnswers; ++answers) {
        const Result<DimseMessage> response = association.receive();
        if (!response)
            return fail(response.error());
        if (response->command != Dimse::CFindRsp || response->respondedTo != request.messageId)
            return fail(ErrorCode::PeerError, QStringLiteral("unexpected message during C-FIND"));
        if (!isPending(response->status)) {
            if (response->status != 0)
                return fail(statusError(response->status, QStringLiteral("C-FIND")));
            return {};
        }
        const Result<std::unique_ptr<DcmDataset>> match = dataSetOf(association, *response);
        if (!match)
            return fail(match.error());
        if (const Status taken = onMatch(**match); !taken)
            return taken;
    }
    return fail(ErrorCode::LimitExceeded, QStringLiteral("more than %1 answers").arg(kMaxAnswers));
}

Status putKeys(DcmDataset& identifier, const char* level, const std::vector<QueryKey>& keys) {
    bool ok = putText(identifier, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192")) &&
              putText(identifier, DCM_QueryRetrieveLevel, QLatin1String(level));
    for (const QueryKey& key : keys)
        ok = ok && (key.value.isEmpty() ? identifier.insertEmptyElement(key.tag).good()
                                        : putText(identifier, key.tag, key.value));
    if (!ok)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("query key refused"));
    return {};
}

} // namespace yz
