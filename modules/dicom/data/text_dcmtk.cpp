#include "dicom/data/text_dcmtk.h"

#include <algorithm>

namespace yz::dicom {

namespace {

thread_local ElementIndex* currentIndex = nullptr;

quint32 numberOf(const DcmTagKey& tag) { return quint32(tag.getGroup()) << 16 | tag.getElement(); }

} // namespace

ElementIndex::ElementIndex(DcmItem& item) : m_item(item), m_outer(std::exchange(currentIndex, this)) {
    for (DcmObject* object = item.nextInContainer(nullptr); object; object = item.nextInContainer(object))
        if (auto* element = dynamic_cast<DcmElement*>(object))
            m_entries.push_back({numberOf(element->getTag()), element});
    // Of an element that is there twice the first counts.
    std::stable_sort(m_entries.begin(), m_entries.end(), [](const Entry& a, const Entry& b) { return a.tag < b.tag; });
}

ElementIndex::~ElementIndex() { currentIndex = m_outer; }

DcmElement* elementOf(DcmItem& item, const DcmTagKey& tag) {
    if (!currentIndex || &currentIndex->m_item != &item) {
        DcmElement* element = nullptr;
        return item.findAndGetElement(tag, element).good() ? element : nullptr;
    }
    const auto& entries = currentIndex->m_entries;
    const auto found =
        std::lower_bound(entries.begin(), entries.end(), numberOf(tag),
                         [](const ElementIndex::Entry& entry, quint32 wanted) { return entry.tag < wanted; });
    return found != entries.end() && found->tag == numberOf(tag) ? found->element : nullptr;
}

TextDecoder textDecoderFor(DcmItem& item, const QByteArray& inherited) {
    TextDecoder decoder(elementOf(item, DCM_SpecificCharacterSet) ? rawValue(item, DCM_SpecificCharacterSet)
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
    DcmElement* element = elementOf(item, tag);
    return element ? rawValue(*element) : QByteArray();
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
