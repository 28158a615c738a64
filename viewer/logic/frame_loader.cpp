#include "viewer/frame_loader.h"

#include "core/log.h"
#include "jobs/jobs.h"

#include <algorithm>

namespace yz {

PixelBufferPtr FrameCache::find(const FrameKey& key) {
    const auto entry = m_entries.find(key);
    if (entry == m_entries.end())
        return {};
    m_order.splice(m_order.begin(), m_order, entry->place);
    return entry->pixels;
}

void FrameCache::insert(const FrameKey& key, PixelBufferPtr pixels) {
    if (!pixels || m_entries.contains(key))
        return;
    m_bytes += static_cast<qint64>(pixels->data.size());
    m_order.push_front(key);
    m_entries.insert(key, Entry{std::move(pixels), m_order.begin()});
    trim();
}

void FrameCache::trim() {
    while (m_bytes > m_capacity && m_order.size() > 1) {
        const auto entry = m_entries.find(m_order.back());
        m_bytes -= static_cast<qint64>(entry->pixels->data.size());
        m_entries.erase(entry);
        m_order.pop_back();
    }
}

void FrameCache::clear() {
    m_entries.clear();
    m_order.clear();
    m_bytes = 0;
}

void FrameCache::setCapacity(qint64 bytes) {
    m_capacity = bytes;
    trim();
}

namespace {
constexpr int urgentPriority = 100;
constexpr int prefetchPriority = 10;
} // namespace

FrameLoader::FrameLoader(std::shared_ptr<PixelSource> source, qint64 cacheBytes, QObject* parent)
    : QObject(parent), m_source(std::move(source)), m_cache(cacheBytes),
      m_maxRunning(std::max(2, jobs::pool(jobs::Lane::Decode).maxThreadCount())) {}

FrameLoader::~FrameLoader() { m_token.cancel(); }

const Error* FrameLoader::error(const FrameKey& key) const {
    const auto found = m_errors.constFind(key);
    return found == m_errors.constEnd() ? nullptr : &*found;
}

void FrameLoader::want(std::vector<FrameRequest> requests) {
    m_wanted = std::move(requests);
    m_next = 0;
    pump();
}

void FrameLoader::wantNow(const FrameRequest& request) {
    if (m_cache.contains(request.key) || m_errors.contains(request.key) || m_running.contains(request.key))
        return;
    // Only the newest few wishes matter while the reader scrolls fast.
    std::erase_if(m_urgent, [&](const FrameRequest& other) { return other.key == request.key; });
    m_urgent.push_back(request);
    if (m_urgent.size() > 12)
        m_urgent.erase(m_urgent.begin());
    pump();
}

void FrameLoader::forget() {
    m_token.cancel();
    m_token = CancelToken();
    m_cache.clear();
    m_errors.clear();
    m_urgent.clear();
    m_wanted.clear();
    m_running.clear();
    m_next = 0;
}

void FrameLoader::pump() {
    const auto isSettled = [this](const FrameKey& key) {
        return m_cache.contains(key) || m_errors.contains(key) || m_running.contains(key);
    };
    // A visible frame may go one over the limit: the pool's priority puts it before jobs that have not begun.
    while (!m_urgent.empty() && m_running.size() < m_maxRunning + 2) {
        const FrameRequest request = m_urgent.back();
        m_urgent.pop_back();
        if (!isSettled(request.key))
            startJob(request, urgentPriority);
    }
    while (m_next < m_wanted.size() && m_running.size() < m_maxRunning) {
        const FrameRequest& request = m_wanted[m_next++];
        if (!isSettled(request.key))
            startJob(request, prefetchPriority);
    }
}

void FrameLoader::startJob(const FrameRequest& request, int priority) {
    m_running.insert(request.key);
    const CancelToken token = m_token;
    auto future = jobs::start(
        jobs::Lane::Decode,
        [source = m_source, path = request.path, frame = request.key.frame, token] {
            return source->decode(path, frame, token);
        },
        token, priority);
    jobs::whenDone(std::move(future), this, [this, key = request.key, token](const Result<PixelBufferPtr>& result) {
        if (token.isCancelled())
            return;
        m_running.remove(key);
        if (result && *result) {
            m_cache.insert(key, *result);
            Q_EMIT frameReady(key, *result);
        } else {
            const Error error = result ? Error{ErrorCode::Internal, QStringLiteral("no pixels")} : result.error();
            qCWarning(logViewer).noquote() << "decode:" << error.toString();
            m_errors.insert(key, error);
            Q_EMIT frameFailed(key);
        }
        pump();
    });
}

} // namespace yz
