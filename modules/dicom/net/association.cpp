#include "dicom/net/association.h"

#include "dicom/net/data_set_dcmtk.h"
#include "dicom/net/tls_dcmtk.h"
#include "dicom/net/transport_dcmtk.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/cond.h>

#include <algorithm>
#include <poll.h>

namespace yz {

namespace {

constexpr qint64 kMaxCommandBytes = 64 * 1024;
constexpr int kUnrecognizedOperation = 0x0211;
constexpr int kMinPdu = ASC_MINIMUMPDUSIZE;
constexpr int kMaxPdu = ASC_MAXIMUMPDUSIZE;

Error rejectError(T_ASC_Parameters* params) {
    T_ASC_RejectParameters reject{};
    ASC_getRejectParameters(params, &reject);
    const QString detail = QStringLiteral("association rejected: result %1, source %2, reason 0x%3")
                               .arg(int(reject.result))
                               .arg(int(reject.source))
                               .arg(int(reject.reason), 4, 16, QChar(u'0'));
    switch (reject.reason) {
    case ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED:
        return {ErrorCode::CalledAeTitleRefused, detail};
    case ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED:
        return {ErrorCode::CallingAeTitleRefused, detail};
    default:
        return {ErrorCode::AssociationRefused, detail};
    }
}

Status checkSettings(const NetworkSettings& settings) {
    const auto badTitle = [](const QString& title) {
        return title.trimmed().isEmpty() || title.size() > 16 || title.contains(u'\\') ||
               title != QString::fromLatin1(title.toLatin1());
    };
    if (badTitle(settings.callingAeTitle) || badTitle(settings.platform.aeTitle))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("AE title empty, too long or not plain text"));
    if (settings.platform.host.isEmpty() || settings.platform.port < 1 || settings.platform.port > 65535)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("no host or no port"));
    return {};
}

} // namespace

struct Association::Pdv {
    quint8 context;
    bool isCommand;
    bool isLast;
    const char* data;
    qint64 size;
};

QStringList messageTransferSyntaxes() {
    return {QLatin1String(UID_LittleEndianExplicitTransferSyntax),
            QLatin1String(UID_LittleEndianImplicitTransferSyntax)};
}

Result<std::unique_ptr<Association>> Association::open(const NetworkSettings& settings,
                                                       const std::vector<ContextProposal>& proposals,
                                                       const CancelToken& token) {
    if (const Status valid = checkSettings(settings); !valid)
        return fail(valid.error());
    if (token.isCancelled())
        return fail(ErrorCode::Cancelled);
    initializeDicomNetwork();

    std::unique_ptr<Association> self(new Association);
    self->m_dimseTimeout = settings.dimseTimeout;
    self->m_state = std::make_shared<TransportState>();
    self->m_state->token = token;
    self->m_state->ioTimeout = settings.dimseTimeout;
    self->m_state->limiter = settings.limiter;
    const auto acseSeconds = static_cast<int>(settings.acseTimeout.count());

    OFCondition cond = ASC_initializeNetwork(NET_REQUESTOR, 0, acseSeconds, &self->m_network);
    if (cond.bad())
        return fail(ErrorCode::Internal, QString::fromLatin1(cond.text()));
    std::unique_ptr<DcmTransportLayer> layer = std::make_unique<QuickTransportLayer>(self->m_state);
    if (settings.tls) {
        self->m_state->handshakeTimeout = settings.acseTimeout;
        auto secure = makeTlsLayer(*settings.tls, settings.platform.host, self->m_state);
        if (!secure)
            return fail(secure.error());
        layer = std::move(*secure);
    }
    ASC_setTransportLayer(self->m_network, layer.release(), 1);

    T_ASC_Parameters* params = nullptr;
    cond = ASC_createAssociationParameters(&params, std::clamp(settings.maxPdu, kMinPdu, kMaxPdu));
    if (cond.bad())
        return fail(ErrorCode::Internal, QString::fromLatin1(cond.text()));
    ASC_setTransportLayerType(params, settings.tls ? OFTrue : OFFalse);
    ASC_setAPTitles(params, settings.callingAeTitle.toLatin1().constData(),
                    settings.platform.aeTitle.toLatin1().constData(), nullptr);
    const QByteArray peer = settings.platform.host.toLatin1() + ':' + QByteArray::number(settings.platform.port);
    ASC_setPresentationAddresses(params, "localhost", peer.constData());
    int id = 1;
    for (const ContextProposal& proposal : proposals) {
        std::vector<QByteArray> names;
        for (const QString& syntax : proposal.transferSyntaxes)
            names.push_back(syntax.toLatin1());
        std::vector<const char*> list;
        for (const QByteArray& name : names)
            list.push_back(name.constData());
        cond = ASC_addPresentationContext(
            params, static_cast<T_ASC_PresentationContextID>(id), proposal.abstractSyntax.toLatin1().constData(),
            list.data(), static_cast<int>(list.size()), proposal.scpRole ? ASC_SC_ROLE_SCP : ASC_SC_ROLE_DEFAULT);
        id += 2;
        if (cond.bad() || id > 257) {
            ASC_destroyAssociationParameters(&params);
            return fail(ErrorCode::Internal, QStringLiteral("too many presentation contexts"));
        }
    }

    dcmConnectionTimeout.set(static_cast<Sint32>(settings.connectTimeout.count()));
    cond = ASC_requestAssociation(self->m_network, params, &self->m_association, nullptr, nullptr, DUL_NOBLOCK,
                                  acseSeconds);
    if (cond.bad()) {
        Error error = cond == DUL_ASSOCIATIONREJECTED ? rejectError(params) : self->lastError(cond.code(), cond.text());
        if (self->m_state->tlsProblem)
            error = *self->m_state->tlsProblem;
        else if (self->m_state->socket < 0)
            error = {ErrorCode::PlatformUnreachable, QString::fromLatin1(cond.text())};
        if (self->m_association == nullptr)
            ASC_destroyAssociationParameters(&params);
        return fail(std::move(error));
    }
    self->readContexts();
    if (self->m_contexts.empty())
        return fail(ErrorCode::PresentationContextRefused, QStringLiteral("the peer accepted no presentation context"));
    return self;
}

std::unique_ptr<Association> Association::adopt(T_ASC_Association* accepted, std::shared_ptr<TransportState> state,
                                                std::chrono::seconds dimseTimeout) {
    std::unique_ptr<Association> self(new Association);
    self->m_association = accepted;
    self->m_state = std::move(state);
    self->m_dimseTimeout = dimseTimeout;
    self->readContexts();
    return self;
}

Association::~Association() {
    if (m_association != nullptr)
        abort();
    close();
}

LineFacts Association::line() const {
    return {m_state->isEncrypted, m_state->certificateName, m_state->certificateEnds};
}

void Association::readContexts() {
    const int count = ASC_countPresentationContexts(m_association->params);
    for (int i = 0; i < count; ++i) {
        T_ASC_PresentationContext context{};
        if (ASC_getPresentationContext(m_association->params, i, &context).bad() ||
            context.resultReason != ASC_P_ACCEPTANCE)
            continue;
        const bool scp = context.acceptedRole == ASC_SC_ROLE_SCP || context.acceptedRole == ASC_SC_ROLE_SCUSCP;
        m_contexts.push_back({context.presentationContextID, QString::fromLatin1(context.abstractSyntax),
                              QString::fromLatin1(context.acceptedTransferSyntax), scp});
    }
}

const AcceptedContext* Association::find(const QString& abstractSyntax, const QString& transferSyntax) const {
    const auto it = std::find_if(m_contexts.begin(), m_contexts.end(), [&](const AcceptedContext& context) {
        return context.abstractSyntax == abstractSyntax &&
               (transferSyntax.isEmpty() || context.transferSyntax == transferSyntax);
    });
    return it == m_contexts.end() ? nullptr : &*it;
}

const AcceptedContext* Association::find(quint8 id) const {
    const auto it = std::find_if(m_contexts.begin(), m_contexts.end(),
                                 [&](const AcceptedContext& context) { return context.id == id; });
    return it == m_contexts.end() ? nullptr : &*it;
}

Result<AcceptedContext> Association::require(const QStringList& abstractSyntaxes) const {
    for (const QString& syntax : abstractSyntaxes)
        if (const AcceptedContext* context = find(syntax))
            return *context;
    return fail(ErrorCode::PresentationContextRefused, abstractSyntaxes.join(u' '));
}

Error Association::lastError(unsigned short condition, const char* text) const {
    const QString detail = QString::fromLatin1(text);
    if (m_state->cancelled)
        return {ErrorCode::Cancelled, {}};
    if (m_state->timedOut || condition == DULC_READTIMEOUT)
        return {ErrorCode::NetworkTimeout, detail};
    return {ErrorCode::AssociationAborted, detail};
}

Status Association::sendBytes(quint8 context, bool isCommand, const QByteArray& bytes) {
    const auto largest = static_cast<qsizetype>(m_association->sendPDVLength & ~1UL);
    qsizetype at = 0;
    do {
        const qsizetype size = std::min(largest, bytes.size() - at);
        DUL_PDV pdv{};
        pdv.fragmentLength = static_cast<unsigned long>(size);
        pdv.presentationContextID = context;
        pdv.pdvType = isCommand ? DUL_COMMANDPDV : DUL_DATASETPDV;
        pdv.lastPDV = at + size == bytes.size() ? OFTrue : OFFalse;
        pdv.data = const_cast<char*>(bytes.constData() + at); // DCMTK only reads it
        DUL_PDVLIST list{};
        list.count = 1;
        list.pdv = &pdv;
        if (m_state->wantsStop()) {
            m_state->cancelled = true;
            return fail(ErrorCode::Cancelled);
        }
        const OFCondition cond = DUL_WritePDVs(&m_association->DULassociation, &list);
        if (cond.bad())
            return fail(lastError(cond.code(), cond.text()));
        at += size;
    } while (at < bytes.size());
    return {};
}

Status Association::send(const DimseMessage& message) {
    if (m_association == nullptr)
        return fail(ErrorCode::AssociationAborted, QStringLiteral("association is closed"));
    const Result<QByteArray> command = encodeCommand(message);
    if (!command)
        return fail(command.error());
    if (const Status sent = sendBytes(message.context, true, *command); !sent)
        return sent;
    return message.hasData ? sendBytes(message.context, false, message.data) : Status{};
}

Result<Association::Pdv> Association::nextPdv() {
    DUL_PDV pdv{};
    OFCondition cond = DUL_NextPDV(&m_association->DULassociation, &pdv);
    if (cond.bad()) {
        m_state->timedOut = false;
        cond = DUL_ReadPDVs(&m_association->DULassociation, nullptr, DUL_NOBLOCK,
                            static_cast<int>(m_dimseTimeout.count()));
        if (cond == DUL_PEERREQUESTEDRELEASE) {
            ASC_acknowledgeRelease(m_association);
            m_releasedByPeer = true;
            close();
            return fail(ErrorCode::AssociationAborted, QStringLiteral("the peer released the association"));
        }
        if (cond != DUL_PDATAPDUARRIVED)
            return fail(lastError(cond.code(), cond.text()));
        cond = DUL_NextPDV(&m_association->DULassociation, &pdv);
        if (cond.bad())
            return fail(lastError(cond.code(), cond.text()));
    }
    return Pdv{pdv.presentationContextID, pdv.pdvType == DUL_COMMANDPDV, pdv.lastPDV == OFTrue,
               static_cast<const char*>(pdv.data), static_cast<qint64>(pdv.fragmentLength)};
}

Result<DimseMessage> Association::receive(qint64 maxBytes) {
    if (m_association == nullptr)
        return fail(ErrorCode::AssociationAborted, QStringLiteral("association is closed"));
    QByteArray command;
    DimseMessage message;
    bool commandDone = false;
    while (true) {
        const Result<Pdv> pdv = nextPdv();
        if (!pdv)
            return fail(pdv.error());
        const bool first = command.isEmpty();
        if (pdv->isCommand == commandDone || (!first && pdv->context != message.context)) {
            abort();
            return fail(ErrorCode::AssociationAborted, QStringLiteral("peer mixed up the parts of a message"));
        }
        message.context = pdv->context;
        QByteArray& target = commandDone ? message.data : command;
        const qint64 most = commandDone ? maxBytes : kMaxCommandBytes;
        if (target.size() + pdv->size > most) {
            abort();
            return fail(ErrorCode::LimitExceeded, QStringLiteral("message larger than %1 bytes").arg(most));
        }
        target.append(pdv->data, pdv->size);
        if (commandDone && onData)
            onData(pdv->size);
        if (!pdv->isLast)
            continue;
        if (commandDone)
            return message;
        Result<DimseMessage> decoded = decodeCommand(command);
        if (!decoded) {
            abort();
            return decoded;
        }
        decoded->context = message.context;
        message = std::move(*decoded);
        commandDone = true;
        if (!message.hasData)
            return message;
    }
}

Result<DimseMessage> Association::exchange(DimseMessage request) {
    request.messageId = nextMessageId();
    if (const Status sent = send(request); !sent)
        return fail(sent.error());
    while (true) {
        Result<DimseMessage> message = receive();
        if (!message)
            return message;
        if (message->isResponse()) {
            if (message->respondedTo == request.messageId &&
                message->command == DimseMessage::responseTo(request.command))
                return message;
            continue; // the late answer of an earlier request
        }
        const int status = onRequest ? onRequest(*message) : kUnrecognizedOperation;
        if (const Status answered = respond(*message, status); !answered)
            return fail(answered.error());
    }
}

Status Association::respond(const DimseMessage& request, int status) {
    DimseMessage response;
    response.context = request.context;
    response.command = DimseMessage::responseTo(request.command);
    response.respondedTo = request.messageId;
    response.status = status;
    response.affectedSopClass =
        request.affectedSopClass.isEmpty() ? request.requestedSopClass : request.affectedSopClass;
    response.affectedInstance =
        request.affectedInstance.isEmpty() ? request.requestedInstance : request.affectedInstance;
    response.eventType = request.eventType;
    response.actionType = request.actionType;
    return send(response);
}

Result<bool> Association::waitForMessage(std::chrono::milliseconds limit) {
    if (m_association == nullptr)
        return fail(ErrorCode::AssociationAborted, QStringLiteral("association is closed"));
    const auto end = std::chrono::steady_clock::now() + limit;
    while (true) {
        if (m_state->wantsStop())
            return fail(ErrorCode::Cancelled);
        pollfd descriptor{m_state->socket, POLLIN, 0};
        if (::poll(&descriptor, 1, 20) > 0)
            return true;
        if (std::chrono::steady_clock::now() >= end)
            return false;
    }
}

void Association::allowAfterCancel(std::chrono::milliseconds limit) {
    m_state->ignoreCancel = true;
    m_state->cancelled = false;
    m_state->deadline = std::chrono::steady_clock::now() + limit;
}

bool Association::renew(const CancelToken& token) {
    if (m_association == nullptr)
        return false;
    m_state->token = token;
    m_state->ignoreCancel = m_state->cancelled = m_state->timedOut = false;
    m_state->deadline.reset();
    onRequest = {};
    onData = {};
    pollfd descriptor{m_state->socket, POLLIN, 0};
    return ::poll(&descriptor, 1, 0) == 0;
}

void Association::release(std::optional<std::chrono::milliseconds> limit) {
    if (m_association == nullptr)
        return;
    m_state->ignoreCancel = true;
    m_state->timedOut = false;
    if (limit)
        m_state->deadline = std::chrono::steady_clock::now() + *limit;
    if (ASC_releaseAssociation(m_association).bad())
        ASC_abortAssociation(m_association);
    close();
}

void Association::abort() {
    if (m_association == nullptr)
        return;
    m_state->ignoreCancel = true;
    // An abort is told, not negotiated: one second is enough to hand ten bytes to the system.
    m_state->deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    if (m_state->socket >= 0)
        ASC_abortAssociation(m_association);
    close();
}

void Association::close() {
    if (m_association != nullptr)
        ASC_destroyAssociation(&m_association);
    m_association = nullptr;
    if (m_network != nullptr)
        ASC_dropNetwork(&m_network);
    m_network = nullptr;
}

Status echo(const NetworkSettings& settings, const CancelToken& token) {
    Result<std::unique_ptr<Association>> association =
        Association::open(settings, {{QLatin1String(UID_VerificationSOPClass), messageTransferSyntaxes()}}, token);
    if (!association)
        return fail(association.error());
    DimseMessage request;
    request.command = Dimse::CEchoRq;
    request.context = (*association)->contexts().front().id;
    request.affectedSopClass = QLatin1String(UID_VerificationSOPClass);
    const Result<DimseMessage> response = (*association)->exchange(request);
    if (!response)
        return fail(response.error());
    (*association)->release();
    if (response->status != 0)
        return fail(statusError(response->status, QStringLiteral("C-ECHO")));
    return {};
}

QString statusText(int status) {
    return QStringLiteral("0x%1").arg(QString::number(status, 16).toUpper(), 4, QChar(u'0'));
}

Error statusError(int status, const QString& what) {
    const QString detail = what % QStringLiteral(" answered ") % statusText(status);
    if ((status & 0xFF00) == 0xA700 || status == 0x0213)
        return {ErrorCode::PeerOutOfResources, detail};
    if ((status & 0xFF00) == 0xA900 || (status & 0xF000) == 0xC000)
        return {ErrorCode::PeerRefusedObject, detail};
    return {ErrorCode::PeerError, detail};
}

Result<std::unique_ptr<DcmDataset>> dataSetOf(const Association& association, const DimseMessage& message) {
    const AcceptedContext* context = association.find(message.context);
    if (context == nullptr || !message.hasData)
        return fail(ErrorCode::DataSetBroken, QStringLiteral("message without a data set"));
    return parseDataSet(message.data, context->transferSyntax != QLatin1String(UID_LittleEndianImplicitTransferSyntax));
}

Status setDataSet(const AcceptedContext& context, DcmDataset& dataset, DimseMessage& message) {
    Result<QByteArray> bytes =
        encodeDataSet(dataset, context.transferSyntax != QLatin1String(UID_LittleEndianImplicitTransferSyntax));
    if (!bytes)
        return fail(bytes.error());
    message.context = context.id;
    message.hasData = true;
    message.data = std::move(*bytes);
    return {};
}

} // namespace yz
