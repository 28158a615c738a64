#include "dicom/report/measurement_report_dcmtk.h"

#include "dicom/report/report_codes.h"
#include "dicom/report/report_modules_dcmtk.h"

#include <dcmtk/dcmsr/dsrdoc.h>

#include <set>

namespace yz::dicom {

namespace {

constexpr ReportCode kReportTitle{"126000", "DCM", "Imaging Measurement Report"};
constexpr ReportCode kProcedureReported{"121058", "DCM", "Procedure reported"};
constexpr ReportCode kImagingProcedure{"363679005", "SCT", "Imaging procedure"};
constexpr ReportCode kMeasurements{"126010", "DCM", "Imaging Measurements"};
constexpr ReportCode kGroup{"125007", "DCM", "Measurement Group"};
constexpr ReportCode kTrackingId{"112039", "DCM", "Tracking Identifier"};
constexpr ReportCode kTrackingUid{"112040", "DCM", "Tracking Unique Identifier"};
constexpr ReportCode kFindingSite{"363698007", "SCT", "Finding Site"};
constexpr ReportCode kRegion{"111030", "DCM", "Image Region"};
constexpr ReportCode kSourceImage{"260753009", "SCT", "Source"};
constexpr ReportCode kDerivation{"121401", "DCM", "Derivation"};
constexpr ReportCode kComment{"121106", "DCM", "Comment"};
constexpr ReportCode kKind{"MEASUREMENT_KIND", kOwnScheme, "Kind of measurement"};
constexpr ReportCode kDirections{"PLANE_DIRECTIONS", kOwnScheme, "Row and column direction of the plane"};

OFString utf8(const QString& text) { return text.toUtf8().constData(); }

DSRCodedEntryValue entry(const CodedText& code) {
    return {utf8(code.value), utf8(code.scheme), utf8(oneLine(code.meaning.isEmpty() ? code.value : code.meaning))};
}

/// Adds items below the cursor and keeps the library's first refusal.
class GroupTree {
public:
    explicit GroupTree(DSRDocumentTree& tree) : m_tree(tree) {}

    void down(DSRTypes::E_RelationshipType relationship, DSRTypes::E_ValueType type, const DSRCodedEntryValue& name) {
        if (!m_isGood)
            return;
        const auto mode = m_isRoot ? DSRTypes::AM_afterCurrent : DSRTypes::AM_belowCurrent;
        m_isRoot = false;
        if (m_tree.addContentItem(relationship, type, mode) == 0) {
            keep(EC_InternalError);
            return;
        }
        keep(item().setConceptName(name));
    }
    void up() {
        if (m_isGood)
            m_tree.goUp();
    }
    DSRContentItem& item() { return m_tree.getCurrentContentItem(); }
    void keep(const OFCondition& status) {
        if (status.bad() && m_isGood) {
            m_isGood = false;
            m_problem = status.text();
        }
    }
    void text(DSRTypes::E_RelationshipType relationship, const ReportCode& name, const QString& value) {
        down(relationship, DSRTypes::VT_Text, name.entry());
        if (m_isGood)
            keep(item().setStringValue(utf8(value)));
        up();
    }
    void uid(DSRTypes::E_RelationshipType relationship, const ReportCode& name, const QString& value) {
        down(relationship, DSRTypes::VT_UIDRef, name.entry());
        if (m_isGood)
            keep(item().setStringValue(utf8(value)));
        up();
    }
    void code(DSRTypes::E_RelationshipType relationship, const ReportCode& name, const DSRCodedEntryValue& value) {
        down(relationship, DSRTypes::VT_Code, name.entry());
        if (m_isGood)
            keep(item().setCodeValue(value));
        up();
    }
    void person(DSRTypes::E_RelationshipType relationship, const ReportCode& name, const QString& value) {
        down(relationship, DSRTypes::VT_PName, name.entry());
        if (m_isGood)
            keep(item().setStringValue(utf8(personNameFromText(value).toDicom())));
        up();
    }
    void region(DSRTypes::E_RelationshipType relationship, const MeasuredRegion& region) {
        if (region.patientPoints.empty())
            inImage(relationship, region);
        else
            inSpace(relationship, region);
        up();
    }
    [[nodiscard]] bool isGood() const { return m_isGood; }
    [[nodiscard]] Status status() const {
        return m_isGood ? Status() : Status(fail(ErrorCode::ReportIncomplete, QString::fromLatin1(m_problem.c_str())));
    }

private:
    void inImage(DSRTypes::E_RelationshipType relationship, const MeasuredRegion& region) {
        using Shape = MeasuredRegion::Shape;
        down(relationship, DSRTypes::VT_SCoord, kRegion.entry());
        if (!m_isGood)
            return;
        DSRSpatialCoordinatesValue value;
        keep(value.setGraphicType(region.shape == Shape::Point        ? DSRTypes::GT_Point
                                  : region.shape == Shape::MultiPoint ? DSRTypes::GT_Multipoint
                                  : region.shape == Shape::Circle     ? DSRTypes::GT_Circle
                                  : region.shape == Shape::Ellipse    ? DSRTypes::GT_Ellipse
                                                                      : DSRTypes::GT_Polyline));
        // Counted from the outer corner of the first pixel (PS3.3 C.18.6.1.1).
        const auto add = [&](ImagePoint point) {
            value.getGraphicDataList().addItem(static_cast<Float32>(point.x + 0.5),
                                               static_cast<Float32>(point.y + 0.5));
        };
        for (const ImagePoint& point : region.points)
            add(point);
        if (region.shape == Shape::Polygon)
            add(region.points.front());
        keep(item().setSpatialCoordinates(value));
        down(DSRTypes::RT_selectedFrom, DSRTypes::VT_Image, kSourceImage.entry());
        if (!m_isGood)
            return;
        DSRImageReferenceValue image(utf8(region.object.sopClass.value()), utf8(region.object.instance.value()),
                                     OFFalse);
        if (region.frame > 1)
            image.getFrameList().addItem(region.frame);
        keep(item().setImageReference(image, OFFalse));
        up();
    }
    void inSpace(DSRTypes::E_RelationshipType relationship, const MeasuredRegion& region) {
        using Shape = MeasuredRegion::Shape;
        down(relationship, DSRTypes::VT_SCoord3D, kRegion.entry());
        if (!m_isGood)
            return;
        DSRSpatialCoordinates3DValue value;
        keep(value.setGraphicType(region.shape == Shape::Point        ? DSRTypes::GT3_Point
                                  : region.shape == Shape::MultiPoint ? DSRTypes::GT3_Multipoint
                                  : region.shape == Shape::Polygon    ? DSRTypes::GT3_Polygon
                                  : region.shape == Shape::Ellipse    ? DSRTypes::GT3_Ellipse
                                                                      : DSRTypes::GT3_Polyline));
        const auto add = [&](const PatientPoint& point) {
            value.getGraphicDataList().addItem(static_cast<Float32>(point.x), static_cast<Float32>(point.y),
                                               static_cast<Float32>(point.z));
        };
        for (const PatientPoint& point : region.patientPoints)
            add(point);
        if (region.shape == Shape::Polygon)
            add(region.patientPoints.front());
        keep(value.setFrameOfReferenceUID(utf8(region.frameOfReference.value())));
        keep(item().setSpatialCoordinates3D(value));
    }

    DSRDocumentTree& m_tree;
    bool m_isGood = true, m_isRoot = true;
    OFString m_problem;
};

void writeNumber(GroupTree& tree, const MeasuredNumber& number) {
    using T = DSRTypes;
    tree.down(T::RT_contains, T::VT_Num, entry(number.quantity));
    if (tree.isGood()) {
        const QByteArray text = QByteArray::number(number.value, 'g', 10); // a DS has 16 characters
        DSRNumericMeasurementValue value(text.constData(), entry(number.unit));
        tree.keep(value.setFloatingPointRepresentation(number.value)); // all digits
        tree.keep(tree.item().setNumericValue(value));
    }
    if (!number.derivation.isEmpty())
        tree.code(T::RT_hasConceptMod, kDerivation, entry(number.derivation));
    for (const MeasuredRegion& region : number.regions)
        tree.region(T::RT_inferredFrom, region);
    tree.up();
}

void writeGroup(GroupTree& tree, const MeasurementGroup& group) {
    using T = DSRTypes;
    tree.down(T::RT_contains, T::VT_Container, kGroup.entry());
    if (tree.isGood()) {
        const bool isComment = group.numbers.empty();
        const char* form = group.regions.empty() || isComment ? "1501" : group.regions.size() > 1 ? "1411" : "1410";
        tree.keep(tree.item().setTemplateIdentification(form, "DCMR"));
    }
    tree.text(T::RT_hasObsContext, kTrackingId, group.trackingId);
    tree.uid(T::RT_hasObsContext, kTrackingUid, group.trackingUid);
    if (!group.finding.isEmpty())
        tree.code(T::RT_contains, kFinding, entry(group.finding));
    if (!group.findingSite.isEmpty())
        tree.code(T::RT_hasConceptMod, kFindingSite, entry(group.findingSite));
    // A comment carries its own coordinates: without a number there is no region of the group (TID 1410 is for ROIs).
    const bool isComment = group.numbers.empty();
    if (!isComment)
        for (const MeasuredRegion& region : group.regions)
            tree.region(T::RT_contains, region);
    for (const MeasuredNumber& number : group.numbers)
        writeNumber(tree, number);
    if (!group.kind.isEmpty())
        tree.code(T::RT_contains, kKind, entry(group.kind));
    if (!group.comment.isEmpty() || isComment) {
        tree.down(T::RT_contains, T::VT_Text, kComment.entry());
        if (tree.isGood())
            tree.keep(tree.item().setStringValue(group.comment.isEmpty() ? OFString("-") : utf8(group.comment)));
        if (isComment)
            for (const MeasuredRegion& region : group.regions)
                tree.region(T::RT_inferredFrom, region);
        tree.up();
    }
    if (group.directions.size() == 2) {
        QStringList numbers;
        for (const PatientVector& v : group.directions)
            for (const double c : {v.x, v.y, v.z})
                numbers << QString::number(c, 'g', 17);
        tree.text(T::RT_contains, kDirections, numbers.join(u' '));
    }
    tree.up();
}

Status putSources(DSRDocument& sr, const ReportDocument& document, const MeasurementReport& report) {
    std::set<QString> seen;
    const auto add = [&](const SopReference& object) -> bool {
        if (object.instance.isEmpty() || !seen.insert(object.instance.value()).second)
            return true;
        SeriesUid series;
        for (size_t i = 0; i < document.evidence.size(); ++i)
            if (document.evidence[i].instance == object.instance)
                series = document.evidenceSeries[i];
        return !series.isEmpty() && sr.getCurrentRequestedProcedureEvidence()
                                        .addItem(utf8(document.order.study.value()), utf8(series.value()),
                                                 utf8(object.sopClass.value()), utf8(object.instance.value()), OFFalse)
                                        .good();
    };
    for (const MeasurementGroup& group : report.groups) {
        for (const MeasuredRegion& region : group.regions)
            if (!add(region.object))
                return fail(ErrorCode::ReportIncomplete, QStringLiteral("measured image is no evidence"));
        for (const MeasuredNumber& number : group.numbers)
            for (const MeasuredRegion& region : number.regions)
                if (!add(region.object))
                    return fail(ErrorCode::ReportIncomplete, QStringLiteral("measured image is no evidence"));
    }
    return {};
}

} // namespace

Result<std::unique_ptr<DcmDataset>> buildMeasurementReport(const ReportDocument& document,
                                                           const MeasurementReport& report) {
    using T = DSRTypes;
    if (const Status checked = checkIdentity(document); !checked)
        return fail(checked.error());
    if (report.groups.empty() || report.series.isEmpty() || report.instance.isEmpty())
        return fail(ErrorCode::ReportIncomplete, QStringLiteral("no measurements or no UIDs for them"));
    DSRDocument sr;
    OFCondition status = sr.createNewDocument(T::DT_Comprehensive3DSR);
    if (status.good())
        status = sr.setSpecificCharacterSetType(T::CS_UTF8);
    if (status.bad())
        return fail(ErrorCode::ReportIncomplete, QString::fromLatin1(status.text()));
    GroupTree tree(sr.getTree());
    tree.down(T::RT_isRoot, T::VT_Container, kReportTitle.entry());
    if (tree.isGood())
        tree.keep(tree.item().setTemplateIdentification("1500", "DCMR"));
    tree.code(T::RT_hasConceptMod, kLanguage, kChinese.entry());
    tree.code(T::RT_hasObsContext, kObserverType, kPerson.entry());
    tree.person(T::RT_hasObsContext, kPersonName, document.author.name);
    tree.code(T::RT_hasConceptMod, kProcedureReported, kImagingProcedure.entry());
    tree.down(T::RT_contains, T::VT_Container, kMeasurements.entry());
    for (const MeasurementGroup& group : report.groups)
        writeGroup(tree, group);
    tree.up();
    if (const Status built = tree.status(); !built)
        return fail(built.error());
    if (const Status sources = putSources(sr, document, report); !sources)
        return fail(sources.error());
    status = sr.getCodingSchemeIdentification().addItem(kOwnScheme, "", "Yuanzhen local codes", "Yuanzhen");
    if (status.good())
        status = sr.completeDocument();
    auto dataSet = std::make_unique<DcmDataset>();
    if (status.good())
        status = sr.write(*dataSet);
    if (status.bad())
        return fail(ErrorCode::ReportIncomplete, QString::fromLatin1(status.text()));
    // The library put in its own UIDs and the clock's time; what the document says replaces all of it.
    putCommonModules(*dataSet, document);
    putSeries(*dataSet, document, "SR", report.series, 9003);
    putText(*dataSet, DCM_SOPInstanceUID, report.instance.value());
    putText(*dataSet, DCM_SeriesDescription,
            oneLine((document.isDemo ? QStringLiteral("[DEMO] ") : QString()) + QStringLiteral("Measurements")));
    dataSet->findAndDeleteElement(DCM_InstanceCreatorUID);
    return dataSet;
}

} // namespace yz::dicom
