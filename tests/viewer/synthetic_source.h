#pragma once

#include "domain/ports.h"
#include "domain/presentation_object.h"

#include <QHash>
#include <QMutex>
#include <QSet>
#include <QStringList>
#include <QThread>
#include <atomic>
#include <cmath>

namespace yz::test {

enum class Orientation3 { Axial, Coronal, Sagittal };

/// Studies made of formulas behind the PixelSource port: a chest-like CT phantom, a projection, an ultrasound cine.
/// Paths are "series-uid/instance-number".
class SyntheticSource final : public PixelSource, public KeyObjectSource {
public:
    struct Series {
        StudyRecord study; ///< identity of its data sets
        SeriesRecord record;
        int columns = 64, rows = 64, slices = 20;
        double pixelMm = 2.0, sliceMm = 5.0;
        double rowMm = 0.0; ///< from row to row; 0: square pixels
        std::vector<UltrasoundRegion> regions;
        [[nodiscard]] double rowPitch() const { return rowMm > 0.0 ? rowMm : pixelMm; }
        Orientation3 orientation = Orientation3::Axial;
        bool hasPosition = true;
        bool isColourCine = false;
        std::vector<double> frameTimesMs; ///< of a colour cine; empty: 40 each
        bool isProjection = false;
        bool decodesReduced = false; ///< as a JPEG 2000 series
        bool hasWindow = true;
        QString frameOfReference = QStringLiteral("1.9.1");
        QSet<int> missing; ///< slice numbers never announced
    };

    /// A series of one presentation state of a study, to be announced.
    SeriesRecord add(const PresentationState& state, const StudyUid& study) {
        SeriesRecord series;
        series.series = SeriesUid(QString(state.instance.value() + QStringLiteral(".0")));
        series.modality = QStringLiteral("PR");
        InstanceRecord record;
        record.study = study;
        record.series = series.series;
        record.instance = state.instance;
        record.sopClass = SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.11.1"));
        record.path = state.instance.value();
        series.instances = {record};
        m_states.insert(record.path, std::make_shared<PresentationState>(state));
        return series;
    }
    /// A series of one structured report of a study, to be announced.
    SeriesRecord add(const MeasurementReport& report, const StudyUid& study) {
        SeriesRecord series;
        series.series = report.series;
        series.modality = QStringLiteral("SR");
        InstanceRecord record;
        record.study = study;
        record.series = series.series;
        record.instance = report.instance;
        record.sopClass = kMeasurementSrClass;
        record.path = report.instance.value();
        series.instances = {record};
        m_reports.insert(record.path, std::make_shared<MeasurementReport>(report));
        return series;
    }
    /// A series of one key object selection of a study, to be announced.
    SeriesRecord add(const KeyObjectSelection& selection, const StudyUid& study) {
        SeriesRecord series;
        series.series = selection.series;
        series.modality = QStringLiteral("KO");
        InstanceRecord record;
        record.study = study;
        record.series = series.series;
        record.instance = selection.instance;
        record.sopClass = kKeyObjectClass;
        record.path = selection.instance.value();
        series.instances = {record};
        m_selections.insert(record.path, std::make_shared<KeyObjectSelection>(selection));
        return series;
    }
    void add(const Series& series) { m_series.insert(series.record.series.value(), series); }

    [[nodiscard]] SeriesRecord announced(const QString& seriesUid) const {
        const Series& series = *m_series.constFind(seriesUid);
        SeriesRecord record = series.record;
        const int instances = series.isColourCine ? 1 : series.slices;
        for (int number = 0; number < instances; ++number)
            if (!series.missing.contains(number))
                record.instances.push_back(instance(series, number));
        return record;
    }

    [[nodiscard]] static InstanceRecord instance(const Series& series, int number) {
        InstanceRecord record;
        record.study = series.study.study;
        record.series = series.record.series;
        record.instance = InstanceUid(QString(series.record.series.value() + QStringLiteral(".%1").arg(number + 1)));
        record.sopClass = SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.2"));
        record.instanceNumber = number + 1;
        record.frameCount = series.isColourCine ? series.slices : 1;
        record.path = series.record.series.value() + u'/' + QString::number(number);
        return record;
    }

    // Faults
    void breakPixels(const QString& path) { m_broken.insert(path); }
    void repairPixels(const QString& path) { m_broken.remove(path); } ///< while nothing is decoding
    void breakReduced(const QString& path) { m_brokenReduced.insert(path); }
    void breakHeader(const QString& path) { m_brokenHeaders.insert(path); }
    void setForeign(const QString& path, const Patient& patient) { m_foreign.insert(path, patient); }
    void setDecodeDelayMs(int ms) { m_delayMs = ms; }
    [[nodiscard]] int decodeCount() const { return m_decodes; } ///< full frames
    [[nodiscard]] int reducedCount() const { return m_reduced; }
    [[nodiscard]] QStringList decodedPaths() const {
        QMutexLocker lock(&m_mutex);
        return m_decoded;
    }

    Result<DataSetHeader> readHeader(const QString& path) override {
        if (m_brokenHeaders.contains(path))
            return fail(ErrorCode::DataSetBroken, QStringLiteral("made broken by the test"));
        const Series& series = seriesOf(path);
        DataSetHeader header;
        header.instance = instance(series, numberOf(path));
        header.series = series.record;
        header.study = series.study;
        if (m_foreign.contains(path))
            header.study.patient = m_foreign.value(path);
        return header;
    }
    Result<DataSetHeader> readHeader(const QByteArray&) override { return fail(ErrorCode::NotSupported); }

    Result<PresentationStatePtr> presentationState(const QString& path) override {
        if (const PresentationStatePtr state = m_states.value(path))
            return state;
        return fail(ErrorCode::NotSupported);
    }
    Result<KeyObjectSelectionPtr> keyObjects(const QString& path) override {
        if (const KeyObjectSelectionPtr selection = m_selections.value(path))
            return selection;
        return fail(ErrorCode::NotSupported);
    }
    Result<MeasurementReportPtr> measurementReport(const QString& path) override {
        if (const MeasurementReportPtr report = m_reports.value(path))
            return report;
        return fail(ErrorCode::NotSupported);
    }
    /// Every 2^reduction-th pixel: lies where the wavelet's low-pass does.
    Result<PixelBufferPtr> decodeReduced(const QString& path, int frame, int reduction,
                                         const CancelToken& token) override {
        if (!seriesOf(path).decodesReduced || reduction == 0)
            return decode(path, frame, token);
        ++m_reduced;
        if (m_brokenReduced.contains(path))
            return fail(ErrorCode::PixelDataBroken, QStringLiteral("made broken by the test"));
        const PixelBufferPtr full = pixelsOf(path, frame);
        auto pixels = std::make_shared<PixelBuffer>();
        const int step = 1 << reduction;
        pixels->columns = (full->columns + step - 1) / step;
        pixels->rows = (full->rows + step - 1) / step;
        pixels->type = full->type;
        pixels->reduction = reduction;
        pixels->data.resize(pixels->byteCount());
        auto* out = reinterpret_cast<std::int16_t*>(pixels->data.data());
        for (int y = 0; y < full->rows; y += step)
            for (int x = 0; x < full->columns; x += step)
                *out++ = full->as<std::int16_t>()[static_cast<size_t>(y) * static_cast<size_t>(full->columns) +
                                                  static_cast<size_t>(x)];
        return pixels;
    }

    Result<ImageDescriptionPtr> describe(const QString& path) override {
        const Series& series = seriesOf(path);
        const int number = numberOf(path);
        auto image = std::make_shared<ImageDescription>();
        image->study = series.study.study;
        image->series = series.record.series;
        image->instance = instance(series, number).instance;
        image->sopClass = instance(series, number).sopClass;
        image->instanceNumber = number + 1;
        image->modality = series.record.modality;
        image->decodesReduced = series.decodesReduced;
        image->columns = series.columns;
        image->rows = series.rows;
        FrameDescription frame;
        if (series.isColourCine) {
            image->frameCount = series.slices;
            image->samplesPerPixel = 3;
            image->bitsAllocated = image->bitsStored = 8;
            image->photometric = Photometric::Rgb;
            image->frameTimeMs = 40.0;
            image->frameTimesMs = series.frameTimesMs;
        } else if (series.isProjection) {
            image->patientOrientation = QStringLiteral("L\\F");
            frame.spacing = {series.rowPitch(), series.pixelMm, Calibration::ImagerSpacing};
            frame.windows = {{2000, 4000, {}}};
        } else {
            image->isSigned = true;
            image->frameOfReference = FrameOfReferenceUid(series.frameOfReference);
            frame.spacing = {series.rowPitch(), series.pixelMm, Calibration::PixelSpacing};
            frame.sliceThicknessMm = series.sliceMm;
            frame.rescaleIntercept = -1024;
            frame.rescaleUnit = QStringLiteral("HU");
            frame.windows = {{40, 400, {}}};
            if (series.hasPosition)
                frame.plane = planeOf(series, number);
        }
        if (!series.hasWindow)
            frame.windows.clear();
        image->regions = series.regions;
        image->frames = {frame};
        return image;
    }

    Result<PixelBufferPtr> decode(const QString& path, int frame, const CancelToken&) override {
        if (m_delayMs > 0)
            QThread::msleep(static_cast<unsigned long>(m_delayMs));
        ++m_decodes;
        {
            QMutexLocker lock(&m_mutex);
            m_decoded << path;
        }
        if (m_broken.contains(path))
            return fail(ErrorCode::PixelDataBroken, QStringLiteral("made broken by the test"));
        return pixelsOf(path, frame);
    }

    [[nodiscard]] PixelBufferPtr pixelsOf(const QString& path, int frame) const {
        const Series& series = seriesOf(path);
        auto pixels = std::make_shared<PixelBuffer>();
        pixels->columns = series.columns;
        pixels->rows = series.rows;
        if (series.isColourCine) {
            pixels->samplesPerPixel = 3;
            pixels->type = SampleType::UInt8;
            pixels->data.resize(pixels->byteCount());
            auto* out = reinterpret_cast<std::uint8_t*>(pixels->data.data());
            for (int y = 0; y < series.rows; ++y)
                for (int x = 0; x < series.columns; ++x, out += 3) {
                    out[0] = static_cast<std::uint8_t>(x + frame * 7);
                    out[1] = static_cast<std::uint8_t>(y);
                    out[2] = static_cast<std::uint8_t>(x ^ y);
                }
            return pixels;
        }
        pixels->type = series.isProjection ? SampleType::UInt16 : SampleType::Int16;
        pixels->data.resize(pixels->byteCount());
        auto* out = reinterpret_cast<std::int16_t*>(pixels->data.data());
        const PlanePosition plane = planeOf(series, numberOf(path));
        for (int y = 0; y < series.rows; ++y)
            for (int x = 0; x < series.columns; ++x) {
                if (series.isProjection) {
                    const double dx = (x - series.columns * 0.5) / series.columns,
                                 dy = (y - series.rows * 0.5) / series.rows;
                    const bool lung = std::hypot((std::abs(dx) - 0.2) / 0.14, dy / 0.33) < 1.0;
                    *out++ = static_cast<std::int16_t>(lung ? 3000 - 700 * std::cos(dy * 60) * 0.3 : 900 + 300 * dy);
                    continue;
                }
                const PatientPoint at =
                    plane.position + plane.row * (x * series.pixelMm) + plane.column * (y * series.rowPitch());
                *out++ = static_cast<std::int16_t>(hounsfield(at) + 1024);
            }
        return pixels;
    }

    /// HU of the phantom: body, two lungs, a nodule of 8 mm radius at (60, 0, 0), spine, ribs.
    [[nodiscard]] static int hounsfield(const PatientPoint& p) {
        const auto inside = [](double x, double y, double rx, double ry) { return std::hypot(x / rx, y / ry) < 1.0; };
        const int grain =
            (static_cast<int>(p.x * 7.3) * 31 + static_cast<int>(p.y * 5.9) * 17 + static_cast<int>(p.z * 3.1) * 13) %
            23;
        if ((p - PatientPoint{60, 0, 0}).length() < 8.0)
            return 60;
        if (!inside(p.x, p.y, 58 * 3, 40 * 3))
            return -1000;
        if (inside(p.x, p.y - 85, 18, 16))
            return 620 + grain;
        for (const double side : {-1.0, 1.0}) {
            const double narrow = 1.0 - std::abs(p.z) / 400.0;
            if (inside(p.x - side * 75, p.y + 5, 55 * narrow, 78 * narrow)) {
                const double vessel = std::sin(p.x * 0.35) * std::sin(p.y * 0.29) * std::cos(p.z * 0.2);
                return vessel > 0.82 ? -60 : -860 + grain;
            }
        }
        const double ring = std::hypot(p.x / (54 * 3), p.y / (36 * 3));
        if (ring > 0.95 && ring < 1.0 && std::sin(std::atan2(p.y, p.x) * 9 + p.z * 0.08) > 0.55)
            return 480 + grain;
        if (inside(p.x - 15, p.y + 30, 45, 38))
            return 45 + grain;
        return inside(p.x, p.y, 55 * 3, 37 * 3) ? 30 + grain : -95 + grain;
    }

private:
    static PlanePosition planeOf(const Series& series, int number) {
        const double halfX = (series.columns - 1) * series.pixelMm * 0.5,
                     halfY = (series.rows - 1) * series.rowPitch() * 0.5;
        const double along = (number - (series.slices - 1) * 0.5) * series.sliceMm;
        switch (series.orientation) {
        case Orientation3::Axial:
            return {{-halfX, -halfY, along}, {1, 0, 0}, {0, 1, 0}};
        case Orientation3::Coronal:
            return {{-halfX, along, halfY}, {1, 0, 0}, {0, 0, -1}};
        case Orientation3::Sagittal:
            break;
        }
        return {{along, -halfX, halfY}, {0, 1, 0}, {0, 0, -1}};
    }
    [[nodiscard]] const Series& seriesOf(const QString& path) const {
        return *m_series.constFind(path.section(u'/', 0, -2));
    }
    [[nodiscard]] static int numberOf(const QString& path) { return path.section(u'/', -1).toInt(); }

    QHash<QString, Series> m_series;
    QHash<QString, PresentationStatePtr> m_states;
    QHash<QString, MeasurementReportPtr> m_reports;
    QHash<QString, KeyObjectSelectionPtr> m_selections;
    QSet<QString> m_broken, m_brokenHeaders, m_brokenReduced;
    QHash<QString, Patient> m_foreign;
    std::atomic<int> m_delayMs{0}, m_decodes{0}, m_reduced{0};
    mutable QMutex m_mutex;
    QStringList m_decoded;
};

} // namespace yz::test
