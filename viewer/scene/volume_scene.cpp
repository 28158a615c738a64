#include "viewer_scene/volume_scene.h"

#include <vtkCallbackCommand.h>
#include <vtkCamera.h>
#include <vtkColorTransferFunction.h>
#include <vtkCommand.h>
#include <vtkFixedPointVolumeRayCastMapper.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkImageData.h>
#include <vtkMatrix4x4.h>
#include <vtkNew.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLGPUVolumeRayCastMapper.h>
#include <vtkOpenGLState.h>
#include <vtkPiecewiseFunction.h>
#include <vtkPointData.h>
#include <vtkRenderer.h>
#include <vtkShortArray.h>
#include <vtkSmartPointer.h>
#include <vtkVolume.h>
#include <vtkVolumeProperty.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace yz {

namespace {

// Values of the OpenGL registry; VTK's own loader is not part of its public headers.
constexpr unsigned glReadFramebuffer = 0x8CA8, glDrawFramebuffer = 0x8CA9, glFramebuffer = 0x8D40;
constexpr unsigned glColorBufferBit = 0x4000, glNearest = 0x2600, glScissorTest = 0x0C11;

constexpr std::int64_t mostVoxelsOnCores = 24'000'000; ///< beyond it VTK's gradients alone take hundreds of MB
constexpr double coarseStep = 2.0;                     ///< along the ray while it turns

/// Stored values below and above which there is next to nothing: 2 % and 99.5 % of a sample of the voxels.
std::array<double, 2> usedRange(const Volume& volume) {
    std::vector<std::int16_t> sample;
    const size_t step = std::max<size_t>(1, volume.voxels.size() / 200'000);
    for (size_t i = 0; i < volume.voxels.size(); i += step)
        sample.push_back(volume.voxels[i]);
    if (sample.empty())
        return {0.0, 1.0};
    const auto at = [&](double share) {
        const auto place = sample.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(sample.size() - 1));
        std::nth_element(sample.begin(), place, sample.end());
        return static_cast<double>(*place);
    };
    const double low = at(0.02), high = at(0.995);
    return {low, std::max(high, low + 1.0)};
}

} // namespace

struct VolumeScene::Impl {
    bool hasGraphicsCard;
    vtkNew<vtkGenericOpenGLRenderWindow> window;
    vtkNew<vtkRenderer> renderer;
    vtkNew<vtkCallbackCommand> contextAnswers;
    vtkNew<vtkVolume> prop;
    vtkNew<vtkColorTransferFunction> colours;
    vtkNew<vtkPiecewiseFunction> opacity;
    vtkSmartPointer<vtkVolumeMapper> mapper;
    vtkFixedPointVolumeRayCastMapper* onCores = nullptr;
    vtkOpenGLGPUVolumeRayCastMapper* onCard = nullptr;
    VolumePtr volume;
    std::vector<std::int16_t> halved;
    double stepMm = 1.0;
    int factor = 1; ///< in-plane, of what VTK has
    bool isInitialized = false;
    int width = 1, height = 1;

    explicit Impl(bool card) : hasGraphicsCard(card) {
        if (hasGraphicsCard) {
            auto gpu = vtkSmartPointer<vtkOpenGLGPUVolumeRayCastMapper>::New();
            gpu->SetAutoAdjustSampleDistances(0);
            gpu->SetUseJittering(1);
            onCard = gpu;
            mapper = gpu;
        } else {
            auto cores = vtkSmartPointer<vtkFixedPointVolumeRayCastMapper>::New();
            cores->SetAutoAdjustSampleDistances(0);
            onCores = cores;
            mapper = cores;
        }
        prop->SetMapper(mapper);
        vtkVolumeProperty* property = prop->GetProperty();
        property->SetColor(colours);
        property->SetScalarOpacity(opacity);
        property->SetInterpolationTypeToLinear();
        property->SetScalarOpacityUnitDistance(1.0);
        renderer->SetBackground(0.0, 0.0, 0.0);
        renderer->GetActiveCamera()->ParallelProjectionOn();
        window->AddRenderer(renderer);
        window->SetMultiSamples(0);
        window->SetDoubleBuffer(false);
        // The context is the caller's and is current: VTK must neither switch nor doubt it.
        contextAnswers->SetClientData(this);
        contextAnswers->SetCallback([](vtkObject*, unsigned long event, void* self, void*) {
            auto* impl = static_cast<Impl*>(self);
            if (event == vtkCommand::WindowIsCurrentEvent)
                impl->window->SetIsCurrent(true);
            else if (event == vtkCommand::WindowSupportsOpenGLEvent)
                impl->window->SetSupportsOpenGL(1);
        });
        window->AddObserver(vtkCommand::WindowMakeCurrentEvent, contextAnswers);
        window->AddObserver(vtkCommand::WindowIsCurrentEvent, contextAnswers);
        window->AddObserver(vtkCommand::WindowSupportsOpenGLEvent, contextAnswers);
    }

    /// VTK's picture of the voxels: their own memory, or means of two by two.
    vtkSmartPointer<vtkImageData> imageOf(const Volume& grid) {
        factor = onCores && static_cast<std::int64_t>(grid.voxels.size()) > mostVoxelsOnCores ? 2 : 1;
        const int columns = std::max(1, grid.columns / factor), rows = std::max(1, grid.rows / factor);
        vtkNew<vtkShortArray> values;
        if (factor == 1) {
            halved = {};
            // Read only: VTK has no way to say so.
            values->SetArray(const_cast<std::int16_t*>(grid.voxels.data()), static_cast<vtkIdType>(grid.voxels.size()),
                             1);
        } else {
            halved.resize(static_cast<size_t>(columns) * rows * grid.slices);
            size_t at = 0;
            for (int z = 0; z < grid.slices; ++z)
                for (int y = 0; y < rows; ++y) {
                    const std::int16_t* upper =
                        grid.voxels.data() + (static_cast<size_t>(z) * grid.rows + 2 * static_cast<size_t>(y)) *
                                                 static_cast<size_t>(grid.columns);
                    const std::int16_t* lower = upper + grid.columns;
                    for (int x = 0; x < columns; ++x)
                        halved[at++] = static_cast<std::int16_t>(
                            (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]) >> 2);
                }
            values->SetArray(halved.data(), static_cast<vtkIdType>(halved.size()), 1);
        }
        auto image = vtkSmartPointer<vtkImageData>::New();
        image->SetDimensions(columns, rows, grid.slices);
        image->SetSpacing(grid.columnMm * factor, grid.rowMm * factor, grid.sliceMm);
        // A mean of two by two lies half a voxel on.
        const double shift = (factor - 1) * 0.5;
        image->SetOrigin(shift * grid.columnMm, shift * grid.rowMm, 0.0);
        image->GetPointData()->SetScalars(values);
        return image;
    }
};

VolumeScene::VolumeScene(bool hasGraphicsCard) : m_impl(std::make_unique<Impl>(hasGraphicsCard)) {}

VolumeScene::~VolumeScene() = default;

void VolumeScene::initialize() {
    vtkGenericOpenGLRenderWindow* window = m_impl->window;
    window->SetOwnContext(0);
    window->SetReadyForRendering(true);
    window->InitializeFromCurrentContext();
    window->SetMapped(true);
    window->SetFrameBlitModeToNoBlit();
    m_impl->isInitialized = true;
}

void VolumeScene::resize(int width, int height) {
    m_impl->width = std::max(1, width);
    m_impl->height = std::max(1, height);
    m_impl->window->SetSize(m_impl->width, m_impl->height);
}

void VolumeScene::setVolume(const VolumePtr& volume) {
    if (m_impl->volume == volume)
        return;
    m_impl->renderer->RemoveViewProp(m_impl->prop);
    if (!volume || volume->voxels.empty()) {
        m_impl->mapper->SetInputDataObject(nullptr);
        m_impl->volume.reset();
        return;
    }
    m_impl->mapper->SetInputDataObject(m_impl->imageOf(*volume));
    m_impl->volume = volume; // after the old voxels are let go
    m_impl->stepMm = std::min({volume->columnMm * m_impl->factor, volume->rowMm * m_impl->factor, volume->sliceMm});
    vtkNew<vtkMatrix4x4> place;
    const PatientVector axes[] = {volume->row, volume->column, volume->slice, volume->origin};
    for (int axis = 0; axis < 4; ++axis) {
        place->SetElement(0, axis, axes[axis].x);
        place->SetElement(1, axis, axes[axis].y);
        place->SetElement(2, axis, axes[axis].z);
    }
    m_impl->prop->SetUserMatrix(place);
    m_impl->renderer->AddViewProp(m_impl->prop);
}

void VolumeScene::setPreset(const VolumePreset& preset, double shift) {
    m_impl->colours->RemoveAllPoints();
    m_impl->opacity->RemoveAllPoints();
    if (!m_impl->volume || preset.corners.size() < 2)
        return;
    const Volume& volume = *m_impl->volume;
    const bool isOwnScale = volume.unit == u"HU";
    const std::array<double, 2> used = isOwnScale ? std::array<double, 2>{} : usedRange(volume);
    const double first = preset.corners.front().value, last = preset.corners[preset.corners.size() - 2].value;
    for (const VolumePreset::Corner& corner : preset.corners) {
        const double value = corner.value + shift;
        const double stored = isOwnScale
                                  ? (value - volume.rescaleIntercept) / volume.rescaleSlope
                                  : used[0] + (value - first) / std::max(last - first, 1.0) * (used[1] - used[0]);
        m_impl->colours->AddRGBPoint(stored, corner.red, corner.green, corner.blue);
        m_impl->opacity->AddPoint(stored, corner.opacity);
    }
    vtkVolumeProperty* property = m_impl->prop->GetProperty();
    property->SetShade(preset.isShaded ? 1 : 0);
    property->SetAmbient(preset.ambient);
    property->SetDiffuse(preset.diffuse);
    property->SetSpecular(preset.specular);
    property->SetSpecularPower(preset.shininess);
}

void VolumeScene::setBox(const std::array<double, 6>& box) {
    if (!m_impl->volume)
        return;
    const Volume& volume = *m_impl->volume;
    const PatientVector axes[] = {volume.row, volume.column, volume.slice};
    const double lengths[] = {(volume.columns - 1) * volume.columnMm, (volume.rows - 1) * volume.rowMm,
                              (volume.slices - 1) * volume.sliceMm};
    double planes[6] = {0.0, lengths[0], 0.0, lengths[1], 0.0, lengths[2]};
    bool isTaken[3] = {};
    bool isWhole = true;
    for (size_t side = 0; side < 3; ++side) {
        const auto along = [&](int axis) { return side == 0 ? axes[axis].x : side == 1 ? axes[axis].y : axes[axis].z; };
        int nearest = -1;
        for (int axis = 0; axis < 3; ++axis)
            if (!isTaken[axis] && (nearest < 0 || std::abs(along(axis)) > std::abs(along(nearest))))
                nearest = axis;
        isTaken[nearest] = true;
        double low = box[2 * side], high = box[2 * side + 1];
        isWhole = isWhole && low <= 0.0 && high >= 1.0;
        if (along(nearest) < 0.0) {
            std::swap(low, high);
            low = 1.0 - low;
            high = 1.0 - high;
        }
        planes[2 * nearest] = low * lengths[nearest];
        planes[2 * nearest + 1] = high * lengths[nearest];
    }
    m_impl->mapper->SetCropping(isWhole ? 0 : 1);
    m_impl->mapper->SetCroppingRegionFlagsToSubVolume();
    m_impl->mapper->SetCroppingRegionPlanes(planes);
}

void VolumeScene::setView(const VolumeFacing& facing, const PatientPoint& centre, double mmPerPixel) {
    vtkCamera* camera = m_impl->renderer->GetActiveCamera();
    double distance = 1000.0;
    if (const Volume* volume = m_impl->volume.get())
        distance += std::hypot(volume->columns * volume->columnMm, volume->rows * volume->rowMm,
                               volume->slices * volume->sliceMm);
    const PatientPoint eye = centre - facing.into() * distance;
    camera->SetFocalPoint(centre.x, centre.y, centre.z);
    camera->SetPosition(eye.x, eye.y, eye.z);
    camera->SetViewUp(-facing.down.x, -facing.down.y, -facing.down.z);
    camera->SetParallelScale(m_impl->height * mmPerPixel * 0.5);
    m_impl->renderer->ResetCameraClippingRange();
}

void VolumeScene::render(unsigned framebufferId, double coarseness) {
    if (!m_impl->isInitialized)
        return;
    const double along = m_impl->stepMm * (coarseness > 1.0 ? coarseStep : 1.0);
    if (m_impl->onCores) {
        m_impl->onCores->SetImageSampleDistance(static_cast<float>(coarseness));
        m_impl->onCores->SetSampleDistance(static_cast<float>(along));
    } else {
        m_impl->onCard->SetImageSampleDistance(static_cast<float>(coarseness));
        m_impl->onCard->SetSampleDistance(static_cast<float>(along * 0.5));
    }
    vtkGenericOpenGLRenderWindow* window = m_impl->window;
    vtkOpenGLState* state = window->GetState();
    state->Reset(); // the context was used by others since
    state->Push();
    window->SetReadyForRendering(true);
    window->SetSize(m_impl->width, m_impl->height);
    window->Render();
    state->Pop();
    state->ResetFramebufferBindings();
    window->GetDisplayFramebuffer()->Bind(glReadFramebuffer);
    window->GetDisplayFramebuffer()->ActivateReadBuffer(0);
    state->vtkglBindFramebuffer(glDrawFramebuffer, framebufferId);
    state->vtkglDisable(glScissorTest);
    state->vtkglBlitFramebuffer(0, 0, m_impl->width, m_impl->height, 0, 0, m_impl->width, m_impl->height,
                                glColorBufferBit, glNearest);
    state->vtkglBindFramebuffer(glFramebuffer, framebufferId);
}

void VolumeScene::release() {
    if (m_impl->isInitialized)
        m_impl->window->Finalize();
    m_impl->isInitialized = false;
}

} // namespace yz
