#include "embedded_platform/web_search.h"

#include <dcmtk/dcmdata/dcdicent.h>
#include <dcmtk/dcmdata/dcdict.h>

namespace yz::platform {

namespace {

constexpr int kMostMatches = 10'000;
constexpr int kDeepest = 4;

/// Return keys of type 1 and 2 (PS3.4 table CC.2.5-3).
const DcmTagKey kReturned[] = {DCM_SOPClassUID,
                               DCM_SOPInstanceUID,
                               DCM_ScheduledProcedureStepPriority,
                               DCM_ScheduledProcedureStepModificationDateTime,
                               DCM_ProcedureStepLabel,
                               DCM_WorklistLabel,
                               DCM_ScheduledStationNameCodeSequence,
                               DCM_ScheduledStationClassCodeSequence,
                               DCM_ScheduledStationGeographicLocationCodeSequence,
                               DCM_ScheduledHumanPerformersSequence,
                               DCM_ScheduledProcedureStepStartDateTime,
                               DCM_ExpectedCompletionDateTime,
                               DCM_ScheduledWorkitemCodeSequence,
                               DCM_InputReadinessState,
                               DCM_InputInformationSequence,
                               DCM_PatientName,
                               DCM_PatientID,
                               DCM_IssuerOfPatientID,
                               DCM_PatientBirthDate,
                               DCM_PatientSex,
                               DCM_AdmissionID,
                               DCM_AdmittingDiagnosesDescription,
                               DCM_ReferencedRequestSequence,
                               DCM_ProcedureStepState,
                               DCM_ProcedureStepProgressInformationSequence,
                               DCM_UnifiedProcedureStepPerformedProcedureSequence};
/// What a desk reads beside them.
const DcmTagKey kReadByDesks[] = {DCM_PatientAge,
                                  DCM_OtherPatientIDsSequence,
                                  DCM_Modality,
                                  DCM_BodyPartExamined,
                                  DCM_AdditionalPatientHistory,
                                  DCM_CommentsOnTheScheduledProcedureStep,
                                  DCM_StudyDate,
                                  DCM_StudyTime,
                                  DCM_TimezoneOffsetFromUTC,
                                  DCM_NameOfPhysiciansReadingStudy,
                                  DCM_RETIRED_RelevantInformationSequence,
                                  DCM_OutputInformationSequence,
                                  DCM_ReasonForCancellation,
                                  DCM_RequestingAE};

Result<DcmTag> tagOf(const QString& name) {
    if (const std::optional<DcmTagKey> number = tagOfHex(name)) {
        const DcmTag tag(*number);
        if (tag.getEVR() != EVR_UNKNOWN && number->getGroup() >= 8 && number->getElement() != 0)
            return tag;
    } else {
        const QByteArray keyword = name.toLatin1();
        DcmTag tag;
        // Retired attributes have a mark before their keyword in DCMTK's dictionary.
        for (const QByteArray& each : {keyword, QByteArray("RETIRED_" + keyword)})
            if (DcmTag::findTagFromName(each.constData(), tag).good())
                return tag;
    }
    return fail(ErrorCode::InvalidArgument, QStringLiteral("an unknown attribute in the query"));
}

/// "ScheduledStationNameCodeSequence.CodeValue" into the keys; an empty value asks for the attribute.
Status put(DcmItem& keys, const QString& path, const QString& value) {
    const QStringList names = path.split(u'.');
    if (names.size() > kDeepest)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("an attribute too deep in sequences"));
    DcmItem* holder = &keys;
    for (qsizetype i = 0; i < names.size(); ++i) {
        const Result<DcmTag> tag = tagOf(names[i]);
        if (!tag)
            return fail(tag.error());
        const bool isSequence = tag->getEVR() == EVR_SQ;
        if (i + 1 < names.size()) {
            if (!isSequence || holder->findOrCreateSequenceItem(*tag, holder, 0).bad())
                return fail(ErrorCode::InvalidArgument, QStringLiteral("an attribute in what is no sequence"));
        } else if (value.isEmpty()) {
            if (!holder->tagExists(*tag))
                holder->insertEmptyElement(*tag);
        } else if (isSequence) {
            return fail(ErrorCode::InvalidArgument, QStringLiteral("a value for a sequence"));
        } else {
            QString matched = value;
            if (tag->getEVR() == EVR_UI)
                matched.replace(u',', u'\\'); // a list of UIDs
            if (tag->getEVR() == EVR_DT)
                matched.replace(u' ', u'+'); // of a zone, not escaped
            putText(*holder, *tag, matched);
        }
    }
    return {};
}

Result<int> number(const QString& text) {
    bool isNumber = false;
    const int value = text.toInt(&isNumber);
    if (!isNumber || value < 0)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("limit and offset take numbers"));
    return value;
}

} // namespace

Result<WebSearch> WebSearch::parse(const std::vector<std::pair<QString, QString>>& query) {
    WebSearch search;
    search.keys = std::make_unique<DcmDataset>();
    search.limit = kMostMatches;
    putText(*search.keys, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    QStringList returned;
    for (const auto& [name, value] : query) {
        Status done;
        if (name == u"limit" || name == u"offset") {
            const Result<int> count = number(value);
            if (!count)
                return fail(count.error());
            if (name == u"offset") {
                search.offset = *count;
            } else if (*count < search.limit) {
                search.limit = *count;
                search.isLimited = true;
            }
        } else if (name == u"includefield") {
            returned += value.split(u',', Qt::SkipEmptyParts);
        } else if (name == u"fuzzymatching") {
            if (value == u"true")
                search.warning = QStringLiteral(
                    "The fuzzymatching parameter is not supported. Only literal matching has been performed.");
        } else if (name != u"accept" && name != u"charset") {
            done = put(*search.keys, name, value);
        }
        if (!done)
            return fail(done.error());
    }
    const bool isAll = returned.removeAll(QStringLiteral("all")) > 0;
    for (const QString& name : std::as_const(returned))
        if (const Status done = put(*search.keys, name.trimmed(), {}); !done)
            return fail(done.error());
    const auto want = [&](const auto& tags) {
        for (const DcmTagKey& tag : tags)
            if (!search.keys->tagExists(tag))
                search.keys->insertEmptyElement(DcmTag(tag));
    };
    want(kReturned);
    if (isAll)
        want(kReadByDesks);
    return search;
}

} // namespace yz::platform
