#include "embedded_platform/negotiation.h"

#include "embedded_platform/data_set.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <array>

namespace yz::platform {

namespace {

constexpr std::array kServices{
    UID_VerificationSOPClass,
    UID_FINDStudyRootQueryRetrieveInformationModel,
    UID_MOVEStudyRootQueryRetrieveInformationModel,
    UID_GETStudyRootQueryRetrieveInformationModel,
    UID_UnifiedProcedureStepPushSOPClass,
    UID_UnifiedProcedureStepWatchSOPClass,
    UID_UnifiedProcedureStepPullSOPClass,
    UID_UnifiedProcedureStepEventSOPClass,
    UID_UnifiedProcedureStepQuerySOPClass,
    UID_StorageCommitmentPushModelSOPClass,
};

bool isService(const QString& abstractSyntax) {
    for (const char* service : kServices)
        if (abstractSyntax == QLatin1String(service))
            return true;
    return false;
}

/// Syntaxes DCMTK can read and write data sets in without touching pixels.
QString plainSyntax(const QStringList& proposed) {
    for (const char* name : {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax,
                             UID_DeflatedExplicitVRLittleEndianTransferSyntax, UID_BigEndianExplicitTransferSyntax})
        if (proposed.contains(QLatin1String(name)))
            return QString::fromLatin1(name);
    return {};
}

QString chosenForStorage(const QString& sopClass, const QStringList& proposed, bool weSend,
                         const StoredSyntaxes& stored) {
    if (weSend) {
        const QStringList have = stored.value(sopClass);
        for (const QString& syntax : have)
            if (proposed.contains(syntax))
                return syntax;
        return plainSyntax(proposed);
    }
    // Received objects are kept as they come; the sender's order is its preference.
    for (const QString& syntax : proposed)
        if (syntaxFromUid(syntax) != EXS_Unknown)
            return syntax;
    return {};
}

} // namespace

bool isStorageClass(const QString& sopClass) {
    return sopClass.startsWith(u"1.2.840.10008.5.1.4.1.1.") ||
           dcmIsaStorageSOPClassUID(uidBytes(sopClass).constData(), ESSC_All) == OFTrue;
}

void negotiateContexts(T_ASC_Parameters* parameters, const StoredSyntaxes& stored) {
    const int count = ASC_countPresentationContexts(parameters);
    for (int i = 0; i < count; ++i) {
        T_ASC_PresentationContext context{};
        if (ASC_getPresentationContext(parameters, i, &context).bad())
            continue;
        const QString abstractSyntax = QString::fromLatin1(context.abstractSyntax);
        QStringList proposed;
        for (int k = 0; k < context.transferSyntaxCount; ++k)
            proposed.append(QString::fromLatin1(context.proposedTransferSyntaxes[k]));
        const bool isStorage = !isService(abstractSyntax) && isStorageClass(abstractSyntax);
        if (!isStorage && !isService(abstractSyntax)) {
            ASC_refusePresentationContext(parameters, context.presentationContextID, ASC_P_ABSTRACTSYNTAXNOTSUPPORTED);
            continue;
        }
        const bool peerReceives = context.proposedRole == ASC_SC_ROLE_SCP || context.proposedRole == ASC_SC_ROLE_SCUSCP;
        const QString chosen =
            isStorage ? chosenForStorage(abstractSyntax, proposed, peerReceives, stored) : plainSyntax(proposed);
        if (chosen.isEmpty())
            ASC_refusePresentationContext(parameters, context.presentationContextID,
                                          ASC_P_TRANSFERSYNTAXESNOTSUPPORTED);
        else
            ASC_acceptPresentationContext(parameters, context.presentationContextID, uidBytes(chosen).constData(),
                                          context.proposedRole);
    }
}

} // namespace yz::platform
