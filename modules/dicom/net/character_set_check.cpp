#include "dicom/net/character_set_check.h"

#include "dicom/net/association.h"
#include "dicom/net/data_set_dcmtk.h"
#include "dicom/net/query_dcmtk.h"
#include "dicom/net/ups_mapping_dcmtk.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcuid.h>

namespace yz {

namespace {

bool isPending(int status) { return status == 0xFF00 || status == 0xFF01; } // PS3.4 C.4.1.1.4

/// As sent: what is parsed for use has its text converted already. The bytes were checked before (parseDataSet).
QString declaredIn(const QByteArray& bytes, bool explicitVr) {
    DcmDataset dataset;
    DcmInputBufferStream stream;
    stream.setBuffer(bytes.constData(), bytes.size());
    stream.setEos();
    dataset.transferInit();
    dataset.read(stream, explicitVr ? EXS_LittleEndianExplicit : EXS_LittleEndianImplicit);
    dataset.transferEnd();
    OFString declared;
    dataset.findAndGetOFStringArray(DCM_SpecificCharacterSet, declared);
    return QString::fromLatin1(declared.c_str());
}

Result<CharacterSetAnswer> firstAnswer(Association& association, const AcceptedContext& context,
                                       DcmDataset& identifier) {
    DimseMessage request;
    request.command = Dimse::CFindRq;
    request.context = context.id;
    request.withPriority = true;
    request.affectedSopClass = context.abstractSyntax;
    if (const Status set = setDataSet(context, identifier, request); !set)
        return fail(set.error());
    const Result<DimseMessage> answer = association.exchange(std::move(request));
    if (!answer)
        return fail(answer.error());
    CharacterSetAnswer result;
    if (isPending(answer->status) && answer->hasData) {
        const Result<std::unique_ptr<DcmDataset>> match = dataSetOf(association, *answer);
        if (!match)
            return fail(match.error());
        result.hasAnswer = true;
        result.repair = textRepairOf(**match);
        result.declared =
            declaredIn(answer->data, context.transferSyntax == QLatin1String(UID_LittleEndianExplicitTransferSyntax));
        association.abort(); // there may be thousands more
    } else if (answer->status != 0) {
        return fail(statusError(answer->status, QStringLiteral("C-FIND")));
    }
    return result;
}

} // namespace

Result<CharacterSetAnswer> characterSetOfStudies(Association& association, const QDate& since) {
    const Result<AcceptedContext> context =
        association.require({QLatin1String(UID_FINDStudyRootQueryRetrieveInformationModel)});
    if (!context)
        return fail(context.error());
    DcmDataset identifier;
    const std::vector<QueryKey> keys{{DCM_StudyInstanceUID, {}},
                                     {DCM_PatientName, {}},
                                     {DCM_StudyDescription, {}},
                                     {DCM_StudyDate, since.toString(QStringLiteral("yyyyMMdd")) + u'-'},
                                     {DCM_PatientID, {}}};
    if (const Status put = putKeys(identifier, "STUDY", keys); !put)
        return fail(put.error());
    return firstAnswer(association, *context, identifier);
}

Result<CharacterSetAnswer> characterSetOfWorkitems(Association& association) {
    const Result<AcceptedContext> context = association.require({QLatin1String(UID_UnifiedProcedureStepPullSOPClass)});
    if (!context)
        return fail(context.error());
    DcmDataset identifier;
    if (const Status put = ups::toQuery({}, {}, identifier); !put)
        return fail(put.error());
    return firstAnswer(association, *context, identifier);
}

} // namespace yz
