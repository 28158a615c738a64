#pragma once

#include "core/cancel.h"
#include "dicom/worker/worker_host_client.h"
#include "dicom/worker/worker_protocol.h"

#include <chrono>
#include <memory>
#include <span>

namespace yz::dicom {

/// One worker as the desk sees it: its socket and the memory it answers through. One thread at a time.
class WorkerClient {
public:
    /// Does not wait for the worker to come up. DecoderUnavailable.
    [[nodiscard]] static Result<std::unique_ptr<WorkerClient>> start(WorkerHostClient& host);
    /// Waits until the worker is locked down; before the first question. DecoderUnavailable.
    [[nodiscard]] Status waitUntilReady();
    ~WorkerClient();
    WorkerClient(const WorkerClient&) = delete;
    WorkerClient& operator=(const WorkerClient&) = delete;

    /// How a question ended. After anything but Answered the worker must not be asked again.
    enum class Outcome { Answered, Gone, TimedOut, Cancelled, Malformed };
    struct Answer {
        Outcome outcome = Outcome::Gone;
        WorkerReply reply; ///< lengths are checked, what they mean is not
        QString detail;    ///< printable ASCII
    };
    [[nodiscard]] Answer ask(WorkerRequest request, int file, std::chrono::milliseconds limit,
                             const CancelToken& token);
    /// The payload of the last answer. The worker can still write there: copy before looking at it.
    [[nodiscard]] std::span<const std::byte> payload(const WorkerReply& reply) const;
    /// Gives the memory of a large payload back.
    void release(const WorkerReply& reply);

    /// Of a worker that was ready.
    [[nodiscard]] bool isAlive() const;
    [[nodiscard]] pid_t pid() const { return m_pid; }
    /// Time spent on requests so far; no less than the processor time the worker used.
    [[nodiscard]] std::chrono::milliseconds busyTime() const { return m_busy; }

    static constexpr qint64 kAnswerBytes = (256LL << 20) + (16LL << 20); ///< the largest frame, and room for a record

private:
    WorkerClient(WorkerHostClient& host) : m_host(host) {}
    [[nodiscard]] Status open();
    [[nodiscard]] Answer receive(quint64 sequence, std::chrono::milliseconds limit, const CancelToken& token) const;

    WorkerHostClient& m_host;
    Descriptor m_socket;
    Descriptor m_memory;
    std::span<const std::byte> m_answer;
    pid_t m_pid = 0;
    quint64 m_sequence = 0;
    bool m_isReady = false;
    std::chrono::milliseconds m_busy{0};
};

} // namespace yz::dicom
