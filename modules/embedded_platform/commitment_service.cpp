#include "embedded_platform/commitment_service.h"

#include "core/log.h"
#include "embedded_platform/object_intake.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <QJsonDocument>
#include <QJsonObject>

namespace yz::platform {

namespace {

constexpr quint16 kAllCommitted = 1;
constexpr quint16 kSomeFailed = 2;
constexpr Uint16 kNoSuchObject = 0x0112;
constexpr Uint16 kProcessingFailure = 0x0110;
constexpr Uint16 kClassConflict = 0x0119;
constexpr int kDaysKept = 7;

void putReference(DcmItem& report, const DcmTagKey& sequence, const QJsonObject& reference, Uint16 reason) {
    DcmItem& item = addItem(report, sequence);
    putText(item, DCM_ReferencedSOPClassUID, reference["class"].toString());
    putText(item, DCM_ReferencedSOPInstanceUID, reference["instance"].toString());
    if (reason != 0)
        item.putAndInsertUint16(DCM_FailureReason, reason);
}

} // namespace

CommitmentService::CommitmentService(std::shared_ptr<Database> database, ArchiveStore& archive, NodeStore& nodes,
                                     EventSender& sender, const Clock& clock)
    : m_database(std::move(database)), m_archive(archive), m_nodes(nodes), m_sender(sender), m_clock(clock) {}

Result<QString> CommitmentService::accept(DcmItem& information, const QString& aeTitle) {
    const QString transactionUid = textOf(information, DCM_TransactionUID);
    const int count = itemCount(information, DCM_ReferencedSOPSequence);
    if (!isUsableUid(transactionUid) || count == 0)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("transaction or references missing"));
    QJsonArray references;
    for (int i = 0; i < count; ++i) {
        DcmItem& item = *itemOf(information, DCM_ReferencedSOPSequence, i);
        references.append(QJsonObject{{"class", textOf(item, DCM_ReferencedSOPClassUID)},
                                      {"instance", textOf(item, DCM_ReferencedSOPInstanceUID)}});
    }
    Transaction transaction(*m_database);
    Statement insert = transaction.prepare(
        u"INSERT INTO commitments (transaction_uid, ae_title, references_json, asked) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (transaction_uid, ae_title) DO UPDATE SET references_json = excluded.references_json");
    insert.bind(1, transactionUid)
        .bind(2, aeTitle)
        .bind(3, QString::fromUtf8(QJsonDocument(references).toJson(QJsonDocument::Compact)))
        .bind(4, m_clock.nowUtc().toMSecsSinceEpoch());
    if (const Result<int> done = insert.run(); !done)
        return fail(done.error());
    if (Status committed = transaction.commit(); !committed)
        return fail(committed.error());
    return transactionUid;
}

Result<OutgoingEvent> CommitmentService::reportOn(const QString& transactionUid, const QString& aeTitle) {
    QJsonArray references;
    {
        Transaction transaction(*m_database, Transaction::Kind::Read);
        Statement query =
            transaction.prepare(u"SELECT references_json FROM commitments WHERE transaction_uid = ? AND ae_title = ?");
        const Result<bool> found = query.bind(1, transactionUid).bind(2, aeTitle).step();
        if (!found)
            return fail(found.error());
        if (!*found)
            return fail(ErrorCode::NotFound, QStringLiteral("no such commitment"));
        references = QJsonDocument::fromJson(query.text(0).toUtf8()).array();
    }
    DcmDataset report;
    putText(report, DCM_TransactionUID, transactionUid);
    bool hasFailed = false;
    for (const QJsonValue& value : std::as_const(references)) {
        const QJsonObject reference = value.toObject();
        const Result<std::optional<ArchivedInstance>> known = m_archive.instance(reference["instance"].toString());
        if (!known)
            return fail(known.error());
        Uint16 reason = 0;
        if (!*known)
            reason = kNoSuchObject;
        else if ((*known)->sopClass != reference["class"].toString())
            reason = kClassConflict;
        else if (const Status intact = ObjectIntake::verifyFile(**known); !intact)
            reason = intact.error().code == ErrorCode::FileNotFound ? kNoSuchObject : kProcessingFailure;
        hasFailed = hasFailed || reason != 0;
        putReference(report, reason == 0 ? DCM_ReferencedSOPSequence : DCM_FailedSOPSequence, reference, reason);
    }
    const Result<QByteArray> bytes = encodeDataSet(report, EXS_LittleEndianExplicit);
    if (!bytes)
        return fail(bytes.error());
    const QString sopClass = QStringLiteral(UID_StorageCommitmentPushModelSOPClass);
    return OutgoingEvent{aeTitle,
                         sopClass,
                         sopClass,
                         QStringLiteral(UID_StorageCommitmentPushModelSOPInstance),
                         hasFailed ? kSomeFailed : kAllCommitted,
                         *bytes,
                         [this, transactionUid, aeTitle](bool delivered) {
                             if (delivered)
                                 forget(transactionUid, aeTitle);
                         }};
}

void CommitmentService::settle(const QString& transactionUid, const QString& aeTitle, Association* association) {
    Result<OutgoingEvent> event = reportOn(transactionUid, aeTitle);
    if (!event) {
        qCWarning(logPlatform).noquote() << "storage commitment:" << event.error().toString();
        return;
    }
    const Result<std::optional<PeerAddress>> node = m_nodes.find(aeTitle);
    if (node && *node) {
        m_sender.post(std::move(*event));
        return;
    }
    if (association != nullptr && sendEvent(*association, *event, 5))
        forget(transactionUid, aeTitle);
}

void CommitmentService::settlePending() {
    std::vector<std::pair<QString, QString>> pending;
    {
        Transaction transaction(*m_database);
        Statement old = transaction.prepare(u"DELETE FROM commitments WHERE asked < ?");
        const QDateTime oldest = m_clock.nowUtc().addDays(-kDaysKept);
        if (!old.bind(1, oldest.toMSecsSinceEpoch()).run())
            return;
        Statement query = transaction.prepare(u"SELECT transaction_uid, ae_title FROM commitments ORDER BY asked");
        while (query.step().value_or(false))
            pending.emplace_back(query.text(0), query.text(1));
        if (!transaction.commit())
            return;
    }
    for (const auto& [transactionUid, aeTitle] : pending)
        settle(transactionUid, aeTitle, nullptr);
}

void CommitmentService::forget(const QString& transactionUid, const QString& aeTitle) {
    Transaction transaction(*m_database);
    Statement remove = transaction.prepare(u"DELETE FROM commitments WHERE transaction_uid = ? AND ae_title = ?");
    if (const Result<int> done = remove.bind(1, transactionUid).bind(2, aeTitle).run(); !done || !transaction.commit())
        qCWarning(logPlatform) << "storage commitment could not be closed";
}

} // namespace yz::platform
