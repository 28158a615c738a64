#pragma once

#include "core/cancel.h"
#include "domain/ports.h"
#include "domain/study.h"
#include "imaging/measurement_groups.h"

#include <QObject>
#include <QSet>
#include <memory>
#include <vector>

namespace yz {

/// The measurements that structured reports among the studies' files hold (PS3.16 TID 1500), read off the GUI thread as
/// they arrive. They are shown, not edited. GUI thread.
class ReportedMeasurementModel : public QObject {
    Q_OBJECT

public:
    explicit ReportedMeasurementModel(std::shared_ptr<PixelSource> source, QObject* parent = nullptr);
    ~ReportedMeasurementModel() override;

    void clear();
    /// Anything but a structured report, and known ones, are passed over.
    void add(const InstanceRecord& instance);
    [[nodiscard]] const std::vector<ReportedMeasurement>& all() const { return m_measurements; }

Q_SIGNALS:
    void changed();

private:
    std::shared_ptr<PixelSource> m_source;
    std::vector<ReportedMeasurement> m_measurements;
    QSet<InstanceUid> m_known;
    CancelToken m_token;
};

/// The measurement with its points in pixels of a frame: made there, or in space and within half a slice of it.
[[nodiscard]] std::optional<Measurement> onFrame(const Measurement& measurement, const ImageDescription& image,
                                                 int frame);

} // namespace yz
