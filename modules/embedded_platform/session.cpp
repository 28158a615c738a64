#include "embedded_platform/session.h"

#include "core/log.h"

#include <dcmtk/dcmdata/dcuid.h>

namespace yz::platform {

namespace {

constexpr int kIdleSeconds = 600;
constexpr qint64 kMostIdentifierBytes = 4 * 1024 * 1024;
constexpr quint16 kClassNotSupported = 0x0122;
constexpr quint16 kUnrecognized = 0x0211;
constexpr quint16 kProcessingFailure = 0x0110;
constexpr quint16 kDuplicateInstance = 0x0111;
constexpr quint16 kOutOfResources = 0xA700;
constexpr quint16 kDoesNotMatch = 0xA900;
constexpr quint16 kCannotUnderstand = 0xC000;

quint16 storeStatus(const Error& error) {
    switch (error.code) {
    case ErrorCode::AlreadyExists:
        return kDuplicateInstance;
    case ErrorCode::DiskFull:
    case ErrorCode::FileUnwritable:
    case ErrorCode::DatabaseError:
    case ErrorCode::DatabaseBusy:
        return kOutOfResources;
    case ErrorCode::InvalidArgument:
    case ErrorCode::StudyMismatch:
        return kDoesNotMatch;
    default:
        return kCannotUnderstand;
    }
}

bool isUpsClass(const QString& sopClass) { return sopClass.startsWith(QLatin1String("1.2.840.10008.5.1.4.34.6.")); }

} // namespace

void Session::run() {
    for (;;) {
        Message request;
        switch (m_association.receive(request, kIdleSeconds)) {
        case Association::Event::Message:
            break;
        case Association::Event::Release:
            m_association.acknowledgeRelease();
            return;
        case Association::Event::Closed:
        case Association::Event::Timeout:
            m_association.abort();
            return;
        }
        if (const Status served = dispatch(request); !served) {
            qCInfo(logPlatform).noquote() << "association ended:" << served.error().toString();
            // A release that came in the middle of something is answered all the same.
            if (m_association.receive(request, 0) == Association::Event::Release)
                m_association.acknowledgeRelease();
            else
                m_association.abort();
            return;
        }
    }
}

Result<DataSetPtr> Session::identifier(const Message& request) {
    if (!request.hasDataSet)
        return std::make_unique<DcmDataset>();
    const Result<QByteArray> bytes = m_association.receiveDataSet(kMostIdentifierBytes);
    if (!bytes)
        return fail(bytes.error());
    return parseDataSet(*bytes, m_association.context(request.context)->syntax);
}

Status Session::refuse(const Message& request, quint16 status, const QString& comment) {
    if (request.hasDataSet)
        if (const Result<QByteArray> skipped = m_association.receiveDataSet(0);
            !skipped && skipped.error().code == ErrorCode::AssociationAborted)
            return fail(skipped.error());
    return m_association.send(responseTo(request, status, comment));
}

Status Session::dispatch(const Message& request) {
    if (request.isResponse)
        return fail(ErrorCode::PeerError, QStringLiteral("a response nobody asked for"));
    const QString abstractSyntax = m_association.context(request.context)->abstractSyntax;
    switch (request.command) {
    case Command::CEcho:
        return refuse(request, 0);
    case Command::CStore:
        return store(request);
    case Command::CFind:
        return find(request);
    case Command::CGet:
    case Command::CMove:
        return retrieve(request);
    case Command::CCancel:
        return {}; // of something that is over already
    case Command::NAction:
        if (abstractSyntax == QLatin1String(UID_StorageCommitmentPushModelSOPClass))
            return commit(request);
        [[fallthrough]];
    case Command::NCreate:
    case Command::NGet:
    case Command::NSet:
        return isUpsClass(abstractSyntax) ? workitem(request) : refuse(request, kClassNotSupported);
    case Command::NEventReport:
    case Command::NDelete:
        break;
    }
    return refuse(request, kUnrecognized);
}

Status Session::store(const Message& request) {
    const Context& context = *m_association.context(request.context);
    if (!request.hasDataSet)
        return m_association.send(responseTo(request, kCannotUnderstand, QStringLiteral("no data set")));
    Result<QByteArray> bytes = m_association.receiveDataSet(m_services.mostObjectBytes);
    if (!bytes && bytes.error().code == ErrorCode::LimitExceeded)
        return m_association.send(responseTo(request, kOutOfResources, QStringLiteral("object too large")));
    if (!bytes)
        return fail(bytes.error());
    if (context.abstractSyntax != request.sopClass)
        return m_association.send(responseTo(request, kClassNotSupported));
    const Result<ObjectIntake::Outcome> taken =
        m_services.intake.take({std::move(*bytes), syntaxUid(context.syntax), request.sopClass, request.sopInstance,
                                m_association.callingAeTitle()});
    if (!taken) {
        qCInfo(logPlatform).noquote() << "object refused:" << taken.error().toString();
        return m_association.send(responseTo(request, storeStatus(taken.error()), errorName(taken.error().code)));
    }
    return m_association.send(responseTo(request, 0));
}

bool Session::cancelCame(const Message& request) {
    if (!m_association.isMessageWaiting())
        return false;
    Message message;
    return m_association.receive(message, 1) != Association::Event::Message ||
           (message.command == Command::CCancel && message.id == request.id);
}

Status Session::find(const Message& request) {
    const QString abstractSyntax = m_association.context(request.context)->abstractSyntax;
    Result<DataSetPtr> keys = identifier(request);
    if (!keys && keys.error().code == ErrorCode::AssociationAborted)
        return fail(keys.error());
    if (!keys)
        return m_association.send(responseTo(request, kCannotUnderstand, errorName(keys.error().code)));
    Status sent;
    const auto found = [&](DcmDataset& match) {
        sent = m_association.send(responseTo(request, 0xFF00), match);
        return sent && !cancelCame(request);
    };
    quint16 status = kClassNotSupported;
    if (isUpsClass(abstractSyntax))
        status = m_services.ups.find(**keys, found);
    else if (abstractSyntax == QLatin1String(UID_FINDStudyRootQueryRetrieveInformationModel))
        status = m_services.query.find(**keys, m_services.aeTitle, found);
    if (!sent)
        return sent;
    return m_association.send(responseTo(request, status));
}

Status Session::retrieve(const Message& request) {
    Result<DataSetPtr> keys = identifier(request);
    if (!keys && keys.error().code == ErrorCode::AssociationAborted)
        return fail(keys.error());
    if (!keys)
        return m_association.send(responseTo(request, kCannotUnderstand, errorName(keys.error().code)));
    const QString abstractSyntax = m_association.context(request.context)->abstractSyntax;
    if (request.command == Command::CGet &&
        abstractSyntax == QLatin1String(UID_GETStudyRootQueryRetrieveInformationModel))
        return m_services.retrieve.get(m_association, request, **keys);
    if (request.command == Command::CMove &&
        abstractSyntax == QLatin1String(UID_MOVEStudyRootQueryRetrieveInformationModel))
        return m_services.retrieve.move(m_association, request, **keys);
    return m_association.send(responseTo(request, kClassNotSupported));
}

Status Session::workitem(const Message& request) {
    Result<DataSetPtr> dataSet = identifier(request);
    if (!dataSet && dataSet.error().code == ErrorCode::AssociationAborted)
        return fail(dataSet.error());
    if (!dataSet)
        return m_association.send(responseTo(request, kProcessingFailure, errorName(dataSet.error().code)));
    UpsService::Answer answer;
    switch (request.command) {
    case Command::NCreate:
        answer = m_services.ups.create(request.sopInstance, std::move(*dataSet));
        break;
    case Command::NGet:
        answer = m_services.ups.get(request.sopInstance, request.attributes);
        break;
    case Command::NSet:
        answer = m_services.ups.set(request.sopInstance, **dataSet);
        break;
    default:
        answer = m_services.ups.action(request.sopInstance, request.typeId, **dataSet, m_association.callingAeTitle());
        break;
    }
    Message response = responseTo(request, answer.status, answer.comment);
    if (!answer.instance.isEmpty())
        response.sopInstance = answer.instance;
    return answer.dataSet != nullptr ? m_association.send(response, *answer.dataSet) : m_association.send(response);
}

Status Session::commit(const Message& request) {
    Result<DataSetPtr> information = identifier(request);
    if (!information && information.error().code == ErrorCode::AssociationAborted)
        return fail(information.error());
    if (!information)
        return m_association.send(responseTo(request, kProcessingFailure, errorName(information.error().code)));
    if (request.typeId != 1)
        return m_association.send(responseTo(request, 0x0123));
    if (request.sopInstance != QLatin1String(UID_StorageCommitmentPushModelSOPInstance))
        return m_association.send(responseTo(request, 0x0112));
    const Result<QString> accepted = m_services.commitment.accept(**information, m_association.callingAeTitle());
    if (!accepted)
        return m_association.send(responseTo(
            request, accepted.error().code == ErrorCode::InvalidArgument ? quint16(0x0115) : kProcessingFailure));
    if (Status answered = m_association.send(responseTo(request, 0)); !answered)
        return answered;
    m_services.commitment.settle(*accepted, m_association.callingAeTitle(), &m_association);
    return {};
}

} // namespace yz::platform
