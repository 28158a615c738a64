#pragma once

#include "core/result.h"
#include "dicom/worker/described_image.h"
#include "dicom/worker/header_batch.h"
#include "dicom/worker/worker_protocol.h"
#include "domain/image.h"
#include "domain/measurement_report.h"
#include "domain/presentation_object.h"
#include "domain/presentation_state.h"
#include "domain/study.h"

#include <cstddef>
#include <span>

/// What the desk believes of a decoder's answer. The decoder has parsed what a stranger sent, so its answer is as
/// hostile as the file: what the rest of the desk relies on without looking (indices, sizes, names that become paths)
/// is checked here. What cannot be checked is whether the values are the file's. All fail with DecoderFailed.
namespace yz::dicom {

/// One frame of an image, as far as its memory goes.
struct FrameShape {
    int columns = 0;
    int rows = 0;
    int samplesPerPixel = 0;
    int bytesPerSample = 0;
    int frameCount = 0;

    bool operator==(const FrameShape&) const = default;
};
[[nodiscard]] FrameShape shapeOf(const ImageDescription& image);

[[nodiscard]] Status checkHeader(const DataSetHeader& header);
[[nodiscard]] Status checkDescription(const ImageDescription& image);
/// An answer for each head, each a header or none, an image or none.
[[nodiscard]] Status checkHeads(const std::vector<HeadAnswer>& answers, std::span<const FileHead> heads);
/// The image, and that the plain frames are its own and lie within a file of `fileBytes`.
[[nodiscard]] Status checkDescribed(const DescribedImage& described, qint64 fileBytes);
[[nodiscard]] Status checkPresentationState(const PresentationState& state);
/// Coordinates are numbers, a region lies in an image or in space.
[[nodiscard]] Status checkMeasurementReport(const MeasurementReport& report);
[[nodiscard]] Status checkKeyObjects(const KeyObjectSelection& selection);
/// Copies the samples out of the answer. `reduction`: the most that was asked for.
[[nodiscard]] Result<PixelBufferPtr> takeFrame(const WorkerReply& reply, std::span<const std::byte> payload,
                                               const FrameShape& shape, int reduction = 0);
/// The same of a picture whose form nobody described: 8 bits, grey or colour, no larger than domain/preview.h says.
[[nodiscard]] Result<PixelBufferPtr> takePicture(const WorkerReply& reply, std::span<const std::byte> payload);

} // namespace yz::dicom
