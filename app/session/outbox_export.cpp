#include "session/outbox_export.h"

#include "session/message_delivery.h"
#include "storage/desk_store.h"

namespace yz {

Result<QStringList> exportOutboxItem(DeskStore& store, MessageDelivery& messages, const OutboxItem& item,
                                     const QString& folder, const UserId& user) {
    std::vector<std::pair<QString, QByteArray>> files;
    const QString stem = QStringLiteral("outbox-%1").arg(item.number);
    if (item.kind == OutboxItem::Kind::SendMessage) {
        const Result<MessageDelivery::Message> message = messages.message(item);
        if (!message)
            return fail(message.error());
        files.emplace_back(stem + u'-' + item.target + u'.' + message->suffix, message->bytes);
    } else if (item.kind == OutboxItem::Kind::StoreReport) {
        const Result<SignedReport> report = store.reports().version(item.reportInstance);
        if (!report)
            return fail(report.error());
        files.emplace_back(stem + QStringLiteral("-sr.dcm"), report->srFile);
        files.emplace_back(stem + QStringLiteral("-pdf.dcm"), report->pdfFile);
        if (!report->measurementFile.isEmpty())
            files.emplace_back(stem + QStringLiteral("-measurements.dcm"), report->measurementFile);
        files.emplace_back(stem + QStringLiteral(".pdf"), report->pdf);
    } else {
        return fail(ErrorCode::NotSupported, outboxKindName(item.kind));
    }
    // What leaves the workstation is written down first.
    const AuditEntry entry{QStringLiteral("outbox.exported"), user, item.reportInstance.value(), true,
                           QJsonObject{{"item", item.number},
                                       {"study", item.study.value()},
                                       {"target", item.target},
                                       {"kind", outboxKindName(item.kind)}}};
    if (const Status kept = store.audit().append(entry); !kept)
        return fail(kept.error());
    QStringList names;
    for (const auto& [name, bytes] : files) {
        if (const Status written = writeFileDurably(QString(folder + u'/' + name), bytes); !written)
            return fail(written.error());
        names.append(name);
    }
    return names;
}

} // namespace yz
