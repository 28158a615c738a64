#include "dicom/net/query_dcmtk.h"

#include "dicom/data/text_iconv.h"
#include "dicom/net/data_set_dcmtk.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>

namespace yz {

namespace {

constexpr int kMaxAnswers = 200'000;
constexpr qint64 kMaxAnswerBytes = 32LL << 20; // of all answers: what is kept of them is at most twice as much

bool isPending(int status) { return status == 0xFF00 || status == 0xFF01; }

bool putKey(DcmDataset& identifier, const QueryKey& key, KeyCharacterSet characterSet) {
    if (key.value.isEmpty())
        return identifier.insertEmptyElement(key.tag).good();
    if (characterSet == KeyCharacterSet::Utf8)
        return putText(identifier, key.tag, key.value);
    const QByteArray bytes = dicom::encodeText(dicom::CodeTable::Gb18030, key.value);
    return !bytes.isNull() &&
           identifier.putAndInsertOFStringArray(key.tag, OFString(bytes.constData(), static_cast<size_t>(bytes.size())))
               .good();
}

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
    qint64 bytes = 0;
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
        bytes += response->data.size();
        if (bytes > kMaxAnswerBytes)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("answers of more than %1 bytes").arg(kMaxAnswerBytes));
        const Result<std::unique_ptr<DcmDataset>> match = dataSetOf(association, *response);
        if (!match)
            return fail(match.error());
        if (const Status taken = onMatch(**match); !taken)
            return taken;
    }
    return fail(ErrorCode::LimitExceeded, QStringLiteral("more than %1 answers").arg(kMaxAnswers));
}

Status putKeys(DcmDataset& identifier, const char* level, const std::vector<QueryKey>& keys,
               KeyCharacterSet characterSet) {
    const QString term =
        characterSet == KeyCharacterSet::Utf8 ? QStringLiteral("ISO_IR 192") : QStringLiteral("GB18030");
    bool ok = putText(identifier, DCM_SpecificCharacterSet, term) &&
              putText(identifier, DCM_QueryRetrieveLevel, QLatin1String(level));
    for (const QueryKey& key : keys)
        ok = ok && putKey(identifier, key, characterSet);
    if (!ok)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("query key refused"));
    return {};
}

} // namespace yz
