#include "dicom/data/dicom_pixel_source.h"
#include "dicom/report/dicom_report_encoder.h"
#include "imaging/measurement_groups.h"
#include "sample_report.h"
#include "support/shared_data.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

using namespace yz;

namespace {

struct Ran {
    int code = -1;
    QString out, errors;
};
Ran run(const QString& tool, const QStringList& arguments) {
    QProcess process;
    process.start(tool, arguments);
    if (!process.waitForFinished(60000))
        return {-1, {}, tool + QStringLiteral(" did not run")};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

/// Every kind once, on an image and on a plane, with values by the product's own rules on an image with pixels twice as
/// wide as high.
class MeasurementReportTest : public QObject {
    Q_OBJECT

    ReportDocument m_document = test::sampleReport();
    std::vector<MeasurementWithResult> m_made;
    MeasurementReport m_report;
    QTemporaryDir m_folder;
    QString m_path;

    void add(MeasurementKind kind, std::vector<ImagePoint> points, bool onPlane, const QString& group = {}) {
        ImageDescription image;
        image.columns = 64;
        image.rows = 64;
        image.frames.resize(1);
        image.frames[0].spacing = {0.5, 1.0, Calibration::PixelSpacing};
        image.frames[0].rescaleUnit = QStringLiteral("HU");
        auto pixels = std::make_shared<PixelBuffer>();
        pixels->columns = pixels->rows = 64;
        pixels->type = SampleType::Int16;
        pixels->data.resize(pixels->byteCount());
        for (int i = 0; i < 64 * 64; ++i)
            reinterpret_cast<std::int16_t*>(pixels->data.data())[i] = static_cast<std::int16_t>(i % 97);
        MeasurementWithResult made;
        Measurement& m = made.measurement;
        m.kind = kind;
        m.points = std::move(points);
        m.instance = m_document.evidence.front().instance;
        m.sopClass = m_document.evidence.front().sopClass;
        m.frame = 0;
        m.trackingUid = QStringLiteral("2.25.%1").arg(1000 + m_made.size());
        m.label = kind == MeasurementKind::Text ? QStringLiteral("随访") : QString();
        m.group = group;
        roundForStorage(m);
        made.result = evaluate(m, image, 0, pixels);
        if (!group.isEmpty())
            made.result.also.push_back({1234.5678901234, QStringLiteral("mm3"), Calibration::PixelSpacing});
        made.name = QStringLiteral("测量 %1").arg(m_made.size() + 1);
        if (onPlane) {
            SlicePlane plane;
            plane.origin = {-12.25, 30.5, 101.125};
            plane.row = PatientVector{0.8, 0.6, 0}.normalized();
            plane.column = PatientVector{0, 0, -1};
            plane.pixelMm = 0.7;
            m = keptOnPlane(m, plane, FrameOfReferenceUid(QStringLiteral("1.2.840.99.1")));
            roundForStorage(m);
        }
        m_made.push_back(made);
    }

private Q_SLOTS:
    void initTestCase() {
        using K = MeasurementKind;
        for (const bool onPlane : {false, true}) {
            add(K::Length, {{1.25, 2.5}, {30.123456, 40.98765}}, onPlane);
            add(K::Angle, {{1, 2}, {10, 2}, {10.5, 20.7}}, onPlane);
            add(K::RectangleRoi, {{4.4, 5.5}, {20.25, 13.1}}, onPlane);
            add(K::EllipseRoi, {{4.4, 5.5}, {20.3, 53.1}}, onPlane);
            add(K::Probe, {{7.3, 8.8}}, onPlane);
            add(K::Arrow, {{9, 9}, {19.5, 3.25}}, onPlane);
            add(K::CobbAngle, {{1, 1}, {20, 3}, {2, 30}, {19, 20}}, onPlane);
            add(K::CardiothoracicRatio, {{10, 10}, {30, 10}, {5, 20}, {45, 20}}, onPlane);
            add(K::FreehandRoi, {{3, 3}, {20.1, 4.2}, {25.3, 22.2}, {11, 30.7}, {2.2, 11.1}}, onPlane);
            add(K::Bidirectional, {{5, 5}, {25, 5}, {12, 1}, {12, 15}}, onPlane);
            add(K::Text, {{33.3, 44.4}}, onPlane);
            const QString group = QStringLiteral("2.25.77%1").arg(onPlane ? 1 : 0);
            add(K::VolumeContour, {{3, 3}, {20, 3}, {20, 20}}, onPlane, group);
            add(K::VolumeContour, {{4, 4}, {22, 4}, {21, 19}, {5, 18}}, onPlane, group);
        }
        m_report.study = m_document.order.study;
        m_report.series = SeriesUid(QStringLiteral("1.2.3.4.9003"));
        m_report.instance = InstanceUid(QStringLiteral("1.2.3.4.9003.1"));
        m_report.groups =
            groupsOf(m_made, {QStringLiteral("51185008"), QStringLiteral("SCT"), QStringLiteral("Chest")});
        QCOMPARE(m_report.groups.size(), m_made.size() - 2);
        DicomReportEncoder encoder;
        const Result<QByteArray> file = encoder.encodeMeasurements(m_document, m_report);
        QVERIFY2(file, file ? "" : qPrintable(file.error().toString()));
        QCOMPARE(*encoder.encodeMeasurements(m_document, m_report), *file); // one form, no clock in it
        m_path = m_folder.filePath(QStringLiteral("measurements.dcm"));
        QFile out(m_path);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(*file);
    }
    void groupsComeBackAsTheyWere() {
        DicomPixelSource source;
        const Result<MeasurementReportPtr> read = source.measurementReport(m_path);
        QVERIFY2(read, read ? "" : qPrintable(read.error().toString()));
        QCOMPARE((*read)->groups.size(), m_report.groups.size());
        for (size_t i = 0; i < m_report.groups.size(); ++i) {
            const MeasurementGroup &a = (*read)->groups[i], &b = m_report.groups[i];
            QCOMPARE(a.trackingId, b.trackingId);
            QCOMPARE(a.trackingUid, b.trackingUid);
            QCOMPARE(a.kind, b.kind);
            QCOMPARE(a.findingSite, b.findingSite);
            QCOMPARE(a.comment, b.comment);
            QCOMPARE(a.directions, b.directions);
            QCOMPARE(a.numbers.size(), b.numbers.size());
            for (size_t n = 0; n < a.numbers.size(); ++n) {
                QCOMPARE(a.numbers[n].value, b.numbers[n].value);
                QVERIFY(a.numbers[n].value == b.numbers[n].value); // all digits
                QCOMPARE(a.numbers[n].unit, b.numbers[n].unit);
                QCOMPARE(a.numbers[n].quantity, b.numbers[n].quantity);
                QCOMPARE(a.numbers[n].derivation, b.numbers[n].derivation);
            }
        }
    }
    void measurementsComeBackWithoutLoss() {
        DicomPixelSource source;
        const Result<MeasurementReportPtr> read = source.measurementReport(m_path);
        QVERIFY(read);
        const std::vector<ReportedMeasurement> back = reportedMeasurements(**read);
        QCOMPARE(back.size(), m_made.size());
        for (const MeasurementWithResult& made : m_made) {
            const Measurement& before = made.measurement;
            const auto found = std::find_if(back.begin(), back.end(), [&](const ReportedMeasurement& reported) {
                const Measurement& m = reported.measurement;
                return m.kind == before.kind && m.patientPoints.empty() == before.patientPoints.empty() &&
                       (before.group.isEmpty() ? m.trackingUid == before.trackingUid
                                               : m.group == before.group && m.points.size() == before.points.size() &&
                                                     m.patientPoints.size() == before.patientPoints.size());
            });
            QVERIFY2(found != back.end(), qPrintable(kindName(before.kind)));
            const Measurement& after = found->measurement;
            QCOMPARE(after.instance, before.instance);
            QCOMPARE(after.frame, before.frame);
            QCOMPARE(after.label, before.label);
            QCOMPARE(after.frameOfReference, before.frameOfReference);
            QCOMPARE(after.planeRow, before.planeRow);
            QCOMPARE(after.planeColumn, before.planeColumn);
            QVERIFY2(after.points == before.points, qPrintable(kindName(before.kind))); // to the last bit
            QCOMPARE(after.patientPoints.size(), before.patientPoints.size());
            for (size_t i = 0; i < after.patientPoints.size(); ++i) {
                if (isBoxRoi(before.kind))
                    QVERIFY((after.patientPoints[i] - before.patientPoints[i]).length() < 1e-3);
                else
                    QCOMPARE(after.patientPoints[i], before.patientPoints[i]);
            }
        }
    }
    void dsrdumpReadsItWithoutError() {
        const Ran dump = run(QStringLiteral("dsrdump"), {QStringLiteral("+Pc"), m_path});
        if (dump.code == -1)
            QSKIP("dsrdump (dcmtk) is not installed");
        QCOMPARE(dump.code, 0);
        QString errors = dump.errors;
        errors.remove(QStringLiteral("W: The VR checker does not support this Specific Character Set: ISO_IR 192\n"));
        QVERIFY2(errors.trimmed().isEmpty(), qPrintable(errors));
        QVERIFY(dump.out.contains(QLatin1String("Comprehensive 3D SR Document")));
        for (const char* expected : {"Imaging Measurement Report", "Measurement Group", "Tracking Unique Identifier",
                                     "SCOORD:", "SCOORD3D:", "Long Axis", "Short Axis", "(mm,UCUM", "(deg,UCUM",
                                     "Standard Deviation", "51185008"})
            QVERIFY2(dump.out.contains(QLatin1String(expected)), expected);
    }
    /// pydicom parses the file on its own: numbers and coordinates must be the ones that were made.
    void aSecondProgramReadsTheSame() {
        // Debian's package belongs to Debian's Python, which need not be the first in the path.
        QString python;
        for (const QString& candidate : {QStringLiteral("python3"), QStringLiteral("/usr/bin/python3")})
            if (python.isEmpty() && run(candidate, {QStringLiteral("-c"), QStringLiteral("import pydicom")}).code == 0)
                python = candidate;
        if (python.isEmpty())
            QSKIP("python3-pydicom is not installed: no second program to read the report");
        const QString script = QStringLiteral(R"(
import json, sys, pydicom
out = []
def regions(item):
    return [[c.ValueType, c.GraphicType, [float(v) for v in c.GraphicData],
             c.ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID if c.ValueType == 'SCOORD' else c.ReferencedFrameOfReferenceUID]
            for c in getattr(item, 'ContentSequence', []) if c.ValueType in ('SCOORD', 'SCOORD3D')]
def walk(item):
    if item.ValueType == 'CONTAINER' and item.ConceptNameCodeSequence[0].CodeValue == '125007':
        group = {'regions': regions(item), 'numbers': []}
        for c in item.ContentSequence:
            if c.ValueType == 'UIDREF': group['uid'] = c.UID
            if c.ValueType == 'TEXT' and c.ConceptNameCodeSequence[0].CodeValue == '112039': group['id'] = c.TextValue
            if c.ValueType == 'TEXT': group['regions'] += regions(c)
            if c.ValueType == 'NUM':
                m = c.MeasuredValueSequence[0]
                group['numbers'].append([float(m.FloatingPointValue), float(m.NumericValue), m.MeasurementUnitsCodeSequence[0].CodeValue])
                group['regions'] += regions(c)
        out.append(group)
    else:
        for c in getattr(item, 'ContentSequence', []): walk(c)
walk(pydicom.dcmread(sys.argv[1]))
print(json.dumps(out))
)");
        const Ran ran = run(python, {QStringLiteral("-c"), script, m_path});
        QVERIFY2(ran.code == 0, qPrintable(ran.errors));
        const QJsonArray groups = QJsonDocument::fromJson(ran.out.toUtf8()).array();
        QCOMPARE(groups.size(), static_cast<qsizetype>(m_report.groups.size()));
        for (qsizetype g = 0; g < groups.size(); ++g) {
            const MeasurementGroup& made = m_report.groups[static_cast<size_t>(g)];
            QCOMPARE(groups[g][u"uid"].toString(), made.trackingUid);
            QCOMPARE(groups[g][u"id"].toString(), made.trackingId);
            const QJsonArray numbers = groups[g][u"numbers"].toArray();
            QCOMPARE(numbers.size(), static_cast<qsizetype>(made.numbers.size()));
            std::vector<MeasuredRegion> regions = made.regions;
            for (qsizetype n = 0; n < numbers.size(); ++n) {
                const MeasuredNumber& number = made.numbers[static_cast<size_t>(n)];
                QVERIFY(numbers[n].toArray()[0].toDouble() == number.value);
                QVERIFY(std::abs(numbers[n].toArray()[1].toDouble() - number.value) <=
                        1e-9 * std::max(1.0, std::abs(number.value)));
                QCOMPARE(numbers[n].toArray()[2].toString(), number.unit.value);
                regions.insert(regions.end(), number.regions.begin(), number.regions.end());
            }
            const QJsonArray read = groups[g][u"regions"].toArray();
            QCOMPARE(read.size(), static_cast<qsizetype>(regions.size()));
            for (qsizetype r = 0; r < read.size(); ++r) {
                const MeasuredRegion& region = regions[static_cast<size_t>(r)];
                std::vector<double> expected;
                for (const ImagePoint& p : region.points)
                    expected.insert(expected.end(), {p.x + 0.5, p.y + 0.5});
                for (const PatientPoint& p : region.patientPoints)
                    expected.insert(expected.end(), {p.x, p.y, p.z});
                const QJsonArray data = read[r].toArray()[2].toArray();
                const bool isClosed = region.shape == MeasuredRegion::Shape::Polygon;
                const size_t step = region.points.empty() ? 3 : 2;
                QCOMPARE(static_cast<size_t>(data.size()), expected.size() + (isClosed ? step : 0));
                for (size_t i = 0; i < expected.size(); ++i)
                    QVERIFY(std::abs(data[static_cast<qsizetype>(i)].toDouble() - expected[i]) < 1e-5);
                QCOMPARE(read[r].toArray()[3].toString(),
                         region.points.empty() ? region.frameOfReference.value() : region.object.instance.value());
            }
        }
    }
    void othersReports() {
        const QString data = test::sharedData();
        if (data.isEmpty())
            QSKIP("no real data");
        DicomPixelSource source;
        const auto dcmqi = source.measurementReport(data + QStringLiteral("/dcmqi/data/sr-example/sr.dcm"));
        QVERIFY2(dcmqi, dcmqi ? "" : qPrintable(dcmqi.error().toString()));
        QVERIFY(!(*dcmqi)->groups.empty()); // regions are segmentations there: numbers alone
        QVERIFY(!(*dcmqi)->groups.front().numbers.empty());
        const auto highdicom =
            source.measurementReport(data + QStringLiteral("/highdicom/data/test_files/sr_document.dcm"));
        QVERIFY(highdicom);
        QCOMPARE((*highdicom)->groups.size(), 1u);
        const std::vector<ReportedMeasurement> reported = reportedMeasurements(**highdicom);
        QCOMPARE(reported.size(), 1u);
        // A circle: its centre and a point on it.
        QCOMPARE(reported[0].name, QStringLiteral("Spinal cord"));
        QCOMPARE(reported[0].measurement.kind, MeasurementKind::EllipseRoi);
        const MeasuredRegion& circle = (*highdicom)->groups[0].regions.at(0);
        QCOMPARE(circle.points[0], (ImagePoint{57.5, 51.5})); // 58, 52 counted from the corner (dsrdump)
        QCOMPARE(reported[0].values.at(0).second.value, 1.7);
        QCOMPARE(reported[0].values.at(0).second.unit, QStringLiteral("cm2"));
        // No measurement groups in a plain report.
        QVERIFY(!source.measurementReport(data + QStringLiteral("/pydicom/src/pydicom/data/test_files/reportsi.dcm")));
    }
    void incompleteIsRefused() {
        DicomReportEncoder encoder;
        MeasurementReport none = m_report;
        none.groups.clear();
        QCOMPARE(encoder.encodeMeasurements(m_document, none).error().code, ErrorCode::ReportIncomplete);
        ReportDocument strange = m_document;
        strange.evidence.clear();
        strange.evidenceSeries.clear();
        QCOMPARE(encoder.encodeMeasurements(strange, m_report).error().code, ErrorCode::ReportIncomplete);
    }
};

} // namespace

QTEST_GUILESS_MAIN(MeasurementReportTest)
#include "measurement_report_test.moc"
