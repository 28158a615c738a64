#pragma once

#include "dicom/data/text.h"
#include "domain/person.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <vector>

/// Text of DCMTK items. Inside the dicom target only.
namespace yz::dicom {

/// The decoder for an item by its own (0008,0005), or by `inherited` where the item names none. It has weighed the
/// item's values (TextDecoder::learn), those of its sequences not.
[[nodiscard]] TextDecoder textDecoderFor(DcmItem& item, const QByteArray& inherited = {});

/// How values of a VR are delimited.
[[nodiscard]] TextKind textKindOf(DcmEVR vr);

/// The element of an item's top level, null when it is absent.
[[nodiscard]] DcmElement* elementOf(DcmItem& item, const DcmTagKey& tag);

/// While one exists, elementOf() finds the elements of this item by halves, which DCMTK does one by one; for who asks
/// for many. The item must not change meanwhile. One of a thread at a time counts, the newest.
class ElementIndex {
public:
    explicit ElementIndex(DcmItem& item);
    ~ElementIndex();
    ElementIndex(const ElementIndex&) = delete;
    ElementIndex& operator=(const ElementIndex&) = delete;

private:
    friend DcmElement* elementOf(DcmItem& item, const DcmTagKey& tag);
    struct Entry {
        quint32 tag;
        DcmElement* element;
    };
    const DcmItem& m_item;
    ElementIndex* m_outer;
    std::vector<Entry> m_entries;
};

/// Raw value with backslashes; empty when the element is absent or no string.
[[nodiscard]] QByteArray rawValue(DcmItem& item, const DcmTagKey& tag);
[[nodiscard]] QByteArray rawValue(DcmElement& element);
[[nodiscard]] QString text(DcmItem& item, const DcmTagKey& tag, TextDecoder& decoder);
[[nodiscard]] QStringList textList(DcmItem& item, const DcmTagKey& tag, TextDecoder& decoder);
[[nodiscard]] PersonName personName(DcmItem& item, const DcmTagKey& tag, TextDecoder& decoder);

/// Writes text as UTF-8; the data set must say ISO_IR 192 (see markUtf8).
void putText(DcmItem& item, const DcmTag& tag, const QString& value);
void putPersonName(DcmItem& item, const DcmTag& tag, const PersonName& value);
/// (0008,0005) = ISO_IR 192, the character set of everything written here.
void markUtf8(DcmItem& item);

} // namespace yz::dicom
