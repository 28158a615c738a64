#pragma once

#include "core/result.h"
#include "domain/person.h"
#include "domain/text_repair.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <vector>

namespace yz::dicom {

/// One attribute whose text depends on the character set (PS3.5 6.2: LO, LT, PN, SH, ST, UC, UT).
struct TextAttribute {
    QString path;    ///< "00100010", in sequences "0040A730[2].0040A160", items from 0
    QString keyword; ///< of PS3.6; empty for what the dictionary does not know
    QString vr;
    QString characterSet;          ///< (0008,0005) that holds in its item, as sent
    QStringList values;            ///< decoded, one entry per value
    std::vector<PersonName> names; ///< of a PN, one per value
    TextRepair repair;
    QByteArray original; ///< the bytes in the file
};

struct TextListing {
    QString characterSet; ///< of the data set, as sent
    TextRepair repair;    ///< the first repair met; empty: everything reads as declared
    std::vector<TextAttribute> attributes;
};

/// All text of a file's data set up to the pixel data, in the file's order. Limits are checked first; errors as
/// PixelSource::readHeader. Thread-safe.
[[nodiscard]] Result<TextListing> listText(const QString& path);
[[nodiscard]] Result<TextListing> listText(const QByteArray& part10File);

} // namespace yz::dicom
