#include "dicom/net/dimse_message_dcmtk.h"

#include "dicom/net/data_set_dcmtk.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <QtEndian>

namespace yz {

namespace {

constexpr Uint16 kNoDataSet = 0x0101;
constexpr Uint16 kDataSet = 0x0001;
constexpr Uint16 kMediumPriority = 0x0000;

bool putNumber(DcmDataset& set, const DcmTagKey& tag, const std::optional<int>& value) {
    return !value || set.putAndInsertUint16(tag, static_cast<Uint16>(*value)).good();
}

bool putUid(DcmDataset& set, const DcmTagKey& tag, const QString& value) {
    return value.isEmpty() || set.putAndInsertString(tag, value.toLatin1().constData()).good();
}

std::optional<int> numberOf(DcmDataset& set, const DcmTagKey& tag) {
    Uint16 value = 0;
    if (set.findAndGetUint16(tag, value).bad())
        return std::nullopt;
    return value;
}

} // namespace

Result<QByteArray> encodeCommand(const DimseMessage& message) {
    DcmDataset set;
    const bool cancel = message.command == Dimse::CCancelRq;
    const bool response = message.isResponse();
    bool ok = putUid(set, DCM_AffectedSOPClassUID, message.affectedSopClass) &&
              putUid(set, DCM_RequestedSOPClassUID, message.requestedSopClass) &&
              putNumber(set, DCM_CommandField, static_cast<int>(message.command)) &&
              putUid(set, DCM_MoveDestination, message.moveDestination) &&
              putUid(set, DCM_AffectedSOPInstanceUID, message.affectedInstance) &&
              putUid(set, DCM_RequestedSOPInstanceUID, message.requestedInstance) &&
              putNumber(set, DCM_EventTypeID, message.eventType) &&
              putNumber(set, DCM_ActionTypeID, message.actionType) &&
              putNumber(set, DCM_NumberOfRemainingSuboperations, message.remaining) &&
              putNumber(set, DCM_NumberOfCompletedSuboperations, message.completed) &&
              putNumber(set, DCM_NumberOfFailedSuboperations, message.failed) &&
              putNumber(set, DCM_NumberOfWarningSuboperations, message.warnings) &&
              putNumber(set, DCM_CommandDataSetType, message.hasData ? kDataSet : kNoDataSet);
    if (response || cancel)
        ok = ok && putNumber(set, DCM_MessageIDBeingRespondedTo, message.respondedTo);
    else
        ok = ok && putNumber(set, DCM_MessageID, message.messageId);
    if (response)
        ok = ok && putNumber(set, DCM_Status, message.status);
    if (message.withPriority)
        ok = ok && putNumber(set, DCM_Priority, kMediumPriority);
    if (!ok)
        return fail(ErrorCode::Internal, QStringLiteral("command value refused"));

    Result<QByteArray> body = encodeDataSet(set, false);
    if (!body)
        return body;
    // (0000,0000) UL: DCMTK leaves the group length out when asked for none in the data set.
    QByteArray head(12, '\0');
    qToLittleEndian<quint32>(4, head.data() + 4);
    qToLittleEndian<quint32>(static_cast<quint32>(body->size()), head.data() + 8);
    return head + *body;
}

Result<DimseMessage> decodeCommand(const QByteArray& bytes) {
    Result<std::unique_ptr<DcmDataset>> parsed = parseDataSet(bytes, false);
    if (!parsed)
        return fail(parsed.error());
    DcmDataset& set = **parsed;
    const std::optional<int> field = numberOf(set, DCM_CommandField);
    const std::optional<int> type = numberOf(set, DCM_CommandDataSetType);
    if (!field || !type)
        return fail(ErrorCode::DataSetBroken, QStringLiteral("command set without command field or data set type"));
    DimseMessage message;
    message.command = static_cast<Dimse>(*field);
    message.hasData = *type != kNoDataSet;
    message.messageId = static_cast<quint16>(numberOf(set, DCM_MessageID).value_or(0));
    message.respondedTo = static_cast<quint16>(numberOf(set, DCM_MessageIDBeingRespondedTo).value_or(0));
    message.status = numberOf(set, DCM_Status).value_or(0);
    message.affectedSopClass = getText(set, DCM_AffectedSOPClassUID);
    message.affectedInstance = getText(set, DCM_AffectedSOPInstanceUID);
    message.requestedSopClass = getText(set, DCM_RequestedSOPClassUID);
    message.requestedInstance = getText(set, DCM_RequestedSOPInstanceUID);
    message.eventType = numberOf(set, DCM_EventTypeID);
    message.actionType = numberOf(set, DCM_ActionTypeID);
    message.remaining = numberOf(set, DCM_NumberOfRemainingSuboperations);
    message.completed = numberOf(set, DCM_NumberOfCompletedSuboperations);
    message.failed = numberOf(set, DCM_NumberOfFailedSuboperations);
    message.warnings = numberOf(set, DCM_NumberOfWarningSuboperations);
    return message;
}

} // namespace yz
