#pragma once

#include "domain/ports.h"

#include <QHash>
#include <algorithm>
#include <cmath>
#include <functional>

namespace yz::test {

/// Examinations of every kind that a shipped hanging protocol is for, made of formulas behind the PixelSource port:
/// shapes that show side, direction and level, so that a wrongly hung picture is seen. Paths are "series/number".
class HangingSamples final : public PixelSource {
public:
    enum class Plane { Axial, Coronal, Sagittal, None };
    struct Series {
        StudyRecord study;
        SeriesRecord record;
        Plane plane = Plane::Axial;
        int images = 24, columns = 192, rows = 192;
        double pixelMm = 2.0, sliceMm = 5.0;
        VoiWindow window{40, 400, {}};
        QString patientOrientation;
        QStringList imageType{QStringLiteral("ORIGINAL"), QStringLiteral("PRIMARY")};
        bool isClip = false;
        bool isColour = false;
        std::optional<PetDescription> pet;
        double intercept = 0.0;
        QString unit;             ///< of the rescaled values
        QString frameOfReference; ///< empty: the study's
        /// Stored value at a patient position (mm, LPS), or at 0..1 of width and height with z the frame number.
        std::function<int(PatientPoint)> value;
    };

    /// Announces the series' instances in its record; `images` of them unless it is a clip.
    SeriesRecord add(Series series) {
        const int count = series.isClip ? 1 : series.images;
        for (int number = 0; number < count; ++number) {
            InstanceRecord instance;
            instance.study = series.study.study;
            instance.series = series.record.series;
            instance.instance = InstanceUid(QStringLiteral("%1.%2").arg(series.record.series.value()).arg(number + 1));
            instance.sopClass = SopClassUid(QStringLiteral("1.2.840.10008.5.1.4.1.1.7"));
            instance.instanceNumber = number + 1;
            instance.frameCount = series.isClip ? series.images : 1;
            instance.path = QStringLiteral("%1/%2").arg(series.record.series.value()).arg(number);
            series.record.instances.push_back(instance);
        }
        m_series.insert(series.record.series.value(), series);
        return series.record;
    }

    Result<DataSetHeader> readHeader(const QString& path) override {
        const Series& series = seriesOf(path);
        DataSetHeader header;
        header.instance = series.record.instances[static_cast<size_t>(numberOf(path))];
        header.series = series.record;
        header.series.instances.clear();
        header.study = series.study;
        return header;
    }
    Result<DataSetHeader> readHeader(const QByteArray&) override { return fail(ErrorCode::NotSupported); }
    Result<PresentationStatePtr> presentationState(const QString&) override { return fail(ErrorCode::NotSupported); }
    Result<PixelBufferPtr> decodeReduced(const QString& path, int frame, int, const CancelToken& token) override {
        return decode(path, frame, token);
    }

    Result<ImageDescriptionPtr> describe(const QString& path) override {
        const Series& series = seriesOf(path);
        auto image = std::make_shared<ImageDescription>();
        const InstanceRecord& instance = series.record.instances[static_cast<size_t>(numberOf(path))];
        image->study = series.study.study;
        image->series = series.record.series;
        image->instance = instance.instance;
        image->sopClass = instance.sopClass;
        image->instanceNumber = instance.instanceNumber;
        image->modality = series.record.modality;
        image->laterality = series.record.laterality;
        image->viewPosition = series.record.viewPosition;
        image->patientOrientation = series.patientOrientation;
        image->imageType = series.imageType;
        image->columns = series.columns;
        image->rows = series.rows;
        image->isSigned = true;
        FrameDescription frame;
        frame.spacing = {series.pixelMm, series.pixelMm,
                         series.plane == Plane::None ? Calibration::ImagerSpacing : Calibration::PixelSpacing};
        frame.windows = {series.window};
        if (series.isClip) {
            image->frameCount = series.images;
            image->frameTimeMs = 66.0;
        }
        if (series.isColour) {
            image->isSigned = false;
            image->samplesPerPixel = 3;
            image->bitsAllocated = image->bitsStored = 8;
            image->photometric = Photometric::Rgb;
            frame.spacing.calibration = Calibration::None;
        }
        if (series.plane != Plane::None) {
            frame.plane = planeOf(series, numberOf(path));
            frame.sliceThicknessMm = series.sliceMm;
            image->frameOfReference = FrameOfReferenceUid(
                series.frameOfReference.isEmpty() ? QString(series.study.study.value() + QStringLiteral(".9"))
                                                  : series.frameOfReference);
        }
        frame.rescaleIntercept = series.intercept;
        frame.rescaleUnit = series.unit;
        image->pet = series.pet;
        image->frames = {frame};
        return image;
    }

    Result<PixelBufferPtr> decode(const QString& path, int frame, const CancelToken&) override {
        const Series& series = seriesOf(path);
        auto pixels = std::make_shared<PixelBuffer>();
        pixels->columns = series.columns;
        pixels->rows = series.rows;
        pixels->samplesPerPixel = series.isColour ? 3 : 1;
        pixels->type = series.isColour ? SampleType::UInt8 : SampleType::Int16;
        pixels->data.resize(pixels->byteCount());
        const PlanePosition plane = planeOf(series, numberOf(path));
        auto* grey = reinterpret_cast<std::int16_t*>(pixels->data.data());
        auto* colour = reinterpret_cast<std::uint8_t*>(pixels->data.data());
        for (int y = 0; y < series.rows; ++y)
            for (int x = 0; x < series.columns; ++x) {
                const PatientPoint at =
                    series.plane == Plane::None
                        ? PatientPoint{(x + 0.5) / series.columns, (y + 0.5) / series.rows, static_cast<double>(frame)}
                        : plane.position + plane.row * (x * series.pixelMm) + plane.column * (y * series.pixelMm);
                const int value = series.value(at);
                if (series.isColour)
                    for (int sample = 0; sample < 3; ++sample)
                        *colour++ = static_cast<std::uint8_t>(std::clamp(value >> (8 * (2 - sample)) & 255, 0, 255));
                else
                    *grey++ = static_cast<std::int16_t>(value);
            }
        return pixels;
    }

private:
    static PlanePosition planeOf(const Series& series, int number) {
        const double halfX = (series.columns - 1) * series.pixelMm * 0.5,
                     halfY = (series.rows - 1) * series.pixelMm * 0.5;
        const double along = (number - (series.images - 1) * 0.5) * series.sliceMm;
        if (series.plane == Plane::Coronal)
            return {{-halfX, along, halfY}, {1, 0, 0}, {0, 0, -1}};
        if (series.plane == Plane::Sagittal)
            return {{along, -halfX, halfY}, {0, 1, 0}, {0, 0, -1}};
        return {{-halfX, -halfY, along}, {1, 0, 0}, {0, 1, 0}};
    }
    [[nodiscard]] const Series& seriesOf(const QString& path) const {
        return *m_series.constFind(path.section(u'/', 0, -2));
    }
    [[nodiscard]] static int numberOf(const QString& path) { return path.section(u'/', -1).toInt(); }

    QHash<QString, Series> m_series;
};

} // namespace yz::test
