#pragma once

#include "imaging/display_chain.h"
#include "viewer/viewer_controller.h"

#include <QPointF>
#include <QSizeF>
#include <optional>
#include <vector>

class QPainter;

namespace yz {

/// What of a cross-hair can be taken hold of in a viewport; logical pixels.
struct MprHandle {
    enum class Kind {
        Centre, ///< moves the cross-hair
        Turn,   ///< on a line: turns both other planes
        Slab,   ///< beside a line: how thick that plane is
    };
    Kind kind = Kind::Centre;
    QPointF at;
    int line = -1; ///< of MprHandles::lines()
};

/// The lines of the other two planes in a viewport with their handles: a ring on both ends of each line turns, a square
/// on both sides sets the slab. Handles have their size in mm of the screen, so that they can be hit on one of 5
/// megapixels.
class MprHandles {
public:
    /// `scale`: device pixels per logical one; `dpi`: logical pixels per inch of the real screen.
    MprHandles(std::vector<CrossLine> lines, const ViewTransform& transform, double scale, QSizeF size, double dpi);

    [[nodiscard]] const std::vector<CrossLine>& lines() const { return m_lines; }
    [[nodiscard]] const std::vector<MprHandle>& all() const { return m_handles; }
    /// The nearest handle within reach; the centre goes first.
    [[nodiscard]] std::optional<MprHandle> at(QPointF logical) const;
    [[nodiscard]] ImagePoint centre() const { return m_centre; } ///< in the picture

    /// Radians between two points as seen from the centre, from the picture's right to its bottom.
    [[nodiscard]] double angleBetween(QPointF from, QPointF to) const;
    /// mm from a line, as its plane's normal runs.
    [[nodiscard]] double awayMm(int line, QPointF logical) const;

    void draw(QPainter& painter, bool withHandles) const;

private:
    [[nodiscard]] QPointF toLogical(ImagePoint point) const;
    [[nodiscard]] ImagePoint toImage(QPointF logical) const;
    void place(int line);

    std::vector<CrossLine> m_lines;
    ViewTransform m_transform;
    double m_scale;
    QSizeF m_size;
    double m_radius; ///< of a ring
    ImagePoint m_centre;
    std::vector<MprHandle> m_handles;
};

} // namespace yz
