#include "embedded_platform/samples/chest_phantom.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace yz::samples {

namespace {

constexpr float kAir = -1000, kLung = -860, kFat = -105, kMuscle = 52, kBlood = 45, kLiver = 58, kSkin = 15;
constexpr double kVertebra = 24; // mm from one vertebral body to the next

double bodyRadiusX(double z) {
    const double above = std::max(0.0, z - 70);
    return 164 - 0.000135 * (z - 10) * (z - 10) - 0.0016 * above * above;
}
double bodyRadiusY(double z) { return 112 - (z > 70 ? (z - 70) * 0.32 : 0.0); }

double ellipseDistance(double x, double y, double a, double b, double power = 2.0) {
    const double r = std::pow(std::pow(std::abs(x) / a, power) + std::pow(std::abs(y) / b, power), 1 / power);
    return (r - 1) * std::min(a, b);
}

double domeTop(double x, double y) {
    const double right = -62 - ((x + 66) * (x + 66) + (y + 6) * (y + 6)) / 150.0;
    const double left = -76 - ((x - 70) * (x - 70) + (y + 4) * (y + 4)) / 145.0;
    return std::max(right, left);
}

// Inner surface of the chest wall: wide below, closing to the apex.
double cavityDistance(const PatientPoint& p) {
    double scale = 1;
    if (p.z > -20) {
        const double t = std::min(1.0, (p.z + 20) / 160.0);
        scale = std::sqrt(std::max(0.0, 1 - t * t * 0.995));
    }
    const double a = 128 * (0.16 + 0.84 * scale);
    const double b = 84 * (0.24 + 0.76 * scale);
    const double wall = ellipseDistance(p.x, p.y - 2, a, b, 2.35);
    return std::max(wall, p.z - 138);
}

double heartDistance(const PatientPoint& p) {
    // Turned towards the patient's left and down.
    const double c = std::cos(0.6);
    const double s = std::sin(0.6);
    const PatientPoint d = p - PatientPoint{14, -22, -44};
    const PatientPoint turned{d.x * c - d.z * s * 0.7, d.y, d.x * s * 0.7 + d.z * c};
    const double ventricles = ellipsoid(turned, {6, -4, -6}, {56, 38, 46});
    const double atria = ellipsoid(p, {-10, 4, -22}, {46, 38, 38});
    return std::min(ventricles, atria) + 2.5 * smoothNoise(p.x / 26, p.y / 26, p.z / 26, 29);
}

double mediastinumDistance(const PatientPoint& p) {
    const double front = std::clamp((-p.y - 40) / 30.0, 0.0, 1.0);
    const double above = std::clamp((p.z + 10) / 90.0, 0.0, 1.0);
    const double narrow = std::clamp((p.z - 90) / 60.0, 0.0, 1.0);
    const double half = 23 + 6 * above - 5 * narrow - (14 + 4 * above) * front;
    return std::abs(p.x - 4 * (1 - above)) - half + 6 * smoothNoise(p.x / 30, p.y / 24, p.z / 30, 31);
}

float wallValue(const PatientPoint& p, double body) {
    // Skin, fat, then muscle in bundles with fat planes between them.
    if (body > -2.2)
        return kSkin;
    const double fatDepth = 11 + 4 * smoothNoise(p.x / 60, p.y / 60, p.z / 60, 3) + (p.y > 40 ? 4 : 0);
    const float fat = kFat + 10 * smoothNoise(p.x / 9, p.y / 9, p.z / 9, 5);
    if (-body < fatDepth)
        return fat;
    const float bundles = smoothNoise(p.x / 17, p.y / 9, p.z / 40, 7);
    return blend(kMuscle, fat, bundles > 0.42F ? 0.7F : 0.0F);
}

float baseValue(const PatientPoint& p) {
    const double body = ellipseDistance(p.x, p.y, bodyRadiusX(p.z), bodyRadiusY(p.z), 2.5);
    float value = kAir;
    // The table below the patient.
    const double table = std::abs(p.y - 136 + p.x * p.x / 900.0) - 2.5;
    if (std::abs(p.x) < 210)
        value = blend(value, -420, inside(table, 0.8));
    const float bodyAmount = inside(body, 0.6);
    if (bodyAmount <= 0)
        return value;
    float tissue = wallValue(p, body);

    const double cavity = cavityDistance(p);
    if (cavity < 3) {
        // Everything inside the ribs begins as mediastinal fat; organs and lungs are laid into it.
        const float fat = kFat + 14 * smoothNoise(p.x / 7, p.y / 7, p.z / 7, 11);
        float content = fat;
        const double dome = p.z - domeTop(p.x, p.y);
        const double heart = heartDistance(p);
        const double spine = std::hypot(p.x, p.y - 62) - 30;
        const double middle = mediastinumDistance(p);

        // Abdomen below the diaphragm: liver right, spleen and stomach left.
        if (dome < 1.5) {
            float abdomen = kFat + 8 * smoothNoise(p.x / 8, p.y / 8, p.z / 8, 13);
            const double liver =
                std::min(ellipsoid(p, {-60, -2, -112}, {86, 82, 60}), ellipsoid(p, {10, -40, -108}, {62, 36, 36}));
            abdomen = blend(abdomen, kLiver + 5 * smoothNoise(p.x / 3, p.y / 3, p.z / 3, 17), inside(liver, 1));
            abdomen = blend(abdomen, 50, inside(ellipsoid(p, {92, 44, -118}, {30, 40, 44}), 1));
            const double stomach = ellipsoid(p, {66, -14, -116}, {40, 48, 34});
            const float stomachContent = p.y < -22 ? -930.0F : 22.0F;
            abdomen = blend(abdomen, 42, inside(stomach - 3.5, 1));
            abdomen = blend(abdomen, stomachContent, inside(stomach, 1));
            content = blend(content, abdomen, inside(dome, 1.2));
        }
        // Lungs: the cavity without heart, spine, mediastinum and what is below the diaphragm.
        const double lung = std::max({cavity, -dome, -(heart - 4), -spine, -middle});
        const float air = kLung + 26 * layeredNoise(p.x / 16, p.y / 16, p.z / 16, 23, 3) +
                          static_cast<float>(0.35 * (p.y + 10)); // gravity: denser towards the back
        content =
            blend(content, kBlood + 4 * smoothNoise(p.x / 6, p.y / 6, p.z / 6, 19), inside(std::max(heart, -dome), 1));
        content = blend(content, air, inside(lung, 0.7));
        // Fissures as thin sheets.
        if (lung < -3) {
            const double oblique = std::abs(p.y - 18 + (p.z + 20) * 0.62 - (p.x > 0 ? 4 : 0) - p.x * p.x / 900 +
                                            7 * smoothNoise(p.x / 45, p.z / 45, 0, 37));
            content = blend(content, air + 150, inside(oblique - 0.5, 0.6));
        }
        tissue = blend(tissue, content, inside(cavity, 0.8));
        // Pleura and inner muscle line.
        tissue = blend(tissue, 40, inside(std::abs(cavity - 2.2) - 1.2, 0.6));
    }
    return blend(value, tissue, bodyAmount);
}

void paintSpine(Grid& grid) {
    for (double z = -156; z <= 160; z += kVertebra) {
        const double bow = 62 + 6 * std::cos(z / 110.0);
        const PatientPoint low{0, bow, z - 8.5};
        const PatientPoint high{0, bow, z + 8.5};
        // Two columns side by side make the kidney shape of a body.
        for (double x : {-6.0, 6.0}) {
            paint(grid, {low + PatientPoint{x, 0, 0}, high + PatientPoint{x, 0, 0}, 12.5, 12.5, 210, 620, 1.8}, 0.7);
            paint(grid, {high + PatientPoint{x, 0, 2.5}, high + PatientPoint{x, 0, 4.5}, 11.5, 11.5, 85, 85, 0}, 0.7);
        }
        const double canal = bow + 21;
        for (double angle = 0.2; angle < 3.0; angle += 0.32) {
            const PatientPoint a{12 * std::cos(angle), canal + 11 * std::sin(angle), z};
            const PatientPoint b{12 * std::cos(angle + 0.32), canal + 11 * std::sin(angle + 0.32), z};
            paint(grid, {a, b, 3.6, 3.6, 330, 680, 1.2}, 0.6);
        }
        for (double side : {-1.0, 1.0}) {
            paint(grid, {{side * 12, canal - 6, z}, {side * 11, canal + 3, z}, 4, 4, 330, 680, 1.2}, 0.6);
            paint(grid, {{side * 14, canal + 2, z}, {side * 34, canal + 10, z + 2}, 4.2, 3.2, 300, 640, 1.2}, 0.6);
        }
        paint(grid, {{0, canal + 12, z}, {0, canal + 21, z - 13}, 3.4, 3.6, 300, 640, 1.2}, 0.6);
    }
    paint(grid, {{0, 84, -170}, {0, 84, 170}, 5.2, 5.2, 36, 36, 0}, 0.8); // the cord
}

void paintRibs(Grid& grid) {
    for (int rib = 0; rib < 10; ++rib) {
        const double top = 132 - rib * kVertebra;
        for (double side : {-1.0, 1.0}) {
            PatientPoint previous;
            const int steps = 46;
            for (int i = 0; i <= steps; ++i) {
                const double t = static_cast<double>(i) / steps;
                const double angle = 1.28 - t * 2.55; // from beside the spine round to the front
                const double z = top + 6 - 62 * t + 10 * std::sin(t * 3.1);
                const double scale = z > -20 ? std::sqrt(std::max(0.06, 1 - std::pow((z + 20) / 168.0, 2))) : 1.0;
                const double a = 128 * (0.16 + 0.84 * scale) + 6.5;
                const double b = 84 * (0.24 + 0.76 * scale) + 6.5;
                const PatientPoint p{side * a * std::pow(std::abs(std::cos(angle)), 0.85), 2 + b * std::sin(angle), z};
                if (i > 0) {
                    const bool cartilage = t > 0.88;
                    paint(grid, {previous, p, 5.0, 5.0, cartilage ? 95.0F : 230.0F, cartilage ? 110.0F : 880.0F, 1.5},
                          0.7);
                }
                previous = p;
            }
        }
    }
    paint(grid, {{0, -86, 92}, {0, -95, -52}, 7.5, 6.5, 170, 560, 1.6}, 0.7); // sternum
    paint(grid, {{-6, -86, 92}, {6, -95, -30}, 7.5, 6.5, 170, 560, 1.6}, 0.7);
    for (double side : {-1.0, 1.0}) { // clavicles and shoulder blades
        paint(grid, {{side * 18, -74, 100}, {side * 78, -58, 122}, 6.5, 6, 260, 900, 1.8}, 0.7);
        paint(grid, {{side * 78, -58, 122}, {side * 140, -14, 128}, 6, 6, 260, 900, 1.8}, 0.7);
        for (double z = 20; z <= 120; z += 5)
            paint(grid,
                  {{side * (86 + (z - 20) * 0.10), 84 - (z - 20) * 0.10, z},
                   {side * (118 + (z - 20) * 0.16), 66 - (z - 20) * 0.18, z},
                   3.0,
                   4.2,
                   260,
                   760,
                   1.2},
                  0.7);
    }
}

void paintMediastinum(Grid& grid) {
    const auto vessel = [&grid](PatientPoint a, PatientPoint b, double ra, double rb, float hu = kBlood) {
        paint(grid, {a, b, ra, rb, hu, hu, 0}, 0.9);
    };
    vessel({8, -26, -30}, {4, -32, 40}, 15, 15);  // ascending aorta
    vessel({4, -32, 40}, {10, -8, 62}, 14.5, 14); // arch
    vessel({10, -8, 62}, {22, 28, 52}, 14, 13);
    vessel({22, 28, 52}, {22, 40, 20}, 13, 12); // descending
    vessel({22, 40, 20}, {18, 42, -150}, 12, 11);
    paint(grid, {{16, -14, 62}, {18, -12, 64}, 2.2, 1.8, 480, 480, 0}, 0.6); // a calcified plaque in the arch
    vessel({-20, -26, 70}, {-22, -24, -10}, 9, 9.5);                         // superior vena cava
    vessel({-20, -26, 70}, {-30, -30, 120}, 7, 6);
    vessel({14, -30, 70}, {34, -26, 122}, 6, 5);
    vessel({0, -28, 66}, {-10, -14, 124}, 6.5, 5.5);
    vessel({12, -8, 66}, {20, 0, 126}, 5.5, 5);
    vessel({14, -44, -6}, {18, -26, 22}, 14, 13); // pulmonary trunk
    vessel({18, -26, 22}, {44, 2, 14}, 12, 9);
    vessel({14, -22, 20}, {-42, -2, 8}, 11, 9);
    vessel({4, 36, 120}, {10, 36, -150}, 6, 6, 34); // oesophagus
    paint(grid, {{4, 34, 60}, {5, 34, 50}, 1.6, 1.6, -700, -700, 0}, 0.6);
    for (const PatientPoint& node : {PatientPoint{-10, -2, 40}, {14, 4, 32}, {-16, -36, 44}, {6, 8, 20}})
        vessel(node, node + PatientPoint{2, 1, 3}, 3.2, 2.8, 40);
    const auto airway = [&grid](PatientPoint a, PatientPoint b, double ra, double rb) {
        paint(grid, {a, b, ra + 1.6, rb + 1.4, 40, 40, 0}, 0.7);
    };
    const auto lumen = [&grid](PatientPoint a, PatientPoint b, double ra, double rb) {
        paint(grid, {a, b, ra, rb, -985, -985, 0}, 0.7);
    };
    const PatientPoint carina{0, 14, 34};
    struct Airway {
        PatientPoint from, to;
        double fromRadius, toRadius;
    };
    const std::vector<Airway> airways{
        {{0, 4, 160}, carina, 8.6, 8.4},           {carina, {-32, 12, 10}, 7.2, 6.2},
        {carina, {36, 14, 8}, 6.6, 5.6},           {{-32, 12, 10}, {-52, 6, 30}, 4.2, 3.0},
        {{-32, 12, 10}, {-48, 22, -24}, 5.0, 3.4}, {{36, 14, 8}, {56, 4, 26}, 4.0, 2.8},
        {{36, 14, 8}, {52, 26, -24}, 4.6, 3.2},    {{-48, 22, -24}, {-64, 34, -52}, 3.0, 1.8},
        {{52, 26, -24}, {66, 38, -54}, 3.0, 1.8},  {{-52, 6, 30}, {-70, -14, 56}, 2.6, 1.6},
        {{56, 4, 26}, {72, -16, 52}, 2.6, 1.6},
    };
    for (const Airway& a : airways)
        airway(a.from, a.to, a.fromRadius, a.toRadius);
    for (const Airway& a : airways)
        lumen(a.from, a.to, a.fromRadius, a.toRadius);
}

// Pulmonary vessels: trees that fork from each hilum towards the pleura.
void growVessel(Grid& grid, std::mt19937& random, PatientPoint from, PatientVector direction, double radius,
                double length, int depth) {
    std::uniform_real_distribution<double> jitter(-1, 1);
    const PatientPoint to = from + direction * length;
    if (cavityDistance(to) > -3 || to.z < domeTop(to.x, to.y) + 4 || mediastinumDistance(to) < -6 ||
        heartDistance(to) < 2)
        return;
    paint(grid, {from, to, radius, radius * 0.86, 38, 38, 0}, 0.6);
    if (depth == 0 || radius < 0.5)
        return;
    const int forks = depth > 3 && jitter(random) > -0.4 ? 3 : 2;
    for (int i = 0; i < forks; ++i) {
        const PatientVector bend{jitter(random), jitter(random), jitter(random)};
        growVessel(grid, random, to, (direction + bend * 0.72).normalized(), radius * (0.66 + 0.1 * jitter(random)),
                   length * (0.80 + 0.12 * jitter(random)), depth - 1);
    }
}

void paintVessels(Grid& grid) {
    std::mt19937 random(20260302);
    std::uniform_real_distribution<double> unit(-1, 1);
    for (double side : {-1.0, 1.0})
        for (int i = 0; i < 16; ++i) {
            const PatientPoint hilum{side * 40, 8 + 6 * unit(random), 8 + 14 * unit(random)};
            const double turn = i * 0.3927;
            const PatientVector out =
                PatientVector{side * 0.75, 0.62 * std::sin(turn), 0.95 * std::cos(turn)}.normalized();
            growVessel(grid, random, hilum, out, 4.6 + unit(random), 24, 6);
        }
}

} // namespace

void paintChest(Grid& grid, const ChestFindings& findings) {
    forEachSlice(grid.slices, [&grid](int s) {
        for (int r = 0; r < grid.rows; ++r)
            for (int c = 0; c < grid.columns; ++c)
                grid.slice(s)[static_cast<size_t>(r) * grid.columns + c] = baseValue(grid.at(c, r, s));
    });
    paintMediastinum(grid);
    paintVessels(grid);
    paintRibs(grid);
    paintSpine(grid);
    for (const Nodule& nodule : findings.nodules) {
        const double radius = nodule.diameterMm / 2;
        paint(grid, {nodule.centre, nodule.centre, radius, radius, nodule.hu, nodule.hu, 0}, 0.5);
    }
    if (findings.rightLowerOpacity)
        for (int s = 0; s < grid.slices; ++s)
            for (int r = 0; r < grid.rows; ++r)
                for (int c = 0; c < grid.columns; ++c) {
                    const PatientPoint p = grid.at(c, r, s);
                    const double d = ellipsoid(p, {-72, 34, -40}, {34, 30, 28}) +
                                     9 * layeredNoise(p.x / 12, p.y / 12, p.z / 12, 41, 3);
                    float& voxel = grid.slice(s)[static_cast<size_t>(r) * grid.columns + c];
                    if (d < 4 && voxel < -500)
                        voxel = blend(voxel, -40, 0.85F * inside(d, 4));
                }
}

} // namespace yz::samples
