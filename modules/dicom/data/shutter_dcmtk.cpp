#include "dicom/data/shutter_dcmtk.h"

#include "dicom/data/colour_profile_lcms.h"

#include <algorithm>

namespace yz::dicom {

std::uint32_t greyOfPValue(int value) {
    const auto grey = static_cast<std::uint32_t>((std::clamp(value, 0, 65535) * 255 + 32767) / 65535);
    return 0xff000000u | grey * 0x010101u;
}

std::optional<DisplayShutter> readShutter(DcmItem& item) {
    const QStringList shapes = codes(item, DCM_ShutterShape);
    DisplayShutter shutter;
    if (shapes.contains(QStringLiteral("RECTANGULAR"))) {
        const auto left = integer(item, DCM_ShutterLeftVerticalEdge);
        const auto right = integer(item, DCM_ShutterRightVerticalEdge);
        const auto top = integer(item, DCM_ShutterUpperHorizontalEdge);
        const auto bottom = integer(item, DCM_ShutterLowerHorizontalEdge);
        if (left && right && top && bottom && *left <= *right && *top <= *bottom)
            shutter.rectangle = DisplayShutter::Rectangle{*left, *right, *top, *bottom};
    }
    if (shapes.contains(QStringLiteral("CIRCULAR"))) {
        const auto row = integer(item, DCM_CenterOfCircularShutter, 0);
        const auto column = integer(item, DCM_CenterOfCircularShutter, 1);
        const auto radius = integer(item, DCM_RadiusOfCircularShutter);
        if (row && column && radius && *radius > 0)
            shutter.circle = DisplayShutter::Circle{*row, *column, *radius};
    }
    if (shapes.contains(QStringLiteral("POLYGONAL"))) {
        const std::vector<double> pairs = numbers(item, DCM_VerticesOfThePolygonalShutter); // row\column, 1-based
        for (size_t i = 0; i + 1 < pairs.size() && pairs.size() >= 6; i += 2)
            shutter.polygon.push_back({pairs[i + 1] - 1.0, pairs[i] - 1.0});
    }
    if (shapes.contains(QStringLiteral("BITMAP"))) {
        if (const auto group = integer(item, DCM_ShutterOverlayGroup)) {
            OverlayPlane plane;
            plane.group = *group;
            shutter.bitmap = plane;
        }
    }
    if (shutter.isEmpty())
        return std::nullopt;
    if (const std::vector<double> lab = numbers(item, DCM_ShutterPresentationColorCIELabValue); lab.size() == 3)
        shutter.colour = argbOfLab(static_cast<int>(lab[0]), static_cast<int>(lab[1]), static_cast<int>(lab[2]));
    else
        shutter.colour = greyOfPValue(integer(item, DCM_ShutterPresentationValue).value_or(0));
    return shutter;
}

} // namespace yz::dicom
