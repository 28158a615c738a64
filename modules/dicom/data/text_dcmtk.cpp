#include "dicom/data/text_dcmtk.h"

namespace yz::dicom {

TextDecoder textDecoderFor(DcmItem& item, const QByteArray& inherited) {
    TextDecoder decoder(item.tagExists(DCM_SpecificCharacterSet) ? rawValue(item, DCM_SpecificCharacterSet)
                                                                 : inherited);
    constexpr Uint32 kLongest = 4096; // enough to tell, and a data set's long texts are not read twice
    for (DcmObject* object = item.nextInContainer(nullptr); object; object = item.nextInContainer(object)) {
        auto* element = dynamic_cast<DcmElement*>(object);
        if (element && element->isAffectedBySpecificCharacterSet() && element->getLength() <= kLongest)
            decoder.learn(rawValue(*element), textKindOf(element->ident()));
    }
    return decoder;
}

TextKind textKindOf(DcmEVR vr) {
    if (vr == EVR_PN)
        return TextKind::Name;
    return vr == EVR_ST || vr == EVR_LT || vr == EVR_UT ? TextKind::LongText : TextKind::Text;
}

QByteArray rawValue(DcmElement& element) {
    OFString value;
    if (element.getLength() == 0 || element.getOFStringArray(value, OFFalse).bad())
        return {}; // whole, not split: a backslash may be half a character
    return {value.c_str(), static_cast<qsizetype>(value.length())};
}

QByteArray rawValue(DcmItem& item, const DcmTagKey& tag) {
    DcmElement* element = nullptr;
    if (item.findAndGetElement(tag, element).bad() || !element)
        return {};
    return rawValue(*element);
}

QString text(DcmItem& item, const DcmTagKey& tag, TextDecoder& decoder) {
    return decoder.decode(rawValue(item, tag)).trimmed();
}

QStringList textList(DcmItem& item, const DcmTagKey& tag, TextDecoder& decoder) {
    return decoder.decodeList(rawValue(item, tag));
}

PersonName personName(DcmItem& item, const DcmTagKey& tag, TextDecoder& decoder) {
    const QString value = decoder.decode(rawValue(item, tag), TextKind::Name);
    return PersonName::fromDicom(value.section(u'\\', 0, 0));
}

void putText(DcmItem& item, const DcmTag& tag, const QString& value) {
    item.putAndInsertOFStringArray(tag, OFString(value.toUtf8().constData()));
}

void putPersonName(DcmItem& item, const DcmTag& tag, const PersonName& value) { putText(item, tag, value.toDicom()); }

void markUtf8(DcmItem& item) { item.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192"); }

} // namespace yz::dicom
