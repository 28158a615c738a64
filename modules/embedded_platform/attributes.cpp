#include "embedded_platform/attributes.h"

namespace yz::platform {

namespace {

QString tagName(const DcmTagKey& tag) {
    return QStringLiteral("%1%2")
        .arg(tag.getGroup(), 4, 16, QChar(u'0'))
        .arg(tag.getElement(), 4, 16, QChar(u'0'))
        .toUpper();
}

} // namespace

QJsonObject attributesOf(DcmItem& dataSet, std::span<const DcmTagKey> tags) {
    QJsonObject attributes;
    for (const DcmTagKey& tag : tags)
        if (const QString text = textOf(dataSet, tag).trimmed(); !text.isEmpty())
            attributes.insert(tagName(tag), text);
    return attributes;
}

} // namespace yz::platform
