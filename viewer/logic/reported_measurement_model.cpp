#include "viewer/reported_measurement_model.h"

#include "core/log.h"
#include "jobs/jobs.h"

#include <algorithm>
#include <cmath>

namespace yz {

namespace {

constexpr int readPriority = 44; // after the presentation states

bool isStructuredReport(const SopClassUid& sopClass) {
    // Basic text, enhanced, comprehensive, comprehensive 3D (PS3.4 B.5).
    static const QSet<QString> classes{
        QStringLiteral("1.2.840.10008.5.1.4.1.1.88.11"), QStringLiteral("1.2.840.10008.5.1.4.1.1.88.22"),
        QStringLiteral("1.2.840.10008.5.1.4.1.1.88.33"), QStringLiteral("1.2.840.10008.5.1.4.1.1.88.34")};
    return classes.contains(sopClass.value());
}

} // namespace

ReportedMeasurementModel::ReportedMeasurementModel(std::shared_ptr<PixelSource> source, QObject* parent)
    : QObject(parent), m_source(std::move(source)) {}

ReportedMeasurementModel::~ReportedMeasurementModel() { m_token.cancel(); }

void ReportedMeasurementModel::clear() {
    m_token.cancel();
    m_token = CancelToken();
    m_measurements.clear();
    m_known.clear();
}

void ReportedMeasurementModel::add(const InstanceRecord& instance) {
    if (!isStructuredReport(instance.sopClass) || m_known.contains(instance.instance))
        return;
    m_known.insert(instance.instance);
    const CancelToken token = m_token;
    auto future = jobs::start(
        jobs::Lane::Decode,
        [source = m_source, path = instance.path, token]() -> Result<MeasurementReportPtr> {
            if (token.isCancelled())
                return fail(ErrorCode::Cancelled);
            return source->measurementReport(path);
        },
        token, readPriority);
    jobs::whenDone(std::move(future), this, [this, token](const Result<MeasurementReportPtr>& report) {
        if (token.isCancelled())
            return;
        if (!report) {
            if (report.error().code != ErrorCode::NotSupported) // most reports hold no measurement groups
                qCWarning(logViewer).noquote() << "measurement report not shown:" << report.error().toString();
            return;
        }
        for (ReportedMeasurement& measurement : reportedMeasurements(**report))
            m_measurements.push_back(std::move(measurement));
        Q_EMIT changed();
    });
}

std::optional<Measurement> onFrame(const Measurement& measurement, const ImageDescription& image, int frame) {
    if (measurement.patientPoints.empty()) {
        if (measurement.instance == image.instance && measurement.frame == frame)
            return measurement;
        return std::nullopt;
    }
    const FrameDescription& description = image.frame(frame);
    if (!description.plane || image.frameOfReference.isEmpty() ||
        !(measurement.frameOfReference == image.frameOfReference))
        return std::nullopt;
    const PixelSpacing& spacing = description.spacing;
    const double reach = std::max(description.sliceThicknessMm, 1.0) * 0.5;
    Measurement result = measurement;
    result.points.clear();
    for (const PatientPoint& point : measurement.patientPoints) {
        const PatientVector way = point - description.plane->position;
        if (std::abs(way.dot(description.plane->normal())) > reach)
            return std::nullopt;
        result.points.push_back(
            {way.dot(description.plane->row) / spacing.columnMm, way.dot(description.plane->column) / spacing.rowMm});
    }
    return result;
}

} // namespace yz
