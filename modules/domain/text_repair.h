#pragma once

#include <QString>

namespace yz {

/// How text was read where its declared character set cannot be right (mislabelled Chinese, PS3.3 C.12.1.1.2). The data
/// set itself is never changed; wherever such text is shown, a mark says so. Names are defined terms of (0008,0005)
/// where there is one ("GB18030"), else common names ("Windows-1252").
struct TextRepair {
    QString declared;           ///< as sent; empty: none declared
    QString used;               ///< empty: read as declared
    bool hasUnreadable = false; ///< bytes that mean nothing even so stand as U+FFFD

    bool operator==(const TextRepair&) const = default;
    [[nodiscard]] bool isEmpty() const { return used.isEmpty() && !hasUnreadable; }
};

} // namespace yz
