#include "embedded_platform/association.h"

#include "core/log.h"
#include "embedded_platform/transport.h"

#include <dcmtk/dcmnet/cond.h>
#include <dcmtk/dcmnet/dul.h>

namespace yz::platform {

namespace {

constexpr qint64 kMaxCommandBytes = 64 * 1024;
constexpr long kMaxPdu = ASC_MAXIMUMPDUSIZE;

Error openError(const OFCondition& condition, T_ASC_Parameters* parameters) {
    const QString text = QString::fromLatin1(condition.text());
    if (condition == DUL_ASSOCIATIONREJECTED) {
        T_ASC_RejectParameters rejected{};
        ASC_getRejectParameters(parameters, &rejected);
        if (rejected.reason == ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED)
            return {ErrorCode::CalledAeTitleRefused, text};
        if (rejected.reason == ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED)
            return {ErrorCode::CallingAeTitleRefused, text};
        return {ErrorCode::AssociationRefused, text};
    }
    return {ErrorCode::PlatformUnreachable, text};
}

} // namespace

Association::Association(T_ASC_Association* association, T_ASC_Network* network, bool weAccepted)
    : m_association(association), m_network(network), m_weAccepted(weAccepted) {
    char calling[DUL_LEN_TITLE + 1] = {};
    ASC_getAPTitles(association->params, calling, sizeof calling, nullptr, 0, nullptr, 0);
    m_callingAeTitle = QString::fromLatin1(calling).trimmed();
    const int count = ASC_countPresentationContexts(association->params);
    for (int i = 0; i < count; ++i) {
        T_ASC_PresentationContext found{};
        if (ASC_getPresentationContext(association->params, i, &found).bad() || found.resultReason != ASC_P_ACCEPTANCE)
            continue;
        const bool scp = found.acceptedRole == ASC_SC_ROLE_SCP || found.acceptedRole == ASC_SC_ROLE_SCUSCP;
        m_contexts.push_back({found.presentationContextID, QString::fromLatin1(found.abstractSyntax),
                              DcmXfer(found.acceptedTransferSyntax).getXfer(), scp});
    }
}

Association::~Association() {
    if (m_isOpen)
        abort();
    if (m_association != nullptr) {
        ASC_dropAssociation(m_association);
        ASC_destroyAssociation(&m_association);
    }
    if (m_network != nullptr)
        ASC_dropNetwork(&m_network);
}

Result<std::unique_ptr<Association>> Association::open(const PeerAddress& peer, const QString& ourAeTitle,
                                                       const std::vector<ProposedContext>& contexts,
                                                       int timeoutSeconds) {
    T_ASC_Network* network = nullptr;
    if (const OFCondition made = ASC_initializeNetwork(NET_REQUESTOR, 0, timeoutSeconds, &network); made.bad())
        return fail(ErrorCode::Internal, QString::fromLatin1(made.text()));
    ASC_setTransportLayer(network, new QuickTransport, 1);
    T_ASC_Parameters* parameters = nullptr;
    ASC_createAssociationParameters(&parameters, kMaxPdu);
    ASC_setAPTitles(parameters, ourAeTitle.toLatin1().constData(), peer.aeTitle.toLatin1().constData(), nullptr);
    const QByteArray address = QStringLiteral("%1:%2").arg(peer.host).arg(peer.port).toLatin1();
    ASC_setPresentationAddresses(parameters, "localhost", address.constData());
    T_ASC_PresentationContextID id = 1;
    for (const ProposedContext& context : contexts) {
        if (id > 253)
            break;
        QList<QByteArray> names;
        for (const QString& syntax : context.transferSyntaxes)
            names.append(uidBytes(syntax));
        std::vector<const char*> list;
        for (const QByteArray& name : names)
            list.push_back(name.constData());
        ASC_addPresentationContext(parameters, id, uidBytes(context.abstractSyntax).constData(), list.data(),
                                   static_cast<int>(list.size()),
                                   context.weAreProvider ? ASC_SC_ROLE_SCP : ASC_SC_ROLE_DEFAULT);
        id = static_cast<T_ASC_PresentationContextID>(id + 2);
    }
    T_ASC_Association* association = nullptr;
    const OFCondition opened =
        ASC_requestAssociation(network, parameters, &association, nullptr, nullptr, DUL_NOBLOCK, timeoutSeconds);
    if (opened.bad()) {
        const Error error = openError(opened, parameters);
        if (association != nullptr)
            ASC_destroyAssociation(&association); // takes the parameters along
        else
            ASC_destroyAssociationParameters(&parameters);
        ASC_dropNetwork(&network);
        return fail(error);
    }
    auto result = std::make_unique<Association>(association, network, false);
    if (result->contexts().empty()) {
        result->release();
        return fail(ErrorCode::PresentationContextRefused, QStringLiteral("no presentation context accepted"));
    }
    return result;
}

Association::Event Association::nextFragment(DUL_PDV& fragment, int timeoutSeconds) {
    if (!m_isOpen)
        return Event::Closed;
    if (m_releaseSeen)
        return Event::Release;
    for (;;) {
        if (DUL_NextPDV(&m_association->DULassociation, &fragment).good())
            return Event::Message;
        const OFCondition read = DUL_ReadPDVs(&m_association->DULassociation, nullptr, DUL_NOBLOCK, timeoutSeconds);
        if (read == DUL_PEERREQUESTEDRELEASE) {
            m_releaseSeen = true;
            return Event::Release;
        }
        if (read == DUL_READTIMEOUT)
            return Event::Timeout;
        if (read != DUL_PDATAPDUARRIVED)
            return Event::Closed;
    }
}

Association::Event Association::receive(Message& message, int timeoutSeconds) {
    QByteArray bytes;
    quint8 context = 0;
    for (;;) {
        DUL_PDV fragment{};
        const Event event = nextFragment(fragment, timeoutSeconds);
        if (event != Event::Message)
            return event;
        if (fragment.pdvType != DUL_COMMANDPDV || (context != 0 && fragment.presentationContextID != context) ||
            bytes.size() + static_cast<qint64>(fragment.fragmentLength) > kMaxCommandBytes)
            return Event::Closed;
        context = fragment.presentationContextID;
        bytes.append(static_cast<const char*>(fragment.data), static_cast<qsizetype>(fragment.fragmentLength));
        if (fragment.lastPDV)
            break;
    }
    if (this->context(context) == nullptr)
        return Event::Closed;
    const Result<DataSetPtr> set = parseDataSet(bytes, EXS_LittleEndianImplicit);
    if (!set)
        return Event::Closed;
    Result<Message> parsed = messageFromCommandSet(**set, context);
    if (!parsed) {
        qCWarning(logPlatform).noquote() << "unreadable command:" << parsed.error().toString();
        return Event::Closed;
    }
    message = std::move(*parsed);
    return Event::Message;
}

Result<QByteArray> Association::receiveDataSet(qint64 limit, int timeoutSeconds) {
    QByteArray bytes;
    bool isTooLong = false;
    for (;;) {
        DUL_PDV fragment{};
        const Event event = nextFragment(fragment, timeoutSeconds);
        if (event != Event::Message || fragment.pdvType != DUL_DATASETPDV) {
            m_isOpen = m_isOpen && event == Event::Release;
            return fail(ErrorCode::AssociationAborted, QStringLiteral("data set not received to its end"));
        }
        isTooLong = isTooLong || bytes.size() + static_cast<qint64>(fragment.fragmentLength) > limit;
        if (isTooLong)
            bytes.clear();
        else
            bytes.append(static_cast<const char*>(fragment.data), static_cast<qsizetype>(fragment.fragmentLength));
        if (fragment.lastPDV)
            break;
    }
    if (isTooLong)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("data set longer than %1 bytes").arg(limit));
    return bytes;
}

bool Association::isMessageWaiting() {
    return m_isOpen && !m_releaseSeen && ASC_dataWaiting(m_association, 0) == OFTrue;
}

Status Association::writeFragments(quint8 context, bool isCommand, const QByteArray& bytes) {
    const auto most = static_cast<qsizetype>(m_association->sendPDVLength) & ~qsizetype(1);
    qsizetype position = 0;
    do {
        const qsizetype count = qMin(most, bytes.size() - position);
        DUL_PDV fragment{};
        fragment.fragmentLength = static_cast<unsigned long>(count);
        fragment.presentationContextID = context;
        fragment.pdvType = isCommand ? DUL_COMMANDPDV : DUL_DATASETPDV;
        fragment.lastPDV = position + count == bytes.size() ? OFTrue : OFFalse;
        fragment.data = const_cast<char*>(bytes.constData() + position); // DCMTK only reads it
        DUL_PDVLIST list{};
        list.count = 1;
        list.pdv = &fragment;
        const OFCondition written = DUL_WritePDVs(&m_association->DULassociation, &list);
        if (written.bad())
            return fail(ErrorCode::AssociationAborted, QString::fromLatin1(written.text()));
        position += count;
    } while (position < bytes.size());
    return {};
}

Status Association::send(Message message, const QByteArray* dataSet) {
    if (!m_isOpen)
        return fail(ErrorCode::AssociationAborted, QStringLiteral("association is closed"));
    if (dataSet != nullptr && dataSet->isEmpty())
        dataSet = nullptr; // an empty fragment is none
    message.hasDataSet = dataSet != nullptr;
    const DataSetPtr set = commandSetOf(message);
    const Result<QByteArray> bytes = encodeDataSet(*set, EXS_LittleEndianImplicit, true);
    if (!bytes)
        return fail(bytes.error());
    if (Status sent = writeFragments(message.context, true, *bytes); !sent)
        return sent;
    return dataSet != nullptr ? writeFragments(message.context, false, *dataSet) : Status();
}

Status Association::send(const Message& message, DcmDataset& dataSet) {
    const Context* used = context(message.context);
    if (used == nullptr)
        return fail(ErrorCode::PresentationContextRefused, QStringLiteral("unknown context"));
    const Result<QByteArray> bytes = encodeDataSet(dataSet, used->syntax);
    return bytes ? send(message, &*bytes) : Status(fail(bytes.error()));
}

void Association::acknowledgeRelease() {
    if (!m_isOpen)
        return;
    m_isOpen = false;
    ASC_acknowledgeRelease(m_association);
    ASC_dropSCPAssociation(m_association, 2);
}

void Association::release() {
    if (!m_isOpen)
        return;
    m_isOpen = false;
    if (m_releaseSeen || ASC_releaseAssociation(m_association).bad())
        ASC_abortAssociation(m_association);
}

void Association::abort() {
    if (!m_isOpen)
        return;
    m_isOpen = false;
    ASC_abortAssociation(m_association);
    if (m_weAccepted)
        ASC_dropSCPAssociation(m_association, 1);
}

const Context* Association::context(quint8 id) const {
    for (const Context& context : m_contexts)
        if (context.id == id)
            return &context;
    return nullptr;
}

quint16 Association::nextMessageId() { return m_association->nextMsgID++; }

} // namespace yz::platform
