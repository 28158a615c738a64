#pragma once

#include "core/clock.h"
#include "embedded_platform/state_database.h"

#include <QJsonObject>
#include <map>
#include <memory>

namespace yz::platform {

/// What is known of a study in a watched archive. Times in milliseconds since 1970, UTC, of the center.
struct WatchedStudy {
    enum class Stage {
        Arriving,
        Done,         ///< it has its task; what comes later makes no other
        NothingToRead ///< reports and the like only; looked at again when something is added
    };
    qint64 instances = 0;
    qint64 since = 0; ///< when this number was first seen
    qint64 seen = 0;
    Stage stage = Stage::Arriving;
    QJsonObject order; ///< found while it arrived; orders leave a worklist when the examination ends

    /// Takes in what the archive says now. True: it is whole, as far as silence can tell, and its task is due.
    [[nodiscard]] bool observe(qint64 count, qint64 now, qint64 settleMs);
};

/// What the platforms of a center know of the archives they watch, in the shared state: one of them looks at a time (a
/// lease), another goes on where it stopped. Thread-safe.
class WatchStore {
public:
    WatchStore(std::shared_ptr<StateDatabase> database, const Clock& clock, QString holder);

    /// Ours, taken or kept for `lease` more.
    [[nodiscard]] Result<bool> takeTurn(const QString& archive, std::chrono::milliseconds lease);
    void leaveTurn(const QString& archive);

    /// When the last look over everything began that came to its end; 0: there was none.
    [[nodiscard]] Result<qint64> lookedAt(const QString& archive) const;
    [[nodiscard]] Status setLookedAt(const QString& archive, qint64 time);

    [[nodiscard]] Result<std::map<QString, WatchedStudy>> studies(const QString& archive) const;
    /// All or none; an unchanged row may be put again.
    [[nodiscard]] Status put(const QString& archive, const std::map<QString, WatchedStudy>& studies);
    [[nodiscard]] Status forget(const QString& archive, const QString& study);
    /// Those with nothing left to do that were not seen since.
    [[nodiscard]] Status forgetUnseen(const QString& archive, qint64 since);

private:
    std::shared_ptr<StateDatabase> m_database;
    const Clock& m_clock;
    QString m_holder;
};

} // namespace yz::platform
