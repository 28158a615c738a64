#include "session/message_delivery.h"

#include "exchange/document_client.h"
#include "exchange/fhir_client.h"
#include "exchange/mllp_client.h"
#include "exchange/report_message.h"
#include "storage/desk_store.h"

#include <QFile>

namespace yz {

namespace {

/// A folder that another system empties: the file appears whole or not at all, and never over another one.
Result<QString> putIntoFolder(const QString& folder, const QString& name, const QByteArray& document) {
    const QString path = folder + u'/' + name;
    QFile there(path);
    if (there.exists()) {
        if (!there.open(QIODevice::ReadOnly))
            return fail(ErrorCode::FileUnreadable, path);
        if (there.readAll() != document)
            return fail(ErrorCode::PeerRefusedObject, QStringLiteral("another document has this name"));
        return QString(u"found " + name);
    }
    if (const Status written = writeFileDurably(path, document); !written)
        return fail(written.error());
    return QString(u"written " + name);
}

} // namespace

const ReportTarget* MessageDelivery::find(const QString& id) const {
    for (const ReportTarget& target : m_targets)
        if (target.id == id)
            return &target;
    return nullptr;
}

Result<MessageDelivery::Message> MessageDelivery::message(const OutboxItem& item) {
    const ReportTarget* target = find(item.target);
    if (!target)
        return fail(ErrorCode::NotAllowed, u"no target " + item.target);
    const QString suffix = exchange::messageSuffix(target->form);
    const Result<std::optional<QByteArray>> kept = m_store.outbox().message(item.number);
    if (!kept)
        return fail(kept.error());
    if (*kept)
        return Message{**kept, suffix};
    const Result<SignedReport> report = m_store.reports().version(item.reportInstance);
    if (!report)
        return fail(report.error());
    const Result<QByteArray> bytes =
        exchange::writeReportMessage(*report, *target, exchange::messageIdFor(item.reportInstance, item.target));
    if (!bytes)
        return fail(bytes.error());
    return Message{*bytes, suffix};
}

Result<QString> MessageDelivery::send(const OutboxItem& item, const CancelToken& token) {
    const ReportTarget* target = find(item.target);
    if (!target || !target->isOn)
        return fail(ErrorCode::NotAllowed, QString((target ? u"switched off: " : u"no target ") + item.target));
    // Kept bytes may have been sent by a process that died before it could say so.
    const Result<std::optional<QByteArray>> before = m_store.outbox().message(item.number);
    const bool mayBeThere = item.attempts > 0 || (before && *before);
    const Result<Message> message = this->message(item);
    if (!message)
        return fail(message.error());
    const Result<QByteArray> bytes = m_store.outbox().keepMessage(item.number, message->bytes);
    if (!bytes)
        return fail(bytes.error());
    const QString id = exchange::messageIdFor(item.reportInstance, item.target);
    switch (target->form) {
    case ReportTarget::Form::Hl7Oru:
        return exchange::MllpClient(*target).send(*bytes, id, token);
    case ReportTarget::Form::FhirBundle:
        return exchange::FhirClient(*target).send(*bytes, item.reportInstance, mayBeThere, token);
    case ReportTarget::Form::CdaDocument: {
        const QString name = id + u'.' + message->suffix;
        if (target->address.isLocalFile())
            return putIntoFolder(target->address.toLocalFile(), name, *bytes);
        return exchange::DocumentClient(*target).put(name, *bytes, token);
    }
    }
    return fail(ErrorCode::Internal, QStringLiteral("form of target ") + item.target);
}

} // namespace yz
