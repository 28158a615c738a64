#pragma once

#include "dicom/worker/worker_client.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <vector>

namespace yz::dicom {

/// The workers: as many as asked for, made when first needed, replaced when they die by one that stands ready. A
/// request that finds no free one waits. Thread-safe.
class WorkerPool {
public:
    struct Options {
        QString program;                               ///< yuanzhen-decoder
        int workers = 0;                               ///< 0: one per core, at most 8
        std::chrono::milliseconds headerLimit{10'000}; ///< parsing; the largest real header takes a second
        std::chrono::milliseconds frameLimit{20'000};  ///< one frame; a 60-megapixel JPEG 2000 takes 6 s
    };
    explicit WorkerPool(Options options);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// Starts the decoder program without waiting for it, so that it loads while the desk does. DecoderUnavailable.
    [[nodiscard]] Status launch() { return m_host.start(); }
    /// Starts the decoder program and one worker, and waits for it. DecoderUnavailable.
    [[nodiscard]] Status start();

    struct Question {
        WorkerOperation operation = WorkerOperation::Describe;
        FileKey key;      ///< empty: the file is used this once
        int file = -1;    ///< open descriptor
        qint64 bytes = 0; ///< of the file
        int frame = 0;
        int reduction = 0;
    };
    /// Takes what is wanted out of the answer while the worker is held; an error is the answer's fault.
    using Taker = std::function<Status(const WorkerReply& reply, std::span<const std::byte> payload)>;

    /// Asks a worker. What kills a worker is asked once more (something else may have killed it) and then refused for
    /// as long as it is remembered; what takes too long is refused at once, and so is a file with several bad frames.
    /// DecoderUnavailable, DecoderFailed, DecoderTimedOut, Cancelled, and the decoder's own errors.
    [[nodiscard]] Status ask(const Question& question, const Taker& take, const CancelToken& token);

    [[nodiscard]] int workerCount() const { return static_cast<int>(m_slots.size()); }

    /// Of the workers that live now.
    [[nodiscard]] std::vector<pid_t> workerPids() const;
    [[nodiscard]] pid_t hostPid() const { return m_host.hostPid(); }

private:
    struct Slot {
        std::unique_ptr<WorkerClient> client;
        pid_t pid = 0; ///< of client, for those who do not hold it
        bool isTaken = false;
        std::set<FileKey> recent;        ///< files it has parsed
        std::deque<FileKey> recentOrder; ///< oldest first
    };
    struct Refusal {
        WorkerOperation operation = WorkerOperation::Describe;
        int frame = 0;
        Error error;
    };
    class Lease;

    [[nodiscard]] Slot* take(const FileKey& key, const CancelToken& token);
    void giveBack(Slot& slot);
    [[nodiscard]] Status revive(Slot& slot);
    void discard(Slot& slot, bool makeAnother);
    void makeSpare();
    void retireWhenOld(Slot& slot);
    [[nodiscard]] const Error* refusalOf(const Question& question) const;
    void refuse(const Question& question, const Error& error);
    [[nodiscard]] Status conclude(const Question& question, const WorkerClient::Answer& answer, Slot& slot,
                                  const Taker& take);

    const Options m_options;
    WorkerHostClient m_host;
    mutable std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_freed;
    std::vector<std::unique_ptr<Slot>> m_slots;
    std::unique_ptr<WorkerClient> m_spare; ///< locks itself down while nobody waits for it
    std::map<FileKey, std::vector<Refusal>> m_refusals;
    std::deque<FileKey> m_refused; ///< keys of m_refusals, oldest first
};

} // namespace yz::dicom
