#include "dicom/data/overlays_dcmtk.h"

#include <algorithm>

namespace yz::dicom {

namespace {

constexpr int kFirstGroup = 0x6000, kLastGroup = 0x601E; // PS3.5 7.6: sixteen groups
constexpr int kMaximumSide = 65535;
constexpr qint64 kMaximumBytes = 256LL << 20;

/// The packed bits, whatever VR they came in; OW words are little-endian pairs as the standard counts bits.
std::shared_ptr<const QByteArray> readBits(DcmItem& item, const DcmTagKey& tag, qint64 wanted) {
    if (wanted > kMaximumBytes)
        return nullptr;
    QByteArray bits = rawBytes(item, tag);
    bits.truncate(wanted);
    return bits.isEmpty() ? nullptr : std::make_shared<const QByteArray>(std::move(bits));
}

} // namespace

std::vector<OverlayPlane> readOverlays(DcmItem& item, TextDecoder& decoder, std::vector<EmbeddedPlane>* embedded) {
    std::vector<OverlayPlane> planes;
    for (int group = kFirstGroup; group <= kLastGroup; group += 2) {
        const auto tag = [&](quint16 element) { return DcmTagKey(static_cast<quint16>(group), element); };
        const auto rows = integer(item, tag(0x0010));
        const auto columns = integer(item, tag(0x0011));
        if (!rows || !columns || *rows <= 0 || *columns <= 0 || *rows > kMaximumSide || *columns > kMaximumSide)
            continue;
        OverlayPlane plane;
        plane.group = group;
        plane.rows = *rows;
        plane.columns = *columns;
        plane.firstRow = integer(item, tag(0x0050), 0).value_or(1);
        plane.firstColumn = integer(item, tag(0x0050), 1).value_or(1);
        const auto frames = integer(item, tag(0x0015));
        const auto firstFrame = integer(item, tag(0x0051));
        plane.frameCount = std::max(frames.value_or(1), 1);
        plane.firstFrame = firstFrame.value_or(1);
        plane.repeats = plane.frameCount == 1 && !firstFrame;
        plane.isRoi = code(item, tag(0x0040)) == u"R";
        plane.label = text(item, tag(0x1500), decoder);
        plane.description = text(item, tag(0x0022), decoder);
        plane.roiArea = integer(item, tag(0x1301));
        plane.roiMean = number(item, tag(0x1302));
        plane.roiSd = number(item, tag(0x1303));
        if (item.tagExistsWithValue(tag(0x3000))) {
            const qint64 bits = qint64{plane.rows} * plane.columns * plane.frameCount;
            plane.bits = readBits(item, tag(0x3000), (bits + 15) / 16 * 2);
            if (plane.bits)
                planes.push_back(std::move(plane));
        } else if (embedded && integer(item, tag(0x0100)).value_or(1) > 1) {
            embedded->push_back({group, integer(item, tag(0x0102)).value_or(0)});
            planes.push_back(std::move(plane));
        }
    }
    return planes;
}

} // namespace yz::dicom
