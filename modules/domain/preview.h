#pragma once

#include "core/ids.h"
#include "domain/image.h"
#include "domain/study.h"

#include <QByteArray>
#include <memory>

/// Pictures that a server makes of an image (PS3.18 8.3.5, 10.4: rendered), to look at while the image itself is on its
/// way. They are lossy, reduced, windowed by the server and carry no identity: no diagnosis, no measuring, never kept.
namespace yz {

/// As it came: bytes of a stranger, for the decoder process alone.
struct RenderedPicture {
    StudyUid study; ///< that were asked for
    SeriesUid series;
    InstanceUid instance;
    QByteArray jpeg;
};

/// Decoded: 8 bits a sample, grey or RGB, at most kMostPreviewSide on a side.
struct Preview {
    StudyUid study;
    SeriesUid series;
    InstanceUid instance;
    PixelBufferPtr pixels;
};
using PreviewPtr = std::shared_ptr<const Preview>;

inline constexpr int kMostPreviewSide = 1024;
inline constexpr qint64 kMostPreviewBytes = 1LL << 20; ///< of the JPEG stream

/// A series as the server lists it, before any of its objects is here.
struct ListedSeries {
    SeriesRecord record;   ///< what the server says of it; no instances
    qint64 imageBytes = 0; ///< one frame of it uncompressed; 0: the server does not say
};

} // namespace yz
