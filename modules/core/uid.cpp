#include "core/uid.h"

#include <QStringList>
#include <QUuid>

namespace yz {

QString uidFromUuidBytes(const QByteArray& sixteenBytes) {
    // Long division by ten of the 128-bit number, a digit a round.
    QByteArray number = sixteenBytes;
    QString digits;
    bool nonZero = true;
    while (nonZero) {
        nonZero = false;
        unsigned remainder = 0;
        for (char& byte : number) {
            const unsigned value = remainder * 256U + static_cast<unsigned char>(byte);
            byte = static_cast<char>(value / 10U);
            remainder = value % 10U;
            nonZero = nonZero || byte != 0;
        }
        digits.prepend(QChar(u'0' + static_cast<char16_t>(remainder)));
    }
    return QStringLiteral("2.25.") + digits;
}

QString RandomUidSource::next() { return uidFromUuidBytes(QUuid::createUuid().toRfc4122()); }

QString CountingUidSource::next() { return m_prefix + u'.' + QString::number(++m_count); }

bool isValidUid(const QString& text) {
    if (text.isEmpty() || text.size() > 64)
        return false;
    const QStringList components = text.split(u'.');
    for (const QString& component : components) {
        if (component.isEmpty() || (component.size() > 1 && component.startsWith(u'0')))
            return false;
        for (QChar c : component)
            if (c < u'0' || c > u'9')
                return false;
    }
    return true;
}

} // namespace yz
