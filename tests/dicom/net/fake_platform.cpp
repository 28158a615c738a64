#include "fake_platform.h"

#include "archive_process.h"
#include "dicom/net/association.h"
#include "dicom/net/ups_mapping_dcmtk.h"
#include "sample_objects.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/diutil.h>
#include <dcmtk/dcmnet/scp.h>
#include <dcmtk/dcmnet/scu.h>

#include <QFile>
#include <QMap>
#include <QTemporaryDir>
#include <cstring>
#include <mutex>

namespace yz::test {

namespace {

QString valueOf(DcmItem& item, const DcmTagKey& tag) {
    OFString value;
    item.findAndGetOFStringArray(tag, value);
    return QString::fromUtf8(value.c_str());
}

DcmTagKey tagOf(const QString& text) {
    return {static_cast<Uint16>(text.section(u',', 0, 0).toUShort(nullptr, 16)),
            static_cast<Uint16>(text.section(u',', 1, 1).toUShort(nullptr, 16))};
}

} // namespace

struct FakePlatform::Shared {
    mutable std::mutex mutex;
    struct Workitem {
        std::unique_ptr<DcmDataset> attributes;
        QString transaction;
    };
    std::map<QString, Workitem> workitems;
    std::map<QString, int> forced;
    QStringList log;
    QList<QByteArray> listed; // what C-FIND tells
    QList<QByteArray> objects;
    End end = End::Success;
    CommitmentAnswer commitment = CommitmentAnswer::SameAssociation;
    int listenerPort = 0;
    QStringList failing;
    QStringList refused; // abstract syntaxes
    QStringList stored;  // instances, each time one was taken
    QMap<QString, QString> storedClasses;
    int port = 0;
    std::atomic<bool> stop{false};

    [[nodiscard]] int answer(const QString& operation, int status) const {
        const auto it = forced.find(operation);
        return it == forced.end() ? status : it->second;
    }
};

class FakePlatform::Scp : public DcmSCP {
public:
    explicit Scp(std::shared_ptr<Shared> shared) : m_shared(std::move(shared)) {}

    OFCondition handleIncomingCommand(T_DIMSE_Message* message, const DcmPresentationContextInfo& info) override {
        m_info = info;
        switch (message->CommandField) {
        case DIMSE_C_FIND_RQ:
            return find(message->msg.CFindRQ);
        case DIMSE_N_GET_RQ:
            return get(message->msg.NGetRQ);
        case DIMSE_N_SET_RQ:
            return set(message->msg.NSetRQ);
        case DIMSE_N_ACTION_RQ:
            return action(message->msg.NActionRQ);
        case DIMSE_C_STORE_RQ:
            return store(message->msg.CStoreRQ);
        case DIMSE_C_GET_RQ:
            return retrieve(message->msg.CGetRQ);
        default:
            return DcmSCP::handleIncomingCommand(message, info);
        }
    }
    OFBool stopAfterCurrentAssociation() override { return m_shared->stop; }
    OFBool stopAfterConnectionTimeout() override { return m_shared->stop; }

private:
    void note(const QString& what, const char* sopClass, const char* instance) {
        m_shared->log.append(QStringLiteral("%1 context=%2 class=%3 instance=%4")
                                 .arg(what, QString::fromLatin1(m_info.abstractSyntax.c_str()),
                                      QString::fromLatin1(sopClass), QString::fromLatin1(instance)));
    }

    std::unique_ptr<DcmDataset> data() {
        DcmDataset* dataset = nullptr;
        T_ASC_PresentationContextID id = m_info.presentationContextID;
        receiveDIMSEDataset(&id, &dataset);
        return std::unique_ptr<DcmDataset>(dataset);
    }

    OFCondition find(const T_DIMSE_C_FindRQ& request) {
        const std::unique_ptr<DcmDataset> identifier = data();
        const std::lock_guard lock(m_shared->mutex);
        note(QStringLiteral("C-FIND"), request.AffectedSOPClassUID, "");
        if (m_info.abstractSyntax == UID_FINDStudyRootQueryRetrieveInformationModel)
            return findStudy(request, *identifier);
        const QString state = valueOf(*identifier, DCM_ProcedureStepState);
        const int final = m_shared->answer(QStringLiteral("C-FIND"), 0);
        if (final == 0)
            for (auto& [uid, workitem] : m_shared->workitems)
                if (state.isEmpty() || state == valueOf(*workitem.attributes, DCM_ProcedureStepState)) {
                    DcmDataset copy(*workitem.attributes);
                    sendFINDResponse(m_info.presentationContextID, request.MessageID, request.AffectedSOPClassUID,
                                     &copy, 0xFF00, nullptr);
                }
        return sendFINDResponse(m_info.presentationContextID, request.MessageID, request.AffectedSOPClassUID, nullptr,
                                static_cast<Uint16>(final), nullptr);
    }

    /// An archive that knows no character sets: the key's parts between stars must be in the stored bytes, in order.
    static bool hasNameBytes(const QByteArray& file, DcmDataset& identifier) {
        OFString key;
        identifier.findAndGetOFStringArray(DCM_PatientName, key);
        const QByteArray stored = valueIn(file, 0x0010, 0x0010);
        qsizetype at = 0;
        for (const QByteArray& part : QByteArray(key.c_str()).trimmed().split('*')) {
            at = stored.indexOf(part, at);
            if (at < 0)
                return false;
            at += part.size();
        }
        return true;
    }

    OFCondition findStudies(const T_DIMSE_C_FindRQ& request, DcmDataset& identifier) {
        for (const QByteArray& file : m_shared->listed) {
            if (!hasNameBytes(file, identifier))
                continue;
            DcmDataset match;
            match.putAndInsertString(DCM_SpecificCharacterSet, valueIn(file, 0x0008, 0x0005).constData());
            match.putAndInsertString(DCM_PatientName, valueIn(file, 0x0010, 0x0010).constData());
            match.putAndInsertString(DCM_StudyInstanceUID, valueIn(file, 0x0020, 0x000D).constData());
            sendFINDResponse(m_info.presentationContextID, request.MessageID, request.AffectedSOPClassUID, &match,
                             0xFF00, nullptr);
        }
        return sendFINDResponse(m_info.presentationContextID, request.MessageID, request.AffectedSOPClassUID, nullptr,
                                0, nullptr);
    }

    OFCondition findStudy(const T_DIMSE_C_FindRQ& request, DcmDataset& identifier) {
        if (valueOf(identifier, DCM_QueryRetrieveLevel) == QLatin1String("STUDY"))
            return findStudies(request, identifier);
        const bool series = valueOf(identifier, DCM_QueryRetrieveLevel) == QLatin1String("SERIES");
        QStringList seen;
        if (!series)
            for (auto it = m_shared->storedClasses.cbegin(); it != m_shared->storedClasses.cend(); ++it) {
                DcmDataset match;
                match.putAndInsertString(DCM_SOPInstanceUID, it.key().toLatin1().constData());
                match.putAndInsertString(DCM_SOPClassUID, it.value().toLatin1().constData());
                sendFINDResponse(m_info.presentationContextID, request.MessageID, request.AffectedSOPClassUID, &match,
                                 0xFF00, nullptr);
            }
        for (const QByteArray& file : m_shared->listed) {
            const QByteArray uid = series ? valueIn(file, 0x0020, 0x000E) : valueIn(file, 0x0008, 0x0018);
            if (seen.contains(QString::fromLatin1(uid)))
                continue;
            seen.append(QString::fromLatin1(uid));
            DcmDataset match;
            match.putAndInsertString(series ? DCM_SeriesInstanceUID : DCM_SOPInstanceUID, uid.constData());
            if (!series)
                match.putAndInsertString(DCM_SOPClassUID, valueIn(file, 0x0008, 0x0016).constData());
            sendFINDResponse(m_info.presentationContextID, request.MessageID, request.AffectedSOPClassUID, &match,
                             0xFF00, nullptr);
        }
        return sendFINDResponse(m_info.presentationContextID, request.MessageID, request.AffectedSOPClassUID, nullptr,
                                static_cast<Uint16>(m_shared->answer(QStringLiteral("C-FIND"), 0)), nullptr);
    }

    OFCondition get(const T_DIMSE_N_GetRQ& request) {
        const std::lock_guard lock(m_shared->mutex);
        note(QStringLiteral("N-GET"), request.RequestedSOPClassUID, request.RequestedSOPInstanceUID);
        const auto it = m_shared->workitems.find(QString::fromLatin1(request.RequestedSOPInstanceUID));
        const int status = m_shared->answer(QStringLiteral("N-GET"), it == m_shared->workitems.end() ? 0xC307 : 0);
        T_DIMSE_Message response;
        std::memset(&response, 0, sizeof response);
        response.CommandField = DIMSE_N_GET_RSP;
        T_DIMSE_N_GetRSP& body = response.msg.NGetRSP;
        body.MessageIDBeingRespondedTo = request.MessageID;
        body.DimseStatus = static_cast<DIC_US>(status);
        body.DataSetType = status == 0 ? DIMSE_DATASET_PRESENT : DIMSE_DATASET_NULL;
        if (status != 0)
            return sendDIMSEMessage(m_info.presentationContextID, &response, nullptr);
        DcmDataset copy(*it->second.attributes);
        copy.findAndDeleteElement(DCM_TransactionUID); // never told to others (PS3.4 table CC.2.5-3)
        return sendDIMSEMessage(m_info.presentationContextID, &response, &copy);
    }

    int transactionStatus(const Shared::Workitem& workitem, DcmDataset& information) {
        const QString state = valueOf(*workitem.attributes, DCM_ProcedureStepState);
        if (state == QLatin1String("COMPLETED") || state == QLatin1String("CANCELED"))
            return 0xC300;
        if (state == QLatin1String("SCHEDULED"))
            return 0xC310;
        return valueOf(information, DCM_TransactionUID) == workitem.transaction ? 0 : 0xC301;
    }

    OFCondition set(const T_DIMSE_N_SetRQ& request) {
        const std::unique_ptr<DcmDataset> changes = data();
        const std::lock_guard lock(m_shared->mutex);
        note(QStringLiteral("N-SET"), request.RequestedSOPClassUID, request.RequestedSOPInstanceUID);
        const auto it = m_shared->workitems.find(QString::fromLatin1(request.RequestedSOPInstanceUID));
        int status = it == m_shared->workitems.end() ? 0xC307 : transactionStatus(it->second, *changes);
        status = m_shared->answer(QStringLiteral("N-SET"), status);
        if (status == 0)
            while (changes->card() > 0) {
                std::unique_ptr<DcmElement> element(changes->remove(0UL));
                if (element->getTag() != DCM_TransactionUID)
                    it->second.attributes->insert(element.release(), OFTrue);
            }
        T_DIMSE_Message response;
        std::memset(&response, 0, sizeof response);
        response.CommandField = DIMSE_N_SET_RSP;
        T_DIMSE_N_SetRSP& body = response.msg.NSetRSP;
        body.MessageIDBeingRespondedTo = request.MessageID;
        body.DimseStatus = static_cast<DIC_US>(status);
        body.DataSetType = DIMSE_DATASET_NULL;
        return sendDIMSEMessage(m_info.presentationContextID, &response, nullptr);
    }

    int changeState(Shared::Workitem& workitem, DcmDataset& information) {
        const QString wanted = valueOf(information, DCM_ProcedureStepState);
        const QString now = valueOf(*workitem.attributes, DCM_ProcedureStepState);
        const QString transaction = valueOf(information, DCM_TransactionUID);
        const bool ours = !workitem.transaction.isEmpty() && transaction == workitem.transaction;
        const auto put = [&](const char* state) {
            workitem.attributes->putAndInsertString(DCM_ProcedureStepState, state);
            return 0;
        };
        if (wanted == QLatin1String("SCHEDULED"))
            return 0xC303;
        if (transaction.isEmpty())
            return 0xC301;
        if (wanted == QLatin1String("IN PROGRESS")) {
            if (now == QLatin1String("SCHEDULED")) {
                workitem.transaction = transaction;
                return put("IN PROGRESS");
            }
            return now == QLatin1String("IN PROGRESS") ? 0xC302 : 0xC300;
        }
        if (now == QLatin1String("SCHEDULED"))
            return 0xC310;
        if (!ours)
            return 0xC301;
        if (now == wanted)
            return now == QLatin1String("COMPLETED") ? 0xB306 : 0xB304;
        if (now != QLatin1String("IN PROGRESS"))
            return 0xC300;
        if (wanted == QLatin1String("CANCELED"))
            return put("CANCELED");
        DcmItem* performed = nullptr;
        workitem.attributes->findAndGetSequenceItem(DCM_UnifiedProcedureStepPerformedProcedureSequence, performed);
        const bool met = performed != nullptr &&
                         performed->tagExistsWithValue(DCM_PerformedProcedureStepStartDateTime) &&
                         performed->tagExistsWithValue(DCM_PerformedProcedureStepEndDateTime) &&
                         performed->tagExistsWithValue(DCM_PerformedStationNameCodeSequence) &&
                         performed->tagExistsWithValue(DCM_PerformedWorkitemCodeSequence);
        return met ? put("COMPLETED") : 0xC304;
    }

    OFCondition action(const T_DIMSE_N_ActionRQ& request) {
        const std::unique_ptr<DcmDataset> information = data();
        std::unique_lock lock(m_shared->mutex);
        note(QStringLiteral("N-ACTION %1").arg(request.ActionTypeID), request.RequestedSOPClassUID,
             request.RequestedSOPInstanceUID);
        if (std::strcmp(request.RequestedSOPClassUID, UID_StorageCommitmentPushModelSOPClass) == 0)
            return commit(request, *information, lock);
        int status = 0;
        const QString instance = QString::fromLatin1(request.RequestedSOPInstanceUID);
        const auto it = m_shared->workitems.find(instance);
        if (request.ActionTypeID >= 3)
            status = instance == QLatin1String(UID_UPSGlobalSubscriptionSOPInstance) &&
                             valueOf(*information, DCM_ReceivingAE) == QLatin1String("YUANZHEN")
                         ? 0
                         : 0xC308;
        else if (it == m_shared->workitems.end())
            status = 0xC307;
        else if (request.ActionTypeID == 1)
            status = changeState(it->second, *information);
        else if (valueOf(*it->second.attributes, DCM_ProcedureStepState) == QLatin1String("COMPLETED"))
            status = 0xC311;
        status = m_shared->answer(QStringLiteral("N-ACTION"), status);
        return sendACTIONResponse(m_info.presentationContextID, request.MessageID, request.RequestedSOPClassUID,
                                  request.RequestedSOPInstanceUID, static_cast<Uint16>(status));
    }

    OFCondition commit(const T_DIMSE_N_ActionRQ& request, DcmDataset& information, std::unique_lock<std::mutex>& lock) {
        DcmDataset result;
        result.putAndInsertOFStringArray(DCM_TransactionUID,
                                         valueOf(information, DCM_TransactionUID).toLatin1().constData());
        DcmSequenceOfItems* asked = nullptr;
        information.findAndGetSequence(DCM_ReferencedSOPSequence, asked);
        bool failures = false;
        for (unsigned long i = 0; asked != nullptr && i < asked->card(); ++i) {
            const QString uid = valueOf(*asked->getItem(i), DCM_ReferencedSOPInstanceUID);
            const bool fails = m_shared->failing.contains(uid);
            failures = failures || fails;
            DcmItem* item = nullptr;
            result.findOrCreateSequenceItem(fails ? DCM_FailedSOPSequence : DCM_ReferencedSOPSequence, item, -2);
            item->putAndInsertString(DCM_ReferencedSOPClassUID,
                                     valueOf(*asked->getItem(i), DCM_ReferencedSOPClassUID).toLatin1().constData());
            item->putAndInsertString(DCM_ReferencedSOPInstanceUID, uid.toLatin1().constData());
            if (fails)
                item->putAndInsertUint16(DCM_FailureReason, 0x0112);
        }
        const int status = m_shared->answer(QStringLiteral("N-ACTION"), 0);
        const CommitmentAnswer how = m_shared->commitment;
        const int port = m_shared->listenerPort;
        lock.unlock();
        if (status == FakePlatform::kAbort)
            return abortAssociation();
        const OFCondition answered =
            sendACTIONResponse(m_info.presentationContextID, request.MessageID, request.RequestedSOPClassUID,
                               request.RequestedSOPInstanceUID, static_cast<Uint16>(status));
        if (status != 0 || how == CommitmentAnswer::Never)
            return answered;
        const Uint16 type = failures ? 2 : 1;
        Uint16 reply = 0;
        if (how == CommitmentAnswer::SameAssociation)
            return sendEVENTREPORTRequest(m_info.presentationContextID, UID_StorageCommitmentPushModelSOPInstance, 1,
                                          type, &result, reply);
        DcmSCU scu;
        scu.setAETitle("PLATFORM");
        scu.setPeerAETitle("YUANZHEN");
        scu.setPeerHostName("127.0.0.1");
        scu.setPeerPort(static_cast<Uint16>(port));
        OFList<OFString> syntaxes;
        syntaxes.push_back(UID_LittleEndianExplicitTransferSyntax);
        scu.addPresentationContext(UID_StorageCommitmentPushModelSOPClass, syntaxes, ASC_SC_ROLE_SCP);
        if (scu.initNetwork().good() && scu.negotiateAssociation().good()) {
            for (int i = how == CommitmentAnswer::OwnAssociationTwice ? 0 : 1; i < 2; ++i)
                scu.sendEVENTREPORTRequest(
                    scu.findPresentationContextID(UID_StorageCommitmentPushModelSOPClass, "", ASC_SC_ROLE_SCP),
                    UID_StorageCommitmentPushModelSOPInstance, type, &result, reply);
            scu.releaseAssociation();
        }
        return answered;
    }

    OFCondition store(T_DIMSE_C_StoreRQ& request) {
        const std::unique_ptr<DcmDataset> dataset = data();
        const std::lock_guard lock(m_shared->mutex);
        note(QStringLiteral("C-STORE"), request.AffectedSOPClassUID, request.AffectedSOPInstanceUID);
        const int status = m_shared->answer(QStringLiteral("C-STORE"), 0);
        if (status == FakePlatform::kAbort)
            return abortAssociation();
        if ((status == 0 || (status & 0xF000) == 0xB000) && dataset) {
            const QString uid = QString::fromLatin1(request.AffectedSOPInstanceUID);
            m_shared->stored.append(uid);
            m_shared->storedClasses[uid] = QString::fromLatin1(request.AffectedSOPClassUID);
        }
        return sendSTOREResponse(m_info.presentationContextID, request, static_cast<Uint16>(status));
    }

    bool sendObject(const QByteArray& file, quint16 id) {
        const QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("object.dcm"));
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly))
            return false;
        out.write(file);
        out.close();
        DcmFileFormat object;
        if (object.loadFile(path.toLocal8Bit().constData()).bad())
            return false;
        T_DIMSE_Message message;
        std::memset(&message, 0, sizeof message);
        message.CommandField = DIMSE_C_STORE_RQ;
        T_DIMSE_C_StoreRQ& request = message.msg.CStoreRQ;
        request.MessageID = id;
        request.DataSetType = DIMSE_DATASET_PRESENT;
        OFStandard::strlcpy(request.AffectedSOPClassUID,
                            valueOf(*object.getDataset(), DCM_SOPClassUID).toLatin1().constData(),
                            sizeof request.AffectedSOPClassUID);
        OFStandard::strlcpy(request.AffectedSOPInstanceUID,
                            valueOf(*object.getDataset(), DCM_SOPInstanceUID).toLatin1().constData(),
                            sizeof request.AffectedSOPInstanceUID);
        const T_ASC_PresentationContextID context =
            contextFor(request.AffectedSOPClassUID, DcmXfer(object.getDataset()->getOriginalXfer()).getXferID());
        if (context == 0 || sendDIMSEMessage(context, &message, object.getDataset()).bad())
            return false;
        T_DIMSE_Message answer;
        T_ASC_PresentationContextID answerContext = context;
        DcmDataset* detail = nullptr;
        const bool good = receiveDIMSECommand(&answerContext, &answer, &detail).good() &&
                          answer.CommandField == DIMSE_C_STORE_RSP && answer.msg.CStoreRSP.DimseStatus == 0;
        delete detail;
        return good;
    }

    OFCondition retrieve(const T_DIMSE_C_GetRQ& request) {
        const std::unique_ptr<DcmDataset> identifier = data();
        QList<QByteArray> objects;
        End end = End::Success;
        int status = 0;
        {
            const std::lock_guard lock(m_shared->mutex);
            note(QStringLiteral("C-GET ") + valueOf(*identifier, DCM_QueryRetrieveLevel), request.AffectedSOPClassUID,
                 "");
            objects = m_shared->objects;
            end = m_shared->end;
            status = m_shared->answer(QStringLiteral("C-GET"), 0);
            // Only single instances are refused: what a peer without that level does.
            if (status == 0 && valueOf(*identifier, DCM_QueryRetrieveLevel) == QLatin1String("IMAGE"))
                status = m_shared->answer(QStringLiteral("C-GET IMAGE"), 0);
        }
        quint16 id = 1;
        if (status == 0)
            for (const QByteArray& object : objects)
                if (!sendObject(object, id++))
                    break;
        if (status == 0 && end == End::Abort)
            return abortAssociation();
        if (status == 0 && end == End::Silence) {
            while (!m_shared->stop)
                OFStandard::milliSleep(50);
            return abortAssociation();
        }
        T_DIMSE_Message response;
        std::memset(&response, 0, sizeof response);
        response.CommandField = DIMSE_C_GET_RSP;
        T_DIMSE_C_GetRSP& body = response.msg.CGetRSP;
        body.MessageIDBeingRespondedTo = request.MessageID;
        body.DataSetType = DIMSE_DATASET_NULL;
        body.DimseStatus = static_cast<DIC_US>(end == End::SomeFailed ? 0xB000 : status);
        body.NumberOfFailedSubOperations = end == End::SomeFailed ? 3 : 0;
        body.opts = O_GET_NUMBEROFFAILEDSUBOPERATIONS;
        return sendDIMSEMessage(m_info.presentationContextID, &response, nullptr);
    }

    T_ASC_PresentationContextID contextFor(const char* abstractSyntax, const char* transferSyntax) {
        for (const auto& [id, syntaxes] : m_contexts)
            if (syntaxes.first == abstractSyntax && syntaxes.second == transferSyntax)
                return id;
        return 0;
    }
    void notifyAssociationAcknowledge() override {
        m_contexts.clear();
        for (int id = 1; id < 256; id += 2) {
            OFString abstractSyntax;
            OFString transferSyntax;
            findPresentationContext(static_cast<T_ASC_PresentationContextID>(id), abstractSyntax, transferSyntax);
            if (!transferSyntax.empty())
                m_contexts[static_cast<Uint8>(id)] = {abstractSyntax, transferSyntax};
        }
    }

    std::shared_ptr<Shared> m_shared;
    DcmPresentationContextInfo m_info;
    std::map<Uint8, std::pair<OFString, OFString>> m_contexts;
};

FakePlatform::FakePlatform() : m_shared(std::make_shared<Shared>()) { m_shared->port = freePort(); }

void FakePlatform::start() {
    m_scp = std::make_unique<Scp>(m_shared);
    m_scp->setPort(static_cast<Uint16>(m_shared->port));
    m_scp->setAETitle("PLATFORM");
    m_scp->setRespondWithCalledAETitle(OFTrue);
    m_scp->setConnectionBlockingMode(DUL_NOBLOCK);
    m_scp->setConnectionTimeout(1);
    m_scp->setDIMSEBlockingMode(DIMSE_NONBLOCKING);
    m_scp->setDIMSETimeout(20);
    m_scp->setMaxReceivePDULength(131072);
    OFList<OFString> plain;
    plain.push_back(UID_LittleEndianExplicitTransferSyntax);
    plain.push_back(UID_LittleEndianImplicitTransferSyntax);
    OFList<OFString> all(plain);
    all.push_back(UID_JPEG2000LosslessOnlyTransferSyntax);
    m_scp->addPresentationContext(UID_VerificationSOPClass, plain);
    for (const char* uid : {UID_UnifiedProcedureStepPushSOPClass, UID_UnifiedProcedureStepPullSOPClass,
                            UID_UnifiedProcedureStepWatchSOPClass, UID_UnifiedProcedureStepQuerySOPClass,
                            UID_StorageCommitmentPushModelSOPClass, UID_FINDStudyRootQueryRetrieveInformationModel,
                            UID_GETStudyRootQueryRetrieveInformationModel, UID_EnhancedSRStorage,
                            UID_EncapsulatedPDFStorage, UID_GrayscaleSoftcopyPresentationStateStorage,
                            UID_ColorSoftcopyPresentationStateStorage, UID_KeyObjectSelectionDocumentStorage})
        if (!m_shared->refused.contains(QLatin1String(uid)))
            m_scp->addPresentationContext(uid, plain);
    m_scp->addPresentationContext(UID_CTImageStorage, all, ASC_SC_ROLE_SCUSCP);
    m_scp->addPresentationContext(UID_BasicTextSRStorage, plain, ASC_SC_ROLE_SCUSCP);
    m_thread = std::thread([this] { m_scp->listen(); });
    if (!waitForPort(m_shared->port))
        qFatal("fake platform does not listen");
}

FakePlatform::~FakePlatform() {
    m_shared->stop = true;
    if (m_scp)
        (void)echo(settings(), {}); // an association after which it looks whether to stop
    if (m_thread.joinable())
        m_thread.join();
}

NetworkSettings FakePlatform::settings() const {
    if (!m_scp)
        const_cast<FakePlatform*>(this)->start();
    return settingsFor(m_shared->port, QStringLiteral("PLATFORM"));
}

void FakePlatform::add(const ReadingTask& task) {
    const std::lock_guard lock(m_shared->mutex);
    auto attributes = std::make_unique<DcmDataset>();
    if (!ups::toDataset(task, *attributes))
        qFatal("work item could not be written");
    m_shared->workitems[task.uid.value()] = {std::move(attributes), QString()};
}

UpsState FakePlatform::state(const QString& workitem) const {
    UpsState state = UpsState::Scheduled;
    upsStateFromName(attribute(workitem, QStringLiteral("0074,1000")), state);
    return state;
}

QString FakePlatform::attribute(const QString& workitem, const QString& path) const {
    const std::lock_guard lock(m_shared->mutex);
    DcmItem* item = m_shared->workitems.at(workitem).attributes.get();
    const QStringList steps = path.split(u'/');
    for (qsizetype i = 0; i + 1 < steps.size(); ++i)
        if (item->findAndGetSequenceItem(tagOf(steps[i]), item).bad())
            return {};
    return valueOf(*item, tagOf(steps.last()));
}

void FakePlatform::force(const QString& operation, int status) {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->forced[operation] = status;
}

void FakePlatform::unforce() {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->forced.clear();
}

void FakePlatform::serve(const QList<QByteArray>& part10Files, End end) {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->listed = part10Files;
    m_shared->objects = part10Files;
    m_shared->end = end;
}

void FakePlatform::setCommitment(CommitmentAnswer answer, int listenerPort, const QStringList& failing) {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->commitment = answer;
    m_shared->listenerPort = listenerPort;
    m_shared->failing = failing;
}

QStringList FakePlatform::log() const {
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->log;
}

int FakePlatform::storedCount() const {
    const std::lock_guard lock(m_shared->mutex);
    return static_cast<int>(m_shared->stored.size());
}

int FakePlatform::storedCount(const QString& instance) const {
    const std::lock_guard lock(m_shared->mutex);
    return static_cast<int>(m_shared->stored.count(instance));
}

void FakePlatform::refuseContexts(const QString& abstractSyntax) {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->refused.append(abstractSyntax);
}

} // namespace yz::test
