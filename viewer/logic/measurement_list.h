#pragma once

#include "domain/image.h"
#include "imaging/measure.h"
#include "imaging/reslice.h"

#include <QJsonArray>
#include <QObject>
#include <QString>
#include <optional>
#include <vector>

namespace yz {

/// What a measurement says on the picture it lies on.
struct MeasurementResult {
    MeasuredValue value;              ///< length, angle or area; of a probe the modality value under it
    std::optional<RoiStatistics> roi; ///< of a ROI on grey pixels
    QString roiUnit;                  ///< "HU" or empty
    std::vector<MeasuredValue> also;  ///< beside the value: SUV, the other axis and the slope of an ultrasound strip
    bool needsPixels = false;         ///< pixels are not there yet, value parts of them are missing
};

/// The measurements of the reading, with undo. Geometry only: values are computed on the picture (evaluate).
class MeasurementList : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] const std::vector<Measurement>& all() const { return m_items; }
    [[nodiscard]] const Measurement* find(const QString& id) const;
    /// Gives the measurement an id when it has none; returns it.
    QString add(Measurement measurement);
    /// Replaces the one of the same id. `merge`: part of the same gesture as the last change, one undo takes both back.
    void change(const Measurement& measurement, bool merge = false);
    void remove(const QString& id);
    void removeAll();
    [[nodiscard]] bool canUndo() const { return !m_undo.empty(); }
    [[nodiscard]] bool canRedo() const { return !m_redo.empty(); }
    void undo();
    void redo();

    [[nodiscard]] QJsonArray toJson() const;
    /// Replaces everything; nothing to undo afterwards.
    void load(const QJsonArray& json);

Q_SIGNALS:
    void changed();

private:
    void remember();

    std::vector<Measurement> m_items;
    std::vector<std::vector<Measurement>> m_undo, m_redo;
    int m_nextId = 1;
};

/// Number of points a kind has when it is complete.
[[nodiscard]] int pointCount(MeasurementKind kind);

/// Values of a measurement whose points are in pixels of that frame. `pixels` may be null or
/// of reduced resolution: what needs the stored values stays out.
[[nodiscard]] MeasurementResult evaluate(const Measurement& measurement, const ImageDescription& image, int frame,
                                         const PixelBufferPtr& pixels);

/// The same measurement with `points` in pixels of the plane when all its patient points lie within `toleranceMm` of
/// it.
[[nodiscard]] std::optional<Measurement> onPlane(const Measurement& measurement, const SlicePlane& plane,
                                                 double toleranceMm);

/// "HU" of DICOM as UCUM "[hnsf'U]"; empty as "1".
[[nodiscard]] QString ucumUnit(const QString& rescaleUnit);

} // namespace yz
