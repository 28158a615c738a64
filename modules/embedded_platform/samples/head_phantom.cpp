#include "embedded_platform/samples/head_phantom.h"

#include <algorithm>
#include <cmath>

namespace yz::samples {

namespace {

// Egg-shaped: narrower in front and towards the base.
double headDistance(const PatientPoint& p, double grow) {
    const double taper = 1 - 0.10 * std::clamp(-p.y / 92.0, -0.4, 1.0);
    const double base = p.z < 0 ? 1 + p.z / 420.0 : 1;
    return ellipsoid({p.x / (taper * base), p.y / base, p.z}, {0, 0, 0}, {70 + grow, 90 + grow, 84 + grow});
}

double ventricleDistance(const PatientPoint& p) {
    double best = 1e9;
    for (double side : {-1.0, 1.0}) {
        best = std::min(best, capsule(p, {side * 5, -32, 20}, {side * 9, -6, 28}, 5.5));
        best = std::min(best, capsule(p, {side * 9, -6, 28}, {side * 17, 26, 24}, 5.2));
        best = std::min(best, capsule(p, {side * 17, 26, 24}, {side * 27, 40, 8}, 5.6));
        best = std::min(best, capsule(p, {side * 27, 40, 8}, {side * 34, 8, -10}, 3.4));
        best = std::min(best, capsule(p, {side * 5, -32, 20}, {side * 16, -42, 16}, 4.4));
    }
    best = std::min(best, capsule(p, {0, -8, 12}, {0, 12, 8}, 2.6)); // third
    return std::min(best, ellipsoid(p, {0, 46, -26}, {7, 6, 9}));    // fourth
}

} // namespace

Tissue headTissue(const PatientPoint& p, const HeadFindings& findings) {
    const double outer = headDistance(p, 7.5 + 1.0 * smoothNoise(p.x / 30, p.y / 30, p.z / 30, 71));
    if (outer > 0) {
        if (ellipsoid(p, {0, -90, -34}, {12, 16, 18}) < 0) // nose
            return ellipsoid(p, {0, -96, -40}, {5, 7, 6}) < 0 ? Tissue::Air : Tissue::Fat;
        for (double side : {-1.0, 1.0})
            if (ellipsoid(p, {side * 76, 8, -22}, {5, 14, 24}) < 0)
                return Tissue::Fat;
        return Tissue::Air;
    }
    const double skullOuter = headDistance(p, 1.5);
    if (skullOuter > 0)
        return outer > -1.6 ? Tissue::Scalp : Tissue::Fat;
    const double thickness = 6.0 + 2.0 * smoothNoise(p.x / 34, p.y / 34, p.z / 34, 73) + (p.y > 60 ? 1.5 : 0);
    const double inner = skullOuter + thickness;
    if (inner > 0)
        return skullOuter > -1.7 || inner < 1.5 ? Tissue::Skull : Tissue::Marrow;

    // Skull base: petrous ridges, orbits, sinuses.
    if (p.z < -18) {
        for (double side : {-1.0, 1.0}) {
            const double orbit = ellipsoid(p, {side * 31, -66, -34}, {17, 24, 16});
            if (orbit < 0) {
                if (ellipsoid(p, {side * 32, -73, -34}, {12, 12, 12}) < 0)
                    return Tissue::Eye;
                return capsule(p, {side * 30, -60, -34}, {side * 12, -34, -32}, 2.6) < 0 ? Tissue::Muscle : Tissue::Fat;
            }
            if (orbit < 2.4)
                return Tissue::Skull;
            const double petrous = capsule(p, {side * 14, 8, -30}, {side * 62, 26, -34}, 8.5);
            if (petrous < 0)
                return layeredNoise(p.x / 4, p.y / 4, p.z / 4, 79, 2) > 0.25 && std::abs(p.x) > 38 ? Tissue::Sinus
                                                                                                   : Tissue::Skull;
        }
        const double ethmoid = std::max(std::abs(p.x) - 12.0, std::abs(p.y + 62) - 22.0);
        if (ethmoid < 0)
            return std::abs(layeredNoise(p.x / 7, p.y / 9, p.z / 9, 81, 2)) < 0.09 ? Tissue::Skull : Tissue::Sinus;
        const double sphenoid = ellipsoid(p, {0, -24, -36}, {16, 13, 12});
        if (sphenoid < 0)
            return Tissue::Sinus;
        if (sphenoid < 2.2)
            return Tissue::Skull;
    }
    if (p.z < -52 && p.y < 0)
        return layeredNoise(p.x / 14, p.y / 14, p.z / 14, 83, 2) > 0 ? Tissue::Muscle : Tissue::Fat;

    // Bleeding pushes everything else away.
    if (findings.bleed) {
        const double bleed = ellipsoid(p, kBleedCentre, kBleedRadii) + 1.5 * smoothNoise(p.x / 9, p.y / 9, p.z / 9, 89);
        if (bleed < 0)
            return Tissue::Lesion;
        if (bleed < 6)
            return Tissue::Ventricle; // oedema: water-like until the intensities tell them apart
    }
    PatientPoint q = p;
    if (findings.bleed) {
        const PatientPoint away = p - kBleedCentre;
        q = p - away.normalized() * (7.0 * std::exp(-away.length() / 34));
    }
    if (ventricleDistance(q) + 0.6 * smoothNoise(p.x / 8, p.y / 8, p.z / 8, 97) < 0)
        return Tissue::Ventricle;
    // Brain stem and cerebellum.
    const double stem = capsule(p, {0, 20, -62}, {0, 14, -14}, 13);
    const double cerebellum =
        std::min(ellipsoid(p, {-26, 52, -36}, {30, 28, 24}), ellipsoid(p, {26, 52, -36}, {30, 28, 24}));
    if (p.z < -14 && std::min(stem, cerebellum) < 0) {
        if (stem < -1)
            return Tissue::White;
        const double folia = std::sin(p.z * 1.25 + p.y * 0.5 + 2 * smoothNoise(p.x / 12, p.y / 12, p.z / 12, 101));
        return cerebellum > -9 && folia > 0.5 ? Tissue::Csf : cerebellum > -11 ? Tissue::Grey : Tissue::White;
    }
    if (p.z < -14 && std::min(stem, cerebellum) < 3.5)
        return Tissue::Csf;
    for (double side : {-1.0, 1.0}) {
        if (ellipsoid(q, {side * 12, 8, 12}, {8, 14, 9}) < 0)
            return Tissue::DeepGrey; // thalamus
        if (ellipsoid(q, {side * 25, -6, 12}, {6, 17, 11}) < 0)
            return Tissue::DeepGrey; // lentiform
        if (ellipsoid(q, {side * 13, -22, 18}, {5, 9, 9}) < 0)
            return Tissue::DeepGrey; // caudate
    }
    // Midline, cisterns and folded cortex: ridges of noise become sulci that reach in from the surface.
    if (std::abs(q.x) < 1.2 + 0.6 * smoothNoise(p.y / 10, p.z / 10, 0, 103) && (q.z > 30 || q.y < -40 || q.y > 44))
        return Tissue::Csf;
    const double sylvian = std::abs(q.y + 8 + (q.z - 6) * 0.5 + 5 * smoothNoise(p.x / 9, p.y / 30, p.z / 9, 105)) - 1.4;
    if (std::abs(q.x) > 36 && q.z < 26 && q.z > -12 && sylvian < 0)
        return Tissue::Csf;
    if (inner > -1.6)
        return Tissue::Csf;
    const double fold = std::abs(layeredNoise(p.x / 15, p.y / 15, p.z / 15, 107, 2));
    const double depth = std::min(-inner, std::abs(q.x) * 1.1 + 2);
    if (depth < 17 && fold < 0.075 * (1 - depth / 22))
        return Tissue::Csf;
    if (depth < 5.5 || (depth < 21 && fold < 0.075 + 0.17 * (1 - depth / 26)))
        return Tissue::Grey;
    if (findings.whiteMatterLesions) {
        const double spots = smoothNoise(p.x / 6, p.y / 6, p.z / 6, 109);
        if (spots > 0.62 && std::abs(q.x) > 12 && q.z > 18)
            return Tissue::Lesion;
        const double rim = ventricleDistance(q);
        if (rim < 3.2 && smoothNoise(p.x / 14, p.y / 14, p.z / 14, 113) > 0.1)
            return Tissue::Lesion;
    }
    return Tissue::White;
}

namespace {

// Each voxel is the mean of a few points, so that edges are soft as a scanner's are.
template <typename Intensity> void paintSampled(Grid& grid, const HeadFindings& findings, Intensity intensity) {
    forEachSlice(grid.slices, [&](int s) {
        for (int r = 0; r < grid.rows; ++r)
            for (int c = 0; c < grid.columns; ++c) {
                const PatientPoint p = grid.at(c, r, s);
                float sum = 0;
                for (const auto& [dx, dy, dz] :
                     {PatientPoint{-0.28, -0.2, -0.3}, {0.28, -0.24, 0.3}, {0.0, 0.3, 0.1}}) {
                    const PatientPoint at = p + PatientPoint{dx * grid.columnMm, dy * grid.rowMm, dz * grid.sliceMm};
                    sum += intensity(headTissue(at, findings), at);
                }
                grid.slice(s)[static_cast<size_t>(r) * grid.columns + c] = sum / 3;
            }
    });
}

} // namespace

void paintHeadCt(Grid& grid, const HeadFindings& findings) {
    paintSampled(grid, findings, [&findings](Tissue tissue, const PatientPoint& p) -> float {
        switch (tissue) {
        case Tissue::Air:
            return std::abs(std::hypot(p.x, p.y) - 112) < 4 && p.y > 30 ? -600.0F : -1000.0F; // head rest
        case Tissue::Scalp:
            return 25;
        case Tissue::Fat:
            return -95;
        case Tissue::Skull:
            return 1150;
        case Tissue::Marrow:
            return 480;
        case Tissue::Csf:
            return 9;
        case Tissue::Ventricle:
            return findings.bleed && ellipsoid(p, kBleedCentre, kBleedRadii) < 6.5 ? 20.0F : 6.0F;
        case Tissue::Grey:
        case Tissue::DeepGrey:
            return 38;
        case Tissue::White:
            return 29;
        case Tissue::Muscle:
            return 55;
        case Tissue::Eye:
            return 12;
        case Tissue::Sinus:
            return -950;
        case Tissue::Lesion:
            return findings.bleed ? 68 + 5 * smoothNoise(p.x / 7, p.y / 7, p.z / 7, 127) : 22.0F;
        }
        return -1000;
    });
}

void paintHeadMr(Grid& grid, const HeadFindings& findings, MrSequence sequence) {
    paintSampled(grid, findings, [sequence](Tissue tissue, const PatientPoint& p) -> float {
        struct Row {
            float t1, t2, flair;
        };
        Row row{0, 0, 0};
        switch (tissue) {
        case Tissue::Air:
        case Tissue::Sinus:
            row = {6, 6, 6};
            break;
        case Tissue::Scalp:
            row = {430, 330, 300};
            break;
        case Tissue::Fat:
            row = {900, 640, 560};
            break;
        case Tissue::Skull:
            row = {30, 24, 24};
            break;
        case Tissue::Marrow:
            row = {460, 300, 260};
            break;
        case Tissue::Csf:
        case Tissue::Ventricle:
            row = {120, 980, 70};
            break;
        case Tissue::Grey:
            row = {360, 520, 520};
            break;
        case Tissue::DeepGrey:
            row = {400, 440, 470};
            break;
        case Tissue::White:
            row = {520, 340, 390};
            break;
        case Tissue::Muscle:
            row = {330, 190, 230};
            break;
        case Tissue::Eye:
            row = {150, 960, 120};
            break;
        case Tissue::Lesion:
            row = {390, 720, 860};
            break;
        }
        const float value = sequence == MrSequence::T1 ? row.t1 : sequence == MrSequence::T2 ? row.t2 : row.flair;
        // The coil sees the surface better than the middle.
        const double radius = std::hypot(p.x / 80, p.y / 100);
        return value * static_cast<float>(0.88 + 0.16 * radius + 0.05 * smoothNoise(p.x / 70, p.y / 70, p.z / 70, 131));
    });
}

} // namespace yz::samples
