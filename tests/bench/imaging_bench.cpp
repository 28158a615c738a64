#include "bench_clock.h"
#include "imaging/display_chain.h"
#include "imaging/reslice.h"

#include <QTest>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>

#ifdef YZ_BENCH_VTK // the peer, no part of the product
#include <vtkImageData.h>
#include <vtkImageReslice.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkShortArray.h>
#endif

using namespace yz;

namespace {

PixelBuffer noisyPicture(int columns, int rows) {
    PixelBuffer pixels;
    pixels.columns = columns;
    pixels.rows = rows;
    pixels.type = SampleType::Int16;
    pixels.data.resize(pixels.byteCount());
    auto* values = reinterpret_cast<std::int16_t*>(pixels.data.data());
    std::uint32_t state = 1;
    for (int y = 0; y < rows; ++y) {
        for (int x = 0; x < columns; ++x) {
            state = state * 1664525u + 1013904223u;
            values[static_cast<size_t>(y) * static_cast<size_t>(columns) + static_cast<size_t>(x)] =
                static_cast<std::int16_t>(800.0 * std::sin(x * 0.02) * std::cos(y * 0.03) + (state >> 26));
        }
    }
    return pixels;
}

ImageDescription describe(const PixelBuffer& pixels) {
    ImageDescription image;
    image.columns = pixels.columns;
    image.rows = pixels.rows;
    image.isSigned = true;
    image.frames.resize(1);
    return image;
}

DisplaySettings settingsOf(double center) {
    DisplaySettings settings;
    settings.window = {center, 400.0, {}};
    return settings;
}

/// Median over `runs` in ms, printed.
template <typename Work> void measure(const char* name, int runs, Work work) {
    std::vector<double> times;
    for (int i = 0; i < runs; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work(i);
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    std::sort(times.begin(), times.end());
    std::printf("%-52s %8.3f ms (min %.3f)\n", name, times[times.size() / 2], times.front());
    std::fflush(stdout);
}

#ifdef YZ_BENCH_VTK
/// vtkImageReslice on the same voxels (not copied), two threads.
class Peer {
public:
    explicit Peer(Volume& volume) : m_volume(volume) {
        m_data->SetDimensions(volume.columns, volume.rows, volume.slices);
        m_data->SetSpacing(volume.columnMm, volume.rowMm, volume.sliceMm);
        vtkNew<vtkShortArray> voxels;
        voxels->SetArray(volume.voxels.data(), static_cast<vtkIdType>(volume.voxels.size()), 1);
        m_data->GetPointData()->SetScalars(voxels);
        m_reslice->SetInputData(m_data);
        m_reslice->SetNumberOfThreads(2);
        m_reslice->SetInterpolationModeToLinear();
        m_reslice->SetOutputDimensionality(2);
        m_reslice->SetBackgroundLevel(volume.outside);
    }
    const std::int16_t* cut(const SlicePlane& plane, const Slab& slab, int samples) {
        const PatientVector n = plane.normal();
        m_reslice->SetResliceAxesDirectionCosines(plane.row.x, plane.row.y, plane.row.z, plane.column.x, plane.column.y,
                                                  plane.column.z, n.x, n.y, n.z);
        m_reslice->SetResliceAxesOrigin(plane.origin.x, plane.origin.y, plane.origin.z);
        m_reslice->SetOutputSpacing(plane.pixelMm, plane.pixelMm, m_volume.sliceMm);
        m_reslice->SetOutputOrigin(0, 0, 0);
        m_reslice->SetOutputExtent(0, plane.width - 1, 0, plane.height - 1, 0, 0);
        if (slab.mode == SlabMode::Mip)
            m_reslice->SetSlabModeToMax();
        else
            m_reslice->SetSlabModeToMean();
        m_reslice->SetSlabNumberOfSlices(samples);
        m_reslice->Modified();
        m_reslice->Update();
        return static_cast<const std::int16_t*>(m_reslice->GetOutput()->GetScalarPointer());
    }

private:
    Volume& m_volume;
    vtkNew<vtkImageData> m_data;
    vtkNew<vtkImageReslice> m_reslice;
};

/// Ours and the peer's in turns, median of each, their ratio, and how far values are apart where both lie well inside.
void against(const char* name, int rounds, Volume& volume, Peer& peer, const std::function<SlicePlane(int)>& planeAt,
             const Slab& slab, int samples, const char* target) {
    std::vector<double> own, others;
    int apart = 0;
    for (int i = 0; i < rounds; ++i) {
        const SlicePlane plane = planeAt(i);
        const double start = yz::bench::wallMs();
        const PixelBufferPtr picture = reslice(volume, plane, slab);
        const double middle = yz::bench::wallMs();
        const std::int16_t* theirs = peer.cut(plane, slab, samples);
        others.push_back(yz::bench::wallMs() - middle);
        own.push_back(middle - start);
        const double reach = slab.isThick() ? slab.thicknessMm / 2 + 2 : 2;
        for (int y = 0; y < plane.height; y += 3) {
            for (int x = 0; x < plane.width; x += 3) {
                const VoxelIndex at = volume.toVoxel(plane.at(x, y));
                const double edge = samples > 256 ? 0.0 : reach / volume.columnMm;
                if (std::min({at.x, at.y, at.z}) < edge || std::max({at.x, at.y, at.z}) > volume.columns - 1 - edge)
                    continue;
                const int pixel = y * plane.width + x;
                apart = std::max(apart, std::abs(picture->as<std::int16_t>()[pixel] - theirs[pixel]));
            }
        }
    }
    std::sort(own.begin(), own.end());
    std::sort(others.begin(), others.end());
    const double a = own[own.size() / 2], b = others[others.size() / 2];
    std::printf("| %s | %.2f | %.2f | %.1f | %d | %s |\n", name, a, b, b / a, apart, target);
    std::fflush(stdout);
}
#endif

class ImagingBench : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void renders() {
        struct Case {
            const char* name;
            int columns, rows, width, height;
            Interpolation interpolation;
            int turns;
        };
        const Case cases[] = {
            {"render 512 -> 1024, linear", 512, 512, 1024, 1024, Interpolation::Linear, 0},
            {"render 512 -> 1024, linear, quarter turn", 512, 512, 1024, 1024, Interpolation::Linear, 1},
            {"render 512 -> 1024, nearest", 512, 512, 1024, 1024, Interpolation::Nearest, 0},
            {"render 512 -> 2048, linear", 512, 512, 2048, 2048, Interpolation::Linear, 0},
            {"render 2048 -> 2048, linear", 2048, 2048, 2048, 2048, Interpolation::Linear, 0},
            {"render 3000x4000 -> 1536x2048, linear", 3000, 4000, 1536, 2048, Interpolation::Linear, 0},
            {"render 3000x4000 -> 750x1000, area", 3000, 4000, 750, 1000, Interpolation::Linear, 0},
            {"render 3000x4000 -> 750x1000, area, quarter turn", 3000, 4000, 1000, 750, Interpolation::Linear, 1},
        };
        for (const Case& test : cases) {
            const PixelBuffer pixels = noisyPicture(test.columns, test.rows);
            const ImageDescription image = describe(pixels);
            const ViewTransform transform =
                fitTransform(test.columns, test.rows, {}, test.width, test.height, test.turns);
            ScreenPicture target;
            target.width = test.width;
            target.height = test.height;
            measure(test.name, 21, [&](int) {
                renderFrame(image, 0, pixels, settingsOf(40.0), transform, test.interpolation, 0xff000000, target);
            });
            measure((std::string(test.name) + ", new window").c_str(), 11, [&](int i) {
                renderFrame(image, 0, pixels, settingsOf(40.0 + i), transform, test.interpolation, 0xff000000, target);
            });
        }
        PixelBuffer colour;
        colour.columns = 1024;
        colour.rows = 768;
        colour.samplesPerPixel = 3;
        colour.type = SampleType::UInt8;
        colour.data.resize(colour.byteCount(), std::byte{77});
        ImageDescription image = describe(colour);
        image.photometric = Photometric::Rgb;
        ScreenPicture target;
        target.width = 1400;
        target.height = 1050;
        const ViewTransform transform = fitTransform(1024, 768, {}, 1400, 1050);
        measure("render RGB 1024x768 -> 1400x1050, linear", 21,
                [&](int) { renderFrame(image, 0, colour, {}, transform, Interpolation::Linear, 0xff000000, target); });
    }

#ifdef YZ_BENCH_VTK
    void againstVtk() {
        constexpr int n = 512;
        Volume volume;
        volume.columns = volume.rows = volume.slices = n;
        volume.row = {1, 0, 0};
        volume.column = {0, 1, 0};
        volume.slice = {0, 0, 1};
        volume.columnMm = volume.rowMm = volume.sliceMm = 0.68;
        volume.voxels.resize(static_cast<size_t>(n) * n * n);
        size_t at = 0;
        for (int z = 0; z < n; ++z)
            for (int y = 0; y < n; ++y)
                for (int x = 0; x < n; ++x)
                    volume.voxels[at++] = static_cast<std::int16_t>(900.0 * std::sin(x * 0.05 + z * 0.02) *
                                                                        std::cos(y * 0.04 - z * 0.03) +
                                                                    static_cast<int>((x * 7919u ^ y * 104729u) & 63u));
        Peer peer(volume);
        std::printf("load %.1f\n| 512^3, 512 x 512 out | ours, ms | vtkImageReslice, ms | ratio | apart | target |\n"
                    "|---|---|---|---|---|---|\n",
                    yz::bench::load());
        const auto along = [&](Orientation orientation) {
            return [&volume, orientation](int i) { return planeOfIndex(volume, orientation, 100 + i * 37 % 300); };
        };
        const auto oblique = [&](int i) {
            SlicePlane plane = planeOfIndex(volume, Orientation::Axial, n / 2);
            const double a = 25.0 * 3.14159265 / 180.0, b = 35.0 * 3.14159265 / 180.0;
            plane.row = {std::cos(b), std::sin(a) * std::sin(b), -std::cos(a) * std::sin(b)};
            plane.column = {0, std::cos(a), std::sin(a)};
            const PatientPoint centre = volume.toPatient({255.5, 255.5, 255.5}) + plane.normal() * (i % 20 * 0.3);
            plane.origin = centre - plane.row * (255.5 * 0.68) - plane.column * (255.5 * 0.68);
            return plane;
        };
        against("axial", 21, volume, peer, along(Orientation::Axial), {}, 1, "");
        against("coronal", 21, volume, peer, along(Orientation::Coronal), {}, 1, "");
        against("sagittal", 21, volume, peer, along(Orientation::Sagittal), {}, 1, "");
        against("oblique", 21, volume, peer, oblique, {}, 1, "3");
        against("axial MIP of 17", 11, volume, peer, along(Orientation::Axial), {SlabMode::Mip, 16 * 0.68}, 17, "6");
        against("axial MIP of 65", 11, volume, peer, along(Orientation::Axial), {SlabMode::Mip, 64 * 0.68}, 65, "6");
        against("oblique MIP of 17", 7, volume, peer, oblique, {SlabMode::Mip, 16 * 0.68}, 17, "4");
        against("oblique MIP of 65", 5, volume, peer, oblique, {SlabMode::Mip, 64 * 0.68}, 65, "4");
        const auto whole = [&](Orientation orientation) {
            return [&volume, orientation](int) { return planeOfIndex(volume, orientation, n / 2); };
        };
        against("whole MIP along z", 5, volume, peer, whole(Orientation::Axial), {SlabMode::Mip, 510 * 0.68}, 511,
                "10");
        against("whole MIP along y", 5, volume, peer, whole(Orientation::Coronal), {SlabMode::Mip, 510 * 0.68}, 511,
                "10");
        against("whole MIP along x", 5, volume, peer, whole(Orientation::Sagittal), {SlabMode::Mip, 510 * 0.68}, 511,
                "10");
    }
#endif

    void reslices() {
        constexpr int n = 512;
        Volume volume;
        volume.columns = volume.rows = volume.slices = n;
        volume.row = {1, 0, 0};
        volume.column = {0, 1, 0};
        volume.slice = {0, 0, 1};
        volume.columnMm = volume.rowMm = volume.sliceMm = 0.68;
        volume.voxels.resize(static_cast<size_t>(n) * n * n);
        std::uint32_t state = 1;
        for (std::int16_t& voxel : volume.voxels) {
            state = state * 1664525u + 1013904223u;
            voxel = static_cast<std::int16_t>(state >> 20);
        }
        const auto scroll = [](int i) { return (i * 37) % n; };
        const std::pair<const char*, Orientation> orientations[] = {
            {"axial", Orientation::Axial}, {"coronal", Orientation::Coronal}, {"sagittal", Orientation::Sagittal}};
        for (const auto& [name, orientation] : orientations) {
            measure((std::string("reslice ") + name).c_str(), 21,
                    [&](int i) { (void)reslice(volume, planeOfIndex(volume, orientation, scroll(i))); });
            measure((std::string("reslice ") + name + ", MIP of 17 slices").c_str(), 11, [&](int i) {
                (void)reslice(volume, planeOfIndex(volume, orientation, scroll(i)), {SlabMode::Mip, 16 * 0.68});
            });
        }
        const SlicePlane middle = planeOfIndex(volume, Orientation::Axial, n / 2);
        const auto oblique = [&](int i) {
            SlicePlane plane = middle;
            const double a = 25.0 * 3.14159265 / 180.0;
            const double b = 35.0 * 3.14159265 / 180.0;
            plane.row = {std::cos(b), std::sin(a) * std::sin(b), -std::cos(a) * std::sin(b)};
            plane.column = {0, std::cos(a), std::sin(a)};
            const PatientPoint centre = volume.toPatient({255.5, 255.5, 255.5}) + plane.normal() * (i % 20 * 0.3);
            plane.origin = centre - plane.row * (255.5 * 0.68) - plane.column * (255.5 * 0.68);
            return plane;
        };
        measure("reslice oblique", 21, [&](int i) { (void)reslice(volume, oblique(i)); });
        for (const int slices : {17, 65}) {
            measure((std::string("reslice oblique, MIP of ") + std::to_string(slices)).c_str(), 5, [&](int i) {
                (void)reslice(volume, oblique(i), {SlabMode::Mip, (slices - 1) * 0.68});
            });
        }
        volume.sliceMm = 1.25;
        measure("reslice coronal of 1.25 mm slices", 21,
                [&](int i) { (void)reslice(volume, planeOfIndex(volume, Orientation::Coronal, scroll(i))); });
        measure("reslice sagittal of 1.25 mm slices", 21,
                [&](int i) { (void)reslice(volume, planeOfIndex(volume, Orientation::Sagittal, scroll(i))); });
    }
};

} // namespace

QTEST_GUILESS_MAIN(ImagingBench)
#include "imaging_bench.moc"
