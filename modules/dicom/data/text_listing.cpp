#include "dicom/data/text_listing.h"

#include "dicom/data/file_meta_dcmtk.h"
#include "dicom/data/prepare.h"
#include "dicom/data/text_dcmtk.h"

#include <algorithm>

namespace yz::dicom {

namespace {

QString tagText(const DcmTag& tag) {
    return QStringLiteral("%1%2")
        .arg(tag.getGroup(), 4, 16, QChar(u'0'))
        .arg(tag.getElement(), 4, 16, QChar(u'0'))
        .toUpper();
}

QStringList valuesOf(const QString& text, TextKind kind) {
    if (text.isEmpty())
        return {};
    QStringList values = kind == TextKind::LongText ? QStringList{text} : text.split(u'\\');
    if (kind != TextKind::LongText) // there, leading spaces are part of the text (PS3.5 6.2)
        for (QString& value : values)
            value = value.trimmed();
    return values;
}

TextAttribute attributeOf(DcmElement& element, const QString& path, TextDecoder& decoder, const QByteArray& set) {
    const TextKind kind = textKindOf(element.ident());
    DcmTag tag = element.getTag();
    TextAttribute attribute;
    attribute.path = path;
    const QString name = QString::fromLatin1(tag.getTagName());
    attribute.keyword = name.startsWith(u"Unknown") ? QString() : name;
    attribute.vr = QString::fromLatin1(DcmVR(element.ident()).getVRName());
    attribute.characterSet = QString::fromLatin1(set);
    attribute.original = rawValue(element);
    const TextReading reading = decoder.read(attribute.original, kind);
    attribute.values = valuesOf(reading.text, kind);
    attribute.repair = reading.repair;
    if (kind == TextKind::Name)
        for (const QString& value : std::as_const(attribute.values))
            attribute.names.push_back(PersonName::fromDicom(value));
    return attribute;
}

/// Depth is bounded by the limits checked before parsing.
void listItem(DcmItem& item, const QString& prefix, const QByteArray& inherited, TextListing& listing) {
    const QByteArray own = rawValue(item, DCM_SpecificCharacterSet);
    const QByteArray set = item.tagExists(DCM_SpecificCharacterSet) ? own.trimmed() : inherited;
    TextDecoder decoder = textDecoderFor(item, inherited);
    for (DcmObject* object = item.nextInContainer(nullptr); object; object = item.nextInContainer(object)) {
        const QString path = prefix + tagText(object->getTag());
        if (auto* sequence = dynamic_cast<DcmSequenceOfItems*>(object)) {
            int index = 0;
            for (DcmObject* child = sequence->nextInContainer(nullptr); child;
                 child = sequence->nextInContainer(child)) {
                if (auto* childItem = dynamic_cast<DcmItem*>(child))
                    listItem(*childItem, path + QStringLiteral("[%1].").arg(index), set, listing);
                ++index;
            }
            continue;
        }
        auto* element = dynamic_cast<DcmElement*>(object);
        if (element && element->getLength() > 0 && element->isAffectedBySpecificCharacterSet())
            listing.attributes.push_back(attributeOf(*element, path, decoder, set));
    }
    if (listing.repair.used.isEmpty() && decoder.wasRepaired())
        listing.repair = decoder.repair();
}

Result<TextListing> listSource(ByteSourcePtr source) {
    prepareDicom();
    const auto parsed = parseHeader(std::move(source));
    if (!parsed)
        return fail(parsed.error());
    TextListing listing;
    listing.characterSet = QString::fromLatin1(rawValue(*parsed->dataSet, DCM_SpecificCharacterSet)).trimmed();
    listItem(*parsed->dataSet, {}, {}, listing);
    return listing;
}

} // namespace

Result<TextListing> listText(const QString& path) {
    auto source = openFileSource(path);
    if (!source)
        return fail(source.error());
    return listSource(std::move(*source));
}

Result<TextListing> listText(const QByteArray& part10File) { return listSource(memorySource(part10File)); }

} // namespace yz::dicom
