#include "viewer/volume_builder.h"

#include "core/log.h"
#include "imaging/volume_load.h"

namespace yz {

Result<std::unique_ptr<VolumeBuilder>> VolumeBuilder::make(const Stack& stack) {
    if (const Status possible = canFormVolume(stack); !possible)
        return fail(possible.error());
    Result<std::shared_ptr<Volume>> volume = makeVolume(stack, EmptySlices::Undefined);
    if (!volume)
        return fail(volume.error());
    std::unique_ptr<VolumeBuilder> builder(new VolumeBuilder);
    builder->m_stack = stack;
    builder->m_volume = std::move(*volume);
    for (size_t i = 0; i < stack.frames.size(); ++i)
        builder->m_open.insert({stack.frames[i].image->instance, stack.frames[i].frame}, static_cast<int>(i));
    builder->m_frames = builder->m_open;
    return builder;
}

bool VolumeBuilder::blankNext() {
    while (m_nextBlank < m_volume->slices)
        if (blankIfMissing(*m_volume, m_nextBlank++))
            return true;
    if (!m_isBlank)
        ++m_revision;
    m_isBlank = true;
    return false;
}

bool VolumeBuilder::needs(const FrameKey& key) const { return !m_isLoading && m_open.contains(key); }

void VolumeBuilder::adopt(std::shared_ptr<Volume> volume) {
    m_volume = std::move(volume);
    m_filled = sliceCount();
    m_failed = 0;
    m_open.clear();
    ++m_revision;
}

bool VolumeBuilder::gives(int frame) const { return givesFrame(*m_volume, m_stack, frame); }

bool VolumeBuilder::take(const FrameKey& key, const PixelBuffer& pixels) {
    const auto open = m_isLoading ? m_open.constEnd() : m_open.constFind(key);
    if (open == m_open.constEnd())
        return false;
    const Status filled = fillSlice(*m_volume, m_stack, *open, pixels);
    if (filled) {
        ++m_filled;
    } else {
        qCWarning(logViewer).noquote() << "volume slice:" << filled.error().toString();
        ++m_failed;
    }
    m_open.erase(open);
    ++m_revision;
    return true;
}

void VolumeBuilder::giveUp(const FrameKey& key) {
    if (!m_isLoading && m_open.remove(key) > 0) {
        ++m_failed;
        ++m_revision;
    }
}

ImageDescriptionPtr describePlane(const Volume& volume, const SlicePlane& plane, const ImageDescription& source) {
    auto image = std::make_shared<ImageDescription>();
    image->study = source.study;
    image->series = source.series;
    image->frameOfReference = volume.frameOfReference;
    image->modality = source.modality;
    image->columns = plane.width;
    image->rows = plane.height;
    image->isSigned = true;
    image->photometric = source.photometric;
    image->presentationLutShape = source.presentationLutShape;
    image->lossy = source.lossy;
    image->lossyText = source.lossyText;
    image->pet = source.pet;
    FrameDescription frame;
    frame.plane = PlanePosition{plane.origin, plane.row, plane.column};
    frame.spacing = {plane.pixelMm, plane.pixelMm, Calibration::PixelSpacing};
    frame.rescaleSlope = volume.rescaleSlope;
    frame.rescaleIntercept = volume.rescaleIntercept;
    frame.rescaleUnit = volume.unit;
    const FrameDescription& sourceFrame = source.frame(0);
    frame.windows = sourceFrame.windows;
    frame.voiFunction = sourceFrame.voiFunction;
    image->frames.push_back(std::move(frame));
    return image;
}

} // namespace yz
