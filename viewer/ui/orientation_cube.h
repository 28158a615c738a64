#pragma once

#include "imaging/volume_projection.h"

class QPainter;
class QRectF;

namespace yz {

/// A small cube with the patient's sides on its faces, as the volume stands.
void drawOrientationCube(QPainter& painter, const QRectF& area, const VolumeFacing& facing);

} // namespace yz
