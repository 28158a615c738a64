#pragma once

#include <QByteArray>
#include <vector>

namespace yz {

/// A QR code (ISO/IEC 18004, error correction M) as modules.
class QrCode {
public:
    static constexpr int kQuietModules = 4; ///< light border a reader needs on each side

    explicit QrCode(const QByteArray& text);
    [[nodiscard]] bool isNull() const { return m_width == 0; } ///< text does not fit
    [[nodiscard]] int width() const { return m_width; }        ///< modules, without the quiet zone
    [[nodiscard]] bool isDark(int x, int y) const { return m_dark[static_cast<size_t>(y) * m_width + x]; }

private:
    int m_width = 0;
    std::vector<bool> m_dark;
};

} // namespace yz
