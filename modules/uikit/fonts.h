#pragma once

#include <QFont>

namespace yz {

inline constexpr int kTextPx = 13;  ///< body text
inline constexpr int kSmallPx = 12; ///< captions, badges
inline constexpr int kHeadingPx = 15;
inline constexpr int kTitlePx = 20;

/// The product's type. The families are named one by one, simplified Chinese first: leaving the choice to the system's
/// fallback gives Japanese forms of many characters (直, 骨, 复). Digits of these fonts all have one width.
[[nodiscard]] QFont uiFont(int px = kTextPx, QFont::Weight weight = QFont::Normal);

/// Fixed-width type for UIDs and logs, Chinese included.
[[nodiscard]] QFont monoFont(int px = kTextPx);

} // namespace yz
