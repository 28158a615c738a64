#include "exchange/report_message.h"

#include "exchange/cda_writer.h"
#include "exchange/fhir_bundle_writer.h"
#include "exchange/oru_writer.h"

namespace yz::exchange {

Result<QByteArray> writeReportMessage(const SignedReport& report, const ReportTarget& target,
                                      const QString& messageId) {
    const MessageSource source{report.document, report.pdf, target, messageId};
    switch (target.form) {
    case ReportTarget::Form::Hl7Oru:
        return writeOru(source);
    case ReportTarget::Form::FhirBundle:
        return writeFhirBundle(source);
    case ReportTarget::Form::CdaDocument:
        return writeCda(source);
    }
    return fail(ErrorCode::Internal, QStringLiteral("form of target ") + target.id);
}

QString messageSuffix(ReportTarget::Form form) {
    switch (form) {
    case ReportTarget::Form::Hl7Oru:
        return QStringLiteral("hl7");
    case ReportTarget::Form::FhirBundle:
        return QStringLiteral("json");
    case ReportTarget::Form::CdaDocument:
        return QStringLiteral("xml");
    }
    return {};
}

} // namespace yz::exchange
