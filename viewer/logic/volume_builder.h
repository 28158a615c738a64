#pragma once

#include "core/cancel.h"
#include "imaging/volume.h"
#include "viewer/viewer_state.h"

#include <QHash>
#include <memory>

namespace yz {

/// The volume of one stack while its frames arrive. GUI thread only: filling and cutting never overlap.
class VolumeBuilder {
public:
    /// VolumeNotPossible with the reason.
    [[nodiscard]] static Result<std::unique_ptr<VolumeBuilder>> make(const Stack& stack);

    /// Copies the frame in when it belongs to the stack; true when the volume changed.
    bool take(const FrameKey& key, const PixelBuffer& pixels);
    /// The frame will not come.
    void giveUp(const FrameKey& key);
    [[nodiscard]] bool needs(const FrameKey& key) const;

    /// Its place and size; what its voxels hold before isDrawable() is undefined.
    [[nodiscard]] const Volume& volume() const { return *m_volume; }
    /// May be cut: the frames that were there at first are in, and slices that are still to come are air.
    [[nodiscard]] bool isDrawable() const { return !m_isLoading && (m_isBlank || m_filled == sliceCount()); }
    /// Makes the next empty slice air; false when there is none left, and the volume is drawable. For a moment's work
    /// at a time, after the frames that are there have been taken: memory that one of them will fill is not written
    /// twice, nor held beside it.
    bool blankNext();
    [[nodiscard]] const Stack& stack() const { return m_stack; }
    /// Nothing is still to come.
    [[nodiscard]] bool isComplete() const { return m_open.isEmpty(); }
    /// The volume to be kept while it is drawn elsewhere; once it is complete it no longer changes.
    [[nodiscard]] VolumePtr shared() const { return m_volume; }
    [[nodiscard]] int sliceCount() const { return static_cast<int>(m_stack.frames.size()); }
    [[nodiscard]] int filledCount() const { return m_filled; }
    [[nodiscard]] int failedCount() const { return m_failed; }
    /// Counts up with each change, so that a cut of it knows when it is old.
    [[nodiscard]] int revision() const { return m_revision; }

    /// Takes a volume of the same stack that was loaded whole.
    void adopt(std::shared_ptr<Volume> volume);
    /// It is being loaded whole: no frame is wanted.
    [[nodiscard]] bool isLoading() const { return m_isLoading; }
    void setLoading(bool loading) { m_isLoading = loading; }
    [[nodiscard]] CancelToken token() const { return m_token; } ///< cancelled when this goes
    [[nodiscard]] int frameIndex(const FrameKey& key) const { return m_frames.value(key, -1); } ///< -1: none of it
    /// That frame can be had from its slice (imaging/volume_load.h).
    [[nodiscard]] bool gives(int frame) const;

    ~VolumeBuilder() { m_token.cancel(); }
    VolumeBuilder(const VolumeBuilder&) = delete;
    VolumeBuilder& operator=(const VolumeBuilder&) = delete;

private:
    VolumeBuilder() = default;

    Stack m_stack;
    std::shared_ptr<Volume> m_volume;
    QHash<FrameKey, int> m_open;   ///< frames still to come -> slice
    QHash<FrameKey, int> m_frames; ///< all of them
    bool m_isLoading = false;
    CancelToken m_token;
    int m_filled = 0, m_failed = 0, m_revision = 0;
    int m_nextBlank = 0;    ///< slices before it are filled or blanked
    bool m_isBlank = false; ///< slices still to come have been blanked
};

/// A plane of a volume as an image, so that one display chain and one measuring code serve both.
[[nodiscard]] ImageDescriptionPtr describePlane(const Volume& volume, const SlicePlane& plane,
                                                const ImageDescription& source);

} // namespace yz
