#include "embedded_platform/event_relay.h"

#include "core/log.h"

#include <dcmtk/dcmdata/dcuid.h>

namespace yz::platform {

namespace {

constexpr qint64 kMostPosted = 200; ///< of one receiver; well below what the sender holds
constexpr std::chrono::minutes kCleaning{1};

} // namespace

EventRelay::EventRelay(Settings settings, std::shared_ptr<StateDatabase> database, NodeStore& nodes,
                       EventSender& sender, const Clock& clock)
    : m_settings(std::move(settings)), m_database(std::move(database)), m_nodes(nodes), m_sender(sender),
      m_clock(clock) {}

EventRelay::~EventRelay() { stop(); }

void EventRelay::start() {
    m_database->setListener([this] { wake(); });
    m_thread = std::thread([this] { run(); });
}

void EventRelay::stop() {
    if (!m_thread.joinable())
        return;
    m_database->setListener({});
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_changed.notify_all();
    m_thread.join();
    // The others need not wait for the leases to run out.
    if (const Result<StateAnswer> left = m_database->run(
            StateQuery{QStringLiteral("DELETE FROM event_turns WHERE holder = ?1"), {m_settings.holder}, {}});
        !left)
        qCInfo(logPlatform).noquote() << "event turns:" << left.error().toString();
}

void EventRelay::wake() {
    {
        const std::scoped_lock lock(m_mutex);
        m_isAwake = true;
    }
    m_changed.notify_all();
}

void EventRelay::finished(qint64 id) {
    {
        const std::scoped_lock lock(m_mutex);
        m_finished.push_back(id);
    }
    wake();
}

void EventRelay::run() {
    auto nextCleaning = std::chrono::steady_clock::now() + kCleaning;
    std::unique_lock lock(m_mutex);
    while (!m_isStopping) {
        m_changed.wait_for(lock, m_settings.lookInterval, [this] { return m_isAwake || m_isStopping; });
        if (m_isStopping)
            return;
        m_isAwake = false;
        lock.unlock();
        forgetDelivered();
        look();
        if (std::chrono::steady_clock::now() >= nextCleaning) {
            forgetOld();
            nextCleaning = std::chrono::steady_clock::now() + kCleaning;
        }
        lock.lock();
    }
}

void EventRelay::look() {
    const Result<StateAnswer> receivers =
        m_database->run(StateQuery{QStringLiteral("SELECT DISTINCT ae_title FROM events"), {}, "t"});
    if (!receivers) {
        qCWarning(logPlatform).noquote() << "events:" << receivers.error().toString();
        return;
    }
    for (size_t row = 0; row < receivers->rows.size(); ++row) {
        const QString aeTitle = receivers->text(row, 0);
        const Result<std::optional<PeerAddress>> node = m_nodes.find(aeTitle);
        if (node && *node && hasTurn(aeTitle))
            post(aeTitle);
    }
}

bool EventRelay::hasTurn(const QString& aeTitle) {
    const auto now = std::chrono::steady_clock::now();
    if (const auto held = m_turns.find(aeTitle); held != m_turns.end() && held->second - now > m_settings.turn / 2)
        return true;
    const qint64 time = m_clock.nowUtc().toMSecsSinceEpoch();
    // One that ends later than a turn can last was written before the clock was set back.
    const Result<StateAnswer> taken = m_database->run(
        StateQuery{QStringLiteral("INSERT INTO event_turns (ae_title, holder, until) VALUES (?1, ?2, ?3) "
                                  "ON CONFLICT (ae_title) DO UPDATE SET holder = excluded.holder, "
                                  "until = excluded.until WHERE event_turns.holder = excluded.holder "
                                  "OR event_turns.until < ?4 OR event_turns.until > ?3"),
                   {aeTitle, m_settings.holder, time + m_settings.turn.count(), time},
                   {}});
    if (!taken || taken->changed != 1) {
        m_turns.erase(aeTitle);
        return false;
    }
    m_turns[aeTitle] = now + m_settings.turn;
    return true;
}

void EventRelay::post(const QString& aeTitle) {
    const Result<StateAnswer> events =
        m_database->run(StateQuery{QStringLiteral("SELECT id, workitem, type, data_set FROM events WHERE ae_title = ?1 "
                                                  "ORDER BY id LIMIT ?2"),
                                   {aeTitle, kMostPosted},
                                   "itib"});
    if (!events)
        return;
    for (size_t row = 0; row < events->rows.size(); ++row) {
        const qint64 id = events->integer(row, 0);
        if (!m_posted.insert(id).second)
            continue;
        m_sender.post({aeTitle, QStringLiteral(UID_UnifiedProcedureStepEventSOPClass),
                       QStringLiteral(UID_UnifiedProcedureStepPushSOPClass), events->text(row, 1),
                       static_cast<quint16>(events->integer(row, 2)), events->bytes(row, 3),
                       [this, id](bool) { finished(id); }});
    }
}

void EventRelay::forgetDelivered() {
    std::vector<qint64> ids;
    {
        const std::scoped_lock lock(m_mutex);
        ids.swap(m_finished);
    }
    if (ids.empty())
        return;
    std::vector<StateQuery> removals;
    for (const qint64 id : ids)
        removals.push_back({QStringLiteral("DELETE FROM events WHERE id = ?1"), {id}, {}});
    if (const Result<std::vector<StateAnswer>> removed = m_database->run(removals); removed) {
        for (const qint64 id : ids)
            m_posted.erase(id);
        return;
    }
    // Still known as posted; removed in a later turn.
    const std::scoped_lock lock(m_mutex);
    m_finished.insert(m_finished.end(), ids.begin(), ids.end());
}

void EventRelay::forgetOld() {
    const qint64 oldest = m_clock.nowUtc().toMSecsSinceEpoch() - m_settings.keep.count();
    const Result<StateAnswer> removed =
        m_database->run(StateQuery{QStringLiteral("DELETE FROM events WHERE made < ?1"), {oldest}, {}});
    if (removed && removed->changed > 0)
        qCWarning(logPlatform) << removed->changed << "events that could not be delivered were dropped";
}

} // namespace yz::platform
