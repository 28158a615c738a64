#pragma once

#include "domain/ports.h"

namespace yz {

/// DICOM forms of a report: Enhanced SR by TID 2000 (PS3.16) and Encapsulated PDF (PS3.3 A.45.1), both explicit VR
/// little endian in one fixed encoding without clock or chance, and the signature block of report_signature_block.h.
/// Stateless, thread-safe. Errors: ReportIncomplete (what the standard requires is missing), InvalidArgument (not a
/// canonical file), SignedContentChanged, SignatureMissing, and those of reading a file.
class DicomReportEncoder final : public ReportEncoder {
public:
    DicomReportEncoder();
    Result<QByteArray> encodeStructuredReport(const ReportDocument& document) override;
    Result<QByteArray> encodeEncapsulatedPdf(const ReportDocument& document, const QByteArray& pdf) override;
    Result<QByteArray> encodeMeasurements(const ReportDocument& document,
                                          const MeasurementReport& measurements) override;
    Result<QByteArray> attachSignatures(const QByteArray& canonical,
                                        const std::vector<SignatureRecord>& signatures) override;
    /// SignatureMissing for a file without signature block: nothing can be said about who wrote it.
    Result<OpenedReportFile> open(const QByteArray& part10File) override;
};

} // namespace yz
