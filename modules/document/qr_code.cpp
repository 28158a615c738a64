#include "document/qr_code.h"

#include <memory>
#include <qrencode.h>

namespace yz {

QrCode::QrCode(const QByteArray& text) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(text.constData(), 0, QR_ECLEVEL_M), QRcode_free);
    if (!code)
        return;
    m_width = code->width;
    m_dark.resize(static_cast<size_t>(m_width) * m_width);
    for (size_t i = 0; i < m_dark.size(); ++i)
        m_dark[i] = (code->data[i] & 1) != 0;
}

} // namespace yz
