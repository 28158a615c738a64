#include "embedded_platform/event_sender.h"

#include "core/log.h"

#include <dcmtk/dcmdata/dcuid.h>

namespace yz::platform {

namespace {

constexpr int kMostQueued = 1000;

const Context* contextFor(const Association& association, const QString& sopClass) {
    for (const Context& context : association.contexts())
        if (context.abstractSyntax == sopClass)
            return &context;
    return nullptr;
}

} // namespace

bool sendEvent(Association& association, const OutgoingEvent& event, int timeoutSeconds) {
    const Context* context = contextFor(association, event.sopClass);
    if (context == nullptr)
        return false;
    const Result<DataSetPtr> dataSet = parseDataSet(event.dataSet, EXS_LittleEndianExplicit);
    if (!dataSet)
        return false;
    Message request;
    request.context = context->id;
    request.command = Command::NEventReport;
    request.id = association.nextMessageId();
    request.sopClass = event.affectedClass;
    request.sopInstance = event.affectedInstance;
    request.typeId = event.type;
    if (!association.send(request, **dataSet))
        return false;
    Message answer;
    if (association.receive(answer, timeoutSeconds) != Association::Event::Message)
        return false;
    if (answer.hasDataSet && !association.receiveDataSet(1024 * 1024, timeoutSeconds))
        return false;
    return answer.isResponse && answer.command == Command::NEventReport && answer.id == request.id &&
           answer.status == 0;
}

EventSender::EventSender(Settings settings, NodeStore& nodes) : m_settings(std::move(settings)), m_nodes(nodes) {}

EventSender::~EventSender() { stop(); }

void EventSender::start() {
    m_thread = std::thread([this] { run(); });
}

void EventSender::stop() {
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_wake.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void EventSender::post(OutgoingEvent event) {
    {
        const std::scoped_lock lock(m_mutex);
        Queue& queue = m_queues[event.aeTitle];
        if (queue.events.size() < kMostQueued)
            queue.events.push_back(std::move(event));
    }
    m_wake.notify_all();
}

bool EventSender::deliver(const std::deque<OutgoingEvent>& batch, size_t& delivered) {
    const Result<std::optional<PeerAddress>> node = m_nodes.find(batch.front().aeTitle);
    if (!node || !*node)
        return false;
    std::vector<ProposedContext> contexts;
    const QStringList syntaxes{QStringLiteral(UID_LittleEndianExplicitTransferSyntax),
                               QStringLiteral(UID_LittleEndianImplicitTransferSyntax)};
    for (const OutgoingEvent& event : batch) {
        const auto same = [&](const ProposedContext& c) { return c.abstractSyntax == event.sopClass; };
        if (std::none_of(contexts.begin(), contexts.end(), same))
            contexts.push_back({event.sopClass, syntaxes, true});
    }
    Result<std::unique_ptr<Association>> opened =
        Association::open(**node, m_settings.aeTitle, contexts, m_settings.timeoutSeconds);
    if (!opened) {
        qCInfo(logPlatform).noquote() << "event for" << batch.front().aeTitle << opened.error().toString();
        return false;
    }
    for (const OutgoingEvent& event : batch) {
        if (!sendEvent(**opened, event, m_settings.timeoutSeconds))
            break;
        ++delivered;
    }
    (*opened)->release();
    return delivered == batch.size();
}

void EventSender::finish(const QString& aeTitle, size_t delivered, bool isReached) {
    std::vector<OutgoingEvent> finished;
    std::vector<OutgoingEvent> dropped;
    {
        const std::scoped_lock lock(m_mutex);
        Queue& queue = m_queues[aeTitle];
        for (size_t i = 0; i < delivered; ++i) {
            finished.push_back(std::move(queue.events.front()));
            queue.events.pop_front();
        }
        if (isReached) {
            queue.failures = 0;
        } else {
            if (delivered > 0)
                queue.failures = 0;
            const int shift = qMin(queue.failures++, 6);
            queue.notBefore = std::chrono::steady_clock::now() + m_settings.firstPause * (1 << shift);
            if (queue.failures >= m_settings.attempts) {
                // One that a living peer keeps refusing must not hold up those behind it; of a dead peer all go.
                dropped.push_back(std::move(queue.events.front()));
                queue.events.pop_front();
                queue.failures = 0;
                qCWarning(logPlatform).noquote() << "event for" << aeTitle << "dropped";
            }
        }
    }
    for (const OutgoingEvent& event : finished)
        if (event.done)
            event.done(true);
    for (const OutgoingEvent& event : dropped)
        if (event.done)
            event.done(false);
}

void EventSender::run() {
    std::unique_lock lock(m_mutex);
    while (!m_isStopping) {
        const auto now = std::chrono::steady_clock::now();
        auto next = now + std::chrono::seconds(5);
        QString ready;
        std::deque<OutgoingEvent> batch;
        for (auto& [aeTitle, queue] : m_queues) {
            if (queue.events.empty())
                continue;
            if (queue.notBefore <= now) {
                ready = aeTitle;
                batch = queue.events;
                // The next turn looks at the others first.
                queue.notBefore = now + std::chrono::milliseconds(1);
                break;
            }
            next = qMin(next, queue.notBefore);
        }
        if (batch.empty()) {
            m_wake.wait_until(lock, next);
            continue;
        }
        lock.unlock();
        size_t delivered = 0;
        const bool isReached = deliver(batch, delivered);
        finish(ready, delivered, isReached);
        lock.lock();
    }
}

} // namespace yz::platform
