#include "dicom/report/dicom_report_encoder.h"

#include "dicom/data/attributes_dcmtk.h"
#include "dicom/data/file_meta_dcmtk.h"
#include "dicom/data/part10_dcmtk.h"
#include "dicom/data/prepare.h"
#include "dicom/report/report_signature_block.h"
#include "dicom/report/structured_report_dcmtk.h"

namespace yz {

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

DicomReportEncoder::DicomReportEncoder() { dicom::prepareDicom(); }

Result<QByteArray> DicomReportEncoder::encodeStructuredReport(const ReportDocument& document) {
    const auto dataSet = dicom::buildStructuredReport(document);
    if (!dataSet)
        return fail(dataSet.error());
    return dicom::toPart10(**dataSet, EXS_LittleEndianExplicit);
}

Result<QByteArray> DicomReportEncoder::encodeEncapsulatedPdf(const ReportDocument& document, const QByteArray& pdf) {
    const auto dataSet = dicom::buildEncapsulatedPdf(document, pdf);
    if (!dataSet)
        return fail(dataSet.error());
    return dicom::toPart10(**dataSet, EXS_LittleEndianExplicit);
}

Result<QByteArray> DicomReportEncoder::attachSignatures(const QByteArray& canonical,
                                                        const std::vector<SignatureRecord>& signatures) {
    return dicom::withSignatureBlock(canonical, signatures);
}

Result<OpenedReportFile> DicomReportEncoder::open(const QByteArray& part10File) {
    auto split = dicom::splitSignatureBlock(part10File);
    if (!split)
        return fail(split.error());
    const auto parsed = dicom::parseHeader(dicom::memorySource(split->canonical));
    if (!parsed)
        return fail(parsed.error());
    DcmDataset& dataSet = *parsed->dataSet;
    OpenedReportFile file;
    file.object = {SopClassUid(dicom::code(dataSet, DCM_SOPClassUID)),
                   InstanceUid(dicom::code(dataSet, DCM_SOPInstanceUID))};
    file.study = StudyUid(dicom::code(dataSet, DCM_StudyInstanceUID));
    file.series = SeriesUid(dicom::code(dataSet, DCM_SeriesInstanceUID));
    file.pdf = encapsulatedPdf(dataSet);
    file.canonical = std::move(split->canonical);
    file.signatures = std::move(split->signatures);
    return file;
}

} // namespace yz
