#pragma once

#include "document/document_text.h"
#include "domain/ports.h"

#include <QTimeZone>

namespace yz {

/// The report on A4 paper as a PDF with embedded fonts: both hospitals, patient, sections, key images, both signatures,
/// QR code with the UID of the report. Any thread may call it. One document gives one sequence of bytes: the only
/// time in the file is the document's.
class PdfReportRenderer final : public ReportRenderer {
public:
    /// `zone`: of the times on the paper.
    explicit PdfReportRenderer(PaperLanguage language = PaperLanguage::Chinese,
                               const QTimeZone& zone = QTimeZone::systemTimeZone());

    [[nodiscard]] Result<QByteArray> renderPdf(const ReportDocument& document) override;

    /// What the QR code says: "YZ1;SR=<SOP Instance UID>;ACC=<accession number>;V=<version>".
    [[nodiscard]] static QByteArray qrText(const ReportDocument& document);

private:
    PaperLanguage m_language;
    QTimeZone m_zone;
};

} // namespace yz
