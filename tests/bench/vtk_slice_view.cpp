#include "vtk_slice_view.h"

#include <vtkCamera.h>
#include <vtkImageData.h>
#include <vtkImageProperty.h>
#include <vtkImageSlice.h>
#include <vtkImageSliceMapper.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>
#include <vtkShortArray.h>

namespace yz::bench {

struct VtkSliceView::Impl {
    vtkNew<vtkImageData> data;
    vtkNew<vtkImageSliceMapper> mapper;
    vtkNew<vtkImageSlice> slice;
    vtkNew<vtkRenderer> renderer;
    vtkNew<vtkRenderWindow> window;

    void draw() {
        window->Render();
        window->WaitForCompletion();
    }
};

VtkSliceView::VtkSliceView(const std::vector<std::int16_t>& voxels, int columns, int rows, int slices, int side)
    : m_impl(std::make_unique<Impl>()) {
    vtkNew<vtkShortArray> array;
    array->SetArray(const_cast<std::int16_t*>(voxels.data()), static_cast<vtkIdType>(voxels.size()), 1);
    m_impl->data->SetDimensions(columns, rows, slices);
    m_impl->data->GetPointData()->SetScalars(array);
    m_impl->mapper->SetInputData(m_impl->data);
    m_impl->mapper->SetOrientationToZ();
    m_impl->slice->SetMapper(m_impl->mapper);
    m_impl->slice->GetProperty()->SetInterpolationTypeToLinear();
    m_impl->slice->GetProperty()->SetColorLevel(40.0);
    m_impl->slice->GetProperty()->SetColorWindow(400.0);
    m_impl->renderer->AddViewProp(m_impl->slice);
    vtkCamera* camera = m_impl->renderer->GetActiveCamera();
    camera->ParallelProjectionOn();
    camera->SetFocalPoint((columns - 1) * 0.5, (rows - 1) * 0.5, 0.0);
    camera->SetPosition((columns - 1) * 0.5, (rows - 1) * 0.5, -1000.0);
    camera->SetViewUp(0.0, -1.0, 0.0);
    camera->SetParallelScale(rows * 0.5);
    camera->SetClippingRange(1.0, 5000.0);
    m_impl->window->SetOffScreenRendering(1);
    m_impl->window->SetMultiSamples(0);
    m_impl->window->SetSize(side, side);
    m_impl->window->AddRenderer(m_impl->renderer);
    m_impl->draw();
}

VtkSliceView::~VtkSliceView() = default;

void VtkSliceView::showSlice(int slice) {
    m_impl->mapper->SetSliceNumber(slice);
    m_impl->draw();
}

void VtkSliceView::setWindow(double center, double width) {
    m_impl->slice->GetProperty()->SetColorLevel(center);
    m_impl->slice->GetProperty()->SetColorWindow(width);
    m_impl->draw();
}

} // namespace yz::bench
