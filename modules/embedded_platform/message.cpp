#include "embedded_platform/message.h"

#include <dcmtk/dcmdata/dcvrat.h>

namespace yz::platform {

namespace {

constexpr quint16 kNoDataSet = 0x0101;
constexpr quint16 kResponseBit = 0x8000;

bool isRequested(Command command) {
    return command == Command::NGet || command == Command::NSet || command == Command::NAction ||
           command == Command::NDelete;
}

bool isKnown(quint16 command) {
    switch (static_cast<Command>(command)) {
    case Command::CStore:
    case Command::CGet:
    case Command::CFind:
    case Command::CMove:
    case Command::CEcho:
    case Command::CCancel:
    case Command::NEventReport:
    case Command::NGet:
    case Command::NSet:
    case Command::NAction:
    case Command::NCreate:
    case Command::NDelete:
        return true;
    }
    return false;
}

void putUnsigned(DcmItem& item, const DcmTagKey& tag, int value) {
    item.putAndInsertUint16(tag, static_cast<Uint16>(value));
}

} // namespace

Result<Message> messageFromCommandSet(DcmDataset& set, quint8 context) {
    Message message;
    message.context = context;
    Uint16 command = 0;
    if (set.findAndGetUint16(DCM_CommandField, command).bad())
        return fail(ErrorCode::DataSetBroken, QStringLiteral("command set without command field"));
    message.isResponse = (command & kResponseBit) != 0 && command != static_cast<quint16>(Command::CCancel);
    command = static_cast<Uint16>(command & ~kResponseBit);
    if (!isKnown(command))
        return fail(ErrorCode::NotSupported, QStringLiteral("command 0x%1").arg(command, 4, 16, QChar(u'0')));
    message.command = static_cast<Command>(command);
    const bool answers = message.isResponse || message.command == Command::CCancel;
    message.id = unsignedOf(set, answers ? DCM_MessageIDBeingRespondedTo : DCM_MessageID);
    message.status = unsignedOf(set, DCM_Status);
    const bool requested = isRequested(message.command) && !message.isResponse;
    message.sopClass = textOf(set, requested ? DCM_RequestedSOPClassUID : DCM_AffectedSOPClassUID);
    message.sopInstance = textOf(set, requested ? DCM_RequestedSOPInstanceUID : DCM_AffectedSOPInstanceUID);
    message.typeId = unsignedOf(set, message.command == Command::NAction ? DCM_ActionTypeID : DCM_EventTypeID);
    message.moveDestination = textOf(set, DCM_MoveDestination).trimmed();
    Uint16 dataSetType = kNoDataSet;
    message.hasDataSet = set.findAndGetUint16(DCM_CommandDataSetType, dataSetType).good() && dataSetType != kNoDataSet;
    DcmElement* list = nullptr;
    if (set.findAndGetElement(DCM_AttributeIdentifierList, list).good() && list != nullptr && list->ident() == EVR_AT) {
        for (unsigned long i = 0; i < list->getVM(); ++i) {
            DcmTagKey key;
            if (static_cast<DcmAttributeTag*>(list)->getTagVal(key, i).good())
                message.attributes.push_back(key);
        }
    }
    return message;
}

DataSetPtr commandSetOf(const Message& message) {
    auto set = std::make_unique<DcmDataset>();
    const bool requested = isRequested(message.command) && !message.isResponse;
    if (!message.sopClass.isEmpty())
        putText(*set, requested ? DCM_RequestedSOPClassUID : DCM_AffectedSOPClassUID, message.sopClass);
    if (!message.sopInstance.isEmpty())
        putText(*set, requested ? DCM_RequestedSOPInstanceUID : DCM_AffectedSOPInstanceUID, message.sopInstance);
    const int field = static_cast<int>(message.command) | (message.isResponse ? kResponseBit : 0);
    putUnsigned(*set, DCM_CommandField, field);
    const bool answers = message.isResponse || message.command == Command::CCancel;
    putUnsigned(*set, answers ? DCM_MessageIDBeingRespondedTo : DCM_MessageID, message.id);
    putUnsigned(*set, DCM_CommandDataSetType, message.hasDataSet ? 1 : kNoDataSet);
    if (message.isResponse)
        putUnsigned(*set, DCM_Status, message.status);
    else if (message.command == Command::CStore || message.command == Command::CFind ||
             message.command == Command::CGet || message.command == Command::CMove)
        putUnsigned(*set, DCM_Priority, 0);
    if (message.command == Command::CMove && !message.isResponse)
        putText(*set, DCM_MoveDestination, message.moveDestination);
    if (message.typeId != 0 && message.command == Command::NAction)
        putUnsigned(*set, DCM_ActionTypeID, message.typeId);
    if (message.typeId != 0 && message.command == Command::NEventReport)
        putUnsigned(*set, DCM_EventTypeID, message.typeId);
    if (!message.attributes.empty()) {
        auto list = std::make_unique<DcmAttributeTag>(DcmTag(DCM_AttributeIdentifierList));
        for (size_t i = 0; i < message.attributes.size(); ++i)
            list->putTagVal(message.attributes[i], static_cast<unsigned long>(i));
        set->insert(list.release());
    }
    if (!message.errorComment.isEmpty())
        putText(*set, DCM_ErrorComment, message.errorComment.left(64));
    if (message.hasCounts) {
        const SubOperations& counts = message.counts;
        if (message.status == 0xFF00 || message.status == 0xFE00)
            putUnsigned(*set, DCM_NumberOfRemainingSuboperations, counts.remaining);
        putUnsigned(*set, DCM_NumberOfCompletedSuboperations, counts.completed);
        putUnsigned(*set, DCM_NumberOfFailedSuboperations, counts.failed);
        putUnsigned(*set, DCM_NumberOfWarningSuboperations, counts.warnings);
    }
    return set;
}

Message responseTo(const Message& request, quint16 status, const QString& comment) {
    Message response;
    response.context = request.context;
    response.command = request.command;
    response.isResponse = true;
    response.id = request.id;
    response.status = status;
    response.sopClass = request.sopClass;
    response.sopInstance = request.sopInstance;
    response.typeId = request.typeId;
    response.errorComment = comment;
    return response;
}

} // namespace yz::platform
