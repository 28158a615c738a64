#pragma once

#include "core/clock.h"
#include "domain/ports.h"
#include "storage/database.h"

#include <QDateTime>
#include <vector>

namespace yz {

/// Append-only log; each row carries the SHA-256 of the row before it, triggers refuse UPDATE and DELETE.
class AuditStore final : public AuditSink {
public:
    AuditStore(std::shared_ptr<Database> database, const Clock& clock);

    struct Row {
        qint64 number = 0;
        QDateTime at;
        AuditEntry entry;
    };
    Status append(const AuditEntry& entry) override;
    [[nodiscard]] Result<std::vector<Row>> latest(int count) const;
    /// Rows after `number`, oldest first, `count` at most.
    [[nodiscard]] Result<std::vector<Row>> after(qint64 number, int count) const;
    /// DatabaseCorrupt with the number of the first row whose chain does not hold.
    [[nodiscard]] Status verifyChain() const;

private:
    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

/// Appends inside a transaction another store holds.
[[nodiscard]] Status insertAuditEntry(Transaction& transaction, const AuditEntry& entry, const QDateTime& now);

} // namespace yz
