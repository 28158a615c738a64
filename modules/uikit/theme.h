#pragma once

#include "core/result.h"

#include <QColor>
#include <QString>

class QApplication;

namespace yz {

/// The colours of the dark reading theme: neutral near-black so that nothing competes with the images, one accent, and
/// three colours that mean something. The style sheet names them by the same names ("@raised"). GUI thread.
struct Theme {
    QColor viewport{0x00, 0x00, 0x00}; ///< behind images
    QColor window{0x0e, 0x10, 0x12};   ///< page background
    QColor surface{0x15, 0x18, 0x1b};  ///< tables, panels
    QColor raised{0x1d, 0x21, 0x25};   ///< headers, inputs, buttons
    QColor hover{0x27, 0x2c, 0x31};
    QColor border{0x2b, 0x31, 0x37};
    QColor outline{0x4a, 0x53, 0x5b}; ///< edge of inputs and buttons
    QColor text{0xe3, 0xe7, 0xea};
    QColor muted{0x98, 0xa3, 0xac};      ///< secondary text
    QColor accent{0x5b, 0xbf, 0xd6};     ///< text and lines that lead on
    QColor accentFill{0x1c, 0x75, 0x8b}; ///< primary button; white text on it
    QColor accentHover{0x21, 0x7f, 0x96};
    QColor selection{0x17, 0x3a, 0x47}; ///< selected row
    QColor onFill{0xff, 0xff, 0xff};    ///< text on the fills
    QColor emergency{0xff, 0x82, 0x79};
    QColor emergencyFill{0xb4, 0x2a, 0x22};
    QColor emergencyTint{0x38, 0x1a, 0x1a};
    QColor urgent{0xf2, 0xb8, 0x4b};
    QColor urgentFill{0x8f, 0x5a, 0x00};
    QColor urgentTint{0x33, 0x28, 0x12};
    QColor ok{0x5f, 0xc9, 0x92};
    QColor okFill{0x1f, 0x7a, 0x4d};
    QColor okTint{0x14, 0x2d, 0x21};
    QColor infoTint{0x14, 0x2a, 0x33};
};

[[nodiscard]] const Theme& theme();

/// Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.1, 1.4.3). Text of the theme keeps 4.5 and more.
[[nodiscard]] double contrastRatio(const QColor& a, const QColor& b);

/// Fusion, palette, font and the style sheet ":/yz/style/dark.qss" for the whole program. The dynamic property "kind"
/// the sheet knows: QPushButton "primary", "danger", "flat", "link", "chip"; QLabel "title", "heading", "section",
/// "muted", "small", "error", "warning", "ok", "demo"; QFrame "panel", "card", "bar", "statusbar", "line". Fields with
/// the property "invalid" true get a red edge. NotFound when the sheet is not linked in.
[[nodiscard]] Status applyTheme(QApplication& application);

/// A style sheet with "@name" replaced by the theme's colours; for widgets with a sheet of their own.
[[nodiscard]] QString themedSheet(const QString& sheet);

} // namespace yz
