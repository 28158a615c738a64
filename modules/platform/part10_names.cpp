#include "platform/part10_names.h"

#include "core/uid.h"

#include <QtEndian>

namespace yz {

namespace {

constexpr qsizetype kMetaAt = 132;
constexpr qsizetype kMaxMeta = 64 * 1024;

bool hasLongLength(QByteArrayView vr) {
    for (const char* longOne : {"OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UC", "UR", "UT", "UN", "SV", "UV"})
        if (vr == QByteArrayView(longOne))
            return true;
    return false;
}

QString uidText(QByteArrayView value) {
    while (!value.isEmpty() && (value.back() == '\0' || value.back() == ' '))
        value.chop(1);
    return QString::fromLatin1(value);
}

} // namespace

Result<SopReference> readPart10Names(const QByteArray& file) {
    if (file.size() < kMetaAt || QByteArrayView(file).sliced(128, 4) != QByteArrayView("DICM"))
        return fail(ErrorCode::NotDicom, QStringLiteral("no Part 10 prefix"));
    const QByteArrayView meta = QByteArrayView(file).first(std::min(file.size(), kMetaAt + kMaxMeta));
    QString sopClass, instance;
    qsizetype at = kMetaAt;
    while (at + 8 <= meta.size() && (sopClass.isEmpty() || instance.isEmpty())) {
        const auto group = qFromLittleEndian<quint16>(meta.data() + at);
        const auto element = qFromLittleEndian<quint16>(meta.data() + at + 2);
        if (group != 0x0002)
            break;
        qsizetype head = 8;
        qint64 length = qFromLittleEndian<quint16>(meta.data() + at + 6);
        if (hasLongLength(meta.sliced(at + 4, 2))) {
            head = 12;
            if (at + head > meta.size())
                break;
            length = qFromLittleEndian<quint32>(meta.data() + at + 8);
        }
        if (length > meta.size() - at - head)
            return fail(ErrorCode::DataSetBroken, QStringLiteral("file meta information runs out of the file"));
        const QByteArrayView value = meta.sliced(at + head, qsizetype(length));
        if (element == 0x0002)
            sopClass = uidText(value);
        if (element == 0x0003)
            instance = uidText(value);
        at += head + qsizetype(length);
    }
    if (!isValidUid(sopClass) || !isValidUid(instance))
        return fail(ErrorCode::AttributeMissing, QStringLiteral("file meta information names no object"));
    return SopReference{SopClassUid(sopClass), InstanceUid(instance)};
}

} // namespace yz
