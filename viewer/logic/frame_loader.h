#pragma once

#include "core/cancel.h"
#include "domain/ports.h"
#include "viewer/viewer_state.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <list>
#include <memory>
#include <vector>

namespace yz {

/// Decoded frames, least recently used out first. At least the newest frame stays, whatever its size.
class FrameCache {
public:
    explicit FrameCache(qint64 capacityBytes) : m_capacity(capacityBytes) {}

    [[nodiscard]] PixelBufferPtr find(const FrameKey& key);
    [[nodiscard]] bool contains(const FrameKey& key) const { return m_entries.contains(key); }
    void insert(const FrameKey& key, PixelBufferPtr pixels);
    void remove(const FrameKey& key);
    void clear();
    void setCapacity(qint64 bytes);
    [[nodiscard]] qint64 capacity() const { return m_capacity; }
    [[nodiscard]] qint64 bytes() const { return m_bytes; }
    /// Another number whenever another set of frames is here.
    [[nodiscard]] quint64 changes() const { return m_changes; }

private:
    struct Entry {
        PixelBufferPtr pixels;
        std::list<FrameKey>::iterator place;
    };
    void trim();

    qint64 m_capacity;
    qint64 m_bytes = 0;
    quint64 m_changes = 0;
    std::list<FrameKey> m_order; ///< newest first
    QHash<FrameKey, Entry> m_entries;
};

struct FrameRequest {
    FrameKey key;
    QString path;
    int reduction = 0; ///< how often to halve a first picture (PixelSource::decodeReduced); 0: the frame itself
};

/// Decodes frames on the Decode lane in the order of the latest wish list. Only as many jobs as there are cores are
/// under way, so a new wish is never behind old ones. First pictures of reduced resolution have a cache of their own: a
/// frame is `has`, `find` and frameReady only in full. Lives on the GUI thread.
class FrameLoader : public QObject {
    Q_OBJECT

public:
    FrameLoader(std::shared_ptr<PixelSource> source, qint64 cacheBytes, QObject* parent = nullptr);
    ~FrameLoader() override;

    [[nodiscard]] PixelBufferPtr find(const FrameKey& key) { return m_cache.find(key); }
    [[nodiscard]] bool has(const FrameKey& key) const { return m_cache.contains(key); }
    /// Another number whenever has() may say another thing of a frame.
    [[nodiscard]] quint64 changes() const { return m_cache.changes(); }
    /// A first picture of the frame, PixelBuffer::reduction says how much it was halved; null when there is none.
    [[nodiscard]] PixelBufferPtr findReduced(const FrameKey& key) { return m_reduced.find(key); }
    /// Why a frame cannot be shown; null when nothing is known against it.
    [[nodiscard]] const Error* error(const FrameKey& key) const;
    /// Replaces the wish list, first wish first. Frames that are there or have failed are passed over.
    void want(std::vector<FrameRequest> requests);
    /// Puts one frame before everything else.
    void wantNow(const FrameRequest& request);
    void forget(); ///< drops pictures, errors, wishes; results under way are ignored
    void forgetError(const FrameKey& key);
    void drop(const FrameKey& key) { m_cache.remove(key); } ///< somebody else has it
    /// For full frames; an eighth more goes to first pictures.
    void setCacheBytes(qint64 bytes);
    [[nodiscard]] qint64 cacheBytes() const { return m_cache.capacity(); }
    [[nodiscard]] qint64 reducedCacheBytes() const { return m_reduced.capacity(); }
    [[nodiscard]] bool isIdle() const { return m_jobs == 0 && m_next >= m_wanted.size() && m_urgent.empty(); }

Q_SIGNALS:
    void frameReady(const yz::FrameKey& key, const yz::PixelBufferPtr& pixels);
    void frameFailed(const yz::FrameKey& key);
    void reducedReady(const yz::FrameKey& key);

private:
    struct Decoded {
        FrameRequest request;
        Result<PixelBufferPtr> pixels;
    };
    struct Batch {
        std::vector<Decoded> done;
        std::vector<FrameRequest> left; ///< its time was over
    };
    void pump();
    void startJob(std::vector<FrameRequest> requests, int priority);
    [[nodiscard]] bool isSettled(const FrameRequest& request) const;
    void take(const Decoded& decoded);
    void takeReduced(const Decoded& decoded);

    std::shared_ptr<PixelSource> m_source;
    FrameCache m_cache, m_reduced;
    QHash<FrameKey, Error> m_errors;
    QSet<FrameKey> m_notReduced; ///< no first picture could be made: the full decode says what is wrong
    std::vector<FrameRequest> m_urgent;
    std::vector<FrameRequest> m_wanted;
    size_t m_next = 0;
    QSet<FrameKey> m_running, m_runningReduced;
    CancelToken m_token;
    int m_jobs = 0; ///< under way; a job of first pictures is a handful of frames
    int m_maxJobs;
};

} // namespace yz
