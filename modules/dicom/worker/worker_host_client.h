#pragma once

#include "core/result.h"
#include "dicom/worker/worker_protocol.h"

#include <QString>
#include <mutex>
#include <sys/types.h>

namespace yz::dicom {

/// The desk's side of the decoder program: starts it, and has it make and end workers. Started anew when it is gone.
/// Thread-safe.
class WorkerHostClient {
public:
    explicit WorkerHostClient(QString program);
    ~WorkerHostClient();
    WorkerHostClient(const WorkerHostClient&) = delete;
    WorkerHostClient& operator=(const WorkerHostClient&) = delete;

    /// Starts the program if it does not run, without waiting for it to be ready. DecoderUnavailable.
    [[nodiscard]] Status start();
    /// A new worker with its end of a socket pair and its answer memory. DecoderUnavailable.
    [[nodiscard]] Result<pid_t> spawn(int socket, int answerMemory, qint64 answerBytes);
    /// Kills the worker if it still lives; returns its exit status as of waitpid, 0 when nobody knows it.
    int end(pid_t worker);

    [[nodiscard]] pid_t hostPid() const;

private:
    [[nodiscard]] Status startLocked();
    [[nodiscard]] Status waitUntilReady();
    [[nodiscard]] Result<HostReply> ask(const HostRequest& request, std::initializer_list<int> descriptors);
    [[nodiscard]] bool waitForReply(HostReply& reply, int limitMs);
    void close();

    const QString m_program;
    mutable std::mutex m_mutex; ///< guards what follows; one conversation at a time
    Descriptor m_socket;
    pid_t m_pid = 0;
    bool m_isReady = false;
};

/// The decoder program beside this program, or in ../bin of it.
[[nodiscard]] QString decoderProgram();

} // namespace yz::dicom
