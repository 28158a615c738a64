#include "dicom/data/attributes_dcmtk.h"
#include "dicom/data/text_dcmtk.h"
#include "dicom/report/measurement_report_dcmtk.h"

#include <algorithm>
#include <cmath>
#include <utility>

// Reads any report with measurement groups. The content tree is walked as data: a report that the library's strict
// reader would refuse (templates of older editions, wrong relationship types) still shows its measurements.
namespace yz::dicom {

namespace {

constexpr size_t groupsAtMost = 4096, pointsAtMost = 1'000'000, depthAtMost = 32;

bool isConcept(const CodedText& given, const char* value, const char* scheme) {
    return given.value == QLatin1String(value) && given.scheme == QLatin1String(scheme);
}

/// Concepts that older editions wrote in SNOMED RT.
bool isFindingSite(const CodedText& given) {
    return isConcept(given, "363698007", "SCT") || isConcept(given, "G-C0E3", "SRT");
}

class GroupReader {
public:
    explicit GroupReader(TextDecoder decoder) : m_decoder(std::move(decoder)) {}

    Result<std::vector<MeasurementGroup>> read(DcmItem& root) {
        walk(root, 0);
        if (m_isTooMuch)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("measurement report too large"));
        return std::move(m_groups);
    }

private:
    QString text(DcmItem& item, const DcmTagKey& tag) { return dicom::text(item, tag, m_decoder); }

    CodedText codeIn(DcmItem& item, const DcmTagKey& tag) {
        DcmItem* inner = firstItem(item, tag);
        if (!inner)
            return {};
        CodedText result{code(*inner, DCM_CodeValue), code(*inner, DCM_CodingSchemeDesignator),
                         text(*inner, DCM_CodeMeaning)};
        if (result.value.isEmpty())
            result.value = code(*inner, DCM_LongCodeValue);
        return result;
    }

    template <typename Use> void forEachChild(DcmItem& item, Use use) {
        DcmSequenceOfItems* children = nullptr;
        if (item.findAndGetSequence(DCM_ContentSequence, children).bad() || !children)
            return;
        DcmObject* child = nullptr;
        while ((child = children->nextInContainer(child)) != nullptr)
            if (auto* childItem = dynamic_cast<DcmItem*>(child))
                use(*childItem);
    }

    void walk(DcmItem& item, size_t depth) {
        if (depth > depthAtMost || m_isTooMuch)
            return;
        if (code(item, DCM_ValueType) == QLatin1String("CONTAINER") &&
            isConcept(codeIn(item, DCM_ConceptNameCodeSequence), "125007", "DCM")) {
            if (m_groups.size() >= groupsAtMost) {
                m_isTooMuch = true;
                return;
            }
            m_groups.push_back(group(item));
            return;
        }
        forEachChild(item, [&](DcmItem& child) { walk(child, depth + 1); });
    }

    MeasurementGroup group(DcmItem& item) {
        MeasurementGroup group;
        forEachChild(item, [&](DcmItem& child) {
            const QString type = code(child, DCM_ValueType);
            const CodedText name = codeIn(child, DCM_ConceptNameCodeSequence);
            if (type == QLatin1String("TEXT") && isConcept(name, "112039", "DCM"))
                group.trackingId = text(child, DCM_TextValue);
            else if (type == QLatin1String("UIDREF") && isConcept(name, "112040", "DCM"))
                group.trackingUid = code(child, DCM_UID);
            else if (type == QLatin1String("CODE") && isConcept(name, "121071", "DCM"))
                group.finding = codeIn(child, DCM_ConceptCodeSequence);
            else if (type == QLatin1String("CODE") && isFindingSite(name))
                group.findingSite = codeIn(child, DCM_ConceptCodeSequence);
            else if (type == QLatin1String("CODE") && isConcept(name, "MEASUREMENT_KIND", "99YUANZHEN"))
                group.kind = codeIn(child, DCM_ConceptCodeSequence);
            else if (type == QLatin1String("TEXT") && isConcept(name, "121106", "DCM"))
                comment(child, group);
            else if (type == QLatin1String("TEXT") && isConcept(name, "PLANE_DIRECTIONS", "99YUANZHEN"))
                group.directions = directions(text(child, DCM_TextValue));
            else if (type == QLatin1String("NUM"))
                group.numbers.push_back(number(child));
            else if (type == QLatin1String("SCOORD") || type == QLatin1String("SCOORD3D"))
                region(child, group.regions);
        });
        return group;
    }

    void comment(DcmItem& item, MeasurementGroup& group) {
        const QString words = text(item, DCM_TextValue);
        group.comment = words == QLatin1String("-") ? QString() : words;
        forEachChild(item, [&](DcmItem& child) { region(child, group.regions); });
    }

    MeasuredNumber number(DcmItem& item) {
        MeasuredNumber number;
        number.quantity = codeIn(item, DCM_ConceptNameCodeSequence);
        DcmItem* value = nullptr;
        if (item.findAndGetSequenceItem(DCM_MeasuredValueSequence, value, 0).good() && value) {
            number.unit = codeIn(*value, DCM_MeasurementUnitsCodeSequence);
            Float64 exact = 0.0;
            if (value->findAndGetFloat64(DCM_FloatingPointValue, exact).good() && std::isfinite(exact))
                number.value = exact;
            else
                number.value = code(*value, DCM_NumericValue).toDouble();
        }
        forEachChild(item, [&](DcmItem& child) {
            if (isConcept(codeIn(child, DCM_ConceptNameCodeSequence), "121401", "DCM"))
                number.derivation = codeIn(child, DCM_ConceptCodeSequence);
            else
                region(child, number.regions);
        });
        return number;
    }

    void region(DcmItem& item, std::vector<MeasuredRegion>& regions) {
        const QString type = code(item, DCM_ValueType);
        const bool isInSpace = type == QLatin1String("SCOORD3D");
        if (!isInSpace && type != QLatin1String("SCOORD"))
            return;
        const Float32* data = nullptr;
        unsigned long count = 0;
        if (item.findAndGetFloat32Array(DCM_GraphicData, data, &count).bad() || !data)
            return;
        m_points += count;
        if (m_points > pointsAtMost) {
            m_isTooMuch = true;
            return;
        }
        MeasuredRegion region;
        if (!std::all_of(data, data + count, [](Float32 v) { return std::isfinite(v); }) ||
            !shapeOf(code(item, DCM_GraphicType), region.shape))
            return;
        if (isInSpace) {
            for (unsigned long i = 0; i + 2 < count; i += 3)
                region.patientPoints.push_back({data[i], data[i + 1], data[i + 2]});
            region.frameOfReference = FrameOfReferenceUid(code(item, DCM_ReferencedFrameOfReferenceUID));
            close(region.shape, region.patientPoints);
        } else {
            for (unsigned long i = 0; i + 1 < count; i += 2)
                region.points.push_back({static_cast<double>(data[i]) - 0.5, static_cast<double>(data[i + 1]) - 0.5});
            close(region.shape, region.points);
            forEachChild(item, [&](DcmItem& child) { image(child, region); });
        }
        if (!region.points.empty() || !region.patientPoints.empty())
            regions.push_back(std::move(region));
    }

    static bool shapeOf(const QString& type, MeasuredRegion::Shape& shape) {
        using Shape = MeasuredRegion::Shape;
        static const std::pair<const char*, Shape> kShapes[]{
            {"POINT", Shape::Point},     {"MULTIPOINT", Shape::MultiPoint}, {"POLYLINE", Shape::Polyline},
            {"POLYGON", Shape::Polygon}, {"CIRCLE", Shape::Circle},         {"ELLIPSE", Shape::Ellipse}};
        for (const auto& [name, value] : kShapes)
            if (type == QLatin1String(name)) {
                shape = value;
                return true;
            }
        return false; // ELLIPSOID and what is to come
    }
    /// A line that ends where it began is an outline.
    template <typename Point> static void close(MeasuredRegion::Shape& shape, std::vector<Point>& points) {
        using Shape = MeasuredRegion::Shape;
        if ((shape != Shape::Polyline && shape != Shape::Polygon) || points.size() < 4 ||
            !(points.front() == points.back()))
            return;
        points.pop_back();
        shape = Shape::Polygon;
    }

    static void image(DcmItem& item, MeasuredRegion& region) {
        DcmItem* reference = nullptr;
        if (item.findAndGetSequenceItem(DCM_ReferencedSOPSequence, reference, 0).bad() || !reference)
            return;
        region.object = {SopClassUid(code(*reference, DCM_ReferencedSOPClassUID)),
                         InstanceUid(code(*reference, DCM_ReferencedSOPInstanceUID))};
        Sint32 frame = 1;
        if (reference->findAndGetSint32(DCM_ReferencedFrameNumber, frame, 0).good() && frame > 0)
            region.frame = frame;
    }

    static std::vector<PatientVector> directions(const QString& words) {
        const QStringList numbers = words.split(u' ', Qt::SkipEmptyParts);
        if (numbers.size() != 6)
            return {};
        const auto at = [&](int i) { return numbers[i].toDouble(); };
        return {{at(0), at(1), at(2)}, {at(3), at(4), at(5)}};
    }

    TextDecoder m_decoder;
    std::vector<MeasurementGroup> m_groups;
    size_t m_points = 0;
    bool m_isTooMuch = false;
};

} // namespace

Result<MeasurementReport> readMeasurementReport(DcmItem& dataSet) {
    MeasurementReport report;
    report.study = StudyUid(code(dataSet, DCM_StudyInstanceUID));
    report.series = SeriesUid(code(dataSet, DCM_SeriesInstanceUID));
    report.instance = InstanceUid(code(dataSet, DCM_SOPInstanceUID));
    if (code(dataSet, DCM_Modality) != QLatin1String("SR"))
        return fail(ErrorCode::NotSupported, QStringLiteral("no structured report"));
    Result<std::vector<MeasurementGroup>> groups = GroupReader(textDecoderFor(dataSet)).read(dataSet);
    if (!groups)
        return fail(groups.error());
    if (groups->empty())
        return fail(ErrorCode::NotSupported, QStringLiteral("no measurement groups"));
    report.groups = std::move(*groups);
    return report;
}

} // namespace yz::dicom
