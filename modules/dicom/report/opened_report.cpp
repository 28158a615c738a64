#include "dicom/report/opened_report.h"

#include "dicom/data/attributes_dcmtk.h"
#include "dicom/data/file_meta_dcmtk.h"
#include "dicom/report/report_signature_block.h"

namespace yz::dicom {

namespace {

QByteArray encapsulatedPdf(DcmItem& item) {
    DcmElement* element = nullptr;
    Uint8* bytes = nullptr;
    if (item.findAndGetElement(DCM_EncapsulatedDocument, element).bad() || element->getUint8Array(bytes).bad() ||
        !bytes)
        return {};
    Uint32 length = 0;
    if (item.findAndGetUint32(DCM_EncapsulatedDocumentLength, length).bad() || length > element->getLength())
        length = element->getLength();
    return {reinterpret_cast<const char*>(bytes), static_cast<qsizetype>(length)};
}

} // namespace

Result<OpenedReportFile> openReportFile(const QByteArray& part10File) {
    auto split = splitSignatureBlock(part10File);
    if (!split)
        return fail(split.error());
    const auto parsed = parseHeader(memorySource(split->canonical));
    if (!parsed)
        return fail(parsed.error());
    DcmDataset& dataSet = *parsed->dataSet;
    OpenedReportFile file;
    file.object = {SopClassUid(code(dataSet, DCM_SOPClassUID)), InstanceUid(code(dataSet, DCM_SOPInstanceUID))};
    file.study = StudyUid(code(dataSet, DCM_StudyInstanceUID));
    file.series = SeriesUid(code(dataSet, DCM_SeriesInstanceUID));
    file.pdf = encapsulatedPdf(dataSet);
    file.canonical = std::move(split->canonical);
    file.signatures = std::move(split->signatures);
    return file;
}

} // namespace yz::dicom
