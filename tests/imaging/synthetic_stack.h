#pragma once

#include "imaging/volume.h"

#include <cmath>
#include <functional>
#include <map>

namespace yz::test {

/// A series whose content is known at every point of the patient: modality value = offset + gradient . point.
struct StackRecipe {
    PatientVector row{1, 0, 0}, column{0, 1, 0};
    PatientPoint first{-20, -30, 5};
    PatientVector step{0, 0, 2}; ///< from one slice to the next; its part within the plane is a gantry tilt
    int columns = 24, rows = 20, slices = 12;
    double columnMm = 0.8, rowMm = 1.1;
    double offset = 100.0;
    PatientVector gradient{90.0, -70.0, 110.0};
    double slope = 1.0, intercept = 0.0;
    bool isSigned = true;
    int bitsStored = 16;
    QString modality = QStringLiteral("CT");
    QString unit = QStringLiteral("HU");
    /// Slope of one slice where they differ (PET).
    std::function<double(int)> slopeOf;
    /// Instance number of one slice; 1, 2, 3... when not given.
    std::function<int(int)> numberOf;

    [[nodiscard]] double valueAt(const PatientPoint& point) const { return offset + gradient.dot(point); }
    [[nodiscard]] PatientPoint position(int slice) const { return first + step * slice; }
    [[nodiscard]] PatientPoint at(double c, double r, int slice) const {
        return position(slice) + row * (c * columnMm) + column * (r * rowMm);
    }
};

struct SyntheticSeries {
    std::vector<ImageDescriptionPtr> images;
    std::map<QString, PixelBuffer> pixels; ///< by instance UID
};

inline SyntheticSeries makeSeries(const StackRecipe& recipe) {
    SyntheticSeries series;
    for (int slice = 0; slice < recipe.slices; ++slice) {
        auto image = std::make_shared<ImageDescription>();
        image->modality = recipe.modality;
        image->instance = InstanceUid(QStringLiteral("1.2.3.%1").arg(slice + 1));
        image->instanceNumber = recipe.numberOf ? recipe.numberOf(slice) : slice + 1;
        image->frameOfReference = FrameOfReferenceUid(QStringLiteral("1.2.3"));
        image->imageType = {QStringLiteral("ORIGINAL"), QStringLiteral("PRIMARY"), QStringLiteral("AXIAL")};
        image->columns = recipe.columns;
        image->rows = recipe.rows;
        image->isSigned = recipe.isSigned;
        image->bitsStored = recipe.bitsStored;
        FrameDescription frame;
        frame.plane = PlanePosition{recipe.position(slice), recipe.row, recipe.column};
        frame.spacing = {recipe.rowMm, recipe.columnMm, Calibration::PixelSpacing};
        frame.rescaleSlope = recipe.slopeOf ? recipe.slopeOf(slice) : recipe.slope;
        frame.rescaleIntercept = recipe.intercept;
        frame.rescaleUnit = recipe.unit;
        image->frames = {frame};

        PixelBuffer pixels;
        pixels.columns = recipe.columns;
        pixels.rows = recipe.rows;
        pixels.type = image->sampleType();
        pixels.data.resize(pixels.byteCount());
        for (int r = 0; r < recipe.rows; ++r) {
            for (int c = 0; c < recipe.columns; ++c) {
                const double value = recipe.valueAt(recipe.at(c, r, slice));
                const double stored = std::round((value - frame.rescaleIntercept) / frame.rescaleSlope);
                const size_t index =
                    static_cast<size_t>(r) * static_cast<size_t>(recipe.columns) + static_cast<size_t>(c);
                if (recipe.isSigned)
                    reinterpret_cast<std::int16_t*>(pixels.data.data())[index] = static_cast<std::int16_t>(stored);
                else
                    reinterpret_cast<std::uint16_t*>(pixels.data.data())[index] = static_cast<std::uint16_t>(stored);
            }
        }
        series.pixels[image->instance.value()] = std::move(pixels);
        series.images.push_back(std::move(image));
    }
    return series;
}

inline Status fillAll(Volume& volume, const Stack& stack, const SyntheticSeries& series) {
    for (int i = 0; i < volume.slices; ++i) {
        const QString uid = stack.frames[static_cast<size_t>(i)].image->instance.value();
        if (const Status status = fillSlice(volume, stack, i, series.pixels.at(uid)); !status)
            return status;
    }
    return {};
}

} // namespace yz::test
