#include "dicom/data/header_dcmtk.h"

#include "dicom/data/attributes_dcmtk.h"
#include "dicom/data/header_values.h"
#include "dicom/data/view_position_dcmtk.h"

namespace yz::dicom {

namespace {

class DcmtkValues final : public HeaderValues {
public:
    explicit DcmtkValues(DcmItem& item) : m_item(item) {}
    [[nodiscard]] QByteArray raw(quint32 tag) override { return rawValue(m_item, key(tag)); }
    [[nodiscard]] std::optional<int> integer(quint32 tag) override { return dicom::integer(m_item, key(tag)); }
    [[nodiscard]] QString viewPosition() override { return dicom::viewPosition(m_item); }

private:
    static DcmTagKey key(quint32 tag) { return {static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag & 0xFFFF)}; }
    DcmItem& m_item;
};

} // namespace

Result<DataSetHeader> buildHeader(const ParsedHeader& parsed) {
    TextDecoder decoder = textDecoderFor(*parsed.dataSet);
    DcmtkValues values(*parsed.dataSet);
    return headerOf(values, decoder, parsed.meta.transferSyntax, parsed.outline.pixels.has_value());
}

} // namespace yz::dicom
