#pragma once

#include "imaging/volume.h"
#include "imaging/volume_preset.h"
#include "imaging/volume_projection.h"

#include <array>
#include <memory>

namespace yz {

/// Renders a volume through VTK by parallel projection. It lives in somebody else's OpenGL context (3.2 core or newer):
/// every call is made on the GUI thread with that context current, the constructor excepted. Rays are cast by the
/// graphics card, or, where OpenGL is a program itself, by VTK on the cores.
class VolumeScene {
public:
    explicit VolumeScene(bool hasGraphicsCard);
    ~VolumeScene();
    VolumeScene(const VolumeScene&) = delete;
    VolumeScene& operator=(const VolumeScene&) = delete;

    /// Once per context.
    void initialize();
    /// Size of the target in device pixels.
    void resize(int width, int height);
    /// Shares the voxels: they must not change any more. On the cores a volume of more than 24 million voxels is drawn
    /// at half its in-plane resolution.
    void setVolume(const VolumePtr& volume);
    /// The preset's curve moved by `shift` modality units. For a volume in Hounsfield units as it stands, else spread
    /// over the volume's own range.
    void setPreset(const VolumePreset& preset, double shift);
    /// What is kept, in fractions from the patient's right, front and feet (low and high of x, y, z) along the axes of
    /// the volume that lie nearest.
    void setBox(const std::array<double, 6>& box);
    /// `centre` in the middle of the target.
    void setView(const VolumeFacing& facing, const PatientPoint& centre, double mmPerPixel);
    /// Draws and copies the result into the framebuffer object, which is bound afterwards. `coarseness`: every how many
    /// pixels a ray is cast, 1 for the picture that stays.
    void render(unsigned framebufferId, double coarseness);
    /// Gives the context's resources back; initialize() may follow.
    void release();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace yz
