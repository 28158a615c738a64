#pragma once

#include "domain/measurement_report.h"
#include "imaging/measurement_result.h"

#include <utility>
#include <vector>

/// Measurements as the groups of an Imaging Measurement Report (PS3.16 TID 1500) and back.
namespace yz {

/// A measurement with what it said when it was reported.
struct MeasurementWithResult {
    Measurement measurement; ///< as it is kept (patient points on a plane)
    MeasurementResult result;
    QString name; ///< tracking identifier: what the reader calls it, else its kind in words
};

/// One group each; the outlines of a volume share one. `findingSite` may be empty. Measurements without a value (an
/// outline that crosses itself) come as a comment, so that nothing the reader drew is lost.
[[nodiscard]] std::vector<MeasurementGroup> groupsOf(const std::vector<MeasurementWithResult>& measurements,
                                                     const CodedText& findingSite = {});

/// What a group of any maker draws, and its numbers in words.
struct ReportedMeasurement {
    Measurement measurement; ///< empty series: only the object is known
    QString name;
    std::vector<std::pair<QString, MeasuredValue>> values; ///< what (as the report says) and how much
    bool operator==(const ReportedMeasurement& other) const {
        return measurement == other.measurement && name == other.name;
    }
};

/// Our own come back as they were kept, but for id and series, which no report carries: in an image to the last bit, a
/// box on a plane within a thousandth of a mm. Of other makers each region becomes what draws it: two points a length,
/// more an outline or a chain of lengths, turned ellipses an outline of 72 corners.
[[nodiscard]] std::vector<ReportedMeasurement> reportedMeasurements(const MeasurementReport& report);

} // namespace yz
