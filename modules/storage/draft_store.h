#pragma once

#include "core/clock.h"
#include "domain/report.h"
#include "storage/database.h"

#include <QDateTime>
#include <optional>

namespace yz {

/// Drafts as the reader types them: one row a task and user, written in a transaction each time.
class DraftStore {
public:
    DraftStore(std::shared_ptr<Database> database, const Clock& clock);

    struct Draft {
        WorkitemUid task;
        UserId user;
        ReportContent content;
        QJsonObject viewState; ///< measurements and layout of the reading page, opaque here
        QDateTime savedAt;
    };

    [[nodiscard]] Status save(const WorkitemUid& task, const UserId& user, const ReportContent& content,
                              const QJsonObject& viewState);
    [[nodiscard]] Result<std::optional<Draft>> find(const WorkitemUid& task, const UserId& user) const;
    [[nodiscard]] Result<std::vector<Draft>> all() const;

private:
    std::shared_ptr<Database> m_database;
    const Clock& m_clock;
};

} // namespace yz
