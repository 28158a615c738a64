#include "dicom/worker/worker_host_client.h"

#include "core/log.h"

#include <QFile>
#include <QFileInfo>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace yz::dicom {

namespace {

// Loading the libraries and tables takes 40 ms here; the rest is for a machine that has just been switched on.
constexpr int kReadyLimitMs = 20'000;
constexpr int kAnswerLimitMs = 5'000;

/// The host sees none of the desk's environment but what the loader, the sanitizers and the clock need. Without a TZ
/// the C library looks /etc/localtime up again each time, which a worker may not, and would fall back to UTC.
std::vector<std::string> hostEnvironment() {
    std::vector<std::string> list{"LC_ALL=C.UTF-8"};
    for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "DCMDICTPATH"})
        if (const char* value = std::getenv(name))
            list.push_back(std::string(name) + '=' + value);
    const char* zone = std::getenv("TZ");
    list.push_back(std::string("TZ=") + (zone && *zone ? zone : ":/etc/localtime"));
    return list;
}

Result<pid_t> launch(const QString& program, int control) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, control, kControlDescriptor);
    posix_spawn_file_actions_addclosefrom_np(&actions, kControlDescriptor + 1);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0); // a Ctrl-C at the terminal is for the desk
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    std::string path = QFile::encodeName(program).toStdString();
    std::vector<std::string> environment = hostEnvironment();
    std::vector<char*> variables;
    for (std::string& entry : environment)
        variables.push_back(entry.data());
    variables.push_back(nullptr);
    std::array<char*, 2> arguments{path.data(), nullptr};
    pid_t pid = 0;
    const int error = posix_spawn(&pid, path.c_str(), &actions, &attributes, arguments.data(), variables.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        return fail(ErrorCode::DecoderUnavailable,
                    QStringLiteral("yuanzhen-decoder: ") + QString::fromLocal8Bit(std::strerror(error)));
    return pid;
}

} // namespace

QString decoderProgram() {
    const QString folder = QFileInfo(QFile::symLinkTarget(QStringLiteral("/proc/self/exe"))).path();
    const QString beside = folder + QStringLiteral("/yuanzhen-decoder");
    return QFileInfo::exists(beside) ? beside : folder + QStringLiteral("/../bin/yuanzhen-decoder");
}

WorkerHostClient::WorkerHostClient(QString program) : m_program(std::move(program)) {}

WorkerHostClient::~WorkerHostClient() { close(); }

/// The host ends when its socket does, and its workers with it.
void WorkerHostClient::close() {
    m_socket.reset();
    m_isReady = false;
    if (m_pid <= 0)
        return;
    ::kill(m_pid, SIGKILL); // it has nothing to tidy up
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    m_pid = 0;
}

pid_t WorkerHostClient::hostPid() const {
    const std::scoped_lock lock(m_mutex);
    return m_pid;
}

Status WorkerHostClient::start() {
    const std::scoped_lock lock(m_mutex);
    return startLocked();
}

Status WorkerHostClient::startLocked() {
    if (m_socket.isOpen())
        return {};
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return fail(ErrorCode::DecoderUnavailable, QString::fromLocal8Bit(std::strerror(errno)));
    Descriptor ours(ends[0]);
    const Descriptor theirs(ends[1]);
    const Result<pid_t> pid = launch(m_program, theirs.number());
    if (!pid)
        return fail(pid.error());
    m_pid = *pid;
    m_socket = std::move(ours);
    m_isReady = false;
    return {};
}

bool WorkerHostClient::waitForReply(HostReply& reply, int limitMs) {
    pollfd waiting{m_socket.number(), POLLIN, 0};
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(limitMs);
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
        const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<long>(left, 0)));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        return receiveMessage(m_socket.number(), &reply, sizeof reply).size == sizeof reply &&
               reply.mark == kProtocolMark;
    }
}

Status WorkerHostClient::waitUntilReady() {
    if (m_isReady)
        return {};
    HostReply ready;
    if (!waitForReply(ready, kReadyLimitMs)) {
        close();
        return fail(ErrorCode::DecoderUnavailable, QStringLiteral("yuanzhen-decoder does not come up"));
    }
    m_isReady = true;
    return {};
}

Result<HostReply> WorkerHostClient::ask(const HostRequest& request, std::initializer_list<int> descriptors) {
    HostReply reply;
    if (sendMessage(m_socket.number(), &request, sizeof request, descriptors) && waitForReply(reply, kAnswerLimitMs))
        return reply;
    close();
    return fail(ErrorCode::DecoderUnavailable, QStringLiteral("yuanzhen-decoder is gone"));
}

Result<pid_t> WorkerHostClient::spawn(int socket, int answerMemory, qint64 answerBytes) {
    const std::scoped_lock lock(m_mutex);
    constexpr int kTries = 2; // the first may find the host gone
    Error last{ErrorCode::DecoderUnavailable, {}};
    for (int i = 0; i < kTries; ++i) {
        if (const Status started = startLocked(); !started)
            return fail(started.error());
        if (const Status ready = waitUntilReady(); !ready) {
            last = ready.error();
            continue;
        }
        HostRequest request;
        request.operation = HostOperation::Spawn;
        request.answerBytes = static_cast<quint64>(answerBytes);
        const Result<HostReply> reply = ask(request, {socket, answerMemory});
        if (!reply) {
            last = reply.error();
            continue;
        }
        if (reply->pid <= 0)
            return fail(ErrorCode::DecoderUnavailable, QStringLiteral("yuanzhen-decoder cannot make a worker"));
        return reply->pid;
    }
    return fail(last);
}

int WorkerHostClient::end(pid_t worker) {
    const std::scoped_lock lock(m_mutex);
    if (!m_socket.isOpen() || !m_isReady)
        return 0; // workers end with their host
    HostRequest request;
    request.operation = HostOperation::End;
    request.pid = worker;
    const Result<HostReply> reply = ask(request, {});
    return reply ? reply->status : 0;
}

} // namespace yz::dicom
