#include "dicom/worker/worker_report_encoder.h"

#include "dicom/report/dicom_report_encoder.h"
#include "dicom/report/report_signature_block.h"
#include "dicom/worker/received_file.h"
#include "dicom/worker/record_archive.h"
#include "dicom/worker/worker_pool.h"

namespace yz {

using dicom::WorkerOperation;
using dicom::WorkerReply;

WorkerReportEncoder::WorkerReportEncoder(std::shared_ptr<dicom::WorkerPool> pool)
    : m_pool(std::move(pool)), m_own(std::make_unique<DicomReportEncoder>()) {}
WorkerReportEncoder::~WorkerReportEncoder() = default;

Result<QByteArray> WorkerReportEncoder::encodeStructuredReport(const ReportDocument& document) {
    return m_own->encodeStructuredReport(document);
}

Result<QByteArray> WorkerReportEncoder::encodeEncapsulatedPdf(const ReportDocument& document, const QByteArray& pdf) {
    return m_own->encodeEncapsulatedPdf(document, pdf);
}

Result<QByteArray> WorkerReportEncoder::encodeMeasurements(const ReportDocument& document,
                                                           const MeasurementReport& measurements) {
    return m_own->encodeMeasurements(document, measurements);
}

Result<QByteArray> WorkerReportEncoder::attachSignatures(const QByteArray& canonical,
                                                         const std::vector<SignatureRecord>& signatures) {
    return m_own->attachSignatures(canonical, signatures);
}

Result<OpenedReportFile> WorkerReportEncoder::open(const QByteArray& part10File) {
    const Result<dicom::ReceivedFile> file = dicom::fileOfBytes(part10File);
    if (!file)
        return fail(file.error());
    OpenedReportFile report;
    const Status asked = m_pool->ask(
        {WorkerOperation::OpenReport, {}, file->descriptor.number(), file->bytes},
        [&](const WorkerReply&, std::span<const std::byte> payload) -> Status {
            Result<OpenedReportFile> read = dicom::readSharedRecord<OpenedReportFile>(payload);
            if (!read)
                return fail(read.error());
            const Result<QByteArray> again = dicom::joinSignatureBlock(read->canonical, read->signatures);
            // The PDF is a stretch of the signed file; from elsewhere it would be a paper nobody signed.
            if (!again || *again != dicom::withOwnFileMeta(part10File) || !read->canonical.contains(read->pdf))
                return fail(ErrorCode::DecoderFailed, QStringLiteral("the decoder's answer is not the file"));
            report = std::move(*read);
            return {};
        },
        {});
    return asked ? Result<OpenedReportFile>(std::move(report)) : fail(asked.error());
}

} // namespace yz
