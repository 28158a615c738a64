#pragma once

#include "core/points.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

/// What the display chain (imaging/display_chain.h) needs beyond the pixels: planes, shutters, colour, PET and
/// ultrasound attributes. Values only.
namespace yz {

/// An overlay plane (PS3.3 C.9.2), whether its bits came in (60xx,3000) or in the high bits of the pixel data.
struct OverlayPlane {
    int group = 0x6000;        ///< 0x6000 to 0x60fe, even
    int columns = 0, rows = 0; ///< (60xx,0011), (60xx,0010)
    int firstColumn = 1,
        firstRow = 1;           ///< (60xx,0050): pixel of the image under the plane's first bit; 1\1 is the first
    int frameCount = 1;         ///< (60xx,0015)
    int firstFrame = 1;         ///< (60xx,0051): image frame the plane's first frame belongs to, 1-based
    bool repeats = true;        ///< one plane for every frame of the image: it says no frames of its own
    bool isRoi = false;         ///< (60xx,0040) R, else graphics
    QString label, description; ///< (60xx,1500), (60xx,0022)
    std::optional<int> roiArea; ///< (60xx,1301) pixels
    std::optional<double> roiMean, roiSd; ///< (60xx,1302), (60xx,1303)
    /// One bit a pixel, first pixel in the lowest bit, rows and frames without gaps (PS3.5 8.1.2).
    std::shared_ptr<const QByteArray> bits;
    std::uint32_t colour = 0xffffffffu; ///< 0xffRRGGBB on the screen; white unless a presentation state's layer says so

    /// Bit of plane frame `frame` (0-based) at a column and row of the plane; outside and beyond the data it is off.
    [[nodiscard]] bool isSet(int frame, int column, int row) const {
        if (!bits || frame < 0 || frame >= frameCount || column < 0 || row < 0 || column >= columns || row >= rows)
            return false;
        const qint64 at = (qint64{frame} * rows + row) * columns + column;
        return at / 8 < bits->size() && (bits->at(at / 8) >> (at % 8) & 1) != 0;
    }
    /// Which of its frames lies over an image frame (0-based both); -1: none.
    [[nodiscard]] int frameOver(int imageFrame) const {
        if (repeats)
            return 0;
        const int own = imageFrame + 1 - firstFrame;
        return own >= 0 && own < frameCount ? own : -1;
    }
};

/// Display shutter (PS3.3 C.7.6.11) and bitmap shutter (C.7.6.15). What is shown is what all given shapes leave open.
struct DisplayShutter {
    struct Rectangle {
        int left = 1, right = 1, top = 1, bottom = 1; ///< first and last column and row shown, 1-based
    };
    struct Circle {
        int row = 1, column = 1, radius = 0; ///< 1-based centre; pixels
    };
    std::optional<Rectangle> rectangle;
    std::optional<Circle> circle;
    std::vector<ImagePoint> polygon;    ///< corners as centres of pixels, 0-based; shown inside
    std::optional<OverlayPlane> bitmap; ///< its set bits are hidden
    std::uint32_t colour = 0xff000000u; ///< of what is hidden: (0018,1622) as a grey, or (0018,1624)

    [[nodiscard]] bool isEmpty() const { return !rectangle && !circle && polygon.empty() && !bitmap; }
};

/// A device's colours in sRGB, sampled from its ICC profile: size^3 entries of red, green, blue (0-65535), red slowest.
struct ColourCube {
    int size = 0;
    std::vector<std::array<std::uint16_t, 3>> entries;
};

/// PET Series, Image and Radiopharmaceutical attributes that SUV needs (PS3.3 C.8.9). Nothing where the data set says
/// nothing; times as written, without a date of their own where that is so.
struct PetDescription {
    QString units;           ///< (0054,1001)
    QString suvType;         ///< (0054,1006)
    QString decayCorrection; ///< (0054,1102)
    QStringList corrections; ///< (0028,0051)
    std::optional<double> patientWeightKg, patientHeightM;
    std::optional<double> injectedDoseBq, halfLifeS;
    QDateTime injectionTime;            ///< (0018,1078), else (0018,1072) on the series' day
    bool injectionDayIsAssumed = false; ///< only a time was given
    QDateTime seriesTime, acquisitionTime;
    QDateTime geScanTime; ///< GEMS_PETD_01 (0009,xx0D)
    std::optional<double> frameReferenceMs, frameDurationMs;
    std::optional<double> philipsSuvFactor,
        philipsActivityFactor; ///< Philips PET Private Group (7053,xx00), (7053,xx09)
};

} // namespace yz
