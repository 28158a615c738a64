#include "embedded_platform/samples/ultrasound_phantom.h"

#include "embedded_platform/samples/grid.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace yz::samples {

namespace {

constexpr double kPi = 3.14159265358979;
constexpr double kApexRow = -30; // the probe's centre of curvature, above the picture
constexpr double kNear = 62, kFar = 470;
constexpr double kHalfAngle = 0.60;

double ellipse(double x, double y, double cx, double cy, double a, double b, double turn) {
    const double dx = (x - cx) * std::cos(turn) + (y - cy) * std::sin(turn);
    const double dy = -(x - cx) * std::sin(turn) + (y - cy) * std::cos(turn);
    return (std::hypot(dx / a, dy / b) - 1) * std::min(a, b);
}

struct Echo {
    double brightness; ///< 0..1 before speckle
    double shadow;     ///< what is left of the beam behind it
};

// The scene in pixels at rest; `breath` moves it down.
Echo sceneAt(double x, double y) {
    Echo echo{0.30 + 0.05 * layeredNoise(x / 40, y / 40, 0, 3, 2), 1}; // liver
    if (y < 62 + 4 * std::sin(x / 50))                                 // wall: layers of fat and muscle
        echo.brightness = 0.42 + 0.22 * std::sin(y / 3.4 + 0.4 * std::sin(x / 37));
    const double diaphragm = std::abs(std::hypot(x - 330, y - 40) - 372);
    if (diaphragm < 3.2 && x < 360)
        echo.brightness = 0.95;
    else if (std::hypot(x - 330, y - 40) > 375 && x < 360)
        echo.brightness = 0.14 + 0.06 * smoothNoise(x / 14, y / 14, 0, 9);
    for (const auto& [cx, cy, a, turn] :
         {std::array<double, 4>{250, 170, 44, 0.5}, {210, 250, 30, -0.3}, {300, 120, 26, 0.9}}) {
        const double vein = ellipse(x, y, cx, cy, a, 6.5, turn); // hepatic veins
        if (vein < 0)
            echo.brightness = 0.03;
    }
    const double portal = ellipse(x, y, 330, 215, 70, 12, -0.35);
    if (portal < 3 && portal > -1)
        echo.brightness = 0.75;
    else if (portal < 0)
        echo.brightness = 0.04;
    const double bladder = ellipse(x, y, 420, 250, 62, 30, 0.45); // gallbladder
    if (bladder < 2.5 && bladder > -2)
        echo.brightness = 0.8;
    else if (bladder < 0)
        echo.brightness = 0.015;
    const double stone = std::hypot(x - 440, y - 268) - kGallstoneMm / 0.4 / 2;
    if (stone < 0)
        echo = {1.0, 0};
    const double kidney = ellipse(x, y, 470, 390, 92, 44, -0.25);
    if (kidney < 0) {
        const double sinus = ellipse(x, y, 470, 390, 46, 15, -0.25) + 5 * smoothNoise(x / 12, y / 12, 0, 15);
        echo.brightness = sinus < 0 ? 0.82 : 0.19 + 0.05 * std::sin(std::atan2(y - 390, x - 470) * 9);
        if (kidney > -2)
            echo.brightness = 0.7;
    }
    return echo;
}

} // namespace

UltrasoundCine abdomenCine(int frames) {
    UltrasoundCine cine;
    cine.frames = frames;
    cine.rgb.assign(static_cast<size_t>(frames) * cine.rows * cine.columns * 3, 0);
    cine.regionMinX = 40;
    cine.regionMinY = 20;
    cine.regionMaxX = 599;
    cine.regionMaxY = 459;
    const double centre = cine.columns / 2.0;

    forEachSlice(frames, [&](int frame) {
        const double phase = 2 * kPi * frame / frames;
        const double breath = 9 * std::sin(phase);
        std::uint8_t* out = cine.rgb.data() + static_cast<size_t>(frame) * cine.rows * cine.columns * 3;
        // Speckle lives in beam coordinates: many fine steps in depth, broad ones across.
        for (int row = 0; row < cine.rows; ++row)
            for (int column = 0; column < cine.columns; ++column) {
                std::uint8_t* pixel = out + (static_cast<size_t>(row) * cine.columns + column) * 3;
                const double dx = column - centre;
                const double dy = row - kApexRow;
                const double radius = std::hypot(dx, dy);
                const double angle = std::atan2(dx, dy);
                if (column >= 612 && column < 626 && row >= 60 && row < 220) { // grey bar
                    pixel[0] = pixel[1] = pixel[2] = static_cast<std::uint8_t>(255 - (row - 60) * 255 / 160);
                    continue;
                }
                if (column >= 612 && column < 626 && row >= 240 && row < 400) { // colour bar
                    const int t = (row - 240) - 80;
                    pixel[0] = static_cast<std::uint8_t>(t < 0 ? std::min(255, 90 - t * 2) : 0);
                    pixel[1] = static_cast<std::uint8_t>(std::abs(t) > 50 ? (std::abs(t) - 50) * 5 : 0);
                    pixel[2] = static_cast<std::uint8_t>(t > 0 ? std::min(255, 90 + t * 2) : 0);
                    continue;
                }
                if (radius < kNear || radius > kFar || std::abs(angle) > kHalfAngle)
                    continue;
                const double x = column;
                const double y = row - breath * std::min(1.0, row / 200.0);
                const Echo echo = sceneAt(x, y);
                // Behind the stone and the ribs the beam is weak.
                double beam = 1;
                const double stoneAngle = std::atan2(440 - centre, 268 + breath - kApexRow);
                if (std::abs(angle - stoneAngle) < 0.032 &&
                    radius > std::hypot(440 - centre, 268 + breath - kApexRow) + 8)
                    beam = 0.16;
                const double a = angle * 150;
                const double d = radius / 1.7;
                const double re =
                    smoothNoise(a, d, frame * 0.35, 51) + 0.6 * smoothNoise(a * 2, d * 1.6, frame * 0.4, 53);
                const double im =
                    smoothNoise(a, d, frame * 0.35, 57) + 0.6 * smoothNoise(a * 2, d * 1.6, frame * 0.4, 59);
                const double speckle = std::sqrt(re * re + im * im);
                const double depthGain = 1 - 0.25 * (radius - kNear) / (kFar - kNear);
                const double level =
                    std::pow(std::clamp(echo.brightness * (0.35 + 1.25 * speckle) * beam * depthGain, 0.0, 1.0), 0.75);
                const int grey = static_cast<int>(std::clamp(level * 255, 0.0, 255.0));
                pixel[0] = pixel[1] = pixel[2] = static_cast<std::uint8_t>(grey);
                // Doppler: flow in the portal vein towards the probe, pulsing a little.
                const double portal = ellipse(x, y, 330, 215, 66, 9.5, -0.35);
                if (portal < 0 && x > 262 && x < 400) {
                    const double speed = std::min(1.0, -portal / 8.0) * (0.75 + 0.25 * std::sin(3 * phase)) +
                                         0.12 * smoothNoise(x / 5, y / 5, frame * 0.7, 61);
                    pixel[0] = static_cast<std::uint8_t>(std::clamp(110 + 145 * speed, 0.0, 255.0));
                    pixel[1] = static_cast<std::uint8_t>(std::clamp(150 * speed - 20, 0.0, 200.0));
                    pixel[2] = 12;
                }
                const bool boxEdge =
                    ((x > 255 && x < 405) && (std::abs(row - 160) < 1 || std::abs(row - 270) < 1)) ||
                    ((row > 160 && row < 270) && (std::abs(column - 256) < 1 || std::abs(column - 404) < 1));
                if (boxEdge)
                    pixel[0] = pixel[1] = 190, pixel[2] = 60;
            }
    });
    return cine;
}

} // namespace yz::samples
