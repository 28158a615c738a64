#include "hostile_scp.h"

#include "archive_process.h"
#include "dicom/net/data_set_dcmtk.h"
#include "dicom/net/transport_dcmtk.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmnet/assoc.h>

#include <QtEndian>
#include <algorithm>
#include <poll.h>
#include <set>
#include <sys/socket.h>

namespace yz::test {

HostileScp::HostileScp() : m_port(freePort()) {
    initializeDicomNetwork();
    if (ASC_initializeNetwork(NET_ACCEPTOR, m_port, 20, &m_network).bad())
        qFatal("the hostile platform does not listen");
    m_layer = std::make_unique<QuickTransportLayer>(std::make_shared<TransportState>()).release();
    ASC_setTransportLayer(m_network, m_layer, 1);
    m_thread = std::thread([this] { run(); });
}

HostileScp::~HostileScp() {
    m_stop.cancel();
    m_thread.join();
    ASC_dropNetwork(&m_network);
}

NetworkSettings HostileScp::settings() const { return settingsFor(m_port, QStringLiteral("PLATFORM")); }

void HostileScp::serve(const QString& study, const QString& patient, std::vector<Object> objects) {
    const std::lock_guard lock(m_mutex);
    m_study = study;
    m_patient = patient;
    m_objects = std::move(objects);
    m_sent.clear();
}

void HostileScp::answer(Dimse request, std::vector<QByteArray> dataSets, bool isImplicit) {
    const std::lock_guard lock(m_mutex);
    m_answers[request] = std::move(dataSets);
    m_isImplicit = isImplicit;
}

void HostileScp::answerRaw(Dimse request, const QByteArray& pdus) {
    const std::lock_guard lock(m_mutex);
    m_raw[request] = pdus;
}

QByteArray HostileScp::pduOfCommand(const QByteArray& command) {
    QByteArray pdu(12, '\0');
    pdu[0] = 4;
    qToBigEndian<quint32>(static_cast<quint32>(command.size() + 6), pdu.data() + 2);
    qToBigEndian<quint32>(static_cast<quint32>(command.size() + 2), pdu.data() + 6);
    pdu[10] = 1; // the first context
    pdu[11] = 3; // command, last
    return pdu + command;
}

void HostileScp::behave() {
    const std::lock_guard lock(m_mutex);
    m_answers.clear();
    m_raw.clear();
    m_isImplicit = false;
}

void HostileScp::takeContextsUpTo(int count) {
    const std::lock_guard lock(m_mutex);
    m_mostContexts = count;
}

int HostileScp::rejections() const {
    const std::lock_guard lock(m_mutex);
    return m_rejections;
}

std::vector<HostileScp::Sent> HostileScp::sent() const {
    const std::lock_guard lock(m_mutex);
    return m_sent;
}

void HostileScp::run() {
    while (!m_stop.isCancelled()) {
        pollfd descriptor{DUL_networkSocket(m_network->network), POLLIN, 0};
        if (::poll(&descriptor, 1, 20) > 0)
            acceptOne();
    }
}

void HostileScp::acceptOne() {
    auto state = std::make_shared<TransportState>();
    state->token = m_stop;
    m_layer->setState(state);
    T_ASC_Association* association = nullptr;
    if (ASC_receiveAssociation(m_network, &association, ASC_DEFAULTMAXPDU, nullptr, nullptr, OFFalse, DUL_NOBLOCK, 20)
            .bad()) {
        if (association != nullptr) {
            ASC_dropSCPAssociation(association, 0);
            ASC_destroyAssociation(&association);
        }
        return;
    }
    const bool isTooMuch = [&] {
        const std::lock_guard lock(m_mutex);
        const bool isMore = ASC_countPresentationContexts(association->params) > m_mostContexts;
        m_rejections += isMore ? 1 : 0;
        return isMore;
    }();
    if (isTooMuch) {
        const T_ASC_RejectParameters reject{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER,
                                            ASC_REASON_SU_NOREASON};
        ASC_rejectAssociation(association, &reject);
        ASC_dropSCPAssociation(association, 1);
        ASC_destroyAssociation(&association);
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        std::set<QString> wanted;
        for (const Object& object : m_objects) // what has not been sent yet: several syntaxes share a context
            if (std::none_of(m_sent.begin(), m_sent.end(),
                             [&](const Sent& sent) { return sent.instance == object.instance && sent.status >= 0; }))
                wanted.insert(object.transferSyntax);
        for (int i = 0; i < ASC_countPresentationContexts(association->params); ++i) {
            T_ASC_PresentationContext context{};
            if (ASC_getPresentationContext(association->params, i, &context).bad())
                continue;
            const char* chosen = context.proposedTransferSyntaxes[0];
            for (int k = 0; k < context.transferSyntaxCount; ++k) {
                const char* syntax = context.proposedTransferSyntaxes[k];
                const bool isMessage = context.proposedRole == ASC_SC_ROLE_DEFAULT;
                if (isMessage ? (m_isImplicit == (QByteArray(syntax) == UID_LittleEndianImplicitTransferSyntax))
                              : wanted.contains(QString::fromLatin1(syntax))) {
                    chosen = syntax;
                    break;
                }
            }
            ASC_acceptPresentationContext(association->params, context.presentationContextID, chosen,
                                          context.proposedRole);
        }
    }
    if (ASC_acknowledgeAssociation(association).bad()) {
        ASC_dropSCPAssociation(association, 0);
        ASC_destroyAssociation(&association);
        return;
    }
    const std::unique_ptr<Association> adopted = Association::adopt(association, state, std::chrono::seconds(20));
    converse(*adopted, state->socket);
}

void HostileScp::converse(Association& association, int socket) {
    while (true) {
        const Result<DimseMessage> request = association.receive();
        if (!request)
            return;
        bool goesOn = true;
        QByteArray raw;
        {
            const std::lock_guard lock(m_mutex);
            const auto found = m_raw.find(request->command);
            if (found != m_raw.end())
                raw = found->second;
        }
        if (!raw.isEmpty()) {
            for (qsizetype done = 0; done < raw.size();) {
                const ssize_t count =
                    ::send(socket, raw.constData() + done, static_cast<size_t>(raw.size() - done), MSG_NOSIGNAL);
                if (count <= 0)
                    return;
                done += count;
            }
            continue;
        }
        switch (request->command) {
        case Dimse::CFindRq:
            goesOn = find(association, *request);
            break;
        case Dimse::CGetRq:
            goesOn = get(association, *request);
            break;
        case Dimse::NGetRq:
        case Dimse::NActionRq: {
            const std::lock_guard lock(m_mutex);
            const auto found = m_answers.find(request->command);
            goesOn = respond(association, *request, found == m_answers.end() ? 0xC307 : 0,
                             found == m_answers.end() ? nullptr : &found->second.front());
            break;
        }
        default:
            goesOn = respond(association, *request, 0, nullptr);
        }
        if (!goesOn)
            return;
    }
}

bool HostileScp::respond(Association& association, const DimseMessage& request, int status, const QByteArray* dataSet) {
    DimseMessage response;
    response.context = request.context;
    response.command = DimseMessage::responseTo(request.command);
    response.respondedTo = request.messageId;
    response.status = status;
    response.affectedSopClass = request.affectedSopClass;
    if (dataSet != nullptr) {
        response.hasData = true;
        response.data = *dataSet;
    }
    return association.send(response).has_value();
}

bool HostileScp::find(Association& association, const DimseMessage& request) {
    const std::lock_guard lock(m_mutex);
    const AcceptedContext* context = association.find(request.context);
    if (const auto found = m_answers.find(Dimse::CFindRq); found != m_answers.end()) {
        for (const QByteArray& dataSet : found->second)
            if (!respond(association, request, 0xFF00, &dataSet))
                return false;
        return respond(association, request, 0, nullptr);
    }
    const auto identifier = dataSetOf(association, request);
    if (!identifier)
        return false;
    const QString level = getText(**identifier, DCM_QueryRetrieveLevel);
    const QString wanted = getText(**identifier, DCM_SeriesInstanceUID);
    std::set<QString> told;
    for (const Object& object : m_objects) {
        DcmDataset match;
        putText(match, DCM_StudyInstanceUID, m_study);
        putText(match, DCM_PatientID, m_patient);
        if (level == u"STUDY"    ? !told.insert(m_study).second
            : level == u"SERIES" ? !told.insert(object.series).second
                                 : object.series != wanted || !told.insert(object.instance).second)
            continue;
        if (level != u"STUDY")
            putText(match, DCM_SeriesInstanceUID, object.series);
        if (level == u"IMAGE") {
            putText(match, DCM_SOPInstanceUID, object.instance);
            putText(match, DCM_SOPClassUID, object.sopClass);
        }
        DimseMessage response;
        if (!setDataSet(*context, match, response) || !respond(association, request, 0xFF00, &response.data))
            return false;
    }
    return respond(association, request, 0, nullptr);
}

bool HostileScp::get(Association& association, const DimseMessage& request) {
    const std::lock_guard lock(m_mutex);
    const auto identifier = dataSetOf(association, request);
    if (!identifier)
        return false;
    const QString series = getText(**identifier, DCM_SeriesInstanceUID);
    const QStringList instances = getText(**identifier, DCM_SOPInstanceUID).split(u'\\', Qt::SkipEmptyParts);
    int failed = 0;
    for (const Object& object : m_objects) {
        if ((!series.isEmpty() && object.series != series) ||
            (!instances.isEmpty() && !instances.contains(object.instance)))
            continue;
        const AcceptedContext* context = association.find(object.sopClass, object.transferSyntax);
        if (context == nullptr) {
            m_sent.push_back({object.instance, -1});
            ++failed;
            continue;
        }
        DimseMessage store;
        store.command = Dimse::CStoreRq;
        store.context = context->id;
        store.messageId = association.nextMessageId();
        store.withPriority = true;
        store.affectedSopClass = object.sopClass;
        store.affectedInstance = object.instance;
        store.hasData = true;
        store.data = object.dataSet;
        if (!association.send(store))
            return false;
        const Result<DimseMessage> answered = association.receive();
        if (!answered || answered->command != Dimse::CStoreRsp)
            return false;
        m_sent.push_back({object.instance, answered->status});
    }
    DimseMessage response;
    response.context = request.context;
    response.command = Dimse::CGetRsp;
    response.respondedTo = request.messageId;
    response.affectedSopClass = request.affectedSopClass;
    response.status = failed > 0 ? 0xB000 : 0;
    response.failed = failed;
    return association.send(response).has_value();
}

} // namespace yz::test
