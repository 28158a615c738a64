#include "viewer_scene/slice_scene.h"

#include <vtkCallbackCommand.h>
#include <vtkCamera.h>
#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkImageData.h>
#include <vtkImageProperty.h>
#include <vtkImageSlice.h>
#include <vtkImageSliceMapper.h>
#include <vtkNew.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>
#include <vtkRenderer.h>

#include <algorithm>
#include <cstdint>

namespace yz {

namespace {
// Values of the OpenGL registry; VTK's own loader is not part of its public headers.
constexpr unsigned glReadFramebuffer = 0x8CA8, glDrawFramebuffer = 0x8CA9, glFramebuffer = 0x8D40;
constexpr unsigned glColorBufferBit = 0x4000, glNearest = 0x2600, glScissorTest = 0x0C11;
} // namespace

struct SliceScene::Impl {
    vtkNew<vtkGenericOpenGLRenderWindow> window;
    vtkNew<vtkRenderer> renderer;
    vtkNew<vtkImageData> image;
    vtkNew<vtkImageSliceMapper> mapper;
    vtkNew<vtkImageSlice> slice;
    vtkNew<vtkCallbackCommand> contextAnswers;
    bool isInitialized = false;
    int width = 0, height = 0;

    Impl() {
        mapper->SetInputData(image);
        mapper->BorderOn();
        slice->SetMapper(mapper);
        vtkImageProperty* property = slice->GetProperty();
        property->SetInterpolationTypeToNearest();
        property->SetColorWindow(255.0);
        property->SetColorLevel(127.5);
        property->SetAmbient(1.0);
        property->SetDiffuse(0.0);
        renderer->AddViewProp(slice);
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

    void aim() {
        // One world unit a pixel; row 0 of the data at the top because the camera's up is -y.
        const double centerX = width * 0.5 - 0.5, centerY = height * 0.5 - 0.5;
        vtkCamera* camera = renderer->GetActiveCamera();
        camera->SetFocalPoint(centerX, centerY, 0.0);
        camera->SetPosition(centerX, centerY, -100.0);
        camera->SetViewUp(0.0, -1.0, 0.0);
        camera->SetParallelScale(height * 0.5);
        camera->SetClippingRange(1.0, 200.0);
    }
};

SliceScene::SliceScene() : m_impl(std::make_unique<Impl>()) {}

SliceScene::~SliceScene() = default;

void SliceScene::initialize() {
    vtkGenericOpenGLRenderWindow* window = m_impl->window;
    window->SetOwnContext(0);
    window->SetReadyForRendering(true);
    window->InitializeFromCurrentContext();
    window->SetMapped(true);
    window->SetFrameBlitModeToNoBlit();
    m_impl->isInitialized = true;
}

void SliceScene::resize(int width, int height) {
    m_impl->width = std::max(1, width);
    m_impl->height = std::max(1, height);
    m_impl->window->SetSize(m_impl->width, m_impl->height);
    m_impl->aim();
}

void SliceScene::setPicture(const ScreenPicture& picture) {
    if (picture.width <= 0 || picture.height <= 0)
        return;
    vtkImageData* image = m_impl->image;
    const int* size = image->GetDimensions();
    if (size[0] != picture.width || size[1] != picture.height || image->GetNumberOfScalarComponents() != 4) {
        image->SetDimensions(picture.width, picture.height, 1);
        image->AllocateScalars(VTK_UNSIGNED_CHAR, 4);
    }
    auto* target = static_cast<std::uint8_t*>(image->GetScalarPointer());
    for (const std::uint32_t pixel : picture.argb) {
        target[0] = static_cast<std::uint8_t>(pixel >> 16);
        target[1] = static_cast<std::uint8_t>(pixel >> 8);
        target[2] = static_cast<std::uint8_t>(pixel);
        target[3] = 255;
        target += 4;
    }
    image->Modified();
}

void SliceScene::render(unsigned framebufferId) {
    if (!m_impl->isInitialized)
        return;
    vtkGenericOpenGLRenderWindow* window = m_impl->window;
    vtkOpenGLState* state = window->GetState();
    state->Reset(); // the context was used by others since
    state->Push();
    window->SetReadyForRendering(true);
    window->SetSize(m_impl->width, m_impl->height);
    m_impl->slice->SetVisibility(m_impl->image->GetNumberOfPoints() > 0);
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

void SliceScene::release() {
    if (m_impl->isInitialized)
        m_impl->window->Finalize();
    m_impl->isInitialized = false;
}

} // namespace yz
