#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace yz {

/// A line icon of resources/icons by name ("length", "worklist"), drawn from SVG at any size and device pixel ratio.
/// Normal in the text colour, dimmed when disabled, in the accent colour when checked. An unknown name gives a null
/// icon. GUI thread.
[[nodiscard]] QIcon icon(const QString& name);
/// The same in one colour throughout.
[[nodiscard]] QIcon icon(const QString& name, const QColor& colour);
/// `px`: logical pixels of the side.
[[nodiscard]] QPixmap iconPixmap(const QString& name, int px, const QColor& colour, qreal devicePixelRatio = 1.0);

} // namespace yz
