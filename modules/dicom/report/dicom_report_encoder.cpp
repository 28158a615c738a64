#include "dicom/report/dicom_report_encoder.h"

#include "dicom/data/part10_dcmtk.h"
#include "dicom/data/prepare.h"
#include "dicom/report/measurement_report_dcmtk.h"
#include "dicom/report/opened_report.h"
#include "dicom/report/report_signature_block.h"
#include "dicom/report/structured_report_dcmtk.h"

namespace yz {

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

Result<QByteArray> DicomReportEncoder::encodeMeasurements(const ReportDocument& document,
                                                          const MeasurementReport& measurements) {
    const auto dataSet = dicom::buildMeasurementReport(document, measurements);
    if (!dataSet)
        return fail(dataSet.error());
    return dicom::toPart10(**dataSet, EXS_LittleEndianExplicit);
}

Result<QByteArray> DicomReportEncoder::attachSignatures(const QByteArray& canonical,
                                                        const std::vector<SignatureRecord>& signatures) {
    return dicom::withSignatureBlock(canonical, signatures);
}

Result<OpenedReportFile> DicomReportEncoder::open(const QByteArray& part10File) {
    return dicom::openReportFile(part10File);
}

} // namespace yz
