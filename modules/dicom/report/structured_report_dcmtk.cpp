#include "dicom/report/structured_report_dcmtk.h"

#include "dicom/report/report_codes.h"
#include "dicom/report/report_modules_dcmtk.h"

#include <dcmtk/dcmsr/dsrdoc.h>

#include <algorithm>
#include <array>
#include <set>

namespace yz::dicom {

namespace {

OFString utf8(const QString& text) { return text.toUtf8().constData(); }

/// SOP classes whose images may have several frames: there a reference needs the frame number even when it is 1.
bool mayHaveFrames(const QString& sopClass) {
    static constexpr std::array<const char*, 14> kClasses{
        "1.2.840.10008.5.1.4.1.1.2.1",    "1.2.840.10008.5.1.4.1.1.4.1",    "1.2.840.10008.5.1.4.1.1.3.1",
        "1.2.840.10008.5.1.4.1.1.7.1",    "1.2.840.10008.5.1.4.1.1.7.2",    "1.2.840.10008.5.1.4.1.1.7.3",
        "1.2.840.10008.5.1.4.1.1.7.4",    "1.2.840.10008.5.1.4.1.1.12.1",   "1.2.840.10008.5.1.4.1.1.12.2",
        "1.2.840.10008.5.1.4.1.1.12.1.1", "1.2.840.10008.5.1.4.1.1.12.2.1", "1.2.840.10008.5.1.4.1.1.20",
        "1.2.840.10008.5.1.4.1.1.13.1.3", "1.2.840.10008.5.1.4.1.1.77.1.6"};
    return std::any_of(kClasses.begin(), kClasses.end(),
                       [&](const char* uid) { return sopClass == QLatin1String(uid); });
}

/// Builds the content tree; the first refusal of the library is kept and everything after it is skipped.
class ContentTree {
public:
    explicit ContentTree(DSRDocumentTree& tree) : m_tree(tree) {}

    void root(const ReportCode& title) {
        add(DSRTypes::RT_isRoot, DSRTypes::VT_Container, title.entry());
        if (m_isGood)
            keep(m_tree.getCurrentContentItem().setTemplateIdentification("2000", "DCMR"));
    }
    /// Opens a container below the current level; close() comes back.
    void open(const ReportCode& heading) { add(DSRTypes::RT_contains, DSRTypes::VT_Container, heading.entry()); }
    void close() { leave(); }
    void code(DSRTypes::E_RelationshipType relationship, const ReportCode& name, const ReportCode& value) {
        add(relationship, DSRTypes::VT_Code, name.entry());
        if (m_isGood)
            keep(m_tree.getCurrentContentItem().setCodeValue(value.entry()));
        leave();
    }
    void text(DSRTypes::E_RelationshipType relationship, const ReportCode& name, const QString& value) {
        openText(relationship, name, value);
        leave();
    }
    void person(DSRTypes::E_RelationshipType relationship, const ReportCode& name, const QString& value) {
        add(relationship, DSRTypes::VT_PName, name.entry());
        if (m_isGood)
            keep(m_tree.getCurrentContentItem().setStringValue(utf8(personNameFromText(value).toDicom())));
        leave();
    }
    void uid(DSRTypes::E_RelationshipType relationship, const ReportCode& name, const QString& value) {
        add(relationship, DSRTypes::VT_UIDRef, name.entry());
        if (m_isGood)
            keep(m_tree.getCurrentContentItem().setStringValue(utf8(value)));
        leave();
    }
    /// A section of one text; nothing when the text is empty.
    void section(const ReportCode& heading, const ReportCode& element, const QString& value) {
        if (value.trimmed().isEmpty())
            return;
        open(heading);
        text(DSRTypes::RT_contains, element, value);
        close();
    }
    void image(DSRTypes::E_RelationshipType relationship, const ReportCode& purpose, const SopReference& object,
               int frame) {
        add(relationship, DSRTypes::VT_Image, purpose.entry());
        if (m_isGood) {
            DSRImageReferenceValue reference(utf8(object.sopClass.value()), utf8(object.instance.value()), OFFalse);
            if (frame > 1 || mayHaveFrames(object.sopClass.value()))
                reference.getFrameList().addItem(frame);
            keep(m_tree.getCurrentContentItem().setImageReference(reference, OFFalse));
        }
        leave();
    }
    void keyImage(const KeyImage& image_) {
        if (image_.caption.trimmed().isEmpty()) {
            image(DSRTypes::RT_contains, kBestIllustration, image_.object, image_.frame);
            return;
        }
        openText(DSRTypes::RT_contains, kFinding, image_.caption);
        image(DSRTypes::RT_inferredFrom, kBestIllustration, image_.object, image_.frame);
        close();
    }
    void measurement(const ReportMeasurement& measurement) {
        add(DSRTypes::RT_contains, DSRTypes::VT_Num, measuredQuantity(measurement.name));
        if (m_isGood) {
            const QByteArray value = QByteArray::number(measurement.value, 'g', 10); // a DS has 16 characters
            keep(m_tree.getCurrentContentItem().setNumericValue(
                DSRNumericMeasurementValue(value.constData(), unitCode(measurement.unit))));
        }
        if (!measurement.object.instance.isEmpty())
            image(DSRTypes::RT_inferredFrom, kSourceOfMeasurement, measurement.object, measurement.frame);
        close();
    }
    [[nodiscard]] Status status() const {
        return m_isGood ? Status() : Status(fail(ErrorCode::ReportIncomplete, QString::fromLatin1(m_problem.c_str())));
    }

private:
    void openText(DSRTypes::E_RelationshipType relationship, const ReportCode& name, const QString& value) {
        add(relationship, DSRTypes::VT_Text, name.entry());
        if (m_isGood)
            keep(m_tree.getCurrentContentItem().setStringValue(utf8(value)));
    }
    /// The first child of a node goes below it, the next ones after their sibling; the cursor moves to the new node.
    void add(DSRTypes::E_RelationshipType relationship, DSRTypes::E_ValueType type, const DSRCodedEntryValue& name) {
        if (!m_isGood)
            return;
        const auto mode = m_hasSibling ? DSRTypes::AM_afterCurrent : DSRTypes::AM_belowCurrent;
        if (m_tree.addContentItem(relationship, type, mode) == 0) {
            m_isGood = false;
            m_problem = "the content tree refuses an item";
            return;
        }
        m_hasSibling = false;
        keep(m_tree.getCurrentContentItem().setConceptName(name));
    }
    /// Ends the current node: what comes next is its sibling. A node with children is left by going up to it first.
    void leave() {
        if (!m_isGood)
            return;
        if (m_hasSibling)
            m_tree.goUp();
        m_hasSibling = true;
    }
    void keep(const OFCondition& status) {
        if (status.good() || !m_isGood)
            return;
        m_isGood = false;
        m_problem = status.text();
    }

    DSRDocumentTree& m_tree;
    bool m_isGood = true;
    bool m_hasSibling = false; ///< the cursor stands on a finished node of the current level
    OFString m_problem;
};

QString criticalText(const CriticalValue& value) {
    const auto time = [](const QDateTime& t) {
        return t.isValid() ? t.toOffsetFromUtc(8 * 3600).toString(QStringLiteral("yyyy-MM-dd HH:mm")) : QString();
    };
    QStringList lines{value.item};
    const auto add = [&lines](const QString& label, const QString& text) {
        if (!text.isEmpty())
            lines.append(label + QChar(0xFF1A) + text);
    };
    add(QStringLiteral("发现时间"), time(value.foundAt));
    add(QStringLiteral("报告人"), value.toldBy);
    add(QStringLiteral("接收人"), value.toldTo);
    add(QStringLiteral("告知时间"), time(value.toldAt));
    add(QStringLiteral("复述确认"), value.readBack ? QStringLiteral("是") : QStringLiteral("否"));
    add(QStringLiteral("处理"), value.handling);
    return lines.join(u'\n');
}

void writeContent(ContentTree& tree, const ReportDocument& document) {
    using T = DSRTypes;
    const ReportContent& content = document.content;
    const Order& order = document.order;
    tree.root(documentTitle(order.modality));
    tree.code(T::RT_hasConceptMod, kLanguage, kChinese);
    tree.code(T::RT_hasObsContext, kObserverType, kPerson);
    tree.person(T::RT_hasObsContext, kPersonName, document.author.name);
    const QString organization =
        document.author.hospital.isEmpty() ? document.diagnosingHospital : document.author.hospital;
    if (!organization.isEmpty())
        tree.text(T::RT_hasObsContext, kPersonOrganization, organization);
    tree.uid(T::RT_hasObsContext, kProcedureStudy, order.study.value());
    if (!order.accessionNumber.isEmpty())
        tree.text(T::RT_hasObsContext, kAccession, order.accessionNumber);

    if (document.isDemo)
        tree.section(kSummarySection, kDemonstration,
                     QStringLiteral("演示数据\uFF0C仅供培训与测试\uFF0C不得用于临床。"));
    if (!order.requestingHospital.isEmpty() || !order.clinicalDiagnosis.isEmpty()) {
        tree.open(kRequestSection);
        if (!order.requestingHospital.isEmpty())
            tree.text(T::RT_contains, kRequester,
                      QString(order.requestingHospital + u' ' + order.requestingDepartment).trimmed());
        if (!order.clinicalDiagnosis.isEmpty())
            tree.text(T::RT_contains, kClinicalDiagnosis, order.clinicalDiagnosis);
        tree.close();
    }
    tree.section(kHistorySection, kHistorySection, order.history);
    QStringList procedure{order.item, content.technique};
    procedure.removeAll(QString());
    tree.section(kProcedureSection, kProcedureDescription, procedure.join(u'\n'));
    tree.section(kPreviousSection, kPreviousFinding, content.comparison);
    if (!content.findings.trimmed().isEmpty() || !content.measurements.empty() ||
        !order.imageQualityRemarks.isEmpty()) {
        tree.open(kFindingsSection);
        if (!content.findings.trimmed().isEmpty())
            tree.text(T::RT_contains, kFinding, content.findings);
        if (!order.imageQualityRemarks.isEmpty())
            tree.text(T::RT_contains, kImageQuality, order.imageQualityRemarks);
        for (const ReportMeasurement& measurement : content.measurements)
            tree.measurement(measurement);
        tree.close();
    }
    if (!content.keyImages.empty()) {
        tree.open(kKeyImagesSection);
        for (const KeyImage& image : content.keyImages)
            tree.keyImage(image);
        tree.close();
    }
    tree.section(kImpressionsSection, kImpression, content.impression);
    if (content.positivity != Positivity::Unstated) {
        tree.open(kConclusionsSection);
        tree.code(T::RT_contains, kConclusion, content.positivity == Positivity::Positive ? kPositive : kNegative);
        tree.close();
    }
    tree.section(kRecommendationsSection, kRecommendation, content.recommendation);
    if (!content.criticalValues.empty()) {
        tree.open(kCriticalSection);
        for (const CriticalValue& value : content.criticalValues)
            tree.text(T::RT_contains, kCriticalValue, criticalText(value));
        tree.close();
    }
    if (content.mutualRecognition)
        tree.section(kSummarySection, kMutualRecognition,
                     QStringLiteral("检查影像互认\uFF1B互认范围为影像资料\uFF0C不包括诊断结论。"));
    if (document.kind != ReportVersionKind::Original)
        tree.section(kAddendumSection, kAmendReason, document.amendReason);
}

/// Every object the report cites, as Current Requested Procedure Evidence (PS3.3 C.17.2.3).
Status putEvidence(DSRDocument& sr, const ReportDocument& document) {
    std::set<QString> seen;
    const auto add = [&](const SeriesUid& series, const SopReference& object) {
        if (object.instance.isEmpty() || !seen.insert(object.instance.value()).second)
            return true;
        return sr.getCurrentRequestedProcedureEvidence()
            .addItem(utf8(document.order.study.value()), utf8(series.value()), utf8(object.sopClass.value()),
                     utf8(object.instance.value()), OFFalse)
            .good();
    };
    bool isGood = true;
    for (size_t i = 0; i < document.evidence.size(); ++i)
        isGood = isGood && add(document.evidenceSeries[i], document.evidence[i]);
    for (const KeyImage& image : document.content.keyImages)
        isGood = isGood && add(image.series, image.object);
    for (const ReportMeasurement& measurement : document.content.measurements)
        isGood = isGood && add(measurement.series, measurement.object);
    for (const ReportReference& reference : document.predecessors)
        isGood = isGood &&
                 sr.getPredecessorDocuments()
                     .addItem(utf8(reference.study.value()), utf8(reference.series.value()),
                              utf8(reference.object.sopClass.value()), utf8(reference.object.instance.value()), OFFalse)
                     .good();
    return isGood ? Status() : Status(fail(ErrorCode::ReportIncomplete, QStringLiteral("evidence without UIDs")));
}

/// (0040,A370): which request the report answers.
void putRequest(DcmItem& item, const ReportDocument& document) {
    DcmItem* request = nullptr;
    if (item.findOrCreateSequenceItem(DCM_ReferencedRequestSequence, request, 0).bad())
        return;
    putText(*request, DCM_StudyInstanceUID, document.order.study.value());
    request->insertEmptyElement(DCM_ReferencedStudySequence);
    putText(*request, DCM_AccessionNumber, oneLine(document.order.accessionNumber, 16));
    request->insertEmptyElement(DCM_PlacerOrderNumberImagingServiceRequest);
    request->insertEmptyElement(DCM_FillerOrderNumberImagingServiceRequest);
    request->insertEmptyElement(DCM_RequestedProcedureID);
    putText(*request, DCM_RequestedProcedureDescription, oneLine(document.order.item));
    request->insertEmptyElement(DCM_RequestedProcedureCodeSequence);
    if (!document.order.requestingHospital.isEmpty())
        putText(*request, DCM_RequestingService, oneLine(document.order.requestingHospital));
    if (!document.order.requestingPhysician.isEmpty())
        putPersonName(*request, DCM_RequestingPhysician, personNameFromText(document.order.requestingPhysician));
}

/// (0040,A078): who wrote it.
void putAuthor(DcmItem& item, const ReportDocument& document) {
    DcmItem* author = nullptr;
    if (item.findOrCreateSequenceItem(DCM_AuthorObserverSequence, author, 0).bad())
        return;
    author->putAndInsertString(DCM_ObserverType, "PSN");
    putPersonName(*author, DCM_PersonName, personNameFromText(document.author.name));
    author->insertEmptyElement(DCM_PersonIdentificationCodeSequence);
    putText(*author, DCM_InstitutionName,
            oneLine(document.author.hospital.isEmpty() ? document.diagnosingHospital : document.author.hospital));
    author->insertEmptyElement(DCM_InstitutionCodeSequence);
}

} // namespace

Result<std::unique_ptr<DcmDataset>> buildStructuredReport(const ReportDocument& document) {
    if (const Status checked = checkIdentity(document); !checked)
        return fail(checked.error());
    DSRDocument sr(DSRTypes::DT_EnhancedSR);
    sr.setSpecificCharacterSetType(DSRTypes::CS_UTF8);
    const ReportFlags flags = flagsOf(document.state);
    ContentTree tree(sr.getTree());
    writeContent(tree, document);
    if (const Status built = tree.status(); !built)
        return fail(built.error());
    if (const Status evidence = putEvidence(sr, document); !evidence)
        return fail(evidence.error());
    OFCondition status = sr.getCodingSchemeIdentification().addItem(kOwnScheme, "", "Yuanzhen local codes", "Yuanzhen");
    if (status.good())
        status = sr.setPreliminaryFlag(flags.verified ? DSRTypes::PF_Final : DSRTypes::PF_Preliminary);
    if (status.good() && flags.complete)
        status = sr.completeDocument();
    if (status.good() && flags.verified) {
        const SignerStatement& reviewer = *document.reviewer;
        const QString hospital = oneLine(reviewer.hospital.isEmpty() ? document.diagnosingHospital : reviewer.hospital);
        status = sr.verifyDocument(utf8(personNameFromText(reviewer.name).toDicom()),
                                   hospital.isEmpty() ? OFString("-") : utf8(hospital),
                                   utf8(dicomDateTime(reportTime(document))));
    }
    auto dataSet = std::make_unique<DcmDataset>();
    if (status.good())
        status = sr.write(*dataSet);
    if (status.bad())
        return fail(ErrorCode::ReportIncomplete, QString::fromLatin1(status.text()));
    // The library put in its own UIDs, names and the clock's time; what the document says replaces all of it.
    putCommonModules(*dataSet, document);
    putSeries(*dataSet, document, "SR", document.srSeries, 9001);
    putText(*dataSet, DCM_SOPInstanceUID, document.srInstance.value());
    dataSet->findAndDeleteElement(DCM_InstanceCreatorUID);
    putRequest(*dataSet, document);
    putAuthor(*dataSet, document);
    return dataSet;
}

Result<std::unique_ptr<DcmDataset>> buildEncapsulatedPdf(const ReportDocument& document, const QByteArray& pdf) {
    if (const Status checked = checkIdentity(document); !checked)
        return fail(checked.error());
    if (document.pdfSeries.isEmpty() || document.pdfInstance.isEmpty())
        return fail(ErrorCode::ReportIncomplete, QStringLiteral("no UIDs for the PDF object"));
    if (!pdf.startsWith("%PDF-"))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("no PDF"));
    auto dataSet = std::make_unique<DcmDataset>();
    DcmItem& item = *dataSet;
    item.putAndInsertString(DCM_SOPClassUID, UID_EncapsulatedPDFStorage);
    putText(item, DCM_SOPInstanceUID, document.pdfInstance.value());
    putCommonModules(item, document);
    putSeries(item, document, "DOC", document.pdfSeries, 9002);
    item.putAndInsertString(DCM_ConversionType, "WSD");
    item.putAndInsertString(DCM_BurnedInAnnotation, "YES"); // name and number are printed on the page
    putText(item, DCM_AcquisitionDateTime, dicomDateTime(document.order.examTime));
    putText(item, DCM_DocumentTitle, oneLine(document.content.title, 256));
    item.putAndInsertString(DCM_VerificationFlag, flagsOf(document.state).verified ? "VERIFIED" : "UNVERIFIED");
    const ReportCode title = documentTitle(document.order.modality);
    putCode(item, DCM_ConceptNameCodeSequence, title.value, title.scheme, title.meaning);
    DcmItem* sourceInstance = nullptr;
    if (item.findOrCreateSequenceItem(DCM_SourceInstanceSequence, sourceInstance, 0).good()) {
        putText(*sourceInstance, DCM_ReferencedSOPClassUID, kReportSrClass.value());
        putText(*sourceInstance, DCM_ReferencedSOPInstanceUID, document.srInstance.value());
    }
    item.putAndInsertString(DCM_MIMETypeOfEncapsulatedDocument, "application/pdf");
    item.putAndInsertUint32(DCM_EncapsulatedDocumentLength, static_cast<Uint32>(pdf.size()));
    QByteArray padded = pdf;
    if (padded.size() % 2 != 0)
        padded.append('\0');
    item.putAndInsertUint8Array(DCM_EncapsulatedDocument, reinterpret_cast<const Uint8*>(padded.constData()),
                                static_cast<unsigned long>(padded.size()));
    return dataSet;
}

} // namespace yz::dicom
