#pragma once

#include "domain/ports.h"

#include <memory>

namespace yz {

namespace dicom {
class WorkerPool;
}

/// The report's DICOM forms for the desk: what the desk writes itself is made here, a file to be opened (it may come
/// from anywhere; its digest is no proof, anybody can compute one) is parsed by a worker. What the worker makes of it
/// is put together again here, without parsing, and must give the file's bytes. The errors of DicomReportEncoder, and
/// DecoderUnavailable, DecoderFailed, DecoderTimedOut. Thread-safe.
class WorkerReportEncoder final : public ReportEncoder {
public:
    explicit WorkerReportEncoder(std::shared_ptr<dicom::WorkerPool> pool);
    ~WorkerReportEncoder() override;

    Result<QByteArray> encodeStructuredReport(const ReportDocument& document) override;
    Result<QByteArray> encodeEncapsulatedPdf(const ReportDocument& document, const QByteArray& pdf) override;
    Result<QByteArray> encodeMeasurements(const ReportDocument& document,
                                          const MeasurementReport& measurements) override;
    Result<QByteArray> attachSignatures(const QByteArray& canonical,
                                        const std::vector<SignatureRecord>& signatures) override;
    Result<OpenedReportFile> open(const QByteArray& part10File) override;

private:
    std::shared_ptr<dicom::WorkerPool> m_pool;
    std::unique_ptr<ReportEncoder> m_own;
};

} // namespace yz
