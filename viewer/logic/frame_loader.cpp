#include "viewer/frame_loader.h"

#include "core/log.h"
#include "jobs/jobs.h"

#include <QElapsedTimer>
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
    ++m_changes;
    trim();
}

void FrameCache::trim() {
    while (m_bytes > m_capacity && m_order.size() > 1) {
        const auto entry = m_entries.find(m_order.back());
        m_bytes -= static_cast<qint64>(entry->pixels->data.size());
        m_entries.erase(entry);
        m_order.pop_back();
        ++m_changes;
    }
}

void FrameCache::remove(const FrameKey& key) {
    const auto entry = m_entries.find(key);
    if (entry == m_entries.end())
        return;
    m_bytes -= static_cast<qint64>(entry->pixels->data.size());
    m_order.erase(entry->place);
    m_entries.erase(entry);
    ++m_changes;
}

void FrameCache::clear() {
    m_entries.clear();
    m_order.clear();
    m_bytes = 0;
    ++m_changes;
}

void FrameCache::setCapacity(qint64 bytes) {
    m_capacity = bytes;
    trim();
}

namespace {
constexpr int urgentPriority = 100;
constexpr int prefetchPriority = 10;
constexpr int reducedShare = 8; // first pictures may hold 1/8 of what full frames may: a quarter each side needs 1/16
// A first picture takes a fraction of a millisecond (HTJ2K) to a few (JPEG 2000): several make a job, so that the cores
// do not wait for the GUI thread, but not so many that an urgent wish waits for them.
constexpr size_t batchFrames = 16;
constexpr int batchMs = 5;
} // namespace

FrameLoader::FrameLoader(std::shared_ptr<PixelSource> source, qint64 cacheBytes, QObject* parent)
    : QObject(parent), m_source(std::move(source)), m_cache(cacheBytes), m_reduced(cacheBytes / reducedShare),
      m_maxJobs(std::max(2, jobs::pool(jobs::Lane::Decode).maxThreadCount())) {}

FrameLoader::~FrameLoader() { m_token.cancel(); }

const Error* FrameLoader::error(const FrameKey& key) const {
    const auto found = m_errors.constFind(key);
    return found == m_errors.constEnd() ? nullptr : &*found;
}

void FrameLoader::setCacheBytes(qint64 bytes) {
    m_cache.setCapacity(bytes);
    m_reduced.setCapacity(bytes / reducedShare);
}

void FrameLoader::want(std::vector<FrameRequest> requests) {
    m_wanted = std::move(requests);
    m_next = 0;
    pump();
}

void FrameLoader::wantNow(const FrameRequest& request) {
    if (isSettled(request))
        return;
    // Only the newest few wishes matter while the reader scrolls fast.
    std::erase_if(m_urgent, [&](const FrameRequest& other) {
        return other.key == request.key && other.reduction == request.reduction;
    });
    m_urgent.push_back(request);
    if (m_urgent.size() > 12)
        m_urgent.erase(m_urgent.begin());
    pump();
}

void FrameLoader::forget() {
    m_token.cancel();
    m_token = CancelToken();
    m_cache.clear();
    m_reduced.clear();
    m_errors.clear();
    m_notReduced.clear();
    m_urgent.clear();
    m_wanted.clear();
    m_running.clear();
    m_runningReduced.clear();
    m_jobs = 0;
    m_next = 0;
}

void FrameLoader::forgetError(const FrameKey& key) {
    m_errors.remove(key);
    m_notReduced.remove(key);
}

bool FrameLoader::isSettled(const FrameRequest& request) const {
    const FrameKey& key = request.key;
    if (m_cache.contains(key) || m_errors.contains(key))
        return true;
    if (request.reduction == 0)
        return m_running.contains(key);
    return m_reduced.contains(key) || m_notReduced.contains(key) || m_runningReduced.contains(key);
}

void FrameLoader::pump() {
    // A visible frame may go one over the limit: the pool's priority puts it before jobs that have not begun.
    while (!m_urgent.empty() && m_jobs < m_maxJobs + 2) {
        const FrameRequest request = m_urgent.back();
        m_urgent.pop_back();
        if (!isSettled(request))
            startJob({request}, urgentPriority);
    }
    while (m_next < m_wanted.size() && m_jobs < m_maxJobs) {
        std::vector<FrameRequest> batch;
        while (m_next < m_wanted.size() && batch.size() < batchFrames) {
            const FrameRequest& request = m_wanted[m_next];
            if (!isSettled(request)) {
                if (!batch.empty() && request.reduction == 0)
                    break;
                batch.push_back(request);
            }
            ++m_next;
            if (!batch.empty() && batch.back().reduction == 0)
                break;
        }
        if (!batch.empty())
            startJob(std::move(batch), prefetchPriority);
    }
}

void FrameLoader::startJob(std::vector<FrameRequest> requests, int priority) {
    for (const FrameRequest& request : requests)
        (request.reduction > 0 ? m_runningReduced : m_running).insert(request.key);
    ++m_jobs;
    const CancelToken token = m_token;
    auto future = jobs::start(
        jobs::Lane::Decode,
        [source = m_source, requests = std::move(requests), token] {
            Batch batch;
            QElapsedTimer clock;
            clock.start();
            for (const FrameRequest& request : requests) {
                if (!batch.done.empty() && clock.elapsed() >= batchMs)
                    batch.left.push_back(request);
                else
                    batch.done.push_back(
                        {request, request.reduction > 0
                                      ? source->decodeReduced(request.path, request.key.frame, request.reduction, token)
                                      : source->decode(request.path, request.key.frame, token)});
            }
            return batch;
        },
        token, priority);
    jobs::whenDone(std::move(future), this, [this, token](const Batch& batch) {
        if (token.isCancelled())
            return;
        --m_jobs;
        for (const FrameRequest& request : batch.left)
            m_runningReduced.remove(request.key);
        m_wanted.insert(m_wanted.begin() + static_cast<std::ptrdiff_t>(m_next), batch.left.begin(), batch.left.end());
        for (const Decoded& decoded : batch.done) {
            if (decoded.request.reduction > 0)
                takeReduced(decoded);
            else
                take(decoded);
            if (token.isCancelled()) // whoever heard of the frame closed the study
                return;
        }
        pump();
    });
}

void FrameLoader::take(const Decoded& decoded) {
    const FrameKey& key = decoded.request.key;
    m_running.remove(key);
    if (decoded.pixels && *decoded.pixels && (*decoded.pixels)->reduction == 0) {
        m_cache.insert(key, *decoded.pixels);
        Q_EMIT frameReady(key, *decoded.pixels);
        return;
    }
    const Error error =
        decoded.pixels ? Error{ErrorCode::Internal, QStringLiteral("no full pixels")} : decoded.pixels.error();
    qCWarning(logViewer).noquote() << "decode:" << error.toString();
    m_errors.insert(key, error);
    Q_EMIT frameFailed(key);
}

void FrameLoader::takeReduced(const Decoded& decoded) {
    const FrameKey& key = decoded.request.key;
    m_runningReduced.remove(key);
    if (!decoded.pixels || !*decoded.pixels) {
        m_notReduced.insert(key);
        m_wanted.insert(m_wanted.begin() + static_cast<std::ptrdiff_t>(m_next),
                        FrameRequest{key, decoded.request.path});
    } else if ((*decoded.pixels)->reduction == 0) { // the stream keeps one resolution: this is the frame itself
        m_notReduced.insert(key);
        m_cache.insert(key, *decoded.pixels);
        Q_EMIT frameReady(key, *decoded.pixels);
    } else {
        m_reduced.insert(key, *decoded.pixels);
        Q_EMIT reducedReady(key);
    }
}

} // namespace yz
